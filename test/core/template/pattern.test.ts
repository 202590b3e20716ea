import { assert, constantFrom, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../../src/core/template/pattern.ts'

function matches(pattern: string, text: string): boolean | string {
  const compiled = compilePattern(pattern)
  return 'problem' in compiled ? compiled.problem : compiled.test(text)
}

const SAMPLES = [
  '^[a-z0-9-]+(,[a-z0-9-]+)*$', '^/\\S*$', '^[^/\\s,]+$', '^[0-9]+(\\.[0-9]+)?s$', 'a|b|', '^(a|ab)(c|bcd)$', '^a{2,3}$',
  'a{2}', '^(?:x+x+)+y', '^.$', '^\\u0041\\x42$', '[\\d.-]', '^[^a-c]$', '', '^$', 'b$', '^(a*)*$', '^(a?){3}$', '^[-a]+$',
  '^[a\\]]$', '^\\$\\{$', 'a+?b', '^(|a)b$', '^((){9999}){9999}$',
]

describe('compilePattern', () => {
  it('tells what JavaScript tells', () => {
    assert(
      property(constantFrom(...SAMPLES), string({ unit: constantFrom(...'aabbcxyAB,.-/$ {]s019\n😀'), maxLength: 6 }), (pattern, text) => {
        expect(matches(pattern, text)).toBe(new RegExp(pattern, 'u').test(text))
      }),
      { numRuns: 3000 },
    )
  })

  it.each(['(a+)+$', '(a|a)*$', '(.*)*x', '^(([a-z])+.)+[A-Z]([a-z])+$', '(a*)*(a*)*(a*)*b'])('ends soon: %s', (pattern) => {
    expect(matches(pattern, 'a'.repeat(5000) + '!')).toBe(new RegExp(pattern, 'u').test('a!'))
  })

  it.each([
    ['(?=a)', 'look-around and named groups are not known here'],
    ['(a)\\1', '\\1 is not known here'],
    ['\\bx', '\\b is not known here'],
    ['\\p{L}', '\\p is not known here'],
    ['(a', 'a group is not closed'],
    ['a)', 'it closes a group that is not open'],
    ['[a', 'it ends too early'],
    ['[z-a]', 'a range of characters is the wrong way round'],
    ['a{3,1}', 'a quantifier has its numbers the wrong way round'],
    ['a**', 'there is a quantifier behind a quantifier'],
    ['*a', '* stands where a character was expected; write \\*'],
    ['^*', 'an anchor cannot be repeated'],
    ['{}', '{ stands where a character was expected; write \\{'],
    ['((a{1000}){1000}){1000}', 'it repeats too much'],
    ['((){9999}){9999}(', 'a group is not closed'],
    ['('.repeat(400), 'its groups are nested too deeply'],
  ])('refuses %s', (pattern, problem) => {
    expect(matches(pattern, 'a')).toBe(problem)
  })
})
