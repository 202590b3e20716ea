import { describe, expect, it } from 'vitest'
import { mutatingAdmissionPolicy } from '../../../src/core/admission/admission-policy.ts'
import { planExport } from '../../../src/core/admission/plan-export.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import { inject, uninject } from '../../../src/core/inject/run.ts'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { drifts } from '../../../src/report/drift.ts'
import { DEFAULTS } from '../inject/run.ts'
import { policyOf } from './policy-of.ts'
import { pods } from './pods.ts'
import { admit } from './run-policy.ts'

const TOKEN = { name: 'kube-api-access-x2x7k', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }

/** A Pod as `kubectl get` gives it: with defaults in each container, the token mounted in each, and a status. */
function stored(pod: JsonObject): JsonObject {
  const out = structuredClone(pod)
  const [metadata, spec] = [out['metadata'] as JsonObject, out['spec'] as JsonObject]
  Object.assign(metadata, { uid: 'b2', resourceVersion: '7', creationTimestamp: '2026-11-01T00:00:00Z', generation: 1 })
  const complete = (container: JsonObject): JsonObject => {
    const mounts = (container['volumeMounts'] ?? []) as JsonObject[]
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].filter((probe) => container[probe] !== undefined)
    for (const name of probes) {
      const probe = container[name] as JsonObject
      const get = probe['httpGet'] as JsonObject | undefined
      container[name] = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3, ...probe, ...(get && { httpGet: { scheme: 'HTTP', ...get } }) }
    }
    return {
      resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', imagePullPolicy: 'IfNotPresent',
      ...container,
      volumeMounts: mounts.some(({ name }) => name === TOKEN.name) ? mounts : [...mounts, TOKEN],
    }
  }
  for (const list of ['containers', 'initContainers'])
    if (spec[list] !== undefined) spec[list] = (spec[list] as JsonObject[]).map(complete)
  return { ...out, status: { phase: 'Running' } }
}

const PODS = pods('/var/log/app', 'none', 1)
const KINDS = ['as the API server sees it', 'a volume above it', 'settings of its own', 'a short grace period']

describe('a Pod that was admitted, as it comes back from a cluster', () => {
  it.each(KINDS)('%s: up to date, and undone', async (kind) => {
    const names = ['logging', 'metrics-statsd', 'ambassador', 'config-sync']
    const options: InjectOptions = {
      ...DEFAULTS,
      policy: await policyOf(`spec: {rules: [{add: [${names.join()}]}], parameters: {ambassador: {host: a.example.com, port: 1}, config-sync: {repo: https://example.com/r}}}`),
      validate: false,
    }
    const plan = await planExport(options)
    const [policy] = mutatingAdmissionPolicy(
      { name: 'p', sidecars: plan.sidecars, rules: plan.rules, excludedNamespaces: [], failurePolicy: 'Fail', namespaceSelector: {} },
      'v1',
    ) as [JsonObject]
    const before = PODS[kind] as JsonObject
    const live = stored(admit(policy, before).pod)
    const source = new SourceText('pod.json', JSON.stringify(live, null, 2))
    const again = await inject([source], options)
    expect(again.diagnostics.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code} ${message}`)).toEqual([])
    expect(again.files[0]?.workloads[0]?.sidecars.map(({ name, action }) => `${name} ${action}`).sort()).toEqual(names.map((name) => `${name} kept`).sort())
    expect(drifts(again)).toEqual([])
    expect(again.files[0]?.output).toBe(source.text)
    const removed = await uninject([source], options)
    expect(removed.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    const annotations = ((stored(before)['metadata'] as JsonObject)['annotations'] ?? {}) as JsonObject
    const after = JSON.parse(removed.files[0]?.output ?? '{}') as JsonObject
    expect(after['spec']).toEqual(stored(before)['spec'])
    expect((after['metadata'] as JsonObject)['annotations'] ?? {}).toEqual(annotations)
  })

  it.each<[string, (pod: JsonObject) => void]>([
    ['another image', (pod) => { ((pod['spec'] as JsonObject)['initContainers'] as JsonObject[])[0]!['image'] = 'evil' }],
    ['a mount more', (pod) => { (((pod['spec'] as JsonObject)['initContainers'] as JsonObject[])[0]!['volumeMounts'] as JsonObject[]).push({ name: 'data', mountPath: '/more' }) }],
    ['another part of the folder', (pod) => { (((pod['spec'] as JsonObject)['initContainers'] as JsonObject[])[0]!['volumeMounts'] as JsonObject[]).at(-1)!['subPath'] = 'else' }],
  ])('%s is found', async (_name, edit) => {
    const options: InjectOptions = { ...DEFAULTS, policy: await policyOf('spec: {rules: [{add: [logging]}]}'), validate: false }
    const plan = await planExport(options)
    const [policy] = mutatingAdmissionPolicy(
      { name: 'p', sidecars: plan.sidecars, rules: plan.rules, excludedNamespaces: [], failurePolicy: 'Fail', namespaceSelector: {} },
      'v1',
    ) as [JsonObject]
    const pod = admit(policy, PODS['a volume above it'] as JsonObject).pod
    edit(pod)
    const source = new SourceText('pod.json', JSON.stringify(pod, null, 2))
    const removed = await uninject([source], options)
    expect(removed.diagnostics.map(({ code }) => code)).toEqual(['INJECTED_MODIFIED'])
    expect((await inject([source], options)).diagnostics.map(({ code }) => code)).toContain('INJECTED_MODIFIED')
  })
})
