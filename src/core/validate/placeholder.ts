import { isObject, type Json, type JsonObject, type JsonPath } from '../json/json.ts'

const NAME = /[A-Za-z_]\w*[}:\-=+?,#/^%]/y

/**
 * The parts of a text around its placeholders of Flux (postBuild substitution) and envsubst: `${name}`,
 * `${name:=default}` and the like, where a default may contain placeholders. A text without placeholders is one part.
 * `$${name}` is escaped and `$name` is not a placeholder: Flux replaces only names in braces.
 */
export function partsAroundPlaceholders(text: string): string[] {
  const parts: string[] = []
  let from = 0
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', Math.max(at + 2, from))) {
    NAME.lastIndex = at + 2
    if (!NAME.test(text) || isEscaped(text, at, from)) continue
    const end = endOf(text, at)
    if (end === undefined) break
    parts.push(text.slice(from, at))
    from = end
  }
  return [...parts, text.slice(from)]
}

/** Whether the dollar sign at an offset is escaped: each `$$` stands for one `$`. */
function isEscaped(text: string, at: number, from: number): boolean {
  let start = at
  while (start > from && text[start - 1] === '$') start--
  return (at - start) % 2 === 1
}

/** The offset after the brace that closes the placeholder at `start`; undefined if none does. */
function endOf(text: string, start: number): number | undefined {
  let depth = 0
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '{' && text[at - 1] === '$') depth++
    else if (text[at] === '}' && --depth === 0) return at + 1
  }
  return undefined
}

export function hasPlaceholder(text: string): boolean {
  return text.includes('${') && partsAroundPlaceholders(text).length > 1
}

/** Whether a text consists of placeholders only, so that it can become any value. */
export function isPlaceholder(text: string): boolean {
  return hasPlaceholder(text) && partsAroundPlaceholders(text).every((part) => part === '')
}

/** The path of the first key or string with a placeholder in plain data; undefined if there is none. */
export function findPlaceholder(data: Json, path: JsonPath = []): JsonPath | undefined {
  if (typeof data === 'string') return hasPlaceholder(data) ? path : undefined
  if (typeof data !== 'object' || data === null) return undefined
  for (const [key, value] of Object.entries(data)) {
    const step = Array.isArray(data) ? Number(key) : key
    const found = hasPlaceholder(key) ? [...path, key] : findPlaceholder(value, [...path, step])
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * A copy of data with a text in place of each placeholder. A string that becomes a number or boolean that way turns
 * into one.
 */
export function fillPlaceholders(data: JsonObject, value: string): JsonObject {
  return filled(data, value) as JsonObject
}

const NUMBER_OR_BOOLEAN = /^(?:-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?|true|false)$/

function filled(data: Json, value: string): Json {
  if (typeof data === 'string') {
    if (!hasPlaceholder(data)) return data
    const text = partsAroundPlaceholders(data).join(value)
    return NUMBER_OR_BOOLEAN.test(text) ? (JSON.parse(text) as Json) : text
  }
  if (Array.isArray(data)) return data.map((item) => filled(item, value))
  if (!isObject(data)) return data
  const out = Object.create(null) as JsonObject
  for (const [key, item] of Object.entries(data)) out[partsAroundPlaceholders(key).join(value)] = filled(item, value)
  return out
}
