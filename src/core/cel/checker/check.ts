import { CelTypeFault } from './type-fault.ts'
import { RESERVED_WORDS } from '../reserved-words.ts'
import { TYPES } from '../type-values.ts'
import {
  BOOL_TYPE,
  type CheckedType,
  type DeclaredType,
  DYN_TYPE,
  INT_TYPE,
  isAny,
  listOf,
  mapOf,
  optionalOf,
  isSameType,
  paramsOf,
  typeText,
  unwrapOptional,
} from './checked-type.ts'
import type { CallNode, CelNode, FoldNode, SelectNode } from './expand.ts'
import { type Signature, signaturesOf } from './signatures.ts'
import { literalFault } from './literals.ts'
import { isAsGeneral, NotCompiled, TypeBindings } from './type-bindings.ts'

/** What exists in some expressions only. */
export interface CelLibrary {
  /** Whether `Object{...}`, `JSONPatch{...}` and their functions exist, as in policies that change objects. */
  readonly hasPatchTypes?: boolean
  /** Whether the functions of versions exist earlier than elsewhere, as in selectors of devices. */
  readonly isSelector?: boolean
}

/** Types of variables by their names. */
type Scope = ReadonlyMap<string, CheckedType>

/**
 * Sets the type of each part of an expression, and the signatures that fit each call: several where a type is only
 * known at evaluation.
 * Source: cel-go checker/checker.go.
 *
 * @param minor the minor version of Kubernetes, on which the functions depend
 * @param library what exists in some expressions only
 * @returns the type of the whole expression
 * @throws CelTypeFault if the expression does not compile
 * @throws NotCompiled if that cannot be decided
 */
export function checkTypes(node: CelNode, variables: Scope, minor: number, library: CelLibrary = {}): CheckedType {
  const checker = new Checker(minor, library)
  checker.check(node, variables)
  checker.finish()
  return node.type as CheckedType
}

const TYPE: CheckedType = { kind: 'type' }

/**
 * The types of messages in policies that change objects: `JSONPatch`, and `Object`, whose parts are named by their
 * paths (`Object.spec`).
 */
const PATCH = 'JSONPatch'
const OBJECT = /^Object(?:\.|$)/

function messageField(message: string, field: string): CheckedType | undefined {
  if (OBJECT.test(message)) return DYN_TYPE
  if (message !== PATCH) return undefined
  if (['op', 'path', 'from'].includes(field)) return { kind: 'string' }
  return field === 'value' ? DYN_TYPE : undefined
}

/** The first minor version of Kubernetes in which new expressions may name a field by a reserved word. */
const WORDS_AS_FIELDS = 32

class Checker {
  readonly #minor: number
  readonly #library: CelLibrary
  readonly #bindings = new TypeBindings()
  readonly #nodes: CelNode[] = []
  /** Groups of items, keys or values that must have one type. */
  readonly #alike: (readonly CelNode[])[] = []
  /** The number of enclosing calls of `format`, where lists may have items of several types. */
  #formats = 0

  constructor(minor: number, library: CelLibrary) {
    this.#minor = minor
    this.#library = library
  }

  /**
   * Makes unbound type parameters `dyn`, and then checks that items of lists and maps have one type, and that literal
   * arguments are valid.
   * Source: cel-go cel/validator.go and ext/formatting.go.
   * @throws CelTypeFault if they are not
   */
  finish(): void {
    for (const node of this.#nodes) node.type = this.#bindings.resolve(node.type as CheckedType, true)
    for (const nodes of this.#alike) {
      const [first, ...rest] = nodes.map(({ type }) => type as CheckedType)
      const other = rest.find((type) => !isSameType(first as CheckedType, type))
      if (other !== undefined) throw this.#mismatch(first as CheckedType, other)
    }
    for (const node of this.#nodes) {
      const fault = node.op === 'call' ? literalFault(node) : undefined
      if (fault !== undefined) throw new CelTypeFault(fault)
    }
  }

  check(node: CelNode, scope: Scope): CheckedType {
    const type = this.#typeOf(node, scope)
    node.type = type
    this.#nodes.push(node)
    return type
  }

  #typeOf(node: CelNode, scope: Scope): CheckedType {
    switch (node.op) {
      case 'literal':
        return literalType(node.value)
      case 'name':
        return scope.get(node.name) ?? typeName(node.name)
      case 'select':
        return this.#select(node, scope)
      case 'call':
        return this.#call(node, scope)
      case 'list':
        return listOf(this.#itemType(node.items, scope))
      case 'map': {
        const [keys, values] = [0, 1].map((i) => node.entries.map((entry) => entry[i] as CelNode))
        return mapOf(this.#itemType(keys as CelNode[], scope), this.#itemType(values as CelNode[], scope))
      }
      case 'fold':
        return this.#fold(node, scope)
      case 'message':
        return this.#message(node, scope)
      case 'optional': {
        const type = this.#bindings.resolve(this.check(node.of, scope))
        const inner = unwrapOptional(type)
        if (inner === undefined && type.kind !== 'dyn') throw this.#mismatch(optionalOf(type), type)
        return inner ?? type
      }
    }
  }

  #select(node: SelectNode & CelNode, scope: Scope): CheckedType {
    const name = qualifiedName(node)
    const named = scope.get(name) ?? (TYPES.has(name) ? TYPE : undefined)
    if (named !== undefined && !node.isTest) {
      node.isName = true
      return named
    }
    const field = this.#field(this.check(node.of, scope), node.field, false)
    return node.isTest ? BOOL_TYPE : this.#bindings.resolve(field)
  }

  #field(given: CheckedType, field: string, isOptional: boolean): CheckedType {
    const type = this.#bindings.resolve(given)
    const inner = unwrapOptional(type)
    const found = this.#fieldOf(inner ?? type, field)
    return inner !== undefined || isOptional ? optionalOf(found) : found
  }

