import type { Json, JsonObject } from '../../../json/json.ts'
import { keyOf, outer, type DuplicateKey } from '../construct.ts'
import { scalarNode, type MapNode, type Pair, type ScalarNode } from '../node.ts'
import { scanQuoted } from '../scan-scalar.ts'
import type { SourceSlice } from '../source-slice.ts'

/** The state of the fast path: one mutable object for all its functions, which V8 reads fastest. */
export interface Cursor extends SourceSlice {
  /** 0-based offset of the next character to look at; between the entries of a block, of the next token. */
  at: number
  /** Between the entries of a block: 0-based column of the next token, -1 at the end of the text. */
  column: number
  /** The data of the node that was read last. */
  data: Json
  /** The number of open blocks and brackets. */
  depth: number
  readonly duplicates: DuplicateKey[]
  /** Maps in which a key occurred twice. */
  readonly named: Map<MapNode, NamedPairs>
}

/** The last pair of each name in a map. */
interface NamedPairs {
  pairs: Map<string, Pair>
  /** How many of the map's pairs were visited. */
  count: number
}

/** Thrown for text that the fast path does not support, and caught by `fromStart`; the full parser decides then. */
export const BAIL_OUT = new Error('not supported by the fast path')

/**
 * Leaves the fast path.
 * @throws BAIL_OUT always
 */
export function bailOut(): never {
  throw BAIL_OUT
}

/**
 * The levels of nesting that the fast path reads; real objects have few, and custom resource definitions about thirty.
 */
const DEPTH = 100
/** The length of keys that the fast path reads, in characters; kubectl's limit is a little higher. */
const KEY_LENGTH = 1000

/** ASCII characters that begin no plain scalar, or not always. */
const INDICATOR = new Uint8Array(128)
for (const c of '\t\r\n ,[]{}#&*!|>\'"%@`-?:') INDICATOR[c.charCodeAt(0)] = 1

/** True where a plain scalar begins at `at`, where the character `c` is. */
export function startsPlain({ text, end }: Cursor, at: number, c: number): boolean {
  if (c > 127 || INDICATOR[c] === 0) return true
  return c === 45 && at + 1 < end && text.charCodeAt(at + 1) > 32
}

/** True for white space and the end of the slice; the callers bail out at a tab. */
export function isSpace({ text, end }: Cursor, at: number): boolean {
  return at >= end || text.charCodeAt(at) <= 32
}

/** The offset of the next character that is not a space, or the end. */
export function skipSpaces({ text, end }: Cursor, from: number): number {
  let i = from
  while (i < end && text.charCodeAt(i) === 32) i++
  return i
}

/** The offset at which the text before `stop` ends without its trailing spaces. */
export function trimmed(text: string, stop: number): number {
  let last = stop
  while (text.charCodeAt(last - 1) === 32) last--
  return last
}

/** Opens a block or bracket; bails out where it is nested too deep. */
export function enter(c: Cursor): void {
  if (++c.depth > DEPTH) bailOut()
}

/** Reads a quoted scalar and moves the cursor past it. A key must be on one line. */
export function readQuoted(c: Cursor, at: number, quote: number, isKey: boolean): ScalarNode {
  const { text, end } = c
  const style = quote === 34 ? 'double' : 'single'
  for (let i = at + 1; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) {
      if (code === 39 && i + 1 < end && text.charCodeAt(i + 1) === 39) break
      c.at = i + 1
      const value = text.slice(at + 1, i)
      c.data = value
      return scalarNode(at, i + 1, style, value)
    }
    if (code === 10 || code === 13 || (code === 92 && quote === 34)) break
  }
  const scanned = scanQuoted(c, at, style)
  if (isKey && scanned.breaks > 0) bailOut()
  c.at = scanned.next
  c.data = scanned.value
  return scalarNode(at, scanned.end, style, scanned.value)
}

/**
 * Checks a key and moves the cursor to its colon, which must be at `colon`.
 * @param name the key in JSON; undefined where it cannot be a key
 * @returns the name
 */
export function checkKey(c: Cursor, key: ScalarNode, colon: number, name: string | undefined): string {
  if (colon >= c.end || c.text.charCodeAt(colon) !== 58 || colon - key.start > KEY_LENGTH) bailOut()
  c.at = colon
  if (name === undefined || (key.style === 'plain' && key.value === '<<')) return bailOut()
  return name
}

/**
 * Notes a key that occurred in the same map before.
 * @param seen a bit for each key so far, by a hash, which rules out most duplicates without a search
 * @returns `seen` with the bit of this key
 */
export function noteDuplicate(
  c: Cursor,
  node: MapNode,
  data: JsonObject,
  name: string,
  key: ScalarNode,
  seen: number,
): number {
  const bit = 1 << ((name.charCodeAt(0) + 7 * name.charCodeAt(name.length - 1) + name.length) & 31)
  if ((seen & bit) !== 0 && name in data) {
    const before = lastOf(c, node, name)
    c.duplicates.push({ name, first: outer(before.key), second: outer(key) })
  }
  return seen | bit
}

/** The last pair of a name so far. A key may be repeated many times, so each pair is visited only once. */
function lastOf({ named }: Cursor, node: MapNode, name: string): Pair {
  const known = named.get(node) ?? { pairs: new Map<string, Pair>(), count: 0 }
  named.set(node, known)
  for (; known.count < node.pairs.length; known.count++) {
    const pair = node.pairs[known.count] as Pair
    known.pairs.set(keyOf(pair.key), pair)
  }
  return known.pairs.get(name) as Pair
}
