import { getOrMake } from '../common/maps.ts'
import { isObject, textOf, type JsonObject } from '../json/json.ts'
import { OVERRIDE } from '../selection/annotations.ts'
import type { ClassicAdditions, Sidecar } from '../template/template.ts'
import type { FieldPath } from '../field-path/field-path.ts'
import type { ItemPlace } from '../field-path/item-place.ts'
import { addToApp, addToPod } from './add-settings.ts'
import { nameDefaultContainer, withHooks } from './classic.ts'
import type { DesiredPod } from './desired-pod.ts'
import { isKnownInjectorContainer } from './known-injectors.ts'
import { appContainers, chosenContainers, nameOf, putVolume, wantedHere, type ApplyContext } from './pod-paths.ts'
import { INIT_CONTAINERS, CONTAINERS } from '../field-path/pod-fields.ts'
import { isAlike, unrecordedProblem } from './lost-record.ts'
import { IMAGE_OF_SIDECAR, missingFields, overlay, overridePlace, ownFields } from './override.ts'
import { hasMountsBelow, shareFolder } from './shared-folder.ts'
import { reportTakenPorts } from './taken-ports.ts'

/** Adds one sidecar to the desired pod. Once an error was reported, the desired pod must not be used. */
export function addSidecar(draft: DesiredPod, sidecar: Sidecar, context: ApplyContext): void {
  const targets = targetContainers(draft, sidecar, context)
  const mounts = sidecar.sharedFolders.flatMap((folder) => shareFolder(draft, sidecar, folder, targets, context))
  putContainers(draft, sidecar, mounts, context)
  for (const volume of sidecar.volumes) putVolume(draft, sidecar.name, volume, ['spec', 'volumes'], context)
  for (const target of targets) addToApp(draft, sidecar, target, context)
  addToPod(draft, sidecar, context)
}

function targetContainers(draft: DesiredPod, sidecar: Sidecar, { report }: ApplyContext): string[] {
  const chosen = chosenContainers(draft).map(nameOf)
  const wanted = sidecar.app.containers
  if (wanted === 'all') return chosen
  if (wanted === 'first') return chosen.slice(0, 1)
  const names = appContainers(draft).map(nameOf)
  for (const name of wanted.filter((n) => !names.includes(n))) {
    report({
      code: 'WORKLOAD_NO_CONTAINERS',
      message: `sidecar "${sidecar.name}" adds to container "${name}", which does not exist`,
      hint: `name one of: ${names.join(', ')}`,
      address: CONTAINERS,
    })
  }
  return wanted.filter((name) => names.includes(name))
}

function putContainers(
  draft: DesiredPod,
  sidecar: Sidecar,
  mounts: readonly JsonObject[],
  context: ApplyContext,
): void {
  const { start } = context
  for (const init of sidecar.initContainers) {
    putContainer(draft, sidecar, INIT_CONTAINERS, completed(init, mounts), start, context)
  }
  if (sidecar.container === undefined) return
  const isClassic = context.mode === 'classic'
  const container = completed(sidecar.container, mounts, isClassic ? sidecar.classic : undefined)
  const place = overridePlace(draft, nameOf(container))
  if (place !== undefined) fillOverride(draft, sidecar, place, container, context)
  else if (isClassic) {
    putContainer(draft, sidecar, CONTAINERS, container, sidecar.classic.startFirst ? 'first' : 'last', context)
    if (sidecar.classic.startFirst) nameDefaultContainer(draft, sidecar.name)
  } else putContainer(draft, sidecar, INIT_CONTAINERS, native(container), start, context)
}

/**
 * Derives a startup probe from the readiness probe where there is none: init containers after a native sidecar wait
 * only for its startup probe.
 */
function withStartupProbe(container: JsonObject): JsonObject {
  const { readinessProbe, startupProbe } = container
  if (startupProbe !== undefined || !isObject(readinessProbe)) return container
  const probe: JsonObject = { ...readinessProbe, failureThreshold: 30 }
  // The API server accepts only 1 here.
  delete probe['successThreshold']
  return { ...container, startupProbe: probe }
}

/** Adds the fields of the sidecar that a user's container of its name lacks; the user's own fields stay. */
function fillOverride(
  draft: DesiredPod,
  sidecar: Sidecar,
  place: FieldPath,
  container: JsonObject,
  context: ApplyContext,
): void {
  const { mode, report } = context
  const address = [...place, { id: nameOf(container) }]
  const present = draft.get(address) as JsonObject
  const theirs = ownFields(present)
  if (theirs !== present && container['image'] !== undefined)
    draft.override(sidecar.name, [...address, 'image'], container['image'])
  const merged = overlay(mode === 'native' ? asNative(container) : container, theirs)
  reportTakenPorts(draft, sidecar, merged, context)
  for (const missing of missingFields(theirs, mode === 'native' ? withStartupProbe(merged) : merged, address)) {
    draft.set(sidecar.name, missing.address, missing.value)
  }
  const where =
    mode === 'native' ? 'among the init containers, as a native sidecar' : 'among the containers, as a classic one'
  report({
    code: 'SIDECAR_OVERRIDDEN',
    message: `container "${nameOf(container)}" belongs to the manifest: its fields override those of the sidecar, and it stays ${where}`,
    address: [...address, 'name'],
  })
}

