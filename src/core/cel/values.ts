import type { Expr } from './parse.ts'

/** An unsigned integer. */
export class CelUint {
  readonly value: bigint
  constructor(value: bigint) {
    this.value = value
  }
}

/** A point in time, in nanoseconds since 1970, and the zone in which its text is: minutes east of UTC. */
export class CelTimestamp {
  readonly nanos: bigint
  readonly offset: number
  constructor(nanos: bigint, offset = 0) {
    this.nanos = nanos
    this.offset = offset
  }
}

/** A span of time, in nanoseconds. */
export class CelDuration {
  readonly nanos: bigint
  constructor(nanos: bigint) {
    this.nanos = nanos
  }
}

/** A type as a value: what `type(x)` gives. */
export class CelType {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** A value that may be missing. */
export class CelOptional {
  readonly value: Value | undefined
  constructor(value: Value | undefined) {
    this.value = value
  }
}

/** A value of a type that Kubernetes adds to CEL: a quantity, an IP address and so on. */
export class CelOpaque {
  readonly type: string
  readonly data: unknown
  /** Two values of a type are equal if their keys are. */
  readonly key: string
  constructor(type: string, data: unknown, key: string) {
    this.type = type
    this.data = data
    this.key = key
  }
}

/** A list. If it is a set or a list of type map, comparisons ignore the order (`unordered`; a set has no keys). */
export class CelList {
  readonly items: readonly Value[]
  readonly unordered: { readonly keys: readonly string[] } | undefined
  /** The sum of no items of the list's type. */
  readonly zero: Value
  constructor(items: readonly Value[], unordered?: { readonly keys: readonly string[] }, zero: Value = 0n) {
    this.items = items
    this.unordered = unordered
    this.zero = zero
  }
}

/** A map. Objects are maps whose keys are the names of fields. */
export abstract class CelMap {
  abstract readonly size: number
  abstract get(key: Value): Value | undefined
  abstract keys(): readonly Value[]
  /** Whether what expressions cannot see of this map is the same in another one. */
  isHiddenEqual(_other: CelMap): boolean {
    return true
  }
}

/**
 * A map that an expression makes.
 * @throws CelError for a repeated key
 */
export class CelMadeMap extends CelMap {
  readonly #entries = new Map<string, readonly [Value, Value]>()

  constructor(
    entries: Iterable<readonly [Value, Value]>,
    repeated: (key: Value) => string = () => 'Failed with repeated key',
  ) {
    super()
    for (const [key, value] of entries) {
      const id = keyId(key)
      if (this.#entries.has(id)) throw new CelError(repeated(key))
      this.#entries.set(id, [key, value])
    }
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(keyId(key))?.[1]
  }

  keys(): readonly Value[] {
    return [...this.#entries.values()].map(([key]) => key)
  }
}

/** A value of a type that an expression makes by name: `JSONPatch{...}`, `Object{...}`. */
export class CelMessage extends CelMadeMap {
  readonly type: string
  constructor(type: string, fields: Iterable<readonly [string, Value]>) {
    super(fields)
    this.type = type
  }
}

/** A key as a text, which is the same for equal numbers of different types. */
function keyId(key: Value): string {
  if (typeof key === 'string') return `s${key}`
  if (typeof key === 'bigint') return `n${key}`
  if (key instanceof CelUint) return `n${key.value}`
  if (typeof key === 'number' && Number.isInteger(key)) return `n${BigInt(key)}`
  if (typeof key === 'boolean') return `b${key}`
  throw new CelError('unsupported key type')
}

/** A value of an expression. A `bigint` is an int, a `number` a double. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | CelUint
  | CelTimestamp
  | CelDuration
  | CelType
  | CelOptional
  | CelOpaque
  | CelList
  | CelMap

/** The value of a literal of the parser. */
export function valueOfLiteral(value: Extract<Expr, { op: 'literal' }>['value']): Value {
  return typeof value === 'object' && value !== null && 'uint' in value ? new CelUint(value.uint) : value
}

/** The values of names. */
export interface Scope {
  get(name: string): Value | undefined
}

/** A scope with one more name. Macros make one for each item, so it must be cheap. */
export class InnerScope implements Scope {
  readonly #outer: Scope
  readonly #name: string
  readonly #value: Value

  constructor(outer: Scope, name: string, value: Value) {
    this.#outer = outer
    this.#name = name
    this.#value = value
  }

  get(name: string): Value | undefined {
    return name === this.#name ? this.#value : this.#outer.get(name)
  }
}

/** Thrown if an expression fails as it does in Kubernetes, so that the rule is broken. */
export class CelError extends Error {}

/** @throws CelError always, where an expression is needed */
export function fail(message: string): never {
  throw new CelError(message)
}

/** Thrown if an expression cannot be evaluated here: it uses what is not supported, or takes too long. */
export class CelNotChecked extends Error {}

export function typeName(value: Value): string {
  if (value === null) return 'null_type'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'double'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof CelUint) return 'uint'
  if (value instanceof CelTimestamp) return 'google.protobuf.Timestamp'
  if (value instanceof CelDuration) return 'google.protobuf.Duration'
  if (value instanceof CelType) return 'type'
  if (value instanceof CelOptional) return 'optional_type'
  if (value instanceof CelOpaque) return value.type
  return value instanceof CelList ? 'list' : 'map'
}

/** The steps that evaluations may still take. */
export class Budget {
  #left: number
  constructor(steps: number) {
    this.#left = steps
  }

