import { emptyObject, isObject, textOf, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { OVERRIDE } from '../selection/annotations.ts'
import type { ClassicAdditions, Sidecar } from '../template/template.ts'
import type { FieldPath } from '../field-path/field-path.ts'
import { nameDefaultContainer, withHooks } from './classic.ts'
import type { DesiredPod } from './desired-pod.ts'
import { isKnownInjectorContainer } from './known-injectors.ts'
import {
  appContainers,
  chosenContainers,
  listOf,
  nameOf,
  putVolume,
  wantedHere,
  type ApplyContext,
} from './pod-paths.ts'
import { INIT_CONTAINERS, CONTAINERS } from '../field-path/pod-fields.ts'
import { isAlike, unrecordedProblem } from './lost-record.ts'
import { IMAGE_OF_SIDECAR, missingFields, overlay, overridePlace, ownFields } from './override.ts'
import { keptTogether } from './setting-groups.ts'
import { hasMountsBelow, shareFolder } from './shared-folder.ts'

/** Puts one sidecar into a draft. Trouble is reported; what is in the draft then is not to be used. */
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
  for (const init of sidecar.initContainers) {
    putContainer(draft, sidecar, INIT_CONTAINERS, completed(init, mounts), 'first', context)
  }
  if (sidecar.container === undefined) return
  const isClassic = context.mode === 'classic'
  const container = completed(sidecar.container, mounts, isClassic ? sidecar.classic : undefined)
  const place = overridePlace(draft, nameOf(container))
  if (place !== undefined) fillOverride(draft, sidecar, place, container, context)
  else if (isClassic) {
    putContainer(draft, sidecar, CONTAINERS, container, sidecar.classic.startFirst ? 'first' : 'last', context)
    if (sidecar.classic.startFirst) nameDefaultContainer(draft, sidecar.name)
  } else putContainer(draft, sidecar, INIT_CONTAINERS, native(container), 'first', context)
}

/** Init containers behind a native sidecar start once its startup probe passed; without one, at once. */
function withStartupProbe(container: JsonObject): JsonObject {
  const { readinessProbe, startupProbe } = container
  if (startupProbe !== undefined || !isObject(readinessProbe)) return container
  const probe: JsonObject = { ...readinessProbe, failureThreshold: 30 }
  // The API server takes nothing but 1 here.
  delete probe['successThreshold']
  return { ...container, startupProbe: probe }
}

/** Puts into a user's container of the sidecar's name what it lacks; all that it has stays. */
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
  checkPorts(draft, sidecar, merged, context)
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

/** A container with `restartPolicy: Always`, which readers look for near the top. */
function asNative({ name, image, ...rest }: JsonObject): JsonObject {
  const head: JsonObject = { name: name ?? null }
  if (image !== undefined) head['image'] = image
  return { ...head, restartPolicy: 'Always', ...rest }
}

/**
 * A template's container as it goes into a pod, with the mounts of shared folders. The same container with the same
 * mounts is the same object, so that what is known of it (its text above all) is worked out once for many workloads.
 */
function completed(container: JsonObject, mounts: readonly JsonObject[], classic?: ClassicAdditions): JsonObject {
  const known = COMPLETED.get(container) ?? new Map<string, JsonObject>()
  COMPLETED.set(container, known)
  const key = `${classic === undefined ? '' : 'classic'} ${JSON.stringify(mounts)}`
  if (known.size >= MOST_MOUNTS) known.clear()
  const made = known.get(key) ?? withMounts(classic === undefined ? container : withHooks(container, classic), mounts)
  known.set(key, made)
  return made
}

/** Ways to mount folders that are kept for one container, so that workloads with folders of their own do not add up. */
const MOST_MOUNTS = 100
/** By the mounts, kept as long as the template's container. */
const COMPLETED = new WeakMap<JsonObject, Map<string, JsonObject>>()

function withMounts(container: JsonObject, mounts: readonly JsonObject[]): JsonObject {
  if (mounts.length === 0) return container
  const own = Array.isArray(container['volumeMounts']) ? container['volumeMounts'] : []
  const all = { ...container, volumeMounts: [...own, ...mounts] }
  return { ...container, volumeMounts: [...own, ...mounts.map((mount) => writableAbove(mount, all))] }
}

/** A mount, not read-only where others stand below it, for which the runtime makes folders in it. */
function writableAbove(mount: JsonObject, container: JsonObject): JsonObject {
  if (mount['readOnly'] !== true || !hasMountsBelow(container, textOf(mount['mountPath']))) return mount
  const { readOnly: _, ...rest } = mount
  return rest
}

