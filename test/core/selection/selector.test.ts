import { describe, expect, it } from 'vitest'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import { type ParameterSetting, LEVELS, type Level } from '../../../src/core/selection/selection.ts'
import type { RunMode } from '../../../src/core/template/template.ts'
import { PRECEDENCE } from '../../../src/core/selection/selector.ts'
import { chosen, deployment, policy, run } from './support.ts'

/** What each level says: a text of the inject annotation. */
type Said = Partial<Record<Level, string>>

/** A run in which each level says something of the one workload. */
async function saying(said: Said, values: Said = {}) {
  const map = (level: Level): string | undefined => {
    const parts = [
      ...(said[level] === undefined ? [] : [`sidecarctl.dev/inject: "${said[level]}"`]),
      ...(values[level] === undefined ? [] : [`sidecarctl.dev/logging.folder: ${values[level]}`]),
    ]
    return parts.length === 0 ? undefined : `{${parts.join(', ')}}`
  }
  const [workload, pod, namespace] = [map('workload'), map('pod-template'), map('namespace')]
  const files = {
    'web.yaml': deployment({
      namespace: 'shop',
      ...(workload !== undefined && { annotations: workload }),
      ...(pod !== undefined && { podAnnotations: pod }),
    }),
    'ns.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  annotations: ${namespace ?? '{}'}\n`,
  }
  const rules = said.policy === undefined ? '' : `rules:\n- add: [${said.policy === 'false' ? '' : said.policy}]\n`
  const defaults = values.policy === undefined ? '' : `parameters: {logging: {folder: ${values.policy}}}\n`
  const parameters: ParameterSetting[] =
    values.flag === undefined ? [] : [{ template: 'logging', name: 'folder', value: values.flag }]
  const options: Partial<InjectOptions> = {
    parameters,
    ...(said.flag !== undefined && { sidecars: said.flag.split(',') }),
    ...(rules + defaults !== '' && { policy: await policy(rules + defaults) }),
  }
  return await run(files, options)
}

describe('precedence', () => {
  it('is one table in the order of the levels', () => {
    expect(PRECEDENCE.map((row) => row.level)).toEqual(LEVELS)
  })

  const cases: [Said, string][] = [
    [{}, 'logging'],
    [{ policy: 'metrics' }, 'metrics'],
    [{ policy: 'false' }, 'no-sidecars'],
    [{ namespace: 'metrics', policy: 'proxy' }, 'metrics'],
    [{ namespace: 'false', policy: 'proxy' }, 'opted-out'],
    [{ namespace: 'true', policy: 'proxy' }, 'proxy'],
    [{ workload: 'metrics', namespace: 'proxy', policy: 'logging' }, 'metrics'],
    [{ workload: 'false', namespace: 'proxy' }, 'opted-out'],
    [{ workload: 'true', namespace: 'proxy' }, 'proxy'],
    [{ workload: 'true' }, 'logging'],
    [{ 'pod-template': 'metrics', workload: 'false' }, 'metrics'],
    [{ 'pod-template': 'false', workload: 'metrics' }, 'opted-out'],
    [{ 'pod-template': 'true', workload: 'false' }, 'opted-out'],
    [{ 'pod-template': 'logging, metrics', policy: 'proxy' }, 'logging,metrics'],
    [{ flag: 'proxy', 'pod-template': 'metrics', workload: 'logging', namespace: 'logging', policy: 'logging' }, 'proxy'],
    [{ flag: 'proxy', 'pod-template': 'false' }, 'proxy'],
    [{ flag: 'proxy', policy: 'false' }, 'proxy'],
  ]
  it.each(cases)('%j: %s', async (said, expected) => {
    expect(chosen(await saying(said))).toBe(expected)
  })

  const order: Level[] = ['flag', 'pod-template', 'workload', 'namespace', 'policy']
  it.each(order.map((level, n) => [level, order.slice(n)] as const))('a value from %s wins over %j', async (level, levels) => {
    const values = Object.fromEntries(levels.map((one) => [one, `/${one}`]))
    const result = await saying({ flag: 'logging' }, values)
    expect(chosen(result)).toBe('logging')
    expect(result.files[0]?.output).toContain(`mountPath: /${level}\n`)
    const given = result.files[0]?.workloads[0]?.selection?.chosen[0]?.values.at(-1)
    expect(given?.from.level).toBe(level)
  })

  it('merges values of different names', async () => {
    const annotations = '{sidecarctl.dev/logging.folder: /one, sidecarctl.dev/inject: logging}'
    const files = { 'a.yaml': deployment({ annotations, podAnnotations: '{sidecarctl.dev/logging.files: "*.txt"}' }) }
    const { output } = (await run(files)).files[0] ?? {}
    expect(output).toContain('mountPath: /one\n')
    expect(output).toContain('*.txt')
  })

  it('points at what decided', async () => {
    const result = await saying({ workload: 'metrics' })
    const { origin } = result.files[0]?.workloads[0]?.selection ?? {}
    expect(origin).toMatchObject({ level: 'workload', text: 'annotation sidecarctl.dev/inject' })
    expect(origin?.at?.source.position(origin.at.range.start)).toEqual({ line: 6, column: 40 })
  })
})

