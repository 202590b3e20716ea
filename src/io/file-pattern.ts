import { isThere, namesIn } from './stat.ts'
import { join, resolve } from 'node:path'
import { matchStars } from '../core/text/match-stars.ts'
import type { FileSystem } from './host.ts'
import { isTempFileName } from './stale-temp-files.ts'

/** Whether a path contains a special character of a pattern. */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path)
}

/** The folder where the search for a pattern starts: the segments before the first one with a special character. */
export function fixedFolder(pattern: string): string {
  const segments = pattern.split('/')
  const fixed = segments.slice(0, segments.findIndex(isPattern)).join('/')
  return fixed === '' && pattern.startsWith('/') ? '/' : fixed
}

/** Matches `[a-z]` or `[^a]` at `at`: whether it contains `c` and where it ends; undefined if it is not closed. */
function matchClass(pattern: string, at: number, c: string): { hit: boolean; end: number } | undefined {
  const close = pattern.indexOf(']', at + 2)
  if (close < 0) return undefined
  const negated = pattern[at + 1] === '^'
  const body = pattern.slice(at + (negated ? 2 : 1), close)
  let hit = false
  for (let i = 0; i < body.length; i++) {
    const low = body[i] as string
    const range = body[i + 1] === '-' && i + 2 < body.length
    const high = range ? (body[i + 2] as string) : low
    if (low <= c && c <= high) hit = true
    if (range) i += 2
  }
  return { hit: hit !== negated, end: close + 1 }
}

/** The offset in the pattern after it has matched one character, or -1. */
function step(pattern: string, at: number, c: string): number {
  const p = pattern[at]
  if (p === '[') {
    const found = matchClass(pattern, at, c)
    return found?.hit ? found.end : -1
  }
  return p === '?' || p === c ? at + 1 : -1
}

/** True when a name matches one segment of a pattern: `*`, `?` and `[...]` as in Go's filepath.Match. */
export function matchesName(pattern: string, name: string): boolean {
  return matchStars(
    {
      length: pattern.length,
      isStar: (at) => pattern[at] === '*',
      step: (at, n) => step(pattern, at, name[n] as string),
    },
    name.length,
  )
}

/**
 * Paths that match a pattern, in the form in which it was typed, sorted; empty if nothing matches. Files that a run creates
 * next to the files it writes are never inputs, although `*` matches them.
 */
export function matchPattern(fs: FileSystem, pattern: string, cwd: string): string[] {
  const absolute = pattern.startsWith('/')
  let found = [absolute ? '/' : '']
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    found = found.flatMap((base) => {
      if (!isPattern(segment)) return [base === '' ? segment : join(base, segment)]
      const names = namesIn(fs, resolve(cwd, base))
      const matching = names.filter((name) => matchesName(segment, name) && !isTempFileName(name))
      return matching.sort().map((name) => (base === '' ? name : join(base, name)))
    })
  }
  return found.filter((path) => isThere(fs, resolve(cwd, path)))
}
