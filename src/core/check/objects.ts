import { diagnostic, type Diagnostic } from '../diagnostic.ts'
import { isObject, type FieldPath, type Json, type JsonObject } from '../json.ts'
import { asItem, refOf, type KubeObject } from '../kube/workload.ts'
import { locate, nodeAt } from '../yaml/data.ts'
import type { YamlDoc } from '../yaml/documents.ts'
import type { YamlNode } from '../yaml/node.ts'

/** What a document holds: objects, and what kubectl could not take as one. */
export interface Expanded {
  readonly objects: readonly KubeObject[]
  readonly diagnostics: readonly Diagnostic[]
}

interface Part {
  data: JsonObject
  node: YamlNode
  path: FieldPath
}

/**
 * The objects of a document as kubectl finds them: whatever has `items` is a list, which is taken apart; items of a typed
 * list (`DeploymentList`) get the apiVersion and kind that they may leave out.
 * Source: apimachinery unstructured `detectList` and `decodeToList`; cli-runtime `FlattenListVisitor`.
 * @param doc a document whose root is a map
 */
export function expandObjects(doc: YamlDoc): Expanded {
  const root: Part = { data: doc.data as JsonObject, node: doc.root as YamlNode, path: [] }
  const { items } = root.data
  if (items === undefined) return { objects: [objectAt(doc, root)], diagnostics: [] }
  if (items !== null && !Array.isArray(items)) return { objects: [], diagnostics: [malformed(doc, ['items'], 'items must be a list')] }
  const diagnostics: Diagnostic[] = []
  return { objects: itemsOf(root, items ?? [], doc, diagnostics).map((item) => objectAt(doc, item)), diagnostics }
}

function objectAt(doc: YamlDoc, { data, node, path }: Part): KubeObject {
  return { doc, path, node, data, ref: refOf(data) }
}

const NO_OBJECT = 'an item of a list must be an object'

function itemsOf(list: Part, items: readonly Json[], doc: YamlDoc, diagnostics: Diagnostic[]): Part[] {
  const ref = refOf(list.data)
  const found: Part[] = []
  for (const [index, item] of items.entries()) {
    const path: FieldPath = ['items', index]
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

/** Items of a list that are `null`, of which kubectl makes nothing: it rejects the list. */
export function nullItems(doc: YamlDoc): Diagnostic[] {
  const items = isObject(doc.data) ? doc.data['items'] : undefined
  if (!Array.isArray(items)) return []
  return items.flatMap((item, index) => (item === null ? [malformed(doc, ['items', index], NO_OBJECT)] : []))
}

/** kubectl's FlattenListVisitor knows a list by its items, and then finds that one inside another is of no list type. */
export function listInList(doc: YamlDoc, path: FieldPath): Diagnostic {
  return { ...malformed(doc, path, 'a list stands inside a list, and kubectl takes neither'), hint: 'put its items into the outer list' }
}

function malformed(doc: YamlDoc, path: FieldPath, message: string): Diagnostic {
  const range = locate(doc.root as YamlNode, path)
  return diagnostic('LIST_MALFORMED', message, { at: { source: doc.source, range }, document: doc.index, path })
}
