import type { Json, JsonObject } from '../json.ts'
import { isObject } from '../json.ts'
import { valueAt } from '../kube/workload.ts'
import type { Template } from '../template/types.ts'
import { formatAddress, isEqual, pathOf, type Address } from './address.ts'
import { CHECKSUM_GROUP } from './companion.ts'
import { itemId } from './items.ts'
import { containerName } from './override.ts'
import { CONTAINERS, INIT_CONTAINERS } from './pod.ts'
import { digestOf, shortHash, type OwnedSidecar, type Record } from './record.ts'

/** A part of a record that must not be followed without being asked for. */
export interface Unproven {
  sidecar: string
  address: Address
  /**
   * It is no longer what was put there; or it is what was put there, by its digest, but nothing that a sidecar of that
   * name would put there; or neither.
   */
  why: 'modified' | 'foreign' | 'forged'
}

/** What a claim is held against. */
export interface Evidence {
  template: JsonObject
  /** The template of a sidecar; undefined for one that is not known. */
  find: (name: string) => Template | undefined
  /** True for the name of one of the user's own templates, which change without a new version. */
  isOwn: (name: string) => boolean
  /** What a run would put at an address; undefined for nothing. */
  wanted: (address: Address) => Json | undefined
}

/**
 * The claims of one sidecar that are not proved. A claim is proved when the content is still the one whose digest was
 * recorded, and a sidecar of that name can have added it: a container by its name, anything else by its kind. Nothing is
 * lost where a run would put there what is there already.
 */
export function unprovenClaims(name: string, owned: OwnedSidecar, evidence: Evidence): Unproven[] {
  const { template, wanted } = evidence
  const isWhole = owned.hash !== undefined && isIntact(template, owned)
  return owned.own.flatMap((address): Unproven[] => {
    const path = pathOf(template, address)
    if (path === undefined) return []
    const value = valueAt(template, path) as Json
    const isSame = isWhole || owned.digests.get(formatAddress(address)) === digestOf(value)
    if (!mayComeFrom(name, owned.version, address, evidence)) return [{ sidecar: name, address, why: isSame ? 'foreign' : 'forged' }]
    const want = wanted(address)
    return isSame || (want !== undefined && isEqual(want, value)) ? [] : [{ sidecar: name, address, why: 'modified' }]
  })
}

/** True when all that a sidecar put into a pod template is there, and as it was put there. */
export function isIntact(template: JsonObject, { own, digests, hash }: OwnedSidecar, moved: (address: Address) => Address = (a) => a): boolean {
  if (hash !== undefined) return oldHash(template, own, moved) === hash
  return own.every((address) => {
    const path = pathOf(template, moved(address))
    return path !== undefined && digests.get(formatAddress(address)) === digestOf(valueAt(template, path) as Json)
  })
}

/** The one hash of all content that a record of the old form has: of the JSON of its addresses and values. */
function oldHash(template: JsonObject, own: readonly Address[], moved: (address: Address) => Address): string {
  return shortHash(JSON.stringify(own.map((address): Json[] => {
    const path = pathOf(template, moved(address))
    return [formatAddress(address), path === undefined ? null : (valueAt(template, path) ?? null)]
  })))
}

/** Lists of an app container to which sidecars add items. */
const APP_LISTS: ReadonlySet<unknown> = new Set(['env', 'volumeMounts', 'ports'])

/** Whether a sidecar of that name can have added what is at an address, as far as its name and template tell. */
function mayComeFrom(name: string, version: string, address: Address, { find, isOwn }: Evidence): boolean {
  const [part, list, item, field, ...rest] = address
  const template = find(name)
  // An older version may have had what the present one has not; a template of the user's own changes as it likes.
  const spec = template !== undefined && template.version === version && !isOwn(name) ? template.spec : undefined
  const has = (...path: readonly string[]): boolean => spec === undefined || valueAt(spec, path) !== undefined
  if (part === 'metadata') return list === 'labels' ? has('pod', 'labels') : mayAnnotate(name, item as string, has)
  if (typeof item !== 'object') return mayBePodField(formatAddress(address), has)
  if (list === 'volumes') return has('volumes') || has('sharedFolders')
  if (list === 'imagePullSecrets') return has('pod', 'imagePullSecrets')
  if (mayBeNamed(item.id, name, template)) return true
  // Into a container of another name go items, and hooks; never the container itself, or how it runs.
  if (list !== CONTAINERS[1]) return false
  if (field === 'lifecycle' && rest.length === 0) return has('app', 'lifecycle')
  if (!APP_LISTS.has(field) || rest.length !== 1 || typeof rest[0] !== 'object') return false
  return has('app', field as string) || (field === 'volumeMounts' && has('sharedFolders'))
}

function mayAnnotate(name: string, key: string, has: (...path: readonly string[]) => boolean): boolean {
  if (key.startsWith(`${CHECKSUM_GROUP}/`)) return key === `${CHECKSUM_GROUP}/${name}`
  if (key === 'kubectl.kubernetes.io/default-container' && has('classic', 'startFirst')) return true
  return has('pod', 'annotations')
}

