/** Where among the init containers of a pod a native sidecar starts: chosen, kept, moved, taken out, and what is in the way. */
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { ItemPlace } from '../../../src/core/field-path/item-place.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import type { RunResult } from '../../../src/core/inject/result.ts'
import { parseKubeVersion, type KubeVersion } from '../../../src/core/kube/version.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { checkPromises } from '../../cases/promises.ts'
import { policy } from '../selection/support.ts'
import { asked, DEFAULTS, output, put, take, templates } from './run.ts'

const pod = (annotations = '', more = ''): string => `apiVersion: v1
kind: Pod
metadata:
  name: a
${annotations}spec:
  initContainers: # in this order
  # the schema
  - name: migrate # once
    image: m
  # the cache
  - {name: warm, image: w}
${more}  containers:
  - {name: app, image: a}
`
const POD = pod()

/** Two sidecars, one with an init container of its own, one that is only an init container, and one with a place of its own. */
const ALL = templates({
  tail: 'container: {image: t}',
  sync: 'initContainers: [{name: sync-init, image: s}]\ncontainer: {image: s}',
  wait: 'initContainers: [{name: wait, image: b}]',
  own: 'start: after:migrate\ncontainer: {image: o}',
})
const of = (sidecars: string, starts: Record<string, string> = {}, more: Partial<InjectOptions> = {}): Partial<InjectOptions> => ({
  ...ALL, sidecars: sidecars.split(','), starts: new Map(Object.entries(starts) as [string, ItemPlace][]), ...more,
})
const names = (text: string): string =>
  ((parse(text) as { spec: { initContainers?: { name: string }[] } }).spec.initContainers ?? []).map(({ name }) => name).join(' ')
const version = (text: string): KubeVersion => parseKubeVersion(text) as KubeVersion

/** Each finding with severity and line. */
function said({ diagnostics }: RunResult): string[] {
  return diagnostics.map(({ severity, code, message, hint, at }) => {
    const place = at === undefined ? '-' : `${at.source.label}:${at.source.position(at.range.start).line}`
    return `${severity} ${place} ${code} ${message}${hint === undefined ? '' : `; ${hint}`}`
  })
}

