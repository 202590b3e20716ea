import { isObject, jsonText, type Json, type JsonObject } from '../json/json.ts'
import type { FileResult } from './result.ts'
import { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import { blockLines, DEFAULT_STYLE } from '../yaml/edit/serialize.ts'

/**
 * All objects of the results as JSON with four spaces, as `kubectl get -o json` prints them: one object as it is,
 * several as a `kind: List`; lists in the inputs are taken apart.
 */
export function toJson(files: readonly FileResult[]): string {
  const objects = files.flatMap(({ source, output }) => {
    const text = new SourceText(source.label, output)
    return splitDocuments(text).flatMap(readRawDocument).flatMap((doc) => ('root' in doc && isObject(doc.data) ? [doc.data] : []))
  })
  const items = objects.flatMap((object): Json[] =>
    object['kind'] === 'List' && Array.isArray(object['items']) ? object['items'] : [object])
  const [only] = items
  const whole: Json = items.length === 1 && only !== undefined ? only : list(items)
  return `${jsonText(whole, 4)}\n`
}

function list(items: Json[]): JsonObject {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }
}

/** A result as YAML: text that is YAML stays as it is, JSON objects become documents in block style. */
export function toYaml({ source, output }: FileResult): string {
  const docs = splitDocuments(new SourceText(source.label, output)).flatMap(readRawDocument)
  const objects = docs.map((doc) => ('root' in doc && doc.format === 'json' && isObject(doc.data) ? doc.data : undefined))
  if (objects.includes(undefined)) return output
  return objects.map((object) => `${blockLines(object as Json, 0, DEFAULT_STYLE).join('\n')}\n`).join('---\n')
}
