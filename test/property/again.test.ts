import { array, assert, asyncProperty, nat } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/core/json/json.ts'
import { readInput } from '../../src/core/inject/read-input.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { isEqual } from '../../src/core/json/equality.ts'
import { findings, output, put, take, templates } from '../core/inject/run.ts'

const RUNS = Number(process.env['SIDECARCTL_RUNS'] ?? 300)
const LIMITS = { numRuns: RUNS, ...(RUNS <= 300 && { interruptAfterTimeLimit: 20_000 }) }

/** Makes choices from a stream of numbers, so that a shorter stream gives plainer things. */
class Chooser {
  readonly #stream: readonly number[]
  #next = 0

  constructor(stream: readonly number[]) {
    this.#stream = stream
  }

  pick(n: number): number {
    return (this.#stream[this.#next++] ?? 0) % n
  }

  some<T>(all: readonly T[]): T[] {
    const from = this.pick(all.length)
    return [...all.slice(from), ...all.slice(0, from)].slice(0, this.pick(all.length + 1))
  }

  of<T>(all: readonly T[]): T {
    return all[this.pick(all.length)] as T
  }
}

const TEXTS = ['a', 'b', '--x=1', 'on', '', 'a # b', 'one\ntwo', '# one\n\ntwo\n', ' x']

/** The container of a sidecar, with each kind of field that it can have. */
function container(c: Chooser): JsonObject {
  const env = (name: string): Json => ({ name, ...(c.pick(4) > 0 && { value: c.of(TEXTS) }) })
  const port = (containerPort: number): Json =>
    c.pick(2) === 0 ? { containerPort } : { containerPort, name: `p${containerPort}` }
  const amounts = (): JsonObject =>
    Object.fromEntries(c.some(['cpu', 'memory', 'ephemeral-storage']).map((name) => [name, c.of(['1', '2'])]))
  const fields: [string, () => Json][] = [
    ['args', () => c.some([0, 1, 2, 3, 4]).map(() => c.of(TEXTS))],
    ['command', () => c.some(TEXTS)],
    ['env', () => c.some(['A', 'B', 'C', 'D']).map(env)],
    ['ports', () => c.some([80, 81, 82]).map(port)],
    ['resources', () => (c.pick(5) === 0 ? {} : { [c.of(['limits', 'requests'])]: amounts() })],
    [
      'securityContext',
      () => ({
        ...(c.pick(2) > 0 && { runAsUser: c.pick(3) + 1 }),
        ...(c.pick(2) > 0 && { capabilities: { drop: c.some(['ALL', 'KILL']) } }),
      }),
    ],
    [
      'livenessProbe',
      () => ({ exec: { command: ['x', ...c.some(TEXTS)] }, ...(c.pick(2) > 0 && { periodSeconds: 1 + c.pick(3) }) }),
    ],
    ['lifecycle', () => ({ [c.of(['postStart', 'preStop'])]: { exec: { command: ['y', ...c.some(TEXTS)] } } })],
    ['workingDir', () => c.of(['/a', '/b'])],
  ]
  return { image: c.of(['t:1', 't:2']), ...Object.fromEntries(c.some(fields).map(([name, make]) => [name, make()])) }
}

const USERS = {
  block:
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: app\n      image: a\n  # end\n',
  first:
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  initContainers:\n  - image: i\n    name: i\n  containers:\n  - name: app\n    image: a',
  flow: 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app, image: a}]}\n',
  json: `${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'app', image: 'a' }] } }, undefined, 2)}\n`,
  line: '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"app","image":"a"}]}}',
}

function dataOf(text: string): Json {
  const { documents, diagnostics } = readInput(new SourceText('in.yaml', text))
  expect(diagnostics).toEqual([])
  return withoutRecord(documents[0]?.doc.data as JsonObject)
}

function withoutRecord(data: JsonObject): Json {
  const { annotations: _, ...metadata } = data['metadata'] as JsonObject
  return { ...data, metadata }
}

/** Comments behind and between the lines of ours, where a line of text lets them be: none in block scalars. */
function comment(text: string, user: string, c: Chooser): string {
  const theirs = new Set(user.split('\n'))
  let scalar = -1
  let n = 0
  return text
    .split('\n')
    .flatMap((line) => {
      const indent = /^ */.exec(line)?.[0].length ?? 0
      if (scalar >= 0 && (line.trim() === '' || indent > scalar)) return [line]
      scalar = /: [|>]-?$/.test(line) ? indent : /^ *- +\|-?$/.test(line) ? line.indexOf('-') : -1
      if (/: [|>]-?$/.test(line) && /^ *- /.test(line)) scalar = line.search(/[^ -]/)
      if (theirs.has(line) || line.includes('sidecarctl.dev')) return [line]
      const behind = c.pick(4) === 0 ? ` # c${n++}` : ''
      const above = c.pick(8) === 0 ? [`${' '.repeat(indent)}# c${n++}`] : []
      return above.concat(line + behind)
    })
    .join('\n')
}

describe('a sidecar that is put in again', () => {
  it('becomes what it would be at first, and keeps comments beside what stays', async () => {
    await assert(
      asyncProperty(array(nat(10_000), { maxLength: 200, size: 'max' }), async (stream) => {
        const c = new Chooser(stream)
        const style = c.of(Object.keys(USERS) as (keyof typeof USERS)[])
        const text = USERS[style]
        const [one, two] = [container(c), container(c)].map((of) =>
          templates({ tail: `container: ${JSON.stringify(of)}` }),
        ) as [object, object]
        const first = output(await put(text, one))
        expect(first).not.toBe(text)
        const hasComments = style === 'block' || style === 'first'
        const noted = hasComments ? comment(first, text, c) : first
        const again = await put(noted, two)
        expect(again.diagnostics.map((d) => `${d.code} ${d.message}`)).toEqual([])
        expect(dataOf(output(again))).toEqual(dataOf(output(await put(text, two))))
        expect(findings(await take(output(again)))).toEqual([])
        if (noted === first) expect(output(await take(output(again)))).toBe(text)
        if (isEqual(dataOf(first), dataOf(output(again)))) expect(output(again)).toBe(noted)
        // What stands in a line of its own is never lost.
        for (const line of noted.split('\n').filter((l) => /^ *# c/.test(l)))
          expect(output(again)).toContain(line.trim())
      }),
      LIMITS,
    )
  })
})
