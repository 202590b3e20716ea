import { describe, expect, it } from 'vitest'
import { mutatingAdmissionPolicy } from '../../../src/core/admission/admission-policy.ts'
import { planExport } from '../../../src/core/admission/plan-export.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import { inject } from '../../../src/core/inject/run.ts'
import { isObject, type JsonObject } from '../../../src/core/json/json.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { DEFAULTS, templates } from '../inject/run.ts'
import { policyOf } from './policy-of.ts'
import { admit } from './run-policy.ts'

const SIDECARS = templates({
  a: 'container: {image: a}\nparameters: {p: {type: string, default: x}}\npod: {labels: {a: "${{ params.p }}"}}\norder: {position: first}',
  b: 'container: {image: b}',
  c: 'container: {image: c}\nparameters: {num: {type: integer, required: true}}\npod: {annotations: {n: "${{ params.num }}"}}',
})
const { sidecars: _, ...KNOWN } = SIDECARS

const pod = (metadata: JsonObject = {}, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', ...metadata },
  spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec },
})

async function optionsOf(spec: string): Promise<InjectOptions> {
  return { ...DEFAULTS, ...KNOWN, policy: await policyOf(spec), validate: false, includeOwned: true }
}

async function policy(options: InjectOptions): Promise<JsonObject> {
  const plan = await planExport(options)
  expect(plan.diagnostics.map(({ message }) => message)).toEqual([])
  return mutatingAdmissionPolicy(
    { name: 'p', sidecars: plan.sidecars, rules: plan.rules, excludedNamespaces: options.policy?.excludedNamespaces ?? [], failurePolicy: 'Fail', namespaceSelector: {} },
    'v1',
  )[0] as JsonObject
}

const sorted = (data: JsonObject): string => JSON.stringify(data, (_key, value: unknown) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
  return value
})

/** A Pod with each record as data whose order does not count. */
function normal(data: JsonObject): string {
  const copy = structuredClone(data)
  const annotations = (copy['metadata'] as JsonObject)['annotations']
  if (isObject(annotations))
    for (const [key, text] of Object.entries(annotations))
      if (key.startsWith('injected.')) {
        const record = JSON.parse(String(text)) as JsonObject
        annotations[key] = { ...record, new: [...((record['new'] as string[] | undefined) ?? [])].sort() }
      }
  return sorted(copy)
}

const RULES = `
spec:
  exclude: {namespaces: [kube-system, "*-infra"]}
  rules:
    - add: [b]
    - name: front ends
      match: {labels: "tier in (web, api),!old,n>3"}
      add: [{name: a, parameters: {p: front}}]
    - match: {namespaces: [shop, "s?op-*"]}
      add: [a, {name: c, parameters: {num: 1}}]
    - match: {annotations: {team: "x*"}}
      exclude: [b]
    - match: {names: ["db-*"]}
      exclude: all
    - match: {kinds: [Pod, Job.batch], names: [web]}
      add: [{name: c, parameters: {num: 2}}]
`

