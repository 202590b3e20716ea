import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import { isEqual } from '../../json/equality.ts'
import { isObject, type Json, type JsonObject } from '../../json/json.ts'
import { LIMITS } from '../../common/limits.ts'
import type { PatternResult } from '../../common/re2.ts'
import type { Finding } from '../../diagnostics/finding.ts'
import { describe, wrongType } from '../scalars.ts'
import { isKnownFormat, matchesFormat } from './formats.ts'
import { formatFault, numberFaults } from './numbers.ts'
import type { SchemaNode } from './schema-node.ts'

/** The state of validating a value by a schema. */
export interface ValueCheck {
  /** The minor version of Kubernetes. */
  readonly minor: number
  readonly compilePattern: (source: string) => PatternResult
  readonly findings: Finding[]
  readonly path: (string | number)[]
  /**
   * Whether something was found after which the API server evaluates no rules in CEL: a wrong type, a missing or
   * unsupported value, or too much of something.
   * Source: pkg/registry/customresource/strategy.go hasBlockingErr.
   */
  blocked: boolean
  /**
   * The steps left of `VALUE_WORK`; if negative, validation has ended early. Shared by all alternatives tried on an
   * object.
   */
  readonly work: { left: number }
}

/**
 * The steps that validating the values of one object may take. A step is the work of a pattern on one character; ten
 * million can take a second. Real objects take some thousands, but thousands of alternatives over long texts take more.
 */
export const VALUE_WORK = 30_000_000
/** The steps for one value and one level of its schema. */
const LOOK = 20

/**
 * Validates a value by a schema like kube-openapi, whose quirks are kept: a list is valid where a string with a format
 * is required, and whole numbers are compared with the whole part of a bound.
 * Source: k8s.io/kube-openapi pkg/validation/validate schema.go, type.go, validator.go, object_validator.go,
 * slice_validator.go, schema_props.go; formats that the API server does not know are ignored (apiextensions
 * pkg/apiserver/validation/formats.go StripUnsupportedFormatsPostProcess).
 */
export function validateValue(check: ValueCheck, schema: SchemaNode, value: Json): void {
  check.work.left -= LOOK + (typeof value === 'string' ? value.length >> 2 : 0)
  if (check.path.length > MAX_DEPTH || check.work.left < 0) return
  if (value === null) {
    if (schema.types.length > 0 && !schema.nullable)
      report(check, 'FIELD_TYPE', `expected ${typeWords(schema)}, got null`, true)
    return validateEnum(check, schema, value)
  }
  const format = effectiveFormat(schema, check.minor)
  // A value of a wrong type is not validated further.
  if (!validateType(check, schema, format, value)) return
  validateAlternatives(check, schema, value)
  if (typeof value === 'string') validateText(check, schema, format, value)
  else if (typeof value === 'number')
    for (const fault of numberFaults(schema, format, value, check.minor))
      report(check, 'FIELD_RULE', `${fault}, got ${value}`)
  else if (Array.isArray(value)) validateList(check, schema, value)
  validateEnum(check, schema, value)
  if (isObject(value)) validateMap(check, schema, value)
}

/** No real schema is nested as deep; the bound keeps a hostile one from exhausting the stack. */
const MAX_DEPTH = 1000

function report(check: ValueCheck, code: DiagnosticCode, message: string, blocks = false, hint?: string): void {
  check.findings.push({ code, path: [...check.path], message, hint })
  check.blocked ||= blocks
}

/** The format that applies: one that the API server knows for the type. Numbers have formats since 1.36. */
function effectiveFormat(schema: SchemaNode, minor: number): string {
  const { format, types } = schema
  if (format === '') return ''
  const type = types.length === 1 ? types[0] : ''
  if (type === '' || type === 'string') return isKnownFormat(format, minor) ? format : ''
  return minor >= 36 ? formatFault(type as string, format) : ''
}

function validateType(check: ValueCheck, schema: SchemaNode, format: string, value: Exclude<Json, null>): boolean {
  const { types } = schema
  if (types.length === 0 && format === '') return true
  const is = typeOf(value)
  const fits = types.includes(is) || (is === 'integer' && types.includes('number'))
  const numeric = types.includes('number') || types.includes('integer')
  const asText = is === 'string' || is === 'array'
  if (fits || (format !== '' && !numeric && asText)) return true
  const expected = typeWords(schema)
  check.findings.push({ ...wrongType(expected === '' ? format : expected, value), path: [...check.path] })
  check.blocked = true
  return false
}

