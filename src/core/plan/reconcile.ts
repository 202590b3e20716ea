import { isObject, type Json, type JsonObject } from '../json.ts'
import { formatAddress, isEqual, isInsideOf, isWithin, parseAddress, pathOf, type Address } from './address.ts'
import { withoutServerDefaults } from '../kube/server-defaults.ts'
import { refOf, valueAt } from '../kube/workload.ts'
import { applyChanges, type Change, type IsOwned } from './change.ts'
import { companionId } from './companion.ts'
import type { PodDraft, Want } from './draft.ts'
import { appContainers, CONTAINERS, nameOf } from './pod.ts'
import { aliasName, emptyRecord, formatRecord, ownedBy, RECORD_ADDRESS, RECORD_ANNOTATION, shortHash, type Record } from './record.ts'
import { Tree } from './tree.ts'
import { earlierUses, volumeName, volumesInUse, type VolumeUse } from './volume-use.ts'

/** What must change in a pod template, and the record that goes with it. */
export interface Reconciled {
  changes: Change[]
  record: Record
  /** Volumes that stay although no sidecar needs them any more, each with a use of the manifest's own. */
  left: VolumeUse[]
}

/** What a reconciliation starts from. */
export interface ReconcileInput {
  /** The pod template as it is. */
  template: JsonObject
  record: Record
  draft: PodDraft
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
  textAt: (address: Address) => string | undefined
  /** The alias on the way to an address: where it stands, and its text from colon or dash. */
  aliasOn: (address: Address) => { address: Address; text: string } | undefined
  /** The data that an anchor stands for. */
  anchored: (name: string, address: Address) => Json | undefined
}

/**
 * Compares what is wanted with what is there, address by address, so that what is right already stays as it is,
 * with the user's comments beside it, and what differs is replaced in its place.
 */
export function reconcile(input: ReconcileInput): Reconciled {
  const { template, record, draft, renew } = input
  const next = nextRecord(input)
  const changes: Change[] = []
  const isOwned = ownedBy(record)
  const stillOwned = record.sidecars.size === 0 ? undefined : ownedIn(next)
  const gone = new Set<string>()

  for (const [name, { own }] of record.sidecars) {
    if (!renew.has(name)) continue
    for (const address of own) {
      const key = formatAddress(address)
      // What is wanted around it says what becomes of it.
      if (gone.has(key) || stillOwned?.has(key) || pathOf(template, address) === undefined || isInsideOf(address, draft.wants)) continue
      const text = record.was.get(key)
      changes.push(text === undefined ? { type: 'remove', address } : { type: 'restore', address, text })
      gone.add(key)
    }
  }
  for (const want of draft.wants.values()) {
    if (isBehindApp(input, want, isOwned)) {
      changes.push({ type: 'remove', address: want.address }, { type: 'insert', address: want.address, value: want.value, place: want.place })
      continue
    }
    const change = changeFor(template, want)
    if (change?.type === 'replace' && !record.was.has(formatAddress(want.address)) && !isOwned(want.address)) {
      next.was.set(formatAddress(want.address), input.text.textAt(want.address) ?? '')
    }
    if (change !== undefined) changes.push(change)
  }
  const left = volumesInUse(template, record, changes)
  const stays = new Set<string | undefined>(left.map(({ volume }) => volume))
  const rest = changes.filter((c) => c.type !== 'remove' || !stays.has(volumeName(c.address)))
  const keepsRecord = next.sidecars.size > 0
  if (!keepsRecord && pathOf(template, RECORD_ADDRESS) !== undefined) rest.push({ type: 'remove', address: RECORD_ADDRESS })
  const kept = restoreAliases(input, next, dropEmptied(template, record, next, outermost(rest), keepsRecord))
  if (keepsRecord) {
    noteAliases(input, kept, next)
    addCreated(input, [...kept, { type: 'insert', address: RECORD_ADDRESS, value: '', place: 'last' }], next)
    const value = formatRecord(next)
    const change = changeFor(template, { address: RECORD_ADDRESS, value, place: 'last', owners: new Set() })
    if (change !== undefined) kept.push(change)
  }
  return { changes: kept, record: next, left }
}

