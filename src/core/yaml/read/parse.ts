import { checkDirective, resolveTag, type Handles } from './directive.ts'
import {
  aliasNode,
  mapNode,
  scalarNode,
  seqNode,
  type AliasNode,
  type MapNode,
  type Pair,
  type SeqNode,
  type YamlNode,
} from './node.ts'
import { Scanner } from './scanner.ts'
import { NO_KEY, Token, YamlError, type TokenKind, type YamlToken } from './token.ts'
import type { SourceSlice } from './source-slice.ts'

/** The first YAML document of a slice, as kubectl reads it; text after its end is ignored. */
export interface ParsedDocument {
  /** Undefined where there are only white space and comments. */
  root: YamlNode | undefined
  /** 0-based offset where reading stopped; kubectl ignores text after it (after `...`). */
  end: number
  /** True when some node has an anchor, so that edits must look out for aliases. */
  anchors: boolean
}

/** A parsed document, with the 0-based offset of the last character that the parser had to look at. */
type ReadDocument = ParsedDocument & { reach: number }

interface Properties {
  start: number
  end: number
  anchor: string | undefined
  tag: string | undefined
}

/**
 * Parses the first document of a slice. A control character after it is rejected only where kubectl reads that far.
 * @param marked whether kubectl reads the `---` line before it as part of the text
 * @throws YamlError where kubectl's parser would reject the text
 */
export function parseYaml(slice: SourceSlice, marked = false): ParsedDocument {
  const index = slice.text.slice(slice.start, slice.end).search(CONTROL)
  if (index < 0) return new Parser(slice).document(marked)
  const at = slice.start + index
  const refusal = new YamlError(`the control character ${codePoint(slice.text.charAt(at))} is not allowed`, at)
  const document = documentIn(slice, marked)
  if (document === undefined || at < endOfRead(slice, marked, document.reach)) throw refusal
  return document
}

/** The bytes that kubectl's YAML reader reads at once (go-yaml's input_raw_buffer_size). */
const READ_AT_ONCE = 512

/**
 * The 0-based offset at which kubectl stops reading a text when its parser looks at no character after `reach`. It
 * reads 512 bytes at a time, where CR LF counts as one; a character that does not fit is read with the next ones.
 */
function endOfRead({ text, start, end }: SourceSlice, marked: boolean, reach: number): number {
  let at = marked ? text.lastIndexOf('\n---', start - 4) + 1 : text.charCodeAt(start - 1) === 0xfeff ? start - 1 : start
  while (at <= reach && at < end) {
    for (let bytes = 0; at < end; at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1) {
      const code = text.codePointAt(at) as number
      if (code === 13 && text.charCodeAt(at + 1) === 10) continue
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
      if (bytes > READ_AT_ONCE) break
    }
  }
  return at
}

/** The document; undefined where the text is invalid for another reason, too. */
function documentIn(slice: SourceSlice, marked: boolean): ReadDocument | undefined {
  try {
    return new Parser(slice).document(marked)
  } catch (error) {
    if (error instanceof YamlError) return undefined
    throw error
  }
}

/** Characters that the reader rejects (libyaml's `reader.c`), DEL and the C1 controls except NEL among them. */
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/

function codePoint(text: string): string {
  return `U+${(text.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`
}

class Parser {
  readonly #scanner: Scanner
  readonly #anchors = new Map<string, YamlNode>()
  /** Nodes with an anchor that are still being read: an alias to one of them would contain itself. */
  readonly #open = new Set<string>()

  readonly #handles: Handles = new Map()

  constructor(slice: SourceSlice) {
    this.#scanner = new Scanner(slice)
  }

