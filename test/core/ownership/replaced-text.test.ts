import { expect, it } from 'vitest'
import { scalarOf } from '../../../src/core/ownership/replaced-text.ts'

it.each<[string, unknown]>([[' 10', 10], [' &a 10', 10], [' &it  10', 10], [' a &it', 'a &it'], [' &a', null], ['', null], [' ~', null], [' null', null], [' !!null', null], [' []', []], [' { }', {}], [' abc', 'abc'], [' yes', true]])('scalarOf %j', (text, value) => {
  expect(scalarOf(text)).toEqual(value)
})
