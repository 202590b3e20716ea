const BOUND = /^(>=|>|<=|<|=?)v?1\.(\d{1,3})$/

/**
 * Reads a range of Kubernetes minors such as `>=1.29`, `>=1.29 <1.36` or `1.33`: bounds that must all hold.
 * Undefined if it is not a valid range.
 */
export function readVersionRange(
  range: string,
): { minMinor: number | undefined; maxMinor: number | undefined } | undefined {
  let minMinor: number | undefined
  let maxMinor: number | undefined
  const bounds = range.trim().split(/[\s,]+/)
  for (const bound of bounds) {
    const match = BOUND.exec(bound)
    if (match === null) return undefined
    const minor = Number(match[2])
    const sign = match[1]
    const low = sign === '>' ? minor + 1 : minor
    const high = sign === '<' ? minor - 1 : minor
    if (sign !== '<' && sign !== '<=') minMinor = Math.max(minMinor ?? 0, low)
    if (sign !== '>' && sign !== '>=') maxMinor = Math.min(maxMinor ?? Infinity, high)
  }
  return { minMinor, maxMinor }
}
