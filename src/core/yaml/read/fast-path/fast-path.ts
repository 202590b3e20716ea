import { emptyObject, type Json } from '../../../json/json.ts'
import {
  checkKey,
  enter,
  bailOut,
  isSpace,
  BAIL_OUT,
  noteDuplicate,
  readQuoted,
  skipSpaces,
  startsPlain,
  trimmed,
  type Cursor,
} from './cursor.ts'
import type { DuplicateKey } from '../construct.ts'
import { mapNode, scalarNode, seqNode, type MapNode, type ScalarNode, type SeqNode, type YamlNode } from '../node.ts'
import { readFlow } from './flow.ts'
import { plainData, plainKey } from '../resolve.ts'
import { scanBlock } from '../scan-block.ts'
import { scanPlain } from '../scan-scalar.ts'
import { YamlError } from '../token.ts'
import type { SourceSlice } from '../source-slice.ts'

/** A document as nodes and as data, both built in one pass. */
export interface FastPathResult {
  /** Undefined where there are only white space and comments. */
  root: YamlNode | undefined
  data: Json | undefined
  format: 'yaml'
  anchors: false
  duplicates: readonly DuplicateKey[]
}

/**
 * Characters that the fast path does not support: controls, NEL, LS, PS, byte order marks; and CR, for which
 * `ODD_BESIDE_CRLF` is used.
 */
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const ODD = /[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd]/
/** The same in a text with CR LF. */
// oxlint-disable-next-line no-control-regex -- as above
const ODD_BESIDE_CRLF = /[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd]|\r(?!\n)/

/**
 * Reads common YAML several times faster than `parse.ts`, by lines and without tokens: blocks, scalars, simple flow
 * style. Undefined for anything else, errors included: the full parser decides then. Results are equal to those of the
 * full parser; tests compare the two.
 */
export function readFastPath(slice: SourceSlice): FastPathResult | undefined {
  return fromStart(slice, (c) => {
    const isEmpty = c.column < 0
    const root = isEmpty ? undefined : readBlock(c)
    return { root, data: isEmpty ? undefined : c.data, format: 'yaml', anchors: false, duplicates: c.duplicates }
  })
}

/** Runs a reader on a slice, which must be read to its end; undefined where the fast path does not support it. */
export function fromStart<T>(slice: SourceSlice, read: (c: Cursor) => T): T | undefined {
  const { text, start, end } = slice
  const part = text.slice(start, end)
  if (ODD.test(part) && ODD_BESIDE_CRLF.test(part)) return undefined
  const duplicates: Cursor['duplicates'] = []
  const c: Cursor = { text, start, end, at: start, column: 0, data: null, depth: 0, duplicates, named: new Map() }
  try {
    toNextLine(c, start, start)
    const result = read(c)
    return c.column >= 0 ? undefined : result
  } catch (error) {
    if (error === BAIL_OUT || error instanceof YamlError) return undefined
    throw error
  }
}

/**
 * Moves to the next token, which must begin a line: past the rest of this one, blank lines and comments.
 * @param lineStart 0-based offset of the start of the line; -1 after a value
 */
export function toNextLine(c: Cursor, from: number, lineStart: number): void {
  const { text, end } = c
  let i = from
  for (;;) {
    while (i < end && text.charCodeAt(i) === 32) i++
    if (i >= end) break
    const code = text.charCodeAt(i)
    if (code === 10) {
      lineStart = ++i
    } else if (code === 13) {
      i++
    } else if (code === 35 && (i > from || lineStart >= 0)) {
      i = text.indexOf('\n', i)
      if (i < 0 || i >= end) break
    } else {
      if (lineStart < 0 || code === 9) bailOut()
      c.at = i
      c.column = i - lineStart
      // Directives and the end of a document are in the first column, and so is a `---` after a directive.
      if (c.column === 0 && (code === 37 || code === 46 || (code === 45 && text.charCodeAt(i + 1) === 45))) bailOut()
      return
    }
  }
  toEnd(c)
}

function toEnd(c: Cursor): void {
  c.at = c.end
  c.column = -1
}

export function isDash(c: Cursor): boolean {
  return c.text.charCodeAt(c.at) === 45 && isSpace(c, c.at + 1)
}

/** Reads the block that begins at the cursor. */
function readBlock(c: Cursor): YamlNode {
  return isDash(c) ? readSeq(c, false) : readMap(c)
}

/**
 * Reads a map whose keys are in the column of the cursor.
 * @param readOther reads the value of a key in another way; undefined for a key without one
 */
export function readMap(c: Cursor, readOther?: (c: Cursor, name: string) => YamlNode | undefined): MapNode {
  const { column } = c
  const node = mapNode(c.at, c.at, false)
  const data = emptyObject()
  let seen = 0
  enter(c)
  do {
    const key = readKey(c)
    const name = c.data as string
    const colon = c.at
    seen = noteDuplicate(c, node, data, name, key, seen)
    const value = readOther?.(c, name) ?? readValue(c, colon, column, false)
    node.pairs.push({ key, value, start: key.start, colon })
    data[name] = c.data
    node.end = value.end
  } while (c.column === column)
  if (c.column > column) bailOut()
  c.depth--
  c.data = data
  return node
}

