import { clone, emptyObject, isObject, mapOf, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { compareQuantities, parseQuantity } from '../kube/quantity.ts'
import type { FieldPath } from '../field-path/field-path.ts'
import { isEqual } from '../json/equality.ts'
import type { DesiredPod } from './desired-pod.ts'
import { isKnownInjectorContainer } from './known-injectors.ts'
import { hasMergeKey, mergeKeyOf } from '../field-path/merge-keys.ts'
import { INIT_CONTAINERS, CONTAINERS } from '../field-path/pod-fields.ts'

/** The image with which a user's container requests the sidecar's image. */
export const IMAGE_OF_SIDECAR = 'auto'

/**
 * True where a user's own container overrides the sidecar's container of its name: it has no image of its own, or the
 * annotation names it. The name alone is not enough: `proxy` and `metrics` are common names.
 */
export function isOverride(draft: DesiredPod, address: FieldPath): boolean {
  const present = draft.get(address)
  if (!isObject(present) || draft.isOurs(address) || isKnownInjectorContainer(present)) return false
  if (typeof present['name'] === 'string' && draft.declaredOverrides.has(present['name'])) return true
  return !hasOwnImage(present) || draft.isOurs([...address, 'image'])
}

function hasOwnImage({ image = null }: JsonObject): boolean {
  return image !== null && image !== IMAGE_OF_SIDECAR
}

/**
 * The list with the user's container that overrides a sidecar's; undefined where there is none. An init container that
 * has its own image and must end does not override: with `restartPolicy: Always`, it would never end.
 */
export function overridePlace(draft: DesiredPod, name: string): FieldPath | undefined {
  if (!draft.sidecarNames.has(name)) return undefined
  return [CONTAINERS, INIT_CONTAINERS].find((list) => {
    const address = [...list, { id: name }]
    if (!isOverride(draft, address)) return false
    const present = draft.get(address) as JsonObject
    return list === CONTAINERS || present['restartPolicy'] === 'Always' || !hasOwnImage(present)
  })
}

/** A user's container without an image that only requests the sidecar's. */
export function ownFields(container: JsonObject): JsonObject {
  if (container['image'] !== IMAGE_OF_SIDECAR) return container
  const { image: _, ...rest } = container
  return rest
}

/**
 * The mode that the place of the user's overriding container requires: the container is not moved. Undefined where
 * there is none.
 */
export function placedMode(draft: DesiredPod, name: string): 'native' | 'classic' | undefined {
  const place = overridePlace(draft, name)
  if (place === undefined) return undefined
  return place === CONTAINERS ? 'classic' : 'native'
}

/** Maps that are a single choice: the user's is used as a whole. */
const WHOLE: ReadonlySet<string> = new Set(['seccompProfile', 'appArmorProfile', 'seLinuxOptions', 'windowsOptions'])

/** Handlers, of which a probe or hook has exactly one (`Handler` of Kubernetes' types). */
const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep']

/**
 * A sidecar's container overridden by a user's, as by a strategic merge patch: the user's fields win one by one, maps
 * are merged, and lists are replaced, except that a list whose items have merge keys gets the items that it lacks.
 * Where two values exclude each other (two handlers of a probe, a request above a limit), only the user's stays.
 */
export function overlay(sidecar: JsonObject, user: JsonObject): JsonObject {
  const out = clone(mergeMaps('', sidecar, user)) as JsonObject
  const requests = mapOf(mapOf(out['resources'])?.['requests'])
  const limits = mapOf(mapOf(out['resources'])?.['limits'])
  const own = mapOf(user['resources'])
  for (const name of Object.keys(requests ?? {})) {
    if (requests === undefined || limits === undefined || !isAbove(requests[name], limits[name])) continue
    delete (mapOf(own?.['requests'])?.[name] === undefined ? requests : limits)[name]
  }
  const security = mapOf(out['securityContext'])
  // The kubelet does not start a container as root that has `runAsNonRoot`.
  const runsAsRoot = mapOf(user['securityContext'])?.['runAsUser'] === 0
  if (security !== undefined && runsAsRoot && mapOf(user['securityContext'])?.['runAsNonRoot'] === undefined) {
    delete security['runAsNonRoot']
  }
  renamePorts(out, user, portNames(sidecar, user))
  return out
}

/** The names of a sidecar's ports that have other names in the user's container, each with that name or its number. */
function portNames(sidecar: JsonObject, user: JsonObject): Map<Json, Json> {
  const [theirs, own] = [sidecar['ports'], user['ports']].map((list) =>
    Array.isArray(list) ? list.filter(isObject) : [],
  )
  const names = new Map<Json, Json>()
  for (const port of theirs ?? []) {
    const { name = null, containerPort = null } = port
    const same = own?.find((one) => mergeKeyOf('ports', one) === mergeKeyOf('ports', port))
    if (same !== undefined && name !== null && same['name'] !== name) names.set(name, same['name'] || containerPort)
  }
  return names
}

/** Probes, and the hooks of `lifecycle`. */
const HANDLED = [
  ['startupProbe'],
  ['livenessProbe'],
  ['readinessProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
]

/** Makes the sidecar's probes and hooks name its ports as the container does. */
function renamePorts(container: JsonObject, user: JsonObject, names: ReadonlyMap<Json, Json>): void {
  if (names.size === 0) return
  for (const path of HANDLED.flatMap((one) => [
    [...one, 'httpGet'],
    [...one, 'tcpSocket'],
  ])) {
    const handler = mapOf(valueAt(container, path))
    const renamed = names.get(handler?.['port'] ?? null)
    if (handler === undefined || renamed === undefined || valueAt(user, [...path, 'port']) !== undefined) continue
    handler['port'] = renamed
  }
}

function isAbove(request: Json | undefined, limit: Json | undefined): boolean {
  if (request === undefined || limit === undefined) return false
  const [a, b] = [parseQuantity(request), parseQuantity(limit)]
  return a !== undefined && b !== undefined && compareQuantities(a, b) > 0
}

function mergeMaps(key: string, sidecar: JsonObject, user: JsonObject): JsonObject {
  const out = Object.assign(emptyObject(), user)
  if (WHOLE.has(key)) return out
  const hasHandler = HANDLERS.some((handler) => user[handler] !== undefined)
  for (const [name, value] of Object.entries(sidecar)) {
    if (hasHandler && HANDLERS.includes(name) && user[name] === undefined) continue
    out[name] = mergeValues(name, value, user[name])
  }
  return out
}

function mergeValues(key: string, sidecar: Json, user: Json | undefined): Json {
  if (user === undefined || user === null) return sidecar
  if (isObject(user) && isObject(sidecar)) return mergeMaps(key, sidecar, user)
  if (!Array.isArray(user) || !Array.isArray(sidecar) || !hasMergeKey(key)) return user
  const known = new Set(user.map((item) => mergeKeyOf(key, item)))
  return [...user, ...sidecar.filter((item) => !known.has(mergeKeyOf(key, item)))]
}

/** The fields and items of a user's container that override a sidecar's. */
export function keptFields(user: JsonObject, sidecar: JsonObject, base: FieldPath): FieldPath[] {
  return Object.entries(user).flatMap(([key, value]): FieldPath[] => {
    const other = sidecar[key]
    const address = [...base, key]
    if (other === undefined || value === null || (key === 'name' && base.length === CONTAINERS.length + 1)) return []
    if (isObject(value) && isObject(other) && !WHOLE.has(key)) return keptFields(value, other, address)
    if (!Array.isArray(value) || !Array.isArray(other) || !hasMergeKey(key)) return [address]
    const ids = new Set(other.map((item) => mergeKeyOf(key, item)))
    return value.flatMap((item) => {
      const id = mergeKeyOf(key, item)
      return id !== undefined && ids.has(id) ? [[...address, { id }]] : []
    })
  })
}

/** The fields and items of `merged` that `user` lacks. */
export function missingFields(
  user: JsonObject,
  merged: JsonObject,
  base: FieldPath,
): { address: FieldPath; value: Json }[] {
  return Object.entries(merged).flatMap(([key, value]) => {
    const present = user[key]
    const address = [...base, key]
    // Fields added inside a null are removed one by one, and the null comes back; to replace it whole might take
    // comments along.
    if (isObject(value) && (isObject(present) || present === null)) return missingFields(present ?? {}, value, address)
    if (present === undefined || present === null) return value === null ? [] : [{ address, value }]
    if (!Array.isArray(present) || !Array.isArray(value) || isEqual(present, value)) return []
    return value.slice(present.length).flatMap((item) => {
      const id = mergeKeyOf(key, item)
      return id === undefined ? [] : [{ address: [...address, { id }], value: item }]
    })
  })
}
