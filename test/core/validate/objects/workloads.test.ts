import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../src/core/json/json.ts'
import { changed, errors, podsOf, workload } from './check.ts'

type Changes = Record<string, Json | undefined>
type Row = [name: string, changes: Changes, expected: string[]]

const expression = (value: Json): Changes => ({ 'spec.selector': { matchExpressions: [value] } })
const rolling = (value: Json): Changes => ({ 'spec.strategy': { rollingUpdate: value } })
const updating = (value: Json): Changes => ({ 'spec.updateStrategy': { rollingUpdate: value } })

const run = (kind: string, rows: Row[], minor?: number): void => {
  test.each(rows)('%s', (_name, changes, expected) => {
    expect(errors(changed(workload(kind), changes), minor)).toEqual(expected)
  })
}

describe.each(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'])('every %s', (kind) => {
  const mismatch = ['SELECTOR_MISMATCH spec.template.metadata.labels']
  run(kind, [
    ['valid', {}, []],
    ['empty selector', { 'spec.selector': {} }, ['SELECTOR_REQUIRED spec.selector']],
    ['no selector', { 'spec.selector': undefined }, kind === 'DaemonSet' ? mismatch : ['SELECTOR_REQUIRED spec.selector']],
    ['null selector', { 'spec.selector': null }, kind === 'DaemonSet' ? mismatch : ['SELECTOR_REQUIRED spec.selector']],
    ['another label', { 'spec.template.metadata.labels': { app: 'other' } }, mismatch],
    ['more labels', { 'spec.template.metadata.labels': { app: 'web', tier: 'x' } }, []],
    ['no labels', { 'spec.template.metadata': undefined }, mismatch],
    ['never restarted', { 'spec.template.spec.restartPolicy': 'Never' }, ['TEMPLATE_RESTART_POLICY spec.template.spec.restartPolicy']],
    ['default restart', { 'spec.template.spec.restartPolicy': '' }, []],
    ['deadline', { 'spec.template.spec.activeDeadlineSeconds': 9 }, ['TEMPLATE_FIELD spec.template.spec.activeDeadlineSeconds']],
    ['negative seconds', { 'spec.minReadySeconds': -1 }, ['NUMBER_NEGATIVE spec.minReadySeconds']],
  ])
})

describe('selectors', () => {
  run('Deployment', [
    ['In', expression({ key: 'app', operator: 'In', values: ['web', 'x'] }), []],
    ['In none', expression({ key: 'app', operator: 'In', values: ['x'] }), ['SELECTOR_MISMATCH spec.template.metadata.labels']],
    ['NotIn', expression({ key: 'tier', operator: 'NotIn', values: ['x'] }), []],
    ['NotIn the value', expression({ key: 'app', operator: 'NotIn', values: ['web'] }), ['SELECTOR_MISMATCH spec.template.metadata.labels']],
    ['Exists', expression({ key: 'app', operator: 'Exists' }), []],
    ['Exists not', expression({ key: 'tier', operator: 'Exists' }), ['SELECTOR_MISMATCH spec.template.metadata.labels']],
    ['DoesNotExist', expression({ key: 'tier', operator: 'DoesNotExist' }), []],
    ['no values', expression({ key: 'app', operator: 'In' }), ['SELECTOR_INVALID spec.selector.matchExpressions[0].values']],
    ['values', expression({ key: 'app', operator: 'Exists', values: ['a'] }), ['SELECTOR_INVALID spec.selector.matchExpressions[0].values']],
    ['operator', expression({ key: 'app', operator: 'in', values: ['a'] }), ['SELECTOR_INVALID spec.selector.matchExpressions[0].operator']],
    ['no key', expression({ operator: 'Exists' }), ['SELECTOR_INVALID spec.selector.matchExpressions[0].key']],
    ['bad value', { 'spec.selector.matchLabels': { app: 'a b' } }, ['SELECTOR_INVALID spec.selector.matchLabels']],
    ['value of another type', { 'spec.selector.matchLabels': { app: true } }, []],
  ])
})

