import { dirname, join } from 'node:path'
import { ANY_FOLDERS, matchStars, pathPattern } from '../core/text/match-stars.ts'
import type { FileSystem } from './host.ts'
import { isThere } from './stat.ts'

/** One line of a `.gitignore`. */
interface IgnoreLine {
  /** Names of a path, or `**`. */
  segments: readonly string[]
  negated: boolean
  foldersOnly: boolean
}

/**
 * The lines of a `.gitignore` (gitignore(5)). No library is used: those build regular expressions, in which a
 * file from anyone can cause exponential time.
 */
function parseIgnoreLines(text: string): IgnoreLine[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line) => {
      const bare = withoutTrailingBlanks(line.endsWith('\r') ? line.slice(0, -1) : line)
      if (bare === '' || bare.startsWith('#')) return []
      const negated = bare.startsWith('!')
      const pattern = negated ? bare.slice(1) : bare
      const foldersOnly = pattern.endsWith('/')
      const path = foldersOnly ? pattern.slice(0, -1) : pattern
      if (path === '' || path === '/') return []
      const isAnchored = path.includes('/')
      const segments = (path.startsWith('/') ? path.slice(1) : path).split('/')
      return [{ segments: isAnchored ? segments : [ANY_FOLDERS, ...segments], negated, foldersOnly }]
    })
}

/** Blanks at the end of a line count only after a backslash. */
function withoutTrailingBlanks(line: string): string {
  let end = line.length
  while (line[end - 1] === ' ' && line[end - 2] !== '\\') end--
  return line.slice(0, end)
}

function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  return matchStars({ ...pathPattern(pattern, path, matchesSegment), lastStarNeedsItem: true }, path.length)
}

/** True when a name matches one segment of a line: `*`, `?`, `[...]` and `\` (git's `wildmatch`). */
function matchesSegment(pattern: string, name: string): boolean {
  return matchStars(
    {
      length: pattern.length,
      isStar: (at) => pattern[at] === '*',
      step: (at, n) => matchOne(pattern, at, name[n] as string),
    },
    name.length,
  )
}

/** The offset in the pattern after the part that matches one character; -1 if it does not match. */
function matchOne(pattern: string, at: number, c: string): number {
  const p = pattern[at]
  if (p === '?') return at + 1
  if (p === '[') return matchClass(pattern, at, c)
  if (p === '\\') return pattern[at + 1] === c ? at + 2 : -1
  return p === c ? at + 1 : -1
}

/** The POSIX character classes of a pattern. */
const CLASSES: Readonly<Record<string, RegExp>> = {
  alpha: /^[A-Za-z]$/,
  digit: /^\d$/,
  alnum: /^[A-Za-z\d]$/,
  lower: /^[a-z]$/,
  upper: /^[A-Z]$/,
  xdigit: /^[\dA-Fa-f]$/,
  space: /^\s$/,
  blank: /^[ \t]$/,
  punct: /^[!-/:-@[-`{-~]$/,
}

function matchClass(pattern: string, at: number, c: string): number {
  let i = at + 1
  const negated = pattern[i] === '!' || pattern[i] === '^'
  if (negated) i++
  let hit = false
  for (let first = true; first || pattern[i] !== ']'; first = false) {
    if (i >= pattern.length) return -1
    const named = pattern.startsWith('[:', i) ? pattern.indexOf(':]', i + 2) : -1
    if (named >= 0) {
      if (CLASSES[pattern.slice(i + 2, named)]?.test(c) === true) hit = true
      i = named + 2
      continue
    }
    if (pattern[i] === '\\') i++
    const low = pattern[i] ?? ''
    let high = low
    if (pattern[i + 1] === '-' && pattern[i + 2] !== ']' && i + 2 < pattern.length) {
      i += pattern[i + 2] === '\\' ? 3 : 2
      high = pattern[i] ?? ''
    }
    if (low <= c && c <= high) hit = true
    i++
  }
  return hit === negated ? -1 : i + 1
}

/** What git ignores in a folder and below it: the lines of a file, and those of the files above it. */
export class IgnoreRules {
  readonly #folder: string
  readonly #lines: readonly IgnoreLine[]
  readonly #above: IgnoreRules | undefined

  private constructor(folder: string, lines: readonly IgnoreLine[], above: IgnoreRules | undefined) {
    this.#folder = folder
    this.#lines = lines
    this.#above = above
  }

  /** The rules for a folder, from the top of its repository down; undefined outside of a repository of git. */
  static for(fs: FileSystem, folder: string): IgnoreRules | undefined {
    const folders: string[] = []
    for (let at = folder; ; at = dirname(at)) {
      folders.unshift(at)
      if (isThere(fs, join(at, '.git'))) break
      if (dirname(at) === at) return undefined
    }
    const [top] = folders as [string]
    const base = new IgnoreRules(top, linesOf(fs, join(top, '.git', 'info', 'exclude')), undefined)
    return folders.reduce((rules: IgnoreRules, one) => rules.within(fs, one), base)
  }

  /** These rules with those of a folder's own file. */
  within(fs: FileSystem, folder: string): IgnoreRules {
    const lines = linesOf(fs, join(folder, '.gitignore'))
    return lines.length === 0 ? this : new IgnoreRules(folder, lines, this)
  }

  /** Whether git ignores a file or folder whose own folder it does not ignore. The last line that matches decides. */
  ignores(path: string, isFolder: boolean): boolean {
    const names = path
      .slice(this.#folder.length)
      .split(/[\\/]/)
      .filter((name) => name !== '')
    const line = this.#lines.findLast(
      ({ segments, foldersOnly }) => (isFolder || !foldersOnly) && matchesSegments(segments, names),
    )
    return line === undefined ? this.#above?.ignores(path, isFolder) === true : !line.negated
  }
}

function linesOf(fs: FileSystem, path: string): IgnoreLine[] {
  try {
    // A link may lead to a device, which has no end.
    return fs.statSync(path, { throwIfNoEntry: false })?.isFile() === true
      ? parseIgnoreLines(fs.readFileSync(path, 'utf8'))
      : []
  } catch {
    return []
  }
}