/** The single fields of pods, with the part of a template that sets each. */
function mayBePodField(field: string, has: (...path: readonly string[]) => boolean): boolean {
  const key = field.slice(field.lastIndexOf('.') + 1)
  if (key !== 'terminationGracePeriodSeconds') return has('pod', key)
  return has('pod', 'minTerminationGracePeriodSeconds') || has('classic', 'minTerminationGracePeriodSeconds')
}

/** Whether a container of that name may be a sidecar's: the template's name for it, or what that became where it was taken. */
function mayBeNamed(container: string, sidecar: string, template: Template | undefined): boolean {
  if (container === sidecar || container.startsWith(`${sidecar}-`)) return true
  if (template === undefined) return false
  return [containerName(template), ...initNames(template.spec['initContainers'] ?? null)].some((base) => isNumbered(container, base))
}

/** `logs-2` for `logs`; a long name is cut for its number. */
function isNumbered(name: string, base: string): boolean {
  if (name === base) return true
  const stem = name.replace(/-[0-9]+$/, '')
  return stem !== name && (stem === base || (name.length === 63 && base.startsWith(stem)))
}

/** The names that are written in a template's list, directives included. */
function initNames(node: Json): string[] {
  if (Array.isArray(node)) return node.flatMap(initNames)
  if (!isObject(node)) return []
  const name = node['name']
  return [...(typeof name === 'string' ? [name] : []), ...Object.keys(node).filter((key) => key.startsWith('$')).flatMap((key) => initNames(node[key] as Json))]
}

/** A container that goes by another name than the record knows, with all that sidecars added to it. */
interface Renamed {
  list: string
  from: string
  to: string
}

/**
 * A record whose addresses follow a container that was renamed: what sidecars added to it is found by its content in the
 * one container that has all of it, and of which the record knows nothing.
 * @returns the record itself where no container was renamed
 */
export function followRenames(template: JsonObject, record: Record): Record {
  return lostContainers(template, record).reduce((known, lost) => {
    const found = newNames(template, known, lost)
    return found.length === 1 ? withRenamed(template, known, found[0] as Renamed) : known
  }, record)
}

/** Containers to which a record says that sidecars added something, and which are not there. */
function lostContainers(template: JsonObject, { sidecars }: Record): { list: string; id: string }[] {
  const out = new Map<string, { list: string; id: string }>()
  for (const { own } of sidecars.values()) {
    for (const [, list, item, ...rest] of own) {
      if (list !== CONTAINERS[1] && list !== INIT_CONTAINERS[1]) continue
      if (rest.length === 0 || typeof item !== 'object' || pathOf(template, ['spec', list, item]) !== undefined) continue
      out.set(`${list}/${item.id}`, { list, id: item.id })
    }
  }
  return [...out.values()]
}

function newNames(template: JsonObject, record: Record, { list, id }: { list: string; id: string }): Renamed[] {
  const known = new Set([...record.sidecars.values()].flatMap(({ own }) =>
    own.flatMap(([, l, item]) => (l === list && typeof item === 'object' ? [item.id] : []))))
  const items = valueAt(template, ['spec', list])
  const names = (Array.isArray(items) ? items : []).flatMap((item) => itemId(list, item) ?? []).filter((name) => !known.has(name))
  return names.map((to): Renamed => ({ list, from: id, to })).filter((renamed) => hasAll(template, record, renamed))
}

/** True when a container has all that sidecars added to another, as it was added. */
function hasAll(template: JsonObject, { sidecars }: Record, renamed: Renamed): boolean {
  const moved = (address: Address): Address => underNewName(address, renamed)
  return [...sidecars.values()].every((owned) => {
    const own = owned.own.filter((address) => moved(address) !== address)
    return own.length === 0 || isIntact(template, owned.hash === undefined ? { ...owned, own } : owned, moved)
  })
}

function underNewName(address: Address, { list, from, to }: Renamed): Address {
  const [spec, l, item, ...rest] = address
  const isIn = spec === 'spec' && l === list && typeof item === 'object' && item.id === from && rest.length > 0
  return isIn ? [spec, l, { id: to }, ...rest] : address
}

function withRenamed(template: JsonObject, record: Record, renamed: Renamed): Record {
  const moved = (address: Address): Address => underNewName(address, renamed)
  const movedKey = (key: string): string => key.replace(`spec.${renamed.list}[${renamed.from}].`, () => `spec.${renamed.list}[${renamed.to}].`)
  const sidecars = new Map([...record.sidecars].map(([name, owned]): [string, OwnedSidecar] => {
    if (owned.own.every((address) => moved(address) === address)) return [name, owned]
    const { hash, ...rest } = owned
    const own = owned.own.map(moved)
    const digests = hash === undefined
      ? new Map(owned.own.map((address) => [formatAddress(moved(address)), owned.digests.get(formatAddress(address)) ?? '']))
      : new Map(own.map((address) => [formatAddress(address), digestOf(valueAt(template, pathOf(template, address) ?? ['']) ?? null)]))
    return [name, { ...rest, own, digests }]
  }))
  return {
    sidecars,
    created: record.created.map(moved),
    was: new Map([...record.was].map(([key, text]) => [movedKey(key), text])),
    uses: record.uses.map(moved),
  }
}
