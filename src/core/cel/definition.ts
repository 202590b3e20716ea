import { isObject, type JsonObject } from '../json/json.ts'
import type { SchemaNode } from '../schema/custom/schema-node.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { parseCel } from './parse.ts'
import { mentions } from './rules.ts'
import { CelTypeFault, typeOf, type TypeScope } from './type-check.ts'
import { type CelStaticType, typeOfSchema } from './types.ts'

interface Walk {
  readonly minor: number
  readonly findings: Finding[]
  readonly path: (string | number)[]
}

/** What surrounds a schema. */
interface Surroundings {
  readonly isResource: boolean
  /** Where old and new values cannot be told to be the same; undefined where they can. */
  readonly uncorrelatable: string | undefined
}

/**
 * What is wrong with the rules of a version's schema: texts that are no CEL, names and fields that do not exist, results
 * that are not true or false. What costs too much in the API server's estimate is not looked for.
 * Source: apiextensions validation ValidateCustomResourceDefinitionOpenAPISchema; pkg/apiserver/schema/cel/compilation.go.
 *
 * @param path of the schema in the definition
 */
export function ruleDefinitionFindings(
  schema: SchemaNode,
  path: readonly (string | number)[],
  minor: number,
): Finding[] {
  const walk: Walk = { minor, findings: [], path: [...path] }
  visit(walk, schema, { isResource: true, uncorrelatable: undefined })
  return walk.findings
}

function visit(walk: Walk, schema: SchemaNode, { isResource, uncorrelatable }: Surroundings): void {
  const type = typeOfSchema(schema, isResource)
  const here = schemaText(walk)
  for (const [i] of schema.rules.entries()) {
    if (type !== undefined) checkRule(walk, schema, i, type, uncorrelatable)
  }
  const inMap =
    uncorrelatable ?? (['', 'granular', 'atomic'].includes(schema.text('x-kubernetes-map-type')) ? undefined : here)
  const { properties, items, additional } = schema
  for (const name of Object.keys(properties)) below(walk, ['properties', name], schema.property(name), inMap)
  below(walk, ['items'], items, uncorrelatable ?? (schema.listType === 'map' ? undefined : here))
  if (typeof additional === 'object') below(walk, ['additionalProperties'], additional, uncorrelatable)
}

function below(
  walk: Walk,
  steps: readonly string[],
  schema: SchemaNode | undefined,
  uncorrelatable: string | undefined,
): void {
  if (schema === undefined) return
  for (const step of steps) walk.path.push(step)
  visit(walk, schema, { isResource: schema.isEmbedded, uncorrelatable })
  walk.path.length -= steps.length
}

function schemaText({ path }: Walk): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1)
}

function checkRule(
  walk: Walk,
  schema: SchemaNode,
  index: number,
  type: CelStaticType,
  uncorrelatable: string | undefined,
): void {
  const rule = schema.rules[index]
  if (rule === undefined || rule.rule.trim() === '') return
  const scope = new Map<string, CelStaticType>([
    ['self', type],
    ['oldSelf', rule.optionalOldSelf ? { kind: 'optional', of: type } : type],
  ])
  const report = (field: string, detail: string): void => {
    walk.findings.push({
      code: 'CRD_FIELD',
      path: [...walk.path, 'x-kubernetes-validations', index, field],
      message: `Invalid value: ${detail}`,
    })
  }
  const fault = compileFault(rule.rule, scope, walk.minor, 'bool')
  if (fault !== undefined) report('rule', fault)
  if (rule.messageExpression.trim() !== '') {
    const wrong = compileFault(rule.messageExpression, scope, walk.minor, 'string')
    if (wrong !== undefined) report('messageExpression', `messageExpression ${wrong}`)
  }
  const expression = parseCel(rule.rule)
  if ('kind' in expression) return
  const raw = rawRule(schema, index)
  if (mentions(expression.expr, 'oldSelf')) {
    if (uncorrelatable !== undefined)
      report('rule', `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`)
  } else if (typeof raw?.['optionalOldSelf'] === 'boolean')
    report('optionalOldSelf', 'may not be set if oldSelf is not used in rule')
}

function rawRule(schema: SchemaNode, index: number): JsonObject | undefined {
  const rules = schema.raw['x-kubernetes-validations']
  const raw = Array.isArray(rules) ? rules.filter(isObject)[index] : undefined
  return raw
}

/** Why an expression does not compile to a type; undefined where it does, or that cannot be told. */
function compileFault(text: string, scope: TypeScope, minor: number, wanted: 'bool' | 'string'): string | undefined {
  const expression = parseCel(text)
  if ('kind' in expression)
    return expression.kind === 'syntax' ? `compilation failed: ${expression.message}` : undefined
  try {
    const { kind } = typeOf(expression.expr, scope, minor)
    if (kind === wanted || kind === 'dyn' || kind === 'optional') return undefined
    return wanted === 'bool' ? 'cel expression must evaluate to a bool' : 'must evaluate to a string'
  } catch (error) {
    if (error instanceof CelTypeFault) return `compilation failed: ${error.message}`
    throw error
  }
}
