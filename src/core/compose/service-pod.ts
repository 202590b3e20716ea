import { isObject, itemsOf, type Json, type JsonObject, type JsonPath } from '../json/json.ts'
import { PREFIX } from '../selection/annotations.ts'

/** Where a service has a folder from, as an entry of `volumes` names it before the first colon. */
export interface ServiceVolume {
  /** Name of a volume or path of a folder; undefined for one that no other service can mount. */
  source: string | undefined
  path: string
}

/** A service as the pod that its sidecars are worked out for. */
export interface ServicePod {
  pod: JsonObject
  /** By the name of the volume in the pod. */
  volumes: ReadonlyMap<string, ServiceVolume>
}

/** The name of the app's container in the pod of a service. */
export const APP = 'app'

/** The label that Docker gives the containers of a service, by which `-l` selects it. */
const SERVICE = 'com.docker.compose.service'

/** A name as Kubernetes takes it: Compose also has capitals, dots and underscores. */
function podName(service: string): string {
  const name = service
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 50)
  return name.replace(/^-+/, '').replace(/-+$/, '') || 'service'
}

/**
 * The pod that stands for a service: its labels and settings of sidecarctl, ports, variables and folders. What else a
 * service has makes no difference to what a sidecar adds.
 */
export function podOfService(name: string, service: JsonObject): ServicePod {
  const labels = pairsOf(service['labels'])
  const annotations = labels.filter(([key]) => key.startsWith(PREFIX))
  const own = labels.filter(([key, value]) => !key.startsWith(PREFIX) && LABEL_KEY.test(key) && LABEL_VALUE.test(value))
  const folders = foldersOf(service)
  const volumes = new Map(folders.map((folder, n) => [`compose-${n}`, folder]))
  const user = typeof service['user'] === 'number' ? String(service['user']) : service['user']
  const uid = typeof user === 'string' ? /^(\d+)(?::\d+)?$/.exec(user)?.[1] : undefined
  const container: JsonObject = {
    name: APP,
    image: typeof service['image'] === 'string' && service['image'] !== '' ? service['image'] : 'built-here',
    ports: portsOf(service).map((containerPort, n) => (n === 0 ? { name: 'http', containerPort } : { containerPort })),
    env: pairsOf(service['environment']).map(([key, value]) => ({ name: key, value })),
    volumeMounts: [...volumes].map(([volume, { path }]) => ({ name: volume, mountPath: path })),
    ...(uid !== undefined && { securityContext: { runAsUser: Number(uid) } }),
  }
  const pod: JsonObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(name),
      labels: { ...Object.fromEntries(own), [SERVICE]: podName(name) },
      annotations: Object.fromEntries(annotations),
    },
    spec: {
      ...(service['network_mode'] === 'host' && { hostNetwork: true }),
      containers: [container],
      volumes: [...volumes.keys()].map((volume) => ({ name: volume, emptyDir: {} })),
    },
  }
  return { pod, volumes }
}

const LABEL_KEY = /^(?:[a-z0-9.-]{1,253}\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/

/** A map of texts, which may be written as a list of `KEY=VALUE`; keys without a value are left out. */
function pairsOf(node: Json | undefined): [key: string, value: string][] {
  if (Array.isArray(node)) {
    return node.flatMap((item): [string, string][] => {
      const at = typeof item === 'string' ? item.indexOf('=') : -1
      return at < 1 ? [] : [[(item as string).slice(0, at), (item as string).slice(at + 1)]]
    })
  }
  if (!isObject(node)) return []
  return Object.entries(node).flatMap(([key, value]): [string, string][] =>
    value === null || typeof value === 'object' ? [] : [[key, String(value)]],
  )
}

/** The path of a label in the labels of a service, a map or a list of `KEY=VALUE`, of which the last counts. */
export function labelPath(labels: Json | undefined, key: string): JsonPath | undefined {
  if (isObject(labels)) return Object.hasOwn(labels, key) ? [key] : undefined
  const index = Array.isArray(labels) ? labels.findLastIndex((item) => String(item).startsWith(`${key}=`)) : -1
  return index < 0 ? undefined : [index]
}

/** The ports of the service's own container, in order. Source: Compose Specification, 05-services.md, ports and expose. */
function portsOf(service: JsonObject): number[] {
  const ports = itemsOf(service['ports'])
  const exposed = itemsOf(service['expose'])
  const found = [...ports, ...exposed].map((port) => {
    const target = isObject(port) ? port['target'] : port
    return Number(/(?:^|:)(\d{1,5})(?:\/(?:tcp|udp|sctp))?$/.exec(String(target ?? ''))?.[1])
  })
  return [...new Set(found.filter((port) => port >= 1 && port <= 65535))]
}

/** Folders that the service mounts. Source: Compose Specification, 05-services.md, volumes and tmpfs. */
function foldersOf(service: JsonObject): ServiceVolume[] {
  const volumes = itemsOf(service['volumes'])
  const memory = [service['tmpfs'] ?? []].flat()
  const found = volumes.flatMap((entry): ServiceVolume[] => {
    if (isObject(entry)) {
      const { source, target, type } = entry
      if (typeof target !== 'string') return []
      return [{ source: typeof source === 'string' && type !== 'tmpfs' ? source : undefined, path: target }]
    }
    if (typeof entry !== 'string') return []
    const [source = '', path] = entry.split(':')
    return path === undefined ? [{ source: undefined, path: source }] : [{ source, path }]
  })
  const inMemory = memory.flatMap((entry): ServiceVolume[] =>
    typeof entry === 'string' ? [{ source: undefined, path: entry.split(':')[0] as string }] : [],
  )
  const absolute = [...found, ...inMemory].filter(({ path }) => path.startsWith('/'))
  return absolute.filter(({ path }, n) => absolute.findIndex((other) => other.path === path) === n)
}
