import { encodeText } from '../core/text/decode.ts'
import { pathBytes } from '../core/text/path-bytes.ts'
import { encodePieces, type TextPart } from '../core/text/parts.ts'
import { diffEdited, diffTexts, type Line } from './line-diff.ts'
import { createColors } from './colors.ts'

/** A file before and after, in one or more parts, and its path in the patch: relative, with `/`, without `a/` or `b/`. */
export interface FileChange {
  name: string
  parts: readonly TextPart[]
}

const CONTEXT = 3

function lineRange(first: number, count: number): string {
  return count === 1 ? String(first) : `${count === 0 ? first - 1 : first},${count}`
}

type Colour = (sign: Line['sign'] | '@', text: string) => string

/** Changes close to each other, with context lines. */
class Hunk {
  readonly #lines: Line[]
  /** Context lines at the end. */
  #tail = 0

  /** @param before the last unchanged lines before the first change */
  constructor(before: Line[]) {
    this.#lines = before
  }

  /** Adds a line; false if it is too far from the last change, which ends the hunk. */
  takes(line: Line): boolean {
    this.#lines.push(line)
    this.#tail = line.sign === ' ' ? this.#tail + 1 : 0
    return this.#tail <= 2 * CONTEXT
  }

  /** The lines to print, and the unchanged lines after them. */
  close(): { shown: Line[]; rest: Line[] } {
    const end = this.#lines.length - Math.max(0, this.#tail - CONTEXT)
    return { shown: this.#lines.slice(0, end), rest: this.#lines.slice(end) }
  }
}

/** The hunks of some lines of a file, of which the first has these 1-based numbers before and after the change. */
export function hunksOf(lines: Iterable<Line>, oldLine: number, newLine: number): Generator<string> {
  return hunks(lines, (_, text) => text, oldLine, newLine)
}

/** The hunks of a comparison, each as a text. Only one is held in memory at a time. */
function* hunks(lines: Iterable<Line>, colour: Colour, firstOld = 1, firstNew = 1): Generator<string> {
  let [oldLine, newLine] = [firstOld, firstNew]
  /** Unchanged lines before the next change; `oldLine` and `newLine` are the numbers of the first of them. */
  let before: Line[] = []
  let hunk: Hunk | undefined
  const keep = (line: Line): void => {
    before.push(line)
    if (before.length <= CONTEXT) return
    before.shift()
    oldLine++
    newLine++
  }
  const close = ({ shown, rest }: ReturnType<Hunk['close']>): string => {
    const text = hunkText(shown, oldLine, newLine, colour)
    oldLine += countWithout(shown, '+')
    newLine += countWithout(shown, '-')
    before = []
    hunk = undefined
    rest.forEach(keep)
    return text
  }
  for (const line of lines) {
    if (hunk === undefined && line.sign === ' ') {
      keep(line)
      continue
    }
    hunk ??= new Hunk(before)
    if (!hunk.takes(line)) yield close(hunk.close())
  }
  if (hunk !== undefined) yield close(hunk.close())
}

function countWithout(lines: readonly Line[], without: Line['sign']): number {
  return lines.reduce((count, { sign }) => (sign === without ? count : count + 1), 0)
}

function hunkText(lines: readonly Line[], oldLine: number, newLine: number, colour: Colour): string {
  const [old, fresh] = [lineRange(oldLine, countWithout(lines, '+')), lineRange(newLine, countWithout(lines, '-'))]
  const out = [`${colour('@', `@@ -${old} +${fresh} @@`)}\n`]
  for (const { sign, text } of lines) {
    const ended = text.endsWith('\n')
    out.push(`${colour(sign, sign + (ended ? text.slice(0, -1) : text))}\n`)
    if (!ended) out.push('\\ No newline at end of file\n')
  }
  return out.join('')
}

const QUOTED: Readonly<Record<string, string | undefined>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

/** A path as git writes it in a patch: quoted if it contains control characters, quotes or non-ASCII characters. */
export function quotePath(path: string): string {
  const pieces = Array.from(pathBytes(path), (byte) => {
    const c = String.fromCharCode(byte)
    return QUOTED[c] ?? (byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : c)
  })
  if (pieces.some((piece) => piece.length > 1)) return `"${pieces.join('')}"`
  // A tab ends a name with spaces; without it GNU patch reads the rest as a date.
  return path.includes(' ') ? `${path}\t` : path
}

/** Bytes as a string of characters U+0000 to U+00FF, so that lines can be compared whatever the encoding. */
function byteString(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let i = 0; i < bytes.length; i += 8192) parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192))) // bounded: 8192
  return parts.join('')
}

function stringBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}

/**
 * The lines of a file, part by part. A part of a long one ends with a line.
 * @param mark the start of the first line on both sides
 */
function* linesOf(parts: readonly TextPart[], mark: string): Generator<Line> {
  let start = mark
  for (const { source, output, edits } of parts) {
    const before = start + source.text
    if (edits === undefined) yield* diffTexts(before, start + output)
    else
      yield* diffEdited(
        before,
        edits.map((edit) => ({ start: edit.start + start.length, end: edit.end + start.length, text: edit.text })),
      )
    start = ''
  }
}

function* filePatch({ name, parts }: FileChange, color: boolean): Generator<Uint8Array> {
  const style = createColors(color)
  const colours = { '@': style.cyan, '+': style.green, '-': style.red, ' ': (text: string) => text } as const
  const colour: Colour = (sign, text) => colours[sign](text)
  const header = `${style.bold(`--- ${quotePath(`a/${name}`)}`)}\n${style.bold(`+++ ${quotePath(`b/${name}`)}`)}\n`
  const body = function* (lines: Iterable<Line>): Generator<string> {
    yield header
    yield* hunks(lines, colour)
  }
  const [first] = parts
  if (first === undefined) return
  const {
    source: { encoding, bom },
  } = first
  if (encoding === 'utf-8') {
    yield* encodePieces(body(linesOf(parts, bom ? '\uFEFF' : '')))
    return
  }
  // A patch consists of bytes: lines of a UTF-16 file end after the byte 0x0A, in the middle of a character.
  const bytes = (text: string): string => byteString(encodeText(text, encoding, bom))
  yield stringBytes([...body(diffTexts(bytes(first.source.text), bytes(first.output)))].join(''))
}

/**
 * The changes as a patch for `git apply` and `patch -p1`, piece by piece; each is valid until the next is requested.
 * Headers are the traditional two lines without `diff --git`, because git takes paths after the latter from the top of
 * the repository, and without it from the working folder.
 */
export function* patchPieces(changes: readonly FileChange[], color: boolean): Generator<Uint8Array> {
  for (const change of changes) {
    if (change.parts.some(({ source, output }) => output !== source.text)) yield* filePatch(change, color)
  }
}
