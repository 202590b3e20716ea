import { isObject, type Json, emptyObject, type JsonObject } from '../json/json.ts'
import type { ParameterType, ValueSpec } from './template.ts'
import { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments, type YamlDocument } from '../yaml/read/split.ts'
import { deref, type YamlNode } from '../yaml/read/node.ts'
import { resolvePlain } from '../yaml/read/resolve.ts'

/** A value that fits, or one sentence on why it does not (without the parameter's name). */
export type ValueResult = { value: Json } | { problem: string }

interface TypeRule {
  /** How messages call such a value. */
  noun: string
  /** Whether text from a command line is taken as it is. */
  verbatim: boolean
  /** The value as stored, or undefined when it is not of this type. */
  accept: (value: Json) => Json | undefined
}

const QUANTITY = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/
const DURATION = /^(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h))+$/
const NAME = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/

const text = (value: Json): Json | undefined => (typeof value === 'string' ? value : undefined)
const matching =
  (pattern: RegExp) =>
  (value: Json): Json | undefined =>
    typeof value === 'string' && value.length <= 256 && pattern.test(value) ? value : undefined

/** The parameter types: what each accepts. Quantities may be numbers in a template, as in Kubernetes. */
export const PARAMETER_TYPES: Record<ParameterType, TypeRule> = {
  string: { noun: 'a string', verbatim: true, accept: text },
  integer: { noun: 'a whole number', verbatim: false, accept: (v) => (Number.isSafeInteger(v) ? v : undefined) },
  number: { noun: 'a number', verbatim: false, accept: (v) => (typeof v === 'number' ? v : undefined) },
  boolean: { noun: 'true or false', verbatim: false, accept: (v) => (typeof v === 'boolean' ? v : undefined) },
  array: { noun: 'a list', verbatim: false, accept: (v) => (Array.isArray(v) ? v : undefined) },
  object: { noun: 'a map', verbatim: false, accept: (v) => (isObject(v) ? v : undefined) },
  quantity: {
    noun: 'a quantity such as 100m or 64Mi',
    verbatim: true,
    accept: (v) => matching(QUANTITY)(typeof v === 'number' ? String(v) : v),
  },
  duration: { noun: 'a duration such as 30s or 5m', verbatim: true, accept: matching(DURATION) },
  port: {
    noun: 'a port number from 1 to 65535',
    verbatim: false,
    accept: (v) => (Number.isSafeInteger(v) && (v as number) >= 1 && (v as number) <= 65535 ? v : undefined),
  },
  path: { noun: 'an absolute path such as /var/log/app', verbatim: true, accept: matching(/^\/[^\0:]*$/) },
  name: {
    noun: 'a name of lower-case letters, digits and dashes, at most 63 characters long',
    verbatim: true,
    accept: matching(NAME),
  },
}

/**
 * Reads text from a command line or an annotation as the type says: verbatim for strings, as a plain YAML 1.1 scalar
 * for numbers and booleans, as JSON or YAML for lists and maps. A list of scalars may also be given as `a,b`.
 */
export function readValue(spec: ValueSpec, given: string): ValueResult {
  if (PARAMETER_TYPES[spec.type].verbatim) return checkValue(spec, given)
  if (spec.type === 'array' && !given.trimStart().startsWith('[')) return readCommaList(spec, given)
  if (spec.type !== 'array' && spec.type !== 'object') return checkValue(spec, plainScalar(given.trim()), quote(given))
  const inner = spec.type === 'array' ? spec.items : spec.additionalProperties
  const read = readData(given, inner !== undefined && PARAMETER_TYPES[inner.type].verbatim)
  return 'problem' in read ? read : checkValue(spec, read.value, quote(given))
}

function readCommaList(spec: ValueSpec, given: string): ValueResult {
  const items: Json[] = []
  for (const part of given.trim() === '' ? [] : given.split(',')) {
    const item = spec.items === undefined ? { value: plainScalar(part.trim()) } : readValue(spec.items, part.trim())
    if ('problem' in item) return item
    items.push(item.value)
  }
  return checkValue(spec, items, quote(given))
}

/** The value as stored of data that is known to fit, such as a default: it was checked when its template was read. */
export function checkedValue(spec: ValueSpec, value: Json): Json {
  return PARAMETER_TYPES[spec.type].accept(value) as Json
}

