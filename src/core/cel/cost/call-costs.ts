import type { CheckedType } from '../checker/checked-type.ts'
import { addSizes, fixed, multiplySizes, plus, scaled, type Size, times, UNBOUNDED, UNKNOWN_SIZE } from './sizes.ts'

/** Units of cost. Source: cel-go common/cost.go. */
const TRAVERSAL = 0.1
const REGEX_LENGTH = 0.25
export const CREATE_LIST = 10n
export const CREATE_MAP = 30n
export const CREATE_MESSAGE = 40n

/** A target or argument of a call. */
export interface Operand {
  readonly type: CheckedType
  /** Undefined if unknown. */
  readonly size: Size | undefined
  /** The value of a literal; undefined for other expressions. */
  readonly literal: unknown
  /** The type and size of the items of a list; undefined where the type has no parameters. */
  readonly items: (() => { readonly type: CheckedType; readonly size: Size }) | undefined
}

export interface Call {
  readonly name: string
  /** The types of the arguments of the signature, with the target first. */
  readonly signature: readonly CheckedType[]
  readonly target: Operand | undefined
  readonly args: readonly Operand[]
}

/** The cost of a call without that of its arguments, and the size of its result if known. */
export interface CallCost {
  readonly cost: bigint
  readonly size?: Size
}

type Coster = (call: Call) => CallCost | undefined

const ONE: CallCost = { cost: 1n }
const fixedCost: Coster = () => ONE

function sizeOf(operand: Operand | undefined): Size {
  return operand?.size ?? UNKNOWN_SIZE
}

function traversal(operand: Operand | undefined, factor = 1): bigint {
  return scaled(sizeOf(operand).max, factor * TRAVERSAL)
}

/** Functions that read a text once, or `factor` times. */
function traversing(which: 'target' | 'argument', factor = 1, keepsSize = false): Coster {
  return ({ target, args }) => {
    const operand = which === 'target' ? target : args[0]
    if (operand === undefined) return undefined
    const cost = traversal(operand, factor)
    return keepsSize ? { cost, size: sizeOf(operand) } : { cost }
  }
}

/** Functions that compare or add the items of a list one by one, or search a text. */
const eachItem: Coster = ({ name, target }) => {
  if (target === undefined) return undefined
  const items = target.items?.()
  if (items === undefined) return { cost: name === 'includes' ? sizeOf(target).max : traversal(target) }
  const isText = items.type.kind === 'string' || items.type.kind === 'bytes'
  return { cost: times(sizeOf(target).max, isText ? plus(1n, scaled(items.size.max, TRAVERSAL)) : 1n) }
}

const replace: Coster = ({ target, args: [from, to] }) => {
  if (target === undefined || from === undefined || to === undefined) return undefined
  const [text, old, by] = [sizeOf(target), sizeOf(from), sizeOf(to)]
  const longest = replaced(text.max, old.min, by.max, by.max <= old.min)
  const shortest = replaced(text.min, old.max, by.min, old.max <= by.min)
  return { cost: traversal(target, 2), size: { min: shortest, max: longest } }
}

/** The length of a text after every possible replacement; an empty text is found around every character. */
function replaced(text: bigint, old: bigint, by: bigint, isKept: boolean): bigint {
  if (old === 0n) return plus(times(text < UNBOUNDED ? text + 1n : text, by), text)
  if (isKept) return text
  return times(BigInt(Math.ceil(Number(text) / Number(old))), by)
}

const split: Coster = ({ target, args }) => {
  if (target === undefined) return undefined
  const limit = args[1]?.literal
  const max = typeof limit === 'bigint' ? BigInt.asUintN(64, limit) : sizeOf(target).max
  return { cost: traversal(target, 2), size: { min: 0n, max } }
}

const join: Coster = ({ target, args: [separator] }) => {
  if (target === undefined) return undefined
  const list = sizeOf(target)
  const items = target.items?.()
  const texts = items === undefined ? fixed(0n) : multiplySizes(list, items.size)
  const between = { min: list.min > 0n ? list.min - 1n : 0n, max: list.max > 0n ? list.max - 1n : 0n }
  const size = separator === undefined ? texts : addSizes(texts, multiplySizes(sizeOf(separator), between))
  return { cost: scaled(size.max, TRAVERSAL), size }
}

