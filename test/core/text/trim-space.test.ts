import { expect, test } from 'vitest'
import { fieldsOfText, trimSpace } from '../../../src/core/text/trim-space.ts'

test.each([
  ['', ''],
  ['a b', 'a b'],
  [' \t\n\v\f\ra ', 'a'],
  ['   ', ''],
  ['\u0085a\u00a0', 'a'],
  ['\u2028\u2003a\u3000', 'a'],
  ['\ufeffa', '\ufeffa'],
  ['\u200ba', '\u200ba'],
])('%j becomes %j', (text, expected) => expect(trimSpace(text)).toBe(expected))

test('fields are parted by the same blanks', () => {
  expect(fieldsOfText(' a\u0085b\v\u3000c\ufeffd ')).toEqual(['a', 'b', 'c\ufeffd'])
  expect(fieldsOfText(' ')).toEqual([])
})
