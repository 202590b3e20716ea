import type { PendingEdits } from './pending-edits.ts'
import { pairSpan } from './entry-span.ts'
import type { Lines } from './lines.ts'
import type { MapNode, SeqNode, YamlNode } from '../read/node.ts'

/** An entry of a block collection: from its dash or key to the end of its value, and the nodes in it. */
export interface Entry {
  start: number
  end: number
  nodes: readonly YamlNode[]
}

export function itemEntries({ items, dashes }: SeqNode): Entry[] {
  return items.map((item, n) => {
    const start = dashes[n] as number
    return { start, end: Math.max(item.end, start + 1), nodes: [item] }
  })
}

export function pairEntries({ pairs }: MapNode): Entry[] {
  return pairs.map((pair) => ({ ...pairSpan(pair), nodes: [pair.key, pair.value] }))
}

/** Plans the removal of entries of block collections. Offsets and `depth` are those of `YamlEditor`. */
export class BlockRemoval {
  readonly #text: string
  readonly #lines: Lines
  readonly #edits: PendingEdits

  constructor(text: string, lines: Lines, edits: PendingEdits) {
    this.#text = text
    this.#lines = lines
    this.#edits = edits
  }

  /** Removes the entries of a collection with those 0-based indexes. */
  remove(entries: readonly Entry[], indexes: ReadonlySet<number>, depth: number): void {
    const [first] = entries
    // Only the first entry can share its line with the dash or colon before the collection.
    let moved = 0
    if (first !== undefined && indexes.has(0) && !this.#lines.isFirstOnLine(first.start)) {
      while (indexes.has(moved)) moved++
      const next = entries[moved]
      if (next === undefined) {
        this.#removeRestOfLine(first, depth)
        moved = 1
      } else this.#moveUp(entries.slice(0, moved), next.start, depth)
    }
    for (const index of indexes) if (index >= moved) this.#removeLines(entries[index] as Entry, depth)
  }

  /**
   * Removes the first entries of a collection, which begins on the line of a dash or colon, and moves the next entry up
   * to that place. Comments on lines of their own between them are the user's: they stay, above that line.
   */
  #moveUp(entries: readonly Entry[], next: number, depth: number): void {
    const { start } = entries[0] as Entry
    const nodes = entries.flatMap((entry) => entry.nodes)
    const line = start - this.#lines.columnOf(start)
    const eol = this.#lines.eol(start)
    const comments = this.commentLines(this.#lines.lineEnd(start), next, nodes)
    const pad = this.#lines.padOf(start)
    if (comments.length > 0)
      this.#edits.push(line, line, comments.map((comment) => pad + comment.trimStart() + eol).join(''), depth)
    this.#edits.push(start, next, '', depth)
  }

  /** Removes an entry that shares its first line with a dash or colon, which stays on that line alone. */
  #removeRestOfLine({ start, end, nodes }: Entry, depth: number): void {
    const lineEnd = this.#lines.lineEnd(start)
    const rest = this.#text.slice(start, lineEnd).replace(/[\r\n\u0085\u2028\u2029]+$/, '')
    this.#edits.push(this.#lines.blanksBefore(start), start + rest.length, '', depth)
    this.#removeWholeLines(lineEnd, this.#lines.lineEnd(end), this.#lines.columnOf(start), nodes, depth)
  }

  #removeLines({ start, end, nodes }: Entry, depth: number): void {
    const line = this.#lines.ownLine(start)
    this.#removeWholeLines(line, this.#lines.lineEnd(end), start - line, nodes, depth)
  }

  /**
   * Removes the lines of an entry at that column. Comments on lines of their own inside it are the user's: they stay,
   * indented no deeper than the entry was.
   */
  #removeWholeLines(start: number, end: number, column: number, nodes: readonly YamlNode[], depth: number): void {
    let from = start
    for (let at = start; at < end;) {
      const next = this.#lines.lineEnd(at)
      if (this.#isComment(at, next, nodes)) {
        // Indented deeper than the text before it, the comment could become part of that.
        const excess = (/^ */.exec(this.#text.slice(at, next))?.[0].length ?? 0) - column
        if (from < at || excess > 0) this.#edits.push(from, at + Math.max(excess, 0), '', depth)
        from = next
      }
      at = next
    }
    if (from < end) this.#edits.push(from, end, '', depth)
  }

  /** The comments on lines of their own, from the start of a line on; not what looks like one in a text of the nodes. */
  commentLines(start: number, end: number, nodes: readonly YamlNode[]): string[] {
    const lines: string[] = []
    for (let at = start; at < end; at = this.#lines.lineEnd(at)) {
      const next = this.#lines.lineEnd(at)
      if (this.#isComment(at, next, nodes))
        lines.push(this.#text.slice(at, next).replace(/[\r\n\u0085\u2028\u2029]+$/, ''))
    }
    return lines
  }

  /** True for a line that is a comment, and not text of a block scalar that looks like one. */
  #isComment(start: number, end: number, nodes: readonly YamlNode[]): boolean {
    return COMMENT_LINE.test(this.#text.slice(start, end)) && !nodes.some((node) => isInsideScalar(node, start))
  }
}

const COMMENT_LINE = /^[ \t]*#/

/** True when a line that begins at `offset` continues a scalar below `node`. */
function isInsideScalar(node: YamlNode, offset: number): boolean {
  if (offset <= node.start || offset > node.end) return false
  switch (node.type) {
    case 'scalar':
      return true
    case 'seq':
      return node.items.some((item) => isInsideScalar(item, offset))
    case 'map':
      return node.pairs.some((p) => isInsideScalar(p.key, offset) || isInsideScalar(p.value, offset))
    case 'alias':
      return false
  }
}