/** A container as a native sidecar, made once as well. */
function native(container: JsonObject): JsonObject {
  const made = NATIVE.get(container) ?? asNative(withStartupProbe(container))
  NATIVE.set(container, made)
  return made
}

/** Kept as long as the container. */
const NATIVE = new WeakMap<JsonObject, JsonObject>()

function putContainer(
  draft: DesiredPod,
  sidecar: Sidecar,
  list: FieldPath,
  container: JsonObject,
  place: 'first' | 'last',
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
  checkPorts(draft, sidecar, container, context)
  draft.set(sidecar.name, address, container, place)
}

/** What to do where a container's name is taken; an override is only for the sidecar's own container, beside the app's. */
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

/** All containers of a pod share one network, so a port that is taken keeps the sidecar from starting. */
function checkPorts(
  draft: DesiredPod,
  sidecar: Sidecar,
  container: JsonObject,
  { isRecorded, report }: ApplyContext,
): void {
  for (const list of [CONTAINERS, INIT_CONTAINERS]) {
    for (const other of listOf(draft, list)) {
      if (nameOf(other) === nameOf(container)) continue
      for (const theirs of takenPorts(draft, list, other, isRecorded)) {
        const ours = portsOf(container).find((p) => isSamePort(p, theirs))
        if (ours === undefined) continue
        const id = `${textOf(theirs['containerPort'])}/${textOf(theirs['protocol'] ?? 'TCP')}`
        const what = sharedPort(ours, theirs, id)
        report({
          code: 'PORT_TAKEN',
          message: `sidecar "${sidecar.name}" and container "${nameOf(other)}" both use ${what}`,
          hint: `give the sidecar another port: sidecarctl templates show ${sidecar.name} lists its parameters`,
          address: [...list, { id: nameOf(other) }, ...portAddress(other, theirs, id)],
        })
      }
    }
  }
}

function sharedPort(ours: JsonObject, theirs: JsonObject, id: string): string {
  if (ours['containerPort'] === theirs['containerPort']) return `port ${id}`
  if (ours['name'] !== undefined && ours['name'] === theirs['name']) return `port name "${textOf(theirs['name'])}"`
  return `port ${textOf(theirs['hostPort'])} of the node`
}

