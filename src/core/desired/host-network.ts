import { isObject, textOf } from '../json/json.ts'
import type { Sidecar } from '../template/template.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'
import type { PlanProblem } from './pod-paths.ts'

/** The ports that a sidecar opens on the node in a pod with hostNetwork: `port 2020`, `port 9125/UDP`. */
export function portsOnNode({ container, initContainers }: Sidecar): string[] {
  const containers = [...initContainers, ...(container === undefined ? [] : [container])]
  const ports = containers.flatMap((one) => (Array.isArray(one['ports']) ? one['ports'].filter(isObject) : []))
  return ports.map(({ containerPort, protocol = 'TCP' }) => {
    const suffix = protocol === 'TCP' ? '' : `/${textOf(protocol)}`
    return `port ${textOf(containerPort)}${suffix}`
  })
}

/** A warning that names the ports that a sidecar opens on the node. */
export function hostPortsProblem(sidecar: string, ports: readonly string[]): PlanProblem {
  return {
    code: 'HOST_PORTS_OPENED',
    message: `the pod uses the host network, so sidecar "${sidecar}" opens ${ports.join(', ')} on the node, for everyone who can reach it`,
    hint: 'choose ports that are free on every node, or do not use the host network',
    address: CONTAINERS,
  }
}
