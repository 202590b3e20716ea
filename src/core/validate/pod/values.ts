import { type FieldPath, isObject, type Json, type JsonObject } from '../../json.ts'

/**
 * Reading plain data as the API server's decoder leaves it: `null` and absent are the same, and a value of the wrong
 * type is undefined, so that rules stay silent about what the schema check already reports.
 */

/** A part of the pod spec and where it lies. */
export interface Part {
  readonly data: JsonObject
  readonly path: FieldPath
}

/** The value of a key, undefined when absent or null. Never looks at the prototype. */
export function valueOf(data: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(data, key) ? (data[key] ?? undefined) : undefined
}

/** True when a pointer field of Go would not be nil. */
export function isSet(data: JsonObject, key: string): boolean {
  return valueOf(data, key) !== undefined
}

/** A string field: empty when absent, undefined when it is no string. */
export function textOf(data: JsonObject, key: string): string | undefined {
  const value = valueOf(data, key) ?? ''
  return typeof value === 'string' ? value : undefined
}

/** A string field behind a pointer: undefined when absent or no string. */
export function optionalText(data: JsonObject, key: string): string | undefined {
  const value = valueOf(data, key)
  return typeof value === 'string' ? value : undefined
}

/** A number behind a pointer: undefined when absent or no number. */
export function numberOf(data: JsonObject, key: string): number | undefined {
  const value = valueOf(data, key)
  return typeof value === 'number' ? value : undefined
}

/** A boolean behind a pointer: undefined when absent or no boolean. */
export function flagOf(data: JsonObject, key: string): boolean | undefined {
  const value = valueOf(data, key)
  return typeof value === 'boolean' ? value : undefined
}

/** A list; empty when absent or no list. */
export function listOf(data: JsonObject, key: string): readonly Json[] {
  const value = valueOf(data, key)
  return Array.isArray(value) ? value : []
}

/** A map's entries; none when absent or no map. */
export function entriesOf(data: JsonObject, key: string): [string, Json][] {
  const value = valueOf(data, key)
  return isObject(value) ? Object.entries(value) : []
}

/** A map field; undefined when absent or no map. */
export function childOf(data: JsonObject, key: string): JsonObject | undefined {
  const value = valueOf(data, key)
  return isObject(value) ? value : undefined
}

/** A map field as a part; undefined when absent or no map. */
export function partOf(parent: Part, key: string): Part | undefined {
  const data = childOf(parent.data, key)
  return data && { data, path: [...parent.path, key] }
}

const EMPTY: JsonObject = Object.create(null) as JsonObject

/** The maps of a list as parts. A null item is an empty one, as Go decodes it; anything else is left out. */
export function itemsOf(parent: Part, key: string): Part[] {
  const parts: Part[] = []
  for (const [index, item] of listOf(parent.data, key).entries()) {
    const data = item === null ? EMPTY : item
    if (isObject(data)) parts.push({ data, path: [...parent.path, key, index] })
  }
  return parts
}

/** The strings of a list with their paths; null is an empty string, anything else is left out. */
export function textsOf(parent: Part, key: string): { value: string; path: FieldPath }[] {
  const texts: { value: string; path: FieldPath }[] = []
  for (const [index, item] of listOf(parent.data, key).entries()) {
    const value = item ?? ''
    if (typeof value === 'string') texts.push({ value, path: [...parent.path, key, index] })
  }
  return texts
}
