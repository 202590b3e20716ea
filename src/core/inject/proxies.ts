import { declaredPorts } from '../services/ports.ts'
import type { Proxy } from '../services/service.ts'
import type { Sidecar } from '../template/template.ts'

/** The sidecar as a proxy of the app's port, if it is one. */
export function proxyOf({ name, container, proxies }: Sidecar, mode: Proxy['mode']): Proxy[] {
  if (proxies === undefined) return []
  const ports = container === undefined ? [] : declaredPorts(container)
  return [{ sidecar: name, port: proxies, listens: ports.find(({ number }) => number !== proxies), mode }]
}
