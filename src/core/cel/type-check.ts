import { isFunction } from './functions.ts'
import { MACROS } from './macros.ts'
import type { Expr } from './parse.ts'
import { BOOL, type CelStaticType, DYN, typeOfField } from './types.ts'

/** What the API server does not compile, told without doubt. */
export class CelTypeFault extends Error {}

export type TypeScope = ReadonlyMap<string, CelStaticType>

const NUMBERS: ReadonlySet<string> = new Set(['int', 'uint', 'double'])
const PLAIN: ReadonlySet<string> = new Set(['int', 'uint', 'double', 'string', 'bool', 'bytes'])

/**
 * The type of an expression. Only faults that cel-go's checker finds, too, are reported: names, fields and functions that
 * do not exist, and operands that do not go together. Where a type is not known for sure, everything goes.
 * Source: cel-go checker/checker.go.
 *
 * @param minor of Kubernetes: functions came with versions
 * @throws CelTypeFault
 */
export function typeOf(expr: Expr, scope: TypeScope, minor: number): CelStaticType {
  const of = (inner: Expr): CelStaticType => typeOf(inner, scope, minor)
  switch (expr.op) {
    case 'literal':
      return literalType(expr.value)
    case 'name':
      return nameType(expr.name, scope)
    case 'select':
      return selectType(expr, scope, minor)
    case 'index':
      return indexType(of(expr.of), of(expr.key), expr.optional)
    case 'call':
      return callType(expr, scope, minor)
    case 'list': {
      const [first = DYN, ...rest] = expr.items.map(of)
      const mixed = rest.find((one) => differ(first, one))
      if (mixed !== undefined) throw new CelTypeFault(`expected type '${first.kind}' but found '${mixed.kind}'`)
      return { kind: 'list', of: first }
    }
    case 'map':
      for (const entry of expr.entries) for (const part of entry) of(part)
      // The types of its keys are not distinguished.
      return DYN
    case 'if': {
      mustBeBool(of(expr.test), '_?_:_')
      const [yes, no] = [of(expr.yes), of(expr.no)]
      if (differ(yes, no)) throw noOverload('_?_:_', [BOOL, yes, no])
      return yes.kind === 'dyn' || yes.kind === 'null' ? no : yes
    }
    case '&&':
    case '||':
      for (const side of [expr.left, expr.right]) mustBeBool(of(side), `_${expr.op}_`)
      return BOOL
    case 'not':
      mustBeBool(of(expr.of), '!_')
      return BOOL
    case 'negate':
      return of(expr.of)
    case 'message':
      return messageType(expr, of)
    default:
      return operatorType(expr.op, of(expr.left), of(expr.right))
  }
}

/** Fields of the one type that is known; those of `Object{...}` are checked when an object comes, as in the API server. */
const PATCH_FIELDS: ReadonlyMap<string, CelStaticType> = new Map([
  ['op', { kind: 'string' }],
  ['path', { kind: 'string' }],
  ['from', { kind: 'string' }],
  ['value', DYN],
])

/** Source: apiserver pkg/cel/mutation/jsonpatch.go and dynamic/objects.go. */
function messageType(
  { type, fields }: Extract<Expr, { op: 'message' }>,
  of: (expr: Expr) => CelStaticType,
): CelStaticType {
  if (type !== 'JSONPatch' && !/^(?:Object|google)(?:\.|$)/.test(type))
    throw new CelTypeFault(`undeclared reference to '${type}'`)
  for (const [field, value] of fields) {
    const given = of(value)
    if (type !== 'JSONPatch') continue
    const wanted = PATCH_FIELDS.get(field)
    if (wanted === undefined) throw new CelTypeFault(`undefined field '${field}'`)
    if (differ(wanted, given))
      throw new CelTypeFault(
        `expected type of field '${field}' is '${wanted.kind}' but provided type is '${given.kind}'`,
      )
  }
  return type.startsWith('google') ? DYN : { kind: 'message', name: type }
}

function literalType(value: Extract<Expr, { op: 'literal' }>['value']): CelStaticType {
  if (value === null) return { kind: 'null' }
  if (typeof value === 'bigint') return { kind: 'int' }
  if (typeof value === 'number') return { kind: 'double' }
  if (typeof value === 'string') return { kind: 'string' }
  if (typeof value === 'boolean') return BOOL
  return { kind: value instanceof Uint8Array ? 'bytes' : 'uint' }
}

const TYPE_NAMES: ReadonlySet<string> = new Set([
  'int',
  'uint',
  'double',
  'bool',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
  'optional_type',
])
/** Where qualified names of types and functions begin. */
const ROOTS: ReadonlySet<string> = new Set([
  'google',
  'kubernetes',
  'net',
  'ip',
  'format',
  'sets',
  'optional',
  'lists',
  'strings',
  'math',
  'jsonpatch',
])

function nameType(name: string, scope: TypeScope): CelStaticType {
  const type = scope.get(name)
  if (type !== undefined) return type
  if (TYPE_NAMES.has(name)) return { kind: 'type' }
  throw new CelTypeFault(`undeclared reference to '${name}'`)
}

