import { isObject, type Json, type JsonObject } from '../json.ts'
import type { FileResult } from '../result.ts'
import { SourceText } from '../text/source.ts'
import { readChunk, splitDocuments } from '../yaml/documents.ts'

/**
 * All objects of the results as JSON with four spaces, as `kubectl get -o json` prints them: one object as it is,
 * several as a `kind: List`; lists in the inputs are taken apart.
 */
export function toJson(files: readonly FileResult[]): string {
  const objects = files.flatMap(({ source, output }) => {
    const text = new SourceText(source.label, output)
    return splitDocuments(text).flatMap(readChunk).flatMap((doc) => ('root' in doc && isObject(doc.data) ? [doc.data] : []))
  })
  const items = objects.flatMap((object): Json[] =>
    object['kind'] === 'List' && Array.isArray(object['items']) ? object['items'] : [object])
  const [only] = items
  const whole: Json = items.length === 1 && only !== undefined ? only : list(items)
  return `${JSON.stringify(whole, undefined, 4)}\n`
}

function list(items: Json[]): JsonObject {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }
}