describe('a sidecar starts', () => {
  it.each([
    ['first by default', 'tail', {}, 'tail migrate warm'],
    ['first', 'tail', { tail: 'first' }, 'tail migrate warm'],
    ['before one', 'tail', { tail: 'before:warm' }, 'migrate tail warm'],
    ['after one', 'tail', { tail: 'after:migrate' }, 'migrate tail warm'],
    ['before the first', 'tail', { tail: 'before:migrate' }, 'tail migrate warm'],
    ['after the last', 'tail', { tail: 'after:warm' }, 'migrate warm tail'],
    ['last', 'tail', { tail: 'last' }, 'migrate warm tail'],
    ['after its init containers', 'sync', { sync: 'after:migrate' }, 'migrate sync-init sync warm'],
    ['where an init container is all that it is', 'wait', { wait: 'last' }, 'migrate warm wait'],
    ['where its template says', 'own', {}, 'migrate own warm'],
    ['where someone else says', 'own', { own: 'first' }, 'own migrate warm'],
    ['with others in their order', 'tail,sync', { '': 'after:migrate' }, 'migrate tail sync-init sync warm'],
    ['apart from others', 'tail,sync,wait', { tail: 'last', wait: 'before:warm' }, 'sync-init sync migrate wait warm tail'],
    ['before another sidecar', 'tail,sync', { sync: 'last', tail: 'before:sync-init' }, 'migrate warm tail sync-init sync'],
    ['after another sidecar, which is named later', 'tail,sync', { tail: 'after:sync' }, 'sync-init sync tail migrate warm'],
    ['in a row', 'tail,sync,wait', { tail: 'after:sync', sync: 'after:wait', wait: 'after:migrate' }, 'migrate wait sync-init sync tail warm'],
  ] as const)('%s', async (_, sidecars, starts, expected) => {
    for (const text of [POD, POD.replaceAll('\n', '\r\n')]) {
      const options = of(sidecars, starts)
      const result = await put(text, options)
      expect(said(result)).toEqual([])
      expect(names(output(result))).toBe(expected)
      await checkPromises(new SourceText('in.yaml', text), output(result), asked(options))
      // One after the other, in whatever order, comes to the same where they do not name one another.
      if (sidecars.includes(',') && !Object.values(starts).some((place) => place.includes('sync'))) {
        let one = text
        for (const name of sidecars.split(',')) one = output(await put(one, { ...options, sidecars: [name] }))
        expect(names(one)).toBe(expected)
      }
    }
  })

  it.each([
    ['{}', 'tail', 'a list that is not there is made'],
    ['{initContainers: []}', 'tail', 'an empty one is filled'],
    ['{initContainers: null}', 'tail', 'or one that is null'],
  ])('in %s as well', async (spec, expected) => {
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: ${spec.replace('}', `${spec === '{}' ? '' : ', '}containers: [{name: app, image: a}]}`)}\n`
    const options = of('tail', { tail: 'last' })
    const result = await put(text, options)
    expect(names(output(result))).toBe(expected)
    await checkPromises(new SourceText('in.yaml', text), output(result), asked(options))
  })
})

describe('another choice moves it, and nothing else', () => {
  const CHOICES = [{}, { tail: 'before:warm' }, { tail: 'after:warm' }, { tail: 'last' }, { tail: 'last', sync: 'before:tail' }, { tail: 'after:migrate', sync: 'last' }, { tail: 'after:sync', sync: 'after:warm' }]
  it.each(CHOICES.flatMap((from) => CHOICES.map((to) => [JSON.stringify(from), JSON.stringify(to), from, to] as const)))('from %s to %s', async (_, __, from, to) => {
    const text = pod('', '  # the rest\n  - name: rest\n    image: r # r\n')
    const [one, other] = [of('tail,sync', from as Record<string, string>), of('tail,sync', to as Record<string, string>)]
    const moved = await put(output(await put(text, one)), other)
    expect(said(moved)).toEqual([])
    // What starts first goes behind what of ours is there, as what is added later does.
    const isBehind = Object.keys(to).length === 0 && Object.keys(from).length === 1
    if (isBehind) expect(names(output(moved))).toBe('sync-init sync tail migrate warm rest')
    else expect(output(moved)).toBe(output(await put(text, other)))
    expect(output(await put(output(moved), other))).toBe(output(moved))
    expect(output(await take(output(moved)))).toBe(text)
  })

  it('is outdated until then', async () => {
    const injected = output(await put(POD, of('tail', { tail: 'last' })))
    const { files } = await put(injected, of('tail', { tail: 'after:migrate' }))
    const [sidecar] = files[0]?.workloads[0]?.sidecars ?? []
    expect([sidecar?.action, sidecar?.state]).toEqual(['updated', 'outdated'])
  })

  it('where another sidecar comes or goes', async () => {
    const starts = { tail: 'before:wait', wait: 'before:warm' }
    const both = output(await put(POD, of('tail,wait', starts)))
    expect(names(both)).toBe('migrate tail wait warm')
    const [one] = [output(await put(POD, of('tail', { tail: 'before:wait' })))]
    expect(names(one)).toBe('tail migrate warm')
    expect(output(await put(one, of('tail,wait', starts)))).toBe(both)
  })
})

describe('what the user moves', () => {
  const around = (injected: string, init: string, behind: string): string => injected.replace(behind, `${init}${behind}`)
  const NEW = '  - name: new\n    image: x\n'

  it('stays where the choice still holds', async () => {
    const options = of('tail', { tail: 'after:migrate' })
    const injected = output(await put(POD, options))
    for (const [behind, expected] of [['  - name: tail', 'migrate new tail warm'], ['  # the schema', 'new migrate tail warm'], ['  # the cache', 'migrate tail new warm']] as const) {
      const edited = around(injected, NEW, behind)
      expect(names(edited)).toBe(expected)
      expect(output(await put(edited, options))).toBe(edited)
      expect(output(await take(edited))).toBe(around(POD, NEW, behind === '  - name: tail' ? '  # the cache' : behind))
    }
  })

  it('is put right where it does not', async () => {
    const options = of('tail', { tail: 'last' })
    const injected = output(await put(POD, options))
    const edited = around(injected, NEW, '  containers:')
    expect(names(edited)).toBe('migrate warm tail new')
    const result = await put(edited, options)
    expect(said(result)).toEqual([])
    const again = output(result)
    expect(names(again)).toBe('migrate warm new tail')
    expect(output(await put(again, options))).toBe(again)
    expect(output(await take(again))).toBe(around(POD, NEW, '  containers:'))
  })

  it('stays where nothing is chosen', async () => {
    const injected = output(await put(POD, of('tail')))
    const edited = injected.replace('  # the schema', `${NEW}  # the schema`).replace(/( {2}- name: tail\n(?: {4}.*\n)+)( {2}- name: new\n {4}.*\n)/, '$2$1')
    expect(names(edited)).toBe('new tail migrate warm')
    expect(output(await put(edited, of('tail')))).toBe(edited)
  })

  it('may be what the place names: then it is gone, and the sidecar stays', async () => {
    const options = of('tail', { tail: 'after:migrate' })
    const edited = output(await put(POD, options)).replace('  - name: migrate # once\n    image: m\n', '')
    const result = await put(edited, options)
    expect(output(result)).toBe(edited)
    expect(said(result)).toEqual(['warning in.yaml:9 INIT_CONTAINER_UNKNOWN --start tail=after:migrate starts sidecar "tail" after:migrate, but there is no init container "migrate", so it starts first; known names: warm'])
  })
})

