import type { CelFunction, FunctionTable } from './function-types.ts'
import { TEXT_INDEX } from './functions-text.ts'
import { binary, noOverload } from './operators.ts'
import {
  type Budget,
  CelDuration,
  CelError,
  CelList,
  CelOptional,
  CelUint,
  compare,
  equal,
  type Value,
} from './values.ts'

/** A function of a list, which costs a step for each item. */
function ofList(
  work: (items: readonly Value[], args: readonly Value[], budget: Budget) => Value | undefined,
): CelFunction {
  return ([list, ...args], { budget }) => {
    if (!(list instanceof CelList)) return undefined
    budget.spend(list.items.length)
    return work(list.items, args, budget)
  }
}

function order(a: Value, b: Value): number {
  const result = compare(a, b)
  if (result === undefined) throw noOverload()
  return result
}

function extreme(name: string, sign: 1 | -1): CelFunction {
  return ofList((items) => {
    if (items.length === 0) throw new CelError(`${name} called on empty list`)
    return items.reduce((best, item) => (order(item, best) * sign > 0 ? item : best))
  })
}

const sum: CelFunction = ([list], { budget }) => {
  if (!(list instanceof CelList)) return undefined
  const { items, zero } = list
  budget.spend(items.length)
  const [first] = items
  if (first === undefined) return zero
  const summable =
    typeof first === 'bigint' || typeof first === 'number' || first instanceof CelUint || first instanceof CelDuration
  return summable ? items.slice(1).reduce((total, item) => binary('+', total, item, budget), first) : undefined
}

function find(items: readonly Value[], item: Value | undefined, budget: Budget): bigint {
  return BigInt(items.findIndex((one) => equal(one, item as Value, budget)))
}

function distinct(items: readonly Value[], budget: Budget): Value[] {
  const kept: Value[] = []
  for (const item of items) if (!kept.some((one) => equal(one, item, budget))) kept.push(item)
  return kept
}

function flatten(items: readonly Value[], depth: number, budget: Budget): Value[] {
  budget.spend(items.length)
  return items.flatMap((item) =>
    item instanceof CelList && depth > 0 ? flatten(item.items, depth - 1, budget) : [item],
  )
}

const range: CelFunction = ([count], { budget }) => {
  if (typeof count !== 'bigint') return undefined
  budget.spend(Math.min(Math.max(Number(count), 0), 2 ** 50))
  return new CelList(Array.from({ length: Number(count) }, (_, i) => BigInt(i)))
}

function contains(a: readonly Value[], b: readonly Value[], budget: Budget): boolean {
  return b.every((item) => a.some((one) => equal(one, item, budget)))
}

function ofSets(work: (a: readonly Value[], b: readonly Value[], budget: Budget) => boolean): CelFunction {
  return ([a, b], { budget }) =>
    a instanceof CelList && b instanceof CelList ? work(a.items, b.items, budget) : undefined
}

const indexOfItem = ofList((items, [item], budget) => find(items, item, budget))
const lastIndexOfItem = ofList((items, [item], budget) => {
  const back = find(items.toReversed(), item, budget)
  return back < 0n ? back : BigInt(items.length) - 1n - back
})

/** Source: apiserver pkg/cel/library/lists.go; cel-go ext/lists.go (version 3) and ext/sets.go. */
export const LIST_FUNCTIONS: FunctionTable = {
  '.isSorted': ofList((items) => items.every((item, i) => i === 0 || order(items[i - 1] as Value, item) <= 0)),
  '.sum': sum,
  '.min': extreme('min', -1),
  '.max': extreme('max', 1),
  '.indexOf': (args, context) =>
    (args[0] instanceof CelList ? indexOfItem : (TEXT_INDEX['.indexOf'] as CelFunction))(args, context),
  '.lastIndexOf': (args, context) =>
    (args[0] instanceof CelList ? lastIndexOfItem : (TEXT_INDEX['.lastIndexOf'] as CelFunction))(args, context),
  '.includes': ([list, item], { budget }) =>
    list === undefined || item === undefined
      ? undefined
      : list instanceof CelList
        ? find(list.items, item, budget) >= 0n
        : equal(list, item, budget),
  '.distinct': ofList((items, _, budget) => new CelList(distinct(items, budget))),
  '.flatten': ofList((items, [depth = 1n], budget) => {
    if (typeof depth !== 'bigint') return undefined
    if (depth < 0n) throw new CelError('level must be non-negative')
    return new CelList(flatten(items, Number(depth), budget))
  }),
  '.reverse': ofList((items) => new CelList(items.toReversed())),
  '.slice': ofList((items, [start, end]) => {
    const [from, to] = [Number(start), Number(end)]
    if (from < 0 || to < from || to > items.length)
      throw new CelError(`cannot slice(${from}, ${to}), list is length ${items.length}`)
    return new CelList(items.slice(from, to))
  }),
  '.sort': ofList((items, _, budget) => {
    budget.spend(items.length * 16)
    return new CelList(items.toSorted(order))
  }),
  '.first': ofList((items) => new CelOptional(items[0])),
  '.last': ofList((items) => new CelOptional(items.at(-1))),
  'lists.range': range,
  'sets.contains': ofSets(contains),
  'sets.equivalent': ofSets((a, b, budget) => contains(a, b, budget) && contains(b, a, budget)),
  'sets.intersects': ofSets((a, b, budget) => a.some((item) => contains(b, [item], budget))),
}
