import { wordSet } from '../../../common/words.ts'
import { trimSpace } from '../../../text/trim-space.ts'
import { isObject } from '../../../json/json.ts'
import { isKnownFormat } from '../../../schema/custom/formats.ts'
import { formatFault } from '../../../schema/custom/numbers.ts'
import type { Field } from '../field.ts'
import { schemaPath } from './crd-field-path.ts'
import { listAndMapTypes } from './crd-lists.ts'
import { isSet, structuralSchema } from './crd-structural.ts'

const CODE = 'CRD_FIELD'
const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string']

/** Unsupported keywords: the first three with any value, the others unless they are empty. */
const FORBIDDEN = ['additionalItems', 'dependencies', '$ref']
const FORBIDDEN_UNLESS_EMPTY = ['id', '$schema', 'patternProperties', 'definitions']

/** The context of a schema. */
interface Surroundings {
  /** Why the schema may not have a default; undefined where it may. */
  readonly noDefault?: string
  /** Whether the schema is inside of the metadata, kind or apiVersion of a resource. */
  readonly insideMeta: boolean
  readonly isRoot: boolean
}

/**
 * Validates the schema of a version, except for patterns, defaults and CEL rules, which `definitionFindings` validates.
 * Source: apiextensions validation validateCustomResourceDefinitionValidation.
 *
 * @param hasStatus whether the version has the status subresource
 */
export function crdSchema(root: Field, hasStatus: boolean): void {
  if (hasStatus) rootWithStatus(root)
  if (root.get('nullable').isTrue) root.get('nullable').forbidden(CODE, 'nullable cannot be true at the root')
  structuralSchema(root)
  openApiSchema(root, { insideMeta: false, isRoot: true })
}

/**
 * Keywords allowed at the root of a schema with the status subresource: others would not apply where the status is
 * validated alone.
 * Source: apiextensions validation allowedFieldsAtRootSchema.
 */
const AT_ROOT_WITH_STATUS = wordSet(`
  description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems
  minItems uniqueItems multipleOf required items properties externalDocs example x-kubernetes-preserve-unknown-fields
  x-kubernetes-validations
`)

function rootWithStatus(root: Field): void {
  const type = root.get('type')
  if (!type.empty && type.text !== 'object') {
    type.invalid(
      CODE,
      'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
    )
  }
  const wrong = root.keys().find((key) => !AT_ROOT_WITH_STATUS.has(key) && isSet(root, key))
  if (wrong !== undefined)
    root.get(wrong).forbidden(CODE, 'is not allowed at the root of the schema if the status subresource is enabled')
}

/** Source: ValidateCustomResourceDefinitionOpenAPISchema. */
function openApiSchema(schema: Field, around: Surroundings): void {
  if (!isObject(schema.value)) return
  standard(schema, around)
  if (schema.get('uniqueItems').isTrue) {
    schema.get('uniqueItems').forbidden(CODE, 'uniqueItems cannot be set to true, as checking it takes quadratic time')
  }
  additionalProperties(schema, around)
  for (const [key, property] of schema.get('properties').entries())
    openApiSchema(property, aroundProperty(schema, key, around))
  const below: Surroundings = { ...around, isRoot: false }
  openApiSchema(schema.get('not'), below)
  for (const key of ['allOf', 'oneOf', 'anyOf']) for (const one of schema.get(key).items()) openApiSchema(one, below)
  openApiSchema(schema.get('items'), below)
  const preserve = schema.get('x-kubernetes-preserve-unknown-fields')
  if (preserve.value === false) preserve.invalid(CODE, 'must be true or undefined')
  listAndMapTypes(schema)
  for (const rule of schema.get('x-kubernetes-validations').items()) celRule(rule, schema)
}

function aroundProperty(schema: Field, key: string, { noDefault, insideMeta, isRoot }: Surroundings): Surroundings {
  const isMeta =
    (isRoot || schema.get('x-kubernetes-embedded-resource').isTrue) && ['metadata', 'kind', 'apiVersion'].includes(key)
  const reason = isRoot && isMeta ? `must not be set in top-level ${key}` : noDefault
  return { insideMeta: insideMeta || isMeta, isRoot: false, ...(reason !== undefined && { noDefault: reason }) }
}

