import { isObject, mapOf, type Json, type JsonObject } from '../json/json.ts'
import { parseQuantity, type Quantity } from '../kube/quantity.ts'
import { environment, withVariables } from './service-environment.ts'
import { mountAll } from './service-mounts.ts'
import { escapeDollars, put, type PodFacts, type SidecarService } from './service-parts.ts'

/** Translates a container of a pod to a service of Compose. */
export function sidecarService(container: JsonObject, facts: PodFacts, isInit: boolean): SidecarService {
  const out: SidecarService = { service: {}, volumes: new Map(), configs: new Map(), notes: [], problems: [] }
  const { service } = out
  program(container, facts, out)
  network(facts, isInit, service)
  if (mapOf(facts.pod['spec'])?.['shareProcessNamespace'] === true && !isInit)
    service['pid'] = `service:${facts.service}`
  mountAll(container, facts, out)
  if (!isInit) put(service, 'healthcheck', healthcheck(container, out))
  service['restart'] = isInit ? 'no' : 'unless-stopped'
  if (!isInit) {
    const grace = mapOf(facts.pod['spec'])?.['terminationGracePeriodSeconds']
    put(service, 'stop_grace_period', typeof grace === 'number' ? `${grace}s` : undefined)
  }
  privileges(container, service)
  put(service, 'deploy', resources(container))
  const hooks = Object.keys(mapOf(container['lifecycle']) ?? {})
  if (hooks.length > 0)
    out.notes.push(`Compose has no ${hooks.join(' and no ')}, so what the sidecar does there is left out`)
  return out
}

/** What runs: image, command, variables and user. */
function program(container: JsonObject, facts: PodFacts, out: SidecarService): void {
  const { service } = out
  const env = environment(container, facts, out)
  const words = (field: string): string[] | undefined =>
    Array.isArray(container[field])
      ? container[field].map((word) => escapeDollars(withVariables(String(word), env.plain)))
      : undefined
  service['image'] = escapeDollars(String(container['image'] ?? ''))
  put(service, 'entrypoint', words('command'))
  put(service, 'command', words('args'))
  put(service, 'environment', env.written.size === 0 ? undefined : Object.fromEntries(env.written))
  const { runAsUser, runAsGroup } = mapOf(container['securityContext']) ?? {}
  if (runAsUser !== undefined)
    service['user'] = runAsGroup === undefined ? String(runAsUser) : `${String(runAsUser)}:${String(runAsGroup)}`
}

/** What the container may do on its machine. */
function privileges(container: JsonObject, service: JsonObject): void {
  const security = mapOf(container['securityContext']) ?? {}
  if (security['readOnlyRootFilesystem'] === true) service['read_only'] = true
  const capabilities = mapOf(security['capabilities'])
  put(service, 'cap_drop', capabilities?.['drop'])
  put(service, 'cap_add', capabilities?.['add'])
  if (security['allowPrivilegeEscalation'] === false) service['security_opt'] = ['no-new-privileges:true']
  if (security['privileged'] === true) service['privileged'] = true
}

/** The network of the app, as part of it or beside it. */
function network({ service: app, app: own, sharesNetwork }: PodFacts, isInit: boolean, service: JsonObject): void {
  const mode = own['network_mode']
  if (typeof mode === 'string') service['network_mode'] = mode
  else if (sharesNetwork && !isInit) service['network_mode'] = `service:${app}`
  else {
    const names = Array.isArray(own['networks']) ? own['networks'] : Object.keys(mapOf(own['networks']) ?? {})
    if (names.length > 0) service['networks'] = names
  }
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
