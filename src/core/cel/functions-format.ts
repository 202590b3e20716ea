import type { CelFunction } from './function-types.ts'
import { textOf } from './functions-convert.ts'
import {
  CelDuration,
  CelError,
  CelList,
  CelMap,
  CelNotChecked,
  CelOpaque,
  CelOptional,
  CelTimestamp,
  CelType,
  CelUint,
  type Value,
} from './values.ts'

/**
 * `text.format(list)`. Clauses of the form `%e`, and a few rare values of others, are not evaluated.
 * Source: cel-go ext/formatting.go parseFormatString, parsePrecision.
 */
export const format: CelFunction = ([text, list], { budget }) => {
  if (typeof text !== 'string' || !(list instanceof CelList)) return undefined
  budget.spend(text.length >> 2)
  let next = 0
  return text.replaceAll(/%(?:%|(?:\.(\d*))?(.)|)/gsu, (clause: string, precision?: string, verb?: string) => {
    if (clause === '%%') return '%'
    if (next >= list.items.length) throw new CelError(`index ${next} out of range`)
    if (verb === undefined || precision === '') throw new CelError('could not parse formatting clause')
    const value = list.items[next++] as Value
    const formatted = formatValue(verb, value, precision === undefined ? DEFAULT_PRECISION : Number(precision))
    budget.spend(formatted.length >> 2)
    return formatted
  })
}

const DEFAULT_PRECISION = 6

function formatValue(verb: string, value: Value, precision: number): string {
  const number = value instanceof CelUint ? value.value : value
  switch (verb) {
    case 's':
      return plainText(value)
    case 'd':
      if (typeof number === 'bigint') return String(number)
      break
    case 'b':
      if (typeof number === 'bigint') return number.toString(2)
      if (typeof number === 'boolean') return number ? '1' : '0'
      break
    case 'o':
      if (typeof number === 'bigint') return number.toString(8)
      break
    case 'x':
    case 'X': {
      const digits = hexadecimal(number)
      if (digits !== undefined) return verb === 'x' ? digits : digits.toUpperCase()
      break
    }
    case 'f':
    case 'e': {
      const double = typeof value === 'string' ? SPECIAL.get(value) : value
      if (typeof double !== 'number') break
      if (verb === 'e') throw new CelNotChecked('it formats by %e')
      return inEnglish(double, precision)
    }
  }
  throw new CelError(`error during formatting: a value of the wrong type for %${verb}`)
}

/** The texts that stand for doubles. */
const SPECIAL = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])

function hexadecimal(value: Value): string | undefined {
  if (typeof value === 'bigint') return value.toString(16)
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  if (!(bytes instanceof Uint8Array)) return undefined
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What `%s` gives. Source: cel-go ext/formatting.go FormatString. */
function plainText(value: Value): string {
  if (value === null) return 'null'
  if (value instanceof CelType) return value.name
  if (value instanceof CelList) return `[${value.items.map(literal).join(', ')}]`
  if (value instanceof CelMap) throw new CelNotChecked('it formats a map')
  const text = value instanceof CelOpaque || value instanceof CelOptional ? undefined : textOf(value)
  if (text === undefined) throw new CelError('error during formatting: a value of the wrong type for %s')
  return text
}

/** An item of a list, as an expression. Source: cel-go ext/formatting.go clauseForType, quoteForCEL. */
function literal(value: Value): string {
  if (typeof value === 'number')
    return Number.isFinite(value) ? fixed(value, DEFAULT_PRECISION) : quoted(plainText(value))
  const text = plainText(value)
  if (typeof value === 'string') return quoted(text)
  if (value instanceof Uint8Array) return `b${quoted(text)}`
  if (value instanceof CelTimestamp) return `timestamp(${quoted(text)})`
  return value instanceof CelDuration ? `duration(${quoted(text)})` : text
}

function quoted(text: string): string {
  if (!/^[ -~\n\r\t]*$/.test(text)) throw new CelNotChecked('it quotes a text with rare characters')
  return JSON.stringify(text)
}

/** A double as `%f` of Go's golang.org/x/text/message prints it for American English. */
function inEnglish(value: number, precision: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞'
  const [whole = '', fraction] = fixed(value, precision).split('.')
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** The most digits of a fraction that are looked at to find out whether a double is halfway between two results. */
const MOST_DIGITS = 100

/** A double with a fixed number of digits after the point. */
function fixed(value: number, precision: number): string {
  // Go rounds to even and keeps the sign of zero.
  const exact = Math.abs(value) < 1e21 && precision <= MOST_DIGITS / 2 ? value.toFixed(MOST_DIGITS) : undefined
  const text = exact === undefined ? '' : value.toFixed(precision)
  const isHalf = exact !== undefined && /^50*$/.test(exact.slice(exact.indexOf('.') + 1 + precision))
  if (exact === undefined || isHalf || Object.is(value, -0) || (value < 0 && Number(text) === 0))
    throw new CelNotChecked('it rounds a rare number')
  return text
}
