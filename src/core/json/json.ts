import { words } from '../common/words.ts'

/** Plain data as kubectl would send it to the API server: what a document means, without its text. */
export type Json = null | boolean | number | string | Json[] | JsonObject

/** A JSON object. Readers make these by `emptyObject`, so `__proto__` and `constructor` are ordinary keys. */
export interface JsonObject {
  [key: string]: Json
}

/** A place in plain data: keys of maps and 0-based indexes of lists, from the object's root. */
export type JsonPath = readonly (string | number)[]

// An object made by this constructor inherits nothing, as one by `Object.create(null)`, but V8 keeps it in its fast
// form: building documents takes a third of the time.
const Bare = function Bare() {} as unknown as { new (): JsonObject; prototype: object }
Bare.prototype = Object.create(null) as object

/** A new JSON object that inherits nothing. */
export function emptyObject(): JsonObject {
  return new Bare()
}

/** True for a JSON object (not null, not a list). */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A deep copy with null-prototype maps. */
export function clone(value: Json): Json {
  if (Array.isArray(value)) return value.map(clone)
  if (!isObject(value)) return value
  const out = emptyObject()
  for (const [key, child] of Object.entries(value)) out[key] = clone(child)
  return out
}

/**
 * What JSON leaves as it is and a terminal acts on: controls above ASCII, and what turns the reading direction
 * (`\p{Bidi_Control}` written out: reading Unicode's tables would cost start-up time).
 */
export const UNSAFE_IN_JSON = /[\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFF9-\uFFFB]/g

/** JSON that is safe to print: the same data, with control characters of every kind as escapes. */
export function jsonText(value: unknown, indent: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    UNSAFE_IN_JSON,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The data that a text in JSON stands for; undefined for any other text. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** A value as text: a scalar as it is, a map or list as JSON. `String` fails on a map, which inherits nothing. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const PLAIN_KEY = /^[A-Za-z0-9_-]+$/

/** Fields of the API that are maps, whose keys the API server prints in brackets: `resources.limits[cpu]`. */
const MAP_FIELDS: ReadonlySet<string | number | undefined> = new Set(
  words(
    'annotations binaryData capacity data hard labels limits matchLabels nodeSelector overhead requests stringData',
  ),
)

/**
 * A field path as the API server prints it: `spec.template.spec.containers[0].name`.
 * The key of a map, or one that is not a plain word, is printed in brackets, as `field.Path.Key` does:
 * `metadata.labels[a/b]`.
 */
export function formatJsonPath(path: JsonPath): string {
  let out = ''
  for (const [i, step] of path.entries()) {
    if (typeof step === 'number' || !PLAIN_KEY.test(step) || MAP_FIELDS.has(path[i - 1])) out += `[${step}]`
    else out += out === '' ? step : `.${step}`
  }
  return out
}

/** The items of a list; none of any other value. */
export function itemsOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

/** The JSON objects among the items of a list. */
export function mapsOf(value: Json | undefined): JsonObject[] {
  return itemsOf(value).filter(isObject)
}

/** The value where it is a JSON object. */
export function mapOf(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined
}
