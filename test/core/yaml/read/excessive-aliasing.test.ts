/** How often aliases may be used: to the very node as kubectl counts, with which each of these was compared. */
import { describe, expect, it } from 'vitest'
import { findEntry } from '../../../../src/core/yaml/read/construct.ts'
import type { MapNode } from '../../../../src/core/yaml/read/node.ts'
import { HEAD, isRefused, list, map, read, repeat } from './aliasing.ts'

describe('excessive aliasing', () => {
  it.each<[string, number, (uses: number) => string]>([
    ['lists', 10_863, (uses) => `a: &a ${list(40)}\nb: [${'*a,'.repeat(uses)}]\n`],
    ['maps, whose keys count', 4996, (uses) => `a: &a ${map(40)}\nb: [${'*a,'.repeat(uses)}]\n`],
    ['aliases of aliases', 3276, (uses) => `a: &a ${list(9)}\nb: &b [${'*a,'.repeat(9)}]\nc: [${'*b,'.repeat(uses)}]\n`],
    ['merged maps', 5514, (uses) => `a: &a ${map(40)}\nb: [${'{<<: *a},'.repeat(uses)}]\n`],
    ['merged maps in lists', 6921, (uses) => `a: &a ${map(40)}\nb: [${'{<<: [*a, {z: 1}]},'.repeat(uses)}]\n`],
    ['a long list of merged maps', 38_281, (uses) => `a: &a ${map(7)}\nb: {<<: [${'*a,'.repeat(uses)}]}\n`],
    ['merged maps with merged maps', 2207, (uses) => `a: &a ${map(9)}\nb: &b {<<: [${'*a,'.repeat(9)}]}\nc: [${'{<<: *b},'.repeat(uses)}]\n`],
  ])('is refused as kubectl refuses it: %s, %i times', (_, uses, make) => {
    expect([uses, uses + 1].map((n) => isRefused(HEAD + make(n)))).toEqual([false, true])
  })

  it.each([
    ['a list of the same map twice', (i: number) => `x${i}: &a${i} {<<: [*a${i - 1},*a${i - 1}]}\n`],
    ['a map and a map written out', (i: number) => `x${i}: &a${i} {<<: [{<<: *a${i - 1}},*a${i - 1}]}\n`],
    ['two merges', (i: number) => `x${i}: &a${i} {<<: *a${i - 1}, "k${i}": 1, <<: *a${i - 1}}\n`],
    ['lists', (i: number) => `x${i}: &a${i} [*a${i - 1},*a${i - 1}]\n`],
  ])('ends at once where it doubles with each line: %s', (_, line) => {
    expect(isRefused(`${HEAD}x0: &a0 {k: v}\n${repeat(30, (i) => line(i + 1))}`)).toBe(true)
  })

  it('looks at a merged map once to find a key, however often it is merged', () => {
    const doc = read(`${HEAD}x0: &a0 {k: v}\n${repeat(6, (i) => `x${i + 1}: &a${i + 1} {<<: [*a${i},*a${i}]}\n`)}`)
    const values = new Map(('root' in doc ? (doc.root as MapNode).pairs : []).map(({ key, value }) => [key.type === 'scalar' ? key.value : '', value as MapNode]))
    const [merged, deepest] = [values.get('x0') as MapNode, values.get('x6') as MapNode]
    const { pairs } = merged
    let looks = 0
    Object.defineProperty(merged, 'pairs', { get: () => (looks++, pairs) })
    expect([findEntry(deepest, 'k')?.merged, findEntry(deepest, 'other'), looks]).toEqual([true, undefined, 1])
  })
})
