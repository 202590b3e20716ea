import { inOrder, type PendingEdit } from './pending-edits.ts'
import type { ScalarNode, YamlNode } from '../read/node.ts'
import { EditLayoutError } from './edit-error.ts'

/**
 * Rejects removing all lines between a block scalar and a comment that is indented as deep as the scalar's text: the
 * comment would become part of the scalar.
 * @param edits those of one plan
 * @throws EditLayoutError at the comment
 */
export function refuseSwallowed(text: string, root: YamlNode, edits: readonly PendingEdit[]): void {
  for (const { start, end } of removedRuns(edits)) {
    const [indent] = COMMENT.exec(text.slice(end, end + MOST_BLANKS)) ?? []
    if (indent === undefined || !/(?:^|[\r\n])[ \t]*$/.test(text.slice(Math.max(0, end - MOST_BLANKS), end))) continue
    const scalar = lastBlockScalar(root, start)
    if (scalar === undefined || /[^\s\u0085]/.test(text.slice(scalar.end, start))) continue
    if (indent.length - 1 < indentOf(text, scalar)) continue
    throw new EditLayoutError(
      'without the lines above it, this comment would become part of the block scalar before them',
      end + indent.length - 1,
      'indent the comment like the keys around it',
    )
  }
}

/** Blanks before a comment that are searched. */
const MOST_BLANKS = 200
const COMMENT = /^ *#/

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

/** The literal or folded scalar that is the last value before an offset; undefined where that is another value. */
function lastBlockScalar(root: YamlNode, offset: number): ScalarNode | undefined {
  for (let node: YamlNode | undefined = root; node !== undefined;) {
    if (node.type === 'scalar')
      return (node.style === 'literal' || node.style === 'folded') && node.end <= offset ? node : undefined
    if (node.type === 'seq') node = lastBefore(node.items, offset, (item) => item.propertiesStart)
    else node = node.type === 'map' ? lastBefore(node.pairs, offset, ({ start }) => start)?.value : undefined
  }
  return undefined
}

/** The last of the sorted entries that starts before an offset. */
function lastBefore<T>(all: readonly T[], offset: number, startOf: (one: T) => number): T | undefined {
  let [low, high] = [0, all.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (startOf(all[middle] as T) < offset) low = middle + 1
    else high = middle
  }
  return all[low - 1]
}

/** The indentation of a block scalar's text, in columns. */
function indentOf(text: string, { start, end }: ScalarNode): number {
  return /[\r\n]( *)[^ \r\n]/.exec(text.slice(start, end))?.[1]?.length ?? 1
}
