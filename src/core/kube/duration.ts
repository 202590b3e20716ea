const NANOS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1000n],
  ['\u00b5s', 1000n],
  ['\u03bcs', 1000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
])
/** The size of the smallest int64. */
const LIMIT = 2n ** 63n

/**
 * The nanoseconds of a duration of Go such as `300ms`, `-1h2.5m` or `0`, which fit into an int64; undefined for other
 * texts.
 * Source: Go time.ParseDuration.
 */
export function parseDuration(text: string): bigint | undefined {
  const sign = /^[+-]?/.exec(text)?.[0] ?? ''
  const parts = text.slice(sign.length)
  if (parts === '0') return 0n
  if (parts === '') return undefined
  const pattern = /([0-9]*)(?:\.([0-9]*))?([^0-9.]+)/y
  let total = 0n
  while (pattern.lastIndex < parts.length) {
    const [, whole = '', fraction = '', unit = ''] = pattern.exec(parts) ?? []
    const nanos = NANOS.get(unit)
    const digits = whole.replace(/^0+/, '')
    if (nanos === undefined || `${whole}${fraction}` === '' || digits.length > 19) return undefined
    total += BigInt(digits) * nanos + fractionOf(fraction, nanos)
    if (total > LIMIT) return undefined
  }
  if (sign === '-') return -total
  return total < LIMIT ? total : undefined
}

/** A part of a unit, given by its decimals, in whole nanoseconds. Like Go, it is computed with doubles. */
function fractionOf(decimals: string, unit: bigint): bigint {
  let value = 0n
  let scale = 1
  for (const digit of decimals) {
    const next = value * 10n + BigInt(digit)
    if (next > LIMIT) break
    value = next
    scale *= 10
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)))
}
