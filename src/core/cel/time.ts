import { parseDuration } from '../kube/duration.ts'

const DAY = 24n * 3_600_000_000_000n

const LENIENT: readonly (readonly [names: readonly string[], begin: string, nanos: bigint])[] = [
  [['ns'], 'nano', 1n],
  [['us', '\u00b5s'], 'micro', 1000n],
  [['ms'], 'milli', 1_000_000n],
  [['s'], 'sec', 1_000_000_000n],
  [['m'], 'min', 60_000_000_000n],
  [['h', 'hr'], 'hour', 3_600_000_000_000n],
  [['d'], 'day', DAY],
  [['w', 'wk'], 'week', 7n * DAY],
]

/**
 * The nanoseconds of a text in the format `duration` of schemas, which allows `5 min` and `2 weeks`, too; undefined for
 * other texts.
 * Source: kube-openapi strfmt ParseDuration.
 */
export function parseLenientDuration(text: string): bigint | undefined {
  const exact = parseDuration(text)
  if (exact !== undefined || text.length > 1000) return exact
  let total: bigint | undefined
  for (const [, count = '', word = ''] of text.matchAll(/(\d{1,18})\s*([A-Za-z\u00b5]+)/g)) {
    const unit = word.toLowerCase()
    for (const [names, begin, nanos] of LENIENT) {
      if (names.includes(unit) || unit.startsWith(begin)) total = (total ?? 0n) + BigInt(count) * nanos
    }
  }
  return total
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:Z|([+-])(\d\d):(\d\d))$/

/** The nanoseconds since 1970 of a time in RFC 3339; undefined for other texts. */
export function parseDateTime(text: string): bigint | undefined {
  const parts = TIME.exec(text)
  if (parts === null) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const midnight = daysSince1970(year, month, day)
  if (midnight === undefined || hour > 23 || minute > 59 || second > 59) return undefined
  const offset = parts[8] === undefined ? 0 : (parts[8] === '-' ? -1 : 1) * (Number(parts[9]) * 60 + Number(parts[10]))
  const seconds = midnight * 86_400 + hour * 3600 + (minute - offset) * 60 + second
  return BigInt(seconds) * 1_000_000_000n + BigInt((parts[7] ?? '').padEnd(9, '0'))
}

/** The minutes east of UTC of the zone in a time in RFC 3339. */
export function zoneOffset(text: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(text) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0))
}

/** The nanoseconds since 1970 of midnight UTC on a day such as `2006-01-02`; undefined for other texts. */
export function parseDate(text: string): bigint | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  const days = parts === null ? undefined : daysSince1970(Number(parts[1]), Number(parts[2]), Number(parts[3]))
  return days === undefined ? undefined : BigInt(days) * DAY
}

function daysSince1970(year: number, month: number, day: number): number | undefined {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists ? date.getTime() / 86_400_000 : undefined
}

/** `72h3m0.5s` -> `259380.5s`, as CEL prints durations: in seconds. */
export function durationText(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos
  const fraction = String(size % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${nanos < 0n ? '-' : ''}${size / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}s`
}

/** RFC 3339 in a zone, minutes east of UTC, with as many decimals as it needs. */
export function timestampText(utc: bigint, offset: number): string {
  const nanos = utc + BigInt(offset) * 60_000_000_000n
  const millis = nanos / 1_000_000n - (nanos < 0n && nanos % 1_000_000n !== 0n ? 1n : 0n)
  const second = new Date(Number(millis)).toISOString().slice(0, 19)
  const rest = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
  const fraction = String(rest).padStart(9, '0').replace(/0+$/, '')
  return `${second}${fraction === '' ? '' : `.${fraction}`}${zoneText(offset)}`
}

function zoneText(offset: number): string {
  if (offset === 0) return 'Z'
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60]
  return `${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}
