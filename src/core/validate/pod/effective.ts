import { emptyObject, isObject, type Json, type JsonObject } from '../../json/json.ts'
import type { PodPlace } from '../place.ts'
import type { PodContext } from '../pod-context.ts'
import { type Gate, gateOn } from './gates.ts'
import { at } from './scope.ts'
import { flagOf, numberOf, valueOf } from './values.ts'
import { sourcesOf } from './volumes/sources.ts'

/**
 * A field that the server silently drops while a feature gate is off, and the minor in which the field
 * appeared.
 */
interface GatedField {
  readonly gate: Gate
  readonly since: number
  /** Steps from the spec; `*` is every item of a list. */
  readonly steps: readonly string[]
  /** The server drops the list item that has the field, whatever else is in it. */
  readonly withItem?: true
}

/** Source: `dropDisabledFields` in pkg/api/pod/util.go. */
const GATED_FIELDS: readonly GatedField[] = [
  { gate: 'UserNamespacesSupport', since: 25, steps: ['hostUsers'] },
  { gate: 'SupplementalGroupsPolicy', since: 31, steps: ['securityContext', 'supplementalGroupsPolicy'] },
  { gate: 'SELinuxChangePolicy', since: 32, steps: ['securityContext', 'seLinuxChangePolicy'] },
  { gate: 'PodLevelResources', since: 32, steps: ['resources'] },
  { gate: 'DynamicResourceAllocation', since: 26, steps: ['resourceClaims'] },
  { gate: 'HostnameOverride', since: 34, steps: ['hostnameOverride'] },
  { gate: 'GenericWorkload', since: 35, steps: ['workloadRef'] },
  { gate: 'GenericWorkload', since: 36, steps: ['schedulingGroup'] },
  { gate: 'ImageVolume', since: 31, steps: ['volumes', '*', 'image'] },
  {
    gate: 'ClusterTrustBundleProjection',
    since: 29,
    steps: ['volumes', '*', 'projected', 'sources', '*', 'clusterTrustBundle'],
    withItem: true,
  },
  { gate: 'PodCertificateRequest', since: 34, steps: ['volumes', '*', 'projected', 'sources', '*', 'podCertificate'] },
]

/** The same for fields of every container. */
const GATED_CONTAINER_FIELDS: readonly GatedField[] = [
  { gate: 'ProcMountType', since: 12, steps: ['securityContext', 'procMount'] },
  { gate: 'InPlacePodVerticalScaling', since: 27, steps: ['resizePolicy'] },
  { gate: 'ContainerStopSignals', since: 33, steps: ['lifecycle', 'stopSignal'] },
  { gate: 'ContainerRestartRules', since: 34, steps: ['restartPolicyRules'] },
  { gate: 'EnvFiles', since: 34, steps: ['env', '*', 'valueFrom', 'fileKeyRef'] },
  { gate: 'DynamicResourceAllocation', since: 26, steps: ['resources', 'claims'] },
]

export const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const

/** Called with the place of every field that the server drops, and why. */
export type OnDrop = (place: PodPlace, gate: Gate) => void

/**
 * The spec as the server validates it: defaults that rules depend on are filled in (`SetDefaults_Pod`,
 * `SetDefaults_Volume`), then fields behind feature gates that are off are taken out. Lists keep their indexes, so
 * places in the result are places in what the user wrote. The input is not changed, and most often is the result.
 */
export function effectivePodSpec(
  spec: JsonObject,
  place: PodPlace,
  ctx: Pick<PodContext, 'kubeVersion' | 'kind'>,
  onDrop: OnDrop,
): JsonObject {
  const { minor } = ctx.kubeVersion
  let result = mapItems(spec, 'volumes', defaultVolume)
  if (ctx.kind === 'Pod' && flagOf(spec, 'hostNetwork') === true) {
    for (const list of ['containers', 'initContainers']) result = mapItems(result, list, defaultHostPorts)
  }
  for (const field of fieldsToDrop(minor))
    result = drop(result, field, 0, place, minor >= field.since ? onDrop : silent)
  if (minor === 34) result = dropRestartPolicies(result, place, onDrop)
  return result
}

