import type { Diagnostic } from '../core/diagnostic.ts'
import { decodeText } from '../core/text/decode.ts'
import type { Before, SourceText } from '../core/text/source.ts'

/** Bytes of a long input that are read as one text, at the least. */
const PART = 1 << 20
/** Inputs up to this many bytes are one text. */
const LONG = 8 << 20

const SEPARATOR = Buffer.from('\n---')
const LINE_FEED = 10

/**
 * Turns bytes into text as they come in. A long input becomes several texts, each of whole documents, so that its bytes
 * need not be held, and what is made of it can be made text by text.
 */
export class PartReader {
  readonly #label: string
  readonly #countDocuments: (source: SourceText) => number
  /** Bytes that are not text yet, at its beginning. */
  #buffer = Buffer.alloc(0)
  #size = 0
  /** Size at which a part is cut off. */
  #limit = LONG
  #before: Before | undefined
  readonly #parts: SourceText[] = []
  #problem: Diagnostic | undefined

  /** @param countDocuments how many documents a text has, to number those of the next */
  constructor(label: string, countDocuments: (source: SourceText) => number) {
    this.#label = label
    this.#countDocuments = countDocuments
  }

  /** Takes a piece, which is copied. */
  add(piece: Uint8Array): void {
    if (this.#problem !== undefined) return
    const size = this.#size + piece.length
    if (size > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.#buffer.length))
      this.#buffer.copy(larger, 0, 0, this.#size)
      this.#buffer = larger
    }
    this.#buffer.set(piece, this.#size)
    this.#size = size
    if (size < this.#limit) return
    const bytes = this.#buffer.subarray(0, size)
    const end = this.#before === undefined && isUtf16(bytes) ? 0 : lastBoundary(bytes)
    if (end > 0) this.#decode(bytes.subarray(0, end))
    this.#buffer.copyWithin(0, end, size)
    this.#size -= end
    // Without a boundary, the next attempt waits until there is twice as much to look through.
    this.#limit = end > 0 ? this.#size + PART : 2 * size
  }

  /** The texts of the input, one for all but long ones; or what keeps its bytes from being text. */
  finish(): SourceText[] | Diagnostic {
    if (this.#problem === undefined && (this.#size > 0 || this.#parts.length === 0)) this.#decode(this.#buffer.subarray(0, this.#size))
    return this.#problem ?? this.#parts
  }

  #decode(bytes: Uint8Array): void {
    const decoded = decodeText(this.#label, bytes, this.#before)
    if (!decoded.ok) {
      this.#problem = decoded.diagnostic
      return
    }
    const { source } = decoded
    this.#parts.push(source)
    const { lines, documents, bytes: skipped } = source.before
    this.#before = {
      lines: lines + linesIn(bytes, source.text),
      documents: documents + this.#countDocuments(source),
      bytes: skipped + bytes.length,
    }
  }
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
}

/** Lines that end in a text which ends with a line feed. */
function linesIn(bytes: Uint8Array, text: string): number {
  if (text.includes('\r')) return (text.match(/\r\n|\n|\r/g) ?? []).length
  let count = 0
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++
  return count
}

/**
 * Where the last document begins, at its `---` line; 0 where none does. A line that says more than `---`, or stands
 * behind a directive or in front of another such line, means more than that, and no part begins there.
 */
function lastBoundary(buffer: Buffer): number {
  for (let at = buffer.lastIndexOf(SEPARATOR); at > 0; at = buffer.lastIndexOf(SEPARATOR, at - 1)) {
    const around = buffer.toString('latin1', at, at + 12)
    const line = buffer.toString('latin1', buffer.lastIndexOf(LINE_FEED, at - 1) + 1, at)
    if (/^\n---\r?\n(?!---)[^\n]/.test(around) && !line.startsWith('%') && !line.startsWith('---')) return at + 1
  }
  return 0
}
