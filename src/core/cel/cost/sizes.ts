/** A size between two bounds: items of a list, entries of a map, characters of a text, bytes. */
export interface Size {
  readonly min: bigint
  readonly max: bigint
}

/** The largest size or cost: they have 64 bits, and larger ones are cut to this. Source: cel-go checker/cost.go. */
export const UNBOUNDED = 2n ** 64n - 1n

export const UNKNOWN_SIZE: Size = { min: 0n, max: UNBOUNDED }

export function fixed(size: bigint): Size {
  return { min: size, max: size }
}

export function plus(a: bigint, b: bigint, c = 0n): bigint {
  return sum([a, b, c])
}

export function sum(costs: readonly bigint[]): bigint {
  const all = costs.reduce((before, cost) => before + cost, 0n)
  return all > UNBOUNDED ? UNBOUNDED : all
}

export function times(a: bigint, b: bigint): bigint {
  const product = a * b
  return product > UNBOUNDED ? UNBOUNDED : product
}

/** The product, rounded up, as computed with 64-bit floating-point numbers. */
export function scaled(cost: bigint, factor: number): bigint {
  const product = Math.ceil(Number(cost) * factor)
  return product >= 2 ** 64 ? UNBOUNDED : BigInt(product)
}

export function addSizes(a: Size, b: Size): Size {
  return { min: plus(a.min, b.min), max: plus(a.max, b.max) }
}

export function multiplySizes(a: Size, b: Size): Size {
  return { min: times(a.min, b.min), max: times(a.max, b.max) }
}

/** The range that covers both sizes. */
export function eitherSize(a: Size, b: Size): Size {
  return { min: a.min < b.min ? a.min : b.min, max: larger(a.max, b.max) }
}

export function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
