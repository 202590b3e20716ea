import { isObject, type Json, type JsonObject } from '../json/json.ts'
import type { Sidecar } from '../template/template.ts'
import type { FieldPath } from '../field-path/field-path.ts'
import { isEqual } from '../json/equality.ts'
import type { DesiredPod } from './desired-pod.ts'
import { isAlike } from './lost-record.ts'
import { overridePlace } from './override.ts'
import { nameOf } from './pod-paths.ts'
import { VOLUMES, INIT_CONTAINERS, CONTAINERS } from '../field-path/pod-fields.ts'

/** What to do where a name is taken: report an error, choose a free name, or keep what has the name. */
export type ConflictPolicy = 'fail' | 'rename' | 'keep'

/**
 * Applies the policy to names of a sidecar's volumes and containers that are taken:
 * - `fail`: the sidecar is returned unchanged, and adding it reports the conflict.
 * - `rename`: free names replace them, together with all references.
 * - `keep`: existing volumes are used; a container's name that is taken excludes the sidecar.
 *
 * @param isRecorded whether a record lists the sidecar; if none does, `addSidecar` reports a container like its own
 * @returns the sidecar to add, or the name that excludes it
 */
export function resolveConflicts(
  draft: DesiredPod,
  sidecar: Sidecar,
  policy: ConflictPolicy,
  isRecorded: boolean,
): Sidecar | { taken: string } {
  if (policy === 'fail') return sidecar
  const settled = settleVolumes(draft, sidecar, policy)
  const containers = [...settled.initContainers, ...(settled.container === undefined ? [] : [settled.container])]
  const taken = containers.map(nameOf).filter((name) => isContainerTaken(draft, settled, name, isRecorded))
  const [first] = taken
  if (first === undefined) return settled
  // `addSidecar` reports a container like the sidecar's own that is not in the sidecar's record. If the sidecar were
  // excluded here, its record would go, and only the next run would report that.
  if (policy === 'keep') return isRecorded && isLikeOwn(draft, settled, first) ? settled : { taken: first }
  const names = freeNames(
    taken,
    (name) => containers.some((c) => nameOf(c) === name) || containerAt(draft, name) !== undefined,
  )
  return renameContainers(settled, names)
}

function settleVolumes(draft: DesiredPod, sidecar: Sidecar, policy: 'rename' | 'keep'): Sidecar {
  const at = (name: string): Json | undefined => draft.get([...VOLUMES, { id: name }]) ?? undefined
  const own = [...sidecar.volumes, ...sidecar.sharedFolders.map(({ volume, source }) => ({ name: volume, ...source }))]
  const taken = own.filter((v) => at(nameOf(v)) !== undefined && !isEqual(at(nameOf(v)), v)).map(nameOf)
  if (taken.length === 0) return sidecar
  if (policy === 'keep') {
    const keep = (name: string): JsonObject | undefined => (taken.includes(name) ? (at(name) as JsonObject) : undefined)
    return {
      ...sidecar,
      volumes: sidecar.volumes.map((volume) => keep(nameOf(volume)) ?? volume),
      sharedFolders: sidecar.sharedFolders.map((folder) => ({
        ...folder,
        source: sourceOf(keep(folder.volume)) ?? folder.source,
      })),
    }
  }
  return renameVolumes(
    sidecar,
    freeNames(taken, (name) => own.some((v) => nameOf(v) === name) || at(name) !== undefined),
  )
}

function sourceOf(volume: JsonObject | undefined): JsonObject | undefined {
  if (volume === undefined) return undefined
  const { name: _, ...source } = volume
  return source
}

/** A free name for each of `taken`, of at most 63 characters: `logs` becomes `logs-2`. */
function freeNames(taken: readonly string[], isTaken: (name: string) => boolean): Map<string, string> {
  const out = new Map<string, string>()
  for (const name of taken) {
    let number = 2
    const numbered = (): string => `${name.slice(0, 63 - String(number).length - 1)}-${number}`
    while (isTaken(numbered()) || [...out.values()].includes(numbered())) number++
    out.set(name, numbered())
  }
  return out
}

function renameVolumes(sidecar: Sidecar, names: ReadonlyMap<string, string>): Sidecar {
  const named = <T extends JsonObject>(item: T): T => ({ ...item, name: names.get(nameOf(item)) ?? item['name'] })
  const list = (container: JsonObject, key: string): JsonObject => {
    const items = container[key]
    return Array.isArray(items)
      ? { ...container, [key]: items.map((item) => (isObject(item) ? named(item) : item)) }
      : container
  }
  const inContainer = (container: JsonObject): JsonObject => list(list(container, 'volumeMounts'), 'volumeDevices')
  const { app } = sidecar
  return {
    ...sidecar,
    volumes: sidecar.volumes.map(named),
    sharedFolders: sidecar.sharedFolders.map((folder) => ({
      ...folder,
      volume: names.get(folder.volume) ?? folder.volume,
    })),
    initContainers: sidecar.initContainers.map(inContainer),
    container: sidecar.container === undefined ? undefined : inContainer(sidecar.container),
    app: { ...app, volumeMounts: app.volumeMounts.map(named) },
  }
}

function containerAt(draft: DesiredPod, name: string): { list: FieldPath; container: JsonObject } | undefined {
  for (const list of [CONTAINERS, INIT_CONTAINERS]) {
    const container = draft.get([...list, { id: name }])
    if (isObject(container)) return { list, container }
  }
  return undefined
}

function isContainerTaken(
  draft: DesiredPod,
  { container, initContainers }: Sidecar,
  name: string,
  isRecorded: boolean,
): boolean {
  const there = containerAt(draft, name)
  if (there === undefined) return false
  if (container !== undefined && nameOf(container) === name && !isRecorded && isAlike(there.container, container))
    return false
  if (container !== undefined && nameOf(container) === name) return overridePlace(draft, name) === undefined
  return there.list !== INIT_CONTAINERS || !initContainers.some((init) => isEqual(init, there.container))
}

/** True where the existing container of a name looks like the sidecar's own. */
function isLikeOwn(draft: DesiredPod, { container }: Sidecar, name: string): boolean {
  const there = containerAt(draft, name)
  return container !== undefined && nameOf(container) === name && isAlike(there?.container, container)
}

/** Renames containers and the references to them, in `resourceFieldRef` of env and volumes. */
function renameContainers(sidecar: Sidecar, names: ReadonlyMap<string, string>): Sidecar {
  const renamed = (container: JsonObject): JsonObject =>
    refer({ ...container, name: names.get(nameOf(container)) ?? nameOf(container) }) as JsonObject
  const refer = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(refer)
    if (!isObject(value)) return value
    const out: JsonObject = Object.create(null) as JsonObject
    for (const [key, child] of Object.entries(value)) {
      out[key] = key === 'containerName' && typeof child === 'string' ? (names.get(child) ?? child) : refer(child)
    }
    return out
  }
  return {
    ...sidecar,
    initContainers: sidecar.initContainers.map(renamed),
    container: sidecar.container === undefined ? undefined : renamed(sidecar.container),
    volumes: sidecar.volumes.map((volume) => refer(volume) as JsonObject),
  }
}