function regexCost(text: Operand | undefined, pattern: Operand | undefined): bigint {
  return times(scaled(plus(sizeOf(text).max, 1n), TRAVERSAL), scaled(sizeOf(pattern).max, REGEX_LENGTH))
}

const find: Coster = ({ target, args: [pattern] }) =>
  target === undefined || pattern === undefined
    ? undefined
    : { cost: regexCost(target, pattern), size: { min: 0n, max: sizeOf(target).max } }

/** Bytes of an IP address. */
const ADDRESS = 16n

function containsAddress(extra: bigint): Coster {
  return ({ signature, args: [other] }) => {
    const text = signature[1]?.kind === 'string' ? traversal(other) : 0n
    return { cost: plus(scaled(ADDRESS * 2n, TRAVERSAL), extra, text) }
  }
}

/** Characters of the pattern of a named format, and of a format's text. Source: apiserver pkg/cel/limits.go. */
const FORMAT_PATTERN = 128
const FORMAT_TEXT = 64n

const validate: Coster = ({ args: [text] }) =>
  text === undefined ? undefined : { cost: scaled(traversal(text), FORMAT_PATTERN * REGEX_LENGTH) }

/** A selector as a text, in which each requirement takes at least two characters. */
const selector: Coster = ({ args: [text] }) => {
  const requirements = scaled(sizeOf(text).max, 0.5)
  return { cost: plus(CREATE_LIST, traversal(text), scaled(requirements, Number(CREATE_LIST + CREATE_MESSAGE))) }
}

/** Equality of values that Kubernetes adds to CEL; undefined for others. */
const equalValues: Coster = ({ args: [left, right] }) => {
  const name = nameOf(left?.type)
  if (name === undefined || name !== nameOf(right?.type)) return undefined
  if (name === 'kubernetes.NamedFormat') return { cost: scaled(FORMAT_TEXT, TRAVERSAL) }
  // The size of the right operand counts for both.
  if (name === 'kubernetes.URL') return { cost: scaled(right?.size?.max ?? 1n, TRAVERSAL) }
  return KUBERNETES_VALUES.has(name) ? ONE : undefined
}

const KUBERNETES_VALUES: ReadonlySet<string> = new Set([
  'net.IP',
  'net.CIDR',
  'kubernetes.Quantity',
  'kubernetes.Semver',
])

function nameOf(type: CheckedType | undefined): string | undefined {
  return type?.kind === 'opaque' || type?.kind === 'struct' ? type.name : undefined
}

/**
 * Costs of the functions that Kubernetes adds or prices itself.
 * Source: apiserver pkg/cel/library/cost.go EstimateCallCost.
 */
const KUBERNETES: Readonly<Record<string, Coster>> = {
  ...each('isSorted sum max min indexOf lastIndexOf includes', eachItem),
  url: traversing('argument', 1, true),
  ...each('lowerAscii upperAscii substring trim', traversing('target', 1, true)),
  replace,
  split,
  join,
  ...each('find findAll', find),
  ...each('cidr isIP isCIDR quantity isQuantity semver isSemver', traversing('argument')),
  ip: (call) => (call.target === undefined ? traversing('argument')(call) : ONE),
  'ip.isCanonical': traversing('argument', 2),
  ...each(
    'masked prefixLength family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast',
    fixedCost,
  ),
  containsIP: containsAddress(0n),
  containsCIDR: containsAddress(scaled(ADDRESS, TRAVERSAL) + 1n),
  validate,
  check: () => ({ cost: 350_000n }),
  ...each('fieldSelector labelSelector', selector),
  '_==_': equalValues,
}

function each(names: string, coster: Coster): Record<string, Coster> {
  return Object.fromEntries(names.split(' ').map((name) => [name, coster]))
}

/** The cost of making a list: `factor` for each item, and the list itself. */
function makesList(size: Size, factor: number): CallCost {
  return { cost: plus(scaled(size.max, factor), 1n, CREATE_LIST), size }
}

function sizeArgument(operand: Operand | undefined, otherwise: bigint): bigint {
  const value = operand?.literal
  if (typeof value !== 'bigint') return otherwise
  return value < 0n ? 0n : value
}

function inSets(factor: number): Coster {
  return ({ args: [left, right] }) => ({ cost: plus(scaled(times(sizeOf(left).max, sizeOf(right).max), factor), 1n) })
}

