import { isObject, type Json } from '../json/json.ts'

/** The most columns of a list or map on one line; a longer one gets a line for each entry. */
const WIDTH = 100

/**
 * A text as a CEL string literal in printable ASCII; other characters become escape sequences.
 * Source: github.com/google/cel-spec doc/langdef.md, escape sequences.
 */
export function celString(text: string): string {
  let out = ''
  for (const char of text) out += ESCAPES.get(char) ?? (PRINTABLE.test(char) ? char : escaped(char))
  return `'${out}'`
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])
const PRINTABLE = /^[ -~]$/

function escaped(char: string): string {
  const point = (char.codePointAt(0) as number).toString(16)
  return point.length > 4 ? `\\U${point.padStart(8, '0')}` : `\\u${point.padStart(4, '0')}`
}

/**
 * Data as a CEL expression. The API server requires that the values of a list or map have one type
 * (`cel.HomogeneousAggregateLiterals`), so unless all are strings, each is wrapped in `dyn(...)`. A text of more than
 * two lines becomes a list of its lines.
 */
export function celLiteral(value: Json): string {
  if (typeof value === 'string') return textLiteral(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const isPlain = Object.values(value).every((item) => typeof item === 'string')
  const item = (one: Json): string => (isPlain ? celLiteral(one) : dyn(celLiteral(one)))
  return isObject(value)
    ? celMap(Object.entries(value).map(([key, one]) => [key, item(one)]))
    : celList(value.map(item))
}

/** An expression whose type is only checked when it is evaluated. */
export function dyn(expression: string): string {
  return `dyn(${expression})`
}

function textLiteral(text: string): string {
  const lines = text.split('\n')
  return lines.length > 2 ? `${celList(lines.map(celString))}.join('\\n')` : celString(text)
}

/** A list of expressions, as an expression. */
export function celList(items: readonly string[]): string {
  return enclosed('[', items, ']')
}

/** A map of expressions, as an expression; keys are given as plain text. */
export function celMap(entries: readonly (readonly [string, string])[]): string {
  return enclosed(
    '{',
    entries.map(([key, value]) => `${celString(key)}: ${value}`),
    '}',
  )
}

function enclosed(open: string, items: readonly string[], close: string): string {
  const line = `${open}${items.join(', ')}${close}`
  return line.length <= WIDTH && !line.includes('\n') ? line : `${open}\n${indented(items.join(',\n'))}\n${close}`
}

/** Indents each line by two columns. String literals do not change, as none has a line break in it. */
export function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}

/** The conjunction of expressions, one on each line; `true` if there are none. */
export function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.map((one) => grouped(one, /\?|\|\|/)).join(' &&\n')
}

/** The disjunction of expressions, one on each line; `false` if there are none. */
export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'false' : conditions.map((one) => grouped(one, /\? |&&/)).join(' ||\n')
}

/** The concatenation of lists that are expressions, one on each line; an empty list if there are none. */
export function concatenated(lists: readonly string[]): string {
  return lists.length === 0 ? '[]' : lists.map((one) => grouped(one, / \? |\+/)).join(' +\n')
}

function grouped(expression: string, operators: RegExp): string {
  return operators.test(expression) ? `(${expression})` : expression
}
