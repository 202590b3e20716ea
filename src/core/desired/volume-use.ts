import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { formatFieldPath, isWithin, type FieldPath } from '../field-path/field-path.ts'
import type { PatchOp } from '../field-path/patch-op.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'
import { VOLUMES, INIT_CONTAINERS, CONTAINERS } from '../field-path/pod-fields.ts'
import type { OwnershipRecord } from '../ownership/record.ts'
import { CopyOnWrite } from '../field-path/copy-on-write.ts'

/** A field of a container that names a volume of its pod. */
export interface VolumeUse {
  volume: string
  container: string
  address: FieldPath
  /** The sidecar that adds it, or added it according to the record. */
  sidecar?: string
}

/** Where containers name volumes: the list, and the path to the name in its items. */
const USES: readonly (readonly [list: string, name: readonly string[]])[] = [
  ['volumeMounts', ['name']],
  ['volumeDevices', ['name']],
  ['env', ['valueFrom', 'fileKeyRef', 'volumeName']],
]

/** All fields of a pod template that name a volume. */
export function volumeUses(template: JsonObject): VolumeUse[] {
  const out: VolumeUse[] = []
  for (const list of [CONTAINERS, INIT_CONTAINERS]) {
    for (const container of items(template, list)) {
      const name = mergeKeyOf(list[1], container)
      if (name === undefined) continue
      for (const [uses, path] of USES) {
        for (const item of items(container, [uses])) {
          const volume = valueAt(item, path)
          if (typeof volume !== 'string') continue
          const id = mergeKeyOf(uses, item)
          out.push({
            volume,
            container: name,
            address: [...list, { id: name }, uses, ...(id === undefined ? [] : [{ id }])],
          })
        }
      }
    }
  }
  return out
}

function items(parent: JsonObject, path: readonly string[]): JsonObject[] {
  const list = valueAt(parent, path)
  return Array.isArray(list) ? list.filter(isObject) : []
}

/** True for the field path of the volume of that name. */
export function isVolume(address: FieldPath, name: string): boolean {
  return volumeName(address) === name
}

/** The name of the volume at a field path; undefined where it is not a volume. */
export function volumeName(address: FieldPath): string | undefined {
  const [spec, list, item] = address
  return address.length === 3 && spec === VOLUMES[0] && list === VOLUMES[1] && typeof item === 'object'
    ? item.id
    : undefined
}

/**
 * The owned volumes that the changes would remove although a container still uses them, each with a use of the
 * manifest's own, or else of a sidecar. A use that is older than the volume does not count: it becomes what it was
 * before.
 * @param next the record after the changes
 */
export function volumesInUse(
  template: JsonObject,
  record: OwnershipRecord,
  changes: readonly PatchOp[],
  next: OwnershipRecord,
): VolumeUse[] {
  const removed = new Set(changes.flatMap((c) => (c.type === 'remove' ? (volumeName(c.address) ?? []) : [])))
  if (removed.size === 0) return []
  const before = new Set(record.uses.map(formatFieldPath))
  const uses = volumeUses(afterwards(template, changes)).filter(
    ({ volume, address }) => removed.has(volume) && !before.has(formatFieldPath(address)),
  )
  const owners = [...next.sidecars].map(([name, { own }]) => ({ name, own: new Set(own.map(formatFieldPath)) }))
  const left = uses.map((use): VolumeUse => {
    const owner = owners.find(({ own }) => isWithin(use.address, own))
    return owner === undefined ? use : Object.assign(use, { sidecar: owner.name })
  })
  return [...removed].flatMap((volume) => {
    const all = left.filter((use) => use.volume === volume)
    return all.find(({ sidecar }) => sidecar === undefined) ?? all[0] ?? []
  })
}

/** The template after the changes; what `restore` brings back does not concern volumes. */
function afterwards(template: JsonObject, changes: readonly PatchOp[]): JsonObject {
  const after = new CopyOnWrite(template)
  for (const change of changes) {
    if (change.type === 'restore') after.set(change.address, null, 'last')
    else if (change.type === 'remove') after.remove(change.address)
    else after.set(change.address, change.value, 'last')
  }
  return after.root
}

/** The manifest's own uses that are older than the owned volumes: uses of new volumes, and those already recorded. */
export function earlierUses(template: JsonObject, record: OwnershipRecord, next: OwnershipRecord): FieldPath[] {
  const volumes = new Set([...next.sidecars.values()].flatMap((s) => s.own.flatMap((a) => volumeName(a) ?? [])))
  const uses = volumes.size === 0 ? [] : volumeUses(template).filter(({ volume }) => volumes.has(volume))
  if (uses.length === 0) return []
  const own = new Set(
    [...next.sidecars.values(), ...record.sidecars.values()].flatMap((s) => s.own.map(formatFieldPath)),
  )
  const there = new Set(items(template, VOLUMES).map((v): Json | undefined => v['name']))
  const noted = new Set(record.uses.map(formatFieldPath))
  return uses
    .filter(
      ({ volume, address }) => !isWithin(address, own) && (!there.has(volume) || noted.has(formatFieldPath(address))),
    )
    .map(({ address }) => address)
}
