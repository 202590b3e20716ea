import { emptyObject, type Json, type JsonObject } from '../json/json.ts'
import { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments, type YamlDocument } from '../yaml/read/split.ts'
import { deref, type YamlNode } from '../yaml/read/node.ts'
import { resolvePlain } from '../yaml/read/resolve.ts'

/** A value read from text, or why it cannot be read. */
export type TextResult = { value: Json } | { problem: string }

/** A plain scalar as kubectl reads it: `yes` is true, `0644` is 420. A value that is not an exact number in JSON stays a text. */
export function plainScalar(text: string): Json {
  const read = resolvePlain(text)
  if (read.kind === 'null') return null
  if (read.kind === 'string' || read.kind === 'bool') return read.value
  const exact = read.kind === 'float' ? Number.isFinite(read.value) : read.exact === undefined
  return exact ? read.value : text
}

/**
 * Reads a list or a map given as JSON or YAML, as on a command line. With `asText`, the scalars in it are texts
 * however they look: `[0644, on]` has two texts.
 */
export function readData(text: string, asText: boolean): TextResult {
  const chunks = splitDocuments(new SourceText('', text))
  const [doc] = chunks.length === 1 && chunks[0] !== undefined ? readRawDocument(chunks[0]) : []
  if (doc === undefined) return { problem: 'it contains several documents' }
  if ('error' in doc) return { problem: doc.error.message }
  const [twice] = doc.duplicates
  if (twice !== undefined) return { problem: `duplicate key ${twice.name}` }
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
