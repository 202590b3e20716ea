import type { Expr } from '../parse.ts'
import { CelTypeFault } from './type-fault.ts'
import type { CheckedType } from './checked-type.ts'

/** An expression in the form of cel-go: macros are expanded, operators are calls. `checkTypes` sets the types. */
export type CelNode = (
  | { readonly op: 'literal'; readonly value: Extract<Expr, { op: 'literal' }>['value'] }
  | { readonly op: 'name'; readonly name: string }
  | SelectNode
  | CallNode
  | { readonly op: 'list'; readonly items: readonly CelNode[] }
  | { readonly op: 'map'; readonly entries: readonly (readonly [CelNode, CelNode])[] }
  | FoldNode
  | { readonly op: 'message'; readonly name: string; readonly fields: readonly (readonly [string, CelNode])[] }
  | { readonly op: 'optional'; readonly of: CelNode }
) & { type?: CheckedType }

export interface SelectNode {
  readonly op: 'select'
  readonly of: CelNode
  readonly field: string
  /** True for `has(of.field)`. */
  readonly isTest: boolean
  /** Whether it is one name with dots, as types have them: `google.protobuf.Duration`. */
  isName?: boolean
}

export interface CallNode {
  readonly op: 'call'
  /** With its namespace, if it has one: `sets.contains`. */
  name: string
  target: CelNode | undefined
  readonly args: readonly CelNode[]
  /** The types of the arguments of each fitting signature; `checkTypes` sets them. */
  signatures?: readonly (readonly CheckedType[])[]
}

/** An expanded macro: it goes over the items of a range and computes one result. */
export interface FoldNode {
  readonly op: 'fold'
  readonly range: CelNode
  /** One name for an item of a list or key of a map; two for index or key, and item. */
  readonly names: readonly string[]
  readonly accumulator: string
  readonly init: CelNode
  readonly condition: CelNode
  readonly step: CelNode
  readonly result: CelNode
}

/** The name of the result in macros, which no expression can use. */
export const RESULT = '@result'

/**
 * Expands macros and operators.
 * Source: cel-go parser/macro.go, parser/parser.go, cel/library.go and ext; cel/macro.go StandardMacros, which do not
 * have the `existsOne` with one name of parser.AllMacros.
 *
 * @param minor the minor version of Kubernetes, on which the macros depend
 * @param hasBind whether there is `cel.bind(name, value, expression)`, as in selectors of devices
 * @throws CelTypeFault for an invalid call of a macro
 */
export function expand(expr: Expr, minor: number, hasBind = false): CelNode {
  return new Expansion(minor, hasBind).node(expr)
}

type Macro = (target: Expr, args: readonly Expr[]) => CelNode

function literal(value: boolean | bigint): CelNode {
  return { op: 'literal', value }
}

function call(name: string, args: readonly CelNode[], target?: CelNode): CelNode {
  return { op: 'call', name, target, args }
}

function nameNode(name: string): CelNode {
  return { op: 'name', name }
}

function result(): CelNode {
  return nameNode(RESULT)
}

function nameOf(expr: Expr | undefined): string {
  if (expr?.op === 'name') return expr.name
  throw new CelTypeFault('argument must be a simple name')
}

type FoldParts = Pick<FoldNode, 'init' | 'step'> & Partial<Pick<FoldNode, 'condition' | 'result'>>

const SORT_INPUT = '@__sortBy_input__'

/** The name of the result in macros of cel-go, which expressions can use. */
const WRITABLE_RESULT = '__result__'

/**
 * The first minor versions of Kubernetes in which new expressions may use macros with two names, and sortBy. Since the
 * first of them, too, no name in a macro may be that of its result (cel-go 0.22.1).
 */
const TWO_NAMES = 33
const SORT_BY = 35

class Expansion {
  readonly #macros: ReadonlyMap<string, Macro>

  readonly #hasBind: boolean
  readonly #guardsResult: boolean

