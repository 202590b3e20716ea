import { expect, it } from 'vitest'
import { words, wordSet } from '../../../src/core/common/words.ts'

it('words splits a text of one or several lines', () => {
  expect(words('a b')).toEqual(['a', 'b'])
  expect(words(`
    a b
    c
  `)).toEqual(['a', 'b', 'c'])
  expect([...wordSet('a b a')]).toEqual(['a', 'b'])
})
