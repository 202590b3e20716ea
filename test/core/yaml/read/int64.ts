/**
 * A value as read, with numbers past int64 that round to 2^63 or -2^63 put there: the reader keeps them one double apart from
 * the largest and smallest int64, which round there as well.
 */
export function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, item: unknown) =>
    typeof item === 'number' && Math.abs(item) === 2 ** 63 + 2048 ? Math.sign(item) * 2 ** 63 : item,
  ) as unknown
}
