import { expect, it } from 'vitest'
import { isReplacedText, scalarOf } from '../../../src/core/ownership/replaced-text.ts'

it.each<[string, unknown]>([[' 10', 10], [' &a 10', 10], [' &it  10', 10], [' &a', null], ['', null], [' ~', null], ['\n  null', null], [' !!null', null], [' &a !!null ~', null], [' !!null &a', null], [' []', []], [' { }', {}], [' abc', 'abc'], [' yes', true], [' !!int "30"', 30], [' 0x1E', 30], [' "auto"', 'auto'], [' "au\\x74o"', 'auto'], [" &a !!str 'auto'", 'auto'], [' !!str auto', 'auto']])('%j can be written back, and means %j', (text, value) => {
  expect(isReplacedText(text)).toBe(true)
  expect(scalarOf(text)).toEqual(value)
})

it.each([' |-\n  auto', ' "a"', " !!str 'a'", ' !!str a', ' "\\q"', ' !!int x', ' !!binary YQ==', ' !<x> ~', ' &a &b ~', ' auto # c', ' {a: b}', ' ~\nb: c', ' "auto\n"', ' auto }'])('%j cannot be written back', (text) => {
  expect(isReplacedText(text)).toBe(false)
})

it('what cannot be read is a text that no run replaces', () => {
  expect(scalarOf(' "\\q"')).toBe(' "\\q"')
})