function typeOf(value: Exclude<Json, null>): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return isWhole(value) ? 'integer' : 'number'
  return typeof value
}

/** True for a number that Go decodes as an int64; larger ones become a float64. */
function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= 2 ** 63
}

const TYPE_WORDS: Readonly<Record<string, string>> = { object: 'map', array: 'list' }

function typeWords(schema: SchemaNode): string {
  return schema.types.map((type) => (Object.hasOwn(TYPE_WORDS, type) ? TYPE_WORDS[type] : type)).join(' or ')
}

function validateText(check: ValueCheck, schema: SchemaNode, format: string, value: string): void {
  const fault = textFault(check, schema, value)
  if (fault !== undefined) report(check, 'FIELD_RULE', fault.message, fault.blocks)
  if (format !== '' && !matchesFormat(format, value, check.minor))
    report(check, 'FIELD_RULE', `must match format ${JSON.stringify(format)}, got ${describe(value)}`, true)
}

function textFault(
  { compilePattern, work }: ValueCheck,
  schema: SchemaNode,
  value: string,
): { message: string; blocks: boolean } | undefined {
  const [most, least] = [schema.number('maxLength'), schema.number('minLength')]
  const got = `got ${describe(value)}`
  if (most !== undefined && runeCount(value) > most)
    return { message: `must be at most ${most} characters long, ${got}`, blocks: true }
  if (least !== undefined && runeCount(value) < least)
    return { message: `must be at least ${least} characters long, ${got}`, blocks: false }
  if (schema.pattern === '') return undefined
  const pattern = compilePattern(schema.pattern)
  // An invalid pattern is reported where the definition is validated.
  if ('problem' in pattern || value.length > pattern.maxLength) return undefined
  work.left -= Math.ceil((LIMITS.patternWork.value * value.length) / Math.max(1, pattern.maxLength))
  if (work.left < 0 || pattern.test(value)) return undefined
  return { message: `must match the pattern ${schema.pattern}, ${got}`, blocks: false }
}

