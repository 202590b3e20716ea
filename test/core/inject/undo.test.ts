import { describe, expect, it } from 'vitest'
import { toJson, toYaml } from '../../../src/core/inject/convert.ts'
import { findings, output, put, take, templates } from './run.ts'

const TAIL = templates({ tail: 'mode: classic\ncontainer: {image: "t:1"}\npod: {annotations: {x: "y"}}' })

/** The files of a result, to be converted. */
const converted = (text: string): { source: never; output: string; workloads: never[] } => ({ source: { label: 'a' } as never, output: text, workloads: [] })

describe('a manifest whose format was changed after injection', () => {
  it.each<[name: string, yaml: string, json: object]>([
    ['a null', 'metadata: {name: a, annotations: ~}', { name: 'a', annotations: null }],
    ['a missing value', 'metadata:\n  name: a\n  annotations:', { name: 'a', annotations: null }],
    ['an empty map', 'metadata:\n  name: a\n  annotations: { }', { name: 'a', annotations: {} }],
  ])('gets back %s in JSON', async (_name, metadata, expected) => {
    const text = `apiVersion: v1\nkind: Pod\n${metadata}\nspec: {containers: [{name: app, image: a}]}\n`
    const json = toJson([converted(output(await put(text, TAIL)))])
    const result = await take(json)
    expect(findings(result)).toEqual([])
    expect(JSON.parse(output(result))).toEqual({ apiVersion: 'v1', kind: 'Pod', metadata: expected, spec: { containers: [{ name: 'app', image: 'a' }] } })
  })

  it('gets back a null of tight JSON in YAML', async () => {
    const text = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","annotations":null},"spec":{"containers":[{"name":"app","image":"a"}]}}'
    const yaml = toYaml(converted(output(await put(text, TAIL))))
    const result = await take(yaml)
    expect(findings(result)).toEqual([])
    expect(output(result)).toBe('apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: null\nspec:\n  containers:\n  - name: app\n    image: a\n')
  })

  it('comes back exactly where nothing was changed', async () => {
    for (const value of ['null', ' null', ' { }', '{}']) {
      const text = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","annotations":${value}},"spec":{"containers":[{"name":"app","image":"a"}]}}`
      expect(output(await take(output(await put(text, TAIL))))).toBe(text)
    }
  })
})

/** A pod in flow style with a sidecar, in which `edit` puts a comment; what is left when the sidecar goes. */
async function undone(text: string, edit: (made: string) => string): Promise<string> {
  const made = output(await put(text, TAIL))
  const noted = edit(made)
  expect(noted).not.toBe(made)
  const result = await take(noted)
  expect(findings(result)).toEqual([])
  return output(result)
}

describe('comments of the user beside what goes', () => {
  const flow = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app, image: a}]}\n'

  it.each<[name: string, at: string, with_: string, kept: string]>([
    ['behind a comma', ', {name: tail', ', # c\n    {name: tail', '[{name: app, image: a} # c\n    ]'],
    ['on a line of its own', ', {name: tail', ',\n    # c\n    {name: tail', '[{name: app, image: a}\n    # c\n    ]'],
    ['behind a comma of a map', 'metadata: {name: a, ', 'metadata: {name: a, # c\n  ', 'metadata: {name: a # c\n  }'],
    ['behind our item', 'image: "t:1"', 'image: "t:1" # c\n', '[{name: app, image: a}]'],
  ])('stay: %s', async (_name, at, with_, kept) => {
    expect(await undone(flow, (made) => made.replaceAll('image: t:1', 'image: "t:1"').replace(at, with_))).toContain(kept)
  })

  it('are refused with their place where text would swallow them', async () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    note: |\n      one\nspec:\n  containers:\n  - {name: app, image: a}\n'
    const noted = output(await put(text, TAIL)).replace('    x: y\n', '    x: y\n      # c\n').replace('    x: "y"\n', '    x: "y"\n      # c\n')
    expect(noted).toContain('# c')
    const result = await take(noted)
    expect(findings(result)).toEqual(['EDIT_LAYOUT in.yaml:9:7'])
    expect(result.diagnostics[0]?.hint).toBe('indent the comment like the keys around it')
    expect(output(await take(noted.replace('      # c', '    # c')))).toBe(text.replace('one\n', 'one\n    # c\n'))
  })
})

