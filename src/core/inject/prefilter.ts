import type { WorkloadKind } from '../kube/kinds.ts'
import { mayHoldBase64 } from '../yaml/read/odd-spelling.ts'
import { isBreak } from '../yaml/read/token.ts'

const PREFILTERS = new WeakMap<readonly WorkloadKind[], Prefilter>()

/**
 * Tells documents that cannot hold a workload from those that may, by their text alone.
 *
 * It never misses a workload that the reader would find. A workload is a map with a key `kind` whose value is one of the
 * known kinds, or an item that got its kind from a list (`PodList`). For a document that is called foreign:
 * 1. Every key `kind` is seen. The letters of a key stand together in the text unless it is written with escapes, split
 *    by an escaped line break, or in base 64: `isSpeltOddly` finds those. A key may also be an alias of a scalar
 *    elsewhere: found there, too. Between a key and its colon there is nothing but a quote, white space and comments,
 *    which `afterKey` skips.
 * 2. The value of each is another kind. `wordAt` gives its first letters and digits, and nothing where the value begins
 *    with anything else (anchor, tag, alias, block scalar, comment) or an escape interrupts it: then it may be any kind.
 *    What follows those letters is no letter or digit, so a value that goes on is no known kind either: kinds with other
 *    characters turn the prefilter off.
 * 3. A kind that counts in some groups only has none of these groups in the text; they are spelt in one piece for the same
 *    reasons.
 * Tests hold it against the reader over generated spellings.
 */
export class Prefilter {
  /** By kind: the groups of which one must be named in the text, or nothing where no group need be. */
  readonly #words = new Map<string, string[] | undefined>()
  /** False where some kind is more than letters and digits. */
  readonly #isUsable: boolean

  /** That of some kinds; one for each list of kinds, since every text of a run is read with the same few. */
  static of(kinds: readonly WorkloadKind[]): Prefilter {
    const known = PREFILTERS.get(kinds)
    if (known !== undefined) return known
    const made = new Prefilter(kinds)
    PREFILTERS.set(kinds, made)
    return made
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
   * True when every `kind` in the text is plainly that of another kind, and one stands at the top level. Plain
   * searches find the few places to look at, so that foreign documents pass nearly as fast as they are read.
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

  /** True when the document's own kind, at the top level, is plainly a foreign one. */
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

/** White space of any kind; more of it than YAML has does no harm. */
function isWhite(c: number): boolean {
  return c <= 32 || c === 0x85 || (c > 127 && /\s/.test(String.fromCharCode(c)))
}

function skipWhite(text: string, at: number): number {
  let i = at
  while (isWhite(text.charCodeAt(i))) i++
  return i
}

/** The offset of the first character behind a key that is no white space and in no comment. */
function afterKey(text: string, at: number): number {
  let i = skipWhite(text, at)
  while (i > at && text.charCodeAt(i) === 35) {
    while (i < text.length && !isBreak(text.charCodeAt(i))) i++
    i = skipWhite(text, i)
  }
  return i
}

/** The word that is the value behind a key that ends at an offset, perhaps empty; undefined when it is no key. */
function wordBehind(text: string, at: number): string | undefined {
  const colon = afterKey(text, isQuote(text.charCodeAt(at)) ? at + 1 : at)
  return text.charCodeAt(colon) === 58 ? wordAt(text, skipWhite(text, colon + 1)) : undefined
}

/** The letters and digits with which a value begins, a letter first, without its quote; empty where an escape follows them. */
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
 * True where a key or kind could be spelt with escapes, in base 64 or by an alias; such a document is read properly. Only
 * an explicit key (`?`) may be split by an escaped line break. So is one with a byte order mark inside, for which go-yaml
 * may skip other characters.
 */
function isSpeltOddly(text: string): boolean {
  if (text.includes('\\') && (/\\[xuU]/.test(text) || (text.includes('?') && ESCAPED_BREAK.test(text)))) return true
  return mayHoldBase64(text) || (text.includes('*') && ALIAS_KEY.test(text)) || text.includes('\uFEFF')
}