function ownedIn({ sidecars }: Record): Set<string> {
  return new Set([...sidecars.values()].flatMap((s) => s.own.map(formatAddress)))
}

/**
 * True for an ordinary container of ours that is to start before the app's and stands behind one of them: the kubelet
 * starts containers in the order of the list. What stands among the init containers stays where it was put.
 */
function isBehindApp({ template, draft }: ReconcileInput, { address, place }: Want, isOwned: IsOwned): boolean {
  const index = place === 'first' && address.length === CONTAINERS.length + 1 ? pathOf(template, address)?.at(-1) : undefined
  if (typeof index !== 'number' || address[1] !== CONTAINERS[1] || !isOwned(address)) return false
  const before = (valueAt(template, CONTAINERS) as Json[]).slice(0, index)
  const app = new Set(appContainers(draft).map(nameOf))
  return before.some((container) => isObject(container) && app.has(nameOf(container)))
}

function changeFor(template: JsonObject, want: Want): Change | undefined {
  const path = pathOf(template, want.address)
  if (path === undefined) return { type: 'insert', address: want.address, value: want.value, place: want.place }
  return isSame(valueAt(template, path), want) ? undefined : { type: 'replace', address: want.address, value: want.value }
}

/** True when what is there is what is wanted, or what an API server makes of it when it stores it. */
function isSame(present: Json | undefined, { address, value }: Want): boolean {
  if (present === undefined || isEqual(present, value)) return present !== undefined
  const list = address.at(-2)
  if (typeof list !== 'string' || typeof address.at(-1) === 'string') return false
  return isEqual(withoutServerDefaults(list, present), withoutServerDefaults(list, value))
}

/** The record after this run: sidecars that stay as they are, in their place, and those of this run. */
function nextRecord({ template, record, draft, versions, renew, objects }: ReconcileInput): Record {
  const next = emptyRecord()
  const wantsOf = wantsByOwner(draft)
  const add = (name: string): void => {
    const version = versions.get(name)
    if (version === undefined) return
    const wants = wantsOf.get(name) ?? []
    const ids = (objects.get(name) ?? []).map((object) => companionId(refOf(object)))
    const own = wants.map((w) => w.address)
    next.sidecars.set(name, { version, hash: hashOf(wants), own, ...(ids.length > 0 && { objects: ids }) })
  }
  for (const [name, owned] of record.sidecars) {
    if (renew.has(name)) add(name)
    else next.sidecars.set(name, owned)
  }
  for (const name of versions.keys()) if (!next.sidecars.has(name)) add(name)
  next.created = [...record.created]
  next.uses = earlierUses(template, record, next)
  if (record.was.size === 0) return next
  const kept = ownedIn(next)
  for (const address of next.created) kept.add(formatAddress(address))
  for (const [key, text] of record.was) {
    if (aliasName(text) !== undefined || kept.has(key)) next.was.set(key, text)
  }
  return next
}

function wantsByOwner({ wants }: PodDraft): Map<string, Want[]> {
  const out = new Map<string, Want[]>()
  for (const want of wants.values()) {
    for (const owner of want.owners) {
      const own = out.get(owner)
      if (own === undefined) out.set(owner, [want])
      else own.push(want)
    }
  }
  return out
}

/** The hash of what a sidecar put in: of the JSON of its addresses and values. */
function hashOf(wants: readonly Want[]): string {
  const content = `[${wants.map(({ address, value }) => `[${JSON.stringify(formatAddress(address))},${jsonOf(value)}]`).join(',')}]`
  const known = HASHES.get(content) ?? shortHash(content)
  if (HASHES.size >= MOST_HASHES) HASHES.clear()
  HASHES.set(content, known)
  return known
}

/** Alike workloads get the same, so its JSON and its hash are made once. */
const HASHES = new Map<string, string>()
const MOST_HASHES = 500
const JSON_TEXTS = new WeakMap<object, string>()

function jsonOf(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const known = JSON_TEXTS.get(value) ?? JSON.stringify(value)
  JSON_TEXTS.set(value, known)
  return known
}

