import { isObject, type Json, type JsonObject } from '../../json/json.ts'
import { append } from '../../common/append.ts'
import type { PodPlace } from '../place.ts'

/**
 * Reads plain data as the API server's decoder leaves it: `null` and absent are the same. A value of a wrong type is
 * undefined, so that rules do not report what the schema reports already.
 */

/** A map in the pod spec and its place. */
export interface Part {
  readonly data: JsonObject
  readonly path: PodPlace
}

/** The value of a key, undefined when absent or null. Never looks at the prototype. */
export function valueOf(data: JsonObject, key: string): Json | undefined {
  // Most fields are absent from most objects. V8 finds that out faster so than by reading them.
  return Object.hasOwn(data, key) ? (data[key] ?? undefined) : undefined
}

/** True if the value is neither absent nor null: in Go, a pointer that is not nil. */
export function isSet(data: JsonObject, key: string): boolean {
  return valueOf(data, key) !== undefined
}

/** A string field: empty when absent, undefined when it is not a string. */
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
  return Array.isArray(value) ? value : NO_ITEMS
}

const NO_ITEMS: readonly Json[] = []

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
  return data && part(data, parent.path, key)
}

function part(data: JsonObject, parent: PodPlace, step: string | number): Part {
  const path = { parent, step }
  return { data, path }
}

const EMPTY: JsonObject = Object.create(null) as JsonObject
const NO_PARTS: readonly Part[] = []

/** The maps of a list as parts. A null item is an empty one, as Go decodes it; anything else is left out. */
export function itemsOf(parent: Part, key: string): readonly Part[] {
  const list = listOf(parent.data, key)
  if (list.length === 0) return NO_PARTS
  const path: PodPlace = { parent: parent.path, step: key }
  const parts: Part[] = []
  for (let index = 0; index < list.length; index++) {
    const data = list[index] ?? EMPTY
    if (isObject(data)) parts.push(part(data, path, index))
  }
  return parts
}

/** The maps of the lists that parts have under a key, such as the ports of all containers. */
export function itemsOfAll(parents: readonly Part[], key: string): Part[] {
  const parts: Part[] = []
  for (const parent of parents) append(parts, itemsOf(parent, key))
  return parts
}

/** The strings of a list with their places; null is an empty string, anything else is left out. */
export function textsOf(parent: Part, key: string): { value: string; path: PodPlace }[] {
  const texts: { value: string; path: PodPlace }[] = []
  for (const [index, item] of listOf(parent.data, key).entries()) {
    const value = item ?? ''
    if (typeof value === 'string')
      texts.push({ value, path: { parent: { parent: parent.path, step: key }, step: index } })
  }
  return texts
}
