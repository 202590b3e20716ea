import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { isResourceList } from '../kube/transit.ts'
import { DocumentEditor } from '../patch/document-editor.ts'
import { applyEdits } from '../text/edit.ts'
import { SourceText } from '../text/source.ts'
import { locate, nodeAt } from '../yaml/read/construct.ts'
import { readRawDocument, splitDocuments, type YamlDocument } from '../yaml/read/split.ts'

/** A ResourceList that was read. */
export interface ResourceList {
  doc: YamlDocument
  data: JsonObject
}

/** The ResourceList that a text consists of; undefined for any other text, also one that cannot be read. */
export function readResourceList(source: SourceText): ResourceList | undefined {
  if (!source.text.includes('ResourceList')) return undefined
  const [first, second] = splitDocuments(source)
    .flatMap(readRawDocument)
    .filter((doc) => !('root' in doc) || (doc.root !== undefined && doc.data !== null))
  if (first === undefined || second !== undefined || !('root' in first)) return undefined
  return isResourceList(first.data) ? { doc: first, data: first.data } : undefined
}

/** The range of the functionConfig, to which its problems point. */
export function functionConfigAt({ doc }: ResourceList): { source: SourceText; range: { start: number; end: number } } {
  const root = doc.root
  if (root === undefined) return { source: doc.source, range: { start: 0, end: 0 } }
  return { source: doc.source, range: locate(root, ['functionConfig']) }
}

/**
 * The text of a ResourceList with more `results`, which go behind those that are there; a result that is there already is
 * not repeated, so that a second run adds nothing. Nothing else changes.
 */
export function withResults(source: SourceText, results: readonly JsonObject[]): string {
  const list = readResourceList(source)
  if (list === undefined || list.doc.root === undefined) return source.text
  const there: Json = list.data['results'] ?? []
  const known = new Set((Array.isArray(there) ? there : []).map((one) => JSON.stringify(one)))
  const fresh = results.filter((one) => !known.has(JSON.stringify(one)))
  if (fresh.length === 0) return source.text
  const editor = new DocumentEditor(list.doc)
  if (!Object.hasOwn(list.data, 'results')) {
    editor.putScalar([], 'results', fresh as Json[], Object.keys(list.data).at(-1) ?? 'items')
  } else if (Array.isArray(there) && there.length > 0) {
    editor.insertItems(['results'], there.length, fresh)
  } else {
    editor.restoreScalar([], 'results', undefined)
    return withResults(new SourceText(source.label, applyEdits(source.text, editor.edits())), fresh)
  }
  return applyEdits(source.text, editor.edits())
}

/** The item of a ResourceList that an offset of its text is in. */
export function itemAt({ doc, data }: ResourceList, offset: number): JsonObject | undefined {
  const list = doc.root === undefined ? undefined : nodeAt(doc.root, ['items'])
  const items = data['items']
  if (list?.type !== 'seq' || !Array.isArray(items)) return undefined
  const item = items[list.items.findIndex((node) => offset >= node.propertiesStart && offset < node.end)]
  return isObject(item) ? item : undefined
}
