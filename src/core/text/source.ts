/** How a file's bytes were turned into text; a changed file is written back the same way. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** A place in a text: 1-based line, 1-based column counted in characters (code points). */
export interface LinePosition {
  line: number
  column: number
}

/** A half-open range of 0-based offsets (UTF-16 code units) into `SourceText.text`. */
export interface TextRange {
  start: number
  end: number
}

/** What precedes a part of an input: the number of lines, documents and bytes. */
export interface PrecedingText {
  lines: number
  documents: number
  bytes: number
}

const NOTHING: PrecedingText = { lines: 0, documents: 0, bytes: 0 }

/** Code units after which the characters so far are noted: a line may be all of a long text, and have many places. */
const STRETCH = 4096

/** A text, and where its lines begin. */
export class LinedText {
  readonly text: string
  #lineStarts: number[] | undefined
  /** The number of characters before each section of the text. */
  #stretches: number[] | undefined

  constructor(text: string) {
    this.text = text
  }

  /** 0-based offsets at which the lines of this text begin. A line ends with LF, CR LF or a lone CR, as YAML has it. */
  get lineStarts(): readonly number[] {
    if (this.#lineStarts !== undefined) return this.#lineStarts
    const starts = [0]
    const { text } = this
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i)
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1)
    }
    this.#lineStarts = starts
    return starts
  }

  /** The number of characters (code points) between two offsets. */
  characters(start: number, end: number): number {
    if (end - start > STRETCH) return this.#charactersBefore(end) - this.#charactersBefore(start)
    let count = 0
    for (let i = start; i < end; i++) {
      const c = this.text.charCodeAt(i)
      if (c < 0xdc00 || c > 0xdfff) count++
    }
    return count
  }

  #charactersBefore(offset: number): number {
    if (this.#stretches === undefined) {
      this.#stretches = [0]
      for (let at = 0, count = 0; at < this.text.length; at += STRETCH) {
        count += this.characters(at, Math.min(at + STRETCH, this.text.length))
        this.#stretches.push(count)
      }
    }
    const n = Math.floor(offset / STRETCH)
    return (this.#stretches[n] as number) + this.characters(n * STRETCH, offset)
  }
}

/** One input as text, or a part of a long one. Immutable; offsets everywhere in the program point into `text`. */
export class SourceText {
  /** What messages call it: a path as the user typed it, with `/`, or `<stdin>`. */
  readonly label: string
  readonly encoding: Encoding
  /** True when the bytes began with a byte order mark, which is put back on write. */
  readonly bom: boolean
  /** What precedes this part of an input; lines and documents are counted from the start of the input. */
  readonly before: PrecedingText
  readonly #content: LinedText | (() => LinedText)

  /** @param content the text, or what fetches it from where it is kept: that of a part of a long input is not held */
  constructor(
    label: string,
    content: string | (() => LinedText),
    encoding: Encoding = 'utf-8',
    bom = false,
    before = NOTHING,
  ) {
    this.label = label
    this.#content = typeof content === 'string' ? new LinedText(content) : content
    this.encoding = encoding
    this.bom = bom
    this.before = before
  }

  /** The text with its lines; that of a part of a long input is another one each time it is fetched. */
  get lined(): LinedText {
    return typeof this.#content === 'function' ? this.#content() : this.#content
  }

  /** The decoded text without its byte order mark. Whoever keeps it, or a slice of it, keeps all of it in memory. */
  get text(): string {
    return this.lined.text
  }

  /** True for a part of a long input, whose text is not held; what is made of it had better not be held either. */
  get isStored(): boolean {
    return typeof this.#content === 'function'
  }

  /** Whether this is a part of a long input that continues another part. */
  get isContinued(): boolean {
    return this.before.bytes > 0
  }

  /** The edited text of the input or part, at the same position. */
  become(text: string): SourceText {
    return new SourceText(this.label, text, this.encoding, this.bom, this.before)
  }

  /** 0-based offsets at which the lines of this text begin. */
  get lineStarts(): readonly number[] {
    return this.lined.lineStarts
  }

  /** The 1-based line and column of an offset; an offset past the end is clamped to the end. */
  position(offset: number): LinePosition {
    const { text, lineStarts: starts } = this.lined
    const at = Math.max(0, Math.min(offset, text.length))
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const mid = (low + high + 1) >> 1
      if ((starts[mid] as number) <= at) low = mid
      else high = mid - 1
    }
    const lineStart = starts[low] as number
    return { line: low + 1 + this.before.lines, column: 1 + this.lined.characters(lineStart, at) }
  }

  /** The 0-based offset at which a 1-based line begins; undefined past the last line. */
  lineStart(line: number): number | undefined {
    return this.lineStarts[line - 1 - this.before.lines]
  }

  /** The text of a 1-based line without its line end; empty past the last line. */
  line(line: number): string {
    const start = this.lineStart(line)
    if (start === undefined) return ''
    const { text } = this
    let end = this.lineStart(line + 1) ?? text.length
    while (end > start && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--
    return text.slice(start, end)
  }
}
