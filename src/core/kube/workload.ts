import type { ResourceRef } from '../diagnostics/diagnostic.ts'
import { emptyObject, type JsonPath, isObject, type Json, type JsonObject } from '../json/json.ts'
import type { YamlDocument } from '../yaml/read/split.ts'
import type { YamlNode } from '../yaml/read/node.ts'
import { splitApiVersion, WORKLOAD_KINDS, type WorkloadKind } from './kinds.ts'

/** One Kubernetes object of a document: its root, or an item of a list. */
export interface KubeObject {
  doc: YamlDocument
  /** Path of the object from the document's root: empty, or `items` and an index. */
  path: JsonPath
  node: YamlNode
  data: JsonObject
  ref: ResourceRef
}

/** An object that holds a pod template. */
export interface Workload extends KubeObject {
  workloadKind: WorkloadKind
  /** Path of the pod template from the object; `templateOf` has what is there. */
  templatePath: JsonPath
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

/** The longest part of a generateName that is kept (apiserver storage/names `MaxGeneratedNameLength`). */
const MAX_GENERATED_BASE = 58

/**
 * What is known of the name that an object will have: `metadata.name`, or what the API server begins a generated name with
 * (storage/names `simpleNameGenerator.GenerateName`). Empty where there is neither.
 */
export function knownName(data: JsonObject): { name: string; isGenerated: boolean } {
  const meta = isObject(data['metadata']) ? data['metadata'] : {}
  const name = text(meta['name'])
  if (name !== '') return { name, isGenerated: false }
  const base = text(meta['generateName']).slice(0, MAX_GENERATED_BASE)
  return { name: base, isGenerated: base !== '' }
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
  data: JsonObject,
  { apiVersion, kind }: Pick<ResourceRef, 'apiVersion' | 'kind'>,
  kinds: readonly WorkloadKind[],
): Pick<Workload, 'workloadKind' | 'templatePath'>[] {
  const { group } = splitApiVersion(apiVersion)
  const found: Pick<Workload, 'workloadKind' | 'templatePath'>[] = []
  for (const row of kinds) {
    if (row.kind !== kind || row.group !== group) continue
    for (const templatePath of templatePaths(data, row.templatePath)) {
      const specPath = row.inline === true ? templatePath : [...templatePath, 'spec']
      if (row.optional !== true || holdsContainers(data, specPath)) found.push({ workloadKind: row, templatePath })
    }
  }
  return found
}

/** A path with its `*` steps replaced by the indexes of the lists there. */
function templatePaths(data: Json, path: JsonPath): JsonPath[] {
  const star = path.indexOf('*')
  if (star < 0) return [path]
  const list = valueAt(data, path.slice(0, star))
  const count = Array.isArray(list) ? list.length : 0
  return Array.from({ length: count }, (_, index) => [...path.slice(0, star), index, ...path.slice(star + 1)]).flatMap(
    (one) => templatePaths(data, one),
  )
}

function holdsContainers(data: Json, podSpec: JsonPath): boolean {
  const containers = valueAt(data, [...podSpec, 'containers'])
  return Array.isArray(containers) && containers.length > 0
}

/** Path of a workload's pod template from its document's root. */
export function templatePathOf(workload: Workload): JsonPath {
  return [...workload.path, ...workload.templatePath]
}

/** The value at a path in plain data; undefined where it leads nowhere. */
export function valueAt(data: Json | undefined, path: JsonPath): Json | undefined {
  let value = data
  // Rules ask this all the time, so without an iterator.
  for (let i = 0; i < path.length; i++) {
    const step = path[i] as string | number
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }
  return value
}
/** The string values of a map below an object, such as its labels or annotations. */
export function textMap(data: JsonObject, path: readonly string[]): Record<string, string> {
  const out = Object.create(null) as Record<string, string>
  let value: unknown = data
  for (const step of path) value = isObject(value as JsonObject) ? (value as JsonObject)[step] : undefined
  if (!isObject(value as JsonObject)) return out
  for (const [key, text] of Object.entries(value as JsonObject)) if (typeof text === 'string') out[key] = text
  return out
}
