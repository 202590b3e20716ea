import { checkDepth } from './depth.ts'
import { scanDirective } from './directive.ts'
import { scanBlock } from './scan-block.ts'
import { scanName, scanTag } from './node-properties.ts'
import { scanPlain, scanQuoted } from './scan-scalar.ts'
import { SimpleKeys } from './simple-keys.ts'
import {
  isBlank,
  isBlankOrEnd,
  isBreak,
  NO_VALUE_HERE,
  Token,
  YamlError,
  type ScalarStyle,
  type TokenKind,
  type YamlToken,
} from './token.ts'
import { afterBreak, codeAt, isDocumentMark, type SourceSlice } from './source-slice.ts'

/** Splits a slice of text into tokens on demand, so that nothing after the first document is looked at. */
export class Scanner {
  readonly #w: SourceSlice
  readonly #tokens: YamlToken[] = []
  #head = 0
  /** The token at the head, once it is known. */
  #ready: YamlToken | undefined
  #at: number
  #line = 0
  #lineStart: number
  #indent = -1
  readonly #indents: number[] = []
  readonly #keys = new SimpleKeys()
  #keyAllowed = true
  #ended = false

  constructor(slice: SourceSlice) {
    this.#w = slice
    this.#at = slice.start
    this.#lineStart = slice.start
  }

  /** The next token, which stays the next. */
  peek(): YamlToken {
    return (this.#ready ??= this.#cutNext())
  }

  #cutNext(): YamlToken {
    // A token cannot be returned while it may turn out to be a key: a key token would precede it then.
    while (!this.#ended && (this.#head >= this.#tokens.length || this.#keys.isOpen(this.#head, this.#at, this.#line)))
      this.#cut()
    return this.#tokens[this.#head] as YamlToken
  }

  /**
   * The 0-based offset of the last character that had to be looked at: like libyaml, it takes four to recognize a
   * token.
   */
  get reach(): number {
    return Math.max(this.peek().start + 3, this.#at)
  }

  /** Returns the next token and moves past it. */
  next(): YamlToken {
    const token = this.peek()
    if (token.kind === Token.streamEnd) return token
    this.#ready = undefined
    this.#head++
    if (this.#head > 1024) {
      this.#tokens.splice(0, this.#head)
      this.#keys.shift(this.#head)
      this.#head = 0
    }
    return token
  }

  get #column(): number {
    return this.#at - this.#lineStart
  }

  get #flow(): boolean {
    return this.#keys.depth > 0
  }

