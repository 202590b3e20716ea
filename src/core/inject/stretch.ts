import type { Range } from '../text/source.ts'
import { nodeAt } from '../yaml/data.ts'
import { linesOf } from '../yaml/lines.ts'
import type { ReadDocument } from './read.ts'

/**
 * The stretch of the text that each workload of a document has for itself, so that no edit for one concerns another: the
 * whole document, or the lines from the dash of a list's item to the next one. Undefined for a workload that has none: the
 * last item of a list, behind which other things stand, and all of JSON, of flow style, or with anchors.
 */
export function stretchesOf({ doc, workloads }: ReadDocument): readonly (Range | undefined)[] {
  const { anchors, directive, format, root, source, start, end } = doc
  if (anchors || directive || format === 'json' || root === undefined) return []
  const [workload, another] = workloads
  if (workload !== undefined && another === undefined && workload.path.length === 0) return [{ start, end }]
  const list = nodeAt(root, ['items'])
  if (list?.type !== 'seq' || list.flow) return []
  const lines = linesOf(source)
  const starts = list.dashes.map((dash) => (lines.isFirstOnLine(dash) ? dash - lines.columnOf(dash) : undefined))
  return workloads.map(({ path }, n) => {
    const item = path[1]
    // Of some kinds an object has several pod templates, and is several workloads.
    const isShared = workloads[n - 1]?.path[1] === item || workloads[n + 1]?.path[1] === item
    if (path.length !== 2 || typeof item !== 'number' || isShared) return undefined
    const [from, to] = [starts[item], starts[item + 1]]
    return from === undefined || to === undefined ? undefined : { start: from, end: to }
  })
}
