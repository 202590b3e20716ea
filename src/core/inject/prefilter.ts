import type { WorkloadKind } from '../kube/kinds.ts'
import { isBreak } from '../yaml/read/token.ts'

/** Tells documents that cannot hold a workload from those that may, by their text alone. */
export class Prefilter {
  /** By kind: the groups of which one must be named in the text, or nothing where no group need be. */
  readonly #words = new Map<string, string[] | undefined>()

  constructor(kinds: readonly WorkloadKind[]) {
    for (const { kind, group, optional } of kinds) {
      const groups = this.#words.get(kind) ?? []
      const isPlain = optional !== true || group === '' || (this.#words.has(kind) && this.#words.get(kind) === undefined)
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
    return hasTopLevel && !isSpeltOddly(text)
  }

  /** True when the document's own kind, at the top level, is plainly a foreign one. */
  namesForeignKind(text: string): boolean {
    const matches = [...text.matchAll(TOP_LEVEL_KIND_VALUE)]
    return matches.length === 1 && !this.#mayBe(matches[0]?.[1] ?? '', text)
  }

  #mayBe(word: string, text: string): boolean {
    if (word === '' || word.endsWith('List')) return true
    if (!this.#words.has(word)) return false
    return this.#words.get(word)?.some((group) => text.includes(group)) ?? true
  }
}

const TOP_LEVEL_KIND_VALUE = /^["']?kind["']?[ \t]*:[ \t]*["']?([A-Za-z]*)/gm

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

/** White space of any kind; more of it than YAML has does no harm. */
function isWhite(c: number): boolean {
  return c <= 32 || (c > 127 && /\s/.test(String.fromCharCode(c)))
}

/** The word that is the value behind a key that ends at an offset, perhaps empty; undefined when it is no key. */
function wordBehind(text: string, at: number): string | undefined {
  let i = isQuote(text.charCodeAt(at)) ? at + 1 : at
  while (isWhite(text.charCodeAt(i))) i++
  if (text.charCodeAt(i) !== 58) return undefined
  i++
  while (isWhite(text.charCodeAt(i))) i++
  if (isQuote(text.charCodeAt(i))) i++
  let end = i
  while (isLetter(text.charCodeAt(end))) end++
  return text.slice(i, end)
}

/** A key or kind could be spelt with escapes or in base 64; such a document is read properly. */
function isSpeltOddly(text: string): boolean {
  return text.includes('!binary') || (text.includes('\\') && /\\[xuU]/.test(text))
}
