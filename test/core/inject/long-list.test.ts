/** A long list comes out in slices as its items come out in short lists, and is undone as exactly. */
import { describe, expect, it } from 'vitest'
import { readInput, type ReadDocument } from '../../../src/core/inject/read-input.ts'
import { slicesOf } from '../../../src/core/inject/list-slices.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { DEFAULTS, output, put, take, templates } from './run.ts'

const COUNT = 1002
const OPTIONS = { ...DEFAULTS, ...templates({ one: 'container: {name: one, image: one:1}' }), validate: false }

const pod = (n: number): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `p${n}` }, spec: { containers: [{ name: 'app', image: `app:${n}` }] } })
const item = (n: number): string => `- apiVersion: v1\n  kind: Pod\n  metadata: {name: p${n}}\n  spec:\n    containers:\n    - name: app # ${n}\n      image: app:${n}\n# behind ${n}\n`
const numbers = Array.from({ length: COUNT }, (_, n) => n)
const block = (of: readonly number[]): string => `apiVersion: v1\nkind: List\nitems:\n${of.map(item).join('')}`
const json = (of: readonly number[]): string => `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: of.map(pod), metadata: {} }, undefined, 1)}\n`
const documentOf = (text: string): ReadDocument => readInput(new SourceText('in.yaml', text)).documents[0] as ReadDocument

describe('a long list', () => {
  it.each([['in block style', block], ['in JSON', json]])('%s', async (_, write) => {
    const text = write(numbers)
    const made = output(await put(text, OPTIONS))
    const [head, tail] = await Promise.all([write(numbers.slice(0, 2)), write(numbers.slice(-2))].map(async (short) => output(await put(short, OPTIONS))))
    expect(made.slice(0, 300)).toBe(head?.slice(0, 300))
    expect(made.slice(-300)).toBe(tail?.slice(-300))
    expect(made.match(/one:1/g)?.length).toBe(COUNT)
    expect(output(await put(made, OPTIONS))).toBe(made)
    expect(output(await take(made)) === text).toBe(true)
  })

  it('is cut where an item begins, and read again with what stands around', () => {
    const slices = slicesOf(documentOf(block(numbers)))
    expect(slices.map(({ range: { start, end } }) => block(numbers).slice(start, end))).toEqual([numbers.slice(0, 1000), numbers.slice(1000)].map((of) => of.map(item).join('')))
    expect(slices.map(({ documents, alone }) => [documents[0]?.workloads[0]?.path, alone?.workloads[0]?.path])).toEqual([
      [['items', 0], ['items', 0]], [['items', 1000], ['items', 0]],
    ])
    const [, last] = slicesOf(documentOf(json(numbers)))
    const again = `${last?.around?.head}${json(numbers).slice(last?.range.start, last?.range.end)}${last?.around?.tail}`
    expect(JSON.parse(again)).toEqual({ ...JSON.parse(json([])), items: [pod(1000), pod(1001)] })
  })

  it.each([
    ['a short one', block([0, 1])],
    ['anchors', block(numbers).replace('{name: p0}', '&a {name: p0}')],
    ['something behind its items', `${block(numbers)}metadata: {}\n`],
  ])('is looked at as a whole: %s', (_, text) => {
    expect(slicesOf(documentOf(text)).map(({ range, around }) => [range, around])).toEqual([[{ start: 0, end: text.length }, undefined]])
  })
})
