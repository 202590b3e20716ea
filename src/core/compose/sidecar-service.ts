import { isObject, mapOf, type Json, type JsonObject } from '../json/json.ts'
import { parseQuantity, type Quantity } from '../kube/quantity.ts'
import type { ServiceVolume } from './service-pod.ts'

/** What a sidecar's containers are translated with. */
export interface PodFacts {
  /** The service of the app, as the file calls it. */
  service: string
  app: JsonObject
  /** The pod with its sidecars. */
  pod: JsonObject
  /** Objects that came with the sidecars. */
  objects: readonly JsonObject[]
  /** The folders of the app's service by the name of the volume in the pod. */
  folders: ReadonlyMap<string, ServiceVolume>
  /** Whether the sidecar must be reached, or reach the app, on localhost. */
  sharesNetwork: boolean
}

/** A service for a container, what else of the file it needs, and what could not be said in Compose. */
export interface SidecarService {
  service: JsonObject
  /** Entries of the file's own `volumes` and `configs`. */
  volumes: Map<string, Json>
  configs: Map<string, Json>
  /** What Compose has no word for, and what it means. */
  notes: string[]
  /** Why it cannot be a service at all. */
  problems: string[]
}

/** Text as Compose reads it back: `$` would begin a variable. Source: Compose Specification, 12-interpolation.md. */
export function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$')
}

/** Translates a container of a pod to a service of Compose. */
export function sidecarService(container: JsonObject, facts: PodFacts, isInit: boolean): SidecarService {
  const out: SidecarService = { service: {}, volumes: new Map(), configs: new Map(), notes: [], problems: [] }
  const { service } = out
  const security = mapOf(container['securityContext']) ?? {}
  const env = environment(container, facts, out)
  const words = (field: string): string[] | undefined =>
    Array.isArray(container[field])
      ? container[field].map((word) => escapeDollars(withVariables(String(word), env.plain)))
      : undefined
  service['image'] = escapeDollars(String(container['image'] ?? ''))
  put(service, 'entrypoint', words('command'))
  put(service, 'command', words('args'))
  put(service, 'environment', env.written.size === 0 ? undefined : Object.fromEntries(env.written))
  if (security['runAsUser'] !== undefined) {
    const group = security['runAsGroup']
    service['user'] = `${String(security['runAsUser'])}${group === undefined ? '' : `:${String(group)}`}`
  }
  network(facts, isInit, service)
  if (mapOf(facts.pod['spec'])?.['shareProcessNamespace'] === true && !isInit)
    service['pid'] = `service:${facts.service}`
  folders(container, facts, out)
  if (!isInit) put(service, 'healthcheck', healthcheck(container, out))
  service['restart'] = isInit ? 'no' : 'unless-stopped'
  if (!isInit) {
    const grace = mapOf(facts.pod['spec'])?.['terminationGracePeriodSeconds']
    put(service, 'stop_grace_period', typeof grace === 'number' ? `${grace}s` : undefined)
  }
  if (security['readOnlyRootFilesystem'] === true) service['read_only'] = true
  const capabilities = mapOf(security['capabilities'])
  put(service, 'cap_drop', capabilities?.['drop'])
  put(service, 'cap_add', capabilities?.['add'])
  if (security['allowPrivilegeEscalation'] === false) service['security_opt'] = ['no-new-privileges:true']
  if (security['privileged'] === true) service['privileged'] = true
  put(service, 'deploy', resources(container))
  const hooks = Object.keys(mapOf(container['lifecycle']) ?? {})
  if (hooks.length > 0)
    out.notes.push(`Compose has no ${hooks.join(' and no ')}, so what the sidecar does there is left out`)
  return out
}

function put(map: JsonObject, key: string, value: Json | undefined): void {
  if (value !== undefined && (!Array.isArray(value) || value.length > 0)) map[key] = value
}

function network({ service: app, app: own, sharesNetwork }: PodFacts, isInit: boolean, service: JsonObject): void {
  const mode = own['network_mode']
  if (typeof mode === 'string') service['network_mode'] = mode
  else if (sharesNetwork && !isInit) service['network_mode'] = `service:${app}`
  else {
    const names = Array.isArray(own['networks']) ? own['networks'] : Object.keys(mapOf(own['networks']) ?? {})
    if (names.length > 0) service['networks'] = names
  }
}

interface Environment {
  /** As written in the file. */
  written: Map<string, Json>
  /** Values for `$(NAME)`, which Compose does not replace. */
  plain: Map<string, string>
}

function environment(container: JsonObject, facts: PodFacts, out: SidecarService): Environment {
  const written = new Map<string, Json>()
  const plain = new Map<string, string>()
  if (Array.isArray(container['envFrom']) && container['envFrom'].length > 0)
    out.problems.push('takes all variables of a ConfigMap or Secret')
  for (const variable of Array.isArray(container['env']) ? container['env'] : []) {
    if (!isObject(variable)) continue
    const name = String(variable['name'])
    const from = mapOf(variable['valueFrom'])
    if (from === undefined) {
      const value = withVariables(String(variable['value'] ?? ''), plain)
      plain.set(name, value)
      written.set(name, escapeDollars(value))
    } else {
      const value = valueFrom(name, from, container, facts, out)
      if (value === undefined) continue
      if ('text' in value) plain.set(name, value.text)
      written.set(name, 'text' in value ? escapeDollars(value.text) : value.variable)
    }
  }
  return { written, plain }
}

