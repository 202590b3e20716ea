import { isObject, textOf, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { OPEN } from '../template/placeholder.ts'
import { type Template, containerName } from '../template/template.ts'
import { fieldAt, formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { isEqual } from '../json/equality.ts'
import { CHECKSUM_GROUP } from './sidecar-objects.ts'
import { CONTAINERS, INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import { shortHash, type OwnedSidecar, type OwnershipRecord } from '../ownership/record.ts'
import { isAsRecorded } from '../ownership/recorded-value.ts'

/** A claim of a record that must not be acted on unless the user asks for it. */
export interface Unproven {
  sidecar: string
  address: FieldPath
  /**
   * - `modified`: the value is no longer what was added.
   * - `foreign`: the value has the recorded digest, but a sidecar of that name does not add such a field.
   * - `forged`: a sidecar of that name does not add such a field, and the value differs, or it is a container or one of
   *   its own fields.
   */
  why: 'modified' | 'foreign' | 'forged'
}

/** What claims are checked against. */
export interface Evidence {
  template: JsonObject
  /** The whole record of the pod template. */
  record: OwnershipRecord
  /** True where everything in the record is known to be as it was recorded. */
  isRecorded: boolean
  /** The template of a sidecar; undefined for an unknown one. */
  find: (name: string) => Template | undefined
  /** True for the name of one of the user's own templates, which change without a new version. */
  isOwn: (name: string) => boolean
  /** The value that a run would set at a field path; undefined for none. */
  wanted: (address: FieldPath) => Json | undefined
}

/**
 * The claims of one sidecar that are not proved. A claim is proved when the value still has the recorded digest, and a
 * sidecar of that name can have added it: a container by its name, other fields by the template. A modified value that
 * a run would set anyway is proved as well: acting on it loses nothing.
 */
export function unprovenClaims(name: string, owned: OwnedSidecar, evidence: Evidence): Unproven[] {
  const { template, wanted, isRecorded } = evidence
  const isWhole = isRecorded || (owned.hash !== undefined && isIntact(template, owned))
  return owned.own.flatMap((address): Unproven[] => {
    const value = fieldAt(template, address)
    if (value === undefined) return []
    const isSame = isWhole || isAsRecorded(owned.digests.get(formatFieldPath(address)), address, value)
    if (!mayComeFrom(name, owned.version, address, evidence) && !isOfOther(name, owned, address, evidence))
      return [{ sidecar: name, address, why: isSame && !isOfContainer(address) ? 'foreign' : 'forged' }]
    const want = wanted(address)
    return isSame || (want !== undefined && isEqual(want, value)) ? [] : [{ sidecar: name, address, why: 'modified' }]
  })
}

/**
 * True for a mount or volume of another sidecar's folder that this sidecar uses, too (see `shareFolder`): a mount at or
 * above one of its own folders, or the volume there. If the other sidecar is gone, only a volume with default content
 * is proved.
 */
function isOfOther(name: string, { version, own }: OwnedSidecar, address: FieldPath, evidence: Evidence): boolean {
  const [, list, item, field] = address
  if (list !== 'volumes' && field !== 'volumeMounts') return false
  const key = formatFieldPath(address)
  const isOthers = [...evidence.record.sidecars].some(
    ([other, owned]) =>
      other !== name &&
      owned.own.some((one) => formatFieldPath(one) === key) &&
      mayComeFrom(other, owned.version, address, evidence),
  )
  if (isOthers || list !== 'volumes') return isOthers || isAboveFolder(name, version, address, evidence)
  const at = (one: FieldPath): Json => fieldAt(evidence.template, one) ?? null
  return (
    isEqual(at(address), { name: (item as { id: string }).id, emptyDir: {} }) &&
    own.some(
      (one) =>
        isAboveFolder(name, version, one, evidence) && valueAt(at(one), ['name']) === (item as { id: string }).id,
    )
  )
}

/**
 * True for a mount in an app container at or above a shared folder of a sidecar, or where the folders are not known.
 */
function isAboveFolder(name: string, version: string, address: FieldPath, evidence: Evidence): boolean {
  const [, list, , field, item, ...rest] = address
  if (list !== CONTAINERS[1] || field !== 'volumeMounts' || typeof item !== 'object' || rest.length > 0) return false
  const spec = specOf(name, version, evidence)
  if (spec === undefined) return true
  const { names, isOpen } = identitiesIn(valueAt(spec, ['sharedFolders']), 'path')
  const above = item.id.replace(/\/+$/, '')
  return isOpen || names.some((path) => `${path}/`.startsWith(`${above}/`))
}

/**
 * True for a container and its own fields: anything but the items and hooks that a sidecar adds to a container of the
 * app.
 */
export function isOfContainer([, list, , field, ...rest]: FieldPath): boolean {
  const isItem = APP_LISTS.has(field) && rest.length > 0
  return (list === CONTAINERS[1] || list === INIT_CONTAINERS[1]) && !isItem && field !== 'lifecycle'
}

/**
 * True when everything that a sidecar added to a pod template is unchanged.
 * @param moved maps a recorded field path to where the field is now
 */
export function isIntact(
  template: JsonObject,
  { own, digests, hash }: OwnedSidecar,
  moved: (address: FieldPath) => FieldPath = (a) => a,
): boolean {
  if (hash !== undefined) return oldHash(template, own, moved) === hash
  return own.every((address) => {
    const value = fieldAt(template, moved(address))
    return value !== undefined && isAsRecorded(digests.get(formatFieldPath(address)), address, value)
  })
}

/** The single hash of a record of the old form: of the JSON of its field paths and values. */
function oldHash(template: JsonObject, own: readonly FieldPath[], moved: (address: FieldPath) => FieldPath): string {
  return shortHash(
    JSON.stringify(own.map((address): Json[] => [formatFieldPath(address), fieldAt(template, moved(address)) ?? null])),
  )
}

/** Lists of an app container to which sidecars add items, with the field that identifies an item in a template. */
const APP_LISTS: ReadonlyMap<unknown, string> = new Map([
  ['env', 'name'],
  ['volumeMounts', 'mountPath'],
  ['ports', 'containerPort'],
])

/** True where a sidecar of that name can have added a field, as far as its name and template tell. */
function mayComeFrom(name: string, version: string, address: FieldPath, evidence: Evidence): boolean {
  const [part, list, item, field, ...rest] = address
  const template = evidence.find(name)
  const spec = specOf(name, version, evidence)
  if (part === 'metadata')
    return list === 'labels' ? hasKey(spec, ['pod', 'labels'], item as string) : mayAnnotate(name, item as string, spec)
  if (typeof item !== 'object') return mayBePodField(formatFieldPath(address), spec)
  const { id } = item
  if (list === 'volumes')
    return hasItem(spec, ['volumes'], 'name', id) || hasItem(spec, ['sharedFolders'], 'volume', id)
  // A policy adds pull secrets to any sidecar with an image.
  if (list === 'imagePullSecrets')
    return has(spec, ['container']) || has(spec, ['initContainers']) || hasItem(spec, ['pod', list], 'name', id)
  if (mayBeNamed(id, name, template)) return true
  // A container of another name gets items and hooks; it is never added, nor are its other fields.
  if (list !== CONTAINERS[1]) return false
  if (field === 'lifecycle' && rest.length === 0) return has(spec, ['app', 'lifecycle'])
  const [key, [step]] = [APP_LISTS.get(field), rest]
  if (key === undefined || rest.length !== 1 || typeof step !== 'object') return false
  if (field === 'volumeMounts' && hasItem(spec, ['sharedFolders'], 'path', step.id)) return true
  return hasItem(spec, ['app', field as string], key, field === 'ports' ? step.id.replace(/\/.*$/, '') : step.id)
}

/**
 * The spec of a sidecar's template; undefined where it is not known: another version may have had other fields, and the
 * user's own templates change without a new version.
 */
function specOf(name: string, version: string, { find, isOwn }: Evidence): JsonObject | undefined {
  const template = find(name)
  return template !== undefined && template.version === version && !isOwn(name) ? template.spec : undefined
}

/** True where a template has a part, or the template is not known. */
function has(spec: JsonObject | undefined, path: readonly string[]): boolean {
  return spec === undefined || valueAt(spec, path) !== undefined
}

function mayAnnotate(name: string, key: string, spec: JsonObject | undefined): boolean {
  if (key.startsWith(`${CHECKSUM_GROUP}/`)) return key === `${CHECKSUM_GROUP}/${name}`
  if (key === 'kubectl.kubernetes.io/default-container' && has(spec, ['classic', 'startFirst'])) return true
  return hasKey(spec, ['pod', 'annotations'], key)
}

/** The parts of a template that raise the grace period, which must be at least as long as the sleep of a hook. */
const GRACE_PARTS: readonly (readonly string[])[] = [
  ['pod', 'minTerminationGracePeriodSeconds'],
  ['classic', 'minTerminationGracePeriodSeconds'],
  ['container', 'lifecycle', 'preStop', 'sleep'],
  ['classic', 'lifecycle', 'preStop', 'sleep'],
]

/** True where a template can set a single field of the pod. */
function mayBePodField(field: string, spec: JsonObject | undefined): boolean {
  const key = field.slice(field.lastIndexOf('.') + 1)
  if (key !== 'terminationGracePeriodSeconds') return has(spec, ['pod', key])
  return GRACE_PARTS.some((part) => has(spec, part))
}

/**
 * True where a container's name may be a sidecar's: the template's name for it, or that name with a number where it was
 * taken.
 */
function mayBeNamed(container: string, sidecar: string, template: Template | undefined): boolean {
  if (container === sidecar || container.startsWith(`${sidecar}-`)) return true
  if (template === undefined) return false
  const { names } = identitiesIn(template.spec['initContainers'], 'name')
  return [containerName(template), ...names].some((base) => isNumbered(container, base))
}

/**
 * True for the base name, or the base name with a number: `logs-2` for `logs`. A long name is cut to make room for the
 * number.
 */
function isNumbered(name: string, base: string): boolean {
  if (name === base) return true
  const stem = name.replace(/-[0-9]+$/, '')
  return stem !== name && (stem === base || (name.length === 63 && base.startsWith(stem)))
}

/** True where a template's list may have an item of that identity. */
function hasItem(spec: JsonObject | undefined, path: readonly string[], key: string, id: string): boolean {
  if (spec === undefined) return true
  const { names, isOpen } = identitiesIn(valueAt(spec, path), key)
  return isOpen || names.includes(id) || names.some((name) => isNumbered(id, name))
}

/** True where a template's map may have that key. */
function hasKey(spec: JsonObject | undefined, path: readonly string[], key: string): boolean {
  if (spec === undefined) return true
  const { names, isOpen } = identitiesIn(valueAt(spec, path), undefined)
  return isOpen || names.includes(key)
}

/** The identities or keys that a part of a template lists; open where parameters decide about others. */
interface Written {
  names: readonly string[]
  isOpen: boolean
}

/** What parts of templates list, by `key`: every workload asks the same of the same templates. */
const WRITTEN = new WeakMap<object, Map<string | undefined, Written>>()

/** The identities that a part of a template lists, that is the values of `key`; without `key`, the keys of its maps. */
function identitiesIn(part: Json | undefined, key: string | undefined): Written {
  if (typeof part !== 'object' || part === null) return writtenIn(part ?? null, key)
  const known = WRITTEN.get(part) ?? new Map<string | undefined, Written>()
  const written = known.get(key) ?? writtenIn(part, key)
  WRITTEN.set(part, known.set(key, written))
  return written
}

function writtenIn(node: Json, key: string | undefined): Written {
  if (typeof node === 'string') return { names: [], isOpen: node.includes(OPEN) }
  if (Array.isArray(node)) return joined(node.map((item) => writtenIn(item, key)))
  if (!isObject(node)) return { names: [], isOpen: false }
  const inner = Object.keys(node)
    .filter((name) => name.startsWith('$') && name !== '$when')
    .map((name) => writtenIn(node[name] as Json, key))
  const own =
    key === undefined
      ? Object.keys(node).filter((name) => !name.startsWith('$'))
      : [node[key] ?? null].filter((id) => id !== null).map(textOf)
  return joined([
    ...inner,
    { names: own.filter((name) => !name.includes(OPEN)), isOpen: own.some((name) => name.includes(OPEN)) },
  ])
}

function joined(parts: readonly Written[]): Written {
  return { names: parts.flatMap(({ names }) => names), isOpen: parts.some(({ isOpen }) => isOpen) }
}
