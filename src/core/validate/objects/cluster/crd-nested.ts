import { isObject, type Json } from '../../../json/json.ts'
import type { Field } from '../field.ts'

const CODE = 'CRD_FIELD'

/** Alternatives that the rules leave out, because they express an int-or-string. */
interface Skipped {
  readonly skipAnyOf: boolean
  /** Whether `anyOf` of the first `allOf` may be such an alternative. */
  readonly skipFirstAllOf: boolean
}

const NONE: Skipped = { skipAnyOf: false, skipFirstAllOf: false }

/** `anyOf: [{type: integer}, {type: string}]`. */
export function isIntOrStringPair(value: Json | undefined): boolean {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    ['integer', 'string'].every((type, i) => {
      const one = value[i]
      return isObject(one) && one['type'] === type && Object.keys(one).length === 1
    })
  )
}

/** Source: apiextensions-apiserver pkg/apiserver/schema/validation.go validateValueValidation. */
export function valueValidations(schema: Field, { skipAnyOf, skipFirstAllOf }: Skipped): void {
  if (!skipAnyOf) for (const one of schema.get('anyOf').items()) nested(one, NONE)
  for (const [i, one] of schema.get('allOf').items().entries()) {
    const skip = skipFirstAllOf && i === 0 && isIntOrStringPair(one.get('anyOf').value)
    nested(one, { skipAnyOf: skip, skipFirstAllOf: false })
  }
  for (const one of schema.get('oneOf').items()) nested(one, NONE)
  if (schema.get('not').present) nested(schema.get('not'), NONE)
}

/** Keywords that only the schema itself may have, not an alternative in it, and the message for each. */
const FORBIDDEN: readonly (readonly [key: string, detail: string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
]

/** Source: apiextensions-apiserver pkg/apiserver/schema/validation.go validateNestedValueValidation. */
function nested(schema: Field, skipped: Skipped): void {
  valueValidations(schema, skipped)
  const items = schema.get('items')
  if (isObject(items.value)) nested(items, NONE)
  for (const [, property] of schema.get('properties').entries()) nested(property, NONE)
  for (const [key, detail] of FORBIDDEN) {
    const field = schema.get(key)
    if (key !== 'default' ? !isEmpty(field) : field.present) field.forbidden(CODE, detail)
  }
  const metadata = schema.get('properties', 'metadata')
  if (metadata.present) metadata.forbidden(CODE, 'must not be specified in a nested context')
}

function isEmpty(field: Field): boolean {
  // An empty map is a schema, too.
  if (isObject(field.value)) return false
  return field.empty || field.value === false
}

/**
 * Alternatives may only restrict fields and items that the schema has outside of them.
 * Source: apiextensions-apiserver pkg/apiserver/schema/complete.go validateStructuralCompleteness.
 */
export function completeness(schema: Field): void {
  for (const one of alternatives(schema)) completeIn(one, schema)
}

function* alternatives(schema: Field): Generator<Field, void> {
  if (schema.get('not').present) yield schema.get('not')
  for (const key of ['allOf', 'anyOf', 'oneOf']) yield* schema.get(key).items()
}

function completeIn(alternative: Field, schema: Field): void {
  if (!isObject(schema.value)) {
    schema.required(CODE, `because it is defined in ${pathText(alternative)}`)
    return
  }
  for (const one of alternatives(alternative)) completeIn(one, schema)
  if (isObject(alternative.get('items').value)) completeIn(alternative.get('items'), schema.get('items'))
  for (const [key, property] of alternative.get('properties').entries())
    completeIn(property, schema.get('properties', key))
}

function pathText(field: Field): string {
  return field.path
    .slice(4)
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1)
}