describe('Deployment', () => {
  const unavailable = 'WORKLOAD_ROLLING_UPDATE spec.strategy.rollingUpdate.maxUnavailable'
  run('Deployment', [
    ['negative replicas', { 'spec.replicas': -1 }, ['NUMBER_NEGATIVE spec.replicas']],
    ['unknown strategy', { 'spec.strategy': { type: 'Rolling' } }, ['WORKLOAD_STRATEGY spec.strategy']],
    ['recreate', { 'spec.strategy': { type: 'Recreate', rollingUpdate: null } }, []],
    ['recreate, rolling', { 'spec.strategy': { type: 'Recreate', rollingUpdate: {} } }, ['WORKLOAD_STRATEGY spec.strategy.rollingUpdate']],
    ['percent', rolling({ maxSurge: '50%', maxUnavailable: 0 }), []],
    ['digits in quotes', rolling({ maxSurge: '25' }), ['WORKLOAD_ROLLING_UPDATE spec.strategy.rollingUpdate.maxSurge']],
    ['both zero', rolling({ maxSurge: '0%', maxUnavailable: 0 }), [unavailable]],
    ['one zero', rolling({ maxSurge: 0 }), []],
    ['all of them and more', rolling({ maxUnavailable: '101%' }), [unavailable]],
    ['a surge beyond', rolling({ maxSurge: '200%' }), []],
    ['deadline too early', { 'spec.minReadySeconds': 10, 'spec.progressDeadlineSeconds': 10 }, ['NUMBER_RANGE spec.progressDeadlineSeconds']],
    ['default deadline', { 'spec.minReadySeconds': 600 }, ['NUMBER_RANGE spec.progressDeadlineSeconds']],
    ['history', { 'spec.revisionHistoryLimit': -1 }, ['NUMBER_NEGATIVE spec.revisionHistoryLimit']],
    ['no spec', { spec: undefined }, ['SELECTOR_REQUIRED spec.selector']],
  ])
})

describe('DaemonSet', () => {
  const path = 'spec.updateStrategy.rollingUpdate'
  run('DaemonSet', [
    ['on delete', { 'spec.updateStrategy': { type: 'OnDelete' } }, []],
    ['unknown', { 'spec.updateStrategy': { type: 'Recreate' } }, ['WORKLOAD_STRATEGY spec.updateStrategy']],
    ['surge alone', updating({ maxSurge: 1, maxUnavailable: 0 }), []],
    ['surge beside the default', updating({ maxSurge: 1 }), [`WORKLOAD_ROLLING_UPDATE ${path}.maxSurge`]],
    ['both zero', updating({ maxUnavailable: 0 }), [`WORKLOAD_ROLLING_UPDATE ${path}.maxUnavailable`]],
  ])
})

describe('annotations that the API server converts', () => {
  test.each<[kind: string, key: string, value: Json, valid: boolean]>([
    ['Deployment', 'deprecated.deployment.rollback.to', '', true],
    ['Deployment', 'deprecated.deployment.rollback.to', '+03', true],
    ['Deployment', 'deprecated.deployment.rollback.to', '-1', false],
    ['Deployment', 'deprecated.deployment.rollback.to', '9223372036854775808', false],
    ['Deployment', 'deprecated.deployment.rollback.to', '1.0', false],
    ['DaemonSet', 'deprecated.daemonset.template.generation', '-9223372036854775808', true],
    ['DaemonSet', 'deprecated.daemonset.template.generation', '', false],
    ['DaemonSet', 'deprecated.daemonset.template.generation', null, false],
    ['DaemonSet', 'deprecated.daemonset.template.generation', 'x', false],
    ['ReplicaSet', 'deprecated.daemonset.template.generation', 'x', true],
  ])('%s %s: %j', (kind, key, value, valid) => {
    const object = changed(workload(kind), { 'metadata.annotations': { [key]: value } })
    expect(errors(object)).toEqual(valid ? [] : [`METADATA_ANNOTATION metadata.annotations[${key}]`])
  })
})

