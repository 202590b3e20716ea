import type { Pair, YamlNode } from '../read/node.ts'

/** Where a new entry goes: after all others, or before the one with that 0-based index in the unedited collection. */
export type InsertPosition = 'last' | number

/** The 0-based offsets of an entry of a collection, with its anchor and tag. */
export interface EntrySpan {
  start: number
  end: number
  /** True when it ends with a colon or tag without a value: a comma right after it would be read as part of it. */
  isOpen: boolean
}

/** The span of a list item. */
export function entrySpan(node: YamlNode): EntrySpan {
  // `[a: ]` has a map without braces.
  const last = node.type === 'map' && node.flow ? node.pairs.at(-1) : undefined
  return {
    start: node.propertiesStart,
    end: node.end,
    isOpen: (last !== undefined && pairSpan(last).isOpen) || endsWithTag(node),
  }
}

/** True for a tag without a value; `!!str,` would be another tag. */
function endsWithTag(node: YamlNode): boolean {
  return node.type === 'scalar' && node.start === node.end && node.propertiesStart < node.start
}

/** The span of a pair, up to the end of its value or, without one, of its colon or key. */
export function pairSpan(pair: Pair): EntrySpan {
  const end = Math.max(pair.key.end, pair.colon + 1, pair.value.end)
  return {
    start: pair.start,
    end,
    isOpen: pair.colon + 1 === end || endsWithTag(pair.colon < 0 ? pair.key : pair.value),
  }
}
