import { asBool, noOverload } from './operators.ts'
import type { Expr } from './parse.ts'
import {
  CelError,
  CelList,
  CelMadeMap,
  CelMap,
  CelNotChecked,
  CelOptional,
  compare,
  fail,
  InnerScope,
  type Budget,
  type Scope,
  type Value,
} from './values.ts'

/** The evaluator, as macros use it for their parts. */
export interface Runner {
  readonly budget: Budget
  run(expr: Expr, scope: Scope): Value
  logical(decides: boolean, parts: Iterable<() => Value>): boolean
}

/** A call whose arguments are expressions with names of their own: `list.all(x, x > 0)`. */
export type Macro = (run: Runner, target: Expr, args: readonly Expr[], scope: Scope) => Value

/**
 * Macros by name and number of arguments. `existsOne` takes two names only, as in Kubernetes.
 * Source: cel-go cel/macro.go StandardMacros, ext/comprehensions.go (since 1.32), ext/lists.go sortBy (since 1.34),
 * cel/library.go optMap.
 */
export const MACROS: ReadonlyMap<string, Macro> = new Map<string, Macro>([
  ['all/2', quantified('all', 1)],
  ['all/3', quantified('all', 2)],
  ['exists/2', quantified('exists', 1)],
  ['exists/3', quantified('exists', 2)],
  ['exists_one/2', quantified('one', 1)],
  ['exists_one/3', quantified('one', 2)],
  ['existsOne/3', quantified('one', 2)],
  ['filter/2', (run, target, args, scope) => new CelList(passing(run, target, args, 1, scope).map(({ key }) => key))],
  ['map/2', mapped(1, eachOf)],
  ['map/3', mapped(1, passing)],
  ['transformList/3', mapped(2, eachOf)],
  ['transformList/4', mapped(2, passing)],
  ['transformMap/3', transformed(eachOf)],
  ['transformMap/4', transformed(passing)],
  ['transformMapEntry/3', (run, target, args, scope) => merged(run, args, eachOf(run, target, args, 2, scope))],
  ['transformMapEntry/4', (run, target, args, scope) => merged(run, args, passing(run, target, args, 2, scope))],
  ['sortBy/2', sortBy],
  ['optMap/2', (run, target, args, scope) => optional(run, target, args, scope, (value) => new CelOptional(value))],
  [
    'optFlatMap/2',
    (run, target, args, scope) =>
      optional(run, target, args, scope, (value) => {
        if (value instanceof CelOptional) return value
        throw noOverload()
      }),
  ],
])

interface Each {
  /** The item of a list or key of a map; with two names, the index or key. */
  readonly key: Value
  readonly inner: Scope
}

/** The scopes of a macro's body, one for each item or key, made as they are asked for. */
function* eachOf(run: Runner, target: Expr, args: readonly Expr[], names: 1 | 2, scope: Scope): Generator<Each, void> {
  const range = run.run(target, scope)
  const [first, second] = args.slice(0, names).map(nameOf) as [string, string]
  for (const [key, value] of pairsOf(range, names)) {
    run.budget.spend(1)
    const inner = new InnerScope(scope, first, key)
    yield { key, inner: names === 2 ? new InnerScope(inner, second, value) : inner }
  }
}

function* pairsOf(range: Value, names: 1 | 2): Generator<[Value, Value], void> {
  if (range instanceof CelList) {
    for (const [i, item] of range.items.entries()) yield names === 1 ? [item, item] : [BigInt(i), item]
    return
  }
  if (!(range instanceof CelMap)) throw noOverload()
  for (const key of range.keys()) {
    const value = names === 1 ? null : range.get(key)
    if (value === undefined) throw new CelError(`no such key: ${String(key)}`)
    yield [key, value]
  }
}

function nameOf(expr: Expr): string {
  if (expr.op === 'name') return expr.name
  throw new CelNotChecked('a macro has no name for its items')
}

/** The items for which the first expression after the names is true. */
function passing(run: Runner, target: Expr, args: readonly Expr[], names: 1 | 2, scope: Scope): Each[] {
  const kept: Each[] = []
  for (const each of eachOf(run, target, args, names, scope))
    if (asBool(run.run(args[names] as Expr, each.inner))) kept.push(each)
  return kept
}

function quantified(kind: 'all' | 'exists' | 'one', names: 1 | 2): Macro {
  return (run, target, args, scope) => {
    if (kind === 'one') return passing(run, target, args, names, scope).length === 1
    return run.logical(kind === 'exists', tests(run, target, args, names, scope))
  }
}

function* tests(
  run: Runner,
  target: Expr,
  args: readonly Expr[],
  names: 1 | 2,
  scope: Scope,
): Generator<() => Value, void> {
  for (const { inner } of eachOf(run, target, args, names, scope)) yield () => run.run(args[names] as Expr, inner)
}

/** Which items a macro takes: `eachOf`, or those that are `passing`. */
type Taken = (run: Runner, target: Expr, args: readonly Expr[], names: 1 | 2, scope: Scope) => Iterable<Each>

/** The list of what the last argument gives for each item. */
function mapped(names: 1 | 2, taken: Taken): Macro {
  return (run, target, args, scope) => {
    const items = taken(run, target, args, names, scope)
    return new CelList(Array.from(items, ({ inner }) => run.run(args.at(-1) as Expr, inner)))
  }
}

/** The map of what the last argument gives for each key. */
function transformed(taken: Taken): Macro {
  return (run, target, args, scope) => {
    const items = taken(run, target, args, 2, scope)
    return new CelMadeMap(Array.from(items, ({ key, inner }) => [key, run.run(args.at(-1) as Expr, inner)] as const))
  }
}

/** The map of all entries of the maps that the last argument gives. */
function merged(run: Runner, args: readonly Expr[], scopes: Iterable<Each>): CelMadeMap {
  const entries: (readonly [Value, Value])[] = []
  for (const { inner } of scopes) {
    const map = run.run(args.at(-1) as Expr, inner)
    if (!(map instanceof CelMap)) throw noOverload()
    run.budget.spend(map.size)
    for (const entry of pairsOf(map, 2)) entries.push(entry)
  }
  return new CelMadeMap(entries, (key) => `insert failed: key ${String(key)} already exists`)
}

function sortBy(run: Runner, target: Expr, args: readonly Expr[], scope: Scope): Value {
  const keyed = Array.from(eachOf(run, target, args, 1, scope), ({ key, inner }) => ({
    key,
    by: run.run(args[1] as Expr, inner),
  }))
  run.budget.spend(keyed.length * 16)
  const sorted = keyed.toSorted((a, b) => compare(a.by, b.by) ?? fail('no such overload'))
  return new CelList(sorted.map(({ key }) => key))
}

function optional(
  run: Runner,
  target: Expr,
  args: readonly Expr[],
  scope: Scope,
  wrap: (value: Value) => Value,
): Value {
  const of = run.run(target, scope)
  if (!(of instanceof CelOptional)) throw noOverload()
  if (of.value === undefined) return of
  return wrap(run.run(args[1] as Expr, new InnerScope(scope, nameOf(args[0] as Expr), of.value)))
}
