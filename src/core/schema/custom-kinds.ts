import { isObject, textOf, type Json, type JsonObject, emptyObject } from '../json/json.ts'
import { patternCompiler, type PatternResult } from '../common/re2.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { definitionFindings, type EmbeddedResourceCheck, type RuleSupport } from './custom/definition.ts'
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
  /** Validates an object of the kind. Parts of the schema are read when an object first needs them. */
  check(data: JsonObject): Finding[]
}

/** The kinds of some CustomResourceDefinitions. */
export interface CustomSchemas {
  /** The kind, by apiVersion as in a manifest; undefined if no definition has it. */
  find(apiVersion: string, kind: string): CustomKind | undefined
  /** Findings on patterns, defaults and CEL rules of a definition that has no other errors. */
  checkDefinition(data: JsonObject): Finding[]
}

/** The functions for CEL rules (`cel/support.ts`), which bring a parser with them and are loaded only if needed. */
export interface CelSupport extends RuleSupport {
  /** Makes a function that evaluates the rules of a schema on an object; undefined if the schema has no rules. */
  ruleChecker(
    schema: SchemaNode,
    compilePattern: (source: string) => PatternResult,
    minor: number,
  ): ((data: JsonObject) => Finding[]) | undefined
}

/** Whether any definition may have CEL rules, so that `CelSupport` is needed. */
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

/** Validation of custom resources that needs more than their schema. */
export interface CustomChecks {
  /** Undefined if no definition has CEL rules. */
  cel?: CelSupport | undefined
  embeddedResources?: EmbeddedResourceCheck
}

/**
 * Makes validators of the kinds that CustomResourceDefinitions (`apiextensions.k8s.io/v1`) define. Definitions that
 * lack a group, kind or versions are skipped, as their own rules report that. Import this module only if there are
 * definitions: it brings re2js with it.
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
    checkDefinition: (data) => definitionFindings(kube, data, cel, embeddedResources),
  }
}

function notServed(apiVersion: string): CustomKind['check'] {
  const message = `the CustomResourceDefinition does not serve ${apiVersion}`
  return () => [{ code: 'API_REMOVED', path: ['apiVersion'], message, hint: 'use a version with served: true' }]
}

/**
 * Validates an object as the API server does when it is created.
 * Source: apiextensions-apiserver pkg/registry/customresource/strategy.go Validate.
 */
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
  const checkRules = cel?.ruleChecker(schema, compilePattern, kube.version.minor)
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
    // Like the API server, skip rules that would read wrong or missing values.
    const broken = check.blocked || checkRules === undefined ? [] : checkRules(created)
    return [...findings, ...check.findings, ...more, ...broken]
  }
}

/** Replaces all findings on values if validation had to end early: in the middle of alternatives they may be wrong. */
const TOO_MUCH: Finding = {
  code: 'RULE_NOT_CHECKED',
  path: [],
  message: 'values were not fully checked, because their schema takes too long',
}

/** An object without its status if that is a subresource, as the API server drops it when the object is created. */
function withoutStatus(data: JsonObject, subresources: Json | undefined): JsonObject {
  if (!isObject(subresources) || !isObject(subresources['status']) || !Object.hasOwn(data, 'status')) return data
  const { status: _, ...rest } = data
  return Object.assign(emptyObject(), rest)
}
