import { clone, emptyObject, isObject, type Json, type JsonObject } from '../../json/json.ts'
import { didYouMean } from '../../diagnostics/did-you-mean.ts'
import type { Finding } from '../../diagnostics/finding.ts'
import { validateDefinition } from '../validate-schema.ts'
import { wrongType } from '../scalars.ts'
import type { KubeSchema } from '../kube-schema.ts'
import type { SchemaNode } from './schema-node.ts'

/** An object after pruning and defaulting by a structural schema. */
export interface PrunedObject {
  /** A copy with defaults, and without unknown fields and nulls that count as absent. */
  data: JsonObject
  findings: Finding[]
}

interface Pass {
  readonly kube: KubeSchema
  readonly findings: Finding[]
  readonly path: (string | number)[]
}

/** Deeper data is returned unchanged, which bounds the recursion. */
const MAX_DEPTH = 1000

/** With more properties than this, unknown fields get no suggestion, as each would be compared with all of them. */
const MAX_SUGGESTIONS = 500

/**
 * Prunes and defaults an object as the API server does before it validates a custom resource: reports fields that the
 * structural schema does not have, drops nulls of fields that are not nullable, fills in defaults, and validates the
 * metadata of the object and of resources embedded in it. The given object is not changed.
 * Source: apiextensions-apiserver pkg/apiserver/schema pruning, defaulting (PruneNonNullableNullsWithoutDefaults,
 * Default) and objectmeta (Coerce).
 */
export function pruneAndDefault(kube: KubeSchema, schema: SchemaNode, data: JsonObject): PrunedObject {
  const pass: Pass = { kube, findings: [], path: [] }
  return {
    data: prunedMap(pass, schema, data, { isResource: true, keepsUnknown: schema.preservesUnknown }),
    findings: pass.findings,
  }
}

/** @param keepsUnknown whether unknown fields are kept, because a list around the value preserves them */
function pruned(pass: Pass, schema: SchemaNode | undefined, value: Json, keepsUnknown: boolean): Json {
  if (pass.path.length > MAX_DEPTH) return value
  const keeps = keepsUnknown || schema?.preservesUnknown === true
  if (Array.isArray(value))
    return value.map((item, index) => inside(pass, index, () => prunedItem(pass, schema, item, keeps)))
  if (!isObject(value)) return value
  return prunedMap(pass, schema, value, { isResource: schema?.isEmbedded === true, keepsUnknown: keeps })
}

function prunedItem(pass: Pass, list: SchemaNode | undefined, item: Json, keepsUnknown: boolean): Json {
  const schema = list?.items
  if (keepsUnknown && schema === undefined) return item
  if (item === null && schema?.nullable === false && schema.hasDefault) return clone(schema.raw['default'] as Json)
  return pruned(pass, schema, item, keepsUnknown)
}

interface MapPass {
  /** Whether apiVersion, kind and metadata are known fields even if the schema does not have them. */
  isResource: boolean
  keepsUnknown: boolean
}

function prunedMap(pass: Pass, schema: SchemaNode | undefined, value: JsonObject, how: MapPass): JsonObject {
  const out = emptyObject()
  for (const key of Object.keys(value)) {
    const field = fieldSchema(schema, key, how)
    if (field === undefined) pass.findings.push(unknownField(pass, schema, key))
    else if (field === 'kept') out[key] = value[key] as Json
    else if (field === 'resource') {
      if (value[key] !== null)
        out[key] = inside(pass, key, () => resourceField(pass, key, value[key] as Exclude<Json, null>))
    } else if (value[key] !== null || field === 'unspecified' || field.nullable) {
      out[key] = inside(pass, key, () =>
        pruned(pass, field === 'unspecified' ? undefined : field, value[key] as Json, false),
      )
    }
  }
  if (schema !== undefined) fillDefaults(pass, schema, out, value)
  return out
}

type FieldSchema = SchemaNode | 'kept' | 'resource' | 'unspecified'

/**
 * The schema of a field, undefined for an unknown one. Under `additionalProperties: true` a value is not specified, so
 * that fields in it are unknown.
 */
function fieldSchema(
  schema: SchemaNode | undefined,
  key: string,
  { isResource, keepsUnknown }: MapPass,
): FieldSchema | undefined {
  if (isResource && (key === 'apiVersion' || key === 'kind' || key === 'metadata')) return 'resource'
  if (schema === undefined) return undefined
  const property = schema.property(key)
  if (property !== undefined) return property
  const { additional } = schema
  if (additional !== undefined) return typeof additional === 'boolean' ? 'unspecified' : additional
  return keepsUnknown ? 'kept' : undefined
}

/** Validates apiVersion, kind or metadata of a resource, where a null counts as absent. */
function resourceField(pass: Pass, key: string, value: Exclude<Json, null>): Json {
  if (key === 'metadata')
    for (const found of validateDefinition(pass.kube, 'V1ObjectMeta', value, pass.path)) pass.findings.push(found)
  else if (typeof value !== 'string') pass.findings.push({ ...wrongType('string', value), path: [...pass.path] })
  return value
}

/** Defaults of properties; a null counts as absent where it is not allowed. */
function fillDefaults(pass: Pass, schema: SchemaNode, out: JsonObject, given: JsonObject): void {
  const { properties } = schema
  for (const key of Object.keys(properties)) {
    const raw = properties[key]
    if (!isObject(raw) || raw['default'] === undefined || raw['default'] === null || Object.hasOwn(out, key)) continue
    if (Object.hasOwn(given, key) && given[key] !== null) continue
    const quiet: Pass = { ...pass, findings: [] }
    out[key] = inside(quiet, key, () => pruned(quiet, schema.property(key), raw['default'] as Json, true))
  }
}

function unknownField(pass: Pass, schema: SchemaNode | undefined, key: string): Finding {
  const finding: Finding = {
    code: 'FIELD_UNKNOWN',
    path: [...pass.path, key],
    on: 'key',
    message: `unknown field ${JSON.stringify(key.slice(0, 80))}`,
  }
  const known = Object.keys(schema?.properties ?? {})
  const meant = known.length > MAX_SUGGESTIONS ? undefined : didYouMean(key, known)
  return meant === undefined ? finding : { ...finding, hint: `did you mean "${meant}"?` }
}

function inside<T>(pass: Pass, key: string | number, work: () => T): T {
  pass.path.push(key)
  const result = work()
  pass.path.pop()
  return result
}
