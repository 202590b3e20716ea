import { emptyObject, isObject, type Json, type JsonObject } from '../../json/json.ts'
import type { Finding } from '../../diagnostics/finding.ts'
import { describe } from '../scalars.ts'
import type { SchemaNode } from './schema-node.ts'

interface Walk {
  readonly findings: Finding[]
  readonly path: (string | number)[]
}

/**
 * Duplicates in lists with `x-kubernetes-list-type: set` or `map`. The first repetition of an item is reported.
 * Source: apiextensions-apiserver pkg/apiserver/schema/listtype ValidateListSetsAndMaps.
 */
export function listTypeFindings(schema: SchemaNode, data: JsonObject): Finding[] {
  const walk: Walk = { findings: [], path: [] }
  visit(walk, schema, data)
  return walk.findings
}

const MAX_DEPTH = 1000

function visit(walk: Walk, schema: SchemaNode, value: Json): void {
  if (walk.path.length > MAX_DEPTH) return
  if (Array.isArray(value)) {
    if (schema.listType === 'set') duplicates(walk, value)
    else if (schema.listType === 'map') mapDuplicates(walk, schema.listMapKeys, value)
    const { items } = schema
    if (items !== undefined) for (let i = 0; i < value.length; i++) below(walk, items, i, value[i] as Json)
  } else if (isObject(value)) {
    const { additional } = schema
    for (const key of Object.keys(value)) {
      const field = schema.property(key) ?? additional
      if (field !== undefined && typeof field !== 'boolean') below(walk, field, key, value[key] as Json)
    }
  }
}

function below(walk: Walk, schema: SchemaNode, step: string | number, value: Json): void {
  if (typeof value !== 'object') return
  walk.path.push(step)
  visit(walk, schema, value)
  walk.path.pop()
}

function mapDuplicates(walk: Walk, keys: readonly string[], value: readonly Json[]): void {
  const wrong = value.findIndex((item) => item !== null && !isObject(item))
  if (wrong >= 0) {
    const message = `must be a map in a list of type map, got ${describe(value[wrong] as Json)}`
    walk.findings.push({ code: 'FIELD_RULE', path: [...walk.path, wrong], message })
    return
  }
  duplicates(
    walk,
    value.map((item) => keyOf(item as JsonObject | null, keys)),
  )
}

/** The key fields of an item of a list of type map; an absent one differs from null. */
function keyOf(item: JsonObject | null, keys: readonly string[]): Json {
  const key = emptyObject()
  for (const name of keys) if (item !== null && Object.hasOwn(item, name)) key[name] = item[name] as Json
  return key
}

function duplicates(walk: Walk, identities: readonly Json[]): void {
  const seen = new Map<string, number>()
  for (const [index, identity] of identities.entries()) {
    const text = sortedJson(identity)
    const times = (seen.get(text) ?? 0) + 1
    seen.set(text, times)
    if (times !== 2) continue
    walk.findings.push({
      code: 'FIELD_RULE',
      path: [...walk.path, index],
      message: `Duplicate value: ${JSON.stringify(identity)}`,
    })
  }
}

/** JSON with sorted keys, as Go prints maps. */
function sortedJson(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) => {
    if (!isObject(inner)) return inner
    const sorted = emptyObject()
    for (const key of Object.keys(inner).sort()) sorted[key] = inner[key] as Json
    return sorted
  })
}
