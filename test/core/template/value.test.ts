import { describe, expect, it } from 'vitest'
import type { ValueSpec } from '../../../src/core/template/template.ts'
import { plainScalar, readData } from '../../../src/core/template/value.ts'
import { checkValue, readValue } from '../../../src/core/template/value.ts'

const LIST_OF_TEXT: ValueSpec = { type: 'array', items: { type: 'string' } }

describe('readValue', () => {
  it.each<[ValueSpec, string, unknown]>([
    [{ type: 'string' }, 'yes', 'yes'],
    [{ type: 'string' }, '0644', '0644'],
    [{ type: 'string' }, ' a: [b ', ' a: [b '],
    [{ type: 'string' }, '', ''],
    [{ type: 'integer' }, '42', 42],
    [{ type: 'integer' }, ' 0644 ', 420],
    [{ type: 'integer' }, '0o17', 15],
    [{ type: 'integer' }, '0x1f', 31],
    [{ type: 'integer' }, '-3', -3],
    [{ type: 'integer' }, '1_000', 1000],
    [{ type: 'number' }, '1.5', 1.5],
    [{ type: 'number' }, '1e3', 1000],
    [{ type: 'boolean' }, 'yes', true],
    [{ type: 'boolean' }, 'Off', false],
    [{ type: 'port' }, '8080', 8080],
    [{ type: 'quantity' }, '100m', '100m'],
    [{ type: 'quantity' }, '1', '1'],
    [{ type: 'duration' }, '1m30s', '1m30s'],
    [{ type: 'path' }, '/var/log', '/var/log'],
    [{ type: 'name' }, 'a-b', 'a-b'],
    [{ type: 'array' }, '[1, two, "3"]', [1, 'two', '3']],
    [{ type: 'array' }, '["a", {"b": [1]}]', ['a', { b: [1] }]],
    [{ type: 'array' }, '1,two', [1, 'two']],
    [{ type: 'array' }, '', []],
    [LIST_OF_TEXT, '[0644, on, 1.10]', ['0644', 'on', '1.10']],
    [LIST_OF_TEXT, '0644, on', ['0644', 'on']],
    [{ type: 'array', items: { type: 'port' } }, '80,443', [80, 443]],
    [{ type: 'object' }, '{a: 1, "b": yes}', { a: 1, b: true }],
    [{ type: 'object', additionalProperties: { type: 'string' } }, '{team: 007}', { team: '007' }],
  ])('%j %s', (spec, text, expected) => {
    expect(readValue(spec, text)).toEqual({ value: expected })
  })

  it.each<[ValueSpec, string]>([
    [{ type: 'integer' }, '1.5'],
    [{ type: 'integer' }, 'many'],
    [{ type: 'integer' }, '12345678901234567890'],
    [{ type: 'integer', minimum: 3 }, '2'],
    [{ type: 'integer', maximum: 3 }, '4'],
    [{ type: 'number' }, '.nan'],
    [{ type: 'boolean' }, 'maybe'],
    [{ type: 'boolean' }, '1'],
    [{ type: 'port' }, '0'],
    [{ type: 'port' }, '65536'],
    [{ type: 'port' }, 'http'],
    [{ type: 'quantity' }, '100 m'],
    [{ type: 'quantity' }, '1mi'],
    [{ type: 'duration' }, '30'],
    [{ type: 'path' }, 'var/log'],
    [{ type: 'name' }, 'A'],
    [{ type: 'name' }, 'a'.repeat(64)],
    [{ type: 'string', enum: ['a', 'b'] }, 'c'],
    [{ type: 'string', pattern: { source: '^x', maxLength: 10, test: (text) => text.startsWith('x') } }, 'y'],
    [{ type: 'string', minLength: 1 }, ''],
    [{ type: 'string', maxLength: 1 }, 'ab'],
    [{ type: 'array', maxItems: 1 }, '1,2'],
    [{ type: 'array', items: { type: 'port' } }, '80,x'],
    [{ type: 'array' }, '[1, 2'],
    [{ type: 'array' }, '[1] 2'],
    [{ type: 'object' }, '[1]'],
    [{ type: 'object' }, '{a: 1, a: 2}'],
    [{ type: 'object' }, 'a: 1\n---\nb: 1'],
    [{ type: 'object' }, '{"a: 1}'],
  ])('%j refuses %s', (spec, text) => {
    expect(readValue(spec, text)).toHaveProperty('problem')
  })

  it('stops at nesting that no value has', () => {
    expect(readValue({ type: 'object' }, '['.repeat(100_000))).toHaveProperty('problem')
  })

  it('says what is wrong', () => {
    expect(readValue({ type: 'port' }, '70000')).toEqual({ problem: '"70000" is not a port number from 1 to 65535' })
    expect(readValue({ type: 'string', enum: ['a', 'b'] }, 'c')).toEqual({ problem: '"c" is not one of a, b' })
    expect(readValue({ type: 'array', items: { type: 'port' } }, '[80, 0]')).toEqual({
      problem: 'item 2: 0 is not a port number from 1 to 65535',
    })
  })
})

describe('readData', () => {
  it('makes maps that inherit nothing, so that no key is special', () => {
    const read = readData('{__proto__: {polluted: yes}, constructor: 1}', false)
    const value = ('value' in read ? read.value : undefined) as Record<string, unknown>
    expect(['toString', 'valueOf', 'isPrototypeOf'].filter((name) => name in value)).toEqual([])
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it.each([
    ["['it''s', 'b']", ["it's", 'b']],
    ['["a\\"b", c]', ['a"b', 'c']],
    ['[a b, http://x:80/y]', ['a b', 'http://x:80/y']],
    ['[]', []],
    ['{}', {}],
    ['[~, null, 1.0]', [null, null, 1]],
  ])('%s', (text, value) => {
    expect(readData(text, false)).toEqual({ value })
  })
})

describe('plainScalar', () => {
  it.each([
    ['true', true],
    ['y', true],
    ['no', false],
    ['null', null],
    ['12', 12],
    ['12:30', '12:30'],
    ['1.2.3', '1.2.3'],
    ['_', '_'],
  ])('%s', (text, value) => {
    expect(plainScalar(text)).toBe(value)
  })
})

it('long digits are text', () => {
  const digits = '9'.repeat(200_000)
  expect(plainScalar(digits)).toBe(digits)
})

describe('checkValue', () => {
  it('takes numbers for quantities, as Kubernetes does', () => {
    expect(checkValue({ type: 'quantity' }, 2)).toEqual({ value: '2' })
  })
})
