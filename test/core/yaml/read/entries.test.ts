import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../../src/core/text/source.ts'
import { findEntry } from '../../../../src/core/yaml/read/construct.ts'
import { readRawDocument, splitDocuments, type RawDocument, type YamlDocument } from '../../../../src/core/yaml/read/split.ts'
import type { MapNode } from '../../../../src/core/yaml/read/node.ts'

function read(text: string): YamlDocument {
  const [doc] = readRawDocument(splitDocuments(new SourceText('x', text))[0] as RawDocument)
  return doc as YamlDocument
}

function filler(count: number): string {
  return Array.from({ length: count }, (_, n) => `    k${n}: v\n`).join('')
}

// Short maps are looked through and long ones have an index.
describe.each([2, 40])('a map with %i keys more', (count) => {
  const text = `base: &base {a: merged, b: merged}\nmap:\n    a: first\n    <<: *base\n    b: own\n${filler(count)}    c: once\n    c: twice\n`
  const doc = read(text)
  const map = (doc.root as MapNode).pairs[1]?.value as MapNode
  it.each([
    ['a', 'merged', true],
    ['b', 'own', false],
    ['c', 'twice', false],
    ['k1', 'v', false],
  ])('has the value of %s that kubectl ends up with', (key, value, merged) => {
    const entry = findEntry(map, key)
    expect(entry).toMatchObject({ key, merged, pair: { value: { value } } })
    expect(doc.data).toMatchObject({ map: { [key]: value } })
  })

  it('has no other', () => {
    expect(['', 'd', 'toString', '__proto__', `k${count}`].map((key) => findEntry(map, key))).toEqual([undefined, undefined, undefined, undefined, undefined])
  })
})

describe('duplicate keys', () => {
  it.each([
    ['in ordinary YAML', 'm: {a: 1}\n'],
    ['where the full reader is needed', 'm: &x {a: 1}\n'],
  ])('each name the one before, in the order of the text, %s', (_, first) => {
    const text = `${first}x: 1\nx: {p: 1, z: 2, p: 3}\nx: {z: 1, z: 2, z: 3}\nw: 1\nw: 2\n`
    const at = (offset: number): string => `${text.slice(0, offset).split('\n').length}:${offset - text.lastIndexOf('\n', offset - 1)}`
    expect(read(text).duplicates.map(({ name, first: one, second }) => [name, at(one.start), at(second.start)])).toEqual([
      ['x', '2:1', '3:1'], ['p', '3:5', '3:17'], ['x', '3:1', '4:1'], ['z', '4:5', '4:11'], ['z', '4:11', '4:17'], ['w', '5:1', '6:1'],
    ])
  })
})
