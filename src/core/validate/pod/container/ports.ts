import { portName, portNumber } from '../../../kube/names.ts'
import type { PodPlace } from '../../place.ts'
import { at, duplicate, invalid, type PartRule, type PodRule, type PodScope, required } from '../scope.ts'
import { oneOf } from '../text-rules.ts'
import { flagOf, itemsOf, itemsOfAll, numberOf, type Part, textOf, valueOf } from '../values.ts'

/** Ports of a container: names, numbers, protocols. Source: `validateContainerPorts`. */
export const containerPorts: PartRule = (container, pod) => {
  const ports = itemsOf(container, 'ports')
  if (ports.length === 0) return
  const names = new Map<string, PodPlace>()
  for (const port of ports) {
    checkName(port, names, pod)
    const number = valueOf(port.data, 'containerPort') ?? 0
    const path = at(port.path, 'containerPort')
    if (number === 0) required(pod, path, 'a port needs a containerPort from 1 to 65535')
    else if (typeof number === 'number') invalid(pod, 'PORT_NUMBER_INVALID', path, number, portNumber(number))
    const hostPort = numberOf(port.data, 'hostPort') ?? 0
    if (hostPort !== 0) invalid(pod, 'PORT_NUMBER_INVALID', at(port.path, 'hostPort'), hostPort, portNumber(hostPort))
    oneOf(port, 'protocol', 'PORT_PROTOCOL_UNSUPPORTED', ['SCTP', 'TCP', 'UDP'], pod)
  }
}

function checkName(port: Part, names: Map<string, PodPlace>, pod: PodScope): void {
  const name = textOf(port.data, 'name')
  if (name === undefined || name === '') return
  const path = at(port.path, 'name')
  const faults = portName(name)
  const first = names.get(name)
  if (faults.length > 0) {
    const hint = 'port names are IANA service names, such as http or metrics-1'
    invalid(pod, 'PORT_NAME_INVALID', path, name, faults, hint)
  } else if (first !== undefined) {
    duplicate(pod, 'PORT_NAME_DUPLICATE', path, `duplicate value "${name}": a container's port names are unique`, first)
  } else names.set(name, path)
}

/**
 * A port of the host can be used once per protocol and address: among all regular containers together, and within each
 * init container.
 * Source: `checkHostPortConflicts`, called by `validateContainers` and `validateInitContainers`.
 */
export const hostPortConflicts: PodRule = (pod) => {
  conflictsAmong(pod.containers, pod)
  for (const container of pod.initContainers) conflictsAmong([container], pod)
}

function conflictsAmong(containers: readonly Part[], pod: PodScope): void {
  const ports = itemsOfAll(containers, 'ports').filter((port) => (numberOf(port.data, 'hostPort') ?? 0) !== 0)
  if (ports.length < 2) return
  const taken = new Map<string, PodPlace>()
  for (const port of ports) {
    const hostPort = numberOf(port.data, 'hostPort')
    const protocol = textOf(port.data, 'protocol') || 'TCP'
    const key = `${protocol}/${textOf(port.data, 'hostIP') ?? ''}/${hostPort}`
    const path = at(port.path, 'hostPort')
    const first = taken.get(key)
    if (first === undefined) taken.set(key, path)
    else {
      const message = `duplicate value "${key}": port ${hostPort} of the host is already taken`
      duplicate(pod, 'HOST_PORT_DUPLICATE', path, message, first, 'remove hostPort, or use another one')
    }
  }
}

/** With `hostNetwork`, hostPort and containerPort must be equal. Source: `validatePodHostNetworkDeps`. */
export const hostNetworkPorts: PodRule = (pod) => {
  if (flagOf(pod.spec.data, 'hostNetwork') !== true) return
  for (const port of itemsOfAll(pod.containers, 'ports')) {
    const hostPort = numberOf(port.data, 'hostPort') ?? 0
    const containerPort = numberOf(port.data, 'containerPort') ?? 0
    if (hostPort === 0 || hostPort === containerPort) continue
    const faults = ['must match `containerPort` when `hostNetwork` is true']
    const hint = `use ${containerPort}, or remove it`
    invalid(pod, 'HOST_PORT_MISMATCH', at(port.path, 'hostPort'), hostPort, faults, hint)
  }
}
