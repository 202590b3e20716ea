import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { workloadKind } from '../kube/kinds.ts'
import { valueAt } from '../kube/workload.ts'
import { fieldAt, formatFieldPath, isInsideOf, parseFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { scalarOf } from './replaced-text.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'
import { INIT_CONTAINERS, CONTAINERS } from '../field-path/pod-fields.ts'
import { type OwnershipRecord, isRecordKey } from './record.ts'
import { aliasName } from './record-text.ts'

/**
 * Validates a record that can be read: it may claim only what runs add, and must leave a container for the app.
 * @param anchored the value of an alias with that name at a field path; undefined where no such anchor precedes it
 * @param renamed the record with the present names of containers
 * @returns the rest of a message that starts with "this annotation"; undefined for a valid record
 */
export function validateRecord(
  template: JsonObject,
  record: OwnershipRecord,
  anchored: (name: string, address: FieldPath) => Json | undefined,
  renamed: OwnershipRecord = record,
): string | undefined {
  if (!PROBLEMS.has(record)) PROBLEMS.set(record, problemIn(record))
  return PROBLEMS.get(record) ?? containersProblem(template, record) ?? wasProblem(template, renamed, anchored)
}

/** Results, kept as long as the record, which similar workloads share. */
const PROBLEMS = new WeakMap<OwnershipRecord, string | undefined>()

function problemIn({ sidecars, created, was }: OwnershipRecord): string | undefined {
  if (sidecars.size === 0) return 'names no sidecar'
  const owned = new Set<string>()
  const added = new Map<string, string>()
  for (const [name, { own, objects = new Map<string, string>() }] of sidecars) {
    const object = [...objects.keys()].find((id) => !mayBeObject(id))
    if (object !== undefined)
      return `says that the object ${object} came with sidecar "${name}", which sidecars cannot add`
    const shared = [...objects.keys()].find((id) => added.has(id))
    if (shared !== undefined)
      return `says that the object ${shared} came with sidecar "${name}", and also with "${added.get(shared)}"`
    for (const id of objects.keys()) added.set(id, name)
    const odd = own.find((address) => !mayBeOwn(address))
    if (odd !== undefined)
      return `says that ${formatFieldPath(odd)} came with sidecar "${name}", which sidecars cannot add`
    const twice = doubled(own)
    if (twice !== undefined) return `says twice that ${twice} came with sidecar "${name}"`
    for (const address of own) owned.add(formatFieldPath(address))
  }
  const inner = [...sidecars.values()].flatMap((s) => s.own).find((address) => isInsideOf(address, owned))
  if (inner !== undefined)
    return `says that ${formatFieldPath(inner)} came with a sidecar, and also a field that contains it`
  const odd = created.find((address) => !mayBeCreated(address))
  if (odd !== undefined) return `says that ${formatFieldPath(odd)} was created for a sidecar, which never happens`
  const twice = doubled(created)
  if (twice !== undefined) return `says twice that ${twice} was created for a sidecar`
  const made = new Set(created.map(formatFieldPath))
  const wrong = [...was].find(([key, text]) => !mayHaveBeen(key, text, owned, made))
  return wrong === undefined ? undefined : `records an original value of ${wrong[0]} that cannot be restored`
}

/** The only number of the user's that runs replace; the only string is `image: auto` of a container. */
const RAISED = 'spec.terminationGracePeriodSeconds'

/**
 * True where a run can have replaced that text: an alias, null, a grace period, `image: auto`, or an empty collection
 * where it created a map or list.
 */
function mayHaveBeen(key: string, text: string, owned: ReadonlySet<string>, made: ReadonlySet<string>): boolean {
  const address = parseFieldPath(key)
  if (address === undefined || isRecord(address)) return false
  if (aliasName(text) !== undefined) return true
  const value = scalarOf(text)
  if (typeof address.at(-1) !== 'string' || !(owned.has(key) || made.has(key))) return false
  return (
    value === null ||
    (made.has(key) && typeof value === 'object') ||
    (key === RAISED && typeof value === 'number') ||
    (value === 'auto' && isInContainer(address) && address.length === 4 && address.at(-1) === 'image')
  )
}

function doubled(addresses: readonly FieldPath[]): string | undefined {
  const seen = new Set<string>()
  return addresses.map(formatFieldPath).find((key) => seen.size === seen.add(key).size)
}

function containersProblem(template: JsonObject, { sidecars }: OwnershipRecord): string | undefined {
  const containers = valueAt(template, CONTAINERS)
  if (sidecars.size === 0 || !Array.isArray(containers)) return undefined
  const owned = new Set([...sidecars.values()].flatMap((s) => s.own.map(formatFieldPath)))
  const isOwned = (id: string | undefined): boolean =>
    id !== undefined && owned.has(formatFieldPath([...CONTAINERS, { id }]))
  return containers.every((container) => isObject(container) && isOwned(mergeKeyOf(CONTAINERS[1], container)))
    ? 'says that every container came with a sidecar, which leaves none for the app'
    : undefined
}

/** Replaced text must be restorable: an alias needs its anchor. And a map replaces nothing: it is filled key by key. */
function wasProblem(
  template: JsonObject,
  { sidecars, created, was }: OwnershipRecord,
  anchored: (name: string, address: FieldPath) => Json | undefined,
): string | undefined {
  if (was.size === 0) return undefined
  const own = [...sidecars.values()].flatMap((s) => s.own)
  for (const address of [...own, ...created]) {
    const key = formatFieldPath(address)
    const name = aliasName(was.get(key) ?? '')
    if (name === undefined || anchored(name, address) !== undefined) continue
    return `says that the original value of ${key} was *${name}, but no anchor &${name} precedes it`
  }
  const odd = [...was].find(([key, text]) => isOtherKind(fieldAt(template, parseFieldPath(key) ?? []), text))
  if (odd !== undefined) return `records an original value of ${odd[0]}, which sidecarctl never replaces`
  const isMap = (address: FieldPath): boolean => isObject(fieldAt(template, address))
  const map = own.find(
    (address) => was.has(formatFieldPath(address)) && address.at(-1) !== 'lifecycle' && isMap(address),
  )
  return map === undefined
    ? undefined
    : `records an original value of ${formatFieldPath(map)}, which sidecarctl never replaces`
}

/** Single fields of the pod that sidecars set. */
const POD_FIELDS: ReadonlySet<string> = new Set([
  'spec.shareProcessNamespace',
  'spec.securityContext.fsGroup',
  'spec.serviceAccountName',
  RAISED,
])
const POD_LISTS: ReadonlySet<unknown> = new Set(['volumes', 'imagePullSecrets', INIT_CONTAINERS[1], CONTAINERS[1]])
const POD_MAPS: ReadonlySet<unknown> = new Set(['labels', 'annotations'])
/** Maps and lists that runs create where they are missing, beside those in containers. */
const MADE: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.labels',
  'metadata.annotations',
  'spec.volumes',
  'spec.imagePullSecrets',
  'spec.initContainers',
  'spec.securityContext',
])

