import type { ResourceRef } from '../diagnostic.ts'
import { emptyObject, type FieldPath, isObject, type Json, type JsonObject } from '../json.ts'
import { nodeAt } from '../yaml/data.ts'
import type { YamlDoc } from '../yaml/documents.ts'
import type { YamlNode } from '../yaml/node.ts'
import { isListKind, splitApiVersion, WORKLOAD_KINDS, type WorkloadKind } from './kinds.ts'

/** One Kubernetes object of a document: its root, or an item of a list. */
export interface KubeObject {
  doc: YamlDoc
  /** Path of the object from the document's root: empty, or `items` and an index. */
  path: FieldPath
  node: YamlNode
  data: JsonObject
  ref: ResourceRef
}

/** An object that holds a pod template. */
export interface Workload extends KubeObject {
  workloadKind: WorkloadKind
  /** Path of the pod template from the object; `templateOf` has what is there. */
  templatePath: FieldPath
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** Names an object for messages; missing parts are empty. */
export function refOf(data: JsonObject): ResourceRef {
  const meta = isObject(data['metadata']) ? data['metadata'] : {}
  const generateName = text(meta['generateName'])
  return {
    apiVersion: text(data['apiVersion']),
    kind: text(data['kind']),
    namespace: text(meta['namespace']),
    name: text(meta['name']) || (generateName === '' ? '' : `${generateName}*`),
  }
}

/**
 * The objects of a document, items of lists in their place. A typed list (`DeploymentList`) lends its items the
 * apiVersion and kind that they need not repeat.
 */
export function objectsOf(doc: YamlDoc, kinds: readonly WorkloadKind[] = WORKLOAD_KINDS): KubeObject[] {
  if (doc.root === undefined || !isObject(doc.data)) return []
  return expand(doc, doc.root, doc.data, [], kinds)
}

function expand(
  doc: YamlDoc,
  node: YamlNode,
  data: JsonObject,
  path: FieldPath,
  kinds: readonly WorkloadKind[],
): KubeObject[] {
  const ref = refOf(data)
  const { items } = data
  if (!isListKind(ref.apiVersion, ref.kind, kinds) || !Array.isArray(items)) return [{ doc, path, node, data, ref }]
  return items.flatMap((item, index): KubeObject[] => {
    const itemNode = nodeAt(node, ['items', index])
    if (!isObject(item) || itemNode === undefined) return []
    return expand(doc, itemNode, asItem(item, ref), [...path, 'items', index], kinds)
  })
}

/**
 * An item of a list as kubectl takes it: in a typed list (`PodList`) one without both apiVersion and kind gets those of the
 * list. Source: apimachinery unstructured `decodeToList`.
 */
export function asItem(item: JsonObject, list: Pick<ResourceRef, 'apiVersion' | 'kind'>): JsonObject {
  const own = refOf(item)
  const kind = list.kind.replace(/List$/, '')
  if (kind === '' || own.kind !== '' || own.apiVersion !== '') return item
  return Object.assign(emptyObject(), item, { apiVersion: list.apiVersion, kind })
}

/** The object as a workload, once for each pod template in it; none for foreign kinds. */
export function asWorkloads(object: KubeObject, kinds: readonly WorkloadKind[] = WORKLOAD_KINDS): Workload[] {
  return podTemplates(object.data, object.ref, kinds).map((found) => Object.assign({}, object, found))
}

/** Where the pod templates of an object are; none for foreign kinds. */
export function podTemplates(
  data: JsonObject, { apiVersion, kind }: Pick<ResourceRef, 'apiVersion' | 'kind'>, kinds: readonly WorkloadKind[],
): Pick<Workload, 'workloadKind' | 'templatePath'>[] {
  const { group } = splitApiVersion(apiVersion)
  return kinds.filter((row) => row.kind === kind && row.group === group).flatMap((row) =>
    templatePaths(data, row.templatePath)
      .filter((path) => row.optional !== true || holdsContainers(data, row.inline === true ? path : [...path, 'spec']))
      .map((templatePath) => ({ workloadKind: row, templatePath })))
}

/** A path with its `*` steps replaced by the indexes of the lists there. */
function templatePaths(data: Json, path: FieldPath): FieldPath[] {
  const star = path.indexOf('*')
  if (star < 0) return [path]
  const list = valueAt(data, path.slice(0, star))
  const count = Array.isArray(list) ? list.length : 0
  return Array.from({ length: count }, (_, index) => [...path.slice(0, star), index, ...path.slice(star + 1)])
    .flatMap((one) => templatePaths(data, one))
}

function holdsContainers(data: Json, podSpec: FieldPath): boolean {
  const containers = valueAt(data, [...podSpec, 'containers'])
  return Array.isArray(containers) && containers.length > 0
}

/** Path of a workload's pod template from its document's root. */
export function templatePathOf(workload: Workload): FieldPath {
  return [...workload.path, ...workload.templatePath]
}

/** The value at a path in plain data; undefined where it leads nowhere. */
export function valueAt(data: Json | undefined, path: FieldPath): Json | undefined {
  let value = data
  // Rules ask this all the time, so without an iterator.
  for (let i = 0; i < path.length; i++) {
    const step = path[i] as string | number
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }
  return value
}
