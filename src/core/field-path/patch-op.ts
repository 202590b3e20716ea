import type { Json, JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { formatFieldPath, pathOf, type FieldPath } from './field-path.ts'
import { mergeKeyOf } from './merge-keys.ts'
import { CopyOnWrite } from './copy-on-write.ts'

/** One change to a pod template, in terms of Kubernetes. */
export type PatchOp =
  | { type: 'insert'; address: FieldPath; value: Json; place: 'first' | 'last' }
  | { type: 'replace'; address: FieldPath; value: Json }
  /** Replaces an alias by the value written out on its line, so that what stands behind it on the line stays. */
  | { type: 'write-out'; address: FieldPath; value: Json }
  | { type: 'remove'; address: FieldPath }
  /** Restores the text that was between the colon and the end of the value. */
  | { type: 'restore'; address: FieldPath; text: string }

/** The template with changes made; what is restored to earlier text is left as it is. */
export function applyPatch(
  template: JsonObject,
  changes: readonly PatchOp[],
  isOwned: IsOwned = () => false,
): JsonObject {
  const after = new CopyOnWrite(template)
  const first: PatchOp[] = []
  for (const change of changes) {
    if (change.type === 'insert' && change.place === 'first') first.push(change)
    else if (change.type === 'remove') after.remove(change.address)
    else if (change.type !== 'restore') after.set(change.address, change.value, 'last')
  }
  const places = new Map<string, number>()
  for (const change of first as Extract<PatchOp, { type: 'insert' }>[]) {
    const parent = change.address.slice(0, -1)
    const list = formatFieldPath(parent)
    const place = places.get(list) ?? leadingOurs(template, parent, changes, isOwned)
    after.set(change.address, change.value, place)
    places.set(list, place + 1)
  }
  return after.root
}

/** Whether an address is already ours. */
export type IsOwned = (address: FieldPath) => boolean

/** How many items at the head of a list are ours and stay there: a new first item goes behind them. */
export function leadingOurs(
  template: JsonObject,
  parent: FieldPath,
  changes: readonly PatchOp[],
  isOwned: IsOwned,
): number {
  const path = pathOf(template, parent)
  const list = path === undefined ? undefined : valueAt(template, path)
  const key = parent.at(-1)
  if (!Array.isArray(list) || typeof key !== 'string') return 0
  const removed = new Set(
    changes.flatMap((c) => (c.type === 'remove' ? (pathOf(template, c.address)?.join(' ') ?? []) : [])),
  )
  const end = list.findIndex((item, n) => {
    const id = mergeKeyOf(key, item)
    return id === undefined || removed.has([...(path ?? []), n].join(' ')) || !isOwned([...parent, { id }])
  })
  return end < 0 ? list.length : end
}
