import { isEnforced } from './unenforced-required.ts'
import { scalarCheck, type ScalarCheck } from './scalars.ts'

/**
 * The type of a field: `string`, `bool`, `int32`, `int64`, `double`, `time`, `microtime`, `bytes`, `quantity`,
 * `intstr`, `any` or the name of a definition, each with `[]` (list of) or `{}` (map of) before it.
 */
export type FieldType = string

/** An object of the Kubernetes API: its fields, and which of them OpenAPI marks as required. */
export type Definition = readonly [fields: Readonly<Record<string, FieldType>>, required: readonly string[]]

/** A field's type in the form that the walk over values needs: what its text says, read once and not for each value. */
export type Shape =
  | { readonly kind: 'scalar'; readonly check: ScalarCheck }
  | { readonly kind: 'list' | 'map'; readonly item: Shape }
  /** An object; `name` is its definition's. */
  | { readonly kind: 'object'; readonly name: string }

/** What a definition asks of an object. */
export interface ObjectShape {
  readonly fields: ReadonlyMap<string, Shape>
  /** The fields without which the API server refuses it. What is in a status is never validated when it is created. */
  readonly required: readonly string[]
}

/** By types of the schemas, of which there are a few hundred: data of the program, the same in every run. */
const known = new Map<FieldType, Shape>()

function shapeOf(type: FieldType): Shape {
  const shape = known.get(type) ?? readType(type)
  known.set(type, shape)
  return shape
}

function readType(type: FieldType): Shape {
  if (type.startsWith('[]')) return { kind: 'list', item: shapeOf(type.slice(2)) }
  if (type.startsWith('{}')) return { kind: 'map', item: shapeOf(type.slice(2)) }
  const check = scalarCheck(type)
  return check === undefined ? { kind: 'object', name: type } : { kind: 'scalar', check }
}

export function objectShape(name: string, [types, required]: Definition): ObjectShape {
  const fields = new Map<string, Shape>()
  for (const field of Object.keys(types)) fields.set(field, shapeOf(types[field] as FieldType))
  return { fields, required: required.filter((field) => field !== 'status' && isEnforced(name, field)) }
}
