import { CopyOnWrite } from '../field-path/copy-on-write.ts'
import { fieldAt, formatFieldPath, isInsideOf, isWithin, pathOf, type FieldPath } from '../field-path/field-path.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'
import { applyPatch, type PatchOp } from '../field-path/patch-op.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'
import type { JsonObject } from '../json/json.ts'
import { holdsTransitOnly } from '../kube/transit.ts'
import { valueAt } from '../kube/workload.ts'
import type { OwnershipRecord } from '../ownership/record.ts'
import { ownedIn } from './next-record.ts'
import { ANY_RECORD, type ReconcileInput } from './reconcile-input.ts'

/** Records the maps and lists that inserts will create, outermost first, and the text of a null that they replace. */
export function noteCreated(
  { template, text: { textAt } }: ReconcileInput,
  changes: readonly PatchOp[],
  next: OwnershipRecord,
): void {
  const known = new Set(next.created.map(formatFieldPath))
  for (const change of changes) {
    if (change.type !== 'insert') continue
    for (let length = 1; length < change.address.length; length++) {
      const prefix = change.address.slice(0, length)
      const path = pathOf(template, prefix)
      // The host (kustomize, kpt, Helm) removes a map with only its own entries, so such a map counts as absent.
      const isHosts = path !== undefined && holdsTransitOnly(path, valueAt(template, path))
      if (path !== undefined && valueAt(template, path) !== null && !isHosts) continue
      const key = formatFieldPath(prefix)
      if (known.has(key)) continue
      known.add(key)
      next.created.push(prefix)
      const text = path === undefined || isHosts ? undefined : textAt(prefix)
      if (text !== undefined) next.was.set(key, text)
    }
  }
}

/** Records lists with only owned items as created: presumably, the run whose record is lost created them. */
export function noteAdoptedParents({ template, draft }: ReconcileInput, next: OwnershipRecord): void {
  if (draft.adopted.length === 0) return
  const owned = ownedIn(next)
  const known = new Set(next.created.map(formatFieldPath))
  for (const address of draft.adopted) {
    const parent = address.slice(0, -1)
    const items = fieldAt(template, parent)
    const key = formatFieldPath(parent)
    if (known.has(key) || !Array.isArray(items) || formatFieldPath(CONTAINERS) === key) continue
    const list = String(parent.at(-1))
    if (!items.every((item) => owned.has(formatFieldPath([...parent, { id: mergeKeyOf(list, item) ?? '' }])))) continue
    known.add(key)
    next.created.push(parent)
  }
}

/**
 * Returns the changes, with the removal of created maps and lists that they would leave empty. Updates `next`
 * accordingly.
 */
export function dropEmptied(
  template: JsonObject,
  record: OwnershipRecord,
  next: OwnershipRecord,
  changes: readonly PatchOp[],
  keepsRecord: boolean,
): PatchOp[] {
  if (record.created.length === 0) return [...changes]
  const after = new CopyOnWrite(applyPatch(template, changes))
  if (keepsRecord) after.set(ANY_RECORD, '', 'last')
  const gone = new Set<string>()
  const dropped: FieldPath[] = []
  for (const address of record.created.toSorted((a, b) => b.length - a.length)) {
    const value = after.get(address)
    // Null is left when someone removes the entries by hand.
    const isEmpty = value === null || (typeof value === 'object' && Object.keys(value).length === 0)
    if (value !== undefined && !isEmpty) continue
    if (value !== undefined) {
      after.remove(address)
      dropped.push(address)
    }
    gone.add(formatFieldPath(address))
    next.was.delete(formatFieldPath(address))
  }
  next.created = next.created.filter((address) => !gone.has(formatFieldPath(address)))
  const away = new Set(dropped.map(formatFieldPath))
  const whole = dropped.filter((address) => !isInsideOf(address, away))
  const rest = changes.filter(({ address }) => !isWithin(address, away))
  for (const address of whole) {
    const text = record.was.get(formatFieldPath(address))
    rest.push(text === undefined ? { type: 'remove', address } : { type: 'restore', address, text })
  }
  return rest
}
