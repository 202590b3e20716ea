import type { Json } from '../json/json.ts'
import type { KubeVersion } from '../kube/version.ts'
import { idOf, isAside, keepsUndecided, nameOf, type WorkloadSummary } from './workload-summary.ts'
import type { PodPort, Proxy, Service, ServicePort } from './service.ts'

/** Where a port of a Service should lead. */
export type Route =
  /** There is no proxy in front of its target. */
  | { to: 'app' }
  /** It should lead to a proxy. */
  | { to: 'proxy'; target: number | string; app: number; by: readonly string[]; of: readonly string[] }
  /** It leads past proxies, and cannot be led to one. */
  | { to: 'nowhere'; app: number; by: readonly string[]; of: readonly string[]; reason: string; hint: string }
  /** It leads to workloads with the sidecars of its record, which is not part of this run. */
  | { to: 'there' }

/** Where a port leads in the pods of one workload; `none` where they have no port of the name that it gives. */
type RetargetTarget =
  | { state: 'app' | 'aside' | 'none' }
  | { state: 'proxy'; app: number; chain: readonly Proxy[]; reason: RetargetBlocker | undefined }

/** Why a port cannot be led to a proxy, and what to do. */
type RetargetBlocker = readonly [reason: string, hint: string]

/**
 * Where one port of a Service should lead, for all workloads that it selects.
 * @param value its own `targetPort`, before anything of ours
 * @param by sidecars of its record; empty where there is none
 */
export function routeOf(
  service: Service,
  port: Pick<ServicePort, 'port' | 'protocol'>,
  value: Json | undefined,
  by: readonly string[],
  workloads: readonly WorkloadSummary[],
  version: KubeVersion,
): Route {
  const leads = workloads.map((workload) => ({ workload, lead: leadOf(workload, port, value, by) }))
  const proxied = leads.flatMap(({ workload, lead }) => (lead.state === 'proxy' ? [{ workload, lead }] : []))
  const [first] = proxied
  if (first === undefined)
    return { to: leads.some(({ lead }) => lead.state !== 'aside') || leads.length === 0 ? 'app' : 'there' }
  const { app } = first.lead
  const names = [...new Set(proxied.flatMap(({ lead }) => lead.chain.map(({ sidecar }) => sidecar)))]
  const of = [...new Set(proxied.map(({ workload }) => idOf(workload)))]
  const nowhere = ([reason, hint]: RetargetBlocker): Route => ({ to: 'nowhere', app, by: names, of, reason, hint })
  const bare = ({ workload }: { workload: WorkloadSummary }): Route =>
    nowhere([
      `it also selects ${nameOf(workload)}, which has no proxy for it`,
      'give it the sidecar too, or narrow the selector of the Service',
    ])
  const without = leads.find(({ lead }) => lead.state === 'app')
  if (without !== undefined) return bare(without)
  const aside = leads.find(({ lead }) => lead.state === 'aside')
  if (aside !== undefined && by.length > 0) return { to: 'there' }
  if (aside !== undefined)
    return nowhere([
      `it also selects ${nameOf(aside.workload)}, which is not part of this run`,
      'include all workloads of the Service in the run',
    ])
  if (service.isHeadless)
    return nowhere([
      'it is headless, so clients choose the port of the pod themselves',
      'make its clients use the port of the sidecar',
    ])
  const odd = proxied.find(({ lead }) => lead.reason !== undefined)?.lead.reason
  if (odd !== undefined) return nowhere(odd)
  const ports = proxied.map(({ lead }) => lead.chain.at(0) as Proxy)
  const target = targetOf(ports, typeof value === 'string' && value !== '', version)
  if (target === undefined)
    return nowhere([
      'the proxies of the workloads that it selects listen on different ports',
      'set one port for them with a parameter',
    ])
  // Pods to which it sends nothing must not become endpoints.
  const reached = leads.find(
    ({ workload, lead }) => lead.state === 'none' && resolvePort(target, port, workload.ports) !== undefined,
  )
  return reached === undefined ? { to: 'proxy', target, app, by: names, of } : bare(reached)
}

function leadOf(
  workload: WorkloadSummary,
  port: Pick<ServicePort, 'port' | 'protocol'>,
  value: Json | undefined,
  by: readonly string[],
): RetargetTarget {
  if (by.some((name) => keepsUndecided(workload, name))) return { state: 'aside' }
  const app = resolvePort(value, port, workload.ports)
  const chain = app === undefined ? [] : chainTo(app, port.protocol, workload.proxies)
  if ('obstacle' in chain) return { state: 'proxy', app: app as number, chain: chain.proxies, reason: chain.obstacle }
  if (chain.length > 0) return { state: 'proxy', app: app as number, chain, reason: undefined }
  if (isAside(workload) && workload.record !== undefined && by.length === 0) return { state: 'aside' }
  return { state: app === undefined ? 'none' : 'app' }
}

/** The number of the container port that a Service's port leads to; 0 and an empty name count as absent. */
function resolvePort(
  value: Json | undefined,
  { port, protocol }: Pick<ServicePort, 'port' | 'protocol'>,
  ports: readonly PodPort[],
): number | undefined {
  if (typeof value === 'number' && value !== 0) return value
  if (typeof value !== 'string' || value === '') return port
  return ports.find((one) => one.name === value && one.protocol === protocol)?.number
}

/** The proxies in front of a port, outermost first: one may be in front of another. */
function chainTo(
  app: number,
  protocol: string,
  proxies: readonly Proxy[],
): Proxy[] | { proxies: Proxy[]; obstacle: RetargetBlocker } {
  const chain: Proxy[] = []
  for (let port = app; ;) {
    const found = proxies.filter((proxy) => proxy.port === port && (proxy.listens?.protocol ?? 'TCP') === protocol)
    const [proxy] = found
    if (proxy === undefined || chain.includes(proxy)) return chain
    if (found.length > 1) {
      const names = found.map(({ sidecar }) => sidecar).join(', ')
      return {
        proxies: found,
        obstacle: [
          `several sidecars are proxies for port ${port}: ${names}`,
          'chain them with a parameter, so that one is the proxy of the other',
        ],
      }
    }
    if (proxy.listens === undefined) {
      return {
        proxies: [proxy],
        obstacle: [
          `the sidecar "${proxy.sidecar}" declares no port`,
          'declare the port that it listens on in its template',
        ],
      }
    }
    chain.unshift(proxy)
    port = proxy.listens.number
  }
}

/** The first version that finds named ports of native sidecars for Services (kubernetes/kubernetes#127976, #128850). */
const NAMES_OF_NATIVE = 32

/** The value for the proxies' port: a name in the place of a name where all have one that is found, else the number. */
function targetOf(proxies: readonly Proxy[], wasName: boolean, { minor }: KubeVersion): number | string | undefined {
  const names = new Set(proxies.map(({ listens }) => listens?.name))
  const numbers = new Set(proxies.map(({ listens }) => listens?.number))
  const [[name], [number]] = [names, numbers]
  const isFound =
    names.size === 1 &&
    name !== undefined &&
    name !== '' &&
    proxies.every(({ mode }) => mode === 'classic' || minor >= NAMES_OF_NATIVE)
  if (isFound && (wasName || numbers.size > 1)) return name
  return numbers.size === 1 ? number : undefined
}