describe('a record', () => {
  it('says the place, and only one that was chosen', async () => {
    expect(output(await put(POD, of('tail', { tail: 'last' })))).toContain('"start":"last"')
    expect(output(await put(POD, of('tail', { tail: 'first' })))).not.toContain('"start"')
  })

  it('with a place that nobody chooses is none', async () => {
    const broken = output(await put(POD, of('tail', { tail: 'last' }))).replace('"start":"last"', '"start":"after:../x"')
    expect(said(await take(broken)).map((text) => text.slice(0, 40))).toEqual([expect.stringContaining('RECORD_INVALID')])
  })

  it('with another place moves nothing but what is ours', async () => {
    const injected = output(await put(POD, of('tail', { tail: 'last' })))
    const forged = injected.replace('"start":"last"', '"start":"before:migrate"')
    expect(output(await put(forged, of('tail', { tail: 'last' })))).toBe(injected)
    expect(output(await take(forged))).toBe(POD)
  })

  it('that was lost is made again, with the sidecar in its place', async () => {
    const options = of('tail', { tail: 'last' })
    const lost = output(await put(POD, of('tail'))).replace(/ {2}annotations:\n.*injected.*\n.*\n/, '')
    const again = output(await put(lost, options))
    expect(names(again)).toBe('migrate warm tail')
    expect(output(await put(again, options))).toBe(again)
  })
})

