import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../src/core/json/json.ts'
import { changed, errors, findings, warnings, workload } from './check.ts'

const named = (apiVersion: string, kind: string, name: string): JsonObject => ({ apiVersion, kind, metadata: { name } })
const hints = (name: string): (string | undefined)[] => findings(named('v1', 'ConfigMap', name)).map((f) => f.hint)
const config = named('v1', 'ConfigMap', 'app')
const controller = changed(workload('ReplicationController'), { apiVersion: 'v1', 'spec.selector': { app: 'web' } })
const owner = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: '1', controller: true }

describe('names', () => {
  test.each<[apiVersion: string, kind: string, name: string]>([
    ['v1', 'ConfigMap', 'my.name-1'],
    ['v1', 'Namespace', 'shop'],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'system:Some_Role'],
    ['policy/v1', 'PodDisruptionBudget', 'My_Budget'],
    ['example.com/v1', 'Widget', 'a.b'],
    ['storage.k8s.io/v1', 'CSINode', 'node-1'],
    ['v1', 'Event', 'Not_A_Subdomain'],
    ['certificates.k8s.io/v1', 'CertificateSigningRequest', 'Any_Name'],
    ['internal.apiserver.k8s.io/v1alpha1', 'StorageVersion', 'apps.deployments'],
  ])('%s %s %s is fine', (apiVersion, kind, name) => {
    expect(errors(named(apiVersion, kind, name)).filter((error) => error.startsWith('METADATA'))).toEqual([])
  })

  test.each<[apiVersion: string, kind: string, name: string]>([
    ['v1', 'ConfigMap', 'My_Name'],
    ['v1', 'ConfigMap', 'a..b'],
    ['v1', 'ConfigMap', 'x'.repeat(254)],
    ['v1', 'Namespace', 'a.b'],
    ['apps/v1', 'StatefulSet', 'a.b'],
    ['rbac.authorization.k8s.io/v1', 'Role', 'a/b'],
    ['rbac.authorization.k8s.io/v1', 'Role', '..'],
    ['example.com/v1', 'Widget', 'Upper'],
    ['v1', 'Service', 'a.b'],
    ['v1', 'Event', 'a/b'],
    ['events.k8s.io/v1', 'Event', 'Not_A_Subdomain'],
    ['certificates.k8s.io/v1beta1', 'PodCertificateRequest', 'Not_A_Subdomain'],
    ['resource.k8s.io/v1alpha3', 'PodSchedulingContext', 'Not_A_Subdomain'],
    ['internal.apiserver.k8s.io/v1alpha1', 'StorageVersion', 'deployments'],
    ['internal.apiserver.k8s.io/v1alpha1', 'StorageVersion', 'Apps.deployments'],
    ['internal.apiserver.k8s.io/v1alpha1', 'StorageVersion', 'apps.Deployments'],
  ])('%s %s %s is not', (apiVersion, kind, name) => {
    expect(errors(named(apiVersion, kind, name))).toContain('METADATA_NAME metadata.name')
  })

  test('a Service may begin with a digit since 1.36', () => {
    const service = { ...named('v1', 'Service', '1st'), spec: { ports: [{ port: 80 }] } }
    expect(errors(service, 36)).toEqual([])
    expect(errors(service, 35)).toEqual(['METADATA_NAME metadata.name'])
  })

  test('a name or its beginning is required', () => {
    expect(errors(changed(config, { metadata: {} }))).toEqual(['METADATA_NAME metadata.name'])
    expect(errors(changed(config, { metadata: undefined }))).toEqual(['METADATA_NAME metadata.name'])
    expect(errors(changed(config, { metadata: { generateName: 'app-' } }))).toEqual([])
    expect(errors(changed(config, { metadata: { generateName: 'a.-' } }))).toEqual(['METADATA_NAME metadata.generateName'])
    expect(errors(changed(config, { metadata: { generateName: 'a.-', name: 'a' } }))).toEqual([])
    const long = { generateName: 'a'.repeat(300) }
    expect(errors(changed(config, { metadata: long }))).toEqual(['METADATA_NAME metadata.generateName'])
    expect(errors(changed(controller, { metadata: long }))).toEqual([])
    expect(errors(changed(controller, { metadata: long }), 34)).toEqual(['METADATA_NAME metadata.generateName'])
    expect(errors(changed(controller, { metadata: { generateName: 'A' } }))).toEqual(['METADATA_NAME metadata.generateName'])
    expect(errors(changed(controller, { metadata: { generateName: 'A', name: 'a' } }))).toEqual([])
    expect(errors({ apiVersion: 'v1', kind: 'LimitRange', spec: { limits: [] } })).toEqual([])
    expect(errors(changed(config, { metadata: { generateName: 'App-' } }))).toEqual(['METADATA_NAME metadata.generateName'])
    expect(errors({ apiVersion: 'example.com/v1', kind: 'Widget' })).toEqual(['METADATA_NAME metadata.name'])
  })

  // The masked base of `X-` is `a`.
  test.each<[base: string, name: string | undefined, expected: string[]]>([
    ['App-', undefined, ['METADATA_NAME metadata.generateName']],
    ['X-', undefined, ['METADATA_NAME metadata.generateName']],
    ['X-', 'app', []],
    ['a.-', undefined, ['METADATA_NAME metadata.generateName']],
    ['a.-', 'app', []],
    ['a.', undefined, ['METADATA_NAME metadata.generateName']],
    ['a', undefined, []],
  ])('a name that is generated of %j beside the name %j', (generateName, name, expected) => {
    expect(errors(changed(config, { metadata: { generateName, ...(name !== undefined && { name }) } }))).toEqual(expected)
  })

  test('a placeholder is distinguished from a misspelling', () => {
    expect(hints('${NAME}')).toEqual(['this looks like a placeholder: fill it in before the file is applied'])
    expect(hints('My_App')).toEqual(['use "my-app", for example'])
  })
})

