import { getOrMake } from '../common/maps.ts'
import { RESERVED_WORDS } from './reserved-words.ts'
import { isEqual } from '../json/equality.ts'
import { emptyObject, isObject, type Json, type JsonObject } from '../json/json.ts'
import { SchemaNode } from '../schema/custom/schema-node.ts'
import { noOverload } from './operators.ts'
import { parseDate, parseDateTime, parseLenientDuration, zoneOffset } from './time.ts'
import {
  type Budget,
  CelError,
  CelList,
  CelMap,
  CelNotChecked,
  CelOpaque,
  CelTimestamp,
  CelDuration,
  fail,
  type Value,
} from './values.ts'

const ESCAPES = new Map([
  ['__', '__underscores__'],
  ['.', '__dot__'],
  ['-', '__dash__'],
  ['/', '__slash__'],
])
const UNESCAPES = new Map([...ESCAPES].map(([plain, escaped]) => [escaped.slice(2, -2), plain]))

/** The name of a property in CEL; undefined if it has none. Source: apiserver pkg/cel/escaping.go Escape. */
export function escapeName(name: string): string | undefined {
  if (name === '' || /^[0-9]/.test(name)) return undefined
  if (RESERVED_WORDS.has(name)) return `__${name}__`
  if (/[^A-Za-z0-9_.\-/]/.test(name)) return undefined
  return name.replaceAll(/__|[-./]/g, (found) => ESCAPES.get(found) as string)
}

/**
 * The property for a name in CEL; undefined if the name is not valid.
 * Source: apiserver pkg/cel/escaping.go Unescape.
 */
function unescapeName(escaped: string): string | undefined {
  let isBad = false
  const name = escaped.replaceAll(/__([^_]+)__/g, (found, inner: string) => {
    const plain = UNESCAPES.get(inner) ?? (RESERVED_WORDS.has(inner) && found === escaped ? inner : undefined)
    isBad ||= plain === undefined
    return plain ?? ''
  })
  return isBad ? undefined : name
}

const TEXT = new SchemaNode({ type: 'string' })

/**
 * The fields that every resource has, whether or not its schema has them.
 * Source: apiextensions-apiserver pkg/apiserver/schema/cel/model WithTypeAndObjectMeta.
 */
const RESOURCE_FIELDS: Readonly<Record<string, SchemaNode>> = {
  apiVersion: TEXT,
  kind: TEXT,
  metadata: new SchemaNode({
    type: 'object',
    properties: { name: { type: 'string' }, generateName: { type: 'string' } },
  }),
}

/**
 * A schema with the usual fields of a resource, unless it has them all already.
 * Source: apiextensions-apiserver pkg/apiserver/schema/cel/model WithTypeAndObjectMeta.
 */
export function withResourceFields(schema: SchemaNode): SchemaNode {
  const metadata = schema.property('metadata')
  const texts = [
    schema.property('kind'),
    schema.property('apiVersion'),
    metadata?.property('name'),
    metadata?.property('generateName'),
  ]
  if (metadata?.type === 'object' && texts.every((text) => text?.type === 'string')) return schema
  return getOrMake(extended, schema.raw, () => new SchemaNode({ ...schema.raw, properties: withUsual(schema) }))
}

/** Schemas with more fields, kept as long as the schema. */
const extended = new WeakMap<JsonObject, SchemaNode>()

function withUsual(schema: SchemaNode): JsonObject {
  const usual = Object.fromEntries(Object.entries(RESOURCE_FIELDS).map(([name, { raw }]) => [name, raw]))
  return Object.assign({ ...schema.properties }, usual)
}

/** An object or map of a custom resource, whose fields are converted by their schema when they are read. */
class ResourceMap extends CelMap {
  readonly schema: SchemaNode
  readonly #data: JsonObject
  readonly #budget: Budget
  readonly #read = new Map<string, Value | undefined>()

  constructor(data: JsonObject, schema: SchemaNode, isResource: boolean, budget: Budget) {
    super()
    this.#data = data
    this.schema = isResource ? withResourceFields(schema) : schema
    this.#budget = budget
  }

