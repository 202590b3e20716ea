import { emptyObject, isObject, textOf, type Json, type JsonObject } from '../json.ts'
import { patternCompiler } from '../re2.ts'
import type { Finding } from '../validate/rule.ts'
import { embeddedResourceFindings } from './custom/embedded.ts'
import { listTypeFindings } from './custom/list-types.ts'
import { pruneAndDefault } from './custom/prune-and-default.ts'
import { scaleFindings } from './custom/scale.ts'
import { SchemaNode } from './custom/schema-node.ts'
import { validateValue, type ValueCheck } from './custom/validate-values.ts'
import type { KubeSchema } from './schema.ts'

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
}

/**
 * Makes checkers of CustomResourceDefinition objects (`apiextensions.k8s.io/v1`). Definitions that lack a group, kind
 * or versions are passed over: checking them is the business of their own rules. This module brings re2js with it, so
 * import it only when there are such objects.
 */
export function customSchemas(kube: KubeSchema, definitions: readonly JsonObject[]): CustomSchemas {
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
        check: version['served'] === true ? checker(kube, version) : notServed(apiVersion),
      })
    }
  }
  return { find: (apiVersion, kind) => kinds.get(`${apiVersion} ${kind}`) }
}

function notServed(apiVersion: string): CustomKind['check'] {
  const message = `the CustomResourceDefinition does not serve ${apiVersion}`
  return () => [{ code: 'API_REMOVED', path: ['apiVersion'], message, hint: 'use a version with served: true' }]
}

/** Checks as the API server does when an object is created. Source: pkg/registry/customresource/strategy.go Validate. */
function checker(kube: KubeSchema, version: JsonObject): CustomKind['check'] {
  const raw = isObject(version['schema']) ? version['schema']['openAPIV3Schema'] : undefined
  const schema = new SchemaNode(isObject(raw) ? raw : emptyObject())
  const compilePattern = patternCompiler()
  const { subresources } = version
  return (given) => {
    const { data, findings } = pruneAndDefault(kube, schema, given)
    const created = withoutStatus(data, subresources)
    const check: ValueCheck = { minor: kube.version.minor, compilePattern, findings, path: [], blocked: false }
    validateValue(check, schema, created)
    const more = [
      ...scaleFindings(subresources, created),
      ...embeddedResourceFindings(schema, created, kube.version),
      ...listTypeFindings(schema, created),
    ]
    return [...findings, ...more]
  }
}

/** Where the status is a subresource, it is dropped when an object is created. */
function withoutStatus(data: JsonObject, subresources: Json | undefined): JsonObject {
  if (!isObject(subresources) || !isObject(subresources['status']) || !Object.hasOwn(data, 'status')) return data
  const { status: _, ...rest } = data
  return Object.assign(emptyObject(), rest)
}
