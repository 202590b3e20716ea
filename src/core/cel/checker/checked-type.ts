/**
 * A type of cel-go's checker. `object` is a value of a schema; `opaque` a type of a library, such as `net.IP` and
 * `optional_type(T)`; `struct` one that cel-go treats as a message, such as `kubernetes.Quantity`; `param` a type
 * parameter.
 */
export type CheckedType =
  | { readonly kind: PlainKind; readonly isAny?: true }
  | { readonly kind: 'list' | 'map' | 'opaque'; readonly name: string; readonly params: readonly CheckedType[] }
  | { readonly kind: 'struct'; readonly name: string }
  | { readonly kind: 'object'; readonly declared: DeclaredType }
  | { readonly kind: 'param'; readonly id: number | string }

/**
 * What a schema declares of its values, from which the cost of a rule is estimated: their type in CEL, the most items,
 * entries or bytes that they can have, and the fewest bytes of JSON that they take. Parts are computed when they are
 * first asked for.
 */
export interface DeclaredType {
  readonly type: CheckedType
  /** Items of a list, entries of a map, bytes of a text; 0 for anything else. */
  readonly maxElements: bigint
  /** The fewest bytes of JSON. */
  readonly minSerializedSize: bigint
  /** The items of a list or the values of a map. */
  readonly element?: DeclaredType
  /** The keys of a map, if they have a limit of their own. */
  readonly key?: DeclaredType
  /** A field by its name in CEL; only objects have fields. */
  field(name: string): DeclaredType | undefined
}

export type PlainKind = (typeof PLAIN_KINDS)[number]

export const PLAIN_KINDS = [
  'dyn',
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'duration',
  'timestamp',
  'null',
  'type',
] as const

export const DYN_TYPE: CheckedType = { kind: 'dyn' }
/** `google.protobuf.Any`, which is like `dyn`, but no macro goes over its items. */
export const ANY_TYPE: CheckedType = { kind: 'dyn', isAny: true }

export function isAny(type: CheckedType): boolean {
  return type.kind === 'dyn' && type.isAny === true
}

export const BOOL_TYPE: CheckedType = { kind: 'bool' }
export const INT_TYPE: CheckedType = { kind: 'int' }

export function listOf(item: CheckedType): CheckedType {
  return { kind: 'list', name: 'list', params: [item] }
}

export function mapOf(key: CheckedType, value: CheckedType): CheckedType {
  return { kind: 'map', name: 'map', params: [key, value] }
}

export function optionalOf(value: CheckedType): CheckedType {
  return { kind: 'opaque', name: OPTIONAL, params: [value] }
}

const OPTIONAL = 'optional_type'

/** The type of the value of an optional; undefined for other types. */
export function unwrapOptional(type: CheckedType): CheckedType | undefined {
  return type.kind === 'opaque' && type.name === OPTIONAL ? type.params[0] : undefined
}

export function paramsOf(type: CheckedType): readonly CheckedType[] {
  return 'params' in type ? type.params : []
}

/** A type as cel-go writes it in messages. */
export function typeText(type: CheckedType): string {
  switch (type.kind) {
    case 'object':
      return 'object'
    case 'param':
      return 'dyn'
    case 'struct':
      return type.name
    case 'duration':
    case 'timestamp':
      return type.kind === 'duration' ? 'google.protobuf.Duration' : 'google.protobuf.Timestamp'
    case 'list':
    case 'map':
    case 'opaque':
      return type.params.length === 0 ? type.name : `${type.name}(${type.params.map(typeText).join(', ')})`
    default:
      return isAny(type) ? 'any' : type.kind
  }
}

export function isSameType(a: CheckedType, b: CheckedType): boolean {
  if (a === b) return true
  if (a.kind !== b.kind) return false
  if (a.kind === 'object') return b.kind === 'object' && a.declared === b.declared
  if (a.kind === 'param') return b.kind === 'param' && a.id === b.id
  if (a.kind === 'struct') return b.kind === 'struct' && a.name === b.name
  if (!('params' in a) || !('params' in b)) return isAny(a) === isAny(b)
  return (
    a.name === b.name &&
    a.params.length === b.params.length &&
    a.params.every((one, i) => isSameType(one, b.params[i] as CheckedType))
  )
}
