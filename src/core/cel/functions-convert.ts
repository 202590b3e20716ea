import { parseDuration } from '../kube/duration.ts'
import type { CelFunction, FunctionTable } from './function-types.ts'
import { checkedInt, checkedTime, FIRST_TIME } from './operators.ts'
import { durationText, parseDateTime, timestampText, zoneOffset } from './time.ts'
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
  typeName,
  type Value,
} from './values.ts'

const identity: CelFunction = ([value]) => value

const size: CelFunction = ([value], { budget }) => {
  if (typeof value === 'string') {
    budget.spend(value.length >> 3)
    return BigInt(codePoints(value).length)
  }
  if (value instanceof CelList) return BigInt(value.items.length)
  if (value instanceof CelMap) return BigInt(value.size)
  return value instanceof Uint8Array ? BigInt(value.length) : undefined
}

/** The code points of a text. */
export function codePoints(text: string): readonly string[] {
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  return /^[\u0000-\u007f]*$/.test(text) ? text.split('') : Array.from(text)
}

/** A text that cannot be converted. */
function unconvertible(type: string): CelError {
  return new CelError(`type conversion error from 'string' to '${type}'`)
}

const toInt: CelFunction = ([value]) => {
  if (typeof value === 'bigint') return value
  if (value instanceof CelDuration) return value.nanos
  if (value instanceof CelUint) return checkedInt(value.value)
  if (value instanceof CelTimestamp) return floorDiv(value.nanos, 1_000_000_000n)
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || value <= -(2 ** 63) || value >= 2 ** 63) throw new CelError('integer overflow')
    return BigInt(Math.trunc(value))
  }
  if (typeof value !== 'string') return undefined
  const number = /^[+-]?0*[0-9]{1,19}$/.test(value) ? BigInt(value.replace(/^\+/, '')) : undefined
  if (number === undefined || BigInt.asIntN(64, number) !== number) throw unconvertible('int')
  return number
}

function floorDiv(a: bigint, b: bigint): bigint {
  return a / b - (a % b < 0n ? 1n : 0n)
}

const toUint: CelFunction = ([value]) => {
  if (value instanceof CelUint) return value
  if (typeof value === 'string') {
    const number = /^0*[0-9]{1,20}$/.test(value) ? BigInt(value) : undefined
    if (number === undefined || BigInt.asUintN(64, number) !== number) throw unconvertible('uint')
    return new CelUint(number)
  }
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined
  if (!(value >= 0 && value < 2 ** 64)) throw new CelError('unsigned integer overflow')
  return new CelUint(typeof value === 'bigint' ? value : BigInt(Math.trunc(value)))
}

const toDouble: CelFunction = ([value]) => {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof CelUint) return Number(value.value)
  if (typeof value !== 'string') return undefined
  const [, sign, word] = /^([+-]?)(inf|infinity|nan)$/i.exec(value) ?? []
  if (word !== undefined) {
    if (!/^n/i.test(word)) return sign === '-' ? -Infinity : Infinity
    if (sign === '') return Number.NaN
    throw unconvertible('double')
  }
  if (/0x/i.test(value)) throw new CelNotChecked('it reads a number that is written in a rare way')
  const isDecimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(value)
  if (!isDecimal || !Number.isFinite(Number(value))) throw unconvertible('double')
  return Number(value)
}

const toText: CelFunction = ([value]) => (value === undefined ? undefined : textOf(value))

/** The result of `string(value)`; undefined for types without a conversion. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return goFloat(value)
  if (value instanceof CelUint) return String(value.value)
  if (value instanceof CelDuration) return durationText(value.nanos)
  if (value instanceof CelTimestamp) return timestampText(value.nanos, value.offset)
  if (value instanceof CelOpaque && (value.type === 'net.IP' || value.type === 'net.CIDR')) return value.key
  return value instanceof Uint8Array ? textOfBytes(value) : undefined
}

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOfBytes(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes)
  } catch {
    throw new CelError('invalid UTF-8 in bytes, cannot convert to string')
  }
}

/** Go's `strconv.FormatFloat(value, 'g', -1, 64)`. */
function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False'])

const toBool: CelFunction = ([value]) => {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string') return undefined
  if (TRUE.has(value)) return true
  if (FALSE.has(value)) return false
  throw unconvertible('bool')
}

const toDuration: CelFunction = ([value]) => {
  if (value instanceof CelDuration) return value
  if (typeof value !== 'string') return undefined
  const nanos = parseDuration(value)
  if (nanos === undefined) throw unconvertible('google.protobuf.Duration')
  return new CelDuration(nanos)
}

const toTimestamp: CelFunction = ([value]) => {
  if (value instanceof CelTimestamp) return value
  if (typeof value !== 'string' && typeof value !== 'bigint') return undefined
  const nanos = typeof value === 'bigint' ? value * 1_000_000_000n : parseDateTime(value)
  if (nanos === undefined) throw unconvertible('google.protobuf.Timestamp')
  return new CelTimestamp(checkedTime(nanos), typeof value === 'string' ? zoneOffset(value) : 0)
}

const ENCODER = new TextEncoder()

