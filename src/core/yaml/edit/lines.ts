import { getOrMake } from '../../common/maps.ts'
import type { LinedText, SourceText } from '../../text/source.ts'
import type { MapNode, SeqNode } from '../read/node.ts'
import { EditError } from './edit-error.ts'
import { breakLength, isBlank, isBreak } from '../read/token.ts'

/**
 * Kept as long as the text is in memory. The documents of an input may all be on one line, so they share what was
 * computed for it.
 */
const KNOWN = new WeakMap<LinedText, Lines>()

export function linesOf({ lined }: SourceText): Lines {
  return getOrMake(KNOWN, lined, () => new Lines(lined.text))
}

const NEXT_BREAK = /[\n\r\u0085\u2028\u2029]/g
const OTHER_BREAK = /[\r\u0085\u2028\u2029]/

/**
 * The lines of a text: where they begin and end, and what ends them (any line break of YAML 1.1). Offsets are 0-based.
 */
export class Lines {
  readonly #text: string
  /** A cached range without a break from the start of a line on: the line may be a whole long file, with many edits. */
  #line = { start: 0, to: 0 }
  /** The cached line ending for offsets after `from`, up to `to`. */
  #ends: { from: number; to: number; eol: string } | undefined
  /** Whether LF is the only line break of the text; undefined until it is needed. */
  #hasOnlyFeeds: boolean | undefined

  constructor(text: string) {
    this.#text = text
  }

  /** True when only blanks are before an offset on its line. */
  isFirstOnLine(offset: number): boolean {
    const i = this.blanksBefore(offset)
    return i === 0 || isBreak(this.#text.charCodeAt(i - 1))
  }

  /** The offset at which the blanks before an offset begin. */
  blanksBefore(offset: number): number {
    // Backwards from the offset, since the line may be a whole long file.
    let i = offset
    while (i > 0 && isBlank(this.#text.charCodeAt(i - 1))) i--
    return i
  }

  /** True when a block collection begins on a line below the colon or dash before it, which is at `indicator`. */
  startsBelow(node: MapNode | SeqNode, indicator: number): boolean {
    return this.lineEnd(indicator) <= node.start
  }

  /** The 0-based column of an offset. */
  columnOf(offset: number): number {
    const { start, to } = this.#line
    if (offset < start || offset > to) {
      let i = offset
      while (i > 0 && i !== to && !isBreak(this.#text.charCodeAt(i - 1))) i--
      this.#line = { start: i === to ? start : i, to: offset }
    }
    return offset - this.#line.start
  }

  /**
   * The start of the line of an offset that has only blanks before it.
   * @throws EditError where anything else is before it
   */
  ownLine(offset: number): number {
    if (!this.isFirstOnLine(offset)) throw new EditError('this entry does not begin on a line of its own', offset)
    return offset - this.columnOf(offset)
  }

  /** The white space at the start of an offset's line. */
  padOf(offset: number): string {
    const line = this.#text.slice(offset - this.columnOf(offset), offset)
    return /^[ \t]*/.exec(line)?.[0] ?? ''
  }

  /** The offset after the line break that ends the line of `offset`, or the end of the text. */
  lineEnd(offset: number): number {
    const text = this.#text
    this.#hasOnlyFeeds ??= !OTHER_BREAK.test(text)
    if (this.#hasOnlyFeeds) return text.indexOf('\n', offset) + 1 || text.length
    // No loop: V8 would compile it for a line of thousands of characters, such as a record, which does not pay.
    NEXT_BREAK.lastIndex = offset
    const i = NEXT_BREAK.exec(text)?.index
    if (i === undefined) return text.length
    return i + breakLength(text, i)
  }

  /**
   * True when a line break is before an offset. At the end of the text it must be LF or CR: after another one, kubectl
   * adds a line feed.
   */
  endsWithBreak(offset: number): boolean {
    const c = this.#text.charCodeAt(offset - 1)
    return offset === this.#text.length ? c === 10 || c === 13 : isBreak(c)
  }

  /**
   * The line ending to use at an offset: that of the line before it, else of the first line of the text, else LF.
   * Before a `---` that follows another line break than LF it is CR, as kubectl would split the text after LF.
   */
  eol(offset: number): string {
    const text = this.#text
    if (offset > 0 && text.startsWith('---', offset) && text.charCodeAt(offset - 1) !== 10) return '\r'
    let known = this.#ends
    if (known === undefined || offset <= known.from || offset > known.to) known = this.#ends = this.#endsAt(offset)
    return known.eol
  }

  #endsAt(offset: number): { from: number; to: number; eol: string } {
    const text = this.#text
    const from = offset === 0 ? -1 : text.lastIndexOf('\n', offset - 1)
    const next = text.indexOf('\n', Math.max(offset, from + 1))
    const to = next < 0 ? text.length : next
    const found = from < 0 ? next : from
    const eol = found < 0 ? (text.includes('\r') ? '\r' : '\n') : text.charCodeAt(found - 1) === 13 ? '\r\n' : '\n'
    return { from, to, eol }
  }
}
