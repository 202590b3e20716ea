import { describe, expect, it } from 'vitest'
import { matchStars, pathPattern } from '../../../src/core/text/match-stars.ts'

/** Whether a pattern of a path matches one; names stand for themselves. */
function matches(pattern: string, path: string, lastStarNeedsItem?: true): boolean {
  const [parts, names] = [pattern, path].map((text) => (text === '' ? [] : text.split('/'))) as [string[], string[]]
  const rows = pathPattern(parts, names, (part, name) => part === name)
  return matchStars(lastStarNeedsItem === true ? { ...rows, lastStarNeedsItem } : rows, names.length)
}

describe('patterns with stars', () => {
  it.each<[pattern: string, path: string, isMatch: boolean, isMatchOfGit: boolean]>([
    ['a/b', 'a/b', true, true],
    ['a/b', 'a', false, false],
    ['a', 'a/b', false, false],
    ['', '', true, true],
    ['', 'a', false, false],
    // No folder, one and many.
    ['**/b', 'b', true, true],
    ['**/b', 'a/b', true, true],
    ['**/b', 'a/a/b', true, true],
    ['**/b', 'a/b/c', false, false],
    ['a/**/b', 'a/b', true, true],
    ['a/**/b', 'a/x/y/b', true, true],
    ['a/**/b', 'b', false, false],
    // The last star that matches too little is tried again with more.
    ['**/a/b', 'a/a/b', true, true],
    ['**/a/**/b/c', 'a/b/x/b/c', true, true],
    ['**/a/**/b', 'b/a', false, false],
    // At the end: git wants something in the folder.
    ['a/**', 'a/b', true, true],
    ['a/**', 'a/b/c', true, true],
    ['a/**', 'a', true, false],
    ['**', 'a', true, true],
    ['**', '', true, false],
    ['a/**/**', 'a', true, false],
    ['a/**/**', 'a/b', true, true],
  ])('%s for %s: %s, for git %s', (pattern, path, isMatch, isMatchOfGit) => {
    expect([matches(pattern, path), matches(pattern, path, true)]).toEqual([isMatch, isMatchOfGit])
  })

  it('takes at most pattern times items steps', () => {
    const parts = [...'*a'.repeat(50), 'b']
    let steps = 0
    const pattern = {
      length: parts.length,
      isStar: (at: number) => parts[at] === '*',
      step: (at: number) => {
        steps++
        return parts[at] === 'a' ? at + 1 : -1
      },
    }
    expect(matchStars(pattern, 2000)).toBe(false)
    expect(steps).toBeLessThanOrEqual(parts.length * 2000)
  })
})
