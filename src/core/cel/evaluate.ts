import { wordSet } from '../common/words.ts'
import type { CallContext } from './function-types.ts'
import { callFunction } from './functions.ts'
import { MACROS, type Macro, type Runner } from './macros.ts'
import { asBool, binary, noOverload } from './operators.ts'
import { TYPES } from './type-values.ts'
import type { Expr } from './parse.ts'
import {
  type Budget,
  CelError,
  CelList,
  CelMadeMap,
  CelMap,
  CelMessage,
  CelNotChecked,
  CelOptional,
  CelUint,
  type Scope,
  type Value,
  valueOfLiteral,
} from './values.ts'

/**
 * Evaluates expressions as cel-go does for Kubernetes, counting each step, so that no expression runs for long.
 * Source: github.com/google/cel-spec doc/langdef.md; apiserver pkg/cel/environment/base.go for the libraries.
 */
export class Evaluator implements Runner {
  readonly #call: CallContext

  constructor(call: CallContext) {
    this.#call = call
  }

  get budget(): Budget {
    return this.#call.budget
  }

  /**
   * @throws CelError where the expression fails
   * @throws CelNotChecked where it cannot be evaluated here
   */
  run(expr: Expr, scope: Scope): Value {
    this.budget.spend(1)
    switch (expr.op) {
      case 'literal':
        return valueOfLiteral(expr.value)
      case 'name':
        return this.#name(expr.name, scope)
      case 'select':
        return this.#select(expr, scope)
      case 'index':
        return this.#index(expr, scope)
      case 'call':
        return this.#callOf(expr, scope)
      case 'list':
        return new CelList(expr.items.flatMap((item) => this.#present(item, scope)))
      case 'map':
        return new CelMadeMap(
          expr.entries.flatMap(([key, value]) => {
            const name = this.run(key, scope)
            return this.#present(value, scope).map((one) => [name, one] as const)
          }),
        )
      case 'if':
        return this.run(asBool(this.run(expr.test, scope)) ? expr.yes : expr.no, scope)
      case '&&':
      case '||':
        return this.logical(expr.op === '||', [() => this.run(expr.left, scope), () => this.run(expr.right, scope)])
      case 'message':
        if (expr.type !== 'JSONPatch') throw new CelNotChecked(`it makes a value of type ${expr.type}`)
        return new CelMessage(
          expr.type,
          expr.fields.flatMap(([field, value]) => this.#present(value, scope).map((one) => [field, one] as const)),
        )
      case 'optional':
        throw noOverload()
      case 'not':
        return !asBool(this.run(expr.of, scope))
      case 'negate':
        return negate(this.run(expr.of, scope))
      default:
        return binary(expr.op, this.run(expr.left, scope), this.run(expr.right, scope), this.budget)
    }
  }

  /** The value of an item, entry or field; none for a missing value of one that is optional. */
  #present(part: Expr, scope: Scope): readonly Value[] {
    if (part.op !== 'optional') return [this.run(part, scope)]
    const optional = this.run(part.of, scope)
    if (!(optional instanceof CelOptional)) throw noOverload()
    return optional.value === undefined ? [] : [optional.value]
  }

  /**
   * The result of `||` (`decides` is true) or `&&` (false) over parts. The result is `decides` if any part has that
   * value, even after parts that fail.
   * @throws CelError the first one of a part, if no part decides
   */
  logical(decides: boolean, parts: Iterable<() => Value>): boolean {
    let failed: CelError | undefined
    for (const part of parts) {
      try {
        if (asBool(part()) === decides) return decides
      } catch (error) {
        if (!(error instanceof CelError)) throw error
        failed ??= error
      }
    }
    if (failed !== undefined) throw failed
    return !decides
  }

  #name(name: string, scope: Scope): Value {
    const value = scope.get(name)
    if (value !== undefined) return value
    const type = TYPES.get(name)
    if (type === undefined) throw new CelNotChecked(`${name} is not known`)
    return type
  }

  #select(expr: Extract<Expr, { op: 'select' }>, scope: Scope): Value {
    const type = expr.has || expr.optional ? undefined : TYPES.get(qualified(expr))
    if (type !== undefined) return type
    const of = this.run(expr.of, scope)
    const found = this.#field(of, expr.field)
    if (expr.has) return found !== undefined
    if (expr.optional || of instanceof CelOptional) return new CelOptional(found)
    if (found === undefined) throw new CelError(`no such key: ${expr.field}`)
    return found
  }

  #field(of: Value, field: string): Value | undefined {
    if (of instanceof CelOptional) return of.value === undefined ? undefined : this.#field(of.value, field)
    if (of instanceof CelMap) return of.get(field)
    throw noOverload()
  }

  #index({ of, key, optional }: Extract<Expr, { op: 'index' }>, scope: Scope): Value {
    const base = this.run(of, scope)
    const at = this.run(key, scope)
    const container = base instanceof CelOptional ? base.value : base
    const found = container === undefined ? undefined : element(container, at)
    if (optional || base instanceof CelOptional) return new CelOptional(found)
    if (found !== undefined) return found
    throw new CelError(base instanceof CelList ? `index out of bounds: ${String(at)}` : `no such key: ${String(at)}`)
  }

  #callOf({ name, target, args }: Extract<Expr, { op: 'call' }>, scope: Scope): Value {
    const macro: Macro | undefined = target === undefined ? undefined : MACROS.get(`${name}/${args.length}`)
    if (macro !== undefined && target !== undefined) return macro(this, target, args, scope)
    const space = target === undefined ? undefined : qualified(target)
    if (space !== undefined && NAMESPACES.has(space) && scope.get(space) === undefined) {
      return callFunction(
        `${space}.${name}`,
        undefined,
        args.map((arg) => this.run(arg, scope)),
        this.#call,
      )
    }
    const receiver = target === undefined ? undefined : this.run(target, scope)
    return callFunction(
      name,
      receiver,
      args.map((arg) => this.run(arg, scope)),
      this.#call,
    )
  }
}

/** Namespaces of functions: `ip.isCanonical(x)`. */
const NAMESPACES = wordSet('ip format sets optional lists strings math jsonpatch')

/** `a.b.c` as text; empty for other expressions. */
function qualified(expr: Expr): string {
  if (expr.op === 'name') return expr.name
  if (expr.op !== 'select' || expr.has || expr.optional) return ''
  const before = qualified(expr.of)
  return before === '' ? '' : `${before}.${expr.field}`
}

function element(container: Value, key: Value): Value | undefined {
  if (container instanceof CelMap) return container.get(key)
  if (!(container instanceof CelList)) throw noOverload()
  const index =
    key instanceof CelUint ? key.value : typeof key === 'number' && Number.isInteger(key) ? BigInt(key) : key
  if (typeof index !== 'bigint') throw new CelError(`unsupported index type in list: ${String(key)}`)
  return index >= 0n && index < container.items.length ? container.items[Number(index)] : undefined
}

function negate(value: Value): Value {
  if (typeof value === 'number') return -value
  if (typeof value !== 'bigint') throw noOverload()
  if (value === -(2n ** 63n)) throw new CelError('integer overflow')
  return -value
}
