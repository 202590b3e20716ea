import type { FieldPath, Json, JsonObject } from '../json.ts'
import { isObject } from '../json.ts'
import type { Finding } from '../validate/rule.ts'
import { unknownField } from './explain.ts'
import { isEnforced } from './required.ts'
import { scalarCheck, wrongType } from './scalars.ts'
import type { Definition, FieldType, KubeSchema } from './schema.ts'
import type { Walk } from './walk.ts'

/** An object to check, as a rule's context has it. */
export interface SchemaSubject {
  /** API group: empty for core. */
  group: string
  /** API version without the group: `v1`. */
  version: string
  kind: string
  data: JsonObject
}

/**
 * Checks an object's shape as the API server's decoder does under strict field validation: unknown fields, types,
 * formats that decoding enforces, and missing fields that its validation requires. Findings come in the order of the
 * data. A kind that the schema's version does not serve yields none: `findKind` speaks of those.
 */
export function checkSchema(schema: KubeSchema, { group, version, kind, data }: SchemaSubject): Finding[] {
  const served = schema.kind(group === '' ? version : `${group}/${version}`, kind)
  return served === undefined ? [] : checkDefinition(schema, served.definition, data, [])
}

/** Checks a value against a definition by its name; `path` is where the value stands in its object. */
export function checkDefinition(schema: KubeSchema, name: string, value: Json, path: FieldPath): Finding[] {
  const walk: Walk = { schema, findings: [], path: [...path], owners: [] }
  checkValue(walk, name, value)
  return walk.findings
}

/**
 * Only JSONSchemaProps holds itself, so no honest object is as deep as this. The bound keeps a hostile one from
 * exhausting the stack.
 */
const MAX_DEPTH = 1000

function checkValue(walk: Walk, type: FieldType, value: Json): void {
  if (value === null) return
  if (walk.path.length > MAX_DEPTH) report(walk, wrongType('less deeply nested value', value))
  else if (type.startsWith('[]')) checkList(walk, type.slice(2), value)
  else if (type.startsWith('{}')) checkMap(walk, type.slice(2), value)
  else {
    const scalar = scalarCheck(type)
    if (scalar === undefined) checkObject(walk, type, value)
    else {
      const complaint = scalar(value)
      if (complaint !== undefined) report(walk, complaint)
    }
  }
}

function checkList(walk: Walk, type: FieldType, value: Exclude<Json, null>): void {
  if (!Array.isArray(value)) return report(walk, wrongType('list', value))
  for (const [index, item] of value.entries()) step(walk, index, type, item)
}

function checkMap(walk: Walk, type: FieldType, value: Exclude<Json, null>): void {
  if (!isObject(value)) return report(walk, wrongType('map', value))
  for (const key of Object.keys(value)) step(walk, key, type, value[key] as Json)
}

function checkObject(walk: Walk, name: string, value: Exclude<Json, null>): void {
  if (!isObject(value)) return report(walk, wrongType('map', value))
  const definition = walk.schema.definition(name)
  if (definition === undefined) throw new Error(`the schema has no definition ${name}`)
  walk.owners.push({ name, depth: walk.path.length })
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(definition[0], key)) step(walk, key, definition[0][key] as FieldType, value[key] as Json)
    else walk.findings.push(unknownField(walk, name, key))
  }
  checkRequired(walk, name, definition, value)
  walk.owners.pop()
}

function checkRequired(walk: Walk, name: string, [, required]: Definition, value: JsonObject): void {
  // What is in a status is never validated when an object is created.
  if (walk.path[0] === 'status') return
  for (const field of required) {
    if (Object.hasOwn(value, field) && value[field] !== null) continue
    if (field === 'status' || !isEnforced(name, field)) continue
    const path = [...walk.path, field]
    walk.findings.push({ code: 'FIELD_REQUIRED', path, message: `required field "${field}" is missing` })
  }
}

function step(walk: Walk, key: string | number, type: FieldType, value: Json): void {
  walk.path.push(key)
  checkValue(walk, type, value)
  walk.path.pop()
}

function report(walk: Walk, complaint: Omit<Finding, 'path'>): void {
  walk.findings.push({ ...complaint, path: [...walk.path] })
}
