import { isObject } from '../../../json/json.ts'
import type { Field } from '../field.ts'

const CODE = 'CRD_FIELD'
const LIST_TYPE = 'x-kubernetes-list-type'
const MAP_TYPE = 'x-kubernetes-map-type'
const KEYS = 'x-kubernetes-list-map-keys'

/**
 * The rules of `x-kubernetes-list-type`, `x-kubernetes-list-map-keys` and `x-kubernetes-map-type`.
 * Source: apiextensions validation ValidateCustomResourceDefinitionOpenAPISchema, validateMapListKeysMapSet.
 */
export function listAndMapTypes(schema: Field): void {
  typeFor(schema, MAP_TYPE, 'object')
  schema.get(MAP_TYPE).oneOfStrict(CODE, ['atomic', 'granular'])
  const list = schema.get(LIST_TYPE)
  if (typeFor(schema, LIST_TYPE, 'array') && list.text === 'set') atomicItems(schema.get('items'))
  list.oneOfStrict(CODE, ['atomic', 'set', 'map'])
  if (!schema.get(KEYS).empty && list.text !== 'map') {
    const detail = `must be map if ${KEYS} is non-empty`
    if (list.present) list.invalid(CODE, detail)
    else list.required(CODE, detail)
  }
  if (list.text === 'map') mapList(schema)
  if ((list.text === 'map' || list.text === 'set') && schema.get('items', 'nullable').isTrue) {
    schema.get('items', 'nullable').forbidden(CODE, `cannot be nullable when ${LIST_TYPE} is ${list.text}`)
  }
}

/** True if a schema has the type that an extension requires, or does not have the extension; reports it otherwise. */
function typeFor(schema: Field, extension: string, wanted: string): boolean {
  const type = schema.get('type')
  if (!schema.get(extension).present || type.text === wanted) return true
  const detail = `must be ${wanted} if ${extension} is specified`
  if (type.empty) type.required(CODE, detail)
  else type.invalid(CODE, detail)
  return false
}

function atomicItems(items: Field): void {
  const detail = `must be atomic as item of a list with ${LIST_TYPE}=set`
  const { text } = items.get('type')
  const list = items.get(LIST_TYPE)
  if (text === 'array' && list.present && list.text !== 'atomic') list.invalid(CODE, detail)
  const map = items.get(MAP_TYPE)
  if (text === 'object' && map.text !== 'atomic') map.invalid(CODE, detail, { shown: map.value ?? '' })
}

function mapList(schema: Field): void {
  const keys = schema.get(KEYS)
  if (keys.empty) keys.required(CODE, `must not be empty if ${LIST_TYPE} is map`)
  const items = schema.get('items')
  if (!items.present) items.required(CODE, `must have a schema if ${LIST_TYPE} is map`)
  if (!isObject(items.value)) return
  const type = items.get('type')
  if (type.text !== 'object') {
    type.invalid(CODE, `must be object if parent array's ${LIST_TYPE} is map`, { shown: type.value ?? '' })
    return
  }
  const required = new Set(
    items
      .get('required')
      .items()
      .map(({ text }) => text),
  )
  const seen = new Set<string>()
  for (const { text: key } of keys.items()) {
    if (key === undefined) continue
    if (seen.has(key)) keys.invalid(CODE, 'must not contain duplicate entries')
    seen.add(key)
    mapKey(keys, items.get('properties', key), required.has(key))
  }
}

function mapKey(keys: Field, property: Field, isRequired: boolean): void {
  if (!property.present) return keys.invalid(CODE, 'entries must all be names of item properties')
  const type = property.get('type')
  if (type.text === 'array' || type.text === 'object') {
    type.invalid(CODE, `must be a scalar type if parent array's ${LIST_TYPE} is map`)
  }
  if (!isRequired && !property.get('default').present) {
    property
      .get('default')
      .required(CODE, `this property is in ${KEYS}, so it must have a default or be a required property`)
  }
  if (property.get('nullable').isTrue) {
    property.get('nullable').forbidden(CODE, `this property is in ${KEYS}, so it cannot be nullable`)
  }
}