/** Checks data against a type and its limits. `shown` is the value as messages have it, with quotes if it is a string. */
export function checkValue(spec: ValueSpec, value: Json, shown: string = quote(value)): ValueResult {
  const rule = PARAMETER_TYPES[spec.type]
  const accepted = rule.accept(value)
  if (accepted === undefined) return { problem: `${shown} is not ${rule.noun}` }
  const problem = limits(spec, accepted, shown) ?? nested(spec, accepted)
  return problem === undefined ? { value: accepted } : { problem }
}

function limits(spec: ValueSpec, value: Json, shown: string): string | undefined {
  if (spec.enum !== undefined && !spec.enum.includes(value)) {
    return `${shown} is not one of ${spec.enum.map((v) => String(v)).join(', ')}`
  }
  if (typeof value === 'number') return between(value, spec.minimum, spec.maximum, shown, '')
  if (Array.isArray(value)) return between(value.length, spec.minItems, spec.maxItems, shown, ' items')
  if (typeof value !== 'string') return undefined
  return mismatch(spec, value, shown) ?? between(value.length, spec.minLength, spec.maxLength, shown, ' characters')
}

function mismatch({ pattern }: ValueSpec, value: string, shown: string): string | undefined {
  if (pattern === undefined) return undefined
  if (value.length > pattern.maxLength) {
    return `${shown} has more than ${pattern.maxLength} characters, too many for the pattern ${pattern.source}`
  }
  return pattern.test(value) ? undefined : `${shown} does not match the pattern ${pattern.source}`
}

function between(n: number, low: number | undefined, high: number | undefined, shown: string, unit: string) {
  const verb = unit === '' ? 'is' : 'has'
  if (low !== undefined && n < low) return `${shown} ${verb} less than ${low}${unit}`
  if (high !== undefined && n > high) return `${shown} ${verb} more than ${high}${unit}`
  return undefined
}

function nested(spec: ValueSpec, value: Json): string | undefined {
  const item = Array.isArray(value) ? spec.items : spec.additionalProperties
  if (item === undefined || typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const checked = checkValue(item, inner)
    if ('problem' in checked) return `${Array.isArray(value) ? `item ${Number(key) + 1}` : key}: ${checked.problem}`
  }
  return undefined
}

/** A value for a message: strings in quotes, others as JSON, cut at 60 characters. */
function quote(value: Json): string {
  return typeof value === 'string' ? JSON.stringify(cut(value)) : cut(JSON.stringify(value))
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** A value read from text, or why it cannot be read. */
type TextResult = { value: Json } | { problem: string }

/** A plain scalar as kubectl reads it: `yes` is true, `0644` is 420. A value that is not an exact number in JSON stays a string. */
export function plainScalar(text: string): Json {
  const read = resolvePlain(text)
  if (read.kind === 'null') return null
  if (read.kind === 'string' || read.kind === 'bool') return read.value
  const exact = read.kind === 'float' ? Number.isFinite(read.value) : read.exact === undefined
  return exact ? read.value : text
}

/**
 * Reads a list or a map given as JSON or YAML, as on a command line. With `asText`, the scalars in it are strings
 * however they look: `[0644, on]` has two strings.
 */
export function readData(text: string, asText: boolean): TextResult {
  const documents = splitDocuments(new SourceText('', text))
  const [doc] = documents.length === 1 && documents[0] !== undefined ? readRawDocument(documents[0]) : []
  if (doc === undefined) return { problem: 'it contains several documents' }
  if ('error' in doc) return { problem: doc.error.message }
  const [twice] = doc.duplicates
  if (twice !== undefined) return { problem: `duplicate key "${twice.name}"` }
  if (doc.root === undefined) return { value: null }
  const rest = text.slice(doc.root.end).trim()
  if (rest !== '' && !rest.startsWith('#')) return { problem: `there is text after the value: ${rest.slice(0, 20)}` }
  return { value: asText ? withTexts(doc, doc.root) : (doc.data ?? null) }
}

/** The data of a document, with the scalars of its outermost list or map as they are written. */
function withTexts({ data }: YamlDocument, node: YamlNode): Json {
  const root = deref(node)
  if (root.type === 'seq' && Array.isArray(data)) return root.items.map((item, i) => written(item) ?? data[i] ?? null)
  if (root.type !== 'map') return data ?? null
  const out: JsonObject = Object.assign(emptyObject(), data)
  for (const { key, value } of root.pairs) {
    const [name, text] = [written(key), written(value)]
    if (name !== undefined && text !== undefined && Object.hasOwn(out, name)) out[name] = text
  }
  return out
}

function written(node: YamlNode): string | undefined {
  const value = deref(node)
  return value.type === 'scalar' ? value.value : undefined
}