  document(marked: boolean): ReadDocument {
    const s = this.#scanner
    if (!marked) this.#documentStart()
    const first = s.peek()
    if (isOneOf(first.kind, NO_DOCUMENT)) return { root: undefined, end: first.start, anchors: false, reach: s.reach }
    const root = this.#node(true, false)
    const end = s.peek()
    return { root, end: end.start, anchors: this.#anchors.size > 0, reach: s.reach }
  }

  /** Reads what may precede the first value of a text: directives, and a `---` at which kubectl did not split. */
  #documentStart(): void {
    const s = this.#scanner
    let directive: YamlToken | undefined
    while (s.peek().kind === Token.directive) {
      directive = s.next()
      checkDirective(directive, this.#handles)
    }
    if (s.peek().kind === Token.documentEnd)
      throw new YamlError("unexpected '...': no document started here", s.peek().start)
    if (s.peek().kind === Token.documentStart) s.next()
    else if (directive !== undefined) throw new YamlError("a '---' line must follow the directives", directive.end)
  }

  #node(block: boolean, indentless: boolean): YamlNode {
    const s = this.#scanner
    let token = s.peek()
    if (token.kind === Token.alias) return this.#alias(s.next())
    const props = token.kind === Token.anchor || token.kind === Token.tag ? this.#properties() : undefined
    if (props?.anchor !== undefined) {
      this.#anchors.delete(props.anchor)
      this.#open.add(props.anchor)
    }
    token = s.peek()
    const node = this.#content(token, block, indentless, props)
    if (props !== undefined) {
      node.propertiesStart = props.start
      node.anchor = props.anchor
      node.tag = props.tag
      // Where a node inside it has the same anchor, the name stays with that one.
      if (props.anchor !== undefined && this.#open.delete(props.anchor)) this.#anchors.set(props.anchor, node)
    }
    return node
  }

  #content(token: YamlToken, block: boolean, indentless: boolean, props: Properties | undefined): YamlNode {
    switch (token.kind) {
      case Token.scalar: {
        const t = this.#scanner.next()
        return scalarNode(t.start, t.end, t.style, t.value)
      }
      case Token.flowSeqStart:
        return this.#flowSeq()
      case Token.flowMapStart:
        return this.#flowMap()
      case Token.blockEntry:
        if (indentless) return this.#blockSeq(false)
        break
      case Token.blockSeqStart:
        if (block) return this.#blockSeq(true)
        break
      case Token.blockMapStart:
        if (block) return this.#blockMap()
        break
      default:
    }
    if (props !== undefined) return scalarNode(props.end, props.end, 'plain', '')
    throw new YamlError(unexpected(token), token.start)
  }

  #properties(): Properties {
    const s = this.#scanner
    const start = s.peek().start
    let end = start
    let anchor: string | undefined
    let tag: string | undefined
    for (;;) {
      const token = s.peek()
      if (token.kind === Token.anchor && anchor === undefined) anchor = token.value
      else if (token.kind === Token.tag && tag === undefined) tag = resolveTag(token, this.#handles)
      else return { start, end, anchor, tag }
      end = s.next().end
    }
  }

