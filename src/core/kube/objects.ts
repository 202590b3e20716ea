import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { asItem, refOf, type KubeObject } from './workload.ts'
import { locate, nodeAt } from '../yaml/read/construct.ts'
import type { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments, type YamlDocument } from '../yaml/read/split.ts'
import type { YamlNode } from '../yaml/read/node.ts'

/** What a document holds: objects, and what kubectl could not take as one. */
export interface ExpandedObjects {
  readonly objects: readonly KubeObject[]
  readonly diagnostics: readonly Diagnostic[]
}

interface ObjectPart {
  data: JsonObject
  node: YamlNode
  path: JsonPath
}

/**
 * The objects of a document as kubectl finds them: whatever has `items` is a list, which is expanded; items of a typed
 * list (`DeploymentList`) get the apiVersion and kind that they may leave out.
 * Source: apimachinery unstructured `detectList` and `decodeToList`; cli-runtime `FlattenListVisitor`.
 * @param doc a document whose root is a map
 */
export function expandObjects(doc: YamlDocument): ExpandedObjects {
  const root: ObjectPart = { data: doc.data as JsonObject, node: doc.root as YamlNode, path: [] }
  const { items } = root.data
  if (items === undefined) return { objects: [objectAt(doc, root)], diagnostics: [] }
  if (items !== null && !Array.isArray(items))
    return { objects: [], diagnostics: [malformed(doc, ['items'], 'items must be a list')] }
  const diagnostics: Diagnostic[] = []
  return { objects: itemsOf(root, items ?? [], doc, diagnostics).map((item) => objectAt(doc, item)), diagnostics }
}

function objectAt(doc: YamlDocument, { data, node, path }: ObjectPart): KubeObject {
  return { doc, path, node, data, ref: refOf(data) }
}

const NO_OBJECT = 'an item of a list must be an object'

function itemsOf(list: ObjectPart, items: readonly Json[], doc: YamlDocument, diagnostics: Diagnostic[]): ObjectPart[] {
  const ref = refOf(list.data)
  const found: ObjectPart[] = []
  for (const [index, item] of items.entries()) {
    const path: JsonPath = ['items', index]
    const node = nodeAt(list.node, path)
    if (!isObject(item) || node === undefined) {
      diagnostics.push(malformed(doc, path, NO_OBJECT))
      continue
    }
    const data = asItem(item, ref)
    const lacks = ['apiVersion', 'kind'].filter((name) => typeof data[name] !== 'string' || data[name] === '')
    if (lacks.length > 0) diagnostics.push(malformed(doc, path, `this item has no ${lacks.join(' and no ')}`))
    else if (Array.isArray(item['items'])) diagnostics.push(listInList(doc, path))
    else found.push({ data, node, path })
  }
  return found
}

/** Items of a list that are no objects, `null` for one: kubectl rejects the list. */
export function itemsWithoutObject(doc: YamlDocument): Diagnostic[] {
  const items = isObject(doc.data) ? doc.data['items'] : undefined
  if (!Array.isArray(items)) return []
  return items.flatMap((item, index) => (isObject(item) ? [] : [malformed(doc, ['items', index], NO_OBJECT)]))
}

/**
 * True for a text of lists without items, and maybe blank documents: kubectl reads it and finds "no objects passed to
 * apply". A ResourceList is none of them, since a function may be called without items.
 */
export function holdsEmptyListsOnly(source: SourceText): boolean {
  if (!/\bitems\b/.test(source.text)) return false
  let lists = 0
  for (const doc of splitDocuments(source).flatMap(readRawDocument)) {
    if ('error' in doc || doc.ignored !== undefined || doc.badSeparator !== undefined) return false
    if ((doc.data ?? null) === null) continue
    if (!isEmptyList(doc.data as Json)) return false
    lists++
  }
  return lists > 0
}

function isEmptyList(data: Json): boolean {
  if (!isObject(data) || !Object.hasOwn(data, 'items')) return false
  const { apiVersion, kind, items } = data
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || kind === 'ResourceList') return false
  return items === null || (Array.isArray(items) && items.length === 0)
}

/** kubectl's FlattenListVisitor knows a list by its items, and then finds that one inside another is of no list type. */
export function listInList(doc: YamlDocument, path: JsonPath): Diagnostic {
  return {
    ...malformed(doc, path, 'nested List objects are not supported by kubectl'),
    hint: 'move its items to the outer list',
  }
}

function malformed(doc: YamlDocument, path: JsonPath, message: string): Diagnostic {
  const range = locate(doc.root as YamlNode, path)
  return diagnostic('LIST_MALFORMED', message, { at: { source: doc.source, range }, document: doc.index, path })
}
