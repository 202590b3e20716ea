import type { Field } from '../field.ts'

const CODE = 'CRD_FIELD'
const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string']

/** Fields a structural schema never has. Source: apiextensions validation ValidateCustomResourceDefinitionOpenAPISchema. */
const FORBIDDEN = ['definitions', 'dependencies', 'id', 'patternProperties', '$ref', 'additionalItems']

/**
 * The basics of a structural schema: an object at the root, a type at every level, items of arrays.
 * Combinations (`allOf`, `anyOf`, `oneOf`, `not`) say nothing of types and are not entered.
 * Source: apiextensions schema ValidateStructural.
 */
export function crdSchema(root: Field): void {
  const type = root.get('type')
  if (type.text !== undefined && type.text !== '' && type.text !== 'object') type.invalid(CODE, 'must be object at the root')
  if (root.get('additionalProperties').present) root.get('additionalProperties').forbidden(CODE, 'must not be used at the root')
  const open: Field[] = [root]
  // A list of open levels instead of recursion, since the nesting is the user's.
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    hasType(next, next === root ? 'at the root' : 'for specified object fields and array items')
    common(next)
    for (const [, property] of next.get('properties').entries()) open.push(property)
    for (const key of ['items', 'additionalProperties']) {
      if (typeof next.get(key).value === 'object') open.push(next.get(key))
    }
  }
}

/** Every schema has a type, or is an int-or-string, or takes anything. */
function hasType(schema: Field, where: string): void {
  const type = schema.get('type')
  const free = schema.get('x-kubernetes-int-or-string').isTrue || schema.get('x-kubernetes-preserve-unknown-fields').isTrue
  if (type.empty && !free) type.required(CODE, `must not be empty ${where}`, 'add a type, such as type: object')
}

function common(schema: Field): void {
  const type = schema.get('type')
  type.oneOf(CODE, TYPES)
  if (type.text === 'array' && !schema.get('items').present) schema.get('items').required(CODE, 'must be specified')
  if (Array.isArray(schema.get('items').value)) {
    schema.get('items').forbidden(CODE, 'items must be a schema object and not an array')
  }
  if (!schema.get('properties').empty && schema.get('additionalProperties').present) {
    schema.get('additionalProperties').forbidden(CODE, 'additionalProperties and properties are mutual exclusive')
  }
  if (schema.get('uniqueItems').isTrue) {
    schema.get('uniqueItems').forbidden(CODE, 'uniqueItems cannot be set to true, as checking it takes quadratic time')
  }
  for (const key of FORBIDDEN) if (schema.get(key).present) schema.get(key).forbidden(CODE, `${key} is not supported`)
  listType(schema)
}

function listType(schema: Field): void {
  const kind = schema.get('x-kubernetes-list-type')
  kind.oneOfStrict(CODE, ['atomic', 'map', 'set'])
  const type = schema.get('type')
  if (kind.present && !type.empty && type.text !== 'array') {
    type.invalid(CODE, 'must be array if x-kubernetes-list-type is specified')
  }
  const keys = schema.get('x-kubernetes-list-map-keys')
  if (kind.text === 'map' && keys.empty) keys.required(CODE, 'must not be empty if x-kubernetes-list-type is map')
  if (kind.text !== 'map' && !keys.empty) keys.invalid(CODE, 'must be empty if x-kubernetes-list-type is not map')
}
