import { fieldAt, formatFieldPath, isInsideOf, parseFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { applyPatch, type PatchOp } from '../field-path/patch-op.ts'
import { isEqual } from '../json/equality.ts'
import type { OwnershipRecord } from '../ownership/record.ts'
import { aliasName } from '../ownership/record-text.ts'
import { ANY_RECORD, type ReconcileInput } from './reconcile-input.ts'

/** Records the aliases that will be written out, because a change lies inside them. */
export function noteAliases({ text }: ReconcileInput, changes: readonly PatchOp[], next: OwnershipRecord): void {
  for (const change of [...changes.map((c) => c.address), ANY_RECORD]) {
    const alias = text.aliasOn(change)
    if (alias !== undefined) next.was.set(formatFieldPath(alias.address), alias.text)
  }
}

/**
 * Adds the operations that restore aliases that were written out, where nothing but their values is left. Updates
 * `next`.
 */
export function restoreAliases(
  { template, record, text }: ReconcileInput,
  next: OwnershipRecord,
  changes: PatchOp[],
): PatchOp[] {
  const aliases = [...record.was].filter(([, was]) => aliasName(was) !== undefined)
  if (aliases.length === 0) return changes
  const after = applyPatch(template, changes)
  const back: Extract<PatchOp, { type: 'restore' }>[] = []
  for (const [key, was] of aliases) {
    const address = parseFieldPath(key) as FieldPath
    const value = fieldAt(after, address)
    if (value === undefined || !isEqual(value, text.anchored(aliasName(was) as string, address))) continue
    back.push({ type: 'restore', address, text: was })
    next.was.delete(key)
  }
  const restored = new Set(back.map(({ address }) => formatFieldPath(address)))
  return [...changes, ...back].filter(({ address }) => !isInsideOf(address, restored))
}
