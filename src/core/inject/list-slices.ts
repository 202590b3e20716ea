import { emptyObject, isObject } from '../json/json.ts'
import { nodeAt } from '../yaml/read/construct.ts'
import { linesOf } from '../yaml/edit/lines.ts'
import type { YamlNode } from '../yaml/read/node.ts'
import type { YamlDocument } from '../yaml/read/split.ts'
import type { DocumentGroup, ReadDocument } from './read-input.ts'

/** How many items of a list are worked on together: what is kept of plans does not grow with a list, and few are not worth it. */
const SLICE = 1000

/**
 * The items of a long list, some at a time, each time with the text around the list, so that they are read again as a
 * shorter list. Only of a list whose items have their own lines, or their own braces, and where no anchor makes one hang on
 * another; of others, and of short ones, the document as a whole.
 */
export function slicesOf(document: ReadDocument): Omit<DocumentGroup, 'source' | 'isWhole' | 'isSound'>[] {
  const { doc, workloads } = document
  const all = [{ range: { start: doc.start, end: doc.end }, documents: [document] }]
  if (workloads.length <= SLICE || doc.anchors || doc.directive || workloads.some(({ path }) => path.length !== 2))
    return all
  const starts = startsOf(doc)
  const list = isObject(doc.data) ? doc.data['items'] : undefined
  if (starts === undefined || !Array.isArray(list)) return all
  const [first, end] = [starts.items[0] as number, starts.end]
  const { text } = doc.source
  const around = { head: text.slice(doc.start, first), tail: text.slice(end, doc.end) }
  return Array.from({ length: Math.ceil(list.length / SLICE) }, (_, n) => {
    const [from, to] = [n * SLICE, Math.min((n + 1) * SLICE, list.length)]
    const own = workloads.filter(({ path }) => (path[1] as number) >= from && (path[1] as number) < to)
    return {
      range: { start: starts.items[from] as number, end: to === list.length ? end : starts.ends(to) },
      documents: [{ doc, workloads: own }],
      around,
      alone: {
        doc: { ...doc, data: Object.assign(emptyObject(), doc.data, { items: list.slice(from, to) }) },
        workloads: own.map((one) => Object.assign({}, one, { path: ['items', (one.path[1] as number) - from] })),
      },
    }
  })
}

/** Where the items of a document's list begin, and where one ends in front of the next; undefined where they share text. */
function startsOf({
  root,
  source,
  end,
}: YamlDocument): { items: readonly number[]; ends: (next: number) => number; end: number } | undefined {
  const list = root === undefined ? undefined : nodeAt(root, ['items'])
  if (root?.type !== 'map' || list?.type !== 'seq') return undefined
  if (list.flow) {
    const ends = (next: number): number => (list.items[next - 1] as YamlNode).end
    return { items: list.items.map(({ propertiesStart }) => propertiesStart), ends, end: ends(list.items.length) }
  }
  const lines = linesOf(source)
  if (root.pairs.at(-1)?.value !== list || !list.dashes.every((dash) => lines.isFirstOnLine(dash))) return undefined
  const items = list.dashes.map((dash) => dash - lines.columnOf(dash))
  return { items, ends: (next) => items[next] as number, end }
}
