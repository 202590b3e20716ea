import { emptyObject, isObject, type Json, type JsonObject } from '../../json/json.ts'
import type { PodPlace } from '../place.ts'
import type { PodContext } from '../pod-context.ts'
import { type Gate, gateOn } from './gates.ts'
import { at } from './scope.ts'
import { flagOf, numberOf, valueOf } from './values.ts'
import { sourcesOf } from './volumes/sources.ts'

/** A field that the API server silently drops while a feature gate is off. */
interface GatedField {
  readonly gate: Gate
  /** The first minor version that has the field. */
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

/** A StatefulSet names its pods itself. Source: apps validation `ValidateStatefulSetSpec`. */
const OWN_NAMES = ['hostname', 'subdomain'] as const

/** Called with the place of each field that the API server drops, and the gate that is off. */
export type OnDrop = (place: PodPlace, gate: Gate) => void

/**
 * The spec as the API server validates it: defaults that rules depend on are filled in (`SetDefaults_Pod`,
 * `SetDefaults_Volume`), what its owner replaces is left out, then fields behind feature gates that are off are removed.
 * Lists keep their indexes, so places in the result are places in the given spec. The given spec is not changed; it is
 * returned itself where nothing differs.
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
  if (ctx.kind === 'StatefulSet') {
    for (const name of OWN_NAMES) if (Object.hasOwn(result, name)) result = changed(result, name, undefined)
  }
  const fields = fieldsToDrop(minor)
  for (let n = 0; n < fields.length; n++) {
    const field = fields[n] as GatedField
    result = drop(result, field, 0, place, minor >= field.since ? onDrop : silent)
  }
  if (minor === 34) result = dropRestartPolicies(result, place, onDrop)
  return result
}

/** Fields that a version does not know are dropped, too, but the schema reports them. */
const silent: OnDrop = () => {}

/** The fields to drop by minor version, which are chosen once. */
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

/** A volume without a source is an emptyDir. */
function defaultVolume(volume: JsonObject): JsonObject {
  return sourcesOf(volume).length > 0 ? volume : changed(volume, 'emptyDir', emptyObject())
}

/** With `hostNetwork`, a port of a container is a port of the host. */
function defaultHostPorts(container: JsonObject): JsonObject {
  return mapItems(container, 'ports', (port) => {
    const number = numberOf(port, 'containerPort')
    return number === undefined || (numberOf(port, 'hostPort') ?? 0) !== 0 ? port : changed(port, 'hostPort', number)
  })
}

/**
 * A copy without the field that the steps from index `first` on lead to; the map itself if the field is absent. A
 * lifecycle that becomes empty is removed, too, as by the API server.
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
    const next = steps[first + 2] as string
    if (!value.some((item) => isObject(item) && Object.hasOwn(item, next))) return data
    return mapItems(data, step, (item, i) => drop(item, field, first + 2, at(place, step, i), onDrop))
  }
  if (!isObject(value)) return data
  const rest = drop(value, field, first + 1, at(place, step), onDrop)
  if (rest === value) return data
  return changed(
    data,
    step,
    step === 'lifecycle' && Object.values(rest).every((left) => left === null) ? undefined : rest,
  )
}

/** In 1.34 the API server drops restart policies of containers, except Always of init containers (KEP-5307). */
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
