import { type JsonPath, type Json, type JsonObject, isObject } from '../json/json.ts'
import { LIMITS } from '../common/limits.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { unknownField } from './unknown-field.ts'
import { wrongType } from './scalars.ts'
import type { KubeSchema } from './kube-schema.ts'
import type { Shape } from './object-shape.ts'
import type { SchemaWalk } from './walk.ts'

/**
 * Validates a value by the definition of a name as the API server's decoder does with strict field validation: unknown
 * fields, types, formats that decoding enforces, and missing fields that its validation requires. Findings are in the
 * order of the data; `path` is the value's in its object.
 */
export function validateDefinition(schema: KubeSchema, name: string, value: Json, path: JsonPath): Finding[] {
  const walk: SchemaWalk = { schema, findings: [], path: [...path], root: { name, depth: path.length } }
  if (value === null) return []
  if (isTooDeep(walk)) report(walk, wrongType('less deeply nested value', value))
  else checkObject(walk, name, value)
  return walk.findings
}

/**
 * Only JSONSchemaProps contains itself, so no real object is nested as deep. The bound keeps a hostile one from
 * exhausting the stack.
 */
const MAX_DEPTH = LIMITS.nesting.value

function isTooDeep({ path }: SchemaWalk): boolean {
  return path.length > MAX_DEPTH
}

/** Validates the value of a field or item. Meanwhile its key is the end of the path. */
function checkValue(walk: SchemaWalk, key: string | number, shape: Shape, value: Json): void {
  if (value === null) return
  walk.path.push(key)
  if (isTooDeep(walk)) report(walk, wrongType('less deeply nested value', value))
  else if (shape.kind === 'scalar') {
    const complaint = shape.check(value)
    if (complaint !== undefined) report(walk, complaint)
  } else if (shape.kind === 'object') checkObject(walk, shape.name, value)
  else if (shape.kind === 'list') checkList(walk, shape.item, value)
  else checkMap(walk, shape.item, value)
  walk.path.pop()
}

function checkList(walk: SchemaWalk, item: Shape, value: Exclude<Json, null>): void {
  if (!Array.isArray(value)) return report(walk, wrongType('list', value))
  for (let index = 0; index < value.length; index++) checkValue(walk, index, item, value[index] as Json)
}

function checkMap(walk: SchemaWalk, item: Shape, value: Exclude<Json, null>): void {
  if (!isObject(value)) return report(walk, wrongType('map', value))
  const keys = Object.keys(value)
  for (let n = 0; n < keys.length; n++) checkValue(walk, keys[n] as string, item, value[keys[n] as string] as Json)
}

function checkObject(walk: SchemaWalk, name: string, value: Exclude<Json, null>): void {
  if (!isObject(value)) return report(walk, wrongType('map', value))
  const { fields, required } = walk.schema.shape(name)
  const keys = Object.keys(value)
  for (let n = 0; n < keys.length; n++) {
    const key = keys[n] as string
    const shape = fields.get(key)
    if (shape === undefined) walk.findings.push(unknownField(walk, name, key))
    else checkValue(walk, key, shape, value[key] as Json)
  }
  if (required.length > 0 && walk.path[0] !== 'status') checkRequired(walk, required, value)
}

function checkRequired(walk: SchemaWalk, required: readonly string[], value: JsonObject): void {
  for (let n = 0; n < required.length; n++) {
    const field = required[n] as string
    if (Object.hasOwn(value, field) && value[field] !== null) continue
    const path = [...walk.path, field]
    walk.findings.push({ code: 'FIELD_REQUIRED', path, message: `required field "${field}" is missing` })
  }
}

function report(walk: SchemaWalk, complaint: Omit<Finding, 'path'>): void {
  walk.findings.push({ ...complaint, path: [...walk.path] })
}
