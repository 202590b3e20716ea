import type { KubeVersion } from '../../kube/version.ts'
import { clone, emptyObject, isObject, type Json, type JsonObject, type JsonPath } from '../../json/json.ts'
import { patternCompiler, type PatternResult } from '../../common/re2.ts'
import type { Finding } from '../../diagnostics/finding.ts'
import type { KubeSchema } from '../kube-schema.ts'
import { wrongType } from '../scalars.ts'
import { validateDefinition } from '../validate-schema.ts'
import { pruneAndDefault } from './prune-and-default.ts'
import { SchemaNode } from './schema-node.ts'
import { validateValue, VALUE_WORK, type ValueCheck } from './validate-values.ts'

/**
 * Validates the CEL rules of a schema.
 * @param path the schema's, in the definition
 * @param minor the minor version of Kubernetes
 */
export type RuleDefinitionCheck = (schema: SchemaNode, path: readonly (string | number)[], minor: number) => Finding[]

/** Validation of CEL rules in definitions. */
export interface RuleSupport {
  readonly ruleDefinitionFindings: RuleDefinitionCheck
  /**
   * Evaluates the rules of a schema on its default, both as a new value and as one that stays as it is; paths begin
   * with a step for the value.
   */
  defaultFindings(
    schema: SchemaNode,
    context: { readonly compilePattern: (source: string) => PatternResult; readonly minor: number },
    value: Json,
    isResource: boolean,
  ): Finding[]
}

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
  rules: RuleSupport | undefined,
  embeddedResources: EmbeddedResourceCheck | undefined,
): Finding[] {
  const { spec } = definition
  const versions = isObject(spec) && Array.isArray(spec['versions']) ? spec['versions'] : []
  return versions.flatMap((version, i) => {
    const schema = isObject(version) && isObject(version['schema']) ? version['schema']['openAPIV3Schema'] : undefined
    if (!isObject(schema)) return []
    const path = ['spec', 'versions', i, 'schema', 'openAPIV3Schema']
    const walk: Walk = { kube, rules, embeddedResources, compilePattern: patternCompiler(), findings: [], path }
    const root = new SchemaNode(schema)
    visit(walk, root)
    if (walk.findings.length === 0) visitDefaults(walk, root, { root, wrap: asIs, insideMeta: false })
    return walk.findings.length > 0
      ? walk.findings
      : (rules?.ruleDefinitionFindings(root, path, kube.version.minor) ?? [])
  })
}

/**
 * Findings on apiVersion, kind and metadata of the resources embedded in an object (`x-kubernetes-embedded-resource`).
 */
export type EmbeddedResourceCheck = (schema: SchemaNode, data: JsonObject, kubeVersion: KubeVersion) => Finding[]

interface Walk {
  readonly embeddedResources: EmbeddedResourceCheck | undefined
  readonly rules: RuleSupport | undefined
  readonly kube: KubeSchema
  readonly compilePattern: (source: string) => PatternResult
  readonly findings: Finding[]
  readonly path: (string | number)[]
}

const MAX_DEPTH = 500

function visit(walk: Walk, schema: SchemaNode): void {
  if (walk.path.length > MAX_DEPTH) return
  pattern(walk, schema)
  for (const key of ['items', 'additionalProperties'] as const) untypedSchema(walk, schema, key)
  for (const name of Object.keys(schema.properties)) below(walk, ['properties', name], schema.property(name), visit)
  below(walk, ['items'], schema.items, visit)
  if (typeof schema.additional === 'object') below(walk, ['additionalProperties'], schema.additional, visit)
  below(walk, ['not'], schema.not, visit)
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const [i, one] of schema.list(key).entries()) below(walk, [key, i], one, visit)
  }
}

function below(
  walk: Walk,
  steps: readonly (string | number)[],
  schema: SchemaNode | undefined,
  work: (walk: Walk, schema: SchemaNode) => void,
): void {
  if (schema === undefined) return
  for (const step of steps) walk.path.push(step)
  work(walk, schema)
  walk.path.length -= steps.length
}

/**
 * Wrong types in the schema of `items` or `additionalProperties`, which the schema of Kubernetes does not describe.
 * Unknown fields in them are ignored, as these two decode themselves and do so without strict validation.
 * Source: apiextensions v1 marshal.go JSONSchemaPropsOrArray, JSONSchemaPropsOrBool UnmarshalJSON.
 */
function untypedSchema(walk: Walk, schema: SchemaNode, key: 'items' | 'additionalProperties'): void {
  const raw = schema.raw[key] ?? null
  const path = [...walk.path, key]
  if (isObject(raw)) {
    const found = validateDefinition(walk.kube, 'V1JSONSchemaProps', raw, path)
    for (const finding of found) if (OF_TYPES.has(finding.code)) walk.findings.push(finding)
  } else if (key === 'additionalProperties' && raw !== null && typeof raw !== 'boolean')
    walk.findings.push({ ...wrongType('boolean or schema', raw), path })
}

const OF_TYPES: ReadonlySet<string> = new Set(['FIELD_TYPE', 'FIELD_RANGE', 'FIELD_FORMAT'])

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

