import type { KubeVersion } from '../../kube/version.ts'
import { clone, emptyObject, isObject, type Json, type JsonObject } from '../../json/json.ts'
import { patternCompiler, type PatternResult } from '../../common/re2.ts'
import type { Finding } from '../../diagnostics/finding.ts'
import type { KubeSchema } from '../kube-schema.ts'
import { pruneAndDefault } from './prune-and-default.ts'
import { SchemaNode } from './schema-node.ts'
import { validateValue, VALUE_WORK, type ValueCheck } from './validate-values.ts'

/**
 * Validates the CEL rules of a schema.
 * @param path the schema's, in the definition
 * @param minor the minor version of Kubernetes
 */
export type RuleDefinitionCheck = (schema: SchemaNode, path: readonly (string | number)[], minor: number) => Finding[]

/**
 * Findings on a CustomResourceDefinition that take a parser or evaluation: patterns that are invalid, defaults that
 * violate their own schema, and CEL rules that do not compile. For definitions without other errors, as the API server
 * looks no further otherwise.
 * Source: apiextensions validation validateCustomResourceDefinitionValidation; pkg/apiserver/schema/defaulting
 * ValidateDefaults.
 */
export function definitionFindings(
  kube: KubeSchema,
  definition: JsonObject,
  rules: RuleDefinitionCheck | undefined,
  embeddedResources: EmbeddedResourceCheck | undefined,
): Finding[] {
  const { spec } = definition
  const versions = isObject(spec) && Array.isArray(spec['versions']) ? spec['versions'] : []
  return versions.flatMap((version, i) => {
    const schema = isObject(version) && isObject(version['schema']) ? version['schema']['openAPIV3Schema'] : undefined
    if (!isObject(schema)) return []
    const path = ['spec', 'versions', i, 'schema', 'openAPIV3Schema']
    const walk: Walk = { kube, embeddedResources, compilePattern: patternCompiler(), findings: [], path }
    const root = new SchemaNode(schema)
    visit(walk, root, false)
    return walk.findings.length > 0 ? walk.findings : (rules?.(root, path, kube.version.minor) ?? [])
  })
}

/**
 * Findings on apiVersion, kind and metadata of the resources embedded in an object (`x-kubernetes-embedded-resource`).
 */
export type EmbeddedResourceCheck = (schema: SchemaNode, data: JsonObject, kubeVersion: KubeVersion) => Finding[]

interface Walk {
  embeddedResources: EmbeddedResourceCheck | undefined
  readonly kube: KubeSchema
  readonly compilePattern: (source: string) => PatternResult
  readonly findings: Finding[]
  readonly path: (string | number)[]
}

const MAX_DEPTH = 500

/** @param nested whether the schema is inside of an alternative, where defaults are not allowed */
function visit(walk: Walk, schema: SchemaNode, nested: boolean): void {
  if (walk.path.length > MAX_DEPTH) return
  pattern(walk, schema)
  if (!nested && schema.hasDefault) defaultValue(walk, schema)
  for (const name of Object.keys(schema.properties)) below(walk, ['properties', name], schema.property(name), nested)
  below(walk, ['items'], schema.items, nested)
  if (typeof schema.additional === 'object') below(walk, ['additionalProperties'], schema.additional, nested)
  below(walk, ['not'], schema.not, true)
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const [i, one] of schema.list(key).entries()) below(walk, [key, i], one, true)
  }
}

function below(walk: Walk, steps: readonly (string | number)[], schema: SchemaNode | undefined, nested: boolean): void {
  if (schema === undefined) return
  for (const step of steps) walk.path.push(step)
  visit(walk, schema, nested)
  walk.path.length -= steps.length
}

function report(walk: Walk, key: string, message: string): void {
  walk.findings.push({ code: 'CRD_FIELD', path: [...walk.path, key], message })
}

function pattern(walk: Walk, schema: SchemaNode): void {
  if (schema.pattern === '') return
  const result = walk.compilePattern(schema.pattern)
  if (!('problem' in result) || result.isLimit === true) return
  report(
    walk,
    'pattern',
    `Invalid value: ${JSON.stringify(schema.pattern.slice(0, 80))}: must be a valid regular expression, but isn't: error parsing regexp: ${result.problem}`,
  )
}

/** A default has no unknown fields and is valid by its own schema. */
function defaultValue(walk: Walk, schema: SchemaNode): void {
  const value = schema.raw['default'] as Json
  const wrapped = emptyObject()
  wrapped['value'] = clone(value)
  const around = new SchemaNode({
    type: 'object',
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, value: schema.raw },
  })
  const unknown = pruneAndDefault(walk.kube, around, wrapped).findings.filter(({ code }) => code === 'FIELD_UNKNOWN')
  if (unknown.length > 0) report(walk, 'default', 'Invalid value: must not have unknown fields')
  const check: ValueCheck = {
    minor: walk.kube.version.minor,
    compilePattern: walk.compilePattern,
    findings: [],
    path: [],
    blocked: false,
    work: { left: VALUE_WORK },
  }
  validateValue(check, schema, value)
  if (check.work.left < 0) return
  const found = [...check.findings, ...(walk.embeddedResources?.(around, wrapped, walk.kube.version) ?? [])]
  for (const { path, message } of found.slice(0, 1)) {
    const where = path.filter((step) => step !== 'value').join('.')
    report(walk, 'default', `Invalid value: ${where === '' ? '' : `${where}: `}${message}`)
  }
}