describe('StatefulSet', () => {
  const claim = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }
  const claimOf = (fields: JsonObject): Changes => ({ 'spec.volumeClaimTemplates': [{ ...claim, spec: { ...claim.spec, ...fields } }] })
  run('StatefulSet', [
    ['policies', { 'spec.podManagementPolicy': 'Parallel', 'spec.updateStrategy': { type: 'RollingUpdate' } }, []],
    ['unknown policy', { 'spec.podManagementPolicy': 'Serial' }, ['STATEFULSET_FIELD spec.podManagementPolicy']],
    ['unknown strategy', { 'spec.updateStrategy': { type: 'Recreate' } }, ['WORKLOAD_STRATEGY spec.updateStrategy']],
    ['rolling on delete', { 'spec.updateStrategy': { type: 'OnDelete', rollingUpdate: {} } }, ['WORKLOAD_STRATEGY spec.updateStrategy.rollingUpdate']],
    ['partition', { 'spec.updateStrategy': { rollingUpdate: { partition: -1 } } }, ['NUMBER_NEGATIVE spec.updateStrategy.rollingUpdate.partition']],
    ['maxUnavailable is dropped', { 'spec.updateStrategy': { rollingUpdate: { maxUnavailable: 0 } } }, []],
    ['ordinals', { 'spec.ordinals': { start: -1 } }, ['NUMBER_NEGATIVE spec.ordinals.start']],
    ['retention', { 'spec.persistentVolumeClaimRetentionPolicy': { whenDeleted: 'Keep' } }, ['STATEFULSET_FIELD spec.persistentVolumeClaimRetentionPolicy.whenDeleted']],
    ['claim', { 'spec.volumeClaimTemplates': [claim] }, []],
    ['claim of an unknown source', claimOf({ dataSource: { kind: 'Backup', name: 'b' } }), ['CLAIM_FIELD spec.volumeClaimTemplates[0].spec.dataSource']],
    ['claim of a source without a name', claimOf({ dataSource: { kind: 'Backup', name: '', apiGroup: 'g' } }), ['FIELD_REQUIRED spec.volumeClaimTemplates[0].spec.dataSource.name']],
    ['claim of two sources', claimOf({ dataSource: { kind: 'Backup', name: 'b', apiGroup: 'g' }, dataSourceRef: { kind: 'Backup', name: 'c', apiGroup: 'g' } }), ['CLAIM_FIELD spec.volumeClaimTemplates[0].spec']],
    ['claim without modes', { 'spec.volumeClaimTemplates': [changed(claim, { 'spec.accessModes': undefined })] }, ['FIELD_REQUIRED spec.volumeClaimTemplates[0].spec.accessModes']],
  ])

  test.each<[name: string, changes: Changes, before: number, expected: string]>([
    ['serviceName', { 'spec.serviceName': 'a.b' }, 32, 'STATEFULSET_FIELD spec.serviceName'],
    ['claims', { 'spec.volumeClaimTemplates': [{ ...claim, spec: { ...claim.spec, accessModes: [] } }] }, 33, 'FIELD_REQUIRED spec.volumeClaimTemplates[0].spec.accessModes'],
  ])('%s is checked from some version on', (_name, changes, before, expected) => {
    const object = changed(workload('StatefulSet'), changes)
    expect(errors(object, before)).toEqual([])
    expect(errors(object, before + 1)).toEqual([expected])
  })

  test('claims count as volumes of the pod', () => {
    const object = changed(workload('StatefulSet'), { 'spec.volumeClaimTemplates': [claim] })
    expect(podsOf(object).get('spec.template.spec')).toMatchObject({ kind: 'StatefulSet', metadataPath: ['spec', 'template', 'metadata'], extraVolumes: ['data'] })
  })

  test('a restart policy that no pod can have is left to the pod rules where they refuse it', () => {
    const object = changed(workload('StatefulSet'), { 'spec.template.spec.restartPolicy': 'Sometimes' })
    expect(errors(object, 33)).toEqual(['TEMPLATE_RESTART_POLICY spec.template.spec.restartPolicy'])
    expect(errors(object, 34)).toEqual([])
  })
})

describe('ReplicationController', () => {
  const controller = { ...changed(workload('ReplicationController'), { 'spec.selector': { app: 'web' } }), apiVersion: 'v1' }
  test.each<Row>([
    ['valid', {}, []],
    ['default selector', { 'spec.selector': undefined }, []],
    ['nothing to select', { 'spec.selector': undefined, 'spec.template.metadata': undefined }, ['SELECTOR_REQUIRED spec.selector']],
    ['mismatch', { 'spec.selector': { app: 'x' } }, ['SELECTOR_MISMATCH spec.template.metadata.labels']],
    ['no template', { 'spec.template': undefined }, ['FIELD_REQUIRED spec.template']],
  ])('%s', (_name, changes, expected) => {
    expect(errors(changed(controller, changes))).toEqual(expected)
  })
})

describe('Pod', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'web', image: 'nginx' }] } }
  test('is handed to the rules of pods with its own metadata', () => {
    expect(podsOf(pod).get('spec')).toMatchObject({ kind: 'Pod', metadata: { name: 'p' }, metadataPath: ['metadata'] })
    expect(errors(pod)).toEqual([])
  })
  test('so is a missing spec, as an empty one', () => {
    expect([...podsOf({ ...pod, spec: null }).keys()]).toEqual(['spec'])
    expect([...podsOf({ apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 't' } }).keys()]).toEqual(['template.spec'])
  })
})
