import { wordSet } from '../../../common/words.ts'
import { isObject } from '../../../json/json.ts'
import type { Field } from '../field.ts'
import { completeness, isIntOrStringPair, valueValidations } from './crd-nested.ts'

const CODE = 'CRD_FIELD'

/** Where a schema is: at the root of a version, as items of a list, or as a field. */
export type Level = 'root' | 'item' | 'field'

const NO_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

/**
 * The rules of a structural schema: a type at every level, and alternatives (`anyOf` and the like) that only restrict
 * values of fields which the schema has outside of them.
 * Source: apiextensions-apiserver pkg/apiserver/schema/validation.go and complete.go ValidateStructural.
 */
export function structuralSchema(schema: Field, level: Level = 'root'): void {
  const items = schema.get('items')
  // Go reads a value that is neither a schema nor a list as no schema; a list of schemas is forbidden elsewhere.
  const isNone = !isObject(items.value) && items.items().length === 0
  if (schema.get('type').text === 'array' && isNone) items.required(CODE, 'must be specified')
  if (isObject(items.value)) structuralSchema(items, 'item')
  for (const [, property] of schema.get('properties').entries()) structuralSchema(property, 'field')
  additionalProperties(schema, level)
  extensions(schema)
  types(schema, level)
  valueValidations(schema, { skipAnyOf: isIntOrStringPair(schema.get('anyOf').value), skipFirstAllOf: true })
  resourceFields(schema, level)
  if (level === 'root') completeness(schema)
}

function additionalProperties(schema: Field, level: Level): void {
  const more = schema.get('additionalProperties')
  if (!more.present) return
  if (level === 'root') more.forbidden(CODE, 'must not be used at the root')
  if (schema.get(EMBEDDED).isTrue) more.forbidden(CODE, `must not be used if ${EMBEDDED} is set`)
  if (isObject(more.value)) structuralSchema(more, 'field')
}

const EMBEDDED = 'x-kubernetes-embedded-resource'
const PRESERVE = 'x-kubernetes-preserve-unknown-fields'
const INT_OR_STRING = 'x-kubernetes-int-or-string'

function extensions(schema: Field): void {
  if (!schema.get(INT_OR_STRING).isTrue) return
  for (const key of [PRESERVE, EMBEDDED]) {
    if (schema.get(key).isTrue) schema.get(key).invalid(CODE, `must be false if ${INT_OR_STRING} is true`)
  }
}

function types(schema: Field, level: Level): void {
  const type = schema.get('type')
  const isEmbedded = schema.get(EMBEDDED).isTrue
  if (isEmbedded && type.text !== 'object') {
    const detail = `must be object if ${EMBEDDED} is true`
    if (type.empty) type.required(CODE, detail)
    else type.invalid(CODE, detail)
  } else if (
    type.empty &&
    !schema.get(INT_OR_STRING).isTrue &&
    !schema.get(PRESERVE).isTrue &&
    !schema.get('$ref').present
  ) {
    type.required(CODE, NO_TYPE[level], 'add a type, such as type: object')
  }
  if (level === 'root' && !type.empty && type.text !== 'object') type.invalid(CODE, 'must be object at the root')
  if (isEmbedded && !schema.get(PRESERVE).isTrue && schema.get('properties').empty) {
    schema.get('properties').required(CODE, `must not be empty if ${EMBEDDED} is true without ${PRESERVE}`)
  }
}

/** apiVersion, kind and metadata of a resource, at the root and where one is embedded. */
function resourceFields(schema: Field, level: Level): void {
  const properties = schema.get('properties')
  const isResource = level === 'root' || schema.get(EMBEDDED).isTrue
  if (!isResource) return
  for (const key of ['kind', 'apiVersion']) {
    const type = properties.get(key, 'type')
    if (properties.get(key).present && type.text !== 'string')
      type.invalid(CODE, 'must be string', { shown: type.value ?? '' })
  }
  const metadata = properties.get('metadata')
  if (!metadata.present) return
  const type = metadata.get('type')
  if (type.text !== 'object') type.invalid(CODE, 'must be object', { shown: type.value ?? '' })
  if (level === 'root' && saysMore(metadata)) {
    metadata.forbidden(
      CODE,
      'must not specify anything other than name and generateName, but metadata is implicitly specified',
    )
  }
}

/** Keywords that the schema of metadata may have here; its default is forbidden by another rule. */
const OF_METADATA: ReadonlySet<string> = new Set(['type', 'properties', 'default'])
const OF_NAME: ReadonlySet<string> = new Set(['name', 'generateName'])
/** Lists of a structural schema that are the same empty as absent. */
const COPIED: ReadonlySet<string> = new Set(['enum', 'allOf', 'anyOf', 'oneOf'])

function saysMore(metadata: Field): boolean {
  const properties = metadata.get('properties').keys()
  return (
    metadata.keys().some((key) => {
      const { empty } = metadata.get(key)
      return !OF_METADATA.has(key) && !(COPIED.has(key) && empty) && isSet(metadata, key)
    }) || properties.some((key) => !OF_NAME.has(key))
  )
}

/** Keywords whose empty value counts as absent in Go: those that are neither pointers nor lists nor maps. */
const PLAIN = wordSet(`
  id $schema description type format title exclusiveMaximum exclusiveMinimum pattern uniqueItems nullable
  x-kubernetes-embedded-resource x-kubernetes-int-or-string
`)

/**
 * Whether a schema sets a keyword: an empty list or map is set, and so is a zero that is a pointer in Go, such as
 * `minLength: 0`.
 * Source: apiextensions types_jsonschema.go JSONSchemaProps.
 */
export function isSet(schema: Field, key: string): boolean {
  const { value, empty } = schema.get(key)
  if (value === undefined) return false
  return !PLAIN.has(key) || !(empty || value === false)
}