type FromElsewhere = { text: string } | { variable: string } | undefined

function valueFrom(
  name: string,
  from: JsonObject,
  container: JsonObject,
  { service, pod }: PodFacts,
  out: SidecarService,
): FromElsewhere {
  const field = mapOf(from['fieldRef'])?.['fieldPath']
  if (field === 'metadata.name') return { text: service }
  if (field === 'metadata.namespace') return { text: 'compose' }
  const annotation = /^metadata\.annotations\['(.+)'\]$/.exec(String(field))?.[1]
  if (annotation !== undefined)
    return { text: String(mapOf(mapOf(pod['metadata'])?.['annotations'])?.[annotation] ?? '') }
  const secret = mapOf(from['secretKeyRef']) ?? mapOf(from['configMapKeyRef'])
  if (secret !== undefined) {
    const key = `${String(secret['name'])}_${String(secret['key'])}`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
    if (secret['optional'] === true) return { variable: `\${${key}:-}` }
    out.notes.push(`${name} comes from the variable ${key}, in place of a Secret`)
    return { variable: `\${${key}:?set it to the key ${String(secret['key'])} of ${String(secret['name'])}}` }
  }
  const resource = mapOf(from['resourceFieldRef'])?.['resource']
  if (typeof resource === 'string') {
    const [kind = '', unit = ''] = resource.split('.')
    const amount = parseQuantity(mapOf(mapOf(container['resources'])?.[kind])?.[unit])
    if (amount !== undefined) return { text: String((amount.nanos + 999_999_999n) / 1_000_000_000n) }
  }
  out.problems.push(`needs ${String(field ?? resource ?? 'a value')} in ${name}, which only a cluster knows`)
  return undefined
}