describe('an init container that does not exist', () => {
  const GONE = { tail: 'after:migrat' }
  const annotated = (value: string): string => pod(`  annotations:\n    sidecarctl.dev/tail.start: ${value}\n`)

  it('is an error where the workload names it', async () => {
    const result = await put(annotated('after:migrat'), of('tail'))
    expect(said(result)).toEqual(['error in.yaml:6 INIT_CONTAINER_UNKNOWN annotation sidecarctl.dev/tail.start starts sidecar "tail" after:migrat, but there is no init container "migrat"; did you mean migrate?'])
    expect(output(result)).toBe(annotated('after:migrat'))
    const bare = annotated('last').replace(/ {2}initContainers(?:.*\n)+ {2}containers/, '  containers')
    expect(said(await put(bare, of('tail')))).toEqual([])
    expect(said(await put(bare.replace('start: last', 'start: after:x'), of('tail')))).toEqual(['error in.yaml:6 INIT_CONTAINER_UNKNOWN annotation sidecarctl.dev/tail.start starts sidecar "tail" after:x, but there is no init container "x"; it has no init containers: remove the choice, or add the container'])
  })

  it('is a warning where a flag or a policy names it for many, once for each place', async () => {
    const result = await put(POD, of('tail', GONE))
    expect(said(result)).toEqual(['warning in.yaml:6 INIT_CONTAINER_UNKNOWN --start tail=after:migrat starts sidecar "tail" after:migrat, but there is no init container "migrat", so it starts first; did you mean migrate?'])
    expect(names(output(result))).toBe('tail migrate warm')
    const rule = { ...ALL, policy: await policy('rules:\n- name: all\n  add:\n  - {name: tail, start: after:migrat}\n') }
    delete rule.sidecars
    const two = `${POD}---\n${POD.replace('name: a\n', 'name: b\n')}`
    expect(said(await put(two, rule))).toEqual(['warning sidecarctl.yaml:7 INIT_CONTAINER_UNKNOWN rule "all" starts sidecar "tail" after:migrat, but there is no init container "migrat", so it starts first; the same for 1 other workload; did you mean migrate?'])
  })

  it('is nothing to speak of where there are none, or the template names it', async () => {
    const bare = POD.replace(/ {2}initContainers(?:.*\n)+ {2}containers/, '  containers')
    expect(said(await put(bare, of('tail', GONE)))).toEqual([])
    const result = await put(POD.replace('name: migrate', 'name: other'), of('own'))
    expect(said(result)).toEqual([])
    expect(names(output(result))).toBe('own other warm')
  })
})