/** The cost of comparing each item with every other one. */
function allPairs(operand: Operand | undefined, factor: number): CallCost {
  const size = sizeOf(operand)
  return makesList(multiplySizes(size, size), factor)
}

function sorted(keys: Operand | undefined, key: CheckedType | undefined): CallCost {
  const isText = key?.kind === 'string' || key?.kind === 'bytes'
  return allPairs(keys, isText ? 2 + TRAVERSAL : 2)
}

/** Costs of cel-go's extensions, which have precedence. Source: cel-go ext/lists.go and ext/sets.go. */
const EXTENSIONS: Readonly<Record<string, Coster>> = {
  ...each('sets.contains sets.intersects', inSets(1)),
  'sets.equivalent': inSets(2),
  slice: ({ target, args: [start, end] }) => {
    const count = sizeArgument(end, sizeOf(target).max) - sizeArgument(start, 0n)
    return makesList(fixed(BigInt.asUintN(64, count)), 1)
  },
  'lists.range': ({ args: [count] }) => makesList(fixed(sizeArgument(count, UNBOUNDED)), 1),
  reverse: ({ target }) => makesList(sizeOf(target), 1),
  flatten: ({ target, args: [depth] }) =>
    makesList(sizeOf(target), depth === undefined ? 1 : Number(sizeArgument(depth, UNBOUNDED))),
  distinct: ({ target }) => allPairs(target, 2),
  sort: ({ target, signature: [list] }) => sorted(target, itemOf(list)),
  '@sortByAssociatedKeys': ({ args: [keys], signature: [, list] }) => sorted(keys, itemOf(list)),
}

function itemOf(list: CheckedType | undefined): CheckedType | undefined {
  return list?.kind === 'list' ? list.params[0] : undefined
}

/** Costs of CEL's own functions; a function without an entry costs 1. Source: cel-go checker/cost.go functionCost. */
const STANDARD: Readonly<Record<string, Coster>> = {
  format: traversing('target'),
  bytes: ({ signature, args: [text] }) => {
    if (signature[0]?.kind !== 'string') return undefined
    const { min, max } = sizeOf(text)
    return { cost: traversal(text), size: { min, max: BigInt.asUintN(64, max * 4n) } }
  },
  string: ({ signature, args: [bytes] }) => {
    if (signature[0]?.kind !== 'bytes') return undefined
    const { min, max } = sizeOf(bytes)
    return { cost: traversal(bytes), size: { min: min / 4n, max } }
  },
  'strings.quote': ({ args: [text] }) => {
    const { min, max } = sizeOf(text)
    return {
      cost: traversal(text),
      size: { min: BigInt.asUintN(64, min + 2n), max: BigInt.asUintN(64, max * 2n + 2n) },
    }
  },
  ...each('startsWith endsWith', traversing('argument')),
  '@in': ({ signature, args: [, list] }) =>
    signature[1]?.kind === 'list' ? { cost: scaled(sizeOf(list).max, 1) } : undefined,
  matches: ({ target, args: [pattern] }) => (target === undefined ? undefined : { cost: regexCost(target, pattern) }),
  contains: ({ target, args: [part] }) => ({ cost: times(traversal(target), traversal(part)) }),
  '_+_': ({ signature, args: [left, right] }) => {
    const kind = signature[0]?.kind as string
    if (!['string', 'bytes', 'list'].includes(kind)) return undefined
    const size = addSizes(sizeOf(left), sizeOf(right))
    return { cost: kind === 'list' ? 1n : scaled(size.max, TRAVERSAL), size }
  },
  ...each('_<_ _<=_ _>_ _>=_', (call) =>
    ['string', 'bytes'].includes(call.signature[0]?.kind as string) ? compared(call) : undefined,
  ),
  ...each('_==_ _!=_', compared),
}

/** A comparison reads as far as the shorter operand goes. */
function compared({ args: [left, right] }: Call): CallCost {
  const [a, b] = [sizeOf(left).max, sizeOf(right).max]
  return { cost: scaled(a < b ? a : b, TRAVERSAL) }
}

export function costOfCall(call: Call): CallCost {
  for (const table of [EXTENSIONS, KUBERNETES, STANDARD]) {
    const found = Object.hasOwn(table, call.name) ? (table[call.name] as Coster)(call) : undefined
    if (found !== undefined) return found
  }
  return ONE
}