function portsOf(container: JsonObject): JsonObject[] {
  return Array.isArray(container['ports']) ? container['ports'].filter(isObject) : []
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const
/** The handlers of a probe that connect to a port; without a host that is one of the container (`corev1.ProbeHandler`). */
const HANDLERS = ['httpGet', 'tcpSocket', 'grpc'] as const

/** A port that only a probe names, with its place in the container. */
function probePorts(container: JsonObject): { port: JsonObject; address: FieldPath }[] {
  return PROBES.flatMap((probe) =>
    HANDLERS.flatMap((handler) => {
      const at = valueAt(container, [probe, handler])
      if (!isObject(at) || typeof at['port'] !== 'number' || (at['host'] ?? '') !== '') return []
      const port = Object.assign(emptyObject(), { containerPort: at['port'] })
      return [{ port, address: [probe, handler, 'port'] }]
    }),
  )
}

/**
 * The ports on which a container listens: declared ones, and those that the probes of a user's container connect to. Once
 * the sidecar is in the pod, such a probe may be for the sidecar.
 */
function takenPorts(draft: DesiredPod, list: FieldPath, container: JsonObject, isRecorded: boolean): JsonObject[] {
  const declared = portsOf(container)
  if (isRecorded || draft.isOurs([...list, { id: nameOf(container) }])) return declared
  const known = [...declared]
  for (const { port } of probePorts(container)) if (!known.some((other) => isSamePort(port, other))) known.push(port)
  return known
}

/** Where a container says that it listens on a port. */
function portAddress(container: JsonObject, port: JsonObject, id: string): FieldPath {
  if (portsOf(container).includes(port)) return ['ports', { id }]
  return probePorts(container).find((probe) => isSamePort(probe.port, port))?.address ?? []
}

function isSamePort(a: JsonObject, b: JsonObject): boolean {
  const isSame = (key: string): boolean => typeof a[key] === 'number' && a[key] === b[key]
  if ((a['protocol'] ?? 'TCP') === (b['protocol'] ?? 'TCP') && (isSame('containerPort') || isSame('hostPort')))
    return true
  return typeof a['name'] === 'string' && a['name'] === b['name']
}

function addToApp(draft: DesiredPod, sidecar: Sidecar, target: string, context: ApplyContext): void {
  const base = [...CONTAINERS, { id: target }]
  const { env, volumeMounts, ports, lifecycle } = sidecar.app
  const lists: [string, JsonObject[], (item: JsonObject) => string][] = [
    ['env', env, nameOf],
    ['volumeMounts', volumeMounts, (m) => textOf(m['mountPath'])],
    ['ports', ports, (p) => `${textOf(p['containerPort'])}/${textOf(p['protocol'] ?? 'TCP')}`],
  ]
  const wanted = env.map((value) => ({ name: nameOf(value), address: [...base, 'env', { id: nameOf(value) }], value }))
  const kept = keptTogether(
    draft,
    sidecar.name,
    sidecar.together,
    'env',
    wanted,
    `container "${target}"`,
    context.report,
  )
  for (const [list, items, id] of lists) {
    for (const item of items)
      if (list !== 'env' || !kept.has(nameOf(item)))
        putSetting(draft, sidecar.name, [...base, list, { id: id(item) }], item, context)
  }
  if (lifecycle !== undefined) putSetting(draft, sidecar.name, [...base, 'lifecycle'], lifecycle, context)
}

function addToPod(draft: DesiredPod, sidecar: Sidecar, context: ApplyContext): void {
  const { pod, name } = sidecar
  const put = (address: FieldPath, value: Json | undefined): void => {
    if (value !== undefined) putSetting(draft, name, address, value, context)
  }
  for (const [key, value] of Object.entries(pod.labels)) put(['metadata', 'labels', key], value)
  const annotations = Object.entries(pod.annotations).map(([key, value]) => ({
    name: key,
    address: ['metadata', 'annotations', key],
    value,
  }))
  const kept = keptTogether(
    draft,
    name,
    sidecar.together,
    'annotations',
    annotations,
    'the pod template',
    context.report,
  )
  for (const [key, value] of Object.entries(pod.annotations))
    if (!kept.has(key)) put(['metadata', 'annotations', key], value)
  for (const secret of pod.imagePullSecrets) put(['spec', 'imagePullSecrets', { id: nameOf(secret) }], secret)
  put(['spec', 'shareProcessNamespace'], pod.shareProcessNamespace)
  put(['spec', 'securityContext', 'fsGroup'], pod.fsGroup)
  if ((draft.get(['spec', 'serviceAccountName']) ?? null) === null)
    put(['spec', 'serviceAccountName'], pod.serviceAccountName)
  raiseGrace(draft, sidecar, context)
}

/** Kubernetes' default of `terminationGracePeriodSeconds`, in seconds. */
const DEFAULT_GRACE = 30

/** Seconds that a container sleeps before it stops, which may not be more than the grace period (`validateSleepAction`). */
function sleepBeforeStop(container: JsonObject): number {
  const seconds = valueAt(container, ['lifecycle', 'preStop', 'sleep', 'seconds'])
  return typeof seconds === 'number' ? seconds : 0
}

function raiseGrace(draft: DesiredPod, { name, container, pod, classic }: Sidecar, { mode }: ApplyContext): void {
  const isClassic = container !== undefined && mode === 'classic'
  const asked = Math.max(
    pod.minTerminationGracePeriodSeconds ?? 0,
    (isClassic && classic.minTerminationGracePeriodSeconds) || 0,
  )
  const least = Math.max(
    asked,
    container === undefined ? 0 : sleepBeforeStop(isClassic ? withHooks(container, classic) : container),
  )
  const address = ['spec', 'terminationGracePeriodSeconds']
  const present = draft.get(address) ?? undefined
  // What is no number is for validation to refuse, and not ours to replace.
  if (present !== undefined && typeof present !== 'number') return
  if ((present ?? DEFAULT_GRACE) < least) draft.override(name, address, least)
  // Enough for this sidecar, too: it stays when the one that asked for more goes.
  else if (least > 0 && present !== undefined && draft.isOurs(address)) draft.set(name, address, present)
}

/** Puts a setting unless the user has another value there, which stays. */
function putSetting(draft: DesiredPod, owner: string, address: FieldPath, value: Json, { report }: ApplyContext): void {
  if (draft.set(owner, address, value) !== 'conflict') return
  const step = address.at(-1) as FieldPath[number]
  const others = [...draft.ownersOf(address)]
  const has = others.length === 0 ? 'the manifest has' : `sidecar "${others.join('", "')}" put there`
  report({
    code: 'SETTING_KEPT',
    message: `sidecar "${owner}" requests another value of ${typeof step === 'string' ? step : step.id} than ${has}; the existing value is kept`,
    address,
  })
}
