import { expandObjects } from '../check/objects.ts'
import { diagnostic, type Diagnostic } from '../diagnostic.ts'
import { isObject, type FieldPath, type Json, type JsonObject } from '../json.ts'
import { valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { locate } from '../yaml/data.ts'
import { readDocuments } from './companions.ts'
import type { Proxy } from './types.ts'

/** A workload with the proxies that were put in front of it. */
export interface Proxied {
  workload: Workload
  proxies: readonly Proxy[]
}

/** The Services of an input that still send to the app's own port, past a proxy that was put in front of it. */
export function findBypasses(source: SourceText, proxied: readonly Proxied[]): Diagnostic[] {
  if (proxied.every(({ proxies }) => proxies.length === 0)) return []
  const services = readDocuments(source).flatMap((doc) => expandObjects(doc).objects).filter(isService)
  return services.flatMap((service) => proxied
    .filter(({ workload }) => selects(service, workload))
    .flatMap(({ workload, proxies }) => proxies.flatMap((proxy) => bypassed(service, workload, proxy))))
}

function isService({ ref }: KubeObject): boolean {
  return ref.apiVersion === 'v1' && ref.kind === 'Service'
}

function selects(service: KubeObject, { ref, data, templatePath }: Workload): boolean {
  const selector = valueAt(service.data, ['spec', 'selector'])
  if (!isObject(selector) || (service.ref.namespace || 'default') !== (ref.namespace || 'default')) return false
  const labels = valueAt(data, [...templatePath, 'metadata', 'labels'])
  const wanted = Object.entries(selector)
  return wanted.length > 0 && isObject(labels) && wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)
}

function bypassed(service: KubeObject, workload: Workload, { sidecar, port, listens }: Proxy): Diagnostic[] {
  const ports = valueAt(service.data, ['spec', 'ports'])
  if (!Array.isArray(ports)) return []
  return ports.flatMap((entry, n): Diagnostic[] => {
    if (!isObject(entry) || targetOf(entry, workload) !== port) return []
    const path: FieldPath = ['spec', 'ports', n, entry['targetPort'] === undefined ? 'port' : 'targetPort']
    const { ref } = workload
    return [diagnostic('SERVICE_BYPASSES_PROXY', `this Service sends to port ${port} of ${ref.kind} ${ref.name}, past the sidecar "${sidecar}"`, {
      hint: `set targetPort to ${listens ?? 'the port at which the sidecar listens'}`,
      at: { source: service.doc.source, range: locate(service.node, path) },
      document: service.doc.index,
      resource: service.ref,
      path,
    })]
  })
}

/** The number of the container port that a Service's port leads to. */
function targetOf(entry: JsonObject, { data, templatePath }: Workload): Json | undefined {
  const target = entry['targetPort'] ?? entry['port']
  if (typeof target !== 'string') return target
  const containers = valueAt(data, [...templatePath, 'spec', 'containers'])
  const ports = (Array.isArray(containers) ? containers : []).flatMap((c) => (isObject(c) && Array.isArray(c['ports']) ? c['ports'] : []))
  const found = ports.find((p) => isObject(p) && p['name'] === target)
  return isObject(found) ? found['containerPort'] : undefined
}
