import { isObject, textOf, type Json, type JsonObject, emptyObject } from '../json/json.ts'
import { patternCompiler, type PatternResult } from '../common/re2.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { definitionFindings, type EmbeddedResourceCheck, type RuleDefinitionCheck } from './custom/definition.ts'
import { listTypeFindings } from './custom/list-types.ts'
import { pruneAndDefault } from './custom/prune-and-default.ts'
import { scaleFindings } from './custom/scale.ts'
import { SchemaNode } from './custom/schema-node.ts'
import { validateValue, VALUE_WORK, type ValueCheck } from './custom/validate-values.ts'
import type { KubeSchema } from './kube-schema.ts'

/** A kind that a CustomResourceDefinition defines, in one of its versions. */
export interface CustomKind {
  plural: string
  namespaced: boolean
  /** Checks an object of the kind. Parts of the schema are read when the first object needs them. */
  check(data: JsonObject): Finding[]
}

/** The kinds of some CustomResourceDefinitions. */
export interface CustomSchemas {
  /** The kind, by apiVersion as in a manifest; undefined when no definition has it. */
  find(apiVersion: string, kind: string): CustomKind | undefined
  /** What is wrong with a definition in which nothing else is wrong: patterns, defaults, rules in CEL. */
  checkDefinition(data: JsonObject): Finding[]
}

/** What checks rules in CEL; a module of its own, for which there is a parser to load. */
export interface CelSupport {
  /** The check of the rules of a schema in objects; undefined where it has none. */
  ruleChecker(
    schema: SchemaNode,
    compilePattern: (source: string) => PatternResult,
  ): ((data: JsonObject) => Finding[]) | undefined
  ruleDefinitionFindings: RuleDefinitionCheck
}

/** Whether a definition could have rules in CEL, so that `CelSupport` is needed. */
export function mayHaveRules(definitions: readonly JsonObject[]): boolean {
  return definitions.some(({ spec }) => holdsRules(spec, 0))
}

function holdsRules(value: Json | undefined, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return false
  if (Array.isArray(value)) return value.some((item) => holdsRules(item, depth + 1))
  return (
    Object.hasOwn(value, 'x-kubernetes-validations') ||
    Object.keys(value).some((key) => holdsRules(value[key], depth + 1))
  )
}

const MAX_DEPTH = 1000

/** Checks of custom resources that need more than their schema. */
export interface CustomChecks {
  /** Evaluates rules in CEL; undefined where no definition has one. */
  cel?: CelSupport | undefined
  embeddedResources?: EmbeddedResourceCheck
}

/**
 * Makes checkers of CustomResourceDefinition objects (`apiextensions.k8s.io/v1`). Definitions that lack a group, kind
 * or versions are passed over: checking them is the business of their own rules. This module brings re2js with it, so
 * import it only when there are such objects.
 */
export function customSchemas(
  kube: KubeSchema,
  definitions: readonly JsonObject[],
  { cel, embeddedResources }: CustomChecks = {},
): CustomSchemas {
  const kinds = new Map<string, CustomKind>()
  for (const { spec } of definitions) {
    if (!isObject(spec) || !isObject(spec['names']) || !Array.isArray(spec['versions'])) continue
    const { kind, plural } = spec['names']
    for (const version of spec['versions']) {
      if (!isObject(version)) continue
      const apiVersion = `${textOf(spec['group'])}/${textOf(version['name'])}`
      kinds.set(`${apiVersion} ${textOf(kind)}`, {
        plural: textOf(plural),
        namespaced: spec['scope'] === 'Namespaced',
        check: version['served'] === true ? checker(kube, version, cel, embeddedResources) : notServed(apiVersion),
      })
    }
  }
  return {
    find: (apiVersion, kind) => kinds.get(`${apiVersion} ${kind}`),
    checkDefinition: (data) => definitionFindings(kube, data, cel?.ruleDefinitionFindings, embeddedResources),
  }
}

function notServed(apiVersion: string): CustomKind['check'] {
  const message = `the CustomResourceDefinition does not serve ${apiVersion}`
  return () => [{ code: 'API_REMOVED', path: ['apiVersion'], message, hint: 'use a version with served: true' }]
}

/** Checks as the API server does when an object is created. Source: pkg/registry/customresource/strategy.go Validate. */
function checker(
  kube: KubeSchema,
  version: JsonObject,
  cel: CelSupport | undefined,
  embeddedResources: CustomChecks['embeddedResources'],
): CustomKind['check'] {
  const raw = isObject(version['schema']) ? version['schema']['openAPIV3Schema'] : undefined
  const schema = new SchemaNode(isObject(raw) ? raw : emptyObject())
  const compilePattern = patternCompiler()
  const { subresources } = version
  const checkRules = cel?.ruleChecker(schema, compilePattern)
  return (given) => {
    const { data, findings } = pruneAndDefault(kube, schema, given)
    const created = withoutStatus(data, subresources)
    const check: ValueCheck = {
      minor: kube.version.minor,
      compilePattern,
      findings: [],
      path: [],
      blocked: false,
      work: { left: VALUE_WORK },
    }
    validateValue(check, schema, created)
    if (check.work.left < 0) return [...findings, TOO_MUCH]
    const more = [
      ...scaleFindings(subresources, created),
      ...(embeddedResources?.(schema, created, kube.version) ?? []),
      ...listTypeFindings(schema, created),
    ]
    // As the API server does, rules are left out where they would read what is wrong or missing.
    const broken = check.blocked || checkRules === undefined ? [] : checkRules(created)
    return [...findings, ...check.findings, ...more, ...broken]
  }
}

/** An early end, in the middle of alternatives perhaps, so that nothing holds that was found in values up to there. */
const TOO_MUCH: Finding = {
  code: 'RULE_NOT_CHECKED',
  path: [],
  message: 'values were not fully checked, because their schema takes too long',
}

/** Where the status is a subresource, it is dropped when an object is created. */
function withoutStatus(data: JsonObject, subresources: Json | undefined): JsonObject {
  if (!isObject(subresources) || !isObject(subresources['status']) || !Object.hasOwn(data, 'status')) return data
  const { status: _, ...rest } = data
  return Object.assign(emptyObject(), rest)
}
