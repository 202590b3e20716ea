import { isObject, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import type { PodPort } from './service.ts'

/**
 * The ports that a Service can name, in the order in which they are tried: those of containers, then those of native
 * sidecars. Source: `FindPort` in pkg/api/v1/pod/util.go.
 */
export function portsOf(template: JsonObject): PodPort[] {
  const lists = ['containers', 'initContainers'].flatMap((list) => {
    const containers = valueAt(template, ['spec', list])
    return (Array.isArray(containers) ? containers : [])
      .filter(isObject)
      .filter((container) => list === 'containers' || container['restartPolicy'] === 'Always')
  })
  return lists.flatMap(declaredPorts)
}

/** The ports that a container declares. */
export function declaredPorts(container: JsonObject): PodPort[] {
  const ports = Array.isArray(container['ports']) ? container['ports'] : []
  return ports.flatMap((port) => {
    if (!isObject(port) || typeof port['containerPort'] !== 'number') return []
    const { name, protocol } = port
    return [
      {
        name: typeof name === 'string' ? name : '',
        number: port['containerPort'],
        protocol: typeof protocol === 'string' && protocol !== '' ? protocol : 'TCP',
      },
    ]
  })
}
