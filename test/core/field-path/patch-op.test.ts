/** Changes to a pod template as data: what the data is after them. */
import { expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import type { ItemPlace } from '../../../src/core/field-path/item-place.ts'
import { applyPatch, arrangeItems, type PatchOp, type PlaceOf } from '../../../src/core/field-path/patch-op.ts'
import { table } from '../../helpers/table.ts'

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath
const insert = (address: string, value: Json, place: ItemPlace = 'last'): PatchOp => ({ type: 'insert', address: at(address), value, place })
const replace = (address: string, value: Json): PatchOp => ({ type: 'replace', address: at(address), value })
const remove = (address: string): PatchOp => ({ type: 'remove', address: at(address) })
const restore = (address: string, text: string): PatchOp => ({ type: 'restore', address: at(address), text })

/** Where items of ours were put, each as its address with `=` and a place, or without for `first`. */
const placeOf = (ours: readonly string[]): PlaceOf => (address) => {
  const known = ours.map((one) => one.split('=')).find(([one]) => JSON.stringify(at(one as string)) === JSON.stringify(address))
  return known === undefined ? undefined : ((known[1] ?? 'first') as ItemPlace)
}
/** Data with changes. */
const data = (before: JsonObject, [changes, ours = []]: readonly [PatchOp[], string[]?]): Json =>
  applyPatch(before, changes, placeOf(ours))
const named = (...names: string[]): JsonObject => ({ spec: { initContainers: names.map((name) => ({ name })) } })

table<JsonObject, readonly [PatchOp[], string[]?], Json>('the data after changes is what the text will say', data, [
  [named('u'), [[insert('spec.initContainers[a]', { name: 'a' })]], named('u', 'a')],
  [named('u'), [[insert('spec.initContainers[a]', { name: 'a' }, 'first'), insert('spec.initContainers[b]', { name: 'b' }, 'first')]], named('a', 'b', 'u')],
  [named('o', 'u'), [[insert('spec.initContainers[a]', { name: 'a' }, 'first')], ['spec.initContainers[o]']], named('o', 'a', 'u')],
  [named('o', 'u'), [[insert('spec.initContainers[a]', { name: 'a' }, 'first'), remove('spec.initContainers[o]')], ['spec.initContainers[o]']], named('a', 'u')],
  [named('u', 'v'), [[insert('spec.initContainers[a]', { name: 'a' }, 'first'), insert('spec.initContainers[b]', { name: 'b' }, 'first')]], named('a', 'b', 'u', 'v')],
  [named('o', 'u'), [[replace('spec.initContainers[o]', { name: 'o' }), remove('spec.initContainers[gone]'), insert('spec.initContainers[a]', { name: 'a' }, 'first')], ['spec.initContainers[o]']], named('o', 'a', 'u'), 'one that changes stays at the head'],
  [{ spec: {} }, [[insert('spec.initContainers[a]', { name: 'a' }, 'first')]], named('a')],
  [{ a: 1 }, [[replace('a', 2)]], { a: 2 }],
  [{ a: 1 }, [[{ type: 'write-out', address: at('a'), value: 2 }]], { a: 2 }],
  [{ a: 1, b: 2 }, [[remove('a')]], { b: 2 }],
  [{ a: 1 }, [[restore('a', ' 2')]], { a: 1 }, 'what is put back as text stays for now'],
])

const init = (name: string): string => `spec.initContainers[${name}]`
const put = (name: string, place: ItemPlace): PatchOp => insert(init(name), { name }, place)
/** The names of a list of init containers after others were put in: `a=after:u`; `-a` takes one out, and `o=last` after `|` is ours. */
const arranged = (before: string, text: string): string => {
  const [changes = '', ours = ''] = text.split('|')
  const words = (list: string): string[] => list.split(' ').filter((word) => word !== '')
  const ops = words(changes).map((word) => {
    const [name, place = 'first'] = word.split('=') as [string, ItemPlace?]
    return name.startsWith('-') ? remove(init(name.slice(1))) : put(name, place)
  })
  const owned = words(ours).map((word) => word.replace(/^[^=]*/, init))
  const after = applyPatch(named(...words(before)), ops, placeOf(owned)) as { spec: { initContainers: { name: string }[] } }
  return after.spec.initContainers.map(({ name }) => name).join(' ')
}

table<string, string, string>('an item goes where its place says, after those of ours that were put there before it', arranged, [
  ['u v w', 'a=before:u', 'a u v w'],
  ['u v w', 'a=before:v', 'u a v w'],
  ['u v w', 'a=after:v', 'u v a w'],
  ['u v w', 'a=after:w', 'u v w a'],
  ['u v w', 'a=last', 'u v w a'],
  ['u v', 'a=after:u b=after:u', 'u a b v'],
  ['u v', 'a=before:v b=before:v', 'u a b v'],
  ['u v', 'a=last b', 'b u v a'],
  ['u v', 'a=after:gone', 'a u v', 'where no such item exists, it is first'],
  ['u v', 'b a=after:gone', 'b a u v'],
  ['', 'a=after:u b=last c', 'a c b', 'a list that is not there has none'],
  ['u a v', 'b=after:u | a=after:u', 'u a b v', 'the same as both at once'],
  ['a u v', 'b=before:u | a=before:u', 'a b u v'],
  ['a u', 'b | a=before:u', 'b a u', 'what was put before one of the user\'s is none of those in front'],
  ['a u', 'b | a=after:gone', 'a b u', 'but what could not go there is'],
  ['u a', 'b=last | a=last', 'u a b'],
  ['a', 'b | a=last', 'b a'],
  ['o a u', 'b | o a=after:o', 'o b a u'],
])

table<string, string, string>('an item may be put beside another one of ours', arranged, [
  ['u', 'a=last b=before:a', 'u b a'],
  ['u', 'b=before:a a=last', 'u b a', 'in whatever order'],
  ['u', 'c=after:b b=after:a a=after:u', 'u a b c'],
  ['u v', 'a=after:b b=after:a', 'a b u v', 'of a circle, which is reported elsewhere, the first is in front'],
  ['u v', 'a=after:a', 'a u v'],
])

table<string, string, string>('an item moves where it is taken out and put in', arranged, [
  ['a u v', '-a a=after:u | a', 'u a v'],
  ['a u v', '-a a=last | a', 'u v a'],
  ['u a v', '-a a | a=after:u', 'a u v'],
  ['a u v', '-a a=last b=before:a | a', 'u v b a', 'what is put beside it goes with it'],
  ['a b u', '-a a=last c | a b', 'b c u a'],
  ['u v', '-u a=after:u', 'a v', 'beside what goes there is no place'],
])

table<readonly string[], readonly string[], number>('items of ours at the head of a list are those before the first of the user\'s', (names, ours) =>
  arrangeItems(named(...names), ['spec', 'initContainers'], [put('new', 'first')], placeOf(ours.map(init))).findIndex((item) => typeof item !== 'number'), [
  [['a', 'b', 'u'], ['a', 'b'], 2],
  [['u', 'a'], ['a'], 0],
  [['a', 'u', 'b'], ['a', 'b'], 1],
  [['a', 'b'], ['a', 'b'], 2],
  [[''], [''], 0, 'one without a name is none'],
  [[], [], 0],
])

it('without saying what is ours, nothing is', () => {
  expect(applyPatch(named('o'), [insert('spec.initContainers[a]', { name: 'a' }, 'first')])).toEqual(named('a', 'o'))
})

it('items are known by what identifies them in their own list', () => {
  const mounts: JsonObject = { spec: { containers: [{ name: 'a', volumeMounts: [{ name: 'v', mountPath: '/a' }, { name: 'v', mountPath: '/b' }] }] } }
  const op = insert('spec.containers[a].volumeMounts[/c]', { name: 'v', mountPath: '/c' }, 'first')
  expect(arrangeItems(mounts, at('spec.containers[a].volumeMounts'), [op], placeOf(['spec.containers[a].volumeMounts[/a]']))).toEqual([0, op, 1])
})
