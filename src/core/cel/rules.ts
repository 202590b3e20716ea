import { getOrMake } from '../common/maps.ts'
import { trimSpace } from '../text/trim-space.ts'
import { isObject, textOf, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { byteLength } from '../kube/names.ts'
import type { PatternResult } from '../common/re2.ts'
import type { CelRule, SchemaNode } from '../schema/custom/schema-node.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { Evaluator } from './evaluate.ts'
import { type Expr, parseCel, partsOf } from './parse.ts'
import { toCel } from './schema-value.ts'
import { Budget, CelError, CelNotChecked, CelOptional, type Scope, type Value } from './values.ts'

/** The most steps of one rule, and of all rules on one object; a step takes less than a microsecond. */
const RULE_STEPS = 1_000_000
const OBJECT_STEPS = 2_000_000
/** The most steps of all objects of a version together: a fixed number, and some for each object. */
const KIND_STEPS = 4_000_000
const KIND_STEPS_PER_OBJECT = 10_000

/** Evaluates the rules of a version on an object that is valid by its schema. */
export type RuleCheck = (data: JsonObject) => Finding[]

interface Run {
  readonly minor: number
  readonly compilePattern: (source: string) => PatternResult
  readonly findings: Finding[]
  readonly path: (string | number)[]
  /** The steps left, both of the object and of its kind. */
  left: number
}

/**
 * Makes a function that evaluates the `x-kubernetes-validations` of a schema; undefined if it has none. Rules that
 * compare with `oldSelf` are skipped, as the API server does when an object is created. A rule that cannot be evaluated
 * is reported as not checked.
 * Source: apiextensions-apiserver pkg/apiserver/schema/cel/validation.go Validator.
 */
export function ruleChecker(
  schema: SchemaNode,
  compilePattern: (source: string) => PatternResult,
  minor: number,
): RuleCheck | undefined {
  if (!hasRules(schema.raw)) return undefined
  let left = KIND_STEPS
  return (data) => {
    left += KIND_STEPS_PER_OBJECT
    const given = Math.max(0, Math.min(OBJECT_STEPS, left))
    const run: Run = { minor, compilePattern, findings: [], path: [], left: given }
    checkValue(run, schema, data, { isResource: true, hasOld: false })
    left -= given - run.left
    return run.findings
  }
}

/**
 * Findings of the rules of a schema on its default: as an update that leaves the value as it is, and if that is valid,
 * as a new value. Paths begin with a step for the value.
 * Source: apiextensions-apiserver pkg/apiserver/schema/defaulting/validation.go validate.
 */
export function defaultFindings(
  schema: SchemaNode,
  { compilePattern, minor }: Pick<Run, 'compilePattern' | 'minor'>,
  value: Json,
  isResource: boolean,
): Finding[] {
  if (!hasRules(schema.raw)) return []
  const run: Run = { minor, compilePattern, findings: [], path: ['value'], left: OBJECT_STEPS }
  for (const hasOld of [true, false])
    if (run.findings.length === 0) checkValue(run, schema, value, { isResource, hasOld })
  return run.findings
}

/** Results of `hasRules`, kept as long as the schema. */
const known = new WeakMap<JsonObject, boolean>()

/** Whether a schema has rules at any level. Alternatives of a structural schema cannot have any. */
function hasRules(raw: Json | undefined): boolean {
  if (!isObject(raw)) return false
  return getOrMake(known, raw, () => findRules(raw))
}

function findRules(raw: JsonObject): boolean {
  const rules = raw['x-kubernetes-validations']
  if (Array.isArray(rules) && rules.length > 0) return true
  if (hasRules(raw['items']) || hasRules(raw['additionalProperties'])) return true
  const { properties } = raw
  return isObject(properties) && Object.keys(properties).some((key) => hasRules(properties[key]))
}

/** How rules see a value. */
interface RulePlace {
  /** Whether the value has the metadata of an object. */
  readonly isResource: boolean
  /** Whether there is an old value; it is the same as the new one. */
  readonly hasOld: boolean
}

function checkValue(run: Run, schema: SchemaNode, value: Json, place: RulePlace): void {
  if (value === null || !hasRules(schema.raw)) return
  // Rules do not see values without a type.
  if (!isSeen(schema)) return
  const { hasOld } = place
  for (const rule of schema.rules) checkRule(run, schema, value, rule, place)
  if (Array.isArray(value)) {
    const { items } = schema
    const isFound = hasOld && schema.listType === 'map'
    if (items !== undefined && hasRules(items.raw)) value.forEach((item, i) => below(run, items, i, item, isFound))
  } else if (isObject(value)) {
    const { additional } = schema
    for (const key of Object.keys(value)) {
      const field = schema.property(key) ?? additional
      if (typeof field === 'object') below(run, field, key, value[key] as Json, hasOld)
    }
  }
}

/** Source: apiserver pkg/cel/common/schemas.go SchemaDeclType. */
function isSeen(schema: SchemaNode): boolean {
  if (schema.intOrString) return true
  const { type, items, additional } = schema
  if (type === 'array') return items !== undefined && isSeen(items)
  if (type === 'object' && typeof additional === 'object') return isSeen(additional)
  return ['object', 'string', 'boolean', 'number', 'integer'].includes(type)
}

function below(run: Run, schema: SchemaNode, step: string | number, value: Json, hasOld: boolean): void {
  run.path.push(step)
  checkValue(run, schema, value, { isResource: schema.isEmbedded, hasOld })
  run.path.pop()
}

/** Expressions of a schema by their text, kept as long as the schema. */
const compiled = new WeakMap<JsonObject, Map<string, ReturnType<typeof parseCel>>>()

/** An expression of a schema, parsed once. */
function compile(schema: SchemaNode, text: string): ReturnType<typeof parseCel> {
  const ofSchema = getOrMake(compiled, schema.raw, () => new Map<string, ReturnType<typeof parseCel>>())
  return getOrMake(ofSchema, text, () => parseCel(text))
}

function checkRule(run: Run, schema: SchemaNode, value: Json, rule: CelRule, place: RulePlace): void {
  if (trimSpace(rule.rule) === '') return
  const expression = compile(schema, rule.rule)
  if ('kind' in expression) return notChecked(run, rule, expression.message)
  const usesOldSelf = mentions(expression.expr, 'oldSelf')
  if (usesOldSelf && !rule.optionalOldSelf && !place.hasOld) return
  const budget = new Budget(Math.min(RULE_STEPS, run.left))
  try {
    const scope = scopeOf(schema, value, usesOldSelf ? rule : undefined, place, budget)
    const evaluator = new Evaluator({ budget, compilePattern: run.compilePattern, minor: run.minor })
    const result = evaluator.run(expression.expr, scope)
    if (typeof result !== 'boolean') notChecked(run, rule, 'it is not true or false')
    else if (!result) run.findings.push(broken(run, schema, value, rule, messageOf(schema, rule, scope, evaluator)))
  } catch (error) {
    if (error instanceof CelError) run.findings.push(failed(run, schema, rule, error.message))
    else if (error instanceof CelNotChecked) notChecked(run, rule, error.message)
    else if (error instanceof RangeError) notChecked(run, rule, 'it is nested too deep')
    else throw error
  } finally {
    run.left -= Math.min(run.left, RULE_STEPS) - Math.max(0, budget.left)
  }
}

/** @param transition the rule if it uses `oldSelf` */
function scopeOf(
  schema: SchemaNode,
  value: Json,
  transition: CelRule | undefined,
  { isResource, hasOld }: RulePlace,
  budget: Budget,
): Scope {
  const self = toCel(value, schema, isResource, budget)
  const scope = new Map<string, Value>([['self', self]])
  if (transition?.optionalOldSelf === true) scope.set('oldSelf', new CelOptional(hasOld ? self : undefined))
  else if (transition !== undefined) scope.set('oldSelf', self)
  return scope
}

/** Whether an expression uses a variable of this name. */
export function mentions(expr: Expr, name: string): boolean {
  return expr.op === 'name' ? expr.name === name : partsOf(expr).some((part) => mentions(part, name))
}

/**
 * The message of a broken rule: the result of its messageExpression if that can be evaluated, else its message.
 * Source: ruleMessageOrDefault.
 */
function messageOf(schema: SchemaNode, rule: CelRule, scope: Scope, evaluator: Evaluator): string {
  return (
    evaluatedMessage(schema, rule, scope, evaluator) ??
    (rule.message === '' ? `failed rule: ${trimSpace(rule.rule)}` : trimSpace(rule.message))
  )
}

/** Bytes. Source: apiserver pkg/apis/cel MaxEvaluatedMessageExpressionSizeBytes. */
const MAX_MESSAGE = 5 * 1024

function evaluatedMessage(
  schema: SchemaNode,
  { messageExpression }: CelRule,
  scope: Scope,
  evaluator: Evaluator,
): string | undefined {
  if (trimSpace(messageExpression) === '') return undefined
  const expression = compile(schema, messageExpression)
  if ('kind' in expression) return undefined
  try {
    const text = evaluator.run(expression.expr, scope)
    const trimmed = typeof text === 'string' ? trimSpace(text) : ''
    return trimmed === '' || byteLength(trimmed) > MAX_MESSAGE || trimmed.includes('\n') ? undefined : trimmed
  } catch (error) {
    if (error instanceof CelError || error instanceof CelNotChecked || error instanceof RangeError) return undefined
    throw error
  }
}

/** Source: fieldErrorForReason. */
function broken(run: Run, schema: SchemaNode, value: Json, rule: CelRule, detail: string): Finding {
  const place = [...run.path, ...fieldPath(rule.fieldPath)]
  const shown = schema.type === 'object' || schema.type === 'array' ? undefined : shortened(value)
  const path: JsonPath = place
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return { code: 'FIELD_RULE', path, message: `Forbidden: ${detail}` }
    case 'FieldValueRequired':
      return { code: 'FIELD_REQUIRED', path, message: `Required value: ${detail}` }
    case 'FieldValueDuplicate':
      return {
        code: 'FIELD_RULE',
        path,
        message: `Duplicate value${shown === undefined ? '' : `: ${shown}`}`,
        hint: detail,
      }
    default:
      return { code: 'FIELD_RULE', path, message: `Invalid value: ${shown === undefined ? '' : `${shown}: `}${detail}` }
  }
}

function shortened(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}...` : text
}

/** `.a['b c']` as steps. */
function fieldPath(text: string): string[] {
  return (text.match(/'(?:[^'\\]|\\.)*'|[^.[\]']+/g) ?? []).map((step) =>
    step.startsWith("'") ? step.slice(1, -1).replaceAll(/\\(.)/g, '$1') : step,
  )
}

function failed(run: Run, schema: SchemaNode, rule: CelRule, error: string): Finding {
  const said = rule.message === '' ? trimSpace(rule.rule) : trimSpace(rule.message)
  const message =
    error === 'no such overload'
      ? `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${said}`
      : `${error} evaluating rule: ${said}`
  return {
    code: 'FIELD_RULE',
    path: [...run.path],
    message: `Invalid value: ${JSON.stringify(schema.type)}: ${message}`,
  }
}

function notChecked(run: Run, rule: CelRule, why: string): void {
  const text = textOf(rule.message === '' ? trimSpace(rule.rule) : trimSpace(rule.message))
  const message = `a rule in CEL was not checked, as ${why}: ${text.length > 200 ? `${text.slice(0, 200)}...` : text}`
  run.findings.push({ code: 'RULE_NOT_CHECKED', path: [...run.path], message })
}
