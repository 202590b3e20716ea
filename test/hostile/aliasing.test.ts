/** How often aliases may be used in large texts: to the very node as kubectl counts, with which each of these was compared. */
import { expect, it } from 'vitest'
import { HEAD, isRefused, list } from '../core/yaml/read/aliasing.ts'

it.each<[string, number, (uses: number) => string]>([
  ['keys', 98_516, (uses) => `a: &a x\nb: [${`{${'*a : *a,'.repeat(6)}},`.repeat(uses)}]\n`],
  ['a large document', 1211, (uses) => `p: ${list(450_000)}\na: &a ${list(900)}\nb: [${'*a,'.repeat(uses)}]\n`],
])('is refused as kubectl refuses it: %s, %i times', (_, uses, make) => {
  expect([uses, uses + 1].map((n) => isRefused(HEAD + make(n)))).toEqual([false, true])
})
