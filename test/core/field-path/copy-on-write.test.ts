/** Plain data under change: maps and lists on the way are made or copied, and what it was made from stays. */
import { describe, expect, it } from 'vitest'
import { clone, type Json, type JsonObject } from '../../../src/core/json/json.ts'
import { parseFieldPath, pathOf, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import { indexOfItem, pushItem } from '../../../src/core/field-path/merge-keys.ts'
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
  [{ volumes: null }, (t) => t.set(at('volumes[v]'), { name: 'v' }, 'last'), { volumes: [{ name: 'v' }] }],
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
  [{}, 'a.b.c', undefined],
  [{ volumes: { 1: 'x' } }, 'volumes[a]', undefined],
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

const MANY = 40

function named(name: string): Json {
  return { name, image: 'x' }
}

/** A template with so many containers that they get an index. */
function template(): JsonObject {
  return { spec: { containers: Array.from({ length: MANY }, (_, n) => named(`c${n}`)) } }
}

function names(tree: CopyOnWrite): Json[] {
  return ((tree.root['spec'] as JsonObject)['containers'] as JsonObject[]).map((c) => c['name'] as Json)
}

describe('a tree finds items of long lists as they change', () => {
  const before = template()
  const all = names(new CopyOnWrite(before))
  // Looking for items makes an index of the list, which each change must keep right.
  const looked = (): CopyOnWrite => {
    const tree = new CopyOnWrite(before)
    tree.set(at('spec.containers[c1].image'), 'y', 'last')
    expect(tree.get(at('spec.containers[c20]'))).toEqual(named('c20'))
    expect(tree.get(at('spec.containers[new]'))).toBeUndefined()
    return tree
  }

  it('when one goes', () => {
    const tree = looked()
    tree.remove(at('spec.containers[c3]'))
    expect(tree.get(at('spec.containers[c3]'))).toBeUndefined()
    expect(tree.get(at('spec.containers[c20]'))).toEqual(named('c20'))
    expect(names(tree)).toEqual(all.filter((name) => name !== 'c3'))
  })

  it('when one comes behind the others, in front, or between', () => {
    const tree = looked()
    tree.set(at('spec.containers[new]'), named('new'), 'last')
    tree.set(at('spec.containers[front]'), named('front'), 'first')
    tree.set(at('spec.containers[between]'), named('between'), 2)
    for (const name of ['new', 'front', 'between', 'c20', 'c39']) {
      expect(tree.get(at(`spec.containers[${name}]`))).toEqual(named(name))
    }
    expect(names(tree)).toEqual(['front', 'c0', 'between', ...all.slice(1), 'new'])
  })

  it('when one comes behind the others, even one of a name that is there', () => {
    const tree = looked()
    tree.set(at('spec.containers[new]'), named('new'), 'last')
    expect(tree.get(at('spec.containers[new]'))).toEqual(named('new'))
    const items = Array.from({ length: MANY }, (_, n) => named(`c${n}`))
    expect(indexOfItem('containers', items, 'c3')).toBe(3)
    pushItem(items, named('c3'))
    pushItem(items, named('new'))
    expect(['c3', 'new'].map((name) => indexOfItem('containers', items, name))).toEqual([3, MANY + 1])
    expect(indexOfItem('volumeMounts', items, 'c3')).toBe(-1)
  })

  it('when one is replaced by another', () => {
    const tree = looked()
    tree.set(at('spec.containers[c5]'), named('other'), 'last')
    expect(['c5', 'other'].map((name) => tree.get(at(`spec.containers[${name}]`)))).toEqual([undefined, named('other')])
  })

  it('when one gets another name', () => {
    const tree = looked()
    tree.set(at('spec.containers[c6].name'), 'renamed', 'last')
    tree.remove(at('spec.containers[c7].name'))
    expect(['c6', 'renamed', 'c7'].map((name) => tree.get(at(`spec.containers[${name}]`)) !== undefined)).toEqual([false, true, false])
  })

  it('and leaves what it was made from as it was', () => {
    looked().remove(at('spec.containers[c3]'))
    expect(before).toEqual(template())
    expect(pathOf(before, at('spec.containers[c3]'))).toEqual(['spec', 'containers', 3])
  })

  it('the first, where two are alike', () => {
    const tree = new CopyOnWrite({ spec: { containers: [...Array.from({ length: MANY }, (_, n) => named(`c${n}`)), { name: 'c2' }] } })
    expect(tree.get(at('spec.containers[c2]'))).toEqual(named('c2'))
    tree.remove(at('spec.containers[c2]'))
    expect(tree.get(at('spec.containers[c2]'))).toEqual({ name: 'c2' })
  })
})