describe('levels', () => {
  const annotated = pod('  annotations:\n    sidecarctl.dev/tail.start: last\n')
  it('an annotation overrides a rule, and a flag both', async () => {
    const rules = { ...ALL, policy: await policy('rules:\n- add: [{name: tail, start: before:warm}]\n') }
    delete rules.sidecars
    expect(names(output(await put(POD, rules)))).toBe('migrate tail warm')
    expect(names(output(await put(annotated, rules)))).toBe('migrate warm tail')
    expect(names(output(await put(annotated, { ...rules, starts: new Map([['', 'first']]) })))).toBe('tail migrate warm')
  })

  it('a namespace says it for its workloads, those without such an init container too', async () => {
    const inShop = POD.replace('name: a\n', 'name: a\n  namespace: shop\n')
    const shop = (value: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  annotations:\n    sidecarctl.dev/tail.start: ${value}\n---\n${inShop}`
    const placed = await put(shop('after:migrate'), of('tail'))
    expect(said(placed)).toEqual([])
    expect(names(output(placed).split('---\n')[1] as string)).toBe('migrate tail warm')
    expect(said(await put(shop('after:gone'), of('tail')))).toEqual([expect.stringMatching(/^warning in\.yaml:6 INIT_CONTAINER_UNKNOWN annotation .* so it starts first/)])
  })

  it('an annotation that says no place is an error', async () => {
    expect(said(await put(annotated.replace('start: last', 'start: migrate'), of('tail')))).toEqual([
      'error in.yaml:6 ANNOTATION_INVALID "migrate" is not a place among init containers; use first, last, before:NAME or after:NAME',
    ])
  })

  it('a parameter of that name stays one', async () => {
    const own = templates({ tail: 'parameters: {start: {type: string, description: s}}\ncontainer: {image: t, env: [{name: S, value: "${{ params.start }}"}]}' })
    expect(output(await put(annotated, own))).toContain('value: last')
  })
})

it('what adds no container has no place, and nothing is said of it', async () => {
  const result = await put(POD, { ...templates({ mesh: 'pod: {labels: {mesh: "on"}}' }), starts: new Map([['', 'after:gone']]) })
  expect(said(result)).toEqual([])
  expect(output(result)).not.toContain('"start"')
})

describe('what a sidecar costs', () => {
  it('is not what an init container needs that ends before it starts', async () => {
    const big = POD.replace('{name: warm, image: w}', '{name: warm, image: w, resources: {requests: {memory: 2Gi}}}')
    const cost = async (starts: Record<string, string>): Promise<unknown> => {
      const options = { ...templates({ tail: 'container: {image: t, resources: {requests: {memory: 1Gi}}}' }), starts: of('tail', starts).starts ?? new Map() }
      const result = await put(big, options)
      const again = await put(output(result), options)
      const [one, other] = [result, again].map(({ files }) => files[0]?.workloads[0]?.cost?.requests.get('memory')?.nanos)
      expect(one).toBe(other)
      return Number(one ?? 0n) / 1e9 / 2 ** 20
    }
    expect(await cost({})).toBe(1024)
    expect(await cost({ tail: 'after:migrate' })).toBe(1024)
    expect(await cost({ tail: 'last' })).toBe(0)
  })
})

describe('what cannot be', () => {
  it.each([
    ['two that wait for one another', { tail: 'after:sync', sync: 'after:tail' }, 2],
    ['one beside itself', { tail: 'after:tail' }, 1],
    ['one beside its own init container', { sync: 'after:sync-init' }, 1],
  ])('a cycle is an error: %s', async (_, starts, count) => {
    const result = await put(POD, of('tail,sync', starts as unknown as Record<string, string>))
    expect(said(result)).toHaveLength(count)
    for (const text of said(result)) expect(text).toMatch(/^error in\.yaml:6 SIDECAR_ORDER ordering cycle: --start .* leads back to it; choose another place for one of them$/)
    expect(output(result)).toBe(POD)
  })

  it('a classic container starts after all: before one is a warning, after one is true', async () => {
    const classic = (place: string): Partial<InjectOptions> => of('tail', { tail: place }, { kubeVersion: version('1.32') })
    const result = await put(POD, classic('before:warm'))
    expect(said(result)).toEqual(['warning in.yaml:6 START_IGNORED --start tail=before:warm starts sidecar "tail" before:warm, but it runs as a classic container, which starts after all init containers; run it as a native sidecar, by --mode native or mode: native, from Kubernetes 1.29'])
    expect(output(result)).not.toContain('"start"')
    for (const place of ['after:warm', 'last', 'first']) expect(said(await put(POD, classic(place)))).toEqual([])
  })

  it("a classic sidecar's own init containers have their place", async () => {
    const options = of('sync', { sync: 'after:migrate' }, { kubeVersion: version('1.32') })
    const injected = output(await put(POD, options))
    expect(names(injected)).toBe('migrate sync-init warm')
    await checkPromises(new SourceText('in.yaml', POD), injected, asked(options))
  })

  it('a container of the manifest that overrides the sidecar stays where it is', async () => {
    const text = pod('', '  - name: tail\n    env: [{name: A, value: b}]\n')
    const kept = await put(text, of('tail', { tail: 'last' }))
    expect(said(kept).filter((one) => !one.startsWith('info'))).toEqual([])
    const result = await put(text, of('tail', { tail: 'before:warm' }))
    expect(said(result).filter((one) => !one.startsWith('info'))).toEqual(['warning in.yaml:6 START_IGNORED --start tail=before:warm starts sidecar "tail" before:warm, but container "tail" belongs to the manifest and stays where it is; move it there by hand'])
    expect(names(output(result))).toBe('migrate warm tail')
    expect(output(await take(output(result), DEFAULTS))).toBe(text)
  })
})
