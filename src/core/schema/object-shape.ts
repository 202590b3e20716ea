import { enforcedIn } from './unenforced-required.ts'
import { scalarCheck, type ScalarCheck } from './scalars.ts'

/**
 * The type of a field: `string`, `bool`, `int32`, `int64`, `double`, `time`, `microtime`, `bytes`, `quantity`,
 * `intstr`, `any` or the name of a definition, each with `[]` (list of) or `{}` (map of) before it.
 */
export type FieldType = string

/** An object of the Kubernetes API: its fields, and which of them OpenAPI marks as required. */
export type Definition = readonly [fields: ReadonlyMap<string, FieldType>, required: readonly string[]]

/** A field's type, parsed once from its text for the validation of values. */
export type Shape =
  | { readonly kind: 'scalar'; readonly check: ScalarCheck }
  | { readonly kind: 'list' | 'map'; readonly item: Shape }
  /** An object; `name` is its definition's. */
  | { readonly kind: 'object'; readonly name: string }

/** What a definition requires of an object. */
export interface ObjectShape {
  readonly fields: Pick<ReadonlyMap<string, Shape>, 'get'>
  /**
   * The fields without which the API server rejects the object. `status` is not among them, as it is not validated when
   * an object is created.
   */
  readonly required: readonly string[]
}

/** Parsed types by their text, of which the schemas have a few hundred. */
const known = new Map<FieldType, Shape>()

function shapeOf(type: FieldType): Shape {
  let shape = known.get(type)
  if (shape === undefined) known.set(type, (shape = readType(type)))
  return shape
}

function readType(type: FieldType): Shape {
  if (type.startsWith('[]')) return { kind: 'list', item: shapeOf(type.slice(2)) }
  if (type.startsWith('{}')) return { kind: 'map', item: shapeOf(type.slice(2)) }
  const check = scalarCheck(type)
  return check === undefined ? { kind: 'object', name: type } : { kind: 'scalar', check }
}

/**
 * The shape of a definition. A type is parsed when its field is first looked up: objects have few of those they may.
 * @param name its name in the schema, by which its required fields are looked up
 */
export function objectShape(name: string, [types, required]: Definition): ObjectShape {
  const isEnforced = enforcedIn(name)
  return {
    fields: {
      get(field) {
        const type = types.get(field)
        return type === undefined ? undefined : shapeOf(type)
      },
    },
    required: required.filter((field) => field !== 'status' && isEnforced(field)),
  }
}
