import type { Pair, YamlNode } from '../read/node.ts'

/** Where among its neighbours a new entry goes: an index counts the entries that were there before. */
export type InsertPosition = 'last' | number

/** Where an entry of a collection is, with its anchor or tag. */
export interface EntrySpan {
  start: number
  end: number
  /** True when it ends with a colon or tag whose value is missing: a comma right after it would be read as part of it. */
  isOpen: boolean
}

export function entrySpan(node: YamlNode): EntrySpan {
  // `[a: ]` holds a map without braces.
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

export function pairSpan(pair: Pair): EntrySpan {
  const end = Math.max(pair.key.end, pair.colon + 1, pair.value.end)
  return {
    start: pair.start,
    end,
    isOpen: pair.colon + 1 === end || endsWithTag(pair.colon < 0 ? pair.key : pair.value),
  }
}
