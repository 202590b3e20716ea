import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { resourceQuotaProblems } from '../../../src/core/inject/resource-quotas.ts'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'

interface More {
  /** Resources of the container `app`. */
  app?: string
  /** Other fields of the pod spec. */
  pod?: string
  /** `spec.limits` of a LimitRange. */
  limits?: string
}

/** What is said of a pod with a container `app` and a native sidecar `side` that requests a processor. */
function problems(quota: string, { app = '{}', pod = '', limits }: More): string[] {
  const spec = (inits: string) =>
    parse(`{containers: [{name: app, resources: ${app}}], initContainers: [${inits}], ${pod}}`) as JsonObject
  const side = '{name: side, restartPolicy: Always, resources: {requests: {cpu: 1}}}'
  const ranges = limits === undefined ? [] : [parse(limits) as Json]
  const [found] = resourceQuotaProblems([parse(quota) as Json], ranges, {
    before: spec(''),
    after: spec(side),
    isSidecar: ({ name }) => name === 'side',
    hasPodLevel: true,
  })
  return found ?? []
}

const SIDE = ['must specify limits.cpu for: side, unless a LimitRange has a default']
const BOTH = ['must specify limits.cpu for: app, side, unless a LimitRange has a default']
const HIGH = 'priorityClassName: high'

const scope = (name: string) => `{hard: {limits.cpu: 4}, scopes: [${name}]}`
const classes = (operator: string, values = '') =>
  `{hard: {limits.cpu: 4}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: ${operator}${values}}]}}`

it.each<[what: string, quota: string, more: More, problems: string[]]>([
  ['what the sidecar does not give', '{hard: {limits.cpu: 4}}', {}, SIDE],
  ['what it gives', '{hard: {requests.cpu: 4, cpu: 4}}', {}, []],
  ['what no container must give', '{hard: {pods: 4, requests.storage: 1Gi, limits.ephemeral-storage: 1Gi}}', {}, []],
  ['a default of a LimitRange', '{hard: {limits.cpu: 4}}', { limits: '[{type: Container, default: {cpu: 2}}]' }, []],
  ['resources of the whole pod', '{hard: {limits.cpu: 4}}', { pod: 'resources: {limits: {cpu: 2}}' }, []],
  ['no amounts', '{}', {}, []],

  ['pods with a deadline, of which this is none', scope('Terminating'), {}, []],
  ['pods with a deadline', scope('Terminating'), { pod: 'activeDeadlineSeconds: 60' }, SIDE],
  ['pods without a deadline', scope('NotTerminating'), {}, SIDE],
  ['pods without a deadline, of which this is none', scope('NotTerminating'), { pod: 'activeDeadlineSeconds: 60' }, []],

  ['pods without amounts, which this is no longer', scope('BestEffort'), {}, []],
  ['pods with amounts', scope('NotBestEffort'), { app: '{requests: {memory: 1Gi}}' }, SIDE],
  ['pods with amounts, which this is because of the sidecar', scope('NotBestEffort'), {}, BOTH],
  ['pods with amounts, which this is because of a 0 as well', scope('NotBestEffort'), { app: '{requests: {cpu: 0}}' }, BOTH],

  ['a priority class', classes('In', ', values: [high, low]'), { pod: HIGH }, SIDE],
  ['another priority class', classes('In', ', values: [low]'), { pod: HIGH }, []],
  ['a priority class that a pod without one is not of', classes('In', ', values: [high]'), {}, []],
  ['all but a priority class', classes('NotIn', ', values: [high]'), {}, SIDE],
  ['all but this priority class', classes('NotIn', ', values: [high]'), { pod: HIGH }, []],
  ['any priority class', classes('Exists'), { pod: HIGH }, SIDE],
  ['any priority class, which this has not', classes('Exists'), {}, []],
  ['any priority class, as a scope', scope('PriorityClass'), { pod: HIGH }, SIDE],
  ['no priority class', classes('DoesNotExist'), {}, SIDE],
  ['no priority class, which this has', classes('DoesNotExist'), { pod: HIGH }, []],

  ['pods that look at other namespaces, which this does not', scope('CrossNamespacePodAffinity'), {}, []],
  ['pods that look at other namespaces', scope('CrossNamespacePodAffinity'),
    { pod: 'affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{namespaces: [a], topologyKey: k}]}}' }, SIDE],
  ['pods that would rather look at other namespaces', scope('CrossNamespacePodAffinity'),
    { pod: 'affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {namespaceSelector: {}, topologyKey: k}}]}}' }, SIDE],

  ['two scopes, of which one is not met', scope('NotTerminating, PriorityClass'), {}, []],
  ['a scope of claims', scope('VolumeAttributesClass'), {}, []],
])('a quota for %s: %s', (_, quota, more, said) => {
  expect(problems(quota, more)).toEqual(said)
})
