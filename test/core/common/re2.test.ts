import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../../src/core/common/limits.ts'
import { patternCompiler, type LinearPattern } from '../../../src/core/common/re2.ts'

function compiled(source: string): LinearPattern {
  const result = patternCompiler()(source)
  if ('problem' in result) throw new Error(`${source}: ${result.problem}`)
  return result
}

function problem(source: string): string | undefined {
  const result = patternCompiler()(source)
  return 'problem' in result ? result.problem : undefined
}

describe('patterns', () => {
  it.each([
    ['^[a-z]+$', 'abc', true],
    ['^[a-z]+$', 'abc\n', false],
    ['b', 'abc', true],
    ['^.$', '\u{1f600}', true],
    ['^\\S$', '\u00a0', true],
    ['^(?i)ab$', 'AB', true],
    ['^\\pL+\\z', 'ä', true],
    ['^(?P<n>a)$', 'a', true],
    ['^[[:alpha:]]$', 'a', true],
    ['', '', true],
    ['^a{2,3}$', 'aaaa', false],
  ])('%s | matches %j | %s', (source, text, expected) => {
    expect(compiled(source).test(text)).toBe(expected)
  })

  it.each([
    ['(?=a)b', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(?<!a)b', 'invalid named capture: `(?<!a)b`'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['(a', 'missing closing ): `(a`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['(a{1000}){1000}', `with its repetitions it is larger than ${LIMITS.patternSize.value} instructions`],
    ['(?:[]|(a+)+)$x]', 'missing closing ): `(?:[]|(a+)+)$x]`'],
  ])('%s | is refused | %s', (source, expected) => {
    expect(problem(source)).toBe(expected)
  })

  it.each(['^(a|a|a)*b$', '^(a+)+$', '^a*a*a*a*a*a*a*a*b$', '(.*)*x', '(a?){900}b', '(?:(?:a|b|c){0,900}.){1}[^ab!]'])(
    '%s ends on a long text',
    (source) => {
      const { maxLength, test } = compiled(source)
      expect(test(`${'a'.repeat(Math.min(maxLength, 20_000) - 1)}!`)).toBe(false)
    },
  )

  it('does not match a text that is too long', () => {
    const { maxLength, test } = compiled('a')
    expect(maxLength).toBe(Math.floor(LIMITS.patternWork.value / 3))
    expect([test('a'.repeat(maxLength)), test('a'.repeat(maxLength + 1))]).toEqual([true, false])
  })

  it('bounds the length of a pattern', () => {
    const { value } = LIMITS.patternLength
    expect(problem('a'.repeat(value))).toBeUndefined()
    expect(problem('a'.repeat(value + 1))).toBe(`it is longer than ${value} characters`)
  })

  it('bounds the size of a pattern', () => {
    // 15 characters and 15 more atoms for each of 20 repetitions.
    expect(problem(`${'(?:aaaaaaaaa){1000}'}`)).toBeUndefined()
    expect(problem(`${'(?:aaaaaaaaa){1000}'.repeat(2)}`)).toMatch(/larger than 20000 instructions$/)
  })

  it('bounds all patterns of a file together, equal ones once', () => {
    const compile = patternCompiler()
    const results = Array.from({ length: 40 }, (_, i) => compile(`^${'a{999}'.repeat(9)}${i}`))
    const refused = results.findIndex((result) => 'problem' in result)
    expect(refused).toBeGreaterThan(30)
    expect(results[refused]).toMatchObject({ problem: `all patterns together are larger than ${LIMITS.patternsSize.value} instructions` })
    expect(compile(`^${'a{999}'.repeat(9)}0`)).toBe(results[0])
  })
})
