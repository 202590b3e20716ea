/** Where in a list new items go, among those that stay and those that are removed. */
import { describe, expect, it } from 'vitest'
import type { ItemPlace } from '../../../src/core/field-path/item-place.ts'
import { arrangeItems, type Insert, type PatchOp } from '../../../src/core/field-path/patch-op.ts'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { inOrder, insertsByIndex } from '../../../src/core/patch/insert-places.ts'
import type { SeqNode } from '../../../src/core/yaml/read/node.ts'
import { table } from '../../helpers/table.ts'

const LIST = ['spec', 'containers']
const insert = (name: string, place: ItemPlace, list = LIST): Insert => ({ type: 'insert', address: [...list, { id: name }], value: name, place }) as unknown as Insert
const remove = (name: string): PatchOp => ({ type: 'remove', address: [...LIST, { id: name }] })

interface Task {
  changes: PatchOp[]
  flow?: boolean
}

/** The list in one line, `-a` for an item that is removed and `+x` for a new one. */
function merged(names: string, { changes, flow = false }: Task): string {
  const items = names.split(' ').filter((name) => name !== '')
  const template: JsonObject = { spec: { containers: items.map((name) => ({ name })) } }
  const places = insertsByIndex({ items, flow } as unknown as SeqNode, changes, () => arrangeItems(template, LIST, changes, () => undefined))
  const gone = new Set(changes.filter(({ type }) => type === 'remove').map(({ address }) => (address.at(-1) as { id: string }).id))
  const added = (n: number): string[] => (places.get(n) ?? []).map((value) => `+${String(value)}`)
  return [...items.flatMap((name, n) => [...added(n), gone.has(name) ? `-${name}` : name]), ...added(items.length)].join(' ')
}

table('new items go', merged, [
  ['a b', { changes: [] }, 'a b'],
  ['a b', { changes: [remove('a')] }, '-a b'],
  ['a b', { changes: [insert('x', 'last'), insert('y', 'last')] }, 'a b +x +y'],
  ['a b', { changes: [insert('x', 'first'), insert('y', 'first')] }, '+x +y a b'],
  ['', { changes: [insert('x', 'first'), insert('y', 'last')] }, '+x +y'],
  ['a b', { changes: [insert('x', 'after:a'), insert('y', 'before:b')] }, 'a +x +y b'],
  ['a b', { changes: [insert('x', 'last'), insert('y', 'first')] }, '+y a b +x'],
  ['a b', { changes: [remove('b'), insert('x', 'last')] }, 'a -b +x', 'last is after all that is removed'],
  ['a b', { changes: [remove('b'), insert('x', 'last'), insert('y', 'first')] }, '+y a -b +x'],
  ['a b c', { changes: [remove('c'), insert('x', 'after:b')] }, 'a b +x -c', 'beside an item is right beside it'],
  ['a b c', { changes: [remove('c'), insert('x', 'after:b')], flow: true }, 'a b -c +x', 'in flow style after all that is removed'],
  ['a b c', { changes: [remove('c'), insert('x', 'after:a')], flow: true }, 'a +x b -c', 'unless an item that stays follows'],
  ['a b', { changes: [remove('a'), remove('b'), insert('x', 'first')], flow: true }, '-a -b +x'],
])

describe('items of new lists', () => {
  const OTHER = ['spec', 'volumes']
  it.each<[string, Insert[], string]>([
    ['that go last stay as they come', [insert('a', 'last'), insert('v', 'last', OTHER), insert('b', 'last')], 'a v b'],
    ['that go first stay as they come', [insert('a', 'first'), insert('b', 'first')], 'a b'],
    ['are arranged', [insert('a', 'last'), insert('b', 'first'), insert('c', 'before:a')], 'b c a'],
    ['are arranged in each list', [insert('a', 'last'), insert('v', 'last', OTHER), insert('b', 'first'), insert('w', 'first', OTHER)], 'b a w v'],
  ])('%s', (_, inserts, expected) => {
    expect(inOrder(inserts).map(({ value }) => String(value)).join(' ')).toBe(expected)
  })
})
