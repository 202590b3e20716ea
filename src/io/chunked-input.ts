import { LIMITS } from '../core/common/limits.ts'
import { diagnostic, type Diagnostic, fileLocation } from '../core/diagnostics/diagnostic.ts'
import { undecodable } from '../core/diagnostics/undecodable.ts'
import { decodeText } from '../core/text/decode.ts'
import { SourceText, type PrecedingText } from '../core/text/source.ts'
import type { Sizes } from './host.ts'
import type { SpillStore } from './spill-store.ts'

const SEPARATOR = Buffer.from('\n---')
const LINE_FEED = 10
/** Bytes after the start of a separator that identify it. */
const SIGHT = 12

/** How a long input is split into parts. */
export interface Chunking {
  /** The number of documents in a text, to number those of the next part. */
  countDocuments: (source: SourceText) => number
  /** Whether a document does not belong to the documents before it, so that a part may begin with it. */
  isHead?: ((document: string) => boolean) | undefined
  /** Where the texts are stored. */
  store: () => Promise<SpillStore>
  sizes?: Partial<Sizes> | undefined
}

/** Approximate size of a part in bytes. */
const PART = 1 << 19

/**
 * What is said of an input that goes beyond a limit.
 * @param what the input has too much of a document, or too many of them
 * @param most in bytes
 */
export function tooLarge(label: string, what: 'document' | 'input', most: number): Diagnostic {
  const message =
    what === 'document'
      ? `cannot be read: more than ${most} bytes belong to one document`
      : `cannot be read: it has more than ${most} bytes`
  const hint =
    what === 'document'
      ? "separate documents by lines '---', or divide the objects among several inputs"
      : 'divide the objects among several inputs'
  return diagnostic('IO_UNREADABLE', message, { hint, at: fileLocation(label) })
}

/**
 * Turns bytes into text as they come in. A long input becomes several texts, each of whole documents, which are kept in
 * a store, so that what is made of them can be made text by text.
 */
export class ChunkReader {
  readonly #label: string
  readonly #countDocuments: (source: SourceText) => number
  readonly #isHead: Chunking['isHead']
  readonly #store: SpillStore
  /** Bytes that are not decoded yet, at the start of the buffer. */
  #buffer = Buffer.alloc(0)
  #size = 0
  readonly #part: number
  /** Size in bytes at which a part is split off. */
  #limit: number
  readonly #most: number
  #before: PrecedingText | undefined
  readonly #parts: SourceText[] = []
  #problem: Diagnostic | undefined

  constructor(label: string, { countDocuments, isHead, sizes }: Omit<Chunking, 'store'>, store: SpillStore) {
    this.#label = label
    this.#countDocuments = countDocuments
    this.#isHead = isHead
    this.#store = store
    this.#part = sizes?.part ?? PART
    this.#most = sizes?.document ?? LIMITS.documentSize.value
    this.#limit = this.#next(2 * this.#part)
  }

  /** True once the input is known to be bad, so that the rest need not be read. */
  get hasFailed(): boolean {
    return this.#problem !== undefined
  }

  /** Appends a piece, which is copied. */
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
    if (size >= this.#limit) this.#cut()
  }

  /** The texts of the input (one, except for long inputs), or why its bytes are not text. */
  finish(): SourceText[] | Diagnostic {
    if (this.#size > this.#most) this.#cut()
    if (this.#problem === undefined && (this.#size > 0 || this.#parts.length === 0))
      this.#decode(this.#buffer.subarray(0, this.#size))
    return this.#problem ?? this.#parts
  }

  /** Splits off complete parts. */
  #cut(): void {
    const bytes = this.#buffer.subarray(0, this.#size)
    let done = 0
    const isWhole = this.#before === undefined && isUtf16(bytes)
    for (let width = this.#part; !isWhole && this.#problem === undefined;) {
      const rest = bytes.length - done
      // Before an input is refused, all of it is searched.
      if (width > rest && rest > this.#most) width = rest
      if (width > rest) break
      const end = lastBoundary(bytes.subarray(done, done + width), this.#isHead)
      if (end > 0) this.#decode(bytes.subarray(done, done + end), true)
      else if (width === rest) break
      done += end
      width = end > 0 ? this.#part : 2 * width
    }
    bytes.copyWithin(0, done)
    this.#size -= done
    if (this.#size > this.#most) this.#problem ??= tooLarge(this.#label, 'document', this.#most)
    // If no part can begin here, the next attempt waits until the buffer has doubled.
    this.#limit = this.#next(Math.max(2 * this.#size, this.#size + this.#part))
  }

  /** The size for the next attempt: no later than where a document is too large for certain. */
  #next(size: number): number {
    return Math.min(size, this.#most + this.#part)
  }

  /** @param more whether more input follows */
  #decode(bytes: Uint8Array, more = false): void {
    const decoded = decodeText(this.#label, bytes, this.#before)
    if (!decoded.ok) {
      this.#problem = undecodable(decoded.error)
      return
    }
    const { source } = decoded
    if (this.#before === undefined && !more) {
      this.#parts.push(source)
      return
    }
    const {
      text,
      encoding,
      bom,
      before: { lines, documents, bytes: skipped },
    } = source
    const body = bom ? bytes.subarray(3) : bytes
    this.#parts.push(
      new SourceText(
        this.#label,
        this.#store.keepLong(body, body.length === text.length),
        encoding,
        bom,
        source.before,
      ),
    )
    this.#before = {
      lines: lines + linesIn(bytes, text),
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

function documentAt(buffer: Buffer, start: number): string {
  const end = buffer.indexOf(SEPARATOR, start)
  return buffer.toString('latin1', start, end < 0 ? buffer.length : end)
}

/**
 * Where the last document begins, at its `---` line; 0 where none does. A line that says more than `---`, or stands
 * behind a directive or in front of another such line, means more than that, and no part begins there.
 * @param isHead which documents are preferred
 */
function lastBoundary(buffer: Buffer, isHead: Chunking['isHead']): number {
  let last = 0
  for (let at = buffer.lastIndexOf(SEPARATOR); at > 0; at = buffer.lastIndexOf(SEPARATOR, at - 1)) {
    const around = buffer.toString('latin1', at, at + SIGHT)
    const line = buffer.toString('latin1', buffer.lastIndexOf(LINE_FEED, at - 1) + 1, at)
    if (
      around.length === SIGHT &&
      /^\n---\r?\n(?!---)[^\n]/.test(around) &&
      !line.startsWith('%') &&
      !line.startsWith('---')
    ) {
      if (last === 0) last = at + 1
      if (isHead === undefined || isHead(documentAt(buffer, at + 1))) return at + 1
    }
  }
  return last
}
