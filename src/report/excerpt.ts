import type { SourceLocation } from '../core/diagnostics/diagnostic.ts'
import { escapeText } from './escape.ts'
import { characterWidth, textWidth } from './terminal-width.ts'

/** The line of an input that a diagnostic points to, and the position of the caret. */
export interface Excerpt {
  /** 1-based. */
  line: number
  /** The line, or the part around the caret, safe to print. */
  text: string
  /** Columns before the caret. */
  indent: number
  /** Width of the caret in columns; at least 1. */
  length: number
}

const TAB = '    '
const CUT = '…'

function shown(c: string): string {
  return c === '\t' ? TAB : escapeText(c)
}

/** Characters from the end of `text` that fit into `width` columns, and whether some did not. */
function tail(text: string, width: number): { text: string; cut: boolean } {
  const kept: string[] = []
  let used = 0
  // Two code units per column is the most that a character takes.
  const chars = Array.from(text.slice(-2 * width - 2))
  for (let i = chars.length - 1; i >= 0; i--) {
    const c = shown(chars[i] as string)
    used += textWidth(c)
    if (used > width) return { text: kept.toReversed().join(''), cut: true }
    kept.push(c)
  }
  return { text: kept.toReversed().join(''), cut: text.length > 2 * width + 2 }
}

/** Characters from the start of `text` that fit into `width` columns, and whether some did not. */
function head(text: string, width: number): { text: string; cut: boolean } {
  let kept = ''
  let used = 0
  for (const raw of text.slice(0, 2 * width + 2)) {
    const c = shown(raw)
    used += c.length === 1 ? characterWidth(c) : textWidth(c)
    if (used > width) return { text: kept, cut: true }
    kept += c
  }
  return { text: kept, cut: text.length > 2 * width + 2 }
}

/**
 * The line at a location with a place for the caret, at most `width` columns; a longer line is cut around the caret.
 * Undefined where there is nothing to show: an input without text.
 */
export function excerpt(at: SourceLocation, width: number): Excerpt | undefined {
  const { source, range } = at
  if (source.text === '') return undefined
  const { line } = source.position(range.start)
  const start = source.lineStart(line) as number
  const text = source.line(line)
  const from = Math.min(Math.max(range.start, start) - start, text.length)
  const to = Math.min(Math.max(range.end - start, from), text.length)
  const room = Math.max(width, 20)
  const marked = head(text.slice(from, to), room >> 1)
  const whole = textWidth(Array.from(text.slice(0, 4 * room), shown).join('')) <= room && text.length <= 4 * room
  const half = Math.min(room >> 1, room - textWidth(marked.text) - 2)
  const before = tail(text.slice(0, from), whole ? room : half)
  const left = (before.cut ? CUT : '') + before.text
  const rest = room - textWidth(left) - textWidth(marked.text) - 2
  const after = marked.cut ? { text: '', cut: true } : head(text.slice(to), whole ? room : Math.max(rest, 0))
  return {
    line,
    text: left + marked.text + after.text + (after.cut ? CUT : ''),
    indent: textWidth(left),
    length: Math.max(1, textWidth(marked.text)),
  }
}
