import type { Json } from '../../json/json.ts'
import type { TextRange, SourceText } from '../../text/source.ts'
import { DataBuilder, type DuplicateKey } from './construct.ts'
import { parseJson } from './json-text.ts'
import type { YamlNode } from './node.ts'
import { readFastPath } from './fast-path/fast-path.ts'
import { parseYaml } from './parse.ts'
import { isBreak, YamlError } from './token.ts'
import type { SourceSlice } from './source-slice.ts'

/** One document of an input that was not read yet. */
export interface RawDocument {
  source: SourceText
  /** 0-based index in the input; comment-only and empty documents count. */
  index: number
  /** 0-based offsets of its text, without the `---` line before it. */
  start: number
  end: number
  /** True when kubectl reads the `---` line before it as part of its text, since no document was before that line. */
  marked: boolean
  /** The line of the `---` before it where that has other text, which kubectl rejects. */
  badSeparator: TextRange | undefined
  /** True when a `%` directive and a `---` line are before it, which kubectl cannot read. */
  directive: boolean
}

/** A document as nodes and as plain data. */
export interface YamlDocument extends RawDocument {
  /** Undefined for an empty or comment-only document. */
  root: YamlNode | undefined
  data: Json | undefined
  format: 'yaml' | 'json'
  /** True when nodes have anchors, so that an edit may change other places. */
  anchors: boolean
  /** In the order of the second occurrences in the text. */
  duplicates: readonly DuplicateKey[]
  /** True for a value of a stream of JSON, after which kubectl reads other values, or YAML after the first. */
  isStreamed: boolean
  /**
   * Text after the end of the document. In YAML, kubectl ignores it: it is after `...` or a `---` at which kubectl does
   * not split. In a stream of JSON, kubectl fails on it.
   */
  ignored?: TextRange
}

/** A document that kubectl could not read, or that is nested deeper than `LIMITS.nesting`. */
export interface Unreadable extends RawDocument {
  error: Pick<YamlError, 'message' | 'offset' | 'trouble'>
}

/**
 * Splits an input at its `---` lines as kubectl does (apimachinery `util/yaml`): a line that begins with `---` ends a
 * document wherever it is, and may have nothing else but a comment.
 */
export function splitDocuments(source: SourceText): RawDocument[] {
  const { text } = source
  const out: RawDocument[] = []
  let start = 0
  /**
   * The offset of the text that kubectl has read but not passed on yet; -1 where it begins in an earlier part of a long
   * input.
   */
  let buffer = source.before.bytes > 0 ? -1 : 0
  let badSeparator: TextRange | undefined
  let marked = false
  let directive = false
  const push = (end: number): void => {
    out.push({ source, index: source.before.documents + out.length, start, end, marked, badSeparator, directive })
  }
  for (let at = nextSeparator(text, -1); at >= 0;) {
    const lineFeed = text.indexOf('\n', at)
    const lineEnd = lineFeed < 0 ? text.length : lineFeed
    const next = Math.min(lineEnd + 1, text.length)
    if (!marked && hasOnlyDirectives(text, start, at)) {
      directive = true
    } else {
      if (out.length > 0 || start > 0 || !EMPTY.test(text.slice(0, at))) push(at)
      // Where kubectl has no such text, the `---` line is passed on and read as YAML: a document may begin after its
      // comment.
      marked = at === buffer
      const content = marked ? contentAfterMark(text, at, next) : next
      if (!marked) buffer = next
      const isSeparator = SEPARATOR_REST.test(text.slice(at + 3, lineEnd)) && content !== undefined
      badSeparator = isSeparator ? undefined : { start: at, end: lineEnd }
      directive = false
      start = content ?? next
    }
    at = nextSeparator(text, lineEnd)
  }
  push(text.length)
  return out
}

/** Text that has nothing for a YAML reader to read or reject. */
const EMPTY = /^[ \r\n]*$/

