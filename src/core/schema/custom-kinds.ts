import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { isObject, textOf, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { CUSTOM_FORMATS } from './formats.ts'
import { patternTest } from './pattern.ts'
import { describe, wrongType } from './scalars.ts'
import type { KubeSchema } from './kube-schema.ts'
import { pruneAndDefault } from './prune-and-default.ts'
import { toJsonSchema } from './translate.ts'

/** A kind that a CustomResourceDefinition defines, in one of its versions. */
export interface CustomKind {
  plural: string
  namespaced: boolean
  /** Checks an object of the kind. The schema is compiled when the first one comes. */
  check(data: JsonObject): Finding[]
}

/** The kinds of some CustomResourceDefinitions. */
export interface CustomSchemas {
  /** The kind, by apiVersion as in a manifest; undefined when no definition has it. */
  find(apiVersion: string, kind: string): CustomKind | undefined
}

/**
 * Makes checkers of CustomResourceDefinition objects (`apiextensions.k8s.io/v1`). Definitions that lack a group, kind
 * or versions are passed over: checking them is the business of their own schema. This module brings ajv with it, so
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
      const key = `${apiVersion} ${textOf(kind)}`
      kinds.set(key, {
        plural: textOf(plural),
        namespaced: spec['scope'] === 'Namespaced',
        check: version['served'] === true ? checker(kube, version, key) : notServed(apiVersion),
      })
    }
  }
  return { find: (apiVersion, kind) => kinds.get(`${apiVersion} ${kind}`) }
}

function notServed(apiVersion: string): CustomKind['check'] {
  const message = `the CustomResourceDefinition does not serve ${apiVersion}`
  return () => [{ code: 'API_REMOVED', path: ['apiVersion'], message, hint: 'use a version with served: true' }]
}

function checker(kube: KubeSchema, version: JsonObject, name: string): CustomKind['check'] {
  const schema = isObject(version['schema']) ? version['schema']['openAPIV3Schema'] : undefined
  let validate: ValidateFunction | Finding | undefined
  return (data) => {
    const settled = pruneAndDefault(kube, schema ?? null, data)
    validate ??= compile(schema, name)
    if (typeof validate !== 'function') return [...settled.findings, validate]
    if (validate(settled.data)) return settled.findings
    const errors = (validate.errors ?? []).filter(isOutermost)
    return [...settled.findings, ...errors.map((error) => explain(error, settled.data))]
  }
}

function compile(schema: Json | undefined, name: string): ValidateFunction | Finding {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    verbose: true,
    validateSchema: false,
    formats: CUSTOM_FORMATS,
    logger: false,
    code: { regExp: Object.assign(patternTest, { code: 'patternTest' }) },
  })
  try {
    return ajv.compile(toJsonSchema(schema))
  } catch {
    const message = `the schema of ${name} cannot be used: its values go unchecked`
    return { code: 'CRD_SCHEMA', path: ['kind'], message }
  }
}

/** Errors inside alternatives say why each failed; the alternatives' own error says enough. */
function isOutermost({ schemaPath }: ErrorObject): boolean {
  return !/\/(?:anyOf|oneOf)\/\d+\/|\/not\//.test(schemaPath)
}

function explain(error: ErrorObject, root: Json): Finding {
  const path = pathOf(error.instancePath, root)
  const value = error.data as Json
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'required': {
      const field = String(params['missingProperty'])
      return { code: 'FIELD_REQUIRED', path: [...path, field], message: `required field "${field}" is missing` }
    }
    case 'type': {
      const expected = [params['type']].flat().filter((type) => type !== 'null').join(' or ')
      if (value !== null) return { ...wrongType(WORDS[expected] ?? expected, value), path }
      return { code: 'FIELD_TYPE', path, message: `expected ${WORDS[expected] ?? expected}, got null` }
    }
    case 'enum': {
      const allowed = (params['allowedValues'] as Json[]).map((item) => JSON.stringify(item)).join(', ')
      return { code: 'FIELD_RULE', path, message: `expected one of ${allowed}, got ${describe(value)}` }
    }
    default:
      return { code: 'FIELD_RULE', path, message: `${error.message ?? 'is not allowed'}, got ${describe(value)}` }
  }
}

const WORDS: Readonly<Record<string, string>> = { object: 'map', array: 'list' }

/** A JSON pointer as a path; which of its steps are indexes only the data tells. */
function pathOf(pointer: string, root: Json): JsonPath {
  const path: (string | number)[] = []
  let at: Json | undefined = root
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(at) ? Number(key) : key)
    if (Array.isArray(at)) at = at[Number(key)]
    else at = isObject(at) ? at[key] : undefined
  }
  return path
}