/** Replaces `$(NAME)` as the kubelet does. Source: third_party/forked/golang/expansion/expand.go. */
function withVariables(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\$\(|\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$(' : (values.get(name) ?? whole),
  )
}

function folders(container: JsonObject, facts: PodFacts, out: SidecarService): void {
  const mounts = Array.isArray(container['volumeMounts']) ? container['volumeMounts'] : []
  const entries: Json[] = []
  const files: Json[] = []
  for (const mount of mounts) {
    if (!isObject(mount)) continue
    const found = mounted(mount, facts, out)
    entries.push(...found.volumes) // bounded: one for each mount
    files.push(...found.configs) // bounded: keys of a ConfigMap
  }
  put(out.service, 'volumes', entries)
  put(out.service, 'configs', files)
}

/** The entry of `volumes` for a folder of the app's service, and whether it had to be made. */
export function mounted(mount: JsonObject, facts: PodFacts, out: SidecarService): { volumes: Json[]; configs: Json[] } {
  const name = String(mount['name'])
  const path = String(mount['mountPath'])
  const suffix = mount['readOnly'] === true ? ':ro' : ''
  const none = { volumes: [], configs: [] }
  const folder = facts.folders.get(name)
  if (folder !== undefined) {
    if (folder.source !== undefined) return { volumes: [`${folder.source}:${path}${suffix}`], configs: [] }
    out.problems.push(`shares ${folder.path}, whose volume has no name: give it one in volumes of ${facts.service}`)
    return none
  }
  const volume = volumesOf(facts.pod).find((one) => one['name'] === name)
  if (volume === undefined) return none
  const emptyDir = mapOf(volume['emptyDir'])
  if (emptyDir !== undefined) {
    const own = `${facts.service}-${name}`
    const size = emptyDir['sizeLimit'] === undefined ? undefined : parseQuantity(emptyDir['sizeLimit'])
    const options = size === undefined ? 'mode=1777' : `mode=1777,size=${String(size.nanos / 1_000_000_000n)}`
    out.volumes.set(own, { driver_opts: { type: 'tmpfs', device: 'tmpfs', o: options } })
    return { volumes: [`${own}:${path}${suffix}`], configs: [] }
  }
  const hostPath = mapOf(volume['hostPath'])?.['path']
  if (typeof hostPath === 'string') return { volumes: [`${hostPath}:${path}${suffix}`], configs: [] }
  const secret = mapOf(volume['secret'])?.['secretName']
  if (typeof secret === 'string') {
    out.notes.push(`the files of the Secret ${secret} are read from the folder ./secrets/${secret}`)
    return { volumes: [`./secrets/${secret}:${path}:ro`], configs: [] }
  }
  const files = filesOf(volume, facts)
  if (files !== undefined) return { volumes: [], configs: configsOf(files, mount, name, facts, out) }
  const named = mapOf(volume['configMap'])?.['name']
  if (typeof named === 'string') {
    out.notes.push(`the files of the ConfigMap ${named} are read from the folder ./configmaps/${named}`)
    return { volumes: [`./configmaps/${named}:${path}:ro`], configs: [] }
  }
  out.problems.push(
    `mounts a volume of a kind that Compose does not have: ${Object.keys(volume).find((key) => key !== 'name') ?? name}`,
  )
  return none
}

function volumesOf(pod: JsonObject): JsonObject[] {
  const volumes = mapOf(pod['spec'])?.['volumes']
  return Array.isArray(volumes) ? volumes.filter((one) => isObject(one)) : []
}

/** The files of a volume whose contents are known: those of a ConfigMap that came with the sidecar, or annotations. */
function filesOf(volume: JsonObject, { pod, objects }: PodFacts): Map<string, string> | undefined {
  const down = mapOf(volume['downwardAPI'])?.['items']
  if (Array.isArray(down)) {
    const annotations = mapOf(mapOf(pod['metadata'])?.['annotations']) ?? {}
    return new Map(
      down.flatMap((item): [string, string][] => {
        const field = mapOf(mapOf(item)?.['fieldRef'])?.['fieldPath']
        const key = /^metadata\.annotations\['(.+)'\]$/.exec(String(field))?.[1]
        return key === undefined ? [] : [[String(mapOf(item)?.['path']), String(annotations[key] ?? '')]]
      }),
    )
  }
  const source = mapOf(volume['configMap'])
  const object = objects.find(
    (one) => mapOf(one['metadata'])?.['name'] === source?.['name'] && one['kind'] === 'ConfigMap',
  )
  const data = mapOf(object?.['data'])
  if (source === undefined || data === undefined) return undefined
  const items = Array.isArray(source['items']) ? source['items'].filter((item) => isObject(item)) : undefined
  return items === undefined
    ? new Map(Object.entries(data).map(([key, text]) => [key, String(text)]))
    : new Map(items.map((item) => [String(item['path']), String(data[String(item['key'])] ?? '')]))
}

function configsOf(
  files: ReadonlyMap<string, string>,
  mount: JsonObject,
  volume: string,
  { service }: PodFacts,
  out: SidecarService,
): Json[] {
  const sub = mount['subPath']
  const chosen = [...files].filter(([file]) => sub === undefined || file === sub)
  return chosen.map(([file, text]) => {
    const source = `${service}-${volume}-${file}`.replaceAll(/[^A-Za-z0-9._-]/g, '-')
    out.configs.set(source, { content: escapeDollars(text) })
    return { source, target: sub === undefined ? `${String(mount['mountPath'])}/${file}` : String(mount['mountPath']) }
  })
}

const PROBES = ['readinessProbe', 'startupProbe', 'livenessProbe'] as const

/** A check by a program of the image; Docker has no checks from outside. */
function healthcheck(container: JsonObject, out: SidecarService): JsonObject | undefined {
  const probes = PROBES.map((name) => container[name]).filter((probe) => isObject(probe))
  const probe = probes.find((one) => Array.isArray(mapOf(one['exec'])?.['command']))
  if (probe === undefined) {
    if (probes.length > 0)
      out.notes.push('there is no health check: its probes are HTTP or TCP, which only a kubelet sends')
    return undefined
  }
  const command = (mapOf(probe['exec']) as JsonObject)['command'] as Json[]
  const seconds = (field: string, otherwise: number): number =>
    typeof probe[field] === 'number' ? probe[field] : otherwise
  const start = mapOf(container['startupProbe'])
  const startSeconds =
    start === undefined
      ? seconds('initialDelaySeconds', 0)
      : Number(start['periodSeconds'] ?? 10) * Number(start['failureThreshold'] ?? 3)
  return {
    test: ['CMD', ...command.map((word) => escapeDollars(String(word)))],
    interval: `${seconds('periodSeconds', 10)}s`,
    timeout: `${seconds('timeoutSeconds', 1)}s`,
    retries: seconds('failureThreshold', 3),
    ...(startSeconds > 0 && { start_period: `${startSeconds}s` }),
  }
}

/** Limits and requests. Source: Compose Deploy Specification, resources. */
function resources(container: JsonObject): JsonObject | undefined {
  const of = (kind: string): JsonObject | undefined => {
    const amounts = mapOf(mapOf(container['resources'])?.[kind])
    const amount = (name: string): Quantity | undefined =>
      amounts?.[name] === undefined ? undefined : parseQuantity(amounts[name])
    const [cpu, memory] = [amount('cpu'), amount('memory')]
    const found: JsonObject = {
      ...(cpu !== undefined && { cpus: String(Number(cpu.nanos) / 1e9) }),
      ...(memory !== undefined && { memory: memoryText(memory.nanos / 1_000_000_000n) }),
    }
    return Object.keys(found).length === 0 ? undefined : found
  }
  const [limits, reservations] = [of('limits'), of('requests')]
  if (limits === undefined && reservations === undefined) return undefined
  return { resources: { ...(limits !== undefined && { limits }), ...(reservations !== undefined && { reservations }) } }
}

const MEGABYTE = 1n << 20n

/** Units of Docker are powers of two. Source: github.com/docker/go-units, RAMInBytes. */
function memoryText(bytes: bigint): string {
  return bytes % MEGABYTE === 0n ? `${bytes / MEGABYTE}M` : `${bytes}b`
}
