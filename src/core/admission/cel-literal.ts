import { isObject, type Json } from '../json/json.ts'

/** Columns that an expression may take before a list or map gets a line for each entry. */
const WIDTH = 100

/**
 * A text as a literal of CEL, in ASCII: what YAML or a terminal might not show as it is becomes an escape.
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
 * Data as an expression of CEL. Lists and maps of CEL have one type of values (`cel.HomogeneousAggregateLiterals` of the
 * API server), so where types differ, each value is `dyn(...)`. A text of several lines gets a line for each.
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

/** An expression whose type is not looked at before it is evaluated. */
export function dyn(expression: string): string {
  return `dyn(${expression})`
}

function textLiteral(text: string): string {
  const lines = text.split('\n')
  return lines.length > 2 ? `${celList(lines.map(celString))}.join('\\n')` : celString(text)
}

/** A list of expressions. */
export function celList(items: readonly string[]): string {
  return enclosed('[', items, ']')
}

/** A map of expressions, by keys as plain text. */
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

/** Lines, each two columns further to the right. No literal has a line break in it, so none changes. */
export function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}

/** Expressions that must all hold, one on each line. */
export function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.map((one) => grouped(one, /\?|\|\|/)).join(' &&\n')
}

/** Expressions of which one must hold. */
export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'false' : conditions.map((one) => grouped(one, /\? |&&/)).join(' ||\n')
}

/** Lists in one, each made where its condition holds. */
export function concatenated(lists: readonly string[]): string {
  return lists.length === 0 ? '[]' : lists.map((one) => grouped(one, / \? |\+/)).join(' +\n')
}

function grouped(expression: string, operators: RegExp): string {
  return operators.test(expression) ? `(${expression})` : expression
}
