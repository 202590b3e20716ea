import { isObject, textOf, type Json, type JsonObject } from '../json/json.ts'

/** How items of the lists that sidecars add to are identified (the `patchMergeKey` of Kubernetes' types). */
const ITEM_ID: ReadonlyMap<string, (item: JsonObject) => Json | undefined> = new Map([
  ...['containers', 'initContainers', 'volumes', 'env', 'imagePullSecrets'].map(
    (list) => [list, (item: JsonObject) => item['name']] as const,
  ),
  ['volumeMounts', (item: JsonObject) => item['mountPath']] as const,
  ['hostAliases', (item: JsonObject) => item['ip']] as const,
  ['ports', (item: JsonObject) => `${textOf(item['containerPort'])}/${text(item['protocol']) || 'TCP'}`] as const,
])

/** The fields that these look at. */
const IDENTIFYING: ReadonlySet<string> = new Set(['name', 'mountPath', 'ip', 'containerPort', 'protocol'])

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** What identifies an item in the list `list`; undefined when it has no identity. */
export function mergeKeyOf(list: string, item: Json): string | undefined {
  if (!isObject(item)) return undefined
  const id = ITEM_ID.get(list)?.(item)
  return typeof id === 'string' && id !== '' ? id : undefined
}

/** True for the lists whose items have identities. */
export function hasMergeKey(key: string): boolean {
  return ITEM_ID.has(key)
}

/** True for a field whose value is part of the identity of its item. */
export function isIdentifying(field: string): boolean {
  return IDENTIFYING.has(field)
}

/** Items of a list up to which looking at each is faster than an index. */
const FEW = 16

interface ItemIndex {
  list: string
  /** The index of the first item with an identity. */
  at: Map<string, number>
}

/** Indexes of long lists, kept as long as the list. Code that changes a list calls `forgetItems`. */
const INDEXES = new WeakMap<readonly Json[], ItemIndex>()

/** The index of the first item with that identity in the list `list`, or -1. */
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

/** Appends an item. */
export function pushItem(items: Json[], item: Json): void {
  const index = INDEXES.get(items)
  const id = index === undefined ? undefined : mergeKeyOf(index.list, item)
  if (id !== undefined && index?.at.has(id) === false) index.at.set(id, items.length)
  items.push(item)
}

/** To be called when items of a list were removed or put in front of others, or got another identity. */
export function forgetItems(items: readonly Json[]): void {
  INDEXES.delete(items)
}
