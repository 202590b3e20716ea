import type { SchemaNode } from '../schema/custom/schema-node.ts'
import { escapeName, fieldSchema, unescapeName } from './schema-value.ts'

/** The type of an expression, as far as it is known before it is evaluated. */
export type CelStaticType =
  | {
      readonly kind:
        | 'dyn'
        | 'int'
        | 'uint'
        | 'double'
        | 'string'
        | 'bool'
        | 'bytes'
        | 'timestamp'
        | 'duration'
        | 'null'
        | 'type'
    }
  | { readonly kind: 'list' | 'optional'; readonly of: CelStaticType }
  | { readonly kind: 'map'; readonly value: CelStaticType }
  | { readonly kind: 'message'; readonly name: string }
  | { readonly kind: 'object'; readonly schema: SchemaNode; readonly isResource: boolean }

export const DYN: CelStaticType = { kind: 'dyn' }
export const BOOL: CelStaticType = { kind: 'bool' }

const OF_FORMATS: Readonly<Record<string, CelStaticType>> = {
  byte: { kind: 'bytes' },
  duration: { kind: 'duration' },
  date: { kind: 'timestamp' },
  'date-time': { kind: 'timestamp' },
}

/**
 * The type of values of a schema; undefined where rules do not see them.
 * Source: apiserver pkg/cel/common/schemas.go SchemaDeclType.
 */
export function typeOfSchema(schema: SchemaNode, isResource: boolean): CelStaticType | undefined {
  if (schema.intOrString) return DYN
  switch (schema.type) {
    case 'array': {
      const items = schema.items && typeOfSchema(schema.items, schema.items.isEmbedded)
      return items && { kind: 'list', of: items }
    }
    case 'object': {
      const { additional } = schema
      if (typeof additional !== 'object') return { kind: 'object', schema, isResource }
      const value = typeOfSchema(additional, additional.isEmbedded)
      return value && { kind: 'map', value }
    }
    case 'string':
      return Object.hasOwn(OF_FORMATS, schema.format) ? OF_FORMATS[schema.format] : { kind: 'string' }
    case 'boolean':
      return BOOL
    case 'number':
      return { kind: 'double' }
    case 'integer':
      return { kind: 'int' }
    default:
      return undefined
  }
}

/** The type of a field of an object; undefined where rules see none of the name. */
export function typeOfField(
  object: Extract<CelStaticType, { kind: 'object' }>,
  field: string,
): CelStaticType | undefined {
  const name = unescapeName(field)
  if (name === undefined || escapeName(name) !== field) return undefined
  const schema = fieldSchema(object.schema, name, object.isResource)
  return schema && typeOfSchema(schema, schema.isEmbedded)
}