/** Fields that a version does not know are dropped too, but their names are the schema's business. */
const silent: OnDrop = () => {}

/** By minor version: data of the program, the same in every run. */
const toDrop = new Map<number, readonly GatedField[]>()

function fieldsToDrop(minor: number): readonly GatedField[] {
  const known = toDrop.get(minor)
  if (known !== undefined) return known
  const containers = CONTAINER_LISTS.flatMap((list) =>
    GATED_CONTAINER_FIELDS.map(({ gate, since, steps }) => ({ gate, since, steps: [list, '*', ...steps] })),
  )
  const fields = [...GATED_FIELDS, ...containers].filter((field) => !gateOn(field.gate, minor))
  toDrop.set(minor, fields)
  return fields
}

/** A copy with another value of a field, or without it. */
function changed(data: JsonObject, key: string, value: Json | undefined): JsonObject {
  const copy = Object.assign(emptyObject(), data)
  if (value === undefined) delete copy[key]
  else copy[key] = value
  return copy
}

/** A copy with changed items of a list; the map itself where none changes. */
function mapItems(data: JsonObject, key: string, change: (item: JsonObject, index: number) => JsonObject): JsonObject {
  const list = valueOf(data, key)
  if (!Array.isArray(list)) return data
  let items: Json[] | undefined
  for (let index = 0; index < list.length; index++) {
    const item = list[index]
    const other = isObject(item) ? change(item, index) : undefined
    if (other !== undefined && other !== item) (items ??= [...list])[index] = other
  }
  return items === undefined ? data : changed(data, key, items)
}

/** A volume without any source is an empty folder. */
function defaultVolume(volume: JsonObject): JsonObject {
  return sourcesOf(volume).length > 0 ? volume : changed(volume, 'emptyDir', emptyObject())
}

/** On the host's network a container's port is the host's port. */
function defaultHostPorts(container: JsonObject): JsonObject {
  return mapItems(container, 'ports', (port) => {
    const number = numberOf(port, 'containerPort')
    return number === undefined || (numberOf(port, 'hostPort') ?? 0) !== 0 ? port : changed(port, 'hostPort', number)
  })
}

/**
 * A copy without the field that `steps` from the given one lead to, or the map itself where it is not there; a
 * lifecycle left empty goes too, as the server has it.
 */
function drop(data: JsonObject, field: GatedField, first: number, place: PodPlace, onDrop: OnDrop): JsonObject {
  const { steps, gate } = field
  const step = steps[first] as string
  const value = valueOf(data, step)
  if (value === undefined) return data
  if (first === steps.length - 1) {
    onDrop(at(place, step), gate)
    return field.withItem === true ? emptyObject() : changed(data, step, undefined)
  }
  if (steps[first + 1] === '*' && Array.isArray(value)) {
    return mapItems(data, step, (item, i) => drop(item, field, first + 2, at(place, step, i), onDrop))
  }
  if (!isObject(value)) return data
  const rest = drop(value, field, first + 1, at(place, step), onDrop)
  if (rest === value) return data
  return changed(data, step, step === 'lifecycle' && Object.keys(rest).length === 0 ? undefined : rest)
}

/** In 1.34 the server forgets restart policies of containers but Always of init containers (KEP-5307). */
function dropRestartPolicies(spec: JsonObject, place: PodPlace, onDrop: OnDrop): JsonObject {
  let result = spec
  for (const list of CONTAINER_LISTS) {
    result = mapItems(result, list, (container, index) => {
      const policy = valueOf(container, 'restartPolicy')
      if (policy === undefined || (list === 'initContainers' && policy === 'Always')) return container
      onDrop(at(place, list, index, 'restartPolicy'), 'ContainerRestartRules')
      return changed(container, 'restartPolicy', undefined)
    })
  }
  return result
}