test('lists and reviews have no name', () => {
  expect(errors({ apiVersion: 'v1', kind: 'List', items: [] })).toEqual([])
  expect(errors({ apiVersion: 'apps/v1', kind: 'DeploymentList', metadata: {}, items: [] })).toEqual([])
  expect(errors({ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: {} } })).toEqual([])
})

test('namespaces are DNS labels', () => {
  expect(errors(changed(config, { 'metadata.namespace': 'My_NS' }))).toEqual(['METADATA_NAMESPACE metadata.namespace'])
  expect(errors(changed(config, { 'metadata.namespace': 'shop' }))).toEqual([])
})

describe('labels, annotations, owners, finalizers', () => {
  test.each<[field: string, value: Json, expected: string[]]>([
    ['labels', { app: 'web', 'example.com/x_Y.z': '' }, []],
    ['labels', { '-x': 'a' }, ['METADATA_LABEL metadata.labels']],
    ['labels', { app: 'has space', b: 'x'.repeat(64) }, ['METADATA_LABEL metadata.labels', 'METADATA_LABEL metadata.labels']],
    ['labels', { app: 12 }, []],
    ['annotations', { 'Example.COM/Key': 'any {text}' }, []],
    ['annotations', { 'a/b/c': '' }, ['METADATA_ANNOTATION metadata.annotations']],
    ['annotations', { a: 'x'.repeat(256 * 1024 - 1) }, []],
    ['annotations', { a: 'x'.repeat(256 * 1024) }, ['METADATA_ANNOTATION metadata.annotations']],
    ['finalizers', ['example.com/done', 'orphan'], []],
    ['finalizers', ['a/b/c'], ['METADATA_FINALIZER metadata.finalizers']],
    ['finalizers', ['orphan', 'foregroundDeletion'], ['METADATA_FINALIZER metadata.finalizers']],
    ['ownerReferences', [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'a', uid: '1', controller: true }], []],
    ['ownerReferences', [{ apiVersion: 'v1', kind: 'Event', name: 'a', uid: '1' }], ['METADATA_OWNER metadata.ownerReferences']],
    ['ownerReferences', [{ apiVersion: '/v1', kind: 'Event', name: 'a', uid: '1' }], ['METADATA_OWNER metadata.ownerReferences']],
    ['ownerReferences', [{ apiVersion: 'v1', kind: 'Pod', name: 'a' }], ['METADATA_OWNER metadata.ownerReferences.uid']],
    [
      'ownerReferences',
      [1, 2].map((n) => ({ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: String(n), controller: true })),
      ['METADATA_OWNER metadata.ownerReferences'],
    ],
    [
      'ownerReferences',
      [owner, { ...owner, blockOwnerDeletion: null }],
      [],
    ],
    [
      'ownerReferences',
      [owner, { ...owner, blockOwnerDeletion: false }],
      ['METADATA_OWNER metadata.ownerReferences'],
    ],
    ['generation', -1, ['NUMBER_NEGATIVE metadata.generation']],
    ['managedFields', [{ manager: 'kubectl', operation: 'Update', fieldsType: 'FieldsV1' }], []],
  ])('%s %j', (field, value, expected) => {
    expect(errors(changed(config, { [`metadata.${field}`]: value }))).toEqual(expected)
  })

  test('point at the very label, and print what the API server prints', () => {
    const [finding] = findings(changed(config, { 'metadata.labels': { app: 'has space' } }))
    expect(finding).toMatchObject({ path: ['metadata', 'labels'], at: ['metadata', 'labels', 'app'], on: 'value' })
  })
  test('include no generation where the API server sets it', () => {
    expect(errors(changed(workload('Deployment'), { 'metadata.generation': -1 }))).toEqual([])
  })
  test('of a template are printed without metadata', () => {
    const object = changed(workload('Deployment'), { 'spec.template.metadata.annotations': { 'a/b/c': '' } })
    expect(errors(object)).toEqual(['METADATA_ANNOTATION spec.template.annotations'])
  })
})

test('a name that pods take over should be a DNS label', () => {
  const dotted = changed(workload('Deployment'), { 'metadata.name': 'a.b' })
  expect(errors(dotted)).toEqual([])
  expect(warnings(dotted)).toEqual(['METADATA_NAME_HOSTNAME metadata.name'])
  expect(warnings(workload('Deployment'))).toEqual([])
})

test('values of wrong types are left to the schema', () => {
  const odd: Json[] = ['text', 7, true, [], ['a'], { a: 1 }, null]
  for (const value of odd) {
    for (const field of ['metadata', 'metadata.labels', 'metadata.name', 'metadata.ownerReferences', 'spec', 'spec.template']) {
      expect(() => findings(changed(workload('Deployment'), { [field]: value }))).not.toThrow()
    }
  }
})
