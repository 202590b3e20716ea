import { assert, jsonValue, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Json } from '../../../src/core/json/json.ts'
import { readData } from '../../../src/core/template/value.ts'
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

  it('is read back as it was, by kubectl and by YAML 1.2', () => {
    assert(
      property(jsonValue({ maxDepth: 5 }), (value) => {
        // JSON text has no negative zero.
        const plain = JSON.parse(JSON.stringify(value)) as Json
        const text = yamlText(plain)
        expect(readData(text, false)).toEqual({ value: plain })
        expect(parse(text)).toEqual(plain)
      }),
      { numRuns: 300 },
    )
  })
})