/** A part of a timestamp, in UTC or at an offset, or of a duration. */
function timePart(ofTime: (date: Date) => number, ofSpan?: (nanos: bigint) => bigint): CelFunction {
  return ([value, zone]) => {
    if (value instanceof CelDuration)
      return ofSpan === undefined || zone !== undefined ? undefined : ofSpan(value.nanos)
    if (!(value instanceof CelTimestamp)) return undefined
    const millis = Number(floorDiv(value.nanos, 1_000_000n))
    const offset = offsetOf(zone, millis)
    return offset === undefined ? undefined : BigInt(ofTime(new Date(millis + offset)))
  }
}

/**
 * The offset from UTC of a zone in milliseconds: `-08:00`, or the name of a zone.
 * Source: cel-go common/types/timestamp.go timeZone.
 *
 * @param millis the time at which it is the offset
 */
function offsetOf(zone: Value | undefined, millis: number): number | undefined {
  if (zone === undefined || zone === 'UTC' || zone === '' || zone === 'Local') return 0
  if (typeof zone !== 'string') return undefined
  const colon = zone.indexOf(':')
  if (colon < 0) return offsetOfNamed(zone, millis)
  const [hours, minutes] = [zone.slice(0, colon), zone.slice(colon + 1)].map((part) => {
    if (!/^[+-]?\d{1,9}$/.test(part))
      throw new CelError(`strconv.Atoi: parsing ${JSON.stringify(part)}: invalid syntax`)
    return Number(part)
  }) as [number, number]
  return (hours * 60 + (zone.startsWith('-') ? -minutes : minutes)) * 60_000
}

function offsetOfNamed(timeZone: string, millis: number): number {
  const format = zoneFormat(timeZone)
  const parts = new Map(format.formatToParts(millis).map(({ type, value }) => [type, Number(value)]))
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = FIELDS.map((field) => parts.get(field))
  return (
    new Date(0).setUTCFullYear(year, month - 1, day) + ((hour * 60 + minute) * 60 + second) * 1000 - wholeSecond(millis)
  )
}

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const

function wholeSecond(millis: number): number {
  return Math.floor(millis / 1000) * 1000
}

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    const number = 'numeric' as const
    const date = { year: number, month: number, day: number, hour: number, minute: number, second: number } as const
    return new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'iso8601', hourCycle: 'h23', ...date })
  } catch {
    throw new CelError(`unknown time zone ${timeZone}`)
  }
}

const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000)

function unwrap(optional: Value | undefined): CelOptional | undefined {
  return optional instanceof CelOptional ? optional : undefined
}

/**
 * Types as values, sizes, conversions, times and optional values.
 * Source: cel-spec doc/langdef.md; cel-go cel/library.go.
 */
export const CONVERSIONS: FunctionTable = {
  dyn: identity,
  type: ([value]) => (value === undefined ? undefined : new CelType(typeName(value))),
  size,
  '.size': size,
  int: toInt,
  uint: toUint,
  double: toDouble,
  string: toText,
  bool: toBool,
  bytes: ([value]) =>
    typeof value === 'string' ? ENCODER.encode(value) : value instanceof Uint8Array ? value : undefined,
  duration: toDuration,
  timestamp: toTimestamp,
  '.getFullYear': timePart((date) => date.getUTCFullYear()),
  '.getMonth': timePart((date) => date.getUTCMonth()),
  '.getDate': timePart((date) => date.getUTCDate()),
  '.getDayOfMonth': timePart((date) => date.getUTCDate() - 1),
  '.getDayOfWeek': timePart((date) => date.getUTCDay()),
  '.getDayOfYear': timePart(dayOfYear),
  '.getHours': timePart(
    (date) => date.getUTCHours(),
    (nanos) => nanos / 3_600_000_000_000n,
  ),
  '.getMinutes': timePart(
    (date) => date.getUTCMinutes(),
    (nanos) => nanos / 60_000_000_000n,
  ),
  '.getSeconds': timePart(
    (date) => date.getUTCSeconds(),
    (nanos) => nanos / 1_000_000_000n,
  ),
  '.getMilliseconds': timePart(
    (date) => date.getUTCMilliseconds(),
    (nanos) => nanos / 1_000_000n,
  ),
  'optional.of': ([value]) => new CelOptional(value),
  'optional.none': () => new CelOptional(undefined),
  'optional.ofNonZeroValue': ([value]) =>
    new CelOptional(value === undefined || isZeroValue(value) ? undefined : value),
  '.hasValue': ([value]) => (unwrap(value) === undefined ? undefined : unwrap(value)?.value !== undefined),
  '.value': ([value]) => {
    const optional = unwrap(value)
    if (optional !== undefined && optional.value === undefined) throw new CelError('optional.none() dereference')
    return optional?.value
  },
  '.or': ([value, other]) => (unwrap(value)?.value !== undefined ? value : unwrap(value) && unwrap(other)),
  '.orValue': ([value, other]) => (unwrap(value) === undefined ? undefined : (unwrap(value)?.value ?? other)),
}

function isZeroValue(value: Value): boolean {
  if (value === null || value === '' || value === false || value === 0 || value === 0n) return true
  if (value instanceof CelList) return value.items.length === 0
  if (value instanceof CelMap) return value.size === 0
  if (value instanceof CelUint) return value.value === 0n
  if (value instanceof CelTimestamp) return value.nanos === FIRST_TIME
  return value instanceof CelDuration ? value.nanos === 0n : value instanceof Uint8Array && value.length === 0
}
