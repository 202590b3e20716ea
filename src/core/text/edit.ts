import type { TextRange } from './source.ts'

/** Replaces `text[start..end)` by `text`; an insertion has `start === end`. Offsets are 0-based. */
export interface TextEdit {
  start: number
  end: number
  text: string
}

/**
 * Applies edits to a text. Edits may come in any order; insertions at one offset keep the order they are given in.
 * @throws Error when two edits overlap, which is a bug of the caller.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return edits.length === 0 ? text : edited(text, { start: 0, end: text.length }, inOrder(edits))
}

/**
 * The same in pieces, for a text that is long.
 * @param size how many characters of the text go into one piece, or somewhat more
 */
export function* editedPieces(text: string, edits: readonly TextEdit[], size: number): Generator<string> {
  const sorted = inOrder(edits)
  let [start, first] = [0, 0]
  do {
    let end = Math.min(start + size, text.length)
    let last = first
    for (let edit = sorted[last]; edit !== undefined && edit.start <= end; edit = sorted[++last])
      end = Math.max(end, edit.end)
    // The two halves of a character stay together.
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1)) && sorted[last]?.start !== end) end++
    yield edited(text, { start, end }, sorted.slice(first, last))
    start = end
    first = last
  } while (start < text.length)
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function inOrder(edits: readonly TextEdit[]): TextEdit[] {
  return edits
    .map((edit, order) => ({ edit, order }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.order - b.order)
    .map(({ edit }) => edit)
}

/** A range of a text with the edits in it, which are in order. */
function edited(text: string, { start, end }: TextRange, sorted: readonly TextEdit[]): string {
  const parts: string[] = []
  let at = start
  for (const edit of sorted) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) {
      throw new Error(`edits overlap at offset ${edit.start}`)
    }
    parts.push(text.slice(at, edit.start), edit.text)
    at = edit.end
  }
  parts.push(text.slice(at, end))
  return parts.join('')
}
