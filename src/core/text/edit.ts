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
  if (edits.length === 0) return text
  const sorted = edits.map((edit, order) => ({ edit, order }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.order - b.order)
  const parts: string[] = []
  let at = 0
  for (const { edit } of sorted) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) {
      throw new Error(`edits overlap at offset ${edit.start}`)
    }
    parts.push(text.slice(at, edit.start), edit.text)
    at = edit.end
  }
  parts.push(text.slice(at))
  return parts.join('')
}