/** A container with `restartPolicy: Always` after name and image, where readers look for it. */
function asNative({ name, image, ...rest }: JsonObject): JsonObject {
  const head: JsonObject = { name: name ?? null }
  if (image !== undefined) head['image'] = image
  return { ...head, restartPolicy: 'Always', ...rest }
}

/**
 * A template's container with the mounts of shared folders. The same container with the same mounts gives the same
 * object, so that what is cached about it, such as its text, serves many workloads.
 */
function completed(container: JsonObject, mounts: readonly JsonObject[], classic?: ClassicAdditions): JsonObject {
  const known = getOrMake(COMPLETED, container, () => new Map<string, JsonObject>())
  const key = `${classic === undefined ? '' : 'classic'} ${JSON.stringify(mounts)}`
  if (known.size >= MOST_MOUNTS) known.clear()
  return getOrMake(known, key, () =>
    withMounts(classic === undefined ? container : withHooks(container, classic), mounts),
  )
}

/** Different mounts that are cached per container; beyond that, the container's cache is cleared. */
const MOST_MOUNTS = 100
/** Results by mode and mounts, kept as long as the template's container. */
const COMPLETED = new WeakMap<JsonObject, Map<string, JsonObject>>()

function withMounts(container: JsonObject, mounts: readonly JsonObject[]): JsonObject {
  if (mounts.length === 0) return container
  const own = Array.isArray(container['volumeMounts']) ? container['volumeMounts'] : []
  const all = { ...container, volumeMounts: [...own, ...mounts] }
  return { ...container, volumeMounts: [...own, ...mounts.map((mount) => writableAbove(mount, all))] }
}

/** A mount without `readOnly` where other mounts are below it: the runtime creates their folders in it. */
function writableAbove(mount: JsonObject, container: JsonObject): JsonObject {
  if (mount['readOnly'] !== true || !hasMountsBelow(container, textOf(mount['mountPath']))) return mount
  const { readOnly: _, ...rest } = mount
  return rest
}

/** A container as a native sidecar; the same container gives the same object. */
function native(container: JsonObject): JsonObject {
  return getOrMake(NATIVE, container, () => asNative(withStartupProbe(container)))
}

/** Kept as long as the container. */
const NATIVE = new WeakMap<JsonObject, JsonObject>()

function putContainer(
  draft: DesiredPod,
  sidecar: Sidecar,
  list: FieldPath,
  container: JsonObject,
  place: ItemPlace,
  context: ApplyContext,
): void {
  const { report } = context
  const name = nameOf(container)
  const address = [...list, { id: name }]
  const other = list === CONTAINERS ? INIT_CONTAINERS : CONTAINERS
  const inOther = [...other, { id: name }]
  const taken = draft.get(inOther) !== undefined ? inOther : address
  if (
    taken === inOther ||
    (draft.get(address) !== undefined && draft.set(sidecar.name, address, container) === 'conflict')
  ) {
    const present = draft.get(taken)
    if (
      !context.isRecorded &&
      isObject(present) &&
      !draft.isOurs(taken) &&
      name === nameOf(sidecar.container ?? {}) &&
      isAlike(present, container)
    ) {
      report(unrecordedProblem(sidecar, container, present, taken, taken === inOther))
      return
    }
    report({
      code: 'CONTAINER_NAME_TAKEN',
      message: `container "${name}" already exists and was not added by sidecarctl`,
      hint: takenHint(draft, sidecar, name, taken),
      address: [...taken, 'name'],
      related: wantedHere(context, [
        'spec',
        sidecar.initContainers.some((init) => nameOf(init) === name) ? 'initContainers' : 'container',
      ]),
    })
    return
  }
  reportTakenPorts(draft, sidecar, container, context)
  if (list === INIT_CONTAINERS && place !== 'first') draft.starts.set(sidecar.name, place)
  draft.set(sidecar.name, address, container, place)
}

/**
 * The hint for a container name that is taken. It offers an override only for the sidecar's own container, and only
 * where another container is left for the app.
 */
function takenHint(draft: DesiredPod, { container }: Sidecar, name: string, taken: FieldPath): string {
  const ways = 'rename it, or choose --on-conflict=rename (another name) or --on-conflict=keep (no such sidecar)'
  const present = draft.get(taken)
  if (!isObject(present) || draft.isOurs(taken) || isKnownInjectorContainer(present)) return ways
  if (
    container === undefined ||
    nameOf(container) !== name ||
    appContainers(draft).every((one) => nameOf(one) === name)
  )
    return ways
  const ends =
    taken[1] === INIT_CONTAINERS[1] && present['restartPolicy'] !== 'Always' ? ', with restartPolicy: Always' : ''
  return `to let it override the sidecar, add the annotation ${OVERRIDE}: ${name}${ends}, or write no image or image: ${IMAGE_OF_SIDECAR}; else ${ways}`
}
