/**
 * The candidate that a misspelt word most likely means, or undefined when none is near. Letter case counts for nothing;
 * otherwise up to a third of the word may be wrong, where two swapped letters count once.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  let best: string | undefined
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  if (wanted.length > MAX_LENGTH) return undefined
  for (const candidate of candidates) {
    const near = distance(wanted, candidate.toLowerCase())
    if (near < least) {
      best = candidate
      least = near
    }
  }
  return best
}

/** No name of Kubernetes is longer; comparing hostile words would take long. */
const MAX_LENGTH = 64

/** Edits (insert, delete, replace, swap of neighbours) between two words. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) least = Math.min(least, beforeLast[j - 2]! + 1)
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] as number
}
