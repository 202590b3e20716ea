import { breakLength, isBlankOrEnd } from './token.ts'

/** The part of a text that is scanned; nothing outside `start..end` is looked at. */
export interface SourceSlice {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** A scalar that was read: its value, where it ends, and how many line breaks it crossed. */
export interface ScannedScalar {
  value: string
  /** 0-based offset just past the last character that belongs to it (a block scalar's last line without its break). */
  end: number
  /** Where scanning goes on; differs from `end` where white space was looked at. */
  next: number
  breaks: number
  /** A plain scalar was ended by a new line, after which a simple key may begin. */
  endedByBreak: boolean
}

/** The character code at an offset, NaN at and past the end of the window. */
export function codeAt(w: SourceSlice, at: number): number {
  return at < w.end ? w.text.charCodeAt(at) : NaN
}

/** The offset after the line break at `at`. */
export function afterBreak(w: SourceSlice, at: number): number {
  return Math.min(w.end, at + breakLength(w.text, at))
}

/**
 * True where the text ends in a line that kubectl ends with a line feed of its own, so that a line of blanks there counts
 * as an empty one.
 */
export function isUnended({ text, start, end }: SourceSlice): boolean {
  const last = text.charCodeAt(end - 1)
  return end > start && last !== 10 && last !== 13
}

/** The break as it enters a value: LS and PS as they are, all others as LF. */
export function breakText(w: SourceSlice, at: number): string {
  const c = codeAt(w, at)
  return c === 0x2028 || c === 0x2029 ? w.text.charAt(at) : '\n'
}

/** True at the first column of a line that holds `---` or `...` and then white space. */
export function isDocumentMark(w: SourceSlice, at: number): boolean {
  const c = codeAt(w, at)
  if (c !== 45 && c !== 46) return false
  return codeAt(w, at + 1) === c && codeAt(w, at + 2) === c && isBlankOrEnd(codeAt(w, at + 3))
}
