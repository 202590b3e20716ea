import { emptyObject, type Json } from '../../../json/json.ts'
import {
  checkKey,
  enter,
  bailOut,
  isSpace,
  noteDuplicate,
  readQuoted,
  skipSpaces,
  startsPlain,
  trimmed,
  type Cursor,
} from './cursor.ts'
import { mapNode, scalarNode, seqNode, type MapNode, type ScalarNode, type SeqNode, type YamlNode } from '../node.ts'
import { plainData, plainKey } from '../resolve.ts'

/** Reads the map or list in brackets that opens at `at` with the character `code`, and moves the cursor past it. */
export function readFlow(c: Cursor, at: number, code: number): YamlNode {
  enter(c)
  c.at = at + 1
  const node = code === 91 ? readFlowSeq(c, at) : readFlowMap(c, at)
  node.end = ++c.at
  c.depth--
  return node
}

/** Moves to the next token, past breaks and comments, and returns its first character code; bails out at the end. */
function toToken(c: Cursor): number {
  const { text, end } = c
  let i = c.at
  for (; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === 32 || code === 13) continue
    if (code === 35 && text.charCodeAt(i - 1) === 32) {
      i = text.indexOf('\n', i)
      if (i < 0) bailOut()
    } else if (code !== 10) {
      // A directive or document marker could be in the first column.
      if (text.charCodeAt(i - 1) === 10 && (code === 37 || code === 45 || code === 46)) bailOut()
      c.at = i
      return code
    }
  }
  return bailOut()
}

/** Moves past the comma between two entries; true where the bracket closes instead, or after a last comma. */
function isClosed(c: Cursor, close: number): boolean {
  const code = toToken(c)
  if (code === close) return true
  if (code !== 44) bailOut()
  c.at++
  return toToken(c) === close
}

function readFlowSeq(c: Cursor, at: number): SeqNode {
  const node = seqNode(at, at, true)
  const data: Json[] = []
  if (toToken(c) !== 93) {
    do {
      node.items.push(readItem(c))
      data.push(c.data)
    } while (!isClosed(c, 93))
  }
  c.data = data
  return node
}

function readFlowMap(c: Cursor, at: number): MapNode {
  const node = mapNode(at, at, true)
  const data = emptyObject()
  let seen = 0
  if (toToken(c) !== 125) {
    do {
      const key = readFlowKey(c)
      const name = c.data as string
      const colon = c.at++
      seen = noteDuplicate(c, node, data, name, key, seen)
      toToken(c)
      const value = readItem(c)
      node.pairs.push({ key, value, start: key.start, colon })
      data[name] = c.data
    } while (!isClosed(c, 125))
  }
  c.data = data
  return node
}

/** Reads a key in brackets and moves the cursor to its colon, which must be on the same line. */
function readFlowKey(c: Cursor): ScalarNode {
  const { at } = c
  const code = c.text.charCodeAt(at)
  const isQuoted = code === 34 || code === 39
  const key = isQuoted ? readQuoted(c, at, code, true) : readFlowPlain(c)
  c.data = checkKey(c, key, skipSpaces(c, c.at), isQuoted ? key.value : plainKey(key.value))
  return key
}

function readItem(c: Cursor): YamlNode {
  const code = c.text.charCodeAt(c.at)
  switch (code) {
    case 34:
    case 39:
      return readQuoted(c, c.at, code, false)
    case 91:
    case 123:
      return readFlow(c, c.at, code)
    default:
  }
  const node = readFlowPlain(c)
  const data = plainData(node.value)
  if (data === undefined) return bailOut()
  c.data = data
  return node
}

/** Reads a plain scalar in brackets and moves the cursor past it. */
function readFlowPlain(c: Cursor): ScalarNode {
  const { text, end, at } = c
  if (!startsPlain(c, at, text.charCodeAt(at))) bailOut()
  let i = at
  for (; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === 44 || code === 93 || code === 125 || code === 10 || code === 13) break
    if (code === 58 && isSpace(c, i + 1)) break
    if (code === 35 && text.charCodeAt(i - 1) === 32) break
    if (code === 91 || code === 123 || code === 63 || code === 9) bailOut()
  }
  const last = trimmed(text, i)
  c.at = last
  return scalarNode(at, last, 'plain', text.slice(at, last))
}
