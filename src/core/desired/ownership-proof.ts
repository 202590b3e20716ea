import { isObject, textOf, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { OPEN } from '../template/placeholder.ts'
import { type Template, containerName } from '../template/template.ts'
import { formatFieldPath, pathOf, type FieldPath } from '../field-path/field-path.ts'
import { isEqual } from '../json/equality.ts'
import { CHECKSUM_GROUP } from './sidecar-objects.ts'
import { CONTAINERS, INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import { shortHash, type OwnedSidecar, type OwnershipRecord } from '../ownership/record.ts'
import { isAsRecorded } from '../ownership/recorded-value.ts'

/** A part of a record that must not be acted on unless the user asks for it. */
export interface Unproven {
  sidecar: string
  address: FieldPath
  /**
   * It is no longer what was put there; or it is what was put there, by its digest, but nothing that a sidecar of that
   * name would put there; or neither, and so is a container of another name, and how it runs.
   */
  why: 'modified' | 'foreign' | 'forged'
}

/** What a claim is checked against. */
export interface Evidence {
  template: JsonObject
  /** All that the pod template's records claim. */
  record: OwnershipRecord
  /** True where all that they claim is known to be there as it was recorded. */
  isRecorded: boolean
  /** The template of a sidecar; undefined for one that is not known. */
  find: (name: string) => Template | undefined
  /** True for the name of one of the user's own templates, which change without a new version. */
  isOwn: (name: string) => boolean
  /** What a run would put at an address; undefined for nothing. */
  wanted: (address: FieldPath) => Json | undefined
}

/**
 * The claims of one sidecar that are not proved. A claim is proved when the content is still the one whose digest was
 * recorded, and a sidecar of that name can have added it: a container by its name, anything else by its kind. Nothing is
 * lost where a run would put there what is there already.
 */
export function unprovenClaims(name: string, owned: OwnedSidecar, evidence: Evidence): Unproven[] {
  const { template, wanted, isRecorded } = evidence
  const isWhole = isRecorded || (owned.hash !== undefined && isIntact(template, owned))
  return owned.own.flatMap((address): Unproven[] => {
    const path = pathOf(template, address)
    if (path === undefined) return []
    const value = valueAt(template, path) as Json
    const isSame = isWhole || isAsRecorded(owned.digests.get(formatFieldPath(address)), address, value)
    if (!mayComeFrom(name, owned.version, address, evidence) && !isOfOther(name, owned, address, evidence))
      return [{ sidecar: name, address, why: isSame && !isOfContainer(address) ? 'foreign' : 'forged' }]
    const want = wanted(address)
    return isSame || (want !== undefined && isEqual(want, value)) ? [] : [{ sidecar: name, address, why: 'modified' }]
  })
}

/**
 * Whether this is of a folder that another sidecar added, and that this one uses, too (see `shareFolder`): a mount at or
 * above one of its folders, and the volume there. Where the other one is gone, nothing but what it has by default is proved.
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
  const at = (one: FieldPath): Json => valueAt(evidence.template, pathOf(evidence.template, one) ?? ['']) ?? null
  return (
    isEqual(at(address), { name: (item as { id: string }).id, emptyDir: {} }) &&
    own.some(
      (one) =>
        isAboveFolder(name, version, one, evidence) && valueAt(at(one), ['name']) === (item as { id: string }).id,
    )
  )
}

/** Whether an address is a mount, in an app container, at or above a shared folder of a sidecar. */
function isAboveFolder(name: string, version: string, address: FieldPath, evidence: Evidence): boolean {
  const [, list, , field, item, ...rest] = address
  if (list !== CONTAINERS[1] || field !== 'volumeMounts' || typeof item !== 'object' || rest.length > 0) return false
  const spec = specOf(name, version, evidence)
  if (spec === undefined) return true
  const { names, isOpen } = identitiesIn(valueAt(spec, ['sharedFolders']), 'path')
  const above = item.id.replace(/\/+$/, '')
  return isOpen || names.some((path) => `${path}/`.startsWith(`${above}/`))
}

/** True for a container, and for what makes it what it is: anything but an item that a sidecar adds to one of the app's. */
function isOfContainer([, list, , field, ...rest]: FieldPath): boolean {
  const isItem = APP_LISTS.has(field) && rest.length > 0
  return (list === CONTAINERS[1] || list === INIT_CONTAINERS[1]) && !isItem && field !== 'lifecycle'
}

/** True when everything that a sidecar added to a pod template is there unchanged. */
export function isIntact(
  template: JsonObject,
  { own, digests, hash }: OwnedSidecar,
  moved: (address: FieldPath) => FieldPath = (a) => a,
): boolean {
  if (hash !== undefined) return oldHash(template, own, moved) === hash
  return own.every((address) => {
    const path = pathOf(template, moved(address))
    return (
      path !== undefined &&
      isAsRecorded(digests.get(formatFieldPath(address)), address, valueAt(template, path) as Json)
    )
  })
}

/** The one hash of all content that a record of the old form has: of the JSON of its addresses and values. */
function oldHash(template: JsonObject, own: readonly FieldPath[], moved: (address: FieldPath) => FieldPath): string {
  return shortHash(
    JSON.stringify(
      own.map((address): Json[] => {
        const path = pathOf(template, moved(address))
        return [formatFieldPath(address), path === undefined ? null : (valueAt(template, path) ?? null)]
      }),
    ),
  )
}

/** Lists of an app container to which sidecars add items, with the field of a template's item that identifies it. */
const APP_LISTS: ReadonlyMap<unknown, string> = new Map([
  ['env', 'name'],
  ['volumeMounts', 'mountPath'],
  ['ports', 'containerPort'],
])

/** Whether a sidecar of that name can have added what is at an address, as far as its name and template tell. */
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
  // A policy adds pull secrets to whatever has an image.
  if (list === 'imagePullSecrets')
    return has(spec, ['container']) || has(spec, ['initContainers']) || hasItem(spec, ['pod', list], 'name', id)
  if (mayBeNamed(id, name, template)) return true
  // Into a container of another name go items, and hooks; never the container itself, or how it runs.
  if (list !== CONTAINERS[1]) return false
  if (field === 'lifecycle' && rest.length === 0) return has(spec, ['app', 'lifecycle'])
  const [key, [step]] = [APP_LISTS.get(field), rest]
  if (key === undefined || rest.length !== 1 || typeof step !== 'object') return false
  if (field === 'volumeMounts' && hasItem(spec, ['sharedFolders'], 'path', step.id)) return true
  return hasItem(spec, ['app', field as string], key, field === 'ports' ? step.id.replace(/\/.*$/, '') : step.id)
}

/**
 * What a sidecar's template says; undefined where that is not known: an older version may have had what the present one
 * has not, and a template of the user's own changes as it likes.
 */
function specOf(name: string, version: string, { find, isOwn }: Evidence): JsonObject | undefined {
  const template = find(name)
  return template !== undefined && template.version === version && !isOwn(name) ? template.spec : undefined
}

/** Whether a template has a part; true where it is not known. */
function has(spec: JsonObject | undefined, path: readonly string[]): boolean {
  return spec === undefined || valueAt(spec, path) !== undefined
}

function mayAnnotate(name: string, key: string, spec: JsonObject | undefined): boolean {
  if (key.startsWith(`${CHECKSUM_GROUP}/`)) return key === `${CHECKSUM_GROUP}/${name}`
  if (key === 'kubectl.kubernetes.io/default-container' && has(spec, ['classic', 'startFirst'])) return true
  return hasKey(spec, ['pod', 'annotations'], key)
}

/** The parts of a template that raise the grace period: a hook that sleeps needs one as long. */
const GRACE_PARTS: readonly (readonly string[])[] = [
  ['pod', 'minTerminationGracePeriodSeconds'],
  ['classic', 'minTerminationGracePeriodSeconds'],
  ['container', 'lifecycle', 'preStop', 'sleep'],
  ['classic', 'lifecycle', 'preStop', 'sleep'],
]

/** The single fields of pods, with the part of a template that sets each. */
function mayBePodField(field: string, spec: JsonObject | undefined): boolean {
  const key = field.slice(field.lastIndexOf('.') + 1)
  if (key !== 'terminationGracePeriodSeconds') return has(spec, ['pod', key])
  return GRACE_PARTS.some((part) => has(spec, part))
}

/** Whether a container of that name may be a sidecar's: the template's name for it, or what that became where it was taken. */
function mayBeNamed(container: string, sidecar: string, template: Template | undefined): boolean {
  if (container === sidecar || container.startsWith(`${sidecar}-`)) return true
  if (template === undefined) return false
  const { names } = identitiesIn(template.spec['initContainers'], 'name')
  return [containerName(template), ...names].some((base) => isNumbered(container, base))
}

/** `logs-2` for `logs`; a long name is cut for its number. */
function isNumbered(name: string, base: string): boolean {
  if (name === base) return true
  const stem = name.replace(/-[0-9]+$/, '')
  return stem !== name && (stem === base || (name.length === 63 && base.startsWith(stem)))
}

/** Whether a template's list may have an item of that identity. */
function hasItem(spec: JsonObject | undefined, path: readonly string[], key: string, id: string): boolean {
  if (spec === undefined) return true
  const { names, isOpen } = identitiesIn(valueAt(spec, path), key)
  return isOpen || names.includes(id) || names.some((name) => isNumbered(id, name))
}

/** Whether a template's map may have that key. */
function hasKey(spec: JsonObject | undefined, path: readonly string[], key: string): boolean {
  if (spec === undefined) return true
  const { names, isOpen } = identitiesIn(valueAt(spec, path), undefined)
  return isOpen || names.includes(key)
}

/** What a part of a template writes out; open where parameters decide. */
interface Written {
  names: readonly string[]
  isOpen: boolean
}

/** What parts of templates write out, by the key that is asked for: every workload asks the same of the same templates. */
const WRITTEN = new WeakMap<object, Map<string | undefined, Written>>()

/** The identities, or without `key` the keys, that a part of a template writes out. */
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
