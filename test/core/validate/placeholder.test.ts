import { describe, expect, it } from 'vitest'
import { findPlaceholder, hasPlaceholder, isPlaceholder, partsAroundPlaceholders } from '../../../src/core/validate/placeholder.ts'

describe('placeholders of Flux and envsubst', () => {
  it.each<[string, string[]]>([
    ['${n}',               ['', '']],
    ['${n:=1}',            ['', '']],
    ['${N:-2}',            ['', '']],
    ['${_n/a/b}',          ['', '']],
    ['${a:=${b}}',         ['', '']],
    ['a-${n}-b',           ['a-', '-b']],
    ['${a}/${b}:${c}',     ['', '/', ':', '']],
    ['$$${n}',             ['$$', '']],
    ['$${n}',              ['$${n}']],
    ['$n',                 ['$n']],
    ['$(N)',               ['$(N)']],
    ['${n',                ['${n']],
    ['${1}',               ['${1}']],
    ['${{ n }}',           ['${{ n }}']],
    ['three',              ['three']],
    ['',                   ['']],
  ])('%j has the parts %j', (text, parts) => {
    expect(partsAroundPlaceholders(text)).toEqual(parts)
    expect(hasPlaceholder(text)).toBe(parts.length > 1)
    expect(isPlaceholder(text)).toBe(parts.length > 1 && parts.join('') === '')
  })

  it('are found as values and keys', () => {
    expect(findPlaceholder({ a: [1, { b: 'x${c}' }] })).toEqual(['a', 1, 'b'])
    expect(findPlaceholder({ a: { '${k}': 1 } })).toEqual(['a', '${k}'])
    expect(findPlaceholder({ a: ['$${c}', null, true] })).toBeUndefined()
  })

  it.each(['${a:'.repeat(200_000), '$'.repeat(400_000), '${a}'.repeat(100_000)])('take linear time', (text) => {
    const start = performance.now()
    partsAroundPlaceholders(text)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
