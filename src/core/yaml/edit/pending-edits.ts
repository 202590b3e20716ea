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
  readonly #edits: PendingEdit[] = []

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
    return inOrder(this.#edits).map(({ start, end, text }) => ({ start, end, text }))
  }
}

/**
 * All edits of a text. In a file without a final line break, removing the last lines also removes the break before them.
 * Lines that are inserted at its end begin with a break of their own.
 * @param sorted the edits in the order in which they are applied; one of them may be changed
 */
export function withoutLastBreak(sorted: TextEdit[], text: string, lines: Lines): TextEdit[] {
  if (lines.endsWithBreak(text.length)) return sorted
  let reach = text.length
  let first: TextEdit | undefined
  let i = sorted.length - 1
  while (i >= 0 && isLineAtEnd(sorted[i] as TextEdit, reach)) i--
  for (; i >= 0; i--) {
    const edit = sorted[i] as TextEdit
    if (edit.end !== reach || edit.text !== '' || edit.start === edit.end) break
    first = edit
    reach = edit.start
  }
  if (first === undefined || !lines.endsWithBreak(reach)) return sorted
  // Text that is inserted before them ends the file then, and its final break is removed instead.
  const last = sorted.findLast((edit) => edit.end === reach && edit.text !== '')
  if (last === undefined) first.start -= text.charCodeAt(reach - 1) === 10 && text.charCodeAt(reach - 2) === 13 ? 2 : 1
  else last.text = last.text.replace(/(?:\r?\n|\r)$/, '')
  return sorted
}

/** True for lines that are inserted at the end of a text. */
function isLineAtEnd({ start, end, text }: TextEdit, length: number): boolean {
  return start === length && end === length && /^[\r\n]/.test(text)
}