function additionalProperties(schema: Field, around: Surroundings): void {
  const more = schema.get('additionalProperties')
  if (!more.present) return
  if (!schema.get('properties').empty && more.value !== true) {
    more.forbidden(CODE, 'additionalProperties and properties are mutual exclusive')
  }
  const noDefault = around.insideMeta
    ? 'must not be set inside additionalProperties applying to object metadata'
    : around.noDefault
  openApiSchema(more, { ...around, isRoot: false, ...(noDefault !== undefined && { noDefault }) })
}

/** Source: specStandardValidatorV3; pkg/apiserver/schema/convert.go validateUnsupportedFields. */
function standard(schema: Field, { noDefault, insideMeta }: Surroundings): void {
  const type = schema.get('type')
  if (type.text === 'null') type.forbidden(CODE, 'type cannot be set to null, use nullable as an alternative')
  else type.oneOf(CODE, TYPES)
  if (schema.get('default').present && noDefault !== undefined) schema.get('default').forbidden(CODE, noDefault)
  for (const key of FORBIDDEN) if (schema.get(key).present) schema.get(key).forbidden(CODE, `${key} is not supported`)
  for (const key of FORBIDDEN_UNLESS_EMPTY)
    if (!schema.get(key).empty) schema.get(key).forbidden(CODE, `${key} is not supported`)
  const items = schema.get('items')
  if (Array.isArray(items.value) && items.value.length > 0)
    items.forbidden(CODE, 'items must be a schema object and not an array')
  knownFormat(schema)
  const embedded = schema.get('x-kubernetes-embedded-resource')
  if (insideMeta && embedded.isTrue) embedded.forbidden(CODE, 'must not be used inside of resource meta')
}

/** The first minor version that warns of formats it does not know, and the first that does so for types but string. */
const FORMATS_MINOR = 34
const NUMBER_FORMATS_MINOR = 36

/**
 * A format that the API server ignores.
 * Source: apiextensions registry customresourcedefinition strategy WarningsOnCreate; formats.go GetUnrecognizedFormats.
 */
function knownFormat(schema: Field): void {
  const { minor } = schema.ctx.kubeVersion
  const format = schema.get('format')
  const { text } = format
  if (text === undefined || text === '' || minor < FORMATS_MINOR) return
  const type = schema.get('type').text ?? ''
  if (type !== 'string' && minor < NUMBER_FORMATS_MINOR) return
  const isKnown = type === '' || type === 'string' ? isKnownFormat(text, minor) : formatFault(type, text) !== ''
  if (isKnown) return
  format.report('DEPRECATED_FIELD', `unrecognized format ${JSON.stringify(text)}`, {
    hint: 'remove it: the API server does not validate it',
  })
}

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']
const LINE_BREAK = /[\n\r]/

/** Validates what needs no CEL parser in a rule. */
function celRule(field: Field, schema: Field): void {
  const [rule, message, expression] = ['rule', 'message', 'messageExpression'].map((key) => field.get(key)) as [
    Field,
    Field,
    Field,
  ]
  const [ruleText, messageText] = [rule, message].map(({ text }) => trimSpace(text ?? '')) as [string, string]
  if (ruleText === '') rule.required(CODE, 'rule is not specified')
  else if (!message.empty && messageText === '') message.invalid(CODE, 'must be non-empty if specified')
  else if (LINE_BREAK.test(messageText)) message.invalid(CODE, 'must not contain line breaks')
  else if (LINE_BREAK.test(ruleText) && messageText === '')
    message.required(CODE, 'message must be specified if rule contains line breaks')
  if (!expression.empty && expression.text !== undefined && trimSpace(expression.text) === '')
    expression.required(CODE, 'messageExpression must be non-empty if specified')
  field.get('reason').oneOfStrict(CODE, REASONS)
  fieldPath(field.get('fieldPath'), schema)
}

function fieldPath(field: Field, schema: Field): void {
  const { text } = field
  if (text === undefined || text === '') return
  if (trimSpace(text) === '') field.invalid(CODE, 'must be non-empty if specified')
  if (LINE_BREAK.test(text)) field.invalid(CODE, 'must not contain line breaks')
  if ('fault' in schemaPath(text, schema)) field.invalid(CODE, 'must be a valid path')
}