/** Reads a list; a flush one has its dashes in the column of its key. */
export function readSeq(c: Cursor, flush: boolean): SeqNode {
  const { column } = c
  const node = seqNode(c.at, c.at, false)
  const data: Json[] = []
  enter(c)
  do {
    node.dashes.push(c.at)
    const item = readValue(c, c.at, column, true)
    node.items.push(item)
    node.end = item.end
    data.push(c.data)
  } while (c.column === column && isDash(c))
  if (c.column > column || (c.column === column && !flush)) bailOut()
  c.depth--
  c.data = data
  return node
}

/** Reads a key of a block map. The cursor is at its colon then, and has its name as data. */
function readKey(c: Cursor): ScalarNode {
  const { text, at } = c
  const code = text.charCodeAt(at)
  if (code === 34 || code === 39) {
    const key = readQuoted(c, at, code, true)
    c.data = checkKey(c, key, skipSpaces(c, c.at), key.value)
    if (!isSpace(c, c.at + 1)) bailOut()
    return key
  }
  if (!startsPlain(c, at, code)) bailOut()
  const colon = plainStop(c, at)
  const last = trimmed(text, colon)
  const key = scalarNode(at, last, 'plain', keyName(text, at, last))
  c.data = checkKey(c, key, colon, plainKey(key.value))
  return key
}

/** Keys that were read, by a hash: the same few recur, and V8 is faster with a string it knows. */
const KEYS: string[] = Array.from({ length: 512 }, () => '')

function keyName(text: string, start: number, end: number): string {
  const hash = ((text.charCodeAt(start) * 31 + text.charCodeAt(end - 1)) * 31 + end - start) & 511
  const known = KEYS[hash] as string
  if (known.length === end - start && text.startsWith(known, start)) return known
  const name = text.slice(start, end)
  if (name.length < 40) KEYS[hash] = name
  return name
}

/**
 * The offset at which a plain scalar of a block stops: at a break, the end, a comment, or a colon that makes it a key.
 */
function plainStop(c: Cursor, from: number): number {
  const { text, end } = c
  let i = from
  for (; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code > 58 || (code > 35 && code < 58)) continue
    if (code === 58) {
      if (isSpace(c, i + 1)) break
    } else if (code === 35) {
      if (text.charCodeAt(i - 1) === 32) break
    } else if (code < 32) {
      if (code === 9) bailOut()
      break
    }
  }
  return i
}

/**
 * Reads what is after a colon or dash at `indicator`, in a block at `column`, and moves to the next line. A missing
 * value is an empty scalar after the indicator.
 */
export function readValue(c: Cursor, indicator: number, column: number, isItem: boolean): YamlNode {
  const { text, end } = c
  const at = skipSpaces(c, indicator + 1)
  const code = at < end ? text.charCodeAt(at) : 10
  switch (code) {
    case 10:
    case 13:
    case 35:
      return readBelow(c, indicator, column, isItem)
    case 34:
    case 39: {
      const node = readQuoted(c, at, code, false)
      const behind = isItem ? skipSpaces(c, c.at) : end
      if (behind < end && text.charCodeAt(behind) === 58) return readCompact(c, at, indicator, column)
      toNextLine(c, c.at, -1)
      return node
    }
    case 91:
    case 123: {
      const node = readFlow(c, at, code)
      toNextLine(c, c.at, -1)
      return node
    }
    case 124:
    case 62:
      return readBlockScalar(c, at, column, code === 124 ? 'literal' : 'folded')
    default:
  }
  if (!startsPlain(c, at, code)) {
    return isItem && code === 45 && isSpace(c, at + 1) ? readCompact(c, at, indicator, column) : bailOut()
  }
  const stop = plainStop(c, at)
  if (stop < end && text.charCodeAt(stop) === 58) return isItem ? readCompact(c, at, indicator, column) : bailOut()
  const last = trimmed(text, stop)
  toNextLine(c, last, -1)
  // What is indented deeper belongs to the scalar, unless a comment comes first.
  if (c.column > column) return readLongPlain(c, at, column)
  return plainNode(c, at, last, text.slice(at, last))
}

function plainNode(c: Cursor, start: number, end: number, value: string): ScalarNode {
  const data = plainData(value)
  if (data === undefined) return bailOut()
  c.data = data
  return scalarNode(start, end, 'plain', value)
}

/** Reads a plain scalar that continues on the next lines. */
function readLongPlain(c: Cursor, at: number, column: number): ScalarNode {
  const { value, end } = scanPlain(c, at, column, false)
  // Bails out after a last line that is a key, and where a comment interrupts the scalar.
  toNextLine(c, end, -1)
  return plainNode(c, at, end, value)
}

/** Reads a map or list that begins on the line of its dash. */
function readCompact(c: Cursor, at: number, dash: number, column: number): YamlNode {
  c.at = at
  c.column = column + at - dash
  return readBlock(c)
}

/** Reads a value that begins on a line of its own, if there is one. */
function readBelow(c: Cursor, indicator: number, column: number, isItem: boolean): YamlNode {
  toNextLine(c, indicator + 1, -1)
  if (c.column > column) return readBlock(c)
  if (c.column === column && !isItem && isDash(c)) return readSeq(c, true)
  c.data = null
  return scalarNode(indicator + 1, indicator + 1, 'plain', '')
}

function readBlockScalar(c: Cursor, at: number, column: number, style: 'literal' | 'folded'): ScalarNode {
  const { end, value, next } = scanBlock(c, at, column, style)
  // If the text goes on, only spaces are between the start of the line and the next token.
  if (next < c.end) toNextLine(c, next, c.text.lastIndexOf('\n', next - 1) + 1)
  else toEnd(c)
  c.data = value
  return scalarNode(at, end, style, value)
}