  #fieldOf(type: CheckedType, field: string): CheckedType {
    if (type.kind === 'map') return type.params[1] as CheckedType
    if (type.kind === 'dyn') return DYN_TYPE
    if (type.kind === 'param') {
      this.#bindings.isAssignable(DYN_TYPE, type)
      return DYN_TYPE
    }
    if (type.kind !== 'object' && type.kind !== 'struct')
      throw new CelTypeFault(`type '${typeText(type)}' does not support field selection`)
    const found = type.kind === 'object' ? this.#declaredField(type.declared, field) : messageField(type.name, field)
    if (found === undefined) throw new CelTypeFault(`undefined field '${field}'`)
    return found
  }

  /** Source: apiserver pkg/cel/types.go FindStructFieldType. */
  #declaredField(declared: DeclaredType, field: string): CheckedType | undefined {
    const found = declared.field(field)
    if (found !== undefined || this.#minor < WORDS_AS_FIELDS || !RESERVED_WORDS.has(field)) return found?.type
    return declared.field(`__${field}__`)?.type
  }

  #call(node: CallNode, scope: Scope): CheckedType {
    const isFormat = node.name === 'format' && node.target !== undefined
    if (isFormat) this.#formats++
    for (const arg of node.args) this.check(arg, scope)
    const type = this.#callType(node, scope)
    if (isFormat) this.#formats--
    return type
  }

  #callType(node: CallNode, scope: Scope): CheckedType {
    const types = node.args.map((arg) => arg.type as CheckedType)
    if (node.name === '_?._') {
      const field = node.args[1] as Extract<CelNode, { op: 'literal' }>
      node.signatures = [[DYN_TYPE, { kind: 'string' }]]
      return this.#field(types[0] as CheckedType, String(field.value), true)
    }
    if (node.name === '_&&_' || node.name === '_||_') {
      for (const type of types) this.#mustBeBool(type)
      node.signatures = [[BOOL_TYPE, BOOL_TYPE]]
      return BOOL_TYPE
    }
    const qualified = node.target && `${qualifiedName(node.target)}.${node.name}`
    if (qualified !== undefined && this.#signatures(qualified) !== undefined) {
      node.name = qualified
      node.target = undefined
    }
    const given = node.target === undefined ? types : [this.check(node.target, scope), ...types]
    const signatures = this.#signatures(node.name)
    if (signatures === undefined) throw new CelTypeFault(`undeclared reference to '${node.name}'`)
    return this.#resolve(node, signatures, given)
  }

  #signatures(name: string): readonly Signature[] | undefined {
    const { hasPatchTypes, isSelector } = this.#library
    if (name === 'jsonpatch.escapeKey' && hasPatchTypes !== true) return undefined
    return signaturesOf(name, this.#minor, isSelector)
  }

  #resolve(node: CallNode, signatures: readonly Signature[], given: readonly CheckedType[]): CheckedType {
    const fitting: (readonly CheckedType[])[] = []
    let result: CheckedType | undefined
    for (const { isMember, args, result: type } of signatures) {
      if (isMember !== (node.target !== undefined)) continue
      const [mine, ...wanted] = this.#bindings.instantiate([type, ...args]) as [CheckedType, ...CheckedType[]]
      if (!this.#bindings.areAssignable(given, wanted)) continue
      fitting.push(args)
      const found = this.#bindings.resolve(mine)
      result = result === undefined || isSame(result, found) ? (result ?? found) : DYN_TYPE
    }
    if (result === undefined) {
      const [first, ...rest] = given.map((type) => typeText(this.#bindings.resolve(type, true)))
      const types =
        node.target === undefined
          ? `(${given.length === 0 ? '' : [first, ...rest].join(', ')})`
          : `${first}.(${rest.join(', ')})`
      throw new CelTypeFault(`found no matching overload for '${node.name}' applied to '${types}'`)
    }
    node.signatures = fitting
    return result
  }

  /** The common type of items; they must have one, except in calls of `format`. */
  #itemType(items: readonly CelNode[], scope: Scope): CheckedType {
    if (this.#formats === 0) this.#alike.push(items)
    const [first, ...rest] = items.map((item) => this.check(item, scope))
    if (first === undefined) return this.#bindings.newParam()
    let joined = first
    for (const type of rest) {
      if (!this.#bindings.isAssignable(joined, type)) {
        if (this.#formats === 0) throw this.#mismatch(joined, type)
        return DYN_TYPE
      }
      joined = isAsGeneral(joined, type) ? joined : type
    }
    return joined
  }

  /** The type of a message in a policy, with its fields checked. Source: apiserver pkg/cel/mutation. */
  #message({ name, fields }: Extract<CelNode, { op: 'message' }>, scope: Scope): CheckedType {
    if (name.startsWith('google.')) throw new NotCompiled(`it makes a value of type ${name}`)
    if (this.#library.hasPatchTypes !== true || (name !== PATCH && !OBJECT.test(name)))
      throw new CelTypeFault(`undeclared reference to '${name}'`)
    for (const [field, value] of fields) {
      const given = this.check(value, scope)
      const wanted = messageField(name, field)
      if (wanted === undefined) throw new CelTypeFault(`undefined field '${field}'`)
      if (!this.#bindings.isAssignable(wanted, given))
        throw new CelTypeFault(
          `expected type of field '${field}' is '${typeText(wanted)}' but provided type is '${typeText(given)}'`,
        )
    }
    return { kind: 'struct', name }
  }

  #mustBeBool(type: CheckedType): void {
    if (!this.#bindings.isAssignable(type, BOOL_TYPE)) throw this.#mismatch(BOOL_TYPE, type)
  }

  #mismatch(expected: CheckedType, found: CheckedType): CelTypeFault {
    const [wanted, given] = [expected, found].map((type) => typeText(this.#bindings.resolve(type, true)))
    return new CelTypeFault(`expected type '${wanted}' but found '${given}'`)
  }

  #fold(node: FoldNode, outer: Scope): CheckedType {
    const range = this.#bindings.resolve(this.check(node.range, outer))
    const init = this.check(node.init, outer)
    const withResult = new Map(outer).set(node.accumulator, init)
    const inner = new Map(withResult)
    const items = this.#items(range, node.names.length)
    for (const [i, name] of node.names.entries()) inner.set(name, items[i] as CheckedType)
    this.#mustBeBool(this.check(node.condition, inner))
    const step = this.check(node.step, inner)
    if (!this.#bindings.isAssignable(init, step)) throw this.#mismatch(init, step)
    return this.#bindings.resolve(this.check(node.result, withResult))
  }

  #items(range: CheckedType, names: number): CheckedType[] {
    const [first = DYN_TYPE, second = DYN_TYPE] = paramsOf(range)
    if (range.kind === 'list') return names === 1 ? [first] : [INT_TYPE, first]
    if (range.kind === 'map') return [first, second]
    if ((range.kind !== 'dyn' || isAny(range)) && range.kind !== 'param')
      throw new CelTypeFault(
        `expression of type '${typeText(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      )
    this.#bindings.isAssignable(DYN_TYPE, range)
    return [DYN_TYPE, DYN_TYPE]
  }
}

function isSame(a: CheckedType, b: CheckedType): boolean {
  return a.kind === 'dyn' || isSameType(a, b)
}

function literalType(value: Extract<CelNode, { op: 'literal' }>['value']): CheckedType {
  if (value === null) return { kind: 'null' }
  if (typeof value === 'bigint') return INT_TYPE
  if (typeof value === 'number') return { kind: 'double' }
  if (typeof value === 'string') return { kind: 'string' }
  if (typeof value === 'boolean') return BOOL_TYPE
  return { kind: value instanceof Uint8Array ? 'bytes' : 'uint' }
}

function typeName(name: string): CheckedType {
  if (TYPES.has(name)) return TYPE
  throw new CelTypeFault(`undeclared reference to '${name}'`)
}

/** `a.b.c` as text; empty for other expressions. */
function qualifiedName(node: CelNode): string {
  if (node.op === 'name') return node.name
  if (node.op !== 'select' || node.isTest) return ''
  const before = qualifiedName(node.of)
  return before === '' ? '' : `${before}.${node.field}`
}
