import { overridePlace } from '../desired/override.ts'
import type { DesiredPod } from '../desired/desired-pod.ts'
import { nameOf } from '../desired/pod-paths.ts'
import { isObject } from '../json/json.ts'
import { declaredPorts } from '../services/ports.ts'
import type { PodPort, Proxy } from '../services/service.ts'
import type { Sidecar } from '../template/template.ts'

/** The sidecar, which was added to the desired pod, as a proxy of the app's port, if it is one. */
export function proxyOf(sidecar: Sidecar, mode: Proxy['mode'], draft: DesiredPod): Proxy[] {
  const { name, container, proxies } = sidecar
  if (proxies === undefined) return []
  const ports = container === undefined ? [] : declaredPorts(container)
  const listens = ports.find(({ number }) => number !== proxies)
  return [{ sidecar: name, port: proxies, listens: listens && asNamed(listens, sidecar, draft), mode }]
}

/** The port by the name that the manifest's own container gives it, where that overrides the sidecar's. */
function asNamed(port: PodPort, { container }: Sidecar, draft: DesiredPod): PodPort {
  const name = nameOf(container ?? {})
  const place = overridePlace(draft, name)
  const present = place && draft.get([...place, { id: name }])
  if (!isObject(present)) return port
  return declaredPorts(present).find((one) => one.number === port.number && one.protocol === port.protocol) ?? port
}
