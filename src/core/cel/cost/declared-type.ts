import type { SchemaNode } from '../../schema/custom/schema-node.ts'
import { escapeName, withResourceFields } from '../schema-value.ts'
import { type CheckedType, type DeclaredType, DYN_TYPE, listOf, mapOf } from '../checker/checked-type.ts'

/** Bytes of the largest request that the API server takes. Source: apiserver pkg/apis/cel/config.go. */
export const MAX_REQUEST_BYTES = 3 * 1024 * 1024

/**
 * What a schema declares of its values; undefined if rules cannot see them.
 * Source: apiserver pkg/cel/common/schemas.go SchemaDeclType, pkg/cel/types.go and pkg/cel/limits.go.
 */
export function declaredType(schema: SchemaNode, isResource: boolean, minor: number): DeclaredType | undefined {
  if (schema.intOrString) {
    // Since 1.34 a maxLength counts.
    const max = minor >= 34 ? (textLimit(schema) ?? ANY_TEXT) : ANY_TEXT
    return plain(DYN_TYPE, max, 1n)
  }
  switch (schema.type) {
    case 'array':
      return schema.items && manyOf(schema.items, minor, listOf, limitOf(schema.number('maxItems')), COMMA)
    case 'object':
      return typeof schema.additional === 'object'
        ? manyOf(schema.additional, minor, mapOfTexts, limitOf(schema.number('maxProperties')), KEY_AND_COMMA)
        : new ObjectType(isResource ? withResourceFields(schema) : schema, schema, minor)
    case 'string':
      return textType(schema)
    case 'boolean':
      return plain({ kind: 'bool' }, 0n, 4n)
    case 'number':
      return plain({ kind: 'double' }, 0n, 1n)
    case 'integer':
      return plain({ kind: 'int' }, 0n, 1n)
    default:
      return undefined
  }
}

/** The most bytes of a text in a request, without its quotes. */
const ANY_TEXT = BigInt(MAX_REQUEST_BYTES) - 2n

function plain(type: CheckedType, maxElements: bigint, minSerializedSize: bigint): DeclaredType {
  return { type, maxElements, minSerializedSize, field: () => undefined }
}

/** Bytes in addition to a value: in a list, and in a map. */
const COMMA = 1n
const KEY_AND_COMMA = 6n

function mapOfTexts(values: CheckedType): CheckedType {
  return mapOf({ kind: 'string' }, values)
}

/**
 * What a schema declares of a list or map.
 * @param most the limit by the schema; undefined for as many as fit into a request
 * @param beside bytes in addition to each value
 */
function manyOf(
  values: SchemaNode,
  minor: number,
  typeOf: (element: CheckedType) => CheckedType,
  most: bigint | undefined,
  beside: bigint,
): DeclaredType | undefined {
  const element = declaredType(values, values.isEmbedded, minor)
  return (
    element && { ...plain(typeOf(element.type), most ?? ANY_TEXT / (element.minSerializedSize + beside), 2n), element }
  )
}

function textType(schema: SchemaNode): DeclaredType {
  switch (schema.format) {
    case 'byte':
      return plain({ kind: 'bytes' }, limitOf(schema.number('maxLength')) ?? ANY_TEXT, 2n)
    case 'duration':
      return plain({ kind: 'duration' }, 32n, 3n)
    case 'date':
      return plain({ kind: 'timestamp' }, 12n, 12n)
    case 'date-time':
      return plain({ kind: 'timestamp' }, 32n, 21n)
    default:
      return plain({ kind: 'string' }, textLimit(schema) ?? longest(schema) ?? ANY_TEXT, 2n)
  }
}

/** The most bytes by `maxLength`, which counts characters of up to four bytes each. */
function textLimit(schema: SchemaNode): bigint | undefined {
  const max = limitOf(schema.number('maxLength'))
  return max === undefined ? undefined : max * 4n
}

/** A limit of a schema as a size; undefined where there is none. */
export function limitOf(limit: number | undefined): bigint | undefined {
  return limit === undefined ? undefined : BigInt(Math.max(0, Math.trunc(limit)))
}

function longest(schema: SchemaNode): bigint | undefined {
  if (schema.enum.length === 0) return undefined
  const bytes = schema.enum.map((choice) => (typeof choice === 'string' ? new TextEncoder().encode(choice).length : 0))
  return BigInt(bytes.reduce((most, one) => Math.max(most, one)))
}

class ObjectType implements DeclaredType {
  readonly maxElements = 0n
  readonly type: CheckedType
  readonly #fields: SchemaNode
  readonly #schema: SchemaNode
  readonly #minor: number
  readonly #known = new Map<string, DeclaredType | undefined>()
  #names: ReadonlyMap<string, string> | undefined
  #minSize: bigint | undefined

  /** @param fields the schema of the properties: `schema` itself, or a copy with more of them */
  constructor(fields: SchemaNode, schema: SchemaNode, minor: number) {
    this.type = { kind: 'object', declared: this }
    this.#fields = fields
    this.#schema = schema
    this.#minor = minor
  }

  field(name: string): DeclaredType | undefined {
    this.#names ??= new Map(Object.keys(this.#fields.properties).map((one) => [escapeName(one) ?? '', one]))
    const property = name === '' ? undefined : this.#names.get(name)
    return property === undefined ? undefined : this.property(property)
  }

  /** A field by its name in the schema. */
  property(name: string): DeclaredType | undefined {
    if (this.#known.has(name)) return this.#known.get(name)
    const schema = this.#fields.property(name)
    const type = schema && declaredType(schema, schema.isEmbedded, this.#minor)
    this.#known.set(name, type)
    return type
  }

  /** The braces, and each required property without a default, as a default would be filled in. */
  get minSerializedSize(): bigint {
    this.#minSize ??= this.#measure()
    return this.#minSize
  }

  #measure(): bigint {
    let size = 2n
    for (const name of new Set(this.#schema.required)) {
      const type = this.property(name)
      if (type === undefined || this.#fields.property(name)?.hasDefault === true) continue
      size += BigInt(new TextEncoder().encode(name).length) + type.minSerializedSize + 4n
    }
    return size
  }
}
