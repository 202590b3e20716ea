import { getOrMake } from '../../common/maps.ts'
import { append } from '../../common/append.ts'
import { isObject, type Json, type JsonObject } from '../../json/json.ts'
import { resolvePlain } from '../read/resolve.ts'

/** The layout of new block text, learned from the document. */
export interface BlockStyle {
  /** Columns by which a nested map is indented. */
  indent: number
  /** Columns from a key to the dashes of its list: 0 for flush dashes. */
  dashIndent: number
  /** Columns from a dash to what follows it, at least 2. */
  dashGap: number
  /**
   * Prefix of keys whose text is written as a folded scalar on the line below. The key's own line never changes then,
   * so that git can merge changes of two such keys in a row.
   */
  foldedPrefix?: string | undefined
  /** Writes all text on the line of its key. */
  noBlockScalars?: boolean
}

export const DEFAULT_STYLE: BlockStyle = { indent: 2, dashIndent: 0, dashGap: 2 }

/** The layout of new text in `{}` and `[]`. */
export interface FlowStyle {
  /** Quote every key and string, as JSON needs. */
  json: boolean
  /** The white space after a `:` and a `,`. */
  colon: string
  comma: string
  /** The indentation of a nested entry when each entry gets a line of its own; undefined for one line. */
  unit: string | undefined
  eol: string
}

/**
 * The lines of a map or list in block style, each with its indentation.
 * @param column 0-based, of the map's keys or the list's dashes
 * @throws TypeError for a scalar
 */
export function blockLines(value: Json, column: number, style: BlockStyle): readonly string[] {
  const pad = ' '.repeat(column)
  if (Array.isArray(value)) {
    const dash = `${pad}-${' '.repeat(style.dashGap - 1)}`
    const lines: string[] = []
    for (const item of value) {
      if (!isBlock(item)) append(lines, scalarLines(dash, item, column + style.indent, style))
      else {
        const [first = '', ...below] = blockLines(item, column + style.dashGap, style)
        lines.push(dash + first.trimStart())
        append(lines, below)
      }
    }
    return lines
  }
  if (!isObject(value)) throw new TypeError('a scalar is no block')
  const known = getOrMake(RENDERED, value, () => new Map<string, readonly string[]>())
  const layout = `${column} ${style.indent} ${style.dashIndent} ${style.dashGap} ${style.noBlockScalars === true} ${style.foldedPrefix ?? ''}`
  return getOrMake(known, layout, () => linesOfPairs(Object.entries(value), column, style))
}

/** The lines of maps by layout, kept as long as the map, which never changes and is written into many workloads. */
const RENDERED = new WeakMap<JsonObject, Map<string, readonly string[]>>()

/** The lines of keys, each with `: ` and its value, with the keys at the 0-based `column`. */
export function linesOfPairs(pairs: readonly (readonly [string, Json])[], column: number, style: BlockStyle): string[] {
  const lines: string[] = []
  for (const [key, value] of pairs) {
    const [first, ...below] = valueLines(key, value, column, style)
    lines.push(`${' '.repeat(column)}${scalarText(key, true)}:${first}`)
    append(lines, below)
  }
  return lines
}

/** The text after the colon of a key at `column`: the rest of its line, which may be empty, and the lines below. */
export function valueLines(key: string, value: Json, column: number, style: BlockStyle): [string, ...string[]] {
  if (!isBlock(value)) return scalarLines(' ', value, column + style.indent, style, isFoldedKey(key, style))
  const childColumn = column + (Array.isArray(value) ? style.dashIndent : style.indent)
  return ['', ...blockLines(value, childColumn, style)]
}

/** True for keys whose text is written as a folded scalar where possible. */
export function isFoldedKey(key: string, { foldedPrefix }: BlockStyle): boolean {
  return foldedPrefix !== undefined && key.startsWith(foldedPrefix)
}

