import { isObject, textOf, type Json, type JsonObject } from '../json/json.ts'

/**
 * The merge key of an item, by list: `patchMergeKey` of Kubernetes' types; of ports, with the protocol, as in their
 * `x-kubernetes-list-map-keys`.
 */
const ITEM_ID: ReadonlyMap<string, (item: JsonObject) => Json | undefined> = new Map([
  ...['containers', 'initContainers', 'volumes', 'env', 'imagePullSecrets'].map(
    (list) => [list, (item: JsonObject) => item['name']] as const,
  ),
  ['volumeMounts', (item: JsonObject) => item['mountPath']] as const,
  ['hostAliases', (item: JsonObject) => item['ip']] as const,
  ['ports', (item: JsonObject) => `${textOf(item['containerPort'])}/${text(item['protocol']) || 'TCP'}`] as const,
])

/** Fields that are part of a merge key. */
const IDENTIFYING: ReadonlySet<string> = new Set(['name', 'mountPath', 'ip', 'containerPort', 'protocol'])

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** The merge key of an item in the list `list` (of a port, `8080/TCP`); undefined where list or item has none. */
export function mergeKeyOf(list: string, item: Json): string | undefined {
  if (!isObject(item)) return undefined
  const id = ITEM_ID.get(list)?.(item)
  return typeof id === 'string' && id !== '' ? id : undefined
}

/** True for lists whose items have a merge key. */
export function hasMergeKey(key: string): boolean {
  return ITEM_ID.has(key)
}

/** True for a field that is part of a merge key in some list. */
export function isIdentifying(field: string): boolean {
  return IDENTIFYING.has(field)
}

/** Up to this many items, a linear search is faster than an index. */
const FEW = 16

interface ItemIndex {
  list: string
  /** The 0-based position of the first item with each merge key. */
  at: Map<string, number>
}

/** Indexes of long lists, kept as long as the list. Code that modifies a list calls `forgetItems`. */
const INDEXES = new WeakMap<readonly Json[], ItemIndex>()

/** The 0-based index of the first item with the merge key `id` in the list `list`; -1 if there is none. */
export function indexOfItem(list: string, items: readonly Json[], id: string): number {
  if (items.length <= FEW) return items.findIndex((item) => mergeKeyOf(list, item) === id)
  let index = INDEXES.get(items)
  if (index?.list !== list) INDEXES.set(items, (index = indexItems(list, items)))
  return index.at.get(id) ?? -1
}

function indexItems(list: string, items: readonly Json[]): ItemIndex {
  const at = new Map<string, number>()
  for (const [n, item] of items.entries()) {
    const id = mergeKeyOf(list, item)
    if (id !== undefined && !at.has(id)) at.set(id, n)
  }
  return { list, at }
}

/** Appends an item and keeps the list's index up to date. */
export function pushItem(items: Json[], item: Json): void {
  const index = INDEXES.get(items)
  const id = index === undefined ? undefined : mergeKeyOf(index.list, item)
  if (id !== undefined && index?.at.has(id) === false) index.at.set(id, items.length)
  items.push(item)
}

/** Must be called after items of a list were removed, inserted before others, or given another merge key. */
export function forgetItems(items: readonly Json[]): void {
  INDEXES.delete(items)
}
