import { isObject, type Json, type JsonObject } from '../json/json.ts'
import type { Service, ServicePort } from '../services/service.ts'
import type { GraphContainer, GraphHop, GraphRoute } from './pod-graph.ts'

/** A sidecar of ours that is a proxy for a port of the app. */
export interface GraphProxy {
  sidecar: string
  /** The app's port, or its name. */
  port: number | string
}

/** Proxies to which Services were led by earlier runs, by `proxyKey` of a Service's port. */
export type KeptProxies = ReadonlyMap<string, GraphProxy>

/** A port of a Service, `80` or `53/UDP`, as a key of `KeptProxies`. */
export function proxyKey(namespace: string, name: string, port: string): string {
  return `${namespace || 'default'}/${name}/${port}`
}

/** The ways into a pod: those of the Services that select it, then those of proxies to which no Service leads. */
export function routesInto(
  containers: readonly GraphContainer[],
  services: readonly Service[],
  proxies: readonly GraphProxy[],
  keptProxies: KeptProxies,
): GraphRoute[] {
  const fromServices = services.flatMap((service) =>
    service.ports.map((port): GraphRoute => {
      const { name } = service.ref
      const shown = port.protocol === 'TCP' ? String(port.port) : port.key
      const kept = keptProxies.get(proxyKey(service.namespace, name, shown))
      const known = kept === undefined || proxies.some(({ sidecar }) => sidecar === kept.sidecar) ? [] : [kept]
      const hops = hopsFrom(firstHop(containers, port), containers, [...proxies, ...known])
      return { service: name, port: shown, hops, mark: 'same' }
    }),
  )
  const reached = new Set(fromServices.flatMap(({ hops }) => hops.map(({ container }) => container)))
  const others = proxies.flatMap(({ sidecar }): GraphRoute[] => {
    const container = containers.find((one) => one.sidecar === sidecar && one.role !== 'init')
    const [port] = container?.ports ?? []
    if (container === undefined || port === undefined || reached.has(container.name)) return []
    const first = { container: container.name, port: port.number }
    return [{ service: undefined, port: '', hops: hopsFrom(first, containers, proxies), mark: 'same' }]
  })
  return [...fromServices, ...others]
}

/** Containers that can get requests: all but init containers that end. */
function serving(containers: readonly GraphContainer[]): GraphContainer[] {
  return containers.filter(({ role }) => role !== 'init')
}

/** Where a Service's port leads. Source: `FindPort` in pkg/api/v1/pod/util.go. */
function firstHop(containers: readonly GraphContainer[], { port, target, protocol }: ServicePort): GraphHop {
  if (typeof target === 'string' && target !== '') return atName(containers, target, protocol, undefined)
  return atNumber(containers, numberOf(target) ?? port, undefined)
}

/** The container that has a port of a name. */
function atName(
  containers: readonly GraphContainer[],
  target: string,
  protocol: string,
  except: string | undefined,
): GraphHop {
  const all = serving(containers).filter(({ name }) => name !== except)
  // Containers before native sidecars.
  const ordered = [...all.filter(({ role }) => role !== 'native'), ...all.filter(({ role }) => role === 'native')]
  for (const { name, ports } of ordered) {
    const found = ports.find((one) => one.name === target && one.protocol === protocol)
    if (found !== undefined) return { container: name, port: found.number }
  }
  return { container: '', port: target }
}

function numberOf(target: Json | undefined): number | undefined {
  return typeof target === 'number' && target !== 0 ? target : undefined
}

/** The container behind a port number: the one that declares it, else the app's where it has but one. */
function atNumber(containers: readonly GraphContainer[], port: number, except: string | undefined): GraphHop {
  const others = serving(containers).filter(({ name }) => name !== except)
  const declaring = others.find(({ ports }) => ports.some(({ number }) => number === port))
  const apps = others.filter(({ role }) => role === 'app')
  return { container: declaring?.name ?? (apps.length === 1 ? (apps[0]?.name ?? '') : ''), port }
}

/** A hop and those that it leads on to, by the proxies of the pod. */
function hopsFrom(first: GraphHop, containers: readonly GraphContainer[], proxies: readonly GraphProxy[]): GraphHop[] {
  const hops = [first]
  for (;;) {
    const last = hops.at(-1) as GraphHop
    const sidecar = containers.find(({ name }) => name === last.container)?.sidecar
    const proxy = proxies.find((one) => one.sidecar === sidecar)
    // A port of the proxy's own, such as that of its metrics, leads no further.
    if (proxy === undefined || !isFront(containers, last)) return hops
    const next =
      typeof proxy.port === 'number'
        ? atNumber(containers, proxy.port, last.container)
        : atName(containers, proxy.port, 'TCP', last.container)
    if (next.container === '' || hops.some(({ container }) => container === next.container)) return hops
    hops.push(next)
  }
}

/** True for the first port of a container, at which a proxy takes requests. */
function isFront(containers: readonly GraphContainer[], { container, port }: GraphHop): boolean {
  const [first] = containers.find(({ name }) => name === container)?.ports ?? []
  return first === undefined || first.number === port
}

/** The labels of a pod template's pods; empty where it has none. */
export function labelsOf(template: JsonObject): JsonObject {
  const metadata = template['metadata']
  const labels = isObject(metadata) ? metadata['labels'] : undefined
  return isObject(labels) ? labels : {}
}
