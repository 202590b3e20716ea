import { templateArgument } from '../common/template-argument.ts'
import type { FieldPath } from '../field-path/field-path.ts'
import { CONTAINERS, INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import { emptyObject, isObject, textOf, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import type { Sidecar } from '../template/template.ts'
import type { DesiredPod } from './desired-pod.ts'
import { listOf, nameOf, type ApplyContext } from './pod-paths.ts'

/**
 * Reports ports of a sidecar's container that another container uses: all containers of a pod share one network, so
 * such a port keeps the sidecar from starting.
 */
export function reportTakenPorts(
  draft: DesiredPod,
  sidecar: Sidecar,
  container: JsonObject,
  { isRecorded, report, place }: ApplyContext,
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
          hint: `give the sidecar another port; to list its parameters: sidecarctl templates docs ${templateArgument(sidecar.name, place([]).source.label)}`,
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

const PROBES = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
] as const
/**
 * The handlers of a probe or hook that connect to a port; without `host`, to one of the container
 * (`corev1.ProbeHandler`).
 */
const HANDLERS = ['httpGet', 'tcpSocket', 'grpc'] as const

/** The ports that probes and hooks connect to by number, each with its field path in the container. */
function probePorts(container: JsonObject): { port: JsonObject; address: FieldPath }[] {
  return PROBES.flatMap((probe) =>
    HANDLERS.flatMap((handler) => {
      const at = valueAt(container, [...probe, handler])
      if (!isObject(at) || typeof at['port'] !== 'number' || (at['host'] ?? '') !== '') return []
      const port = Object.assign(emptyObject(), { containerPort: at['port'] })
      return [{ port, address: [...probe, handler, 'port'] }]
    }),
  )
}

/**
 * The ports of a container: declared ones, and those that the probes and hooks of a user's container connect to. These
 * do not count once a record lists the sidecar: such a probe may be for the sidecar.
 */
function takenPorts(draft: DesiredPod, list: FieldPath, container: JsonObject, isRecorded: boolean): JsonObject[] {
  const declared = portsOf(container)
  if (isRecorded || draft.isOurs([...list, { id: nameOf(container) }])) return declared
  const known = [...declared]
  for (const { port } of probePorts(container)) if (!known.some((other) => isSamePort(port, other))) known.push(port)
  return known
}

/** The field path in a container of a declared port, or of a probe or hook that connects to it. */
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
