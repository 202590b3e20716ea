import { getOrMake } from '../common/maps.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import { mayHoldBase64 } from '../yaml/read/odd-spelling.ts'
import { isBreak } from '../yaml/read/token.ts'

const PREFILTERS = new WeakMap<readonly WorkloadKind[], Prefilter>()

/**
 * Recognizes documents that cannot have a workload by their text alone.
 *
 * It never misses a workload that the reader would find. A workload is a map with a key `kind` whose value is one of
 * the known kinds, or an item that gets its kind from a list (`PodList`). For a document that is called foreign:
 * 1. Every key `kind` is found. The letters of a key are together in the text unless it is written with escapes, split
 *    by an escaped line break, or in base64, which `isSpeltOddly` detects. A key may also be an alias of a scalar
 *    elsewhere, which it detects, too. Only a quote, white space and comments can be between a key and its colon, and
 *    `afterKey` skips these.
 * 2. The value of each is another kind. `wordAt` returns its first letters and digits, and an empty word where the
 *    value begins with anything else (anchor, tag, alias, block scalar, comment) or an escape interrupts it: then it
 *    may be any kind. The next character is not a letter or digit, so a longer value is not a known kind either: kinds
 *    with other characters turn the prefilter off.
 * 3. For a kind that is known in some groups only, none of these groups is in the text. They cannot be split, for the
 *    same reasons.
 *
 * Tests compare it with the reader over generated spellings.
 */
export class Prefilter {
  /** By kind: the groups of which one must be in the text; undefined where any group counts. */
  readonly #words = new Map<string, string[] | undefined>()
  /** False where some kind has other characters than letters and digits. */
  readonly #isUsable: boolean

  /** The prefilter for a list of kinds; one for each list, since all texts of a run are read with the same few. */
  static of(kinds: readonly WorkloadKind[]): Prefilter {
    return getOrMake(PREFILTERS, kinds, () => new Prefilter(kinds))
  }

  constructor(kinds: readonly WorkloadKind[]) {
    this.#isUsable = kinds.every(({ kind }) => /^[A-Za-z0-9]+$/.test(kind))
    for (const { kind, group, optional } of kinds) {
      const groups = this.#words.get(kind) ?? []
      const isPlain =
        optional !== true || group === '' || (this.#words.has(kind) && this.#words.get(kind) === undefined)
      this.#words.set(kind, isPlain ? undefined : [...groups, group])
    }
  }

  /**
   * True when every `kind` in the text clearly has another kind as its value, and one of them is at the top level.
   * Plain searches find the few places to check, so that foreign documents take little more time than reading them.
   */
  isForeign(text: string): boolean {
    let hasTopLevel = false
    for (let at = text.indexOf('kind'); at >= 0; at = text.indexOf('kind', at + 4)) {
      if (!hasTopLevel) hasTopLevel = isTopLevelKey(text, at)
      const word = wordBehind(text, at + 4)
      if (word !== undefined && this.#mayBe(word, text)) return false
    }
    return hasTopLevel && this.#isUsable && !isSpeltOddly(text)
  }

  /** True when the document's own kind, at the top level, is clearly a foreign one. */
  namesForeignKind(text: string): boolean {
    const matches = [...text.matchAll(TOP_LEVEL_KIND_VALUE)]
    return matches.length === 1 && !this.#mayBe(matches[0]?.[1] ?? '', text)
  }

  #mayBe(word: string, text: string): boolean {
    if (word === '' || word.endsWith('List')) return true
    if (!this.#words.has(word)) return false
    const groups = this.#words.get(word)
    return groups === undefined || groups.some((group) => text.includes(group)) || ESCAPED_BREAK.test(text)
  }
}

const TOP_LEVEL_KIND_VALUE = /^["']?kind["']?[ \t]*:[ \t]*["']?((?:[A-Za-z][A-Za-z0-9]*)?)/gm

/** True when the `kind` at an offset is a key in the first column, which may be in quotes. */
function isTopLevelKey(text: string, at: number): boolean {
  const isQuoted = at > 0 && isQuote(text.charCodeAt(at - 1))
  if (!isLineStart(text, isQuoted ? at - 1 : at)) return false
  let i = at + 4
  if (isQuote(text.charCodeAt(i))) i++
  while (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9) i++
  return text.charCodeAt(i) === 58
}

function isQuote(c: number): boolean {
  return c === 34 || c === 39
}

function isLineStart(text: string, at: number): boolean {
  return at === 0 || isBreak(text.charCodeAt(at - 1))
}

function isLetter(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90)
}

function isLetterOrDigit(c: number): boolean {
  return isLetter(c) || (c >= 48 && c <= 57)
}

/** True for any white space; more of it than in YAML does no harm. */
function isWhite(c: number): boolean {
  return c <= 32 || c === 0x85 || (c > 127 && /\s/.test(String.fromCharCode(c)))
}

function skipWhite(text: string, at: number): number {
  let i = at
  while (isWhite(text.charCodeAt(i))) i++
  return i
}

/** The offset of the first character after a key that is neither white space nor in a comment. */
function afterKey(text: string, at: number): number {
  let i = skipWhite(text, at)
  while (i > at && text.charCodeAt(i) === 35) {
    while (i < text.length && !isBreak(text.charCodeAt(i))) i++
    i = skipWhite(text, i)
  }
  return i
}

/** The word that is the value of a key that ends at an offset, possibly empty; undefined when it is not a key. */
function wordBehind(text: string, at: number): string | undefined {
  const colon = afterKey(text, isQuote(text.charCodeAt(at)) ? at + 1 : at)
  return text.charCodeAt(colon) === 58 ? wordAt(text, skipWhite(text, colon + 1)) : undefined
}

/**
 * The letters and digits with which a value begins (a letter first), without its quote; empty where an escape follows
 * them.
 */
function wordAt(text: string, at: number): string {
  const start = isQuote(text.charCodeAt(at)) ? at + 1 : at
  if (!isLetter(text.charCodeAt(start))) return ''
  let end = start
  while (isLetterOrDigit(text.charCodeAt(end))) end++
  return text.charCodeAt(end) === 92 ? '' : text.slice(start, end)
}

const ESCAPED_BREAK = /\\[\r\n\u0085\u2028\u2029]/
const ALIAS_KEY = /\*[\w-]+[\s\u0085]*[:#]/

/**
 * True where a key or kind may be written with escapes, in base64 or by an alias: such a document is read properly.
 * Only an explicit key (`?`) can be split by an escaped line break. Also true for a byte order mark in the text, where
 * go-yaml may skip other characters.
 */
function isSpeltOddly(text: string): boolean {
  if (text.includes('\\') && (/\\[xuU]/.test(text) || (text.includes('?') && ESCAPED_BREAK.test(text)))) return true
  return mayHoldBase64(text) || (text.includes('*') && ALIAS_KEY.test(text)) || text.includes('\uFEFF')
}
