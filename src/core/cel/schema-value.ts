import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { SchemaNode } from '../schema/custom/schema-node.ts'
import { parseDate, parseDateTime, parseLenientDuration } from './time.ts'
import {
  type Budget,
  CelError,
  CelList,
  CelMap,
  CelNotChecked,
  CelTimestamp,
  CelDuration,
  type Value,
} from './values.ts'

const RESERVED = new Set([
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
])

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
  if (RESERVED.has(name)) return `__${name}__`
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
    const plain = UNESCAPES.get(inner) ?? (RESERVED.has(inner) && found === escaped ? inner : undefined)
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
export const RESOURCE_FIELDS: Readonly<Record<string, SchemaNode>> = {
  apiVersion: TEXT,
  kind: TEXT,
  metadata: new SchemaNode({
    type: 'object',
    properties: { name: { type: 'string' }, generateName: { type: 'string' } },
  }),
}

/** An object or map of a custom resource, whose fields are converted by their schema when they are read. */
class ResourceMap extends CelMap {
  readonly schema: SchemaNode
  readonly isResource: boolean
  readonly #data: JsonObject
  readonly #budget: Budget
  readonly #read = new Map<string, Value | undefined>()

  constructor(data: JsonObject, schema: SchemaNode, isResource: boolean, budget: Budget) {
    super()
    this.#data = data
    this.schema = schema
    this.isResource = isResource
    this.#budget = budget
  }

  get #isObject(): boolean {
    return this.isResource || Object.keys(this.schema.properties).length > 0
  }

  get size(): number {
    return Object.keys(this.#data).length
  }

  get(key: Value): Value | undefined {
    if (typeof key !== 'string') throw new CelError('no such overload')
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
    const field = fieldSchema(this.schema, name, this.isResource)
    return field === undefined ? undefined : toCel(value, field, field.isEmbedded, this.#budget)
  }

  keys(): readonly Value[] {
    const isObjectType = this.#isObject
    const names = Object.keys(this.#data)
    this.#budget.spend(names.length)
    return names
      .filter((name) => fieldSchema(this.schema, name, this.isResource) !== undefined)
      .map((name) => (isObjectType ? (escapeName(name) ?? name) : name))
  }
}

/** The schema of a field, the fields of every resource included. */
export function fieldSchema(schema: SchemaNode, name: string, isResource: boolean): SchemaNode | undefined {
  if (isResource && Object.hasOwn(RESOURCE_FIELDS, name)) return RESOURCE_FIELDS[name]
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
      throw new CelNotChecked('it reads a field without a type')
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
  if (listType === 'map') return new CelList(values, { keys: schema.listMapKeys.map((key) => escapeName(key) ?? key) })
  return listType === 'set' ? new CelList(values, { keys: [] }) : new CelList(values)
}

function textValue(value: string, format: string): Value {
  switch (format) {
    case 'duration':
      return new CelDuration(parseLenientDuration(value) ?? fail(`Invalid duration ${value}`))
    case 'date':
      return new CelTimestamp(parseDate(value) ?? fail(`Invalid date formatted string ${value}`))
    case 'date-time':
      return new CelTimestamp(parseDateTime(value) ?? fail(`Invalid date-time formatted string ${value}`))
    case 'byte':
      throw new CelNotChecked('it reads a field of format byte')
    default:
      return value
  }
}

function fail(message: string): never {
  throw new CelError(message)
}
