import type { Json, JsonObject } from '../../../json/json.ts'
import type { DuplicateKey } from '../construct.ts'
import { seqNode, type MapNode, type SeqNode } from '../node.ts'
import type { SourceSlice } from '../source-slice.ts'
import { isBreak } from '../token.ts'
import { bailOut, skipSpaces } from './cursor.ts'
import { fromStart, isDash, readMap, readSeq, readValue, toNextLine } from './fast-path.ts'

/** A map with a block list whose items were not kept. */
export interface ListOutline {
  /** The map, with its list empty. */
  root: MapNode
  data: JsonObject
  count: number
  /** The 0-based offsets at which runs of `size` items begin, each the start of a line. */
  starts: readonly number[]
  /** The 0-based offsets at which these runs end. */
  ends: readonly number[]
}

/**
 * Reads a document whose root is a map with a block list below `key`, as `readFastPath` does, but drops each item as
 * soon as it is read.
 * @param size items per run
 * @returns undefined where there is no such list, a key occurs twice, or the fast path does not support the text
 */
export function outlineList(slice: SourceSlice, key: string, size: number): ListOutline | undefined {
  const starts: number[] = []
  let count = 0
  const { text } = slice
  let list: SeqNode | undefined
  const outline = fromStart(slice, (c) => {
    const { column } = c
    if (column < 0 || isDash(c) || !hasKeyAt(slice, key, column)) return undefined
    const root = readMap(c, (_, name) => {
      if (name !== key) return undefined
      const at = skipSpaces(c, c.at + 1)
      if (at < c.end && !LINE_REST.has(text.charCodeAt(at))) return undefined
      toNextLine(c, c.at + 1, -1)
      if (c.column < column || !isDash(c)) bailOut()
      list = seqNode(c.at, c.at, false)
      const { column: dashes } = c
      do {
        if (count++ % size === 0) starts.push(c.at - dashes)
        list.end = readValue(c, c.at, dashes, true).end
      } while (c.column === dashes && isDash(c))
      if (c.column > column) bailOut()
      c.data = []
      return list
    })
    return c.duplicates.length > 0 ? undefined : { root, data: c.data as JsonObject, column }
  })
  if (outline === undefined || list === undefined) return undefined
  const { root, data, column } = outline
  const next = root.pairs[root.pairs.findIndex(({ value }) => value === list) + 1]
  return { root, data, count, starts, ends: [...starts.slice(1), next === undefined ? slice.end : next.start - column] }
}

/**
 * False where no key in a column can be `key`, so that texts without such a list are not read in vain. Keys that are
 * neither plain nor in simple quotes are not found; the fast path does not support such lists.
 */
function hasKeyAt({ text, start, end }: SourceSlice, key: string, column: number): boolean {
  const part = text.slice(start, end)
  for (let at = part.indexOf(key); at >= 0; at = part.indexOf(key, at + 1)) {
    const line = (QUOTES.has(part.charCodeAt(at - 1)) ? at - 1 : at) - column
    if (line === 0 || (line > 0 && isBreak(part.charCodeAt(line - 1)))) return true
  }
  return false
}

const QUOTES = new Set([34, 39])

/** What may follow the colon of a key whose value begins on a line below. */
const LINE_REST = new Set([10, 13, 35])

/** The items of a run that `outlineList` found. */
export function readItems(
  slice: SourceSlice,
): { list: SeqNode; data: readonly Json[]; duplicates: readonly DuplicateKey[] } | undefined {
  return fromStart(slice, (c) => ({ list: readSeq(c, false), data: c.data as Json[], duplicates: c.duplicates }))
}
