/** Names longer than this are not compared: the cost grows with the product of the lengths. */
const MAX_LENGTH = 80

/** Names that a hint lists. */
const MAX_LISTED = 40

/**
 * The candidate that a misspelt name most likely means, or undefined when none is near.
 * Near is at most one edit in three characters; an edit is an insertion, a removal, a replacement or two
 * neighbours swapped. Letter case and the signs `-`, `_` and `.` do not count. Ties go to the first candidate. Where
 * none is near, a name that only one candidate begins with is taken for its short form (`params` for `parameters`).
 */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined
  const wanted = plain(name)
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of candidates) {
    if (candidate.length > MAX_LENGTH) continue
    const distance = editDistance(wanted, plain(candidate), bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best ?? longForm(wanted, candidates)
}

/** Letters that a short form has at least, without a plural's `s`. */
const MIN_SHORT_FORM = 4

function longForm(short: string, candidates: Iterable<string>): string | undefined {
  const start = short.replace(/s$/, '')
  if (start.length < MIN_SHORT_FORM) return undefined
  const [only, another] = [...candidates].filter((candidate) => plain(candidate).startsWith(start))
  return another === undefined ? only : undefined
}

/** A hint sentence for a misspelt name: the nearest candidate, or the list of all when none is near. */
export function didYouMeanHint(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined
  const near = didYouMean(name, candidates)
  if (near !== undefined) return `did you mean ${near}?`
  const listed = candidates.toSorted().slice(0, MAX_LISTED)
  const more = candidates.length - listed.length
  return `known names: ${listed.join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]/g, '')
}

/**
 * Distance of Damerau and Levenshtein (restricted), or `limit` as soon as it is known to be no smaller. A library of plain
 * Levenshtein distance (fastest-levenshtein 1.0.16) counts two for neighbours swapped, by which all 142 such spellings
 * of Kubernetes' field names of up to five letters (`nmae`, `kidn`, `iamge`) would no longer be near.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let value = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) value = Math.min(value, (beforePrevious[j - 2] ?? 0) + 1)
      row.push(value)
    }
    if (row.every((distance) => distance >= limit)) return limit
    beforePrevious = previous
    previous = row
  }
  return previous[b.length] ?? limit
}
