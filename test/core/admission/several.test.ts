import { describe, expect, it } from 'vitest'
import { mutatingAdmissionPolicy } from '../../../src/core/admission/admission-policy.ts'
import { planExport } from '../../../src/core/admission/plan-export.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import { inject, uninject } from '../../../src/core/inject/run.ts'
import { isObject, type JsonObject } from '../../../src/core/json/json.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { DEFAULTS, templates } from '../inject/run.ts'
import { policyOf } from './policy-of.ts'
import { pods } from './pods.ts'
import { admit } from './run-policy.ts'

const FOLDER = (name: string, more = ''): string => `container: {image: ${name}}\nsharedFolders: [{volume: logs, path: /var/log/app, sidecarReadOnly: true}]\n${more}`
const SIDECARS = templates({
  reads: FOLDER('reads', 'pod: {minTerminationGracePeriodSeconds: 40}'),
  writes: 'container: {image: w}\nsharedFolders: [{volume: logs, path: /var/log/app}]\npod: {minTerminationGracePeriodSeconds: 60, fsGroup: 3, imagePullSecrets: [{name: s}]}',
  above: 'container: {image: v}\nsharedFolders: [{volume: var, path: /var, sidecarPath: /in}]',
  plain: 'container: {image: p, env: [{name: A, value: b}]}\ninitContainers: [{name: plain-init, image: i}]\napp: {env: [{name: X, value: "1"}], ports: [{containerPort: 99}], lifecycle: {preStop: {sleep: {seconds: 1}}}}\npod: {shareProcessNamespace: true}',
  front: 'container: {image: f}\nclassic: {startFirst: true}\nmode: classic\napp: {containers: first, env: [{name: X, value: "1"}]}',
})
const { sidecars: _, ...KNOWN } = SIDECARS

async function optionsOf(names: readonly string[], more = ''): Promise<InjectOptions> {
  return { ...DEFAULTS, ...KNOWN, policy: await policyOf(`spec: {rules: [{add: [${names.join()}]}]${more}}`), validate: false, includeOwned: true }
}

async function policy(options: InjectOptions): Promise<JsonObject> {
  const plan = await planExport(options)
  expect(plan.diagnostics.map(({ message }) => message)).toEqual([])
  return mutatingAdmissionPolicy(
    { name: 'p', sidecars: plan.sidecars, rules: plan.rules, excludedNamespaces: [], failurePolicy: 'Fail', namespaceSelector: {} },
    'v1',
  )[0] as JsonObject
}

async function injected(pod: JsonObject, options: InjectOptions) {
  const { files, diagnostics } = await inject([new SourceText('p.json', JSON.stringify(pod, null, 2))], options)
  return {
    pod: JSON.parse(files[0]?.output ?? '{}') as JsonObject,
    status: files[0]?.workloads[0]?.status,
    errors: diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code),
  }
}

function withoutRecords(pod: JsonObject): JsonObject {
  const copy = structuredClone(pod)
  const annotations = (copy['metadata'] as JsonObject)['annotations']
  if (isObject(annotations)) for (const key of Object.keys(annotations)) if (key.startsWith('injected.')) annotations[key] = ''
  return copy
}

/** Pods that differ where two sidecars meet; all others are tried with all sidecars at once. */
const CHOSEN = new Set(['as the API server sees it', 'several containers', 'init containers', 'a part of a volume above it', 'a short grace period', 'settings of its own'])

describe('several sidecars', () => {
  it.each([
    ['reads,writes'], ['writes,reads'], ['plain,reads'], ['reads,plain'], ['front,plain'], ['plain,front'], ['above,reads'], ['reads,above'],
    ['reads,writes,plain,front'],
  ])('%s', async (list) => {
    const names = list.split(',')
    const options = await optionsOf(names)
    const made = await policy(options)
    for (const [what, pod] of Object.entries(pods('/var/log/app', names[0] as string, 1))) {
      if (names.length < 4 && !CHOSEN.has(what)) continue
      const git = await injected(pod, options)
      const admitted = admit(made, pod).pod
      // inject refuses the workload; the policy leaves out what does not fit.
      if (git.errors.length > 0 || git.status === 'skipped') continue
      expect(withoutRecords(admitted), what).toEqual(withoutRecords(git.pod))
      const again = await injected(admitted, options)
      expect([what, again.pod, again.errors]).toEqual([what, admitted, []])
      const removed = await uninject([new SourceText('p.json', JSON.stringify(admitted, null, 2))], options)
      expect(removed.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(JSON.parse(removed.files[0]?.output ?? '{}'), what).toEqual(pod)
    }
  })

  it('with the images, pull secrets and users of the policy', async () => {
    const options = await optionsOf(['writes', 'plain'], ', images: {registry: mirror.example.com, pullSecrets: [m, s]}, security: {assignUids: false}')
    const made = await policy(options)
    for (const what of CHOSEN) {
      const pod = pods('/var/log/app', 'none', 1)[what] as JsonObject
      const git = await injected(pod, options)
      const admitted = admit(made, pod).pod
      expect(git.errors).toEqual([])
      expect(JSON.stringify(admitted)).toContain('mirror.example.com')
      expect(withoutRecords(admitted), what).toEqual(withoutRecords(git.pod))
      expect((await injected(admitted, options)).pod).toEqual(admitted)
    }
  })

  it.each([['reads', 'plain'], ['plain', 'reads'], ['front', 'plain'], ['plain', 'front']])('%s from Git, and %s by the policy', async (first, second) => {
    const [one, both] = [await optionsOf([first]), await optionsOf([first, second])]
    const made = await policy(both)
    const plain = pods('/var/log/app', 'none', 1)['several containers'] as JsonObject
    const { pod } = await injected(plain, one)
    const admitted = admit(made, pod).pod
    expect(withoutRecords(admitted)).toEqual(withoutRecords((await injected(pod, both)).pod))
    expect((await injected(admitted, both)).pod).toEqual(admitted)
    // What Git has injected whole passes through as it is.
    const whole = (await injected(plain, both)).pod
    expect(admit(made, whole).pod).toEqual(whole)
  })
})
