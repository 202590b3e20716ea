import type { Json } from '../json/json.ts'
import { memoizeByText } from '../text/memoize.ts'

/**
 * An exact amount as Kubernetes' `resource.Quantity` holds it: a whole number of 10^-9 units. Anything finer is
 * rounded away from zero when it is read, so comparing two of these is comparing what the API server compares.
 */
export interface Quantity {
  readonly nanos: bigint
}

/** Powers of ten and of two by suffix. `E` alone is exa; `E` or `e` with digits is an exponent. */
const DECIMAL_SUFFIXES = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
])
const BINARY_SUFFIXES = new Map([
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
])

/** Amounts with a binary suffix are capped here; decimal ones are not. */
const MAX_BINARY_NANOS = (2n ** 63n - 1n) * 10n ** 9n

/** Larger exponents behave the same in every comparison and would only cost memory. */
const MAX_EXPONENT = 1000

const PARTS = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/
const EXPONENT = /^[eE]([+-]?[0-9]+)$/

export interface Scale {
  base: 2 | 10
  exponent: number
}

/** A quantity taken apart. Digits may be none. */
export interface QuantityParts {
  negative: boolean
  whole: string
  fraction: string
  suffix: string
  scale: Scale
}

/**
 * Reads a quantity as the API server's decoder does (`Quantity.UnmarshalJSON`): a JSON number or a string with
 * blanks around it. `null` and a missing value are zero. Undefined if it is not a quantity.
 */
export function parseQuantity(value: Json | undefined): Quantity | undefined {
  if (value === null || value === undefined) return { nanos: 0n }
  if (typeof value === 'number') return parseText(String(value))
  return typeof value === 'string' ? parseText(trimQuantity(value)) : undefined
}

/**
 * A text without blanks around it. The decoder trims the JSON before it reads escapes, so that a line break or a tab,
 * which is written as one, is not taken off (`Quantity.UnmarshalJSON`).
 */
export function trimQuantity(text: string): string {
  if (!isBlank(text.charCodeAt(0)) && !isBlank(text.charCodeAt(text.length - 1))) return text
  let [start, end] = [0, text.length]
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/** Blanks of Unicode that JSON does not escape. */
function isBlank(code: number): boolean {
  if (code === 0x20) return true
  return (
    code >= 0x85 &&
    (code === 0x85 ||
      code === 0xa0 ||
      code === 0x1680 ||
      (code >= 0x2000 && code <= 0x200a) ||
      code === 0x202f ||
      code === 0x205f ||
      code === 0x3000)
  )
}

const parseText = memoizeByText((text: string): Quantity | undefined => {
  const parts = splitQuantity(text)
  if (parts === undefined) return undefined
  const { negative, whole, fraction, scale } = parts
  if (whole === '' && fraction === '') return zeroWithoutDigits(scale)
  const magnitude = toNanos(BigInt(whole + fraction), fraction.length, scale)
  return { nanos: negative ? -magnitude : magnitude }
})

/** The parts of a text without blanks around it; undefined if it is not a quantity. */
export function splitQuantity(text: string): QuantityParts | undefined {
  // A hostile megabyte of digits would take BigInt a long time; no server accepts amounts of that length usefully.
  if (text === '' || text.length > 10_000) return undefined
  const match = PARTS.exec(text)
  if (match === null) return undefined
  const suffix = match[4] as string
  const scale = readSuffix(suffix)
  if (scale === undefined) return undefined
  return { negative: match[1] === '-', whole: match[2] as string, fraction: match[3] ?? '', suffix, scale }
}

function readSuffix(suffix: string): Scale | undefined {
  const decimal = DECIMAL_SUFFIXES.get(suffix)
  if (decimal !== undefined) return { base: 10, exponent: decimal }
  const binary = BINARY_SUFFIXES.get(suffix)
  if (binary !== undefined) return { base: 2, exponent: binary }
  const exponent = EXPONENT.exec(suffix)
  if (exponent === null) return undefined
  const clamped = Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, Number(exponent[1])))
  return { base: 10, exponent: clamped }
}

/** The API server reads `m`, `Ki` or `.` as zero, but refuses suffixes its fast path cannot hold. */
function zeroWithoutDigits(scale: Scale): Quantity | undefined {
  const fast = scale.base === 2 ? scale.exponent < 50 : scale.exponent >= -9
  return fast ? { nanos: 0n } : undefined
}

/** `digits` * 10^-`places` * base^exponent in nanos, rounded up. */
function toNanos(digits: bigint, places: number, scale: Scale): bigint {
  const binary = scale.base === 2
  const amount = binary ? digits << BigInt(scale.exponent) : digits
  const power = 9 - places + (binary ? 0 : scale.exponent)
  if (power >= 0) return cap(amount * 10n ** BigInt(power), binary)
  const divisor = 10n ** BigInt(-power)
  return cap((amount + divisor - 1n) / divisor, binary)
}

function cap(nanos: bigint, binary: boolean): bigint {
  return binary && nanos > MAX_BINARY_NANOS ? MAX_BINARY_NANOS : nanos
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b` (`Quantity.Cmp`). */
export function compareQuantities(a: Quantity, b: Quantity): number {
  if (a.nanos === b.nanos) return 0
  return a.nanos < b.nanos ? -1 : 1
}

/** The sum, exactly. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos }
}

/** -1, 0 or 1 (`Quantity.Sign`). */
export function quantitySign(q: Quantity): number {
  return Number(q.nanos > 0n) - Number(q.nanos < 0n)
}

const NANOS_PER_MILLI = 1_000_000n
const NANOS_PER_UNIT = 1_000_000_000n

/** Thousandths, rounded away from zero (`Quantity.MilliValue`). */
export function milliValue(q: Quantity): bigint {
  const magnitude = q.nanos < 0n ? -q.nanos : q.nanos
  const millis = (magnitude + NANOS_PER_MILLI - 1n) / NANOS_PER_MILLI
  return q.nanos < 0n ? -millis : millis
}

/**
 * A quantity in a list of resources, whose defaults are exact to a thousandth: anything finer is rounded away from
 * zero. Source: core/v1 `SetDefaults_ResourceList`.
 */
export function parseAmount(value: Json | undefined): Quantity | undefined {
  const quantity = parseQuantity(value)
  if (quantity === undefined || quantity.nanos % NANOS_PER_MILLI === 0n) return quantity
  return { nanos: milliValue(quantity) * NANOS_PER_MILLI }
}

/** True when the server takes it for a whole number: no thousandths left after rounding up to thousandths. */
export function isWholeQuantity(q: Quantity): boolean {
  return q.nanos % NANOS_PER_UNIT === 0n || milliValue(q) % 1000n === 0n
}

/** Amounts up to this are compared by thousandths. Source: `resource.MaxMilliValue`. */
export const MAX_MILLI_VALUE = 9223372036854775n

/** Units, rounded up (`Quantity.Value`). */
export function wholeValue({ nanos }: Quantity): bigint {
  return nanos > 0n ? (nanos + NANOS_PER_UNIT - 1n) / NANOS_PER_UNIT : nanos / NANOS_PER_UNIT
}
