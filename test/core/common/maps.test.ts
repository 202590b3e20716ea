import { expect, it } from 'vitest'
import { addTo, getOrMake } from '../../../src/core/common/maps.ts'

it('getOrMake makes a value once for each key', () => {
  const made: string[] = []
  const map = new Map<string, number>()
  const lengthOf = (key: string): number => getOrMake(map, key, () => made.push(key) && key.length)
  expect(['ab', 'abc', 'ab'].map(lengthOf)).toEqual([2, 3, 2])
  expect(made).toEqual(['ab', 'abc'])
})

it('addTo keeps the order of the items under a key', () => {
  const map = new Map<string, number[]>()
  for (const [key, item] of [['a', 1], ['b', 2], ['a', 3]] as const) addTo(map, key, item)
  expect([...map]).toEqual([['a', [1, 3]], ['b', [2]]])
})
