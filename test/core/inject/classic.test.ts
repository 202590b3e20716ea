import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { checkPromises } from '../../cases/promises.ts'
import { asked, findings, output, put, take, templates } from './run.ts'

const CLASSIC = 'classic: {startFirst: true, lifecycle: {postStart: {exec: {command: [wait]}}}, minTerminationGracePeriodSeconds: 45}'
const CONTAINER = 'container: {image: t, lifecycle: {preStop: {sleep: {seconds: 5}}}}'
const HELD = templates({ tail: `${CONTAINER}\n${CLASSIC}`, pulse: `container: {image: p}\n${CLASSIC}`, plain: 'container: {image: q}' })

const POD = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    # The app.
    - name: app # mine
      image: a
    - name: second
      image: b
`
const FLOW = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "app", "image": "a"}]}}\n'

interface Pod {
  metadata: { annotations?: Record<string, string> }
  spec: { containers: { name: string; lifecycle?: object }[]; initContainers?: { name: string; lifecycle?: object }[]; terminationGracePeriodSeconds?: number }
}

const podOf = (text: string): Pod => parse(text) as Pod
/** Without the record, in which what came later stands behind. */
const unrecorded = (text: string): Pod => {
  const pod = podOf(text)
  for (const key of Object.keys(pod.metadata.annotations ?? {})) if (key.startsWith('injected.sidecarctl.dev/')) delete pod.metadata.annotations?.[key]
  return pod
}
const names = (text: string): string[] => podOf(text).spec.containers.map((c) => c.name)
const container = (text: string, name: string): object | undefined =>
  [...podOf(text).spec.containers, ...(podOf(text).spec.initContainers ?? [])].find((c) => c.name === name)
const inMode = (mode: 'classic' | 'native', sidecars = ['tail']): Partial<InjectOptions> =>
  ({ ...HELD, sidecars, modes: new Map([['', mode]]) })

const HOOKS = { postStart: { exec: { command: ['wait'] } }, preStop: { sleep: { seconds: 5 } } }

async function putInto(text: string, options: Partial<InjectOptions>): Promise<string> {
  const result = await put(text, options)
  expect(findings(result)).toEqual([])
  await checkPromises(new SourceText('in.yaml', text), output(result), asked(options))
  return output(result)
}

describe('an ordinary sidecar that holds the app back', () => {
  it.each([['block', POD], ['flow', FLOW]])('stands in front of the app, with its hooks and time to stop (%s)', async (_, text) => {
    const made = await putInto(text, inMode('classic'))
    expect(names(made)).toEqual(['tail', ...names(text)])
    expect(container(made, 'tail')).toMatchObject({ lifecycle: HOOKS })
    expect(podOf(made).spec.terminationGracePeriodSeconds).toBe(45)
    expect(podOf(made).metadata.annotations?.['kubectl.kubernetes.io/default-container']).toBe('app')
  })

  it('several stand in their order, and one that asks for nothing behind the app', async () => {
    expect(names(await putInto(POD, inMode('classic', ['plain', 'pulse', 'tail'])))).toEqual(['pulse', 'tail', 'app', 'second', 'plain'])
  })

  it('has none of it as a native sidecar', async () => {
    const made = await putInto(POD, inMode('native'))
    expect(container(made, 'tail')).toMatchObject({ lifecycle: { preStop: HOOKS.preStop } })
    expect(container(made, 'tail')).not.toHaveProperty('lifecycle.postStart')
    expect(podOf(made).spec).not.toHaveProperty('terminationGracePeriodSeconds')
    expect(made).not.toContain('default-container')
  })

  it.each([['native', 'classic'], ['classic', 'native']] as const)('gains or loses all of it when it is put in again: %s to %s', async (from, to) => {
    const first = output(await put(POD, inMode(from)))
    const second = output(await put(first, inMode(to)))
    expect(unrecorded(second)).toEqual(unrecorded(output(await put(POD, inMode(to)))))
    expect(output(await take(second))).toBe(POD)
  })

  it.each([
    ['a newer template', 'container: {image: t}'],
    ['a newer template that changes the place alone', `${CONTAINER}\n${CLASSIC.replace('startFirst: true', 'startFirst: false')}`],
  ])('comes to the front when %s asks for it', async (_, older) => {
    const first = output(await put(POD, { ...inMode('classic'), ...templates({ tail: older }) }))
    expect(names(first)).toEqual(['app', 'second', 'tail'])
    const again = await put(first, inMode('classic'))
    expect(findings(again)).toEqual([])
    expect(unrecorded(output(again))).toEqual(unrecorded(output(await put(POD, inMode('classic')))))
    expect(output(await take(output(again)))).toBe(POD)
  })

  it('comes to the front again when it was moved behind the app by hand', async () => {
    const made = output(await put(POD, inMode('classic')))
    const item = /    - name: tail\n(?: {6}.*\n)+/.exec(made)?.[0] ?? ''
    const moved = made.replace(item, '').replace('    # The app.\n    - name: app # mine\n      image: a\n', (app) => app + item)
    expect(names(moved)).toEqual(['app', 'tail', 'second'])
    expect(names(output(await put(moved, inMode('classic'))))).toEqual(['tail', 'app', 'second'])
  })

  it('leaves the place, a hook and the choice of a container to the manifest', async () => {
    const own = `${POD}    - name: tail\n      lifecycle: {postStart: {exec: {command: [mine]}}}\n  terminationGracePeriodSeconds: 60\n`
      .replace('{name: a}', '{name: a, annotations: {kubectl.kubernetes.io/default-container: second}}')
    const result = await put(own, inMode('classic', ['tail', 'pulse']))
    expect(findings(result).map((f) => f.split(' ')[0])).toEqual(['SIDECAR_OVERRIDDEN'])
    expect(names(output(result))).toEqual(['pulse', 'app', 'second', 'tail'])
    expect(container(output(result), 'tail')).toMatchObject({ lifecycle: { ...HOOKS, postStart: { exec: { command: ['mine'] } } } })
    expect(podOf(output(result)).spec.terminationGracePeriodSeconds).toBe(60)
    expect(podOf(output(result)).metadata.annotations?.['kubectl.kubernetes.io/default-container']).toBe('second')
    expect(output(await take(output(result)))).toBe(own)
  })

  it('is of no meaning for a template without a container', async () => {
    const made = await putInto(POD, { ...inMode('classic'), ...templates({ tail: `pod: {labels: {a: b}}\n${CLASSIC}` }) })
    expect(made).not.toContain('default-container')
    expect(podOf(made).spec).not.toHaveProperty('terminationGracePeriodSeconds')
  })
})

describe('the time to stop that several sidecars ask for', () => {
  const asks = (seconds: number): string => `container: {image: t}\nclassic: {minTerminationGracePeriodSeconds: ${seconds}}`
  const both = templates({ less: asks(40), more: asks(50) })
  const graceOf = (text: string): number | undefined => podOf(text).spec.terminationGracePeriodSeconds

  it.each([[['less', 'more']], [['more', 'less']]])('is the longest of them, in any order: %s', async (sidecars) => {
    const options: Partial<InjectOptions> = { ...both, sidecars, modes: new Map([['', 'classic']]) }
    const made = await putInto(POD, options)
    expect(graceOf(made)).toBe(50)
    for (const gone of sidecars) {
      const left = output(await take(made, { sidecars: [gone] }))
      expect(graceOf(left)).toBeGreaterThanOrEqual(40)
      expect(output(await take(left))).toBe(POD)
    }
  })
})
