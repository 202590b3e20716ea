/** A pattern of which some parts are stars, which match any number of items. */
export interface StarPattern {
  /** How many parts it has, or characters. */
  length: number
  /** Whether a star is at an offset of the pattern. */
  isStar: (at: number) => boolean
  /** Where the pattern continues if what is at `at` matches the item with index `n`; -1 if it does not match. */
  step: (at: number, n: number) => number
  /** Whether a star at the end needs an item, as `**` of git does: `a/**` matches what is in `a`, not `a` itself. */
  lastStarNeedsItem?: true
}

/**
 * Whether a pattern matches all items of a sequence, characters or names of a path. It goes back to the last star only,
 * as what the stars before it match need not change: at most pattern times items steps, whatever the pattern, which a
 * regular expression with backtracking does not promise.
 * @param count how many items there are
 */
export function matchStars({ length, isStar, step, lastStarNeedsItem }: StarPattern, count: number): boolean {
  let [p, n, star, from] = [0, 0, -1, 0]
  while (n < count) {
    if (p < length && isStar(p)) {
      star = p++
      from = n
      continue
    }
    const after = p < length ? step(p, n) : -1
    if (after >= 0) {
      p = after
      n++
    } else if (star >= 0) {
      p = star + 1
      n = ++from
    } else return false
  }
  if (lastStarNeedsItem !== true) while (p < length && isStar(p)) p++
  return p === length
}

/** Stands for any number of folders in the patterns of paths. */
export const ANY_FOLDERS = '**'

/** A pattern of the names of a path, in which `**` is a star and every other name is matched by `matches`. */
export function pathPattern(
  names: readonly string[],
  path: readonly string[],
  matches: (pattern: string, name: string) => boolean,
): StarPattern {
  return {
    length: names.length,
    isStar: (at) => names[at] === ANY_FOLDERS,
    step: (at, n) => (matches(names[at] as string, path[n] as string) ? at + 1 : -1),
  }
}
