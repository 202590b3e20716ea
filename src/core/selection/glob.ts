import { ANY_FOLDERS, matchStars, pathPattern } from '../text/match-stars.ts'

/**
 * True when a name matches a pattern: `*` stands for any characters, a leading dot and `/` included, `?` for one. Every
 * other character stands for itself; there are no classes, braces or negations.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  const [parts, items] = [[...pattern], [...name]]
  return matchStars(
    {
      length: parts.length,
      isStar: (at) => parts[at] === '*',
      step: (at, n) => (parts[at] === '?' || parts[at] === items[n] ? at + 1 : -1),
    },
    items.length,
  )
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

/**
 * True when a path, or a folder on the way to it, matches a pattern: `*` and `?` stay within a name, `**` stands for
 * any number of folders, none included. Names with a leading dot are like others, as in `.gitignore`. Both are relative
 * to the same folder, with `/`.
 *
 * No library is used: those build regular expressions, in which a policy from anyone can cause exponential time.
 * picomatch 4.0.7 takes 62 s for `*a*a*a*a*a*ab` on a name of 100 letters.
 */
export function matchesPath(pattern: string, path: string): boolean {
  const [parts, names] = [segments(pattern), segments(path)]
  // Everything in a matching folder matches too.
  return parts.length > 0 && matchStars(pathPattern([...parts, ANY_FOLDERS], names, matchesGlob), names.length)
}
