import { isTime } from '../common/time.ts'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { quoteHint } from '../diagnostics/quote-hint.ts'
import { unfitInteger } from '../diagnostics/unfit-integer.ts'
import type { Json } from '../json/json.ts'
import { parseQuantity, trimQuantity } from '../kube/quantity.ts'
import { memoizeByText } from '../text/memoize.ts'

/** A fault of a value, as parts of a Finding. */
export interface Complaint {
  code: DiagnosticCode
  message: string
  hint?: string
  unquoted?: number | boolean
  unfit?: NonNullable<Finding['unfit']>
}

/** Validates a value that is not null, as Go decodes a null into the zero value of any type. */
export type ScalarCheck = (value: Exclude<Json, null>) => Complaint | undefined

/**
 * Which values the API server's JSON decoder accepts for each scalar type (sigs.k8s.io/json, and UnmarshalJSON of
 * metav1.Time, metav1.MicroTime, resource.Quantity and intstr.IntOrString).
 */
const SCALAR_CHECKS: Readonly<Record<string, ScalarCheck>> = {
  any: () => undefined,
  string: (value) => (typeof value === 'string' ? undefined : wrongType('string', value)),
  bool: (value) => (typeof value === 'boolean' ? undefined : wrongType('boolean', value)),
  double: (value) => (typeof value === 'number' ? undefined : wrongType('number', value)),
  int32,
  // The largest int64 is 2^63 in JavaScript, so that must be valid.
  int64: (value) => integer(value, -(2 ** 63), 2 ** 63, '64'),
  intstr: (value) => {
    if (typeof value === 'string') return undefined
    return typeof value === 'number' ? int32(value) : wrongType('integer or string', value)
  },
  quantity(value) {
    if (typeof value === 'number') return undefined
    if (typeof value !== 'string') return wrongType('quantity', value)
    const message = quantityError(trimQuantity(value))
    if (message === undefined) return undefined
    const hint = 'write it like 500m, 0.5, 128Mi or 1Gi'
    return { code: 'FIELD_FORMAT', message: `${message}: got ${show(value)}`, hint }
  },
  bytes(value) {
    if (Array.isArray(value)) return byteList(value)
    if (typeof value !== 'string') return wrongType('base64 text', value)
    if (isBase64(value)) return undefined
    const hint = 'encode it: printf %s VALUE | base64'
    return { code: 'FIELD_FORMAT', message: `expected base64, got ${show(value)}`, hint }
  },
  time: (value) => time(value, RFC3339, '2030-01-02T15:04:05Z'),
  microtime: (value) => time(value, RFC3339_MICRO, '2030-01-02T15:04:05.000000Z'),
}

/** The validation of a scalar type; undefined if the word names a definition. */
export function scalarCheck(type: string): ScalarCheck | undefined {
  return Object.hasOwn(SCALAR_CHECKS, type) ? SCALAR_CHECKS[type] : undefined
}

/** Go's JSON decoder also reads a list of numbers from 0 to 255 into bytes; null is 0. */
function byteList(list: readonly Json[]): Complaint | undefined {
  const bad = list.find(
    (item) => item !== null && !(typeof item === 'number' && Number.isInteger(item) && item >= 0 && item <= 255),
  )
  if (bad === undefined) return undefined
  return {
    code: 'FIELD_TYPE',
    message: `expected base64 text, got a list with ${describe(bad)}`,
    hint: 'encode it: printf %s VALUE | base64',
  }
}

function int32(value: Exclude<Json, null>): Complaint | undefined {
  return integer(value, -(2 ** 31), 2 ** 31 - 1, '32')
}

function integer(value: Exclude<Json, null>, min: number, max: number, bits: '32' | '64'): Complaint | undefined {
  if (typeof value !== 'number') return wrongType('integer', value)
  if (!Number.isInteger(value)) return wrongType('integer', value)
  if (value >= min && value <= max) return undefined
  return { code: 'FIELD_RANGE', message: unfitInteger(value, bits), unfit: { value, bits } }
}

/** Go's base64 decoder skips line breaks and requires padding. */
function isBase64(text: string): boolean {
  const joined = text.replace(/[\r\n]/g, '')
  return joined.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(joined)
}

/**
 * As Go's `time.Parse` reads these layouts: the hour may have one digit, a fraction may follow a comma, and one of a
 * fixed length is read as an integer (`atoi`), which may have a sign.
 */
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))$/
const RFC3339_MICRO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)[.,](?:\d{6}|\+\d{5}|-0{5})(?:Z|[+-](\d\d):(\d\d))$/

function time(value: Exclude<Json, null>, form: RegExp, example: string): Complaint | undefined {
  if (typeof value !== 'string') return wrongType('time', value)
  const match = form.exec(value)
  const inRange = match !== null && isTime(match.slice(1).map((part: string | undefined) => Number(part ?? 0)))
  if (inRange) return undefined
  return { code: 'FIELD_FORMAT', message: `expected a time, got ${show(value)}`, hint: `write it like ${example}` }
}

/** The fault of a value of a wrong type, with a hint. */
export function wrongType(expected: string, value: Exclude<Json, null>): Complaint {
  const complaint: Complaint = { code: 'FIELD_TYPE', message: `expected ${expected}, got ${describe(value)}` }
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return { ...complaint, hint: quoteHint(undefined, value), unquoted: value }
  const hint = typeHint(expected, value)
  return hint === undefined ? complaint : { ...complaint, hint }
}

function typeHint(expected: string, value: Exclude<Json, null>): string | undefined {
  if (typeof value === 'string') return unquoteHint(expected, value)
  if (expected === 'integer' && typeof value === 'number') return `write a whole number, such as ${Math.round(value)}`
  if (expected === 'list') return 'begin each item with a dash'
  return undefined
}

function unquoteHint(expected: string, value: string): string | undefined {
  if (expected === 'boolean') {
    if (/^(?:true|yes|on)$/i.test(value)) return 'write true, without quotes'
    if (/^(?:false|no|off)$/i.test(value)) return 'write false, without quotes'
  }
  const numeric = expected === 'integer' || expected === 'number'
  if (numeric && /^-?\d{1,18}$/.test(value)) return `write ${value}, without quotes`
  return expected === 'list' ? 'begin each item with a dash' : undefined
}

/** A value in the words of a message: `string "80"`, `integer 80`, `list`. */
export function describe(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'object') return 'map'
  if (typeof value === 'number') return `${Number.isInteger(value) ? 'integer' : 'number'} ${value}`
  return `${typeof value} ${show(value)}`
}

/** A value in quotes, cut where it is long. */
function show(value: string | boolean): string {
  if (typeof value === 'boolean') return String(value)
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 37)}...` : value)
}

/**
 * The error of resource.ParseQuantity in apimachinery for a text; undefined if the text is a quantity. It accepts more
 * than its error says: `.5`, `1.`, and `Mi` for zero, but not `Pi`.
 */
export const quantityError = memoizeByText((text: string): string | undefined => {
  const match = /^[+-]?([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[+-]?[0-9]*)$/.exec(text)
  if (text === '' || match === null) return FORMAT
  const [, whole, fraction = '', suffix = ''] = match
  if (!SUFFIXES.has(suffix) && !EXPONENT.test(suffix)) return "unable to parse quantity's suffix"
  return whole === '' && fraction === '' && parseQuantity(text) === undefined
    ? 'unable to parse numeric part of quantity'
    : undefined
})

const FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const SUFFIXES = new Set(['', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'])
const EXPONENT = /^[eE][+-]?[0-9]+$/
