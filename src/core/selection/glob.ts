/**
 * True when all items are matched by a pattern in which `isStar` parts match any number of items, and every other
 * part one. Takes time in proportion to pattern times items at most.
 */
function matchSequence<P, T>(
  pattern: readonly P[],
  items: readonly T[],
  isStar: (part: P) => boolean,
  matches: (part: P, item: T) => boolean,
): boolean {
  let [p, n, star, from] = [0, 0, -1, 0]
  while (n < items.length) {
    const part = pattern[p]
    if (part !== undefined && isStar(part)) {
      star = p++
      from = n
    } else if (part !== undefined && matches(part, items[n] as T)) {
      p++
      n++
    } else if (star >= 0) {
      p = star + 1
      n = ++from
    } else return false
  }
  while (p < pattern.length && isStar(pattern[p] as P)) p++
  return p === pattern.length
}

/**
 * True when a name matches a pattern: `*` stands for any characters, a leading dot and `/` included, `?` for one. Every
 * other character stands for itself; there are no classes, braces or negations.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  return matchSequence(
    [...pattern],
    [...name],
    (c) => c === '*',
    (c, d) => c === '?' || c === d,
  )
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

const ANY_FOLDERS = '**'

/**
 * True when a path, or a folder on the way to it, matches a pattern: `*` and `?` stay within a name, `**` stands for
 * any number of folders, none included. Names with a leading dot are like others, as in `.gitignore`. Both are relative
 * to the same folder, with `/`.
 *
 * No library is used: those build regular expressions, in which a policy from anyone can cause exponential time.
 * picomatch 4.0.7 takes 62 s for `*a*a*a*a*a*ab` on a name of 100 letters.
 */
export function matchesPath(pattern: string, path: string): boolean {
  const parts = segments(pattern)
  // What is in a folder that matches matches, too.
  return (
    parts.length > 0 &&
    matchSequence([...parts, ANY_FOLDERS], segments(path), (part) => part === ANY_FOLDERS, matchesGlob)
  )
}
