import type { Json } from './json.ts'
import { isEqual } from './equality.ts'

/** How one list becomes another. */
export interface ListDiff {
  /** Items that stay in their place, perhaps with another value: index before, index after, in order. */
  kept: Map<number, number>
  /** New items, by the number of original items before them. */
  added: Map<number, Json[]>
}

/**
 * Aligns two lists: by what identifies their items, where all have that; else by equal items, and between these one
 * by one.
 */
export function diffLists(
  from: readonly Json[],
  to: readonly Json[],
  idOf: (item: Json) => string | undefined,
): ListDiff {
  const hasIds = [from, to].every(
    (list) => new Set(list.map(idOf)).size === list.length && !list.map(idOf).includes(undefined),
  )
  const isSame = hasIds ? (a: Json, b: Json): boolean => idOf(a) === idOf(b) : isEqual
  const kept = new Map<number, number>()
  let [a, b] = [0, 0]
  for (const [nextA, nextB] of [...commonItems(from, to, isSame), [from.length, to.length] as const]) {
    // Between equal items without identity, one takes the place of another.
    while (!hasIds && a < nextA && b < nextB) kept.set(a++, b++)
    if (nextA < from.length) kept.set(nextA, nextB)
    ;[a, b] = [nextA + 1, nextB + 1]
  }
  return { kept, added: addedItems(to, kept) }
}

function addedItems(to: readonly Json[], kept: ReadonlyMap<number, number>): Map<number, Json[]> {
  const placeOf = new Map([...kept].map(([index, target]) => [target, index + 1]))
  const added = new Map<number, Json[]>()
  let place = 0
  for (const [n, item] of to.entries()) {
    const known = placeOf.get(n)
    if (known === undefined) added.set(place, [...(added.get(place) ?? []), item])
    else place = known
  }
  return added
}

/** A longest common subsequence, as pairs of indexes. Lists of manifests are short, so a table does. */
function commonItems(
  from: readonly Json[],
  to: readonly Json[],
  isSame: (a: Json, b: Json) => boolean,
): [number, number][] {
  const width = to.length + 1
  const lengths = new Uint32Array((from.length + 1) * width)
  const at = (i: number, j: number): number => lengths[i * width + j] as number
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      lengths[i * width + j] = isSame(from[i] as Json, to[j] as Json)
        ? at(i + 1, j + 1) + 1
        : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const out: [number, number][] = []
  for (let i = 0, j = 0; i < from.length && j < to.length;) {
    if (isSame(from[i] as Json, to[j] as Json)) out.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return out
}
