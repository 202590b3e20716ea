import { diagnostic, type Diagnostic } from '../diagnostic.ts'
import { isObject, type FieldPath, type Json, type JsonObject } from '../json.ts'
import { refOf, type KubeObject } from '../kube/workload.ts'
import { locate, nodeAt } from '../yaml/data.ts'
import type { YamlDoc } from '../yaml/documents.ts'
import type { YamlNode } from '../yaml/node.ts'

/** What a document holds: objects, and what kubectl could not take as one. */
export interface Expanded {
  readonly objects: readonly KubeObject[]
  readonly diagnostics: readonly Diagnostic[]
}

interface Pending {
  data: JsonObject
  node: YamlNode
  path: FieldPath
}

/**
 * The objects of a document as kubectl finds them: whatever has `items` is a list, which is taken apart, lists in lists
 * too; items of a typed list (`DeploymentList`) get the apiVersion and kind that they may leave out.
 * Source: apimachinery unstructured `detectList` and `decodeToList`; cli-runtime `FlattenListVisitor`.
 * @param doc a document whose root is a map
 */
export function expandObjects(doc: YamlDoc): Expanded {
  const root: Pending = { data: doc.data as JsonObject, node: doc.root as YamlNode, path: [] }
  if (root.data['items'] === undefined) return { objects: [objectAt(doc, root)], diagnostics: [] }
  const objects: KubeObject[] = []
  const diagnostics: Diagnostic[] = []
  const pending = [root]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { data, path } = next
    const { items } = data
    if (items === undefined) objects.push(objectAt(doc, next))
    else if (items !== null && !Array.isArray(items)) diagnostics.push(malformed(doc, [...path, 'items'], 'items must be a list'))
    else pending.push(...itemsOf(next, items ?? [], doc, diagnostics).toReversed())
  }
  return { objects, diagnostics }
}

function objectAt(doc: YamlDoc, { data, node, path }: Pending): KubeObject {
  return { doc, path, node, data, ref: refOf(data) }
}

function itemsOf(list: Pending, items: readonly Json[], doc: YamlDoc, diagnostics: Diagnostic[]): Pending[] {
  const { apiVersion, kind } = refOf(list.data)
  const itemKind = kind.replace(/List$/, '')
  const found: Pending[] = []
  for (const [index, item] of items.entries()) {
    const path: FieldPath = [...list.path, 'items', index]
    const node = nodeAt(list.node, ['items', index])
    if (!isObject(item) || node === undefined) {
      diagnostics.push(malformed(doc, path, 'an item of a list must be an object'))
      continue
    }
    const named = (item['kind'] ?? '') === '' && itemKind !== ''
    const data = named ? Object.assign(Object.create(null) as JsonObject, item, { apiVersion, kind: itemKind }) : item
    const lacks = ['apiVersion', 'kind'].filter((name) => typeof data[name] !== 'string' || data[name] === '')
    if (lacks.length > 0) diagnostics.push(malformed(doc, path, `this item has no ${lacks.join(' and no ')}`))
    else found.push({ data, node, path })
  }
  return found
}

function malformed(doc: YamlDoc, path: FieldPath, message: string): Diagnostic {
  const range = locate(doc.root as YamlNode, path)
  return diagnostic('LIST_MALFORMED', message, { at: { source: doc.source, range }, document: doc.index, path })
}
