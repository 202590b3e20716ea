import {
  fieldAt,
  formatFieldPath,
  isInsideOf,
  parseFieldPath,
  pathOf,
  type FieldPath,
} from '../field-path/field-path.ts'
import type { PatchOp } from '../field-path/patch-op.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'
import { isEqual } from '../json/equality.ts'
import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { withoutServerDefaults } from '../kube/server-defaults.ts'
import { valueAt } from '../kube/workload.ts'
import { annotationAddress, OLD_RECORD, ownedBy, recordAnnotations, type OwnershipRecord } from '../ownership/record.ts'
import { formatRecord, saysTheSame } from '../ownership/record-text.ts'
import { saysTheSameAs } from '../ownership/recorded-value.ts'
import { dropEmptied, noteAdoptedParents, noteCreated } from './created-parents.ts'
import type { DesiredPod, OwnedField } from './desired-pod.ts'
import { nextRecord, ownedIn } from './next-record.ts'
import { appContainers, nameOf } from './pod-paths.ts'
import { ANY_RECORD, type Reconciled, type ReconcileInput } from './reconcile-input.ts'
import { isInitContainer, movedSidecars } from './start-order.ts'
import { volumeName, volumesInUse } from './volume-use.ts'
import { noteAliases, restoreAliases } from './written-out-aliases.ts'

/**
 * Compares the desired pod with the present one, field by field: what is already right stays as it is written, with the
 * user's comments, and what differs is replaced in its place.
 */
export function reconcile(input: ReconcileInput): Reconciled {
  const { template, record } = input
  const next = nextRecord(input)
  const changes = [...removals(input, next), ...additions(input, next)]
  const left = volumesInUse(template, record, changes, next)
  const stays = new Set<string | undefined>(left.map(({ volume }) => volume))
  const rest = changes.filter((c) => c.type !== 'remove' || !stays.has(volumeName(c.address)))
  const keepsRecord = next.sidecars.size > 0
  if (!keepsRecord)
    for (const [key] of recordAnnotations(template)) rest.push({ type: 'remove', address: annotationAddress(key) })
  const kept = restoreAliases(input, next, dropEmptied(template, record, next, outermost(rest), keepsRecord))
  if (keepsRecord) {
    noteAliases(input, kept, next)
    noteAdoptedParents(input, next)
    noteCreated(input, [...kept, { type: 'insert', address: ANY_RECORD, value: '', place: 'last' }], next)
    for (const change of recordChanges(input, next, kept.length > 0)) kept.push(change)
  }
  return { changes: kept, record: next, left }
}

/**
 * The operations that remove the fields of this run's sidecars that are no longer wanted, or restore what was there
 * before.
 */
function removals({ template, record, draft, renew }: ReconcileInput, next: OwnershipRecord): PatchOp[] {
  const stillOwned = record.sidecars.size === 0 ? undefined : ownedIn(next)
  const adopted = adoptedIn(draft)
  // An adopted field is not replaced, so what other sidecars added inside it must be removed.
  const around = { has: (key: string): boolean => draft.ownedFields.has(key) && !adopted.has(key) }
  const changes = new Map<string, PatchOp>()
  for (const [name, { own }] of record.sidecars) {
    if (!renew.has(name)) continue
    for (const address of own) {
      const key = formatFieldPath(address)
      if (changes.has(key) || stillOwned?.has(key) || fieldAt(template, address) === undefined) continue
      // The wanted value of a parent decides.
      if (isInsideOf(address, around)) continue
      const text = record.was.get(key)
      changes.set(key, text === undefined ? { type: 'remove', address } : { type: 'restore', address, text })
    }
  }
  return [...changes.values()]
}

/**
 * The operations that insert or replace the wanted fields; records the user's text that is replaced, so that it can be
 * restored.
 */
