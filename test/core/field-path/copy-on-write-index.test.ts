import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { isInsideOf, isWithin, parseFieldPath, pathOf, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import { CopyOnWrite } from '../../../src/core/field-path/copy-on-write.ts'

const MANY = 40

function named(name: string): Json {
  return { name, image: 'x' }
}

/** A template with so many containers that they get an index. */
function template(): JsonObject {
  return { spec: { containers: Array.from({ length: MANY }, (_, n) => named(`c${n}`)) } }
}

function address(written: string): FieldPath {
  return parseFieldPath(written) as FieldPath
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
    tree.set(address('spec.containers[c1].image'), 'y', 'last')
    expect(tree.get(address('spec.containers[c20]'))).toEqual(named('c20'))
    expect(tree.get(address('spec.containers[new]'))).toBeUndefined()
    return tree
  }

  it('when one goes', () => {
    const tree = looked()
    tree.remove(address('spec.containers[c3]'))
    expect(tree.get(address('spec.containers[c3]'))).toBeUndefined()
    expect(tree.get(address('spec.containers[c20]'))).toEqual(named('c20'))
    expect(names(tree)).toEqual(all.filter((name) => name !== 'c3'))
  })

  it('when one comes behind the others, in front, or between', () => {
    const tree = looked()
    tree.set(address('spec.containers[new]'), named('new'), 'last')
    tree.set(address('spec.containers[front]'), named('front'), 'first')
    tree.set(address('spec.containers[between]'), named('between'), 2)
    for (const name of ['new', 'front', 'between', 'c20', 'c39']) {
      expect(tree.get(address(`spec.containers[${name}]`))).toEqual(named(name))
    }
    expect(names(tree)).toEqual(['front', 'c0', 'between', ...all.slice(1), 'new'])
  })

  it('when one is replaced, or gets another name', () => {
    const tree = looked()
    tree.set(address('spec.containers[c5]'), named('other'), 'last')
    tree.set(address('spec.containers[c6].name'), 'renamed', 'last')
    tree.remove(address('spec.containers[c7].name'))
    expect(['c5', 'other', 'c6', 'renamed', 'c7'].map((name) => tree.get(address(`spec.containers[${name}]`)) !== undefined))
      .toEqual([false, true, false, true, false])
  })

  it('and leaves what it was made from as it was', () => {
    looked().remove(address('spec.containers[c3]'))
    expect(before).toEqual(template())
    expect(pathOf(before, address('spec.containers[c3]'))).toEqual(['spec', 'containers', 3])
  })

  it('the first, where two are alike', () => {
    const tree = new CopyOnWrite({ spec: { containers: [...Array.from({ length: MANY }, (_, n) => named(`c${n}`)), { name: 'c2' }] } })
    expect(tree.get(address('spec.containers[c2]'))).toEqual(named('c2'))
    tree.remove(address('spec.containers[c2]'))
    expect(tree.get(address('spec.containers[c2]'))).toEqual({ name: 'c2' })
  })
})

describe('one address in another', () => {
  const others = new Set(['spec.containers[web]', 'metadata.annotations[a/b]'])
  it.each([
    ['spec.containers[web]', false, true],
    ['spec.containers[web].env[A]', true, true],
    ['spec.containers[website].env[A]', false, false],
    ['spec.containers', false, false],
    ['metadata.annotations[a/b]', false, true],
  ])('%s', (written, inside, within) => {
    expect([isInsideOf(address(written), others), isWithin(address(written), others)]).toEqual([inside, within])
  })
})