function mayBeOwn(address: FieldPath): boolean {
  const [part, list, item] = address
  if (part === 'metadata') {
    return address.length === 3 && POD_MAPS.has(list) && !isRecord(address)
  }
  if (POD_FIELDS.has(formatFieldPath(address))) return true
  return (address.length === 3 && typeof item === 'object' && POD_LISTS.has(list)) || isInContainer(address)
}

function isRecord([part, map, key]: FieldPath): boolean {
  return part === 'metadata' && map === 'annotations' && typeof key === 'string' && isRecordKey(key)
}

function mayBeCreated(address: FieldPath): boolean {
  return typeof address.at(-1) === 'string' && (MADE.has(formatFieldPath(address)) || isInContainer(address))
}

/** True for an `extraObjectId` of a kind that a sidecar may add, which excludes workloads. */
function mayBeObject(id: string): boolean {
  const [name = '', kind = '', ...version] = id.split('/').toReversed()
  const apiVersion = version.toReversed().join('/')
  return name !== '' && kind !== '' && apiVersion !== '' && workloadKind(apiVersion, kind) === undefined
}

/** True for a field of a container other than its name, which is its merge key, and for a list item in such a field. */
function isInContainer([part, list, item, field, ...rest]: FieldPath): boolean {
  return (
    part === 'spec' &&
    (list === CONTAINERS[1] || list === INIT_CONTAINERS[1]) &&
    typeof item === 'object' &&
    typeof field === 'string' &&
    field !== 'name' &&
    rest.slice(0, -1).every((step) => typeof step === 'string')
  )
}

/** True where the original value is a map and the present one a list, or the reverse. */
function isOtherKind(present: Json | undefined, text: string): boolean {
  if (aliasName(text) !== undefined || typeof present !== 'object' || present === null) return false
  const original = scalarOf(text)
  return typeof original === 'object' && original !== null && Array.isArray(original) !== Array.isArray(present)
}