/** The place of a schema in the nearest resource around it: the object at the root, or an embedded one. */
interface InResource {
  readonly root: SchemaNode
  /** Makes a resource with a value at the place. */
  readonly wrap: (value: Json) => Json
  /** Whether the place is in the resource's apiVersion, kind or metadata. */
  readonly insideMeta: boolean
}

const asIs = (value: Json): Json => value
const META: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

/**
 * Validates the defaults, except for those below `additionalProperties`, into which the API server does not look.
 * Source: apiextensions-apiserver pkg/apiserver/schema/defaulting/validation.go validate.
 */
function visitDefaults(walk: Walk, schema: SchemaNode, around: InResource): void {
  if (walk.path.length > MAX_DEPTH) return
  const place = schema.isEmbedded ? { root: schema, wrap: asIs, insideMeta: false } : around
  const { root, wrap, insideMeta } = place
  if (schema.hasDefault) defaultValue(walk, schema, place)
  below(walk, ['items'], schema.items, (_, items) =>
    visitDefaults(walk, items, { ...place, wrap: (value) => wrap([value]) }),
  )
  for (const name of Object.keys(schema.properties)) {
    const inner = { root, wrap: fieldOf(wrap, name), insideMeta: insideMeta || (schema === root && META.has(name)) }
    below(walk, ['properties', name], schema.property(name), (_, property) => visitDefaults(walk, property, inner))
  }
}

function fieldOf(wrap: InResource['wrap'], name: string): InResource['wrap'] {
  return (value) => wrap(Object.assign(emptyObject(), { [name]: value }))
}

/** A default has no unknown fields, is valid by its own schema and its rules, and results in valid metadata. */
function defaultValue(walk: Walk, schema: SchemaNode, { root, wrap, insideMeta }: InResource): void {
  const value = schema.raw['default'] as Json
  const isRoot = schema === root
  const resource = insideMeta ? resourceWith(wrap(clone(value))) : clone(value)
  const found = [
    ...metadataFindings(walk, insideMeta ? asResource(root) : isRoot ? asResource(schema) : schema, resource),
    ...(insideMeta ? [] : unknownFields(walk, isRoot ? asResource(schema) : schema, value)),
  ]
  const first = found.length > 0 ? found : valueFindings(walk, schema, value)
  const all =
    first.length > 0
      ? first
      : (walk.rules?.defaultFindings(schema, { ...walk, minor: walk.kube.version.minor }, value, isRoot) ?? [])
  for (const { path, message, code } of all.slice(0, 1)) {
    const where = path.slice(1).join('.')
    if (code === 'RULE_NOT_CHECKED') walk.findings.push({ code, path: [...walk.path, 'default'], message })
    else report(walk, 'default', `Invalid value: ${where === '' ? '' : `${where}: `}${message}`)
  }
}

/** A resource as which the API server reads a default in apiVersion, kind or metadata. */
function resourceWith(value: Json): Json {
  return Object.assign(emptyObject(), { apiVersion: 'validation/v1', kind: 'Validation' }, value)
}

function asResource({ raw }: SchemaNode): SchemaNode {
  return new SchemaNode({ ...raw, 'x-kubernetes-embedded-resource': true })
}

function inValue(schema: SchemaNode): SchemaNode {
  return new SchemaNode({ type: 'object', properties: { value: schema.raw } })
}

/** Findings on the resources embedded in a value, whose paths begin with a step for the value. */
function metadataFindings(walk: Walk, schema: SchemaNode, value: Json): Finding[] {
  const around = inValue(schema)
  const wrapped = Object.assign(emptyObject(), { value })
  const types = pruneAndDefault(walk.kube, around, wrapped).findings.filter(({ code }) => code !== 'FIELD_UNKNOWN')
  return types.length > 0 ? types : (walk.embeddedResources?.(around, wrapped, walk.kube.version) ?? [])
}

/** Unknown fields, except for those of metadata, which are dropped. */
function unknownFields(walk: Walk, schema: SchemaNode, value: Json): Finding[] {
  const around = inValue(schema)
  const { findings } = pruneAndDefault(walk.kube, around, Object.assign(emptyObject(), { value: clone(value) }))
  const unknown = findings.find(({ code, path }) => code === 'FIELD_UNKNOWN' && !isInMetadata(around, path))
  return unknown === undefined ? [] : [{ code: 'CRD_FIELD', path: [], message: 'must not have unknown fields' }]
}

function isInMetadata(schema: SchemaNode, path: JsonPath): boolean {
  let at: SchemaNode | undefined = schema
  for (const step of path) {
    if (at?.isEmbedded === true && META.has(String(step))) return true
    const { additional }: { additional: SchemaNode | boolean | undefined } = at ?? { additional: undefined }
    if (typeof step === 'number') at = at?.items
    else at = at?.property(step) ?? (typeof additional === 'object' ? additional : undefined)
  }
  return false
}

function valueFindings(walk: Walk, schema: SchemaNode, value: Json): Finding[] {
  const check: ValueCheck = {
    minor: walk.kube.version.minor,
    compilePattern: walk.compilePattern,
    findings: [],
    path: ['value'],
    blocked: false,
    work: { left: VALUE_WORK },
  }
  validateValue(check, schema, value)
  return check.work.left < 0 ? [] : check.findings
}