describe('rules of a policy file', () => {
  it.each<[string, JsonObject]>([
    ['no rule but the one for all', pod({ name: 'x' })],
    ['an excluded namespace', pod({ namespace: 'kube-system' })],
    ['an excluded pattern of namespaces', pod({ namespace: 'my-infra' })],
    ['labels', pod({ name: 'x', labels: { tier: 'web', n: '5' } })],
    ['labels, one of which is not to be there', pod({ labels: { tier: 'web', n: '5', old: '' } })],
    ['a label that is no greater number', pod({ labels: { tier: 'web', n: '3' } })],
    ['a label that is no number', pod({ labels: { tier: 'web', n: 'x' } })],
    ['a namespace', pod({ name: 'x', namespace: 'shop' })],
    ['a pattern of namespaces', pod({ name: 'x', namespace: 'stop-1' })],
    ['two rules with values', pod({ namespace: 'shop' })],
    ['three rules', pod({ namespace: 'shop', labels: { tier: 'api', n: '4' } })],
    ['an annotation that takes one away', pod({ annotations: { team: 'xy' } })],
    ['an annotation of several lines', pod({ annotations: { team: 'x\ny' } })],
    ['a name that takes all away', pod({ name: 'db-1' })],
    ['a Pod that asks for one by name', pod({ name: 'x', annotations: { 'sidecarctl.dev/inject': 'a' } })],
    ['a Pod that asks for two', pod({ name: 'x', annotations: { 'sidecarctl.dev/inject': ' a , b ' } })],
    ['a label that asks', pod({ name: 'x', labels: { 'sidecarctl.dev/inject': 'a' } })],
    ['an annotation that leaves it to the policy, over a label', pod({ name: 'x', labels: { 'sidecarctl.dev/inject': 'a' }, annotations: { 'sidecarctl.dev/inject': 'true' } })],
    ['a Pod that asks for an unknown one', pod({ annotations: { 'sidecarctl.dev/inject': 'a,zzz' } })],
  ])('%s', async (_name, one) => {
    const options = await optionsOf(RULES)
    const result = await inject([new SourceText('p.json', JSON.stringify(one))], options)
    const file = result.files[0]
    const namespace = { metadata: { name: (one['metadata'] as JsonObject)['namespace'] as string } }
    const admitted = admit(await policy(options), one, namespace).pod
    expect(normal(admitted)).toBe(normal(JSON.parse(file?.output ?? '{}') as JsonObject))
  })

  const owned = (kind: string, name: string, apiVersion = 'apps/v1', labels: JsonObject = {}): JsonObject =>
    pod({ name: `${name}-x`, labels, ownerReferences: [{ apiVersion, kind, name, uid: 'u', controller: true }] })
  it.each<[string, JsonObject, string[]]>([
    ['a Deployment', owned('ReplicaSet', 'web-5d9', 'apps/v1', { 'pod-template-hash': '5d9' }), ['a']],
    ['a Deployment of another name', owned('ReplicaSet', 'api-5d9', 'apps/v1', { 'pod-template-hash': '5d9' }), []],
    ['a ReplicaSet of its own', owned('ReplicaSet', 'web'), []],
    ['a StatefulSet', owned('StatefulSet', 'db-1'), ['b']],
    ['a StatefulSet of another group', owned('StatefulSet', 'db-1', 'apps.kruise.io/v1'), []],
    ['a Job', owned('Job', 'web', 'batch/v1'), []],
    ['none', pod(), []],
  ])('know the workload of a Pod: %s', async (_name, one, wanted) => {
    const options = await optionsOf(
      'spec: {rules: [{match: {kinds: [Deployment], names: [web]}, add: [a]}, {match: {kinds: [StatefulSet.apps], names: ["db-*"]}, add: [b]}]}',
    )
    const admitted = admit(await policy(options), one).pod
    const inits = ((admitted['spec'] as JsonObject)['initContainers'] ?? []) as JsonObject[]
    expect(inits.map(({ name }) => name)).toEqual(wanted)
  })

  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['a namespace asks', pod(), { annotations: { 'sidecarctl.dev/inject': 'a' } }, ['a']],
    ['a namespace opts out', pod(), { labels: { 'sidecarctl.dev/inject': 'false' } }, []],
    ['a Pod overrides its namespace', pod({ annotations: { 'sidecarctl.dev/inject': 'b' } }), { annotations: { 'sidecarctl.dev/inject': 'a' } }, ['b']],
    ['a Pod defers to its namespace', pod({ annotations: { 'sidecarctl.dev/inject': 'true' } }), { annotations: { 'sidecarctl.dev/inject': 'a' } }, ['a']],
  ])('%s', async (_name, one, metadata, wanted) => {
    const options = await optionsOf('spec: {rules: [{add: [a, b]}]}')
    const admitted = admit(await policy(options), one, { metadata: { name: 'default', ...metadata } }).pod
    const inits = ((admitted['spec'] as JsonObject)['initContainers'] ?? []) as JsonObject[]
    expect(inits.map(({ name }) => name)).toEqual(wanted)
  })

  it.each([
    ['spec: {rules: [{match: {paths: [x]}, add: [a]}]}', 'rule 1 cannot be exported: the API server cannot see files'],
    ['spec: {rules: [{match: {kinds: [CronJob]}, add: [a]}]}', 'rule 1 cannot be exported: a Pod does not show that it belongs to a CronJob'],
    ['spec: {rules: [{add: [a]}, {containers: [web]}]}', 'rule 2 cannot be exported: it chooses app containers'],
    ['spec: {rules: [{add: [c]}]}', /^the template c requires a value for num/],
    ['spec: {}', 'no sidecars to export'],
  ])('%s is not exported', async (spec, message) => {
    const { diagnostics } = await planExport(await optionsOf(spec))
    expect(diagnostics.map((one) => one.message)).toEqual([expect.stringMatching(message)])
  })
})
