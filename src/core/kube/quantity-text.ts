import type { Json } from '../json/json.ts'
import {
  parseQuantity,
  type Quantity,
  type QuantityParts,
  splitQuantity,
  trimQuantity,
  wholeValue,
} from './quantity.ts'

/** Digits that the API server's fast path reads; with a binary suffix, that many less those of the suffix. */
const MAX_DIGITS = 18
const MAX_BINARY_DIGITS = 14

/** Suffixes by thousands, from nano on, and by 1024. */
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/**
 * A quantity other than zero as the API server prints it, for rules that compare texts: as written where that is nearly
 * in canonical form, otherwise in canonical form. Undefined if it is not a quantity.
 * Source: `Quantity.String`, `ParseQuantity`.
 */
export function quantityText(value: Json): string | undefined {
  const text = typeof value === 'string' ? trimQuantity(value) : String(value)
  const quantity = parseQuantity(value)
  const parts = splitQuantity(text)
  if (quantity === undefined || parts === undefined) return undefined
  return isKept(parts) ? text : canonical(quantity, parts)
}

/** Whether `ParseQuantity` keeps the text. It looks at the last digits and the exponent, not at signs or zeros. */
function isKept({ whole, fraction, scale }: QuantityParts): boolean {
  const digits = (whole.replace(/^0+/, '') || '0') + fraction
  if (scale.base === 2) {
    const most = MAX_BINARY_DIGITS - Math.trunc((scale.exponent * 3) / 10)
    return fraction === '' && digits.length <= most && Number(digits) % 8 !== 0
  }
  const exponent = scale.exponent - fraction.length
  if (digits.length > MAX_DIGITS || exponent < -9 || exponent % 3 !== 0) return false
  return !digits.endsWith('000') && !digits.startsWith('0')
}

/** Source: `Quantity.CanonicalizeBytes`. */
function canonical(quantity: Quantity, { scale, suffix }: QuantityParts): string {
  const whole = wholeValue(quantity)
  if (scale.base === 2 && (whole >= 1024n || whole <= -1024n)) return shortest(whole, 1024n, BINARY)
  const isExponent = /^[eE]./.test(suffix)
  return shortest(quantity.nanos, 1000n, isExponent ? EXPONENTS : DECIMAL)
}

const EXPONENTS = DECIMAL.map((_, n) => (n === 3 ? '' : `e${3 * n - 9}`))

function shortest(amount: bigint, base: bigint, suffixes: readonly string[]): string {
  let [rest, step] = [amount, 0]
  while (rest !== 0n && rest % base === 0n && step < suffixes.length - 1) {
    rest /= base
    step++
  }
  return `${rest}${suffixes[step]}`
}
