import { isObject, type Json, type JsonObject } from '../json/json.ts'
import {
  formatFieldPath,
  isInsideOf,
  isWithin,
  parseFieldPath,
  pathOf,
  type FieldPath,
} from '../field-path/field-path.ts'
import { isEqual } from '../json/equality.ts'
import { withoutServerDefaults } from '../kube/server-defaults.ts'
import { holdsTransitOnly } from '../kube/transit.ts'
import { refOf, valueAt } from '../kube/workload.ts'
import { applyPatch, type PatchOp, type IsOwned } from '../field-path/patch-op.ts'
import { extraObjectId } from './sidecar-objects.ts'
import type { DesiredPod, OwnedField } from './desired-pod.ts'
import {
  emptyRecord,
  ownedBy,
  type OwnershipRecord,
  annotationAddress,
  digestOf,
  fieldDigest,
  digestsIn,
  OLD_RECORD,
  recordAnnotations,
  type OwnedSidecar,
} from '../ownership/record.ts'
import { appContainers, nameOf } from './pod-paths.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'
import { isIntact } from './ownership-proof.ts'
import { saysTheSameAs } from '../ownership/recorded-value.ts'
import { aliasName, formatRecord, saysTheSame } from '../ownership/record-text.ts'
import { CopyOnWrite } from '../field-path/copy-on-write.ts'
import { earlierUses, volumeName, volumesInUse, type VolumeUse } from './volume-use.ts'

/** What must change in a pod template, and the record that goes with it. */
export interface Reconciled {
  changes: PatchOp[]
  record: OwnershipRecord
  /** Volumes that stay although no sidecar needs them any more, each with a use of the manifest's own. */
  left: VolumeUse[]
}

/** What a reconciliation starts from. */
export interface ReconcileInput {
  /** The pod template as it is. */
  template: JsonObject
  record: OwnershipRecord
  draft: DesiredPod
  /** Versions of the sidecars of this run, in order; a sidecar of `renew` that is not among them is removed. */
  versions: ReadonlyMap<string, string>
  renew: ReadonlySet<string>
  /** Further objects of the sidecars of this run. */
  objects: ReadonlyMap<string, readonly JsonObject[]>
  /** The template's text, as far as it decides what can be put back later. */
  text: TemplateText
}

/** What a reconciliation must know of a template's text. */
export interface TemplateText {
  /** Text between colon and end of value at an address, where the value is replaced. */
  textAt: (address: FieldPath) => string | undefined
  /** The alias on the way to an address: where it stands, and its text from colon or dash. */
  aliasOn: (address: FieldPath) => { address: FieldPath; text: string } | undefined
  /** The data that an anchor stands for. */
  anchored: (name: string, address: FieldPath) => Json | undefined
}

/**
 * Compares what is wanted with what is there, address by address, so that what is right already stays as it is,
 * with the user's comments beside it, and what differs is replaced in its place.
 */
