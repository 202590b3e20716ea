import type { Json, JsonObject } from '../json.ts'
import type { Address } from './address.ts'
import type { Want } from './draft.ts'
import { Tree } from './tree.ts'

/** One change to a pod template, in terms of Kubernetes. */
export type Change =
  | { type: 'insert'; address: Address; value: Json; place: Want['place'] }
  | { type: 'replace'; address: Address; value: Json }
  /** Replaces an alias by the value written out on its line, so that what stands behind it on the line stays. */
  | { type: 'write-out'; address: Address; value: Json }
  | { type: 'remove'; address: Address }
  /** Puts the text back that stood between colon and end of value before. */
  | { type: 'restore'; address: Address; text: string }

/** The template with changes made; what is restored to earlier text is left as it is. */
export function applyChanges(template: JsonObject, changes: readonly Change[]): JsonObject {
  const after = new Tree(template)
  const isFirst = (change: Change): boolean => change.type === 'insert' && change.place === 'first'
  for (const change of changes) {
    if (change.type === 'remove') after.remove(change.address)
    else if (change.type !== 'restore' && !isFirst(change)) after.set(change.address, change.value, 'last')
  }
  // The last of them goes to the front first, so that they stand in the order of the changes.
  for (const change of changes.toReversed()) {
    if (change.type === 'insert' && isFirst(change)) after.set(change.address, change.value, 'first')
  }
  return after.root
}