function rootOf(expr: Expr): string | undefined {
  if (expr.op === 'name') return expr.name
  return expr.op === 'select' ? rootOf(expr.of) : undefined
}

function isQualified(expr: Expr, scope: TypeScope): boolean {
  const root = rootOf(expr)
  return root !== undefined && !scope.has(root) && ROOTS.has(root)
}

function selectType(expr: Extract<Expr, { op: 'select' }>, scope: TypeScope, minor: number): CelStaticType {
  if (isQualified(expr.of, scope)) return DYN
  const of = typeOf(expr.of, scope, minor)
  const inner = of.kind === 'optional' ? of.of : of
  const field = fieldType(inner, expr.field)
  if (expr.has) return BOOL
  return of.kind === 'optional' || expr.optional ? { kind: 'optional', of: field } : field
}

function fieldType(of: CelStaticType, field: string): CelStaticType {
  if (of.kind === 'dyn' || of.kind === 'optional' || of.kind === 'type') return DYN
  if (of.kind === 'map') return of.value
  if (of.kind !== 'object') throw new CelTypeFault(`type '${of.kind}' does not support field selection`)
  const type = typeOfField(of, field)
  if (type === undefined) throw new CelTypeFault(`undefined field '${field}'`)
  return type
}

function indexType(of: CelStaticType, key: CelStaticType, optional: boolean): CelStaticType {
  const inner = of.kind === 'optional' ? of.of : of
  const found = inner.kind === 'list' ? inner.of : inner.kind === 'map' ? inner.value : DYN
  const isList = inner.kind === 'list' && PLAIN.has(key.kind) && !NUMBERS.has(key.kind)
  if (PLAIN.has(inner.kind) || isList) throw noOverload('_[_]', [of, key])
  return of.kind === 'optional' || optional ? { kind: 'optional', of: found } : found
}

/** True where both are known, and are not the same. */
function differ(a: CelStaticType, b: CelStaticType): boolean {
  return PLAIN.has(a.kind) && PLAIN.has(b.kind) && a.kind !== b.kind
}

function mustBeBool(type: CelStaticType, operator: string): void {
  if (type.kind !== 'bool' && type.kind !== 'dyn' && type.kind !== 'optional') throw noOverload(operator, [type])
}

function noOverload(name: string, types: readonly CelStaticType[]): CelTypeFault {
  return new CelTypeFault(
    `found no matching overload for '${name}' applied to '(${types.map(({ kind }) => kind).join(', ')})'`,
  )
}

function operatorType(op: string, a: CelStaticType, b: CelStaticType): CelStaticType {
  switch (op) {
    case '==':
    case '!=':
      if (differ(a, b)) throw noOverload(`_${op}_`, [a, b])
      return BOOL
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (differ(a, b) && !(NUMBERS.has(a.kind) && NUMBERS.has(b.kind))) throw noOverload(`_${op}_`, [a, b])
      return BOOL
    case 'in':
      if (PLAIN.has(b.kind) || (b.kind === 'list' && differ(a, b.of))) throw noOverload('@in', [a, b])
      return BOOL
    default:
      if (differ(a, b) || (op !== '+' && [a, b].some(({ kind }) => kind === 'string' || kind === 'bool')))
        throw noOverload(`_${op}_`, [a, b])
      return PLAIN.has(a.kind) && a.kind === b.kind ? a : DYN
  }
}

/** Minor versions with which functions and macros came; others are as old as rules. Source: environment/base.go. */
const SINCE: ReadonlyMap<string, number> = new Map([
  ...['ip', 'isIP', 'cidr', 'isCIDR', '.family', '.containsIP', '.containsCIDR', '.prefixLength', '.masked'].map(
    (name) => [name, 30] as const,
  ),
  ...['semver', 'isSemver', '.major', '.minor', '.patch'].map((name) => [name, 33] as const),
  ...['.slice', '.flatten', '.distinct', '.reverse', '.sort', 'lists.range', '.first', '.last', 'sortBy/2'].map(
    (name) => [name, 34] as const,
  ),
  ...['all/3', 'exists/3', 'existsOne/3', 'transformList/3', 'transformList/4', 'transformMap/3', 'transformMap/4'].map(
    (name) => [name, 32] as const,
  ),
  ['.validate', 31],
  ['.includes', 37],
])

const TEXT_ONLY: ReadonlySet<string> = new Set([
  'contains',
  'startsWith',
  'endsWith',
  'matches',
  'find',
  'findAll',
  'charAt',
  'substring',
  'lowerAscii',
  'upperAscii',
  'trim',
  'replace',
  'split',
  'format',
])

