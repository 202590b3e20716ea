/** Plain data under change: maps and lists on the way are made or copied, and what it was made from stays. */
import { expect } from 'vitest'
import { clone, type Json, type JsonObject } from '../../../src/core/json/json.ts'
import { parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import { CopyOnWrite } from '../../../src/core/field-path/copy-on-write.ts'
import { table, type Row } from '../../helpers/table.ts'

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath

/** The data after a change; the data before must not have changed. */
function changed(before: JsonObject, change: (tree: CopyOnWrite) => void): Json {
  const copy = clone(before)
  const tree = new CopyOnWrite(before)
  change(tree)
  expect(before).toEqual(copy)
  return tree.root
}
const rows = (rule: string, list: readonly Row<JsonObject, (tree: CopyOnWrite) => void, unknown>[]): void => { table(rule, changed, list) }

rows('a value is set, and what is missing on the way is made', [
  [{}, (t) => t.set(at('spec.volumes[v]'), { name: 'v' }, 'last'), { spec: { volumes: [{ name: 'v' }] } }],
  [{ a: null }, (t) => t.set(at('a.b'), 1, 'last'), { a: { b: 1 } }, 'null counts as missing'],
  [{ a: { b: 1 } }, (t) => t.set(at('a.b'), null, 'last'), { a: { b: null } }],
  [{ a: { b: 1 } }, (t) => t.set(at('a'), [1], 'last'), { a: [1] }],
  [{ metadata: { labels: {} } }, (t) => t.set(at('metadata.labels[__proto__]'), 'x', 'last'), { metadata: { labels: Object.fromEntries([['__proto__', 'x']]) } }, 'any key is an ordinary one'],
])

rows('an item of a list is replaced where it is, or put in at a place', [
  [{ volumes: [{ name: 'a', x: 1 }, { name: 'b' }] }, (t) => t.set(at('volumes[a]'), { name: 'a', x: 2 }, 'last'), { volumes: [{ name: 'a', x: 2 }, { name: 'b' }] }],
  [{ volumes: [{ name: 'a' }, { name: 'b' }] }, (t) => t.set(at('volumes[c]'), { name: 'c' }, 'last'), { volumes: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }],
  [{ volumes: [{ name: 'a' }, { name: 'b' }] }, (t) => t.set(at('volumes[c]'), { name: 'c' }, 'first'), { volumes: [{ name: 'c' }, { name: 'a' }, { name: 'b' }] }],
  [{ volumes: [{ name: 'a' }, { name: 'b' }] }, (t) => t.set(at('volumes[c]'), { name: 'c' }, 1), { volumes: [{ name: 'a' }, { name: 'c' }, { name: 'b' }] }],
  [{ containers: [{ name: 'a' }] }, (t) => t.set(at('containers[a].env[E].value'), '1', 'last'), { containers: [{ name: 'a', env: [{ value: '1' }] }] }, 'a field of an item that is not there makes an item'],
])

rows('what is at an address is removed, if anything is', [
  [{ a: { b: 1, c: 2 } }, (t) => t.remove(at('a.b')), { a: { c: 2 } }],
  [{ a: { b: 1 } }, (t) => t.remove(at('a.b')), { a: {} }, 'an emptied map stays'],
  [{ volumes: [{ name: 'a' }, { name: 'b' }] }, (t) => t.remove(at('volumes[a]')), { volumes: [{ name: 'b' }] }],
  [{ a: { b: 1 } }, (t) => t.remove(at('a.c')), { a: { b: 1 } }],
  [{ volumes: [{ name: 'a' }] }, (t) => t.remove(at('volumes[b].x')), { volumes: [{ name: 'a' }] }],
  [{ containers: [{ name: 'a', env: [{ name: 'E' }] }] }, (t) => t.remove(at('containers[a].env[E]')), { containers: [{ name: 'a', env: [] }] }],
])

rows('changes follow each other', [
  [{ a: { b: 1 } }, (t) => { t.set(at('a.c'), 2, 'last'); t.remove(at('a.b')); t.set(at('a.b'), 3, 'last') }, { a: { c: 2, b: 3 } }],
  [{ volumes: [{ name: 'a' }] }, (t) => { t.remove(at('volumes[a]')); t.set(at('volumes[a]'), { name: 'a', x: 1 }, 'last') }, { volumes: [{ name: 'a', x: 1 }] }],
])

table<JsonObject, string, unknown>('a value is found by its address', (data, address) => new CopyOnWrite(data).get(at(address)), [
  [{ a: { b: 1 } }, 'a.b', 1],
  [{ a: { b: null } }, 'a.b', null],
  [{ a: { b: 1 } }, 'a.c', undefined],
  [{ a: 1 }, 'a.b', undefined],
  [{ a: [1] }, 'a.b', undefined],
  [{ volumes: [{ name: 'a', x: 1 }] }, 'volumes[a].x', 1],
  [{ volumes: { a: 1 } }, 'volumes[a]', undefined, 'an item only in a list'],
  [{ containers: [{ name: 'c', volumeMounts: [{ mountPath: '/a', name: 'v' }] }] }, 'containers[c].volumeMounts[/a].name', 'v', 'by what identifies it in its own list'],
  [{}, 'toString', undefined],
])

table<JsonObject, null, boolean[]>('what was not on the way is shared, what was is copied once', (before) => {
  const tree = new CopyOnWrite(before)
  const value = { name: 'w' }
  tree.set(at('spec.volumes[w]'), value, 'last')
  const { spec } = tree.root as { spec: { volumes: Json[]; containers: Json } }
  const first = spec.volumes
  tree.set(at('spec.volumes[x]'), { name: 'x' }, 'last')
  return [spec.containers === (before['spec'] as JsonObject)['containers'], spec.volumes[1] === value, (tree.root['spec'] as JsonObject)['volumes'] === first]
}, [
  [{ spec: { containers: [{ name: 'c' }], volumes: [{ name: 'v' }] } }, null, [true, true, true]],
])
