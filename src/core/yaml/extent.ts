import type { Pair, YamlNode } from './node.ts'

/** Where among its neighbours a new entry goes: an index counts the entries that were there before. */
export type Place = 'last' | number

/** Where an entry of a collection stands, with its anchor or tag. */
export interface Extent {
  start: number
  end: number
  /** True when it ends with a colon or tag whose value is missing: a comma right behind it would be read as part of it. */
  isOpen: boolean
}

export function extent(node: YamlNode): Extent {
  // `[a: ]` holds a map without braces.
  const last = node.type === 'map' && node.flow ? node.pairs.at(-1) : undefined
  return { start: node.outerStart, end: node.end, isOpen: (last !== undefined && pairExtent(last).isOpen) || endsWithTag(node) }
}

/** True for a tag without a value; `!!str,` would be another tag. */
function endsWithTag(node: YamlNode): boolean {
  return node.type === 'scalar' && node.start === node.end && node.outerStart < node.start
}

export function pairExtent(pair: Pair): Extent {
  const end = Math.max(pair.key.end, pair.colon + 1, pair.value.end)
  return { start: pair.start, end, isOpen: pair.colon + 1 === end || endsWithTag(pair.colon < 0 ? pair.key : pair.value) }
}
