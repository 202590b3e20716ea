import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseKubeVersion } from '../../../src/core/kube/version.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { checkPromises } from '../../cases/promises.ts'
import { asked, findings, output, put, take, templates } from './run.ts'

const TAIL = templates({
  tail: 'container: {image: t, readinessProbe: {httpGet: {port: 9000, path: /}, periodSeconds: 5, successThreshold: 2}}',
  label: 'pod: {labels: {mesh: "on"}}',
})
const FIXED = (mode: string): ReturnType<typeof templates> => templates({ tail: `mode: ${mode}\ncontainer: {image: t}` })

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  initContainers: # first\n    - {name: own, image: o}\n  containers:\n    - name: app # the app\n      image: a\n'
const JOB = 'apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - {name: app, image: a}\n'

type Names = Record<'initContainers' | 'containers', string[]>

function names(text: string): Names {
  const { spec } = parse(text) as { spec: Record<string, { name: string }[]> }
  return { initContainers: (spec['initContainers'] ?? []).map((c) => c.name), containers: (spec['containers'] ?? []).map((c) => c.name) }
}

function inMode(mode: 'classic' | 'native'): Partial<InjectOptions> {
  return { ...TAIL, sidecars: ['tail'], modes: new Map([['', mode]]) }
}

const NATIVE: Names = { initContainers: ['tail', 'own'], containers: ['app'] }
const CLASSIC: Names = { initContainers: ['own'], containers: ['app', 'tail'] }

describe('the mode of a sidecar', () => {
  it.each([
    ['1.36', [], TAIL, NATIVE],
    ['1.33', [], TAIL, NATIVE],
    ['1.32', [], TAIL, CLASSIC],
    ['1.36', [['', 'classic']], TAIL, CLASSIC],
    ['1.36', [['tail', 'classic']], TAIL, CLASSIC],
    ['1.36', [['', 'classic'], ['tail', 'native']], TAIL, NATIVE],
    ['1.32', [['', 'native']], TAIL, NATIVE],
    ['1.36', [], FIXED('classic'), CLASSIC],
    ['1.32', [], FIXED('native'), NATIVE],
    ['1.36', [['', 'native']], FIXED('classic'), NATIVE],
    ['1.36', [['', 'auto']], FIXED('classic'), NATIVE],
  ] as const)('in %s with %j', async (version, modes, template, expected) => {
    const kubeVersion = parseKubeVersion(version)
    if (kubeVersion === undefined) throw new Error(version)
    const options = { ...template, sidecars: ['tail'], kubeVersion, modes: new Map(modes) }
    const result = await put(POD, options)
    expect(findings(result)).toEqual([])
    expect(names(output(result))).toEqual(expected)
    await checkPromises(new SourceText('in.yaml', POD), output(result), asked(options))
  })

  it.each([
    ['from classic to native', 'classic', 'native', NATIVE],
    ['from native to classic', 'native', 'classic', CLASSIC],
  ] as const)('moves the container when it is put in again: %s', async (_, from, to, expected) => {
    const first = output(await put(POD, inMode(from)))
    const second = output(await put(first, inMode(to)))
    expect(names(second)).toEqual(expected)
    expect(second).toBe(output(await put(POD, inMode(to))))
    expect(output(await take(second))).toBe(POD)
  })

  it('a native sidecar gets a startup probe, which must pass once only', async () => {
    const { spec } = parse(output(await put(POD, TAIL))) as { spec: { initContainers: Record<string, object>[] } }
    expect(spec.initContainers[0]?.['startupProbe']).toEqual({ httpGet: { port: 9000, path: '/' }, periodSeconds: 5, failureThreshold: 30 })
  })

  it.each([
    ['refused in a Job as an ordinary container', JOB, ['tail'], ['JOB_NEVER_ENDS in.yaml:1:1']],
    ['of no meaning for what adds no container', JOB, ['label'], []],
  ])('is %s', async (_, text, sidecars, expected) => {
    expect(findings(await put(text, { ...TAIL, sidecars, modes: new Map([['', 'classic']]) }))).toEqual(expected)
  })
})

describe('the grace period of a pod with a sidecar that sleeps before it stops', () => {
  const SLEEPER = templates({ tail: 'container: {image: t, lifecycle: {preStop: {sleep: {seconds: 5}}}}' })
  const withGrace = (seconds: number | undefined): string => POD.replace('spec:\n', `spec:\n${seconds === undefined ? '' : `  terminationGracePeriodSeconds: ${seconds}\n`}`)
  const graceOf = (text: string): unknown => (parse(text) as { spec: Record<string, unknown> }).spec['terminationGracePeriodSeconds']

  it.each([[0, 5], [1, 5], [4, 5], [5, 5], [60, 60], [undefined, undefined]])('%j becomes %j in both modes, and comes back', async (before, after) => {
    for (const mode of ['native', 'classic'] as const) {
      const text = withGrace(before)
      const options = { ...SLEEPER, sidecars: ['tail'], modes: new Map([['', mode]]) }
      const result = await put(text, options)
      expect(findings(result)).toEqual([])
      expect(graceOf(output(result))).toBe(after)
      expect(output(await take(output(result), SLEEPER))).toBe(text)
    }
  })
})
