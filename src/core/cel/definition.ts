import { append } from '../common/append.ts'
import { isObject, type JsonObject } from '../json/json.ts'
import type { CelRule, SchemaNode } from '../schema/custom/schema-node.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { checkTypes } from './checker/check.ts'
import { type DeclaredType, optionalOf } from './checker/checked-type.ts'
import { programFault } from './checker/constants.ts'
import { expand } from './checker/expand.ts'
import { NotCompiled } from './checker/type-bindings.ts'
import { type Cardinality, CostBudget, innerCardinality } from './cost/budget.ts'
import { declaredType } from './cost/declared-type.ts'
import { estimateCost } from './cost/estimate.ts'
import { parseCel } from './parse.ts'
import { mentions } from './rules.ts'
import { CelTypeFault } from './checker/type-fault.ts'

interface Walk {
  readonly minor: number
  readonly findings: Finding[]
  readonly path: (string | number)[]
  readonly budget: CostBudget
}

/** The context of a schema. */
interface Surroundings {
  readonly isResource: boolean
  /** The schema around in which old and new values cannot be correlated; undefined if they can. */
  readonly uncorrelatable: string | undefined
  readonly cardinality: Cardinality
}

/**
 * Findings on the CEL rules of a version's schema: syntax errors, unknown names and fields, results of a wrong type,
 * and rules that cost too much by the API server's estimate. A rule whose cost cannot be estimated is reported as not
 * checked.
 * Source: apiextensions validation ValidateCustomResourceDefinitionOpenAPISchema;
 * pkg/apiserver/schema/cel/compilation.go.
 *
 * @param path of the schema in the definition
 * @param minor the minor version of Kubernetes
 */
export function ruleDefinitionFindings(
  schema: SchemaNode,
  path: readonly (string | number)[],
  minor: number,
): Finding[] {
  const walk: Walk = { minor, findings: [], path: [...path], budget: new CostBudget() }
  visit(walk, schema, { isResource: true, uncorrelatable: undefined, cardinality: 1n })
  return [...walk.findings, ...walk.budget.total(path)]
}

function visit(walk: Walk, schema: SchemaNode, around: Surroundings): void {
  const { isResource, uncorrelatable } = around
  const here = schemaText(walk)
  const self = schema.rules.length === 0 ? undefined : declaredType(schema, isResource, walk.minor)
  for (const [i] of schema.rules.entries()) if (self !== undefined) checkRule(walk, schema, i, self, around)
  if (schema.rules.length > 0 && self === undefined) walk.findings.push(unseen(walk))
  const cardinality = innerCardinality(schema, around.cardinality)
  const inMap =
    uncorrelatable ?? (['', 'granular', 'atomic'].includes(schema.text('x-kubernetes-map-type')) ? undefined : here)
  const { properties, items, additional } = schema
  for (const name of Object.keys(properties))
    below(walk, ['properties', name], schema.property(name), { uncorrelatable: inMap, cardinality })
  const inList = uncorrelatable ?? (schema.listType === 'map' ? undefined : here)
  below(walk, ['items'], items, { uncorrelatable: inList, cardinality })
  if (typeof additional === 'object') below(walk, ['additionalProperties'], additional, { uncorrelatable, cardinality })
}

function below(
  walk: Walk,
  steps: readonly string[],
  schema: SchemaNode | undefined,
  around: Omit<Surroundings, 'isResource'>,
): void {
  if (schema === undefined) return
  for (const step of steps) walk.path.push(step)
  visit(walk, schema, { isResource: schema.isEmbedded, ...around })
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
  self: DeclaredType,
  { uncorrelatable, cardinality }: Surroundings,
): void {
  const rule = schema.rules[index]
  if (rule === undefined || rule.rule.trim() === '') return
  const at = (field: string): (string | number)[] => [...walk.path, 'x-kubernetes-validations', index, field]
  const report = (field: string, detail: string): void => {
    walk.findings.push({ code: 'CRD_FIELD', path: at(field), message: `Invalid value: ${detail}` })
  }
  const { fault, cost } = compile(rule, 'rule', self, walk.minor)
  if (fault !== undefined) report('rule', fault)
  else if (cost === undefined) walk.findings.push(notEstimated(at('rule')))
  else append(walk.findings, walk.budget.rule(at('rule'), cost, self, cardinality))
  // The messageExpression of a rule that does not compile is not validated.
  if (fault === undefined && rule.messageExpression.trim() !== '') {
    const message = compile(rule, 'messageExpression', self, walk.minor)
    if (message.fault !== undefined) report('messageExpression', `messageExpression ${message.fault}`)
    else if (message.cost === undefined) walk.findings.push(notEstimated(at('messageExpression')))
    else append(walk.findings, walk.budget.message(at('messageExpression'), message.cost))
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

function unseen({ path }: Walk): Finding {
  return {
    code: 'CRD_FIELD',
    path: [...path, 'x-kubernetes-validations'],
    message:
      'Internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations',
  }
}

function notEstimated(path: readonly (string | number)[]): Finding {
  return {
    code: 'RULE_NOT_CHECKED',
    path: [...path],
    message: 'the cost of an expression in CEL was not checked, as it could not be estimated',
  }
}

function rawRule(schema: SchemaNode, index: number): JsonObject | undefined {
  const rules = schema.raw['x-kubernetes-validations']
  return Array.isArray(rules) ? rules.filter(isObject)[index] : undefined
}

interface Compiled {
  /** Why it does not compile. */
  readonly fault?: string
  /** The most that it can cost; undefined if that, or whether it compiles, cannot be decided. */
  readonly cost?: bigint
}

/** Source: apiextensions-apiserver pkg/apiserver/schema/cel/compilation.go compileRule. */
function compile(rule: CelRule, field: 'rule' | 'messageExpression', self: DeclaredType, minor: number): Compiled {
  const expression = parseCel(rule[field])
  if ('kind' in expression) return { fault: `compilation failed: ${expression.message}` }
  try {
    const node = expand(expression.expr, minor)
    const oldSelf = rule.optionalOldSelf ? optionalOf(self.type) : self.type
    const variables = new Map([
      ['self', self.type],
      ['oldSelf', oldSelf],
    ])
    const { kind } = checkTypes(node, variables, minor)
    const isRule = field === 'rule'
    if (kind !== (isRule ? 'bool' : 'string'))
      return { fault: isRule ? 'cel expression must evaluate to a bool' : 'must evaluate to a string' }
    const fault = programFault(node)
    if (fault !== undefined) return { fault: `${isRule ? 'program ' : ''}instantiation failed: ${fault}` }
    return { cost: estimateCost(node, self, minor) }
  } catch (error) {
    if (error instanceof CelTypeFault) return { fault: `compilation failed: ${error.message}` }
    if (error instanceof NotCompiled || error instanceof RangeError) return {}
    throw error
  }
}
