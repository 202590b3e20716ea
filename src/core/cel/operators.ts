import type { Expr } from './parse.ts'
import {
  type Budget,
  CelDuration,
  CelError,
  CelList,
  CelMap,
  CelTimestamp,
  CelUint,
  compare,
  equal,
  type Value,
} from './values.ts'

type Operator = Extract<Expr, { left: Expr }>['op']

/** The result of an operator with two operands, other than `&&` and `||`. */
export function binary(op: Operator, a: Value, b: Value, budget: Budget): Value {
  switch (op) {
    case '==':
      return equal(a, b, budget)
    case '!=':
      return !equal(a, b, budget)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordered(op, compare(a, b))
    case 'in':
      return isIn(a, b, budget)
    default:
      return arithmetic(op, a, b, budget)
  }
}

function ordered(op: '<' | '<=' | '>' | '>=', order: number | undefined): boolean {
  if (order === undefined) throw noOverload()
  if (op === '<') return order < 0
  if (op === '<=') return order <= 0
  return op === '>' ? order > 0 : order >= 0
}

function isIn(item: Value, container: Value, budget: Budget): boolean {
  if (container instanceof CelList) return container.items.some((one) => equal(item, one, budget))
  if (container instanceof CelMap) return container.get(item) !== undefined
  throw noOverload()
}

/** @throws CelError for other values */
export function asBool(value: Value): boolean {
  if (typeof value === 'boolean') return value
  throw noOverload()
}

export function noOverload(): CelError {
  return new CelError('no such overload')
}

function arithmetic(op: string, a: Value, b: Value, budget: Budget): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return checkedInt(integer(op, a, b))
  if (a instanceof CelUint && b instanceof CelUint) return new CelUint(checkedUint(integer(op, a.value, b.value)))
  if (typeof a === 'number' && typeof b === 'number') return doubleArithmetic(op, a, b)
  if (op === '+') return plus(a, b, budget)
  if (op === '-') return minus(a, b)
  throw noOverload()
}

/**
 * The value, if it fits into an int64.
 * @throws CelError if it does not
 */
export function checkedInt(value: bigint): bigint {
  if (value < -(2n ** 63n) || value >= 2n ** 63n) throw new CelError('integer overflow')
  return value
}

/** The first and last nanoseconds of a timestamp: the years 1 to 9999. Source: cel-go common/types/timestamp.go. */
export const FIRST_TIME = -62_135_596_800n * 1_000_000_000n
const LAST_TIME = 253_402_300_800n * 1_000_000_000n - 1n

/**
 * The nanoseconds, if a timestamp can have them.
 * @throws CelError if it cannot
 */
export function checkedTime(nanos: bigint): bigint {
  if (nanos < FIRST_TIME || nanos > LAST_TIME) throw new CelError('timestamp overflow')
  return nanos
}

function checkedUint(value: bigint): bigint {
  if (value < 0n || value >= 2n ** 64n) throw new CelError('unsigned integer overflow')
  return value
}

function integer(op: string, a: bigint, b: bigint): bigint {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      if (b === 0n) throw new CelError('division by zero')
      return a / b
    case '%':
      if (b === 0n) throw new CelError('modulus by zero')
      return a % b
    default:
      throw noOverload()
  }
}

function doubleArithmetic(op: string, a: number, b: number): number {
  if (op === '+') return a + b
  if (op === '-') return a - b
  if (op === '*') return a * b
  if (op === '/') return a / b
  throw noOverload()
}

function plus(a: Value, b: Value, budget: Budget): Value {
  if (typeof a === 'string' && typeof b === 'string') {
    budget.spend((a.length + b.length) >> 3)
    return a + b
  }
  if (a instanceof CelList && b instanceof CelList) return addLists(a, b, budget)
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Uint8Array.from([...a, ...b])
  if (a instanceof CelDuration && b instanceof CelDuration) return new CelDuration(checkedInt(a.nanos + b.nanos))
  if (a instanceof CelTimestamp && b instanceof CelDuration)
    return new CelTimestamp(checkedTime(a.nanos + b.nanos), a.offset)
  if (a instanceof CelDuration && b instanceof CelTimestamp)
    return new CelTimestamp(checkedTime(a.nanos + b.nanos), b.offset)
  throw noOverload()
}

function minus(a: Value, b: Value): Value {
  if (a instanceof CelDuration && b instanceof CelDuration) return new CelDuration(checkedInt(a.nanos - b.nanos))
  // Like cel-go, which adds the negated duration: the least one cannot be negated.
  if (a instanceof CelTimestamp && b instanceof CelDuration)
    return new CelTimestamp(checkedTime(a.nanos + checkedInt(-b.nanos)), a.offset)
  if (a instanceof CelTimestamp && b instanceof CelTimestamp) return new CelDuration(checkedInt(a.nanos - b.nanos))
  throw noOverload()
}

/**
 * The sum of two lists. For sets and lists of type map it is the union: new items are added, and an item replaces the
 * one with the same keys.
 */
function addLists(a: CelList, b: CelList, budget: Budget): CelList {
  budget.spend(a.items.length + b.items.length)
  if (a.unordered === undefined) return new CelList(a.items.concat(b.items))
  const { keys } = a.unordered
  const items = [...a.items]
  for (const item of b.items) {
    const at = items.findIndex((one) =>
      keys.length === 0 ? equal(one, item, budget) : sameKeys(one, item, keys, budget),
    )
    if (at < 0) items.push(item)
    else if (keys.length > 0) items[at] = item
  }
  return new CelList(items, a.unordered)
}

function sameKeys(a: Value, b: Value, keys: readonly string[], budget: Budget): boolean {
  if (!(a instanceof CelMap) || !(b instanceof CelMap)) return false
  return keys.every((key) => equal(a.get(key) ?? null, b.get(key) ?? null, budget))
}
