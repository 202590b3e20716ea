import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { asItem, refOf, type KubeObject } from './workload.ts'
import { locate, nodeAt } from '../yaml/read/construct.ts'
import type { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments, type YamlDocument } from '../yaml/read/split.ts'
import type { YamlNode } from '../yaml/read/node.ts'

/** The objects of a document, items of lists in their place. */
export interface ExpandedObjects {
  /** Every object that can be seen, including those that kubectl would not accept: an edit must not skip any. */
  readonly all: readonly KubeObject[]
  /** Those that kubectl accepts. */
  readonly objects: readonly KubeObject[]
  /** Those that kubectl does not accept, and why. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Expands the lists of a document. Whatever has `items` is a list, of whatever kind it claims to be; items of a typed
 * list (`DeploymentList`) get the apiVersion and kind that they may leave out.
 * Source: apimachinery unstructured `detectList` and `decodeToList`; cli-runtime `FlattenListVisitor`.
 */
export function expandObjects(doc: YamlDocument): ExpandedObjects {
  if (doc.root === undefined || !isObject(doc.data)) return { all: [], objects: [], diagnostics: [] }
  const { items } = doc.data
  const whole = objectAt(doc, doc.root, doc.data, [])
  const all = [whole]
  if (items === undefined) return { all, objects: all, diagnostics: NO_DIAGNOSTICS }
  if (!Array.isArray(items)) {
    const diagnostics = items === null ? NO_DIAGNOSTICS : [malformed(doc, ['items'], 'items must be a list')]
    return { all, objects: [], diagnostics }
  }
  const out = { all: [], objects: [], diagnostics: [] }
  expandItems(whole, items, out, true)
  return out
}

const NO_DIAGNOSTICS: readonly Diagnostic[] = []

/** Every object that can be seen in a document: `expandObjects(doc).all`. */
export function objectsOf(doc: YamlDocument): readonly KubeObject[] {
  return expandObjects(doc).all
}

function objectAt(doc: YamlDocument, node: YamlNode, data: JsonObject, path: JsonPath): KubeObject {
  return { doc, path, node, data, ref: refOf(data) }
}

const NO_OBJECT = 'an item of a list must be an object'

/** @param isOuter false for a list in a list, which kubectl does not take, whatever is in it */
function expandItems(
  list: KubeObject,
  items: readonly Json[],
  out: { all: KubeObject[]; objects: KubeObject[]; diagnostics: Diagnostic[] },
  isOuter: boolean,
): void {
  const { doc } = list
  for (const [index, item] of items.entries()) {
    const path: JsonPath = [...list.path, 'items', index]
    const node = nodeAt(list.node, ['items', index])
    if (!isObject(item) || node === undefined) {
      if (isOuter) out.diagnostics.push(malformed(doc, path, NO_OBJECT))
      continue
    }
    const object = objectAt(doc, node, asItem(item, list.ref), path)
    const fault = isOuter ? itemFault(object) : undefined
    if (fault !== undefined) out.diagnostics.push(fault)
    else if (isOuter) out.objects.push(object)
    const inner = item['items']
    if (Array.isArray(inner)) expandItems(object, inner, out, false)
    else out.all.push(object)
  }
}

/** Why kubectl does not take an item of a list. */
function itemFault({ doc, path, data }: KubeObject): Diagnostic | undefined {
  const lacks = ['apiVersion', 'kind'].filter((name) => typeof data[name] !== 'string' || data[name] === '')
  if (lacks.length > 0) return malformed(doc, path, `this item has no ${lacks.join(' and no ')}`)
  return Array.isArray(data['items']) ? listInList(doc, path) : undefined
}

/** Items of a list that are not objects, such as `null`: kubectl rejects the list. */
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