/** A `---` line that is read as YAML: white space, a comment, and any line break of YAML 1.1. */
const MARK_LINE = /---(?:[ \t]+(?:#[^\r\n\u0085\u2028\u2029]*)?)?(?:\r{0,2}\n|[\r\u0085\u2028\u2029]|$)/y

/**
 * The offset of the text after a `---` that kubectl passes to the YAML reader together with that `---`: after the first
 * line break, which need not be a line feed. Undefined where the `---` has other text on its line.
 * @param next the offset after the line feed that ends the line
 */
function contentAfterMark(text: string, at: number, next: number): number | undefined {
  MARK_LINE.lastIndex = at
  return MARK_LINE.test(text) ? Math.min(MARK_LINE.lastIndex, next) : undefined
}

/** What may follow `---` on its line: white space as defined by Go's strings.TrimSpace, and a comment. */
const SEPARATOR_REST = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*(?:#|$)/

/**
 * The offset of the first `---` that begins a line after the line break at `from`, or -1. kubectl splits at LF only.
 */
function nextSeparator(text: string, from: number): number {
  if (from < 0 && text.startsWith('---')) return 0
  const lineFeed = text.indexOf('\n---', from)
  return lineFeed < 0 ? -1 : lineFeed + 1
}

/** True when this part of a text has a `%` directive, and otherwise only comments and white space. */
function hasOnlyDirectives(text: string, start: number, end: number): boolean {
  let found = false
  for (let i = start; i < end;) {
    const c = text.charCodeAt(i)
    if (c === 35 || c === 37) {
      if (c === 37 && (i === start || isBreak(text.charCodeAt(i - 1)))) found = true
      while (i < end && !isBreak(text.charCodeAt(i))) i++
    } else if (c !== 32 && c !== 9 && !isBreak(c)) {
      return false
    } else {
      i++
    }
  }
  return found
}

/**
 * Reads a raw document: as one document of YAML, or as one or more of a stream of JSON values. Only after the first of
 * these may a document of YAML follow. Their `index` numbers go on from its own; a caller must add the extra ones to the
 * raw documents that follow. Source: apimachinery `YAMLOrJSONDecoder`.
 */
export function readRawDocument(raw: RawDocument): (YamlDocument | Unreadable)[] {
  const out: (YamlDocument | Unreadable)[] = []
  const { text } = raw.source
  let { start } = raw
  for (;;) {
    const doc = readOne(raw, start, raw.index + out.length)
    const before = out.at(-1)
    if (out.length === 1 && before !== undefined && 'root' in before && isSyntaxError(doc)) {
      addYamlBehind(raw, before, out)
      return out
    }
    out.push(doc)
    if (!('root' in doc) || !doc.isStreamed || doc.root === undefined) return out
    delete doc.ignored
    const next = skipJsonSpace(text, doc.root.end, raw.end)
    if (text.charAt(next) !== '{' || next >= raw.end) {
      if (next < raw.end && out.length === 1) addYamlBehind(raw, doc, out)
      else if (next < raw.end) doc.ignored = lineAt(text, next, raw.end)
      else if (out.length > 1 && text.startsWith('---', raw.end)) doc.ignored = { start: raw.end, end: raw.end + 3 }
      return out
    }
    doc.end = doc.root.end
    start = doc.root.end
  }
}

/** Adds the document of YAML after the only value of JSON, unless it is empty. */
function addYamlBehind(raw: RawDocument, json: YamlDocument, out: (YamlDocument | Unreadable)[]): void {
  const { text } = raw.source
  const from = (json.root as YamlNode).end
  const start = yamlStart(text, from)
  const next = skipJsonSpace(text, from, raw.end)
  if (start === undefined || isBadSeparator(text, start) || OTHER_JSON.test(text.slice(next, next + 5))) {
    json.ignored = lineAt(text, next, raw.end)
    return
  }
  const doc = readOne(
    { ...raw, start, marked: false, badSeparator: undefined, directive: false },
    start,
    raw.index + 1,
    'yaml',
  )
  if ('root' in doc && doc.root === undefined) return
  json.end = from
  out.push(doc)
}

/** The beginning of a JSON value that is not an object, such as a quoted key: kubectl reads it as one. */
const OTHER_JSON = /^(?:["[]|-?\d|true|false|null)/

function isSyntaxError(doc: YamlDocument | Unreadable): boolean {
  return 'error' in doc && doc.error.trouble === 'syntax'
}

/** True for a `---` at an offset that has more than a comment on its line. */
function isBadSeparator(text: string, at: number): boolean {
  if (!text.startsWith('---', at)) return false
  const lineFeed = text.indexOf('\n', at)
  return !SEPARATOR_REST.test(text.slice(at + 3, lineFeed < 0 ? text.length : lineFeed))
}

/**
 * The offset at which kubectl begins to read YAML when the text there is not JSON: after white space up to a line feed.
 * It looks at four bytes at a time and gives up where there are fewer (`consumeWhitespace`): then undefined.
 */
function yamlStart(text: string, from: number): number | undefined {
  for (let at = from; hasFourBytes(text, at); at++) {
    if (!GO_SPACE.test(text.charAt(at))) return at
    if (text.charCodeAt(at) === 10) return at + 1
  }
  return undefined
}

const GO_SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

/** True if the text from an offset on has at least four bytes of UTF-8. */
function hasFourBytes(text: string, at: number): boolean {
  let bytes = 0
  for (let i = at; i < at + 4 && i < text.length; i++) {
    const c = text.charCodeAt(i)
    const isSurrogate = c >= 0xd800 && c <= 0xdfff
    bytes += c < 0x80 ? 1 : c < 0x800 || isSurrogate ? 2 : 3
  }
  return bytes >= 4
}

/** The offset after white space as JSON has it. */
function skipJsonSpace(text: string, from: number, end: number): number {
  let at = from
  while (at < end && ' \t\r\n'.includes(text.charAt(at))) at++
  return at
}

/** The rest of the line at an offset, without white space at its end, but at least one character. */
function lineAt(text: string, start: number, end: number): TextRange {
  LINE.lastIndex = start
  const line = LINE.exec(text)?.[0] ?? ''
  return { start, end: Math.min(end, start + Math.max(1, line.trimEnd().length)) }
}

/**
 * The length of byte order marks to skip. go-yaml drops one at the beginning of its input, and one at that of the first
 * line; after a `---` it is text (`yaml_parser_determine_encoding`, `yaml_parser_scan_to_next_token`).
 */
function markLength({ source, marked, start: first }: RawDocument, start: number): number {
  if (start !== first || marked) return 0
  if (source.text.charCodeAt(start) !== 0xfeff) return 0
  return source.text.charCodeAt(start + 1) === 0xfeff ? 2 : 1
}

function readOne(
  raw: RawDocument,
  start: number,
  index: number,
  forced?: keyof typeof PARSERS,
): YamlDocument | Unreadable {
  const { source, end, marked, badSeparator, directive } = raw
  const slice = { text: source.text, start: start + markLength(raw, start), end }
  const isStreamed = mayHoldSeveral(raw)
  // After a `---` kubectl reads JSON as YAML.
  const form =
    forced ?? (start > raw.start ? 'json' : !beginsWithBrace(slice) ? 'yaml' : isStreamed ? 'braced' : 'flow')
  try {
    const read =
      (form === 'yaml' ? readFastPath(slice) : undefined) ?? readFully(slice, form, raw.marked && start === raw.start)
    const { root, data, duplicates, format, anchors } = read
    const doc: YamlDocument = {
      source,
      index,
      start,
      end,
      marked,
      badSeparator,
      directive,
      root,
      data,
      format,
      anchors,
      duplicates,
      isStreamed: isStreamed && format === 'json',
    }
    if ('ignored' in read && read.ignored !== undefined) doc.ignored = read.ignored
    return doc
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const { message, offset, trouble } = error
    return { source, index, start, end, marked, badSeparator, directive, error: { message, offset, trouble } }
  }
}

/** True where kubectl reads a stream of JSON values: only where an input begins with one. */
export function mayHoldSeveral({ source, start }: RawDocument): boolean {
  return start === 0 && source.before.bytes === 0
}

/** Reads a slice with the full parsers. */
function readFully(
  slice: SourceSlice,
  form: keyof typeof PARSERS,
  marked: boolean,
): Omit<YamlDocument, keyof RawDocument | 'isStreamed'> {
  const { root, format, anchors, ignored } = PARSERS[form](slice, marked)
  const builder = new DataBuilder()
  const data = root === undefined ? undefined : builder.build(root)
  // A list of maps to merge is built from its end, so the keys are not in order.
  const duplicates = builder.duplicates.sort((a, b) => a.second.start - b.second.start)
  return { root, data, format, anchors, duplicates, ...(ignored !== undefined && { ignored }) }
}

const PARSERS = { yaml: parseFully, json: parseValue, braced: parseBraced, flow: parseFlow }

/** Parses a JSON value. */
function parseValue(slice: SourceSlice): Parsed {
  return { root: parseJson(slice).root, format: 'json', anchors: false }
}

/** Parses JSON, or flow YAML that begins like it. */
function parseBraced(slice: SourceSlice, marked: boolean): Parsed {
  try {
    return parseValue(slice)
  } catch (error) {
    // A number beyond float64 is JSON, and kubectl rejects it when it decodes the object.
    if (!(error instanceof YamlError && error.trouble === 'syntax')) throw error
    // Flow YAML such as `{a: b}` begins like JSON; newer kubectl goes on with YAML here.
    const from = yamlStart(slice.text, slice.start)
    if (from === undefined) throw error
    return parseFully({ ...slice, start: from }, marked)
  }
}

/** Parses flow YAML; where it is JSON as well, it is edited as such. */
function parseFlow(slice: SourceSlice, marked: boolean): Parsed {
  const parsed = parseFully(slice, marked)
  if (parsed.root === undefined || parsed.anchors) return parsed
  try {
    JSON.parse(slice.text.slice(parsed.root.start, parsed.root.end))
    return { ...parsed, format: 'json' }
  } catch {
    return parsed
  }
}

type Parsed = Pick<YamlDocument, 'root' | 'format' | 'anchors' | 'ignored'>

/** Parses YAML, and notes text after its end. */
function parseFully(slice: SourceSlice, marked: boolean): Parsed {
  const { root, anchors, end } = parseYaml(slice, marked)
  const ignored = textBehind(slice.text, end, slice.end)
  return { root, anchors, format: 'yaml', ...(ignored !== undefined && { ignored }) }
}

/**
 * The first line after the end of a document that is neither blank nor a comment nor a document marker; undefined when
 * there is none.
 */
function textBehind(text: string, from: number, end: number): TextRange | undefined {
  for (let at = from; at < end; at = BLANK_OR_MARK.lastIndex) {
    BLANK_OR_MARK.lastIndex = at
    if (BLANK_OR_MARK.test(text)) continue
    return lineAt(text, at, end)
  }
  return undefined
}

const BLANK_OR_MARK = /(?:---|\.\.\.)(?=\s|$)|#[^\r\n\u0085\u2028\u2029]*|[\s\u0085]+/y
const LINE = /[^\r\n\u0085\u2028\u2029]*/y

/** How far kubectl looks for the brace that makes a stream JSON, in characters. */
const BRACE_WITHIN = 4096

/** White space as defined by Go's unicode.IsSpace, which excludes a byte order mark, and a brace. */
const BRACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*\{/

/** True where a slice is read as JSON, or as flow YAML that begins like it. */
export function beginsWithBrace({ text, start, end }: SourceSlice): boolean {
  return BRACE.test(text.slice(start, Math.min(end, start + BRACE_WITHIN)))
}
