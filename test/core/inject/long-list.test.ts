/** A long list comes out in parts as its items come out in short lists, and is undone as exactly. */
import { describe, expect, it } from 'vitest'
import { KNOWN_KINDS, readEach, readInput } from '../../../src/core/inject/read-input.ts'
import { isObject } from '../../../src/core/json/json.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { nodeAt } from '../../../src/core/yaml/read/construct.ts'
import { readLongList, type ListPart } from '../../../src/core/yaml/read/long-list.ts'
import { readRawDocument, splitDocuments, type RawDocument, type YamlDocument } from '../../../src/core/yaml/read/split.ts'
import { DEFAULTS, findings, output, put, take, templates } from './run.ts'

const COUNT = 202
const OPTIONS = { ...DEFAULTS, ...templates({ one: 'container: {name: one, image: one:1}' }), validate: false }

const pod = (n: number): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `p${n}` }, spec: { containers: [{ name: 'app', image: `app:${n}` }] } })
const item = (n: number): string => `- apiVersion: v1\n  kind: Pod\n  metadata: {name: p${n}}\n  spec:\n    containers:\n    - name: app # ${n}\n      image: app:${n}\n# behind ${n}\n`
const numbers = Array.from({ length: COUNT }, (_, n) => n)
const block = (of: readonly number[]): string => `apiVersion: v1\nkind: List\nitems:\n${of.map(item).join('')}`
/** As `kubectl get -o yaml` prints it. */
const kubectl = (of: readonly number[]): string => `apiVersion: v1\nitems:\n${of.map(item).join('')}kind: List\nmetadata:\n  resourceVersion: ""\n`
const json = (of: readonly number[]): string => `${JSON.stringify({ apiVersion: 'v1', items: of.map(pod), kind: 'List', metadata: { resourceVersion: '' } }, undefined, 4)}\n`
const tight = (of: readonly number[]): string => JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata: {}, items: of.map(pod) })
const SHAPES = [
  ['in block style', block], ['as kubectl prints YAML', kubectl], ['as kubectl prints JSON', json],
  ['in JSON on one line', tight],
  ['indented', (of: readonly number[]) => block(of).replaceAll(/^[- #]/gm, '  $&')], ['with CR LF', (of: readonly number[]) => kubectl(of).replaceAll('\n', '\r\n')],
  ['of a typed list', (of: readonly number[]) => block(of).replace('kind: List', 'kind: PodList').replaceAll('- apiVersion: v1\n  kind: Pod\n', '- #\n')],
] as const

const rawOf = (text: string): RawDocument => splitDocuments(new SourceText('in.yaml', text))[0] as RawDocument
const partsOf = (text: string, size: number): ListPart[] | undefined => {
  const parts = readLongList(rawOf(text), size)
  return parts && [...parts]
}

describe('a long list', () => {
  it.each(SHAPES.slice(1, 3))('%s', async (_, write) => {
    const text = write(numbers)
    expect(partsOf(text, 100)).toHaveLength(3)
    const made = output(await put(text, OPTIONS))
    const [head, tail] = await Promise.all([write(numbers.slice(0, 2)), write(numbers.slice(-2))].map(async (short) => output(await put(short, OPTIONS))))
    expect(made.slice(0, 300)).toBe(head?.slice(0, 300))
    expect(made.slice(-300)).toBe(tail?.slice(-300))
    expect(made.match(/one:1/g)?.length).toBe(COUNT)
    expect(output(await put(made, OPTIONS))).toBe(made)
    expect(output(await take(made)) === text).toBe(true)
  })

  it.each(SHAPES)('is read in parts as it is read whole: %s', (_, write) => {
    const text = write(numbers.slice(0, 8))
    const whole = readRawDocument(rawOf(text))[0] as YamlDocument
    const parts = partsOf(text, 3) as ListPart[]
    expect(parts.map(({ first, range: { start, end } }) => [first, text.slice(start, end).match(/app:\d/g)])).toEqual([
      [0, ['app:0', 'app:1', 'app:2']], [3, ['app:3', 'app:4', 'app:5']], [6, ['app:6', 'app:7']],
    ])
    for (const { first, doc } of parts) {
      const { data, root, duplicates, source: __, ...rest } = doc
      expect(rest).toEqual({ ...rest, format: whole.format, anchors: false, index: 0, start: 0, end: text.length, isStreamed: whole.isStreamed })
      const items = isObject(data) && Array.isArray(data['items']) ? data['items'] : []
      expect(data).toEqual({ ...(whole.data as object), items })
      for (const [n, value] of items.entries()) {
        expect(value).toEqual((whole.data as { items: unknown[] }).items[first + n])
        expect(nodeAt(root as never, ['items', n])).toEqual(nodeAt(whole.root as never, ['items', first + n]))
      }
      expect(duplicates).toEqual([])
      expect(root?.end).toBe(whole.root?.end)
    }
    const [head, tail] = [text.slice(0, parts[0]?.range.start), text.slice(parts.at(-1)?.tail)]
    const again = parts.map(({ range }) => (readInput(new SourceText('in.yaml', head + text.slice(range.start, range.end) + tail))).documents[0]?.doc.data)
    expect(again).toEqual(parts.map(({ doc }) => doc.data))
  })

  it.each([
    ['a short one', block([0, 1, 2])], ['JSON of one part', json([0, 1, 2])],
    ['anchors', block(numbers).replace('{name: p0}', '&a {name: p0}')], ['a tag', block(numbers).replace('{name: p0}', '!!map {name: p0}')],
    ['items twice', `${block(numbers)}items: []\n`], ['JSON with items twice', json(numbers).replace('"kind": "List"', '"items": []')],
    ['a key twice in an item', block(numbers).replace('image: app:3', 'image: app:3\n      image: app:4')], ['a kind twice', `${block(numbers)}kind: List\n`],
    ['a list in flow style', `apiVersion: v1\nkind: List\nitems: ${JSON.stringify(numbers.map(pod))}\n`], ['JSON behind a separator', `---\n${json(numbers)}`],
    ['a value of JSON behind it', json(numbers) + json([0])], ['text behind JSON', `${json(numbers)}x\n`], ['broken YAML', `${block(numbers)}  x\n`], ['broken JSON', json(numbers).replace('"p7"', 'p7')],
    ['a mark of the end', `${block(numbers)}...\n`], ['a directive', `%YAML 1.1\n---\n${block(numbers)}`], ['no map', `items:\n${numbers.map(() => 'a').join('\n')}\n`],
    ['items that are a map', `items:\n${numbers.map((n) => `  ${n}: a`).join('\n')}\n`], ['a list deeper than items', `spec:\n  ${block(numbers).replaceAll('\n', '\n  ').trimEnd()}\n`],
  ])('is read as a whole: %s', (_, text) => {
    expect(partsOf(text, 3)?.length ?? 0).toBe(0)
  })

  it('tells of an item that is no object by its number in the list', () => {
    const text = `${block(numbers.slice(0, 7))}- ~\n`
    const found = [...readEach(new SourceText('in.yaml', text), KNOWN_KINDS, 3)].flatMap(({ diagnostics }) => diagnostics)
    expect(found.map(({ code, path }) => [code, path])).toEqual([['LIST_MALFORMED', ['items', 7]]])
  })

  it('tells of items that are no object in parts without workloads, if others have some', () => {
    const settings = 'apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n'
    const head = 'apiVersion: v1\nkind: List\nitems:\n'
    const pods = block(numbers.slice(0, 4)).slice(head.length)
    const others = `- ${settings}- null\n- text\n`
    const tell = (text: string) =>
      [...readEach(new SourceText('in.yaml', text), KNOWN_KINDS, 3)].flatMap(({ diagnostics }) => diagnostics.map(({ code, path }) => `${code} ${String(path?.[1])}`))
    expect(tell(head + others + pods)).toEqual(['LIST_MALFORMED 1', 'LIST_MALFORMED 2'])
    expect(tell(head + pods + others)).toEqual(['LIST_MALFORMED 5', 'LIST_MALFORMED 6'])
    expect(tell(head + others + others)).toEqual([])
  })

  it('is left as it is where one item cannot be worked on', async () => {
    const text = kubectl(numbers).replace('    - name: app # 201\n      image: app:201\n', '      []\n')
    const result = await put(text, OPTIONS)
    expect(findings(result)).toEqual([expect.stringMatching(/^WORKLOAD_NO_CONTAINERS in\.yaml:\d+:/)])
    expect(output(result)).toBe(text)
  })

  it('is worked on as a whole where sidecars bring objects', async () => {
    const own = templates({ ship: 'container: {image: s}\nobjects: [{apiVersion: v1, kind: ConfigMap, data: {a: b}}]' })
    const some = numbers.slice(0, 102)
    const text = kubectl(some)
    expect(partsOf(text, 100)).toHaveLength(2)
    const made = output(await put(text, { ...OPTIONS, ...own }))
    expect(made.match(/kind: ConfigMap/g)?.length).toBe(some.length)
    expect(output(await take(made, { builtins: own.builtins as never })) === text).toBe(true)
  })
})
