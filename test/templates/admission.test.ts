import { describe, expect, it } from 'vitest'
import { mutatingAdmissionPolicy } from '../../src/core/admission/admission-policy.ts'
import { planExport } from '../../src/core/admission/plan-export.ts'
import type { SidecarParts } from '../../src/core/admission/sidecar-parts.ts'
import { inject, uninject } from '../../src/core/inject/run.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import { isObject, type Json, type JsonObject } from '../../src/core/json/json.ts'
import { builtinTemplate } from '../../src/core/template/library.ts'
import type { Template } from '../../src/core/template/template.ts'
import { LATEST } from '../../src/core/kube/version.ts'
import { validateInputs } from '../../src/core/validate/validate-inputs.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { examples } from '../core/template/support.ts'
import { DEFAULTS } from '../core/inject/run.ts'
import { policyOf } from '../core/admission/policy-of.ts'
import { pods } from '../core/admission/pods.ts'
import { admit } from '../core/admission/run-policy.ts'

/** Values for parameters that a workload gives in Git, and no Pod gives a policy. */
const GIVEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'auth-proxy': { appPort: '8080' },
  proxy: { appPort: '8080' },
  metrics: { appPort: '8080', jobName: 'web' },
  'metrics-nginx': { appPort: '8080' },
}

/** Further choices of parameters, by template. */
const CHOICES: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  logging: [
    { parser: 'json' },
    { folder: '/data/logs (x)/app', stateSize: '1Gi' },
    { output: 'forward', host: 'fluentd.logs' },
  ],
  'config-sync': [{ folder: '/etc/app/conf' }],
  ambassador: [{ hostVariable: 'DB_HOST', portVariable: 'DB_PORT', localPort: '5432' }],
  'metrics-statsd': [{}],
}

const text = (pod: JsonObject): SourceText => new SourceText('pod.json', `${JSON.stringify(pod, null, 2)}\n`)

async function injected(
  pod: JsonObject,
  options: InjectOptions,
): Promise<{ pod: JsonObject; status: string; codes: string[] }> {
  const result = await inject([text(pod)], options)
  const file = result.files[0]
  return {
    pod: JSON.parse(file?.output ?? '{}') as JsonObject,
    status: file?.workloads[0]?.status ?? '',
    codes: result.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code),
  }
}

/** A Pod without its records, whose text may differ. */
function withoutRecords(pod: JsonObject): Json {
  const copy = structuredClone(pod)
  const annotations = (copy['metadata'] as JsonObject)['annotations']
  if (isObject(annotations))
    for (const key of Object.keys(annotations)) if (key.startsWith('injected.')) annotations[key] = 'record'
  return copy
}

const MODES = ['native', 'classic'] as const
const cases = DEFAULTS.builtins.names.flatMap((name) =>
  MODES.flatMap((mode) => [{}, ...(CHOICES[name] ?? [])].map((choice) => [name, mode, choice] as const)),
)

describe('what a policy makes of a Pod is what inject makes of it', () => {
  it.each(cases)('%s, %s, %j', async (name, mode, choice) => {
    const template = builtinTemplate(name, DEFAULTS.builtins) as Template
    const given: Record<string, string> = {
      ...Object.fromEntries(
        examples(template).map((one) => [
          one.name,
          typeof one.value === 'string' ? one.value : JSON.stringify(one.value),
        ]),
      ),
      ...GIVEN[name],
      ...choice,
    }
    const options: InjectOptions = {
      ...DEFAULTS,
      policy: await policyOf('spec: {rules: [{add: [' + name + ']}]}'),
      parameters: Object.entries(given).map(([parameter, value]) => ({ template: name, name: parameter, value })),
      modes: new Map([[name, mode]]),
      allowLowerPodSecurity: true,
      validate: false,
    }
    const plan = await planExport(options)
    expect(plan.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    const [policy] = mutatingAdmissionPolicy(
      {
        name: 'sidecars',
        sidecars: plan.sidecars,
        rules: plan.rules,
        excludedNamespaces: ['kube-system'],
        failurePolicy: 'Fail',
        namespaceSelector: {},
      },
      'v1',
    ) as [JsonObject]
    const { objects } = await validateInputs([text(policy)], {
      kubeVersion: LATEST,
      strictKinds: true,
      definitions: [],
      loadSchema: DEFAULTS.loadSchema,
    })
    expect(objects.map(({ status }) => status)).toEqual(['valid'])
    const parts = (plan.sidecars[0] as { parts: SidecarParts }).parts
    const own = parts.containers.at(-1)
    const ports = isObject(own?.value) && Array.isArray(own.value['ports']) ? own.value['ports'] : []
    const port = ports.find(isObject)?.['containerPort']
    let [compared, injections] = [0, 0]
    for (const [what, pod] of Object.entries(
      pods(
        parts.folders[0]?.path ?? '/var/log/app',
        own === undefined ? 'none' : (own.address[2] as { id: string }).id,
        typeof port === 'number' ? port : 1,
      ),
    )) {
      const git = await injected(pod, options)
      const { pod: admitted } = admit(policy, pod)
      const asInGit = withoutRecords(git.pod)
      compared++
      if (git.codes.length > 0 || git.status === 'skipped') {
        expect(admitted, `${what}: ${git.codes.join()} ${git.status}`).toEqual(pod)
        continue
      }
      expect(withoutRecords(admitted), what).toEqual(asInGit)
      injections++
      const again = await injected(admitted, options)
      expect([what, again.status, again.codes], what).toEqual([what, 'up-to-date', []])
      expect(again.pod, what).toEqual(admitted)
      const removed = await uninject([text(admitted)], options)
      expect(
        removed.diagnostics
          .filter(({ severity }) => severity === 'error')
          .map(({ code, message }) => `${what} ${code} ${message}`),
      ).toEqual([])
      expect(JSON.parse(removed.files[0]?.output ?? '{}'), what).toEqual(pod)
    }
    expect(compared).toBe(36)
    expect(injections).toBeGreaterThan(15)
  })
})