describe('a file without a final line break', () => {
  const TEXT = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: app\n    image: a'
  const one = templates({ one: 'mode: classic\ncontainer: {image: "o:1"}', two: 'mode: classic\ncontainer: {image: "t:1"}' })
  const ship = templates({ ship: 'container: {image: "s:1"}\nobjects:\n- {apiVersion: v1, kind: ConfigMap, data: {a: b}}' })

  it.each<[string, string[]]>([['a sidecar', ['two']], ['another order', ['two', 'one']]])('comes back when %s takes the place of the last one', async (_name, sidecars) => {
    for (const eol of ['\n', '\r\n']) {
      const text = TEXT.replaceAll('\n', eol)
      const first = output(await put(text, { ...one, sidecars: ['one'] }))
      const second = await put(first, { ...one, sidecars })
      expect(findings(second)).toEqual([])
      expect(output(second)).not.toBe(first)
      expect(output(await take(output(second)))).toBe(text)
    }
  })

  it('comes back when a sidecar at its end goes and an object comes', async () => {
    const first = output(await put(TEXT, { ...one, sidecars: ['one'] }))
    const second = await put(first, ship)
    expect(findings(second)).toEqual([])
    const third = await take(output(second), { sidecars: ['one'] })
    expect(output(await take(output(third)))).toBe(TEXT)
  })
})

describe('a list in flow style', () => {
  it('keeps white space before commas when one of several sidecars goes', async () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app, image: a} ,] }\n'
    const both = templates({ one: 'mode: classic\ncontainer: {image: "o:1"}', two: 'mode: classic\ncontainer: {image: "t:1"}' })
    const first = output(await put(text, both))
    for (const name of ['one', 'two']) {
      const left = output(await take(first, { sidecars: [name] }))
      expect(left).toContain('image: a} , {')
      expect(output(await take(left))).toBe(text)
    }
  })

  it('keeps comments behind its items when others take the place of the last ones', async () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [\n    {name: app, image: a}, # one\n    {name: b, image: b} # two\n  ]\n'
    const both = templates({ one: 'mode: classic\ncontainer: {image: "o:1"}', two: 'mode: classic\ncontainer: {image: "t:1"}' })
    const first = output(await put(text, { ...both, sidecars: ['one'] }))
    const second = await put(first, { ...both, sidecars: ['two'] })
    expect(findings(second)).toEqual([])
    const third = await take(output(second), { sidecars: ['one'] })
    expect(output(await take(output(third)))).toBe(text)
  })
})

describe('taking out a sidecar that is not there', () => {
  const two = templates({ one: 'container: {image: o}', two: 'container: {image: t}', three: 'container: {image: h}' })
  const bare = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app, image: a}]}\n'

  it.each([['absent', 'three'], ['unknown', 'thee']])('is an error that names those that are: %s', async (_, name) => {
    const text = output(await put(bare, { ...two, sidecars: ['two', 'one'] }))
    const result = await take(text, { ...two, sidecars: ['one', name] })
    expect(findings(result)).toEqual(['SIDECAR_NOT_INJECTED -'])
    expect(result.diagnostics[0]).toMatchObject({ message: `sidecar "${name}" is not injected in any of these workloads`, hint: 'injected here: one, two' })
    expect(output(result)).toBe(text)
  })

  it('is an error where none is', async () => {
    const result = await take(bare, { ...two, sidecars: ['one'] })
    expect(result.diagnostics.map(({ code, hint }) => [code, hint])).toEqual([['SIDECAR_NOT_INJECTED', 'no sidecar is injected here']])
  })

  it('is none where another workload has it', async () => {
    const text = `${output(await put(bare, { ...two, sidecars: ['one'] }))}---\n${output(await put(bare.replace('name: a', 'name: b'), { ...two, sidecars: ['two'] }))}`
    const result = await take(text, { ...two, sidecars: ['one'] })
    expect(findings(result)).toEqual([])
    expect(result.files[0]?.workloads.map(({ status, reason }) => [status, reason])).toEqual([['removed', undefined], ['skipped', 'sidecar-not-injected']])
  })
})

it('a workload that was never injected need not be one that sidecars can be added to', async () => {
  const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app, image: a}]}\n`
  const others = ['{containers: []}', '{containers: x}', '{}', '{containers: [{name: 1}]}'].map(
    (spec) => `---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: ${spec}\n`,
  )
  const result = await take(output(await put(text, TAIL)) + others.join(''))
  expect(findings(result)).toEqual([])
  expect(output(result)).toBe(text + others.join(''))
  expect(result.files[0]?.workloads.map(({ status, reason }) => reason ?? status)).toEqual(['removed', ...others.map(() => 'not-injected')])
})