  #emit(kind: TokenKind, start: number, end: number, value = '', style: ScalarStyle = 'plain'): void {
    this.#tokens.push({ kind, start, end, value, style })
  }

  #cut(): void {
    const w = this.#w
    this.#skipToToken()
    this.#unroll(this.#column)
    const at = this.#at
    if (at >= w.end) return this.#cutEnd()
    const c = w.text.charCodeAt(at)
    const next = codeAt(w, at + 1)
    if (this.#column === 0) {
      if (c === 37) return this.#cutDirective()
      if (isDocumentMark(w, at)) return this.#cutDocumentMark(c === 45 ? Token.documentStart : Token.documentEnd)
    }
    switch (c) {
      case 91:
        return this.#openFlow(Token.flowSeqStart)
      case 123:
        return this.#openFlow(Token.flowMapStart)
      case 93:
        return this.#closeFlow(Token.flowSeqEnd)
      case 125:
        return this.#closeFlow(Token.flowMapEnd)
      case 44:
        this.#keys.drop()
        this.#keyAllowed = true
        return this.#take(Token.flowEntry, 1)
      case 42:
        return this.#cutName(Token.alias)
      case 38:
        return this.#cutName(Token.anchor)
      case 33:
        return this.#cutTag()
      case 39:
        return this.#cutScalar('single')
      case 34:
        return this.#cutScalar('double')
      default:
    }
    if (c === 45 && isBlankOrEnd(next)) return this.#cutBlockEntry()
    if (c === 63 && (this.#flow || isBlankOrEnd(next))) return this.#cutKey()
    if (c === 58 && (this.#flow || isBlankOrEnd(next))) return this.#cutValue()
    if (!this.#flow && (c === 124 || c === 62)) return this.#cutScalar(c === 124 ? 'literal' : 'folded')
    if (this.#startsPlain(c, next)) return this.#cutScalar('plain')
    if (c === 9) throw new YamlError('a tab cannot indent a line: use spaces', at)
    throw new YamlError(`no value can start with ${JSON.stringify(w.text.charAt(at))}: quote it`, at)
  }

  #startsPlain(c: number, next: number): boolean {
    if (c === 45) return !isBlank(next)
    if (c === 63 || c === 58) return !this.#flow && !isBlankOrEnd(next)
    // , [ ] { } # & * ! | > ' " % @ ` are indicators.
    return !isBlank(c) && ',[]{}#&*!|>\'"%@`'.indexOf(String.fromCharCode(c)) < 0
  }

  #take(kind: TokenKind, length: number): void {
    this.#emit(kind, this.#at, this.#at + length)
    this.#at += length
  }

  #newLine(next: number): void {
    this.#at = next
    this.#lineStart = next
    this.#line++
  }

  /** Skips white space and comments. A tab is white space only where no key could begin. */
  #skipToToken(): void {
    const w = this.#w
    for (;;) {
      let at = this.#at
      let c = codeAt(w, at)
      while (c === 32 || (c === 9 && (this.#flow || !this.#keyAllowed))) c = ++at < w.end ? w.text.charCodeAt(at) : NaN
      if (c === 35) while (at < w.end && !isBreak(c)) c = codeAt(w, ++at)
      this.#at = at
      if (!isBreak(c)) return
      this.#newLine(afterBreak(w, at))
      if (!this.#flow) this.#keyAllowed = true
    }
  }

  /** Closes the blocks that are indented deeper than `column`. */
  #unroll(column: number): void {
    if (this.#flow) return
    while (this.#indent > column) {
      this.#emit(Token.blockEnd, this.#at, this.#at)
      this.#indent = this.#indents.pop() as number
    }
  }

  /** Opens a block at `column` if it is deeper than the current one; `at` is the index of its first token. */
  #roll(column: number, kind: TokenKind, offset: number, at = this.#tokens.length): void {
    if (this.#flow || this.#indent >= column) return
    checkDepth(this.#indents.length + 1, offset)
    this.#indents.push(this.#indent)
    this.#indent = column
    this.#tokens.splice(at, 0, { kind, start: offset, end: offset, value: '', style: 'plain' })
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return
    this.#keys.save({
      required: !this.#flow && this.#indent === this.#column,
      token: this.#tokens.length,
      offset: this.#at,
      line: this.#line,
      column: this.#column,
    })
  }

  #cutEnd(): void {
    if (this.#column !== 0) this.#newLine(this.#at)
    this.#unroll(-1)
    this.#keys.drop()
    this.#keyAllowed = false
    this.#ended = true
    this.#emit(Token.streamEnd, this.#at, this.#at)
  }

  #cutDirective(): void {
    this.#unroll(-1)
    this.#keys.drop()
    this.#keyAllowed = false
    const start = this.#at
    this.#at = scanDirective(this.#w, start)
    this.#emit(Token.directive, start, this.#at, this.#w.text.slice(start, this.#at))
  }

  #cutDocumentMark(kind: TokenKind): void {
    this.#unroll(-1)
    this.#keys.drop()
    this.#keyAllowed = false
    this.#take(kind, 3)
  }

  #openFlow(kind: TokenKind): void {
    this.#saveKey()
    checkDepth(this.#keys.depth + 1, this.#at)
    this.#keys.open(this.#tokens.length)
    this.#keyAllowed = true
    this.#take(kind, 1)
  }

  #closeFlow(kind: TokenKind): void {
    this.#keys.drop()
    if (this.#flow) this.#keys.close()
    this.#keyAllowed = false
    this.#take(kind, 1)
  }

  #cutBlockEntry(): void {
    if (!this.#flow) {
      if (!this.#keyAllowed) throw new YamlError('a list item is not allowed here', this.#at)
      this.#roll(this.#column, Token.blockSeqStart, this.#at)
    }
    this.#keys.drop()
    this.#keyAllowed = true
    this.#take(Token.blockEntry, 1)
  }

  #cutKey(): void {
    if (!this.#flow) {
      if (!this.#keyAllowed) throw new YamlError('a map key is not allowed here', this.#at)
      this.#roll(this.#column, Token.blockMapStart, this.#at)
    }
    this.#keys.drop()
    this.#keyAllowed = !this.#flow
    this.#take(Token.key, 1)
  }

  #cutValue(): void {
    const key = this.#keys.current
    if (this.#keys.isLive(key, this.#at, this.#line)) {
      // Where the key was already returned, its key token comes too late, and is misplaced.
      const at = key.token < this.#head ? this.#tokens.length : key.token
      this.#tokens.splice(at, 0, { kind: Token.key, start: key.offset, end: key.offset, value: '', style: 'plain' })
      this.#roll(key.column, Token.blockMapStart, key.offset, key.token < this.#head ? this.#tokens.length : at)
      key.possible = false
      this.#keyAllowed = false
    } else {
      if (!this.#flow) {
        if (!this.#keyAllowed) throw new YamlError(NO_VALUE_HERE, this.#at)
        this.#roll(this.#column, Token.blockMapStart, this.#at)
      }
      this.#keyAllowed = !this.#flow
    }
    this.#take(Token.value, 1)
  }

  #cutName(kind: TokenKind): void {
    this.#saveKey()
    this.#keyAllowed = false
    const start = this.#at
    this.#at = scanName(this.#w, start, kind === Token.alias ? 'alias' : 'anchor')
    this.#emit(kind, start, this.#at, this.#w.text.slice(start + 1, this.#at))
  }

  #cutTag(): void {
    this.#saveKey()
    this.#keyAllowed = false
    const start = this.#at
    this.#at = scanTag(this.#w, start)
    this.#emit(Token.tag, start, this.#at, this.#w.text.slice(start, this.#at))
  }

  #cutScalar(style: ScalarStyle): void {
    const start = this.#at
    if (style === 'literal' || style === 'folded') {
      this.#keys.drop()
      this.#keyAllowed = true
      const block = scanBlock(this.#w, start, this.#indent, style)
      this.#emit(Token.scalar, start, block.end, block.value, style)
      this.#resume(block.next, block.breaks)
      return
    }
    this.#saveKey()
    this.#keyAllowed = false
    const scalar =
      style === 'plain' ? scanPlain(this.#w, start, this.#indent, this.#flow) : scanQuoted(this.#w, start, style)
    this.#emit(Token.scalar, start, scalar.end, scalar.value, style)
    this.#resume(scalar.next, scalar.breaks)
    if (scalar.endedByBreak) this.#keyAllowed = true
  }

  /** Continues after a scalar that crossed `breaks` line breaks. */
  #resume(next: number, breaks: number): void {
    this.#at = next
    if (breaks === 0) return
    this.#line += breaks
    let lineStart = next
    for (const { text, start } = this.#w; lineStart > start; lineStart--) {
      const c = text.charCodeAt(lineStart - 1)
      if (c !== 32 && isBreak(c)) break
    }
    this.#lineStart = lineStart
  }
}
