import { DesiredPod } from '../desired/desired-pod.ts'
import { isKnownInjectorContainer } from '../desired/known-injectors.ts'
import { listOf, nameOf } from '../desired/pod-paths.ts'
import { resourceOverheadOf } from '../desired/resource-overhead.ts'
import { CONTAINERS, INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import type { JsonObject } from '../json/json.ts'
import type { Workload } from '../kube/workload.ts'
import { formatFieldPath } from '../field-path/field-path.ts'
import type { PatchOp } from '../field-path/patch-op.ts'
import type { Reconciled } from '../desired/reconcile-input.ts'
import type { OwnedSidecar, OwnershipRecord } from '../ownership/record.ts'
import type { FieldSource, SidecarOutcome, WorkloadOutcome } from './result.ts'
import { isIntact } from '../desired/ownership-proof.ts'

/** The outcome of a sidecar, completed from the changes that were needed. */
export function sidecarOutcome(
  outcome: SidecarOutcome,
  done: Reconciled,
  record: OwnershipRecord,
  template: JsonObject,
): SidecarOutcome {
  const before = record.sidecars.get(outcome.name)
  const found = before === undefined ? {} : { found: before.version }
  if (outcome.action === 'skipped') {
    if (before === undefined) return outcome
    return { ...outcome, ...found, state: 'left over', ...(!isIntact(template, before) && { isEdited: true }) }
  }
  const own = (done.record.sidecars.get(outcome.name)?.own ?? []).map(formatFieldPath)
  const details = detailsOf(own)
  if (before === undefined) return Object.assign(outcome, { details, state: outcome.state ?? 'missing' })
  const gone = before.own.map(formatFieldPath)
  const touched = done.changes.some((c) => isWithin(c, own) || isWithin(c, gone))
  const lost = done.changes.flatMap((c) =>
    (c.type === 'remove' || c.type === 'restore') && isWithin(c, gone) && !isWithin(c, own)
      ? [formatFieldPath(c.address)]
      : [],
  )
  if (!touched && before.version === outcome.version)
    return { ...outcome, ...found, details, action: 'kept', state: 'up to date' }
  return {
    ...outcome,
    ...found,
    details,
    ...(lost.length > 0 && { removed: lost }),
    action: 'updated',
    state: isIntact(template, before) ? 'outdated' : 'edited',
  }
}

function isInsideItem(field: string): boolean {
  return field.includes('].')
}

/** The fields that a sidecar added to a pod, those inside the user's containers first. */
function detailsOf(own: readonly string[]): string[] {
  return [...own.filter(isInsideItem), ...own.filter((field) => !isInsideItem(field))]
}

/**
 * The outcome of a recorded sidecar that is not chosen: it is removed, or stays as it is.
 * @param current the present version of its template, empty where there is none; undefined for a sidecar that is
 *   removed
 */
export function removedOutcome(
  name: string,
  record: OwnershipRecord,
  template: JsonObject,
  current: string | undefined,
): SidecarOutcome {
  const owned = record.sidecars.get(name) as OwnedSidecar
  const base = { name, found: owned.version, details: owned.own.map(formatFieldPath) }
  const isEdited = !isIntact(template, owned)
  if (current === undefined) {
    const state = 'left over'
    return { ...base, version: owned.version, action: 'removed', state, ...(isEdited && { isEdited }) }
  }
  if (isEdited) return { ...base, version: current, action: 'kept', state: 'edited' }
  if (current === '')
    return { ...base, details: [], version: owned.version, action: 'skipped', reason: 'template-unknown' }
  return { ...base, version: current, action: 'kept', state: current === owned.version ? 'up to date' : 'outdated' }
}

/** The fields of a record, each with the sidecars that own it. */
export function fieldsOf(record: OwnershipRecord): FieldSource[] {
  const owners = new Map<string, string[]>()
  for (const [name, { own }] of record.sidecars) {
    for (const field of own.map(formatFieldPath)) owners.set(field, [...(owners.get(field) ?? []), name])
  }
  return [...owners].map(([field, sidecars]) => ({ field, sidecars }))
}

function isWithin(change: PatchOp, addresses: readonly string[]): boolean {
  return addresses.includes(formatFieldPath(change.address))
}

/** What a run did to a workload, from its changes and the outcomes of its chosen sidecars. */
export function statusOf(
  done: Reconciled,
  record: OwnershipRecord,
  outcomes: readonly SidecarOutcome[],
): WorkloadOutcome['status'] {
  if (done.changes.length === 0) {
    return outcomes.every((o) => o.action === 'skipped') && record.sidecars.size === 0 ? 'skipped' : 'up to date'
  }
  if (record.sidecars.size === 0) return outcomes.some((o) => o.action === 'added') ? 'injected' : 'updated'
  return done.record.sidecars.size === 0 ? 'removed' : 'updated'
}

/** The containers of other injectors in a workload, and what its sidecars cost. */
export function foreignAndCost(
  { ref, data }: Workload,
  template: JsonObject,
  draft: DesiredPod,
  after: JsonObject,
  before: OwnershipRecord,
  hasCost: boolean,
): Pick<WorkloadOutcome, 'foreign' | 'cost'> {
  const foreign = [CONTAINERS, INIT_CONTAINERS].flatMap((list) =>
    listOf(draft, list)
      .filter((c) => isKnownInjectorContainer(c) && !draft.isOurs([...list, { id: nameOf(c) }]))
      .map(nameOf),
  )
  return {
    ...(foreign.length > 0 && { foreign }),
    ...(hasCost && { cost: resourceOverheadOf(bareTemplate(template, before), after, ref.kind, data) }),
  }
}

/** A pod template without the fields that a record claims. */
function bareTemplate(template: JsonObject, record: OwnershipRecord): JsonObject {
  return record.sidecars.size === 0 ? template : new DesiredPod(template, record, new Set(record.sidecars.keys())).data
}