describe('annotations and labels', () => {
  it.each([
    ['label', { labels: '{sidecarctl.dev/inject: metrics}' }, 'metrics'],
    ['label that opts out', { podLabels: '{app: web, sidecarctl.dev/inject: "false"}' }, 'opted-out'],
    ['annotation over label', { labels: '{sidecarctl.dev/inject: "false"}', annotations: '{sidecarctl.dev/inject: metrics}' }, 'metrics'],
    ['true as an annotation over a label', { labels: '{sidecarctl.dev/inject: "false"}', annotations: '{sidecarctl.dev/inject: "true"}' }, 'logging'],
    ['misspelt sidecar', { annotations: '{sidecarctl.dev/inject: loging}' }, 'ANNOTATION_UNKNOWN'],
    ['empty', { annotations: '{sidecarctl.dev/inject: ""}' }, 'ANNOTATION_UNKNOWN'],
    ['unquoted false', { annotations: '{sidecarctl.dev/inject: false}' }, 'ANNOTATION_INVALID'],
    ['misspelt key', { annotations: '{sidecarctl.dev/injekt: "false"}' }, 'ANNOTATION_UNKNOWN'],
    ['misspelt template', { annotations: '{sidecarctl.dev/loging.folder: /x}' }, 'ANNOTATION_UNKNOWN'],
    ['misspelt parameter', { annotations: '{sidecarctl.dev/logging.foldr: /x}' }, 'ANNOTATION_UNKNOWN'],
    ['wrong value', { annotations: '{sidecarctl.dev/logging.folder: x}' }, 'ANNOTATION_INVALID'],
    ['wrong value for another sidecar', { annotations: '{sidecarctl.dev/metrics.port: x}' }, 'ANNOTATION_INVALID'],
    ['unknown label', { labels: '{sidecarctl.dev/logging.folder: x}' }, 'ANNOTATION_UNKNOWN'],
    ['unknown mode', { annotations: '{sidecarctl.dev/logging.mode: nativ}' }, 'ANNOTATION_INVALID'],
  ])('%s', async (_, parts, expected) => {
    const result = await run({ 'a.yaml': deployment(parts) })
    expect(chosen(result)).toBe(expected)
    const errors = result.diagnostics.filter((d) => d.severity === 'error')
    expect(errors.every((d) => d.at !== undefined && d.hint !== undefined)).toBe(true)
    expect(errors.length).toBeLessThan(2)
  })

  it.each([
    ['{sidecarctl.dev/inject: loging}', 'did you mean logging?'],
    ['{sidecarctl.dev/inject: "metrics,LOGGING"}', 'did you mean logging?'],
    ['{sidecarctl.dev/injekt: "false"}', 'did you mean sidecarctl.dev/inject?'],
    ['{sidecarctl.dev/loging.folder: /x}', 'did you mean logging?'],
    ['{sidecarctl.dev/logging.foldr: /x}', 'did you mean folder?'],
    ['{sidecarctl.dev/inject: ""}', 'use names separated by commas, "true" or "false"; known names: '],
    ['{sidecarctl.dev/inject: xyzzy}', 'use names separated by commas, "true" or "false"; known names: '],
    ['{sidecarctl.dev/xyzzy: a}', 'known annotations: sidecarctl.dev/inject, sidecarctl.dev/override, sidecarctl.dev/containers and sidecarctl.dev/TEMPLATE.PARAMETER'],
  ])('%s: %s', async (annotations, hint) => {
    const { diagnostics } = await run({ 'a.yaml': deployment({ annotations }) })
    expect(diagnostics.filter(({ code }) => code === 'ANNOTATION_UNKNOWN').map((found) => found.hint)).toEqual([expect.stringContaining(hint)])
  })

  it.each([
    ['classic', undefined, /containers:\n(?:.*\n)*? +- name: web\n(?:.*\n)* +- name: logging/],
    ['native', undefined, /initContainers:\n +- name: logging/],
    ['classic', { logging: 'native', '': 'classic' }, /initContainers:\n +- name: logging/],
    ['native', { '': 'classic' }, /containers:\n(?:.*\n)*? +- name: web\n(?:.*\n)* +- name: logging/],
  ] as const)('mode %s, flags %j', async (mode, modes, expected) => {
    const files = { 'a.yaml': deployment({ annotations: `{sidecarctl.dev/logging.mode: ${mode}}` }) }
    const result = await run(files, modes === undefined ? {} : { modes: new Map(Object.entries<RunMode>(modes)) })
    expect(result.files[0]?.output).toMatch(expected)
  })
})

async function inject(text: string, options: Partial<InjectOptions> = {}): Promise<string> {
  return (await run({ 'a.yaml': text }, options)).files[0]?.output ?? ''
}

describe('what is no longer chosen', () => {
  const both = deployment({ annotations: '{sidecarctl.dev/inject: "logging,metrics"}' })

  it.each(['metrics', 'logging'])('goes with the annotation, and only %s stays', async (left) => {
    const changed = (await inject(both)).replace('"logging,metrics"', left)
    expect(await inject(changed)).toBe(await inject(both.replace('"logging,metrics"', left)))
  })

  it('goes wholly when the workload opts out', async () => {
    const result = await run({ 'a.yaml': (await inject(both)).replace('"logging,metrics"', '"false"') })
    expect(result.files[0]?.output).toBe(both.replace('"logging,metrics"', '"false"'))
    expect(result.files[0]?.workloads[0]).toMatchObject({ status: 'removed', reason: 'opted-out' })
  })

  it('goes with the rule of the policy', async () => {
    const text = deployment()
    const one = await policy('rules: [{add: [logging, metrics]}]')
    const none = await policy('rules: []')
    expect(await inject(await inject(text, { policy: one }), { policy: none })).toBe(text)
  })

  it('stays when a flag names others', async () => {
    const once = await inject(deployment(), { sidecars: ['logging'] })
    expect(await inject(await inject(once, { sidecars: ['metrics'] }), { sidecars: ['logging'] })).toContain('name: metrics')
  })
})