export function reconcile(input: ReconcileInput): Reconciled {
  const { template, record, draft, renew } = input
  const next = nextRecord(input)
  const changes: PatchOp[] = []
  const isOwned = ownedBy(record)
  const stillOwned = record.sidecars.size === 0 ? undefined : ownedIn(next)
  const gone = new Set<string>()
  const made = new Set(record.created.map(formatFieldPath))
  const adopted = new Set(draft.adopted.map(formatFieldPath))
  // What is taken up as it is stays where it is: only what others put into it goes.
  const around = { has: (key: string): boolean => draft.ownedFields.has(key) && !adopted.has(key) }

  for (const [name, { own }] of record.sidecars) {
    if (!renew.has(name)) continue
    for (const address of own) {
      const key = formatFieldPath(address)
      // What is wanted around it says what becomes of it.
      if (
        gone.has(key) ||
        stillOwned?.has(key) ||
        pathOf(template, address) === undefined ||
        isInsideOf(address, around)
      )
        continue
      const text = record.was.get(key)
      changes.push(text === undefined ? { type: 'remove', address } : { type: 'restore', address, text })
      gone.add(key)
    }
  }
  for (const [key, want] of draft.ownedFields) {
    if (adopted.has(key)) continue
    if (isBehindApp(input, want, isOwned)) {
      changes.push(
        { type: 'remove', address: want.address },
        { type: 'insert', address: want.address, value: want.value, place: want.place },
      )
      continue
    }
    const change = changeFor(template, want)
    // What was made for sidecars holds nothing of the user's that could come back.
    if (change?.type === 'replace' && !record.was.has(key) && !made.has(key) && !isOwned(want.address)) {
      next.was.set(key, input.text.textAt(want.address) ?? '')
    }
    if (change !== undefined) changes.push(change)
  }
  const left = volumesInUse(template, record, changes)
  const stays = new Set<string | undefined>(left.map(({ volume }) => volume))
  const rest = changes.filter((c) => c.type !== 'remove' || !stays.has(volumeName(c.address)))
  const annotations = recordAnnotations(template).map(([key]) => annotationAddress(key))
  const keepsRecord = next.sidecars.size > 0
  if (!keepsRecord) for (const address of annotations) rest.push({ type: 'remove', address })
  const kept = restoreAliases(input, next, dropEmptied(template, record, next, outermost(rest), keepsRecord))
  if (keepsRecord) {
    noteAliases(input, kept, next)
    addAdoptedParents(input, next)
    addCreated(input, [...kept, { type: 'insert', address: ANY_RECORD, value: '', place: 'last' }], next)
    for (const change of recordChanges(input, next, kept.length > 0)) kept.push(change)
  }
  return { changes: kept, record: next, left }
}

/** Stands for the annotation of any sidecar. */
const ANY_RECORD = annotationAddress(OLD_RECORD)

/** What makes the record's annotations say what is to be recorded; nothing where the old form says it, and nothing else changes. */
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

function ownedIn({ sidecars }: OwnershipRecord): Set<string> {
  return new Set([...sidecars.values()].flatMap((s) => s.own.map(formatFieldPath)))
}

/**
 * True for an ordinary container of ours that is to start before the app's and stands behind one of them: the kubelet
 * starts containers in the order of the list. What stands among the init containers stays where it was put.
 */
function isBehindApp({ template, draft }: ReconcileInput, { address, place }: OwnedField, isOwned: IsOwned): boolean {
  const index =
    place === 'first' && address.length === CONTAINERS.length + 1 ? pathOf(template, address)?.at(-1) : undefined
  if (typeof index !== 'number' || address[1] !== CONTAINERS[1] || !isOwned(address)) return false
  const before = (valueAt(template, CONTAINERS) as Json[]).slice(0, index)
  const app = new Set(appContainers(draft).map(nameOf))
  return before.some((container) => isObject(container) && app.has(nameOf(container)))
}

function changeFor(template: JsonObject, want: OwnedField): PatchOp | undefined {
  const path = pathOf(template, want.address)
  if (path === undefined) return { type: 'insert', address: want.address, value: want.value, place: want.place }
  return isSame(valueAt(template, path), want)
    ? undefined
    : { type: 'replace', address: want.address, value: want.value }
}

/** True when what is there is what is wanted, or what an API server makes of it when it stores it. */
function isSame(present: Json | undefined, { address, value }: OwnedField): boolean {
  if (present === undefined || isEqual(present, value)) return present !== undefined
  const list = address.at(-2)
  if (typeof list !== 'string' || typeof address.at(-1) === 'string') return false
  return isEqual(withoutServerDefaults(list, present), withoutServerDefaults(list, value))
}

