import { type FieldPath, isObject, type Json, type JsonObject } from '../../json.ts'
import type { PodContext } from '../pod-context.ts'
import { type Gate, gateOn } from './gates.ts'
import { at } from './scope.ts'
import { flagOf, numberOf, valueOf } from './values.ts'
import { VOLUME_SOURCES } from './volumes/sources.ts'

/**
 * A field that the server silently drops while a feature gate is off, and the minor in which the field
 * appeared.
 */
interface GatedField {
  readonly gate: Gate
  readonly since: number
  /** Steps from the spec; `*` is every item of a list. */
  readonly steps: readonly string[]
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
  },
  {
    gate: 'PodCertificateRequest',
    since: 34,
    steps: ['volumes', '*', 'projected', 'sources', '*', 'podCertificate'],
  },
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

/** Called with the path of every field that the server drops, and why. */
export type OnDrop = (path: FieldPath, gate: Gate) => void

/**
 * The spec as the server validates it: defaults that rules depend on are filled in (`SetDefaults_Pod`,
 * `SetDefaults_Volume`), then fields behind feature gates that are off are taken out. Lists keep their indexes, so
 * paths into the result are paths into what the user wrote. The input is not changed.
 */
export function effectivePodSpec(
  spec: JsonObject,
  path: FieldPath,
  ctx: Pick<PodContext, 'kubeVersion' | 'kind'>,
  onDrop: OnDrop,
): JsonObject {
  const { minor } = ctx.kubeVersion
  let result = mapItems(spec, 'volumes', defaultVolume)
  if (ctx.kind === 'Pod' && flagOf(spec, 'hostNetwork') === true) {
    for (const list of ['containers', 'initContainers']) result = mapItems(result, list, defaultHostPorts)
  }
  for (const field of fieldsToDrop(ctx)) {
    const notify: OnDrop = minor >= field.since ? onDrop : () => {}
    result = drop(result, field.steps, path, (where) => notify(where, field.gate))
  }
  if (minor === 34) result = dropRestartPolicies(result, path, onDrop)
  return result
}

function fieldsToDrop(ctx: Pick<PodContext, 'kubeVersion' | 'kind'>): GatedField[] {
  const containers = CONTAINER_LISTS.flatMap((list) =>
    GATED_CONTAINER_FIELDS.map(({ gate, since, steps }) => ({ gate, since, steps: [list, '*', ...steps] })),
  )
  return [...GATED_FIELDS, ...containers].filter((field) => !gateOn(field.gate, ctx.kubeVersion.minor))
}

function copyOf(data: JsonObject): JsonObject {
  return Object.assign(Object.create(null) as JsonObject, data)
}

function mapItems(
  data: JsonObject,
  key: string,
  change: (item: JsonObject, index: number) => JsonObject,
): JsonObject {
  const list = valueOf(data, key)
  if (!Array.isArray(list)) return data
  const copy = copyOf(data)
  copy[key] = list.map((item, index) => (isObject(item) ? change(item, index) : item))
  return copy
}

/** A volume without any source is an empty folder. */
function defaultVolume(volume: JsonObject): JsonObject {
  if (VOLUME_SOURCES.some((source) => valueOf(volume, source) !== undefined)) return volume
  const copy = copyOf(volume)
  copy.emptyDir = Object.create(null) as JsonObject
  return copy
}

/** On the host's network a container's port is the host's port. */
function defaultHostPorts(container: JsonObject): JsonObject {
  return mapItems(container, 'ports', (port) => {
    const number = numberOf(port, 'containerPort')
    if (number === undefined || (numberOf(port, 'hostPort') ?? 0) !== 0) return port
    const copy = copyOf(port)
    copy.hostPort = number
    return copy
  })
}

/** A copy without the field at `steps`; a lifecycle left empty goes too, as the server has it. */
function drop(
  data: JsonObject,
  steps: readonly string[],
  path: FieldPath,
  onDrop: (path: FieldPath) => void,
): JsonObject {
  const [step, ...rest] = steps as [string, ...string[]]
  const value = valueOf(data, step)
  if (value === undefined) return data
  const copy = copyOf(data)
  if (rest.length === 0) {
    delete copy[step]
    onDrop(at(path, step))
  } else if (rest[0] === '*' && Array.isArray(value)) {
    copy[step] = value.map((item, i): Json =>
      isObject(item) ? drop(item, rest.slice(1), at(path, step, i), onDrop) : item,
    )
  } else if (isObject(value)) {
    const child = drop(value, rest, at(path, step), onDrop)
    copy[step] = child
    if (step === 'lifecycle' && child !== value && Object.keys(child).length === 0) delete copy[step]
  }
  return copy
}

/** In 1.34 the server forgets restart policies of containers but Always of init containers (KEP-5307). */
function dropRestartPolicies(spec: JsonObject, path: FieldPath, onDrop: OnDrop): JsonObject {
  let result = spec
  for (const list of CONTAINER_LISTS) {
    result = mapItems(result, list, (container, index) => {
      const policy = valueOf(container, 'restartPolicy')
      if (policy === undefined || (list === 'initContainers' && policy === 'Always')) return container
      return drop(container, ['restartPolicy'], at(path, list, index), (where) =>
        onDrop(where, 'ContainerRestartRules'),
      )
    })
  }
  return result
}
