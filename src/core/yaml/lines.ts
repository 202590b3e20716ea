import type { MapNode, SeqNode } from './node.ts'
import { SpliceError } from './splice-error.ts'
import { columnOf } from './style.ts'
import { isBlank, isBreak } from './token.ts'

/** The lines of a text: where they begin and end, and what ends them (any line break of YAML 1.1). */
export class Lines {
  readonly #text: string
  /** The offset of the first line feed, or -1; looked for once. */
  #first: number | undefined

  constructor(text: string) {
    this.#text = text
  }

  /** True when nothing but blanks stands before an offset on its line. */
  isFirstOnLine(offset: number): boolean {
    // From here backwards: the line may be all of a long file.
    let i = offset
    while (i > 0 && isBlank(this.#text.charCodeAt(i - 1))) i--
    return i === 0 || isBreak(this.#text.charCodeAt(i - 1))
  }

  /** True when a block collection begins on a line below its head, the colon or dash before it. */
  startsBelow(node: MapNode | SeqNode, head: number): boolean {
    return this.lineEnd(head) <= node.start
  }

  /**
   * The start of the line of an offset that is the first on it.
   * @throws SpliceError where something else stands before it
   */
  ownLine(offset: number): number {
    if (!this.isFirstOnLine(offset)) throw new SpliceError('this entry does not begin on a line of its own', offset)
    return offset - columnOf(this.#text, offset)
  }

  /** The white space before the first character of the line of an offset. */
  padOf(offset: number): string {
    const line = this.#text.slice(offset - columnOf(this.#text, offset), offset)
    return /^[ \t]*/.exec(line)?.[0] ?? ''
  }

  /** The offset after the line break that ends the line of `offset`, or the end of the text. */
  lineEnd(offset: number): number {
    const text = this.#text
    let i = offset
    while (i < text.length && !isBreak(text.charCodeAt(i))) i++
    if (i >= text.length) return text.length
    return text.charCodeAt(i) === 13 && text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1
  }

  /** True when a line break stands in front of an offset. */
  endsWithBreak(offset: number): boolean {
    return isBreak(this.#text.charCodeAt(offset - 1))
  }

  /**
   * The line end used just before an offset, or else the first of the text, or LF. In front of a `---` that stands
   * behind another line break than LF it is CR: behind LF, kubectl would split the text there.
   */
  eol(offset: number): string {
    const text = this.#text
    if (offset > 0 && text.startsWith('---', offset) && text.charCodeAt(offset - 1) !== 10) return '\r'
    this.#first ??= text.indexOf('\n')
    const found = this.#first < 0 || offset <= this.#first ? this.#first : text.lastIndexOf('\n', offset - 1)
    if (found < 0) return text.includes('\r') ? '\r' : '\n'
    return text.charCodeAt(found - 1) === 13 ? '\r\n' : '\n'
  }
}
