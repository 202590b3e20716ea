import type { TextEdit } from '../../text/edit.ts'
import type { Lines } from './lines.ts'

/** An edit of a document, before all of them are sorted. */
export interface PendingEdit extends TextEdit {
  /** Nesting depth of the collection: at one offset, deeper text comes first. */
  depth: number
}

/** Copies of edits in the order in which they are applied. */
export function inOrder(edits: readonly PendingEdit[]): PendingEdit[] {
  const copies = edits.map(({ start, end, text, depth }) => ({ start, end, text, depth }))
  return copies.sort((a, b) => a.start - b.start || a.end - b.end || b.depth - a.depth)
}

/** The planned edits of one document. */
export class PendingEdits {
  readonly #text: string
  readonly #lines: Lines
  readonly #edits: PendingEdit[] = []

  constructor(text: string, lines: Lines) {
    this.#text = text
    this.#lines = lines
  }

  push(start: number, end: number, text: string, depth: number): void {
    this.#edits.push({ start, end, text, depth })
  }

  /** A point in planning, for `dropSince` and `since`. */
  mark(): number {
    return this.#edits.length
  }

  /** Drops the edits that were planned since a mark. */
  dropSince(mark: number): void {
    this.#edits.length = mark
  }

  /** The edits that were planned since a mark. */
  since(mark: number): readonly PendingEdit[] {
    return this.#edits.slice(mark)
  }

  /** The planned edits in the order in which they are applied. */
  sorted(): TextEdit[] {
    const sorted = inOrder(this.#edits)
    this.#trimLastBreak(sorted)
    return sorted.map(({ start, end, text }) => ({ start, end, text }))
  }

  /**
   * In a file without a final line break, removing the last lines also removes the break before them. Lines that are
   * inserted at its end begin with a break of their own.
   */
  #trimLastBreak(sorted: PendingEdit[]): void {
    if (this.#lines.endsWithBreak(this.#text.length)) return
    let reach = this.#text.length
    let first: PendingEdit | undefined
    let i = sorted.length - 1
    while (i >= 0 && isLineAtEnd(sorted[i] as PendingEdit, reach)) i--
    for (; i >= 0; i--) {
      const edit = sorted[i] as PendingEdit
      if (edit.end !== reach || edit.text !== '' || edit.start === edit.end) break
      first = edit
      reach = edit.start
    }
    if (first === undefined || !this.#lines.endsWithBreak(reach)) return
    // Text that is inserted before them ends the file then, and its final break is removed instead.
    const last = sorted.findLast((edit) => edit.end === reach && edit.text !== '')
    if (last !== undefined) {
      last.text = last.text.replace(/(?:\r?\n|\r)$/, '')
      return
    }
    first.start -= this.#text.charCodeAt(reach - 1) === 10 && this.#text.charCodeAt(reach - 2) === 13 ? 2 : 1
  }
}

/** True for lines that are inserted at the end of a text. */
function isLineAtEnd({ start, end, text }: PendingEdit, length: number): boolean {
  return start === length && end === length && /^[\r\n]/.test(text)
}
