import { assert, jsonValue, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Json } from '../../../src/core/json.ts'
import { yamlText } from '../../../src/core/template/yaml-text.ts'

describe('yamlText', () => {
  it('writes block style', () => {
    const value = { a: { b: [1, { c: 'x', d: [] }, ['v', [true]]], e: {} }, f: 'no', g: '0644', h: 'a\nb\n' }
    expect(yamlText(value)).toBe(`a:
  b:
  - 1
  - c: x
    d: []
  - - v
    - - true
  e: {}
f: "no"
g: "0644"
h: |
  a
  b
`)
  })

  it.each<[Json, string]>([
    ['plain', 'plain\n'],
    ['on', '"on"\n'],
    [1, '1\n'],
    [null, 'null\n'],
    [[], '[]\n'],
    [{}, '{}\n'],
  ])('%j', (value, text) => {
    expect(yamlText(value)).toBe(text)
  })

  it.each(['1.1', '1.2'] as const)('is read back as it was by YAML %s', (version) => {
    assert(
      property(jsonValue({ maxDepth: 5 }), (value) => {
        // JSON text has no negative zero.
        const plain = JSON.parse(JSON.stringify(value)) as Json
        expect(parse(yamlText(plain), { version })).toEqual(plain)
      }),
      { numRuns: 300 },
    )
  })
})
