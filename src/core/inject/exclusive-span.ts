import type { TextRange } from '../text/source.ts'
import { nodeAt } from '../yaml/read/construct.ts'
import { linesOf, type Lines } from '../yaml/edit/lines.ts'
import type { SeqNode } from '../yaml/read/node.ts'
import type { ReadDocument } from './read-input.ts'

/**
 * The stretch of the text that each workload of a document has for itself, so that no edit for one concerns another: the
 * whole document, or of a list in block style the lines from the dash of an item to the next one, and of another list what
 * is between the braces of an item, with the rest of its lines. Undefined for a workload that has none: the last item of a
 * list in block style, behind which other things stand, and all where there are anchors.
 */
export function exclusiveSpansOf({ doc, workloads }: ReadDocument): readonly (TextRange | undefined)[] {
  const { anchors, directive, root, source, start, end } = doc
  if (anchors || directive || root === undefined) return []
  const [workload, another] = workloads
  if (workload !== undefined && another === undefined && workload.path.length === 0) return [{ start, end }]
  const list = nodeAt(root, ['items'])
  if (list?.type !== 'seq') return []
  const lines = linesOf(source)
  const stretchOf = list.flow ? inBraces(list, lines) : behindDash(list, lines)
  return workloads.map(({ path }, n) => {
    const item = path[1]
    // Of some kinds an object has several pod templates, and is several workloads.
    const isShared = workloads[n - 1]?.path[1] === item || workloads[n + 1]?.path[1] === item
    return path.length !== 2 || typeof item !== 'number' || isShared ? undefined : stretchOf(item)
  })
}

function behindDash({ dashes }: SeqNode, lines: Lines): (item: number) => TextRange | undefined {
  const starts = dashes.map((dash) => (lines.isFirstOnLine(dash) ? dash - lines.columnOf(dash) : undefined))
  return (item) => {
    const [start, end] = [starts[item], starts[item + 1]]
    return start === undefined || end === undefined ? undefined : { start, end }
  }
}

function inBraces({ items }: SeqNode, lines: Lines): (item: number) => TextRange | undefined {
  return (item) => {
    const node = items[item]
    if (node === undefined) return undefined
    const { propertiesStart: start, end } = node
    return lines.isFirstOnLine(start) ? { start: start - lines.columnOf(start), end: lines.lineEnd(end) } : { start, end }
  }
}