  constructor(minor: number, hasBind: boolean) {
    this.#hasBind = hasBind
    this.#guardsResult = minor >= TWO_NAMES
    this.#macros = new Map<string, Macro>([
      ['all/2', (target, args) => this.#all(target, args, 1)],
      ['exists/2', (target, args) => this.#exists(target, args, 1)],
      ['exists_one/2', (target, args) => this.#existsOne(target, args, 1)],
      ['map/2', (target, args) => this.#mapped(target, args, 1)],
      ['map/3', (target, args) => this.#mapped(target, args, 1)],
      ['filter/2', (target, args) => this.#mapped(target, [...args, args[0] as Expr], 1)],
      ['optMap/2', (target, args) => this.#ifPresent(target, args, (bound) => call('optional.of', [bound]))],
      ['optFlatMap/2', (target, args) => this.#ifPresent(target, args, (bound) => bound)],
      ...(minor < TWO_NAMES ? [] : this.#withTwoNames()),
      ...(minor < SORT_BY ? [] : [['sortBy/2', this.#sortBy.bind(this)] as const]),
    ])
  }

  #withTwoNames(): [string, Macro][] {
    const inserted =
      (hasKey: boolean): Macro =>
      (target, args) =>
        this.#inserted(target, args, hasKey ? [nameOf(args[0])] : [])
    return [
      ['all/3', (target, args) => this.#all(target, args, 2)],
      ['exists/3', (target, args) => this.#exists(target, args, 2)],
      ['exists_one/3', (target, args) => this.#existsOne(target, args, 2)],
      ['existsOne/3', (target, args) => this.#existsOne(target, args, 2)],
      ['transformList/3', (target, args) => this.#mapped(target, args, 2)],
      ['transformList/4', (target, args) => this.#mapped(target, args, 2)],
      ['transformMap/3', inserted(true)],
      ['transformMap/4', inserted(true)],
      ['transformMapEntry/3', inserted(false)],
      ['transformMapEntry/4', inserted(false)],
    ]
  }

  node(expr: Expr): CelNode {
    const of = (inner: Expr): CelNode => this.node(inner)
    switch (expr.op) {
      case 'literal':
        return { op: 'literal', value: expr.value }
      case 'name':
        return nameNode(expr.name)
      case 'select':
        return expr.optional
          ? call('_?._', [of(expr.of), { op: 'literal', value: expr.field }])
          : { op: 'select', of: of(expr.of), field: expr.field, isTest: expr.has }
      case 'index':
        return call(expr.optional ? '_[?_]' : '_[_]', [of(expr.of), of(expr.key)])
      case 'call':
        return this.#call(expr)
      case 'list':
        return { op: 'list', items: expr.items.map(of) }
      case 'map':
        return { op: 'map', entries: expr.entries.map(([key, value]) => [of(key), of(value)] as const) }
      case 'if':
        return call('_?_:_', [of(expr.test), of(expr.yes), of(expr.no)])
      case 'not':
        return call('!_', [of(expr.of)])
      case 'negate':
        return call('-_', [of(expr.of)])
      case 'optional':
        return { op: 'optional', of: of(expr.of) }
      case 'message':
        return {
          op: 'message',
          name: expr.type,
          fields: expr.fields.map(([name, value]) => [name, of(value)] as const),
        }
      case 'in':
        return call('@in', [of(expr.left), of(expr.right)])
      default:
        return call(`_${expr.op}_`, [of(expr.left), of(expr.right)])
    }
  }

  #call({ name, target, args }: Extract<Expr, { op: 'call' }>): CelNode {
    if (target !== undefined) {
      if (this.#hasBind && name === 'bind' && args.length === 3 && target.op === 'name' && target.name === 'cel') {
        const [variable, value, body] = args as readonly [Expr, Expr, Expr]
        return bind(nameOf(variable), this.node(value), this.node(body))
      }
      const macro = this.#macros.get(`${name}/${args.length}`)
      if (macro !== undefined) return macro(target, args)
    } else if (name === 'has' && args.length === 1) throw new CelTypeFault('invalid argument to has() macro')
    return call(
      name,
      args.map((arg) => this.node(arg)),
      target && this.node(target),
    )
  }

  #fold(target: Expr, args: readonly Expr[], names: 1 | 2, parts: FoldParts): CelNode {
    return {
      op: 'fold',
      range: this.node(target),
      names: this.#names(args.slice(0, names)),
      accumulator: RESULT,
      condition: literal(true),
      result: result(),
      ...parts,
    }
  }

  #names(args: readonly Expr[]): string[] {
    const names = args.map(nameOf)
    const [first, second] = names
    if (first === second) throw new CelTypeFault(`duplicate variable name: ${first}`)
    if (this.#guardsResult && names.includes(WRITABLE_RESULT))
      throw new CelTypeFault('iteration variable overwrites accumulator variable')
    return names
  }

  #argument(args: readonly Expr[], index: number): CelNode {
    return this.node(args[index] as Expr)
  }

  #all(target: Expr, args: readonly Expr[], names: 1 | 2): CelNode {
    return this.#fold(target, args, names, {
      init: literal(true),
      condition: call('@not_strictly_false', [result()]),
      step: call('_&&_', [result(), this.#argument(args, names)]),
    })
  }

  #exists(target: Expr, args: readonly Expr[], names: 1 | 2): CelNode {
    return this.#fold(target, args, names, {
      init: literal(false),
      condition: call('@not_strictly_false', [call('!_', [result()])]),
      step: call('_||_', [result(), this.#argument(args, names)]),
    })
  }

  #existsOne(target: Expr, args: readonly Expr[], names: 1 | 2): CelNode {
    const more = call('_+_', [result(), literal(1n)])
    return this.#fold(target, args, names, {
      init: literal(0n),
      step: call('_?_:_', [this.#argument(args, names), more, result()]),
      result: call('_==_', [result(), literal(1n)]),
    })
  }

  /** `map`, `filter` and `transformList`; one more argument after the names is a condition. */
  #mapped(target: Expr, args: readonly Expr[], names: 1 | 2): CelNode {
    const more = call('_+_', [result(), { op: 'list', items: [this.#argument(args, args.length - 1)] }])
    return this.#fold(target, args, names, { init: { op: 'list', items: [] }, step: this.#tested(args, names, more) })
  }

  #inserted(target: Expr, args: readonly Expr[], key: readonly string[]): CelNode {
    const more = call('cel.@mapInsert', [result(), ...key.map(nameNode), this.#argument(args, args.length - 1)])
    return this.#fold(target, args, 2, { init: { op: 'map', entries: [] }, step: this.#tested(args, 2, more) })
  }

  #tested(args: readonly Expr[], names: number, step: CelNode): CelNode {
    return args.length === names + 1 ? step : call('_?_:_', [this.#argument(args, names), step, result()])
  }

  #sortBy(target: Expr, args: readonly Expr[]): CelNode {
    const keys = this.#mapped({ op: 'name', name: SORT_INPUT }, args, 1)
    return bind(SORT_INPUT, this.node(target), call('@sortByAssociatedKeys', [keys], nameNode(SORT_INPUT)))
  }

  /** `optMap` and `optFlatMap`, in which the target occurs twice: in the test, and for its value. */
  #ifPresent(target: Expr, [name, body]: readonly Expr[], then: (bound: CelNode) => CelNode): CelNode {
    const value = call('value', [], this.node(target))
    const bound = bind(nameOf(name), value, this.node(body as Expr))
    return call('_?_:_', [call('hasValue', [], this.node(target)), then(bound), call('optional.none', [])])
  }
}

/** Gives a value a name in an expression, as a fold over nothing. */
function bind(name: string, value: CelNode, of: CelNode): CelNode {
  return {
    op: 'fold',
    range: { op: 'list', items: [] },
    names: ['#unused'],
    accumulator: name,
    init: value,
    condition: literal(false),
    step: nameNode(name),
    result: of,
  }
}

/** Whether a fold only gives a value a name. */
export function isBind({ range, condition, accumulator }: FoldNode): boolean {
  return (
    range.op === 'list' &&
    range.items.length === 0 &&
    condition.op === 'literal' &&
    condition.value === false &&
    accumulator !== RESULT
  )
}
