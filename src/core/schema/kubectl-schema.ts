import { LIMITS } from '../common/limits.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { isObject, type Json, type JsonObject } from '../json/json.ts'
import type { KubeSchema } from './kube-schema.ts'
import type { FieldType } from './object-shape.ts'

/**
 * What kubectl itself rejects by the schema of a kind, but the API server accepts: a missing field that OpenAPI requires,
 * and null in a list or map. Types and unknown fields are left to `validateDefinition`.
 * Source: kubectl pkg/util/openapi/validation mapItem, itemFactory.
 */
export function kubectlFindings(schema: KubeSchema, definition: string, data: JsonObject): Finding[] {
  const walk: Walk = { schema, path: [], findings: [] }
  checkType(walk, definition, data)
  return walk.findings
}

interface Walk {
  readonly schema: KubeSchema
  readonly path: (string | number)[]
  readonly findings: Finding[]
}

const BY_KUBECTL = 'kubectl validates the items of a List by the OpenAPI schema'

function checkType(walk: Walk, type: FieldType, value: Exclude<Json, null>): void {
  if (typeof value !== 'object' || walk.path.length > LIMITS.nesting.value) return
  if (type.startsWith('[]') || type.startsWith('{}')) return checkEntries(walk, type.slice(2), value)
  const definition = isObject(value) ? walk.schema.definition(type) : undefined
  if (definition === undefined || !isObject(value)) return
  const [fields, required] = definition
  const keys = Object.keys(value)
  for (let n = 0; n < keys.length; n++) {
    const key = keys[n] as string
    const [field, entry] = [fields.get(key), value[key] as Json]
    if (field !== undefined && entry !== null) below(walk, key, () => checkType(walk, field, entry))
  }
  for (const field of required) {
    if (Object.hasOwn(value, field) && value[field] !== null) continue
    const message = `required field "${field}" is missing: ${BY_KUBECTL}`
    walk.findings.push({ code: 'FIELD_REQUIRED', path: [...walk.path, field], message })
  }
}

/** The items of a list or the entries of a map, neither of which may be null. */
function checkEntries(walk: Walk, type: FieldType, value: readonly Json[] | JsonObject): void {
  const keys: readonly (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  for (const key of keys) {
    const entry = (value as JsonObject)[key] as Json
    if (entry === null) {
      const message = `null is not allowed in a list or map: ${BY_KUBECTL}`
      walk.findings.push({ code: 'FIELD_TYPE', path: [...walk.path, key], message })
    } else if (typeof entry === 'object') below(walk, key, () => checkType(walk, type, entry))
  }
}

function below(walk: Walk, key: string | number, check: () => void): void {
  walk.path.push(key)
  check()
  walk.path.pop()
}