  get left(): number {
    return this.#left
  }

  /** @throws CelNotChecked if no steps are left */
  spend(steps: number): void {
    this.#left -= steps
    if (this.#left < 0) throw new CelNotChecked('it takes too long to evaluate')
  }
}

function numberOf(value: Value): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value
  return value instanceof CelUint ? value.value : undefined
}

/** Whether two values are equal; values of different types are not, but numbers of different types may be. */
export function equal(a: Value, b: Value, budget: Budget): boolean {
  budget.spend(1)
  const [left, right] = [numberOf(a), numberOf(b)]
  if (left !== undefined || right !== undefined)
    return left !== undefined && right !== undefined && compareNumbers(left, right) === 0
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (a instanceof CelList) return b instanceof CelList && equalLists(a, b, budget)
  if (a instanceof CelMap) return b instanceof CelMap && equalMaps(a, b, budget)
  if (a instanceof Uint8Array)
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i])
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp && a.nanos === b.nanos
  if (a instanceof CelDuration) return b instanceof CelDuration && a.nanos === b.nanos
  if (a instanceof CelType) return b instanceof CelType && a.name === b.name
  if (a instanceof CelOpaque) return b instanceof CelOpaque && a.type === b.type && a.key === b.key
  if (!(a instanceof CelOptional) || !(b instanceof CelOptional)) return false
  if (a.value === undefined || b.value === undefined) return a.value === b.value
  return equal(a.value, b.value, budget)
}

function equalLists(a: CelList, b: CelList, budget: Budget): boolean {
  if (a.items.length !== b.items.length) return false
  if (a.unordered === undefined) return a.items.every((item, i) => equal(item, b.items[i] as Value, budget))
  return a.items.every((item) => b.items.some((other) => equal(item, other, budget)))
}

function equalMaps(a: CelMap, b: CelMap, budget: Budget): boolean {
  if (a.size !== b.size) return false
  const areEqual = a.keys().every((key) => {
    const [mine, other] = [a.get(key), b.get(key)]
    return mine === undefined ? other === undefined : other !== undefined && equal(mine, other, budget)
  })
  return areEqual && a.isHiddenEqual(b)
}

/**
 * Negative, zero or positive; NaN if a number is NaN. An integer is compared with a double as a double.
 * Source: cel-go common/types/compare.go.
 */
function compareNumbers(a: bigint | number, b: bigint | number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN
  const [left, right] = typeof a === typeof b ? [a, b] : [Number(a), Number(b)]
  return left < right ? -1 : Number(left > right)
}

/** Negative, zero or positive for two values of an ordered type; undefined for others. */
export function compare(a: Value, b: Value): number | undefined {
  const [left, right] = [numberOf(a), numberOf(b)]
  if (left !== undefined && right !== undefined) return compareNumbers(left, right)
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (a instanceof CelTimestamp && b instanceof CelTimestamp) return compareNumbers(a.nanos, b.nanos)
  if (a instanceof CelDuration && b instanceof CelDuration) return compareNumbers(a.nanos, b.nanos)
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b)
  return undefined
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const end = Math.min(a.length, b.length)
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number)
  return a.length - b.length
}

/** Go compares the bytes of UTF-8, whose order is that of code points. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  const [left, right] = [a[Symbol.iterator](), b[Symbol.iterator]()]
  for (;;) {
    const [x, y] = [left.next(), right.next()]
    if (x.done === true || y.done === true) return Number(y.done !== true) * -1 + Number(x.done !== true)
    if (x.value !== y.value) return (x.value.codePointAt(0) as number) - (y.value.codePointAt(0) as number)
  }
}