function runeCount(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

function validateList(check: ValueCheck, schema: SchemaNode, value: readonly Json[]): void {
  const { items } = schema
  if (items !== undefined) for (let i = 0; i < value.length; i++) below(check, i, items, value[i] as Json)
  const [least, most] = [schema.number('minItems'), schema.number('maxItems')]
  if (least !== undefined && value.length < least)
    report(check, 'FIELD_RULE', `must have at least ${plural(least, 'item')}, got ${value.length}`)
  if (most !== undefined && value.length > most)
    report(check, 'FIELD_RULE', `must have at most ${plural(most, 'item')}, got ${value.length}`, true)
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function validateEnum(check: ValueCheck, schema: SchemaNode, value: Json): void {
  const choices = schema.enum
  if (choices.length === 0 || (value !== null && choices.some((choice) => isChoice(choice, value)))) return
  const allowed = choices
    .slice(0, MAX_CHOICES)
    .map((choice) => JSON.stringify(choice))
    .join(', ')
  const more = choices.length > MAX_CHOICES ? ` and ${choices.length - MAX_CHOICES} more` : ''
  report(check, 'FIELD_RULE', `expected one of ${allowed}${more}, got ${describe(value)}`, true)
}

/**
 * Whether a value is a choice of an enumeration after its conversion to the choice's type: a fraction is cut off for a
 * whole number, and an integer is the text with that code point.
 * Source: kube-openapi pkg/validation/validate basicCommonValidator; Go reflect Value.Convert.
 */
function isChoice(choice: Json, value: Json): boolean {
  if (isEqual(choice, value)) return true
  if (typeof value !== 'number') return false
  if (typeof choice === 'number') return isWhole(choice) && Math.trunc(value) === choice
  return typeof choice === 'string' && isWhole(value) && choice === textOfCodePoint(value)
}

function textOfCodePoint(value: number): string {
  const isScalar = value >= 0 && value <= 0x10_ff_ff && !(value >= 0xd8_00 && value <= 0xdf_ff)
  return String.fromCodePoint(isScalar ? value : 0xff_fd)
}

/** The most values of an enumeration that a message names. */
const MAX_CHOICES = 40

function validateMap(check: ValueCheck, schema: SchemaNode, value: JsonObject): void {
  const keys = Object.keys(value)
  const [least, most] = [schema.number('minProperties'), schema.number('maxProperties')]
  if (least !== undefined && keys.length < least)
    report(check, 'FIELD_RULE', `must have at least ${least} properties, got ${keys.length}`)
  if (most !== undefined && keys.length > most)
    report(check, 'FIELD_RULE', `must have at most ${most} properties, got ${keys.length}`, true)
  const { additional } = schema
  for (const key of keys) {
    const field = schema.property(key) ?? additional
    if (field === false) reportAt(check, key, { code: 'FIELD_RULE', message: 'forbidden property' })
    else if (field !== undefined && field !== true) below(check, key, field, value[key] as Json)
  }
  for (const key of schema.required) {
    if (Object.hasOwn(value, key)) continue
    reportAt(check, key, { code: 'FIELD_REQUIRED', message: `required field "${key}" is missing` })
    check.blocked = true
  }
}

function reportAt(
  { findings, path }: ValueCheck,
  key: string,
  { code, message }: Pick<Finding, 'code' | 'message'>,
): void {
  findings.push({ code, path: [...path, key], message })
}

function below(check: ValueCheck, key: string | number, schema: SchemaNode, value: Json): void {
  check.path.push(key)
  validateValue(check, schema, value)
  check.path.pop()
}

function validateAlternatives(check: ValueCheck, schema: SchemaNode, value: Exclude<Json, null>): void {
  const anyOf = schema.list('anyOf')
  if (anyOf.length > 0) {
    const failed = firstFailures(check, anyOf, value)
    if (failed !== undefined) reportFailed(check, 'must validate at least one schema (anyOf)', failed)
  }
  const oneOf = schema.list('oneOf')
  if (oneOf.length > 0) validateOneOf(check, oneOf, value)
  for (const one of schema.list('allOf')) validateValue(check, one, value)
  if (schema.not !== undefined && attempt(check, schema.not, value).findings.length === 0) {
    report(check, 'FIELD_RULE', `must not validate the schema (not), got ${describe(value)}`)
  }
}

/** The attempt at the alternative with the fewest findings; undefined if an alternative is valid. */
function firstFailures(check: ValueCheck, schemas: readonly SchemaNode[], value: Json): ValueCheck | undefined {
  let best: ValueCheck | undefined
  for (const schema of schemas) {
    const tried = attempt(check, schema, value)
    if (tried.findings.length === 0) return undefined
    if (best === undefined || tried.findings.length < best.findings.length) best = tried
  }
  return best
}

function validateOneOf(check: ValueCheck, schemas: readonly SchemaNode[], value: Json): void {
  const runs = schemas.map((schema) => attempt(check, schema, value))
  const valid = runs.filter(({ findings }) => findings.length === 0).length
  if (valid === 1) return
  const best = runs.reduce((a, b) => (b.findings.length < a.findings.length ? b : a))
  const found = valid === 0 ? 'found none valid' : `found ${valid} valid alternatives`
  reportFailed(check, `must validate one and only one schema (oneOf): ${found}`, valid === 0 ? best : undefined)
}

function attempt(check: ValueCheck, schema: SchemaNode, value: Json): ValueCheck {
  const tried: ValueCheck = { ...check, findings: [], blocked: false }
  validateValue(tried, schema, value)
  return tried
}

/** Reports one finding for a set of alternatives; its hint is what the nearest one lacks. */
function reportFailed(check: ValueCheck, message: string, nearest: ValueCheck | undefined): void {
  const first = nearest?.findings[0]
  const where = first?.path.slice(check.path.length) ?? []
  // The hint of nested alternatives says more than their message.
  const detail = first?.message.startsWith('must validate') === true ? (first.hint ?? first.message) : first?.message
  const hint = detail === undefined ? undefined : `${where.length > 0 ? `${where.join('.')}: ` : ''}${detail}`
  report(check, 'FIELD_RULE', message, nearest?.blocked === true, hint)
}