function isBlock(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function scalarLines(
  head: string,
  value: Json,
  column: number,
  { noBlockScalars = false }: BlockStyle,
  isFolded = false,
): [string, ...string[]] {
  if (typeof value !== 'string' || noBlockScalars) return [head + scalarOrEmpty(value)]
  const pad = ' '.repeat(column)
  if (isFolded && canBeFolded(value)) return [`${head}>-`, pad + value]
  if (!canBeLiteral(value)) return [head + scalarText(value)]
  const body = value.endsWith('\n') ? value.slice(0, -1) : value
  return [
    `${head}|${value.endsWith('\n') ? '' : '-'}`,
    ...body.split('\n').map((line) => (line === '' ? '' : pad + line)),
  ]
}

function scalarOrEmpty(value: Json): string {
  if (Array.isArray(value)) return '[]'
  if (isObject(value)) return '{}'
  return scalarText(value)
}

/** True for text of several lines that a literal block scalar represents exactly for every reader. */
function canBeLiteral(text: string): boolean {
  if (!text.includes('\n') || text.endsWith('\n\n') || NOT_PLAIN_CHARS.test(text.replaceAll('\n', ''))) return false
  return !/^\s/.test(text) && !/[ \t](?:\n|$)/.test(text) && text !== '\n'
}

/** True for text on one line that a folded block scalar represents exactly for every reader. */
function canBeFolded(text: string): boolean {
  return text !== '' && !/^\s|\s$/.test(text) && !NOT_PLAIN_CHARS.test(text)
}

/** Characters that only a double-quoted scalar can hold: controls, YAML 1.1 line breaks, byte order marks. */
// oxlint-disable-next-line no-control-regex -- these are the characters that need escapes
const NOT_PLAIN_CHARS = /[\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]/

/** Plain scalars that every reader of YAML 1.1 and 1.2 reads as the same string, in block and in flow context. */
const SAFE_PLAIN = /^[A-Za-z_/](?:[A-Za-z0-9_./@+=$()%^~;-]|:(?=[^\s])| (?=[^#\s]))*$/
/** In block context a few more can be plain, such as `$(VAR)`, `--flag=x`, `1.2.3-rc` and `64Mi`. */
const SAFE_START = /^(?:[A-Za-z_/$(]|--?[A-Za-z]|[0-9]+\.[0-9]+\.[0-9]+|[0-9]+(?:m|s|[KMGTPE]i?)$)/

/**
 * The text of a scalar that kubectl and any other YAML reader read as the same value: a string that looks like a
 * number, a boolean of YAML 1.1, a date or a time is quoted.
 * @param flow whether it goes into `[]` or `{}`, or is a key
 * @throws TypeError for a map or list
 */
export function scalarText(value: Json | bigint, flow = false): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return JSON.stringify(value)
  if (typeof value !== 'string') throw new TypeError('a map or list is no scalar')
  if (isPlainSafe(value, flow)) return value
  if (NOT_PLAIN_CHARS.test(value) || (value.includes("'") && !value.includes('"'))) return doubleQuoted(value)
  return /["\\]/.test(value) ? `'${value.replaceAll("'", "''")}'` : `"${value}"`
}

function isPlainSafe(text: string, flow: boolean): boolean {
  if (resolvePlain(text).kind !== 'string' || text.length > 800) return false
  // Some readers of YAML 1.1 read `e3` as a number.
  if (/^[eE][0-9]+$/.test(text)) return false
  if (flow) return SAFE_PLAIN.test(text) && !text.includes(': ')
  if (!SAFE_START.test(text) || NOT_PLAIN_CHARS.test(text)) return false
  // Double braces would look like an unrendered template.
  return !/: | #|:$|[ \t]$|\{\{|^---/.test(text)
}

function doubleQuoted(text: string): string {
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `"${escaped}"`
}

/**
 * A value in flow style. `pad` is the indentation of the line on which it begins, used when entries get lines of their
 * own.
 */
export function flowText(value: Json, style: FlowStyle, pad = ''): string {
  if (typeof value !== 'object' || value === null) return flowScalar(value, style)
  const isList = Array.isArray(value)
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  const inner = style.unit === undefined ? pad : pad + style.unit
  const parts = isList
    ? value.map((item) => flowText(item, style, inner))
    : Object.entries(value).map(([key, child]) => flowPair(key, child, style, inner))
  if (parts.length === 0) return open + close
  if (style.unit === undefined) return open + parts.join(`,${style.comma}`) + close
  return `${open}${style.eol}${parts.map((p) => inner + p).join(`,${style.eol}`)}${style.eol}${pad}${close}`
}

/** `key: value` in flow style. */
export function flowPair(key: string, value: Json, style: FlowStyle, pad = ''): string {
  return `${flowScalar(key, style)}:${style.colon}${flowText(value, style, pad)}`
}

function flowScalar(value: Json, style: FlowStyle): string {
  if (style.json) return typeof value === 'string' ? doubleQuoted(value) : JSON.stringify(value)
  return scalarText(value, true)
}
