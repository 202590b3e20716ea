import { type Json, type JsonObject, isObject } from '../json/json.ts'
import { emptyObject } from './prune-and-default.ts'

/** Keywords that mean the same in JSON Schema. All others are translated below, or have no part in validation. */
const SAME = [
  'format',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxProperties',
  'minProperties',
  'multipleOf',
  'required',
] as const

const LISTS = ['allOf', 'anyOf', 'oneOf'] as const

/**
 * Translates the schema of a CustomResourceDefinition (OpenAPI v3 with Kubernetes' extensions) into the JSON Schema
 * that its values must satisfy. Unknown fields and defaults are not its business (see `settle`), and rules written in
 * CEL (`x-kubernetes-validations`) cannot be checked offline.
 */
export function toJsonSchema(schema: Json | undefined): JsonObject {
  const out = emptyObject()
  if (!isObject(schema)) return out
  for (const keyword of SAME) if (schema[keyword] !== undefined) out[keyword] = schema[keyword] as Json
  translateType(schema, out)
  translateBound(schema, out, 'maximum', 'exclusiveMaximum')
  translateBound(schema, out, 'minimum', 'exclusiveMinimum')
  if (isObject(schema['items'])) out['items'] = toJsonSchema(schema['items'])
  const rest = schema['additionalProperties']
  if (isObject(rest)) out['additionalProperties'] = toJsonSchema(rest)
  if (isObject(schema['properties'])) out['properties'] = translateProperties(schema['properties'])
  for (const keyword of LISTS) {
    const list = schema[keyword]
    if (Array.isArray(list) && list.length > 0) out[keyword] = list.map(toJsonSchema)
  }
  if (isObject(schema['not'])) out['not'] = toJsonSchema(schema['not'])
  return out
}

function translateType(schema: JsonObject, out: JsonObject): void {
  const nullable = schema['nullable'] === true
  const intOrString = schema['x-kubernetes-int-or-string'] === true
  const types = intOrString ? ['integer', 'string'] : typeof schema['type'] === 'string' ? [schema['type']] : []
  if (types.length > 0) out['type'] = nullable ? [...types, 'null'] : types
  const choices = schema['enum']
  if (Array.isArray(choices) && choices.length > 0) out['enum'] = nullable ? [...choices, null] : choices
}

/** OpenAPI v3 has `exclusiveMaximum: true` beside `maximum`; JSON Schema has the bound in either. */
function translateBound(schema: JsonObject, out: JsonObject, bound: string, exclusive: string): void {
  if (typeof schema[bound] === 'number') out[schema[exclusive] === true ? exclusive : bound] = schema[bound]
}

function translateProperties(properties: JsonObject): JsonObject {
  const out = emptyObject()
  for (const key of Object.keys(properties)) out[key] = toJsonSchema(properties[key])
  return out
}