/** Notes the maps and lists that inserts will create, outermost first, and the null that stood there. */
function addCreated({ template, text: { textAt } }: ReconcileInput, changes: readonly Change[], next: Record): void {
  const known = new Set(next.created.map(formatAddress))
  for (const change of changes) {
    if (change.type !== 'insert') continue
    for (let length = 1; length < change.address.length; length++) {
      const prefix = change.address.slice(0, length)
      const path = pathOf(template, prefix)
      if (path !== undefined && valueAt(template, path) !== null) continue
      const key = formatAddress(prefix)
      if (known.has(key)) continue
      known.add(key)
      next.created.push(prefix)
      const text = path === undefined ? undefined : textAt(prefix)
      if (text !== undefined) next.was.set(key, text)
    }
  }
}

/** Notes the aliases that will be written out, since a change lies behind them. */
function noteAliases({ text }: ReconcileInput, changes: readonly Change[], next: Record): void {
  for (const change of [...changes.map((c) => c.address), RECORD_ADDRESS]) {
    const alias = text.aliasOn(change)
    if (alias !== undefined) next.was.set(formatAddress(alias.address), alias.text)
  }
}

/** Where an alias was written out and nothing but its value is left, the alias comes back. */
function restoreAliases({ template, record, text }: ReconcileInput, next: Record, changes: Change[]): Change[] {
  const aliases = [...record.was].filter(([, was]) => aliasName(was) !== undefined)
  if (aliases.length === 0) return changes
  const after = applyChanges(template, changes)
  const back: Extract<Change, { type: 'restore' }>[] = []
  for (const [key, was] of aliases) {
    const address = parseAddress(key) as Address
    const path = pathOf(after, address)
    if (path === undefined || !isEqual(valueAt(after, path), text.anchored(aliasName(was) as string, address))) continue
    back.push({ type: 'restore', address, text: was })
    next.was.delete(key)
  }
  const restored = new Set(back.map(({ address }) => formatAddress(address)))
  return [...changes, ...back].filter(({ address }) => !isInsideOf(address, restored))
}

/** Where a created map or list would be left empty, it goes as a whole. */
function dropEmptied(
  template: JsonObject,
  record: Record,
  next: Record,
  changes: readonly Change[],
  keepsRecord: boolean,
): Change[] {
  if (record.created.length === 0) return [...changes]
  const after = new Tree(applyChanges(template, changes))
  if (keepsRecord) after.set(RECORD_ADDRESS, '', 'last')
  const gone = new Set<string>()
  const dropped: Address[] = []
  for (const address of record.created.toSorted((a, b) => b.length - a.length)) {
    const value = after.get(address)
    // Null is what is left when someone takes the entries out by hand.
    const isEmpty = value === null || (typeof value === 'object' && Object.keys(value).length === 0)
    if (value !== undefined && !isEmpty) continue
    if (value !== undefined) {
      after.remove(address)
      dropped.push(address)
    }
    gone.add(formatAddress(address))
    next.was.delete(formatAddress(address))
  }
  next.created = next.created.filter((address) => !gone.has(formatAddress(address)))
  const away = new Set(dropped.map(formatAddress))
  const whole = dropped.filter((address) => !isInsideOf(address, away))
  const rest = changes.filter(({ address }) => !isWithin(address, away))
  for (const address of whole) {
    const text = record.was.get(formatAddress(address))
    rest.push(text === undefined ? { type: 'remove', address } : { type: 'restore', address, text })
  }
  return rest
}

/** Changes without those inside something that goes or changes as a whole. */
function outermost(changes: readonly Change[]): Change[] {
  const whole = new Set(changes.flatMap((c) => (c.type === 'insert' ? [] : [formatAddress(c.address)])))
  return changes.filter(({ address }) => !isInsideOf(address, whole))
}

/** What stands at the record's place, if anything. */
export function recordText(template: JsonObject): Json | undefined {
  const metadata = template['metadata']
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined
  return isObject(annotations) && Object.hasOwn(annotations, RECORD_ANNOTATION) ? annotations[RECORD_ANNOTATION] : undefined
}