/** The record after this run: sidecars that stay as they are, in their place, and those of this run. */
function nextRecord({ template, record, draft, versions, renew, objects }: ReconcileInput): OwnershipRecord {
  const next = emptyRecord()
  const wantsOf = wantsByOwner(draft)
  const add = (name: string): void => {
    const version = versions.get(name)
    if (version === undefined) return
    const wants = wantsOf.get(name) ?? []
    const ids = new Map((objects.get(name) ?? []).map((object) => [extraObjectId(refOf(object)), digestOf(object)]))
    const own = wants.map((w) => w.address)
    const digests = new Map(wants.map(({ address, value }) => [formatFieldPath(address), fieldDigest(address, value)]))
    next.sidecars.set(name, { version, own, digests, ...(ids.size > 0 && { objects: ids }) })
  }
  for (const [name, owned] of record.sidecars) {
    if (renew.has(name)) add(name)
    else next.sidecars.set(name, withDigests(template, owned))
  }
  for (const name of versions.keys()) if (!next.sidecars.has(name)) add(name)
  next.created = [...record.created]
  next.uses = earlierUses(template, record, next)
  if (record.was.size === 0) return next
  const kept = ownedIn(next)
  for (const address of next.created) kept.add(formatFieldPath(address))
  for (const [key, text] of record.was) {
    if (aliasName(text) !== undefined || kept.has(key)) next.was.set(key, text)
  }
  return next
}

function wantsByOwner({ ownedFields }: DesiredPod): Map<string, OwnedField[]> {
  const out = new Map<string, OwnedField[]>()
  for (const want of ownedFields.values()) {
    for (const owner of want.owners) {
      const own = out.get(owner)
      if (own === undefined) out.set(owner, [want])
      else own.push(want)
    }
  }
  return out
}

/** A sidecar of the old form as the new one has it; what was edited by hand since has no digest. */
function withDigests(template: JsonObject, owned: OwnedSidecar): OwnedSidecar {
  if (owned.hash === undefined) return owned
  const { hash: _, ...rest } = owned
  return { ...rest, digests: isIntact(template, owned) ? digestsIn(template, owned.own) : new Map() }
}

/** Notes the maps and lists that inserts will create, outermost first, and the null that stood there. */
function addCreated(
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
      // The host removes a map in which it has all entries, and then it was not there.
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

/** Notes the lists that hold nothing but what was taken into the record: they were made for it, as far as it can be told. */
function addAdoptedParents({ template, draft }: ReconcileInput, next: OwnershipRecord): void {
  if (draft.adopted.length === 0) return
  const owned = ownedIn(next)
  const known = new Set(next.created.map(formatFieldPath))
  for (const address of draft.adopted) {
    const parent = address.slice(0, -1)
    const items = valueAt(template, pathOf(template, parent) ?? [''])
    const key = formatFieldPath(parent)
    if (known.has(key) || !Array.isArray(items) || formatFieldPath(CONTAINERS) === key) continue
    const list = String(parent.at(-1))
    if (!items.every((item) => owned.has(formatFieldPath([...parent, { id: mergeKeyOf(list, item) ?? '' }])))) continue
    known.add(key)
    next.created.push(parent)
  }
}

/** Notes the aliases that will be written out, since a change lies behind them. */
function noteAliases({ text }: ReconcileInput, changes: readonly PatchOp[], next: OwnershipRecord): void {
  for (const change of [...changes.map((c) => c.address), ANY_RECORD]) {
    const alias = text.aliasOn(change)
    if (alias !== undefined) next.was.set(formatFieldPath(alias.address), alias.text)
  }
}

/** Where an alias was written out and nothing but its value is left, the alias comes back. */
function restoreAliases(
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
    const path = pathOf(after, address)
    if (path === undefined || !isEqual(valueAt(after, path), text.anchored(aliasName(was) as string, address))) continue
    back.push({ type: 'restore', address, text: was })
    next.was.delete(key)
  }
  const restored = new Set(back.map(({ address }) => formatFieldPath(address)))
  return [...changes, ...back].filter(({ address }) => !isInsideOf(address, restored))
}

/** Where a created map or list would be left empty, it goes as a whole. */
function dropEmptied(
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
    // Null is what is left when someone takes the entries out by hand.
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

/** Changes without those inside something that goes or changes as a whole. */
function outermost(changes: readonly PatchOp[]): PatchOp[] {
  const whole = new Set(changes.flatMap((c) => (c.type === 'insert' ? [] : [formatFieldPath(c.address)])))
  return changes.filter(({ address }) => !isInsideOf(address, whole))
}
