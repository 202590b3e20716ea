import { type Json, type JsonObject, isObject } from '../json/json.ts'
import { LIMITS } from '../common/limits.ts'
import { append } from '../common/append.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { validateDefinition } from './validate-schema.ts'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { KubeSchema } from './kube-schema.ts'

/** What a structural schema makes of an object before its values are validated. */
export interface PrunedObject {
  /** A copy with defaults filled in, and without unknown fields and nulls that count as absent. */
  data: Json
  findings: Finding[]
}

interface Pass {
  readonly kube: KubeSchema
  readonly findings: Finding[]
  readonly path: (string | number)[]
}

/** Schemas of CustomResourceDefinitions are nested by hand or generated; deeper data is not followed. */
const MAX_DEPTH = LIMITS.nesting.value

/**
 * Does to an object what the API server does before it validates a custom resource: reports fields that the structural
 * schema does not have (pruning), drops nulls of fields that are not nullable (PruneNonNullableNullsWithoutDefaults)
 * and fills defaults. The object itself is left alone.
 */
export function pruneAndDefault(kube: KubeSchema, schema: Json, data: JsonObject): PrunedObject {
  const pass: Pass = { kube, findings: [], path: [] }
  return { data: settleObject(pass, isObject(schema) ? schema : {}, data, true), findings: pass.findings }
}

function settleValue(pass: Pass, schema: JsonObject, value: Json): Json {
  if (pass.path.length > MAX_DEPTH) return value
  if (Array.isArray(value)) {
    const { items } = schema
    if (!isObject(items)) return value
    return value.map((item, index) => inside(pass, index, () => settleValue(pass, items, item)))
  }
  if (isObject(value)) return settleObject(pass, schema, value, schema['x-kubernetes-embedded-resource'] === true)
  return value
}

function settleObject(pass: Pass, schema: JsonObject, value: JsonObject, resource: boolean): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const out = emptyObject()
  for (const key of Object.keys(value)) {
    const field = fieldSchema(schema, properties, key, resource)
    if (field === undefined) pass.findings.push(unknown(pass, key, Object.keys(properties)))
    else if (value[key] !== null || field === true || field['nullable'] === true) {
      out[key] = inside(pass, key, () => settleField(pass, field, key, value[key] as Json, resource))
    }
  }
  for (const key of Object.keys(properties)) {
    const field = properties[key]
    if (isObject(field) && field['default'] !== undefined && !Object.hasOwn(out, key)) {
      out[key] = inside(pass, key, () => settleValue(pass, field, field['default'] as Json))
    }
  }
  return out
}

/** The schema of a field; true where anything goes, undefined where the field is unknown. */
function fieldSchema(
  schema: JsonObject,
  properties: JsonObject,
  key: string,
  resource: boolean,
): JsonObject | true | undefined {
  if (Object.hasOwn(properties, key)) return isObject(properties[key]) ? properties[key] : true
  if (resource && (key === 'apiVersion' || key === 'kind' || key === 'metadata')) return true
  const rest = schema['additionalProperties']
  if (isObject(rest)) return rest
  return rest === true || schema['x-kubernetes-preserve-unknown-fields'] === true ? true : undefined
}

function settleField(pass: Pass, field: JsonObject | true, key: string, value: Json, resource: boolean): Json {
  if (resource && key === 'metadata') {
    append(pass.findings, validateDefinition(pass.kube, 'V1ObjectMeta', value, pass.path))
    return value
  }
  return field === true ? value : settleValue(pass, field, value)
}

function unknown(pass: Pass, key: string, known: string[]): Finding {
  const finding: Finding = {
    code: 'FIELD_UNKNOWN',
    path: [...pass.path, key],
    on: 'key',
    message: `unknown field ${JSON.stringify(key.slice(0, 80))}`,
  }
  const meant = didYouMean(key, known)
  return meant === undefined ? finding : { ...finding, hint: `did you mean "${meant}"?` }
}

function inside<T>(pass: Pass, key: string | number, work: () => T): T {
  pass.path.push(key)
  const result = work()
  pass.path.pop()
  return result
}

/** Keys come from users, so that `__proto__` must be a key like others. */
export function emptyObject(): JsonObject {
  return Object.create(null) as JsonObject
}
