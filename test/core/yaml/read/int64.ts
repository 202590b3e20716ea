/**
 * A value as read, with integers past int64 that round to 2^63 put there: the reader keeps them one double apart from
 * the largest int64, which rounds there as well.
 */
export function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, item: unknown) =>
    item === 2 ** 63 + 2048 ? 2 ** 63 : item,
  ) as unknown
}