  get #isObject(): boolean {
    return Object.keys(this.schema.properties).length > 0
  }

  get size(): number {
    return Object.keys(this.#data).length
  }

  get(key: Value): Value | undefined {
    if (typeof key !== 'string') throw noOverload()
    if (this.#read.has(key)) return this.#read.get(key)
    const value = this.#find(key)
    this.#read.set(key, value)
    return value
  }

  #find(key: string): Value | undefined {
    const isObjectType = this.#isObject
    const name = isObjectType ? unescapeName(key) : key
    if (name === undefined || !Object.hasOwn(this.#data, name)) return undefined
    const value = this.#data[name] as Json
    if (isObjectType && value === null) return undefined
    const field = fieldSchema(this.schema, name)
    return field === undefined ? undefined : toCel(value, field, field.isEmbedded, this.#budget)
  }

  keys(): readonly Value[] {
    const isObjectType = this.#isObject
    const names = Object.keys(this.#data)
    this.#budget.spend(names.length)
    return names
      .filter((name) => fieldSchema(this.schema, name) !== undefined)
      .map((name) => (isObjectType ? (escapeName(name) ?? name) : name))
  }

  /** Fields without a schema are the same if the other map has none of the name, or an equal one. */
  override isHiddenEqual(other: CelMap): boolean {
    const names = Object.keys(this.#data).filter((name) => fieldSchema(this.schema, name) === undefined)
    if (names.length === 0) return true
    if (!(other instanceof ResourceMap)) throw noOverload()
    const theirs = other.#data
    return names.every((name) => !Object.hasOwn(theirs, name) || isEqual(this.#data[name], theirs[name]))
  }
}

function fieldSchema(schema: SchemaNode, name: string): SchemaNode | undefined {
  const property = schema.property(name)
  if (property !== undefined || Object.keys(schema.properties).length > 0) return property
  return typeof schema.additional === 'object' ? schema.additional : undefined
}

/**
 * Converts a value of a custom resource to one of CEL, by its schema.
 * Source: apiserver pkg/cel/common/valuesunstructured.go UnstructuredToVal.
 *
 * @param isResource whether the value has the fields of every resource
 * @throws CelError if the value does not fit the schema
 * @throws CelNotChecked if the conversion is not supported
 */
export function toCel(value: Json, schema: SchemaNode, isResource: boolean, budget: Budget): Value {
  budget.spend(1)
  if (value === null) return null
  if (schema.intOrString) {
    if (typeof value === 'string') return value
    if (typeof value === 'number') return whole(value)
    throw new CelError('invalid data, expected XIntOrString value to be either a string or integer')
  }
  switch (schema.type) {
    case 'object':
      if (isObject(value)) return new ResourceMap(value, schema, isResource, budget)
      throw invalid('a map')
    case 'array':
      if (Array.isArray(value)) return toList(value, schema, budget)
      throw invalid('an array')
    case 'string':
      if (typeof value === 'string') return textValue(value, schema.format)
      throw invalid('string')
    case 'number':
      if (typeof value === 'number') return value
      throw invalid('float')
    case 'integer':
      if (typeof value === 'number') return whole(value)
      throw invalid('int')
    case 'boolean':
      if (typeof value === 'boolean') return value
      throw invalid('bool')
    default:
      // No expression sees such a value, but lists and objects with such values may be compared.
      return new CelOpaque('unknown', value, sortedJson(value))
  }
}

/** Whole numbers beyond 2^53 have lost digits already. */
function whole(value: number): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value)
  if (Number.isInteger(value)) throw new CelNotChecked('it reads an integer past 2^53')
  throw invalid('int')
}

function invalid(expected: string): CelError {
  return new CelError(`invalid data, expected ${expected}`)
}

function toList(value: readonly Json[], schema: SchemaNode, budget: Budget): CelList {
  const { items, listType } = schema
  if (items === undefined) throw new CelError('invalid array type, expected Items with a non-empty Schema')
  const values = value.map((item) => toCel(item, items, items.isEmbedded, budget))
  const zero = items.type === 'number' ? 0 : items.format === 'duration' ? new CelDuration(0n) : 0n
  if (listType === 'map') return new CelList(values, { keys: schema.listMapKeys.map((key) => escapeName(key) ?? key) })
  return new CelList(values, listType === 'set' ? { keys: [] } : undefined, zero)
}

/** JSON with sorted keys. */
function sortedJson(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) => {
    if (!isObject(inner)) return inner
    const entries = Object.keys(inner)
      .sort()
      .map((key) => [key, inner[key] as Json] as const)
    return Object.assign(emptyObject(), Object.fromEntries(entries))
  })
}

/** The API server decodes base64 for URLs, although it validates plain base64. */
function bytesOf(value: string): Uint8Array {
  if (/[^A-Za-z0-9\-_=]/.test(value) || value.length % 4 !== 0) throw new CelError('illegal base64 data')
  try {
    return Uint8Array.from(atob(value.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
  } catch {
    throw new CelError('illegal base64 data')
  }
}

function textValue(value: string, format: string): Value {
  switch (format) {
    case 'duration':
      return new CelDuration(parseLenientDuration(value) ?? fail(`Invalid duration ${value}`))
    case 'date':
      return new CelTimestamp(parseDate(value) ?? fail(`Invalid date formatted string ${value}`))
    case 'date-time':
      return new CelTimestamp(
        parseDateTime(value) ?? fail(`Invalid date-time formatted string ${value}`),
        zoneOffset(value),
      )
    case 'byte':
      return bytesOf(value)
    default:
      return value
  }
}
