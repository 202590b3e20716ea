/** Changes to a pod template as data: what the data is after them. */
import { expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import { applyPatch, leadingOurs, type PatchOp } from '../../../src/core/field-path/patch-op.ts'
import { table } from '../../helpers/table.ts'

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath
const insert = (address: string, value: Json, place: 'first' | 'last' = 'last'): PatchOp => ({ type: 'insert', address: at(address), value, place })
const replace = (address: string, value: Json): PatchOp => ({ type: 'replace', address: at(address), value })
const remove = (address: string): PatchOp => ({ type: 'remove', address: at(address) })
const restore = (address: string, text: string): PatchOp => ({ type: 'restore', address: at(address), text })

/** Data with changes. */
const data = (before: JsonObject, [changes, ours = []]: readonly [PatchOp[], string[]?]): Json =>
  applyPatch(before, changes, (address) => ours.some((one) => JSON.stringify(at(one)) === JSON.stringify(address)))
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

table<readonly string[], readonly string[], number>('items of ours at the head of a list are those before the first of the user\'s', (names, ours) =>
  leadingOurs(named(...names), ['spec', 'initContainers'], [], (address) => ours.some((one) => JSON.stringify(at(`spec.initContainers[${one}]`)) === JSON.stringify(address))), [
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
  expect(leadingOurs(mounts, at('spec.containers[a].volumeMounts'), [], (address) => JSON.stringify(address.at(-1)) === '{"id":"/a"}')).toBe(1)
})
