import { inOrder, type PendingEdit } from './pending-edits.ts'
import type { Pair, ScalarNode, YamlNode } from '../read/node.ts'
import { EditLayoutError } from './edit-error.ts'
import { columnOf } from './style.ts'

/**
 * Rejects removing all lines between a block scalar and a comment that is indented as deep as the scalar's text: the
 * comment would become part of the scalar.
 * @param edits those of one plan
 * @throws EditLayoutError at the comment
 */
export function refuseSwallowed(text: string, root: YamlNode, edits: readonly PendingEdit[]): void {
  for (const { start, end } of removedRuns(edits)) {
    const [before, indent] = COMMENT.exec(text.slice(end, end + MOST_BLANKS)) ?? []
    if (
      before === undefined ||
      indent === undefined ||
      !/(?:^|[\r\n])[ \t]*$/.test(text.slice(Math.max(0, end - MOST_BLANKS), end))
    )
      continue
    const found = lastBlockScalar(root, start)
    if (found === undefined || /[^\s\u0085]/.test(text.slice(found.scalar.end, start))) continue
    if (indent.length < indentOf(text, found)) continue
    throw new EditLayoutError(
      'without the lines above it, this comment would become part of the block scalar before them',
      end + before.length - 1,
      'indent the comment like the keys around it',
    )
  }
}

/** Blanks before a comment that are searched. */
const MOST_BLANKS = 200
/** A comment, with the blank lines before it. */
const COMMENT = /^(?:[ \t\r\n]*[\r\n])?( *)#/

/** The ranges that are removed without a replacement; adjacent ones are joined. */
function removedRuns(edits: readonly PendingEdit[]): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = []
  for (const { start, end, text } of inOrder(edits)) {
    const last = runs.at(-1)
    if (text !== '') {
      if (last?.end === start) runs.pop()
    } else if (last?.end === start) last.end = end
    else runs.push({ start, end })
  }
  return runs
}

interface BlockScalar {
  scalar: ScalarNode
  /** Where the entry that it is the value of begins; undefined for a document that is nothing else. */
  entry: number | undefined
}

/** The literal or folded scalar that is the last value before an offset; undefined where that is another value. */
function lastBlockScalar(root: YamlNode, offset: number): BlockScalar | undefined {
  let entry: number | undefined
  for (let node: YamlNode | undefined = root; node !== undefined;) {
    if (node.type === 'scalar')
      return (node.style === 'literal' || node.style === 'folded') && node.end <= offset
        ? { scalar: node, entry }
        : undefined
    if (node.type === 'seq') {
      const index: number = countBefore(node.items, offset, (item) => item.propertiesStart) - 1
      entry = node.dashes[index]
      node = node.items[index]
    } else if (node.type === 'map') {
      const pair: Pair | undefined = node.pairs[countBefore(node.pairs, offset, ({ start }) => start) - 1]
      entry = pair?.start
      node = pair?.value
    } else return undefined
  }
  return undefined
}

/** How many of the sorted entries start before an offset. */
function countBefore<T>(all: readonly T[], offset: number, startOf: (one: T) => number): number {
  let [low, high] = [0, all.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (startOf(all[middle] as T) < offset) low = middle + 1
    else high = middle
  }
  return low
}

const INDICATOR = /^[|>][+-]?([1-9])/
const FIRST_LINE = /[\r\n]( *)[^ \r\n]/

/** The indentation of a block scalar's text, in columns; without text, the least that it could have. */
function indentOf(text: string, { scalar, entry }: BlockScalar): number {
  const source = text.slice(scalar.start, scalar.end)
  const indicator = INDICATOR.exec(source)?.[1]
  const outer = entry === undefined ? undefined : columnOf(text, entry)
  if (indicator !== undefined) return (outer ?? 0) + Number(indicator)
  return FIRST_LINE.exec(source)?.[1]?.length ?? (outer ?? -1) + 1
}