  #alias(token: YamlToken): AliasNode {
    const target = this.#anchors.get(token.value)
    if (target === undefined) {
      const why = this.#open.has(token.value) ? 'is inside the value that it refers to' : 'has no anchor before it'
      throw new YamlError(`the alias *${token.value} ${why}`, token.start, 'alias')
    }
    return aliasNode(token.start, token.end, token.value, target)
  }

  #blockSeq(opened: boolean): SeqNode {
    const s = this.#scanner
    const start = opened ? s.next().start : s.peek().start
    const node = seqNode(start, start, false)
    while (s.peek().kind === Token.blockEntry) {
      const dash = s.next()
      node.dashes.push(dash.start)
      const item = isOneOf(s.peek().kind, opened ? AFTER_DASH : AFTER_FLUSH_DASH)
        ? scalarNode(dash.end, dash.end, 'plain', '')
        : this.#node(true, false)
      node.items.push(item)
      node.end = item.end
    }
    if (!opened) return node
    const close = s.peek()
    if (close.kind !== Token.blockEnd) throw new YamlError("expected '-' and a list item here", close.start)
    s.next()
    return node
  }

  #blockMap(): MapNode {
    const s = this.#scanner
    const start = s.next().start
    const node = mapNode(start, start, false)
    while (s.peek().kind === Token.key) {
      const pair = this.#pair(s.next(), AFTER_BLOCK_KEY, true)
      node.pairs.push(pair)
      node.end = Math.max(pair.value.end, pair.key.end)
    }
    const close = s.peek()
    if (close.kind !== Token.blockEnd) throw new YamlError(NO_KEY, close.start)
    s.next()
    return node
  }

  /** Reads a pair after its key token; `stop` are the tokens that mean that a key or value is missing. */
  #pair(indicator: YamlToken, stop: readonly TokenKind[], block: boolean): Pair {
    const s = this.#scanner
    const key =
      isOneOf(s.peek().kind, stop) || s.peek().kind === Token.value
        ? scalarNode(indicator.end, indicator.end, 'plain', '')
        : this.#node(block, block)
    if (s.peek().kind !== Token.value) {
      return { key, value: scalarNode(key.end, key.end, 'plain', ''), start: indicator.start, colon: -1 }
    }
    const colon = s.next()
    const value = isOneOf(s.peek().kind, stop)
      ? scalarNode(colon.end, colon.end, 'plain', '')
      : this.#node(block, block)
    return { key, value, start: indicator.start, colon: colon.start }
  }

  #flowSeq(): SeqNode {
    const s = this.#scanner
    const open = s.next()
    const node = seqNode(open.start, open.end, true)
    for (let first = true; ; first = false) {
      if (!first && s.peek().kind !== Token.flowSeqEnd) this.#comma("']'", open)
      const token = s.peek()
      if (token.kind === Token.flowSeqEnd) break
      node.items.push(token.kind === Token.key ? this.#singlePair() : this.#node(false, false))
    }
    node.end = s.next().end
    return node
  }

  /** `[a: b]`: a map of one pair inside a flow list. */
  #singlePair(): MapNode {
    const pair = this.#pair(this.#scanner.next(), FLOW_SEQ_STOP, false)
    const node = mapNode(pair.start, Math.max(pair.key.end, pair.value.end), true)
    node.pairs.push(pair)
    return node
  }

  #flowMap(): MapNode {
    const s = this.#scanner
    const open = s.next()
    const node = mapNode(open.start, open.end, true)
    for (let first = true; ; first = false) {
      if (!first && s.peek().kind !== Token.flowMapEnd) this.#comma("'}'", open)
      const token = s.peek()
      if (token.kind === Token.flowMapEnd) break
      if (token.kind === Token.key) {
        node.pairs.push(this.#pair(s.next(), FLOW_MAP_STOP, false))
      } else {
        const key = this.#node(false, false)
        node.pairs.push({
          key,
          value: scalarNode(key.end, key.end, 'plain', ''),
          start: key.propertiesStart,
          colon: -1,
        })
      }
    }
    node.end = s.next().end
    return node
  }

  #comma(close: string, open: YamlToken): void {
    const token = this.#scanner.peek()
    if (token.kind !== Token.flowEntry) {
      if (token.kind !== Token.streamEnd) throw new YamlError(`expected ',' or ${close}`, token.start)
      throw new YamlError(`this ${close === "']'" ? "'['" : "'{'"} has no closing ${close}`, open.start)
    }
    this.#scanner.next()
  }
}

const NO_DOCUMENT = [Token.streamEnd, Token.documentEnd, Token.documentStart, Token.directive] as const
const AFTER_DASH = [Token.blockEntry, Token.blockEnd] as const
const AFTER_FLUSH_DASH = [Token.blockEntry, Token.key, Token.value, Token.blockEnd] as const
const AFTER_BLOCK_KEY = [Token.key, Token.value, Token.blockEnd] as const
const FLOW_SEQ_STOP = [Token.flowEntry, Token.flowSeqEnd] as const
const FLOW_MAP_STOP = [Token.flowEntry, Token.flowMapEnd] as const

function isOneOf(kind: TokenKind, kinds: readonly TokenKind[]): boolean {
  return kinds.includes(kind)
}

function unexpected(token: YamlToken): string {
  switch (token.kind) {
    case Token.blockEntry:
      return "unexpected list item '-'"
    case Token.flowEntry:
      return "unexpected ',': a value is missing before it"
    case Token.flowSeqEnd:
      return "unexpected ']' without '[' before it"
    case Token.flowMapEnd:
      return "unexpected '}' without '{' before it"
    case Token.streamEnd:
      return 'unexpected end of text: expected a value'
    default:
      return 'unexpected value'
  }
}