function additions(input: ReconcileInput, next: OwnershipRecord): PatchOp[] {
  const { template, record, draft, text } = input
  const isOwned = ownedBy(record)
  const created = new Set(record.created.map(formatFieldPath))
  const adopted = adoptedIn(draft)
  const moved = movedSidecars(input)
  return [...draft.ownedFields].flatMap(([key, want]): PatchOp[] => {
    const { address, value, place } = want
    const isMoved = isInitContainer(address) && [...want.owners].some((name) => moved.has(name))
    if (adopted.has(key) && !isMoved) return []
    if ((isMoved && fieldAt(template, address) !== undefined) || isBehindApp(input, want, isOwned))
      return [
        { type: 'remove', address },
        { type: 'insert', address, value, place },
      ]
    const change = changeFor(template, want)
    // A created map or list holds nothing of the user's to restore.
    if (change?.type === 'replace' && !record.was.has(key) && !created.has(key) && !isOwned(address))
      next.was.set(key, text.textAt(address) ?? '')
    return change === undefined ? [] : [change]
  })
}

/** The formatted field paths that are attributed to sidecars as they are. */
function adoptedIn({ adopted }: DesiredPod): ReadonlySet<string> {
  return new Set(adopted.map(formatFieldPath))
}

/**
 * The operations that update the record's annotations; none where the old form says the same and nothing else changes.
 */
function recordChanges(
  { template, record, draft }: ReconcileInput,
  next: OwnershipRecord,
  hasOthers: boolean,
): PatchOp[] {
  const annotations = recordAnnotations(template)
  const isOld = annotations.some(([key]) => key === OLD_RECORD)
  if (isOld && annotations.length === 1 && !hasOthers && saysTheSame(record, next)) return []
  const wanted = formatRecord(next)
  const gone = annotations.flatMap(([key]): PatchOp[] =>
    wanted.has(key) ? [] : [{ type: 'remove', address: annotationAddress(key) }],
  )
  const contentAt = (key: string): { address: FieldPath; value: Json } | undefined => {
    const address = parseFieldPath(key)
    const value = draft.ownedFields.get(key)?.value ?? (address === undefined ? undefined : draft.get(address))
    return address === undefined || value === undefined ? undefined : { address, value }
  }
  const texts = new Map<string, Json>(annotations)
  const put = [...wanted].flatMap(([key, value]) =>
    saysTheSameAs(texts.get(key), value, contentAt)
      ? []
      : (changeFor(template, { address: annotationAddress(key), value, place: 'last', owners: new Set() }) ?? []),
  )
  return [...put, ...gone]
}

/**
 * True for an owned classic sidecar that must start before the app's containers but comes after one of them: the
 * kubelet starts containers in the order of the list. For init containers see `movedSidecars`.
 */
function isBehindApp(
  { template, draft }: ReconcileInput,
  { address, place }: OwnedField,
  isOwned: (address: FieldPath) => boolean,
): boolean {
  const index =
    place === 'first' && address.length === CONTAINERS.length + 1 ? pathOf(template, address)?.at(-1) : undefined
  if (typeof index !== 'number' || address[1] !== CONTAINERS[1] || !isOwned(address)) return false
  const before = (valueAt(template, CONTAINERS) as Json[]).slice(0, index)
  const app = new Set(appContainers(draft).map(nameOf))
  return before.some((container) => isObject(container) && app.has(nameOf(container)))
}

/** True where a pod template already has everything that is wanted. */
export function isInPlace(template: JsonObject, { ownedFields }: DesiredPod): boolean {
  return [...ownedFields.values()].every((want) => changeFor(template, want) === undefined)
}

function changeFor(template: JsonObject, want: OwnedField): PatchOp | undefined {
  const present = fieldAt(template, want.address)
  if (present === undefined) return { type: 'insert', address: want.address, value: want.value, place: want.place }
  return isSame(present, want) ? undefined : { type: 'replace', address: want.address, value: want.value }
}

/** True if the present value is the wanted one, or what an API server stores for it. */
function isSame(present: Json, { address, value }: OwnedField): boolean {
  if (isEqual(present, value)) return true
  const list = address.at(-2)
  if (typeof list !== 'string' || typeof address.at(-1) === 'string') return false
  return isEqual(withoutServerDefaults(list, present), withoutServerDefaults(list, value))
}

/** The changes without those inside something that is removed or replaced as a whole. */
function outermost(changes: readonly PatchOp[]): PatchOp[] {
  const whole = new Set(changes.flatMap((c) => (c.type === 'insert' ? [] : [formatFieldPath(c.address)])))
  return changes.filter(({ address }) => !isInsideOf(address, whole))
}
