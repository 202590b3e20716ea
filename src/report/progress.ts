import type { ProgressPart } from '../core/diagnostics/progress.ts'
import { escapeText } from './escape.ts'
import { characterWidth, textWidth } from './terminal-width.ts'

/** Moves to the first column and erases the line. */
export const ERASE_LINE = '\r\u001B[K'

/** The progress of a run. */
export interface ProgressState {
  part: ProgressPart
  /** The number of the input, from 1, and the number of inputs. */
  n: number
  of: number
  label: string
}

/** The end of a text that fits into the width, after an ellipsis if it was truncated. */
function tail(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let kept = ''
  let left = width - 1
  for (const c of [...text].toReversed()) {
    left -= characterWidth(c)
    if (left < 0) break
    kept = c + kept
  }
  return width < 1 ? '' : `…${kept}`
}

/**
 * One line without a line end: `reading file 312 of 2000: …/shop/web.yaml`. It leaves the last column free, in which
 * some terminals begin a new line.
 * @param columns of the terminal
 */
export function progressLine({ part, n, of, label }: ProgressState, columns: number): string {
  const head = `${part} file ${n} of ${of}: `
  const room = columns - 1
  const left = room - textWidth(head)
  return left < 8 ? head.slice(0, Math.max(0, room)) : head + tail(escapeText(label), left)
}