const RESULTS: Readonly<Record<string, CelStaticType>> = {
  size: { kind: 'int' },
  int: { kind: 'int' },
  uint: { kind: 'uint' },
  double: { kind: 'double' },
  string: { kind: 'string' },
  bool: BOOL,
  duration: { kind: 'duration' },
  timestamp: { kind: 'timestamp' },
  bytes: { kind: 'bytes' },
  contains: BOOL,
  startsWith: BOOL,
  endsWith: BOOL,
  matches: BOOL,
  find: { kind: 'string' },
  charAt: { kind: 'string' },
  substring: { kind: 'string' },
  lowerAscii: { kind: 'string' },
  upperAscii: { kind: 'string' },
  trim: { kind: 'string' },
  replace: { kind: 'string' },
  escapeKey: { kind: 'string' },
  isSorted: BOOL,
  isIP: BOOL,
  isCIDR: BOOL,
  isURL: BOOL,
  isQuantity: BOOL,
  isGreaterThan: BOOL,
  isLessThan: BOOL,
  compareTo: { kind: 'int' },
  hasValue: BOOL,
  isInteger: BOOL,
  containsIP: BOOL,
  containsCIDR: BOOL,
  indexOf: { kind: 'int' },
  lastIndexOf: { kind: 'int' },
  type: { kind: 'type' },
  split: { kind: 'list', of: { kind: 'string' } },
  join: { kind: 'string' },
}

function callType(expr: Extract<Expr, { op: 'call' }>, scope: TypeScope, minor: number): CelStaticType {
  const { name, target, args } = expr
  if (target === undefined) {
    if (name === 'has') throw new CelTypeFault('invalid argument to has() macro')
    return functionType(name, name, undefined, args, scope, minor)
  }
  if (isQualified(target, scope) && target.op === 'name') {
    return functionType(name, `${target.name}.${name}`, undefined, args, scope, minor)
  }
  if (MACROS.has(`${name}/${args.length}`) && (SINCE.get(`${name}/${args.length}`) ?? 0) <= minor) {
    return macroType(name, typeOf(target, scope, minor), args, scope, minor)
  }
  return functionType(name, `.${name}`, typeOf(target, scope, minor), args, scope, minor)
}

function functionType(
  name: string,
  key: string,
  receiver: CelStaticType | undefined,
  args: readonly Expr[],
  scope: TypeScope,
  minor: number,
): CelStaticType {
  if (!isFunction(key) || (SINCE.get(key) ?? 0) > minor) throw new CelTypeFault(`undeclared reference to '${name}'`)
  const types = args.map((arg) => typeOf(arg, scope, minor))
  if (receiver !== undefined && TEXT_ONLY.has(name) && isKnown(receiver) && receiver.kind !== 'string')
    throw noOverload(name, [receiver, ...types])
  const measured = name === 'size' ? (receiver ?? types[0]) : undefined
  if (measured !== undefined && (NUMBERS.has(measured.kind) || measured.kind === 'bool'))
    throw noOverload(name, [measured])
  if (key === 'dyn') return DYN
  return Object.hasOwn(RESULTS, name) ? (RESULTS[name] as CelStaticType) : DYN
}

function isKnown({ kind }: CelStaticType): boolean {
  return kind !== 'dyn' && kind !== 'optional' && kind !== 'type'
}

function macroType(
  name: string,
  range: CelStaticType,
  args: readonly Expr[],
  scope: TypeScope,
  minor: number,
): CelStaticType {
  const names = args.slice(0, name.startsWith('transform') || isTwoNamed(name, args) ? 2 : 1)
  const inner = new Map(scope)
  if (name.startsWith('opt')) {
    inner.set(nameOf(names[0]), range.kind === 'optional' ? range.of : DYN)
    const mapped = typeOf(args[1] as Expr, inner, minor)
    return name === 'optMap' ? { kind: 'optional', of: mapped } : mapped
  }
  if (range.kind === 'object' || PLAIN.has(range.kind)) {
    throw new CelTypeFault(
      `expression of type '${range.kind}' cannot be range of a comprehension (must be list, map, or dynamic)`,
    )
  }
  const item = itemTypes(range, names.length)
  for (const [i, one] of names.entries()) inner.set(nameOf(one), item[i] as CelStaticType)
  const bodies = args.slice(names.length).map((arg) => typeOf(arg, inner, minor))
  const isTest = /^(?:all|exists|filter)/.test(name)
  for (const [i, body] of bodies.entries()) if (isTest || i < bodies.length - 1) mustBeBool(body, name)
  if (name.startsWith('transformMap')) return { kind: 'map', value: DYN }
  if (name === 'filter') return { kind: 'list', of: item[0] as CelStaticType }
  if (isTest) return BOOL
  return { kind: 'list', of: name === 'sortBy' ? (item[0] as CelStaticType) : (bodies.at(-1) ?? DYN) }
}

function isTwoNamed(name: string, args: readonly Expr[]): boolean {
  return args.length === 3 && /^(?:all|exists|existsOne)$/.test(name)
}

function itemTypes(range: CelStaticType, names: number): CelStaticType[] {
  const key: CelStaticType = range.kind === 'map' ? { kind: 'string' } : DYN
  const value = range.kind === 'list' ? range.of : range.kind === 'map' ? range.value : DYN
  if (names === 1) return [range.kind === 'list' ? value : key]
  return [range.kind === 'list' ? { kind: 'int' } : key, value]
}

function nameOf(expr: Expr | undefined): string {
  if (expr?.op === 'name') return expr.name
  throw new CelTypeFault('argument must be a simple name')
}
