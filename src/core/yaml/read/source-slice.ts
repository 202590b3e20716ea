import { breakLength, isBlankOrEnd } from './token.ts'

/** The part of a text to scan, between 0-based offsets; `end` is exclusive. */
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
  /** 0-based offset where scanning goes on; differs from `end` where white space was read. */
  next: number
  breaks: number
  /** True when a line break ended it, after which a simple key may begin. */
  endedByBreak: boolean
}

/** The character code at an offset; NaN at and past the end of the slice. */
export function codeAt(w: SourceSlice, at: number): number {
  return at < w.end ? w.text.charCodeAt(at) : NaN
}

/** The offset after the line break at `at`. */
export function afterBreak(w: SourceSlice, at: number): number {
  return Math.min(w.end, at + breakLength(w.text, at))
}

/**
 * True where the text ends without a line break, so that kubectl adds one, and a last line of blanks counts as empty.
 */
export function isUnended({ text, start, end }: SourceSlice): boolean {
  const last = text.charCodeAt(end - 1)
  return end > start && last !== 10 && last !== 13
}

/** A line break as it enters a value: LS and PS as they are, all others as LF. */
export function breakText(w: SourceSlice, at: number): string {
  const c = codeAt(w, at)
  return c === 0x2028 || c === 0x2029 ? w.text.charAt(at) : '\n'
}

/** True where `---` or `...` is followed by white space; `at` must be the first column of a line. */
export function isDocumentMark(w: SourceSlice, at: number): boolean {
  const c = codeAt(w, at)
  if (c !== 45 && c !== 46) return false
  return codeAt(w, at + 1) === c && codeAt(w, at + 2) === c && isBlankOrEnd(codeAt(w, at + 3))
}
