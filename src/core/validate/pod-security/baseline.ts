import { wordSet } from '../../common/words.ts'
import { isObject, type Json, type JsonObject } from '../../json/json.ts'
import type { PodPlace } from '../place.ts'
import { at } from '../pod/scope.ts'
import { childOf, listOf, valueOf } from '../pod/values.ts'
import {
  containersText,
  plural,
  quoted,
  sortedSet,
  type Control,
  type SecuredContainer,
  type SecuredPod,
  type ControlVerdict,
} from './control.ts'
import { namesOf, securityValues, settersOf } from './setters.ts'

/** Capabilities that containers may add: the defaults of container runtimes, without NET_RAW. */
const DEFAULT_CAPABILITIES = wordSet(`
  AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT
`)

/** Sysctls of a pod's own namespaces, with the first minor version whose standards allow them; 0 for all versions. */
const SAFE_SYSCTLS: ReadonlyMap<string, number> = new Map([
  ...[
    'kernel.shm_rmid_forced',
    'net.ipv4.ip_local_port_range',
    'net.ipv4.tcp_syncookies',
    'net.ipv4.ping_group_range',
    'net.ipv4.ip_unprivileged_port_start',
    'net.ipv4.ip_local_reserved_ports',
    'net.ipv4.tcp_keepalive_time',
    'net.ipv4.tcp_fin_timeout',
    'net.ipv4.tcp_keepalive_intvl',
    'net.ipv4.tcp_keepalive_probes',
  ].map((name) => [name, 0] as const),
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
])

const SELINUX_TYPES: ReadonlySet<Json> = new Set([
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
])

const APPARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/'

const NONE: JsonObject = Object.create(null) as JsonObject
const HOST_NAMESPACES = ['hostNetwork', 'hostPID', 'hostIPC'] as const
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const
const HOOKS = ['postStart', 'preStop'] as const
const HOST_HANDLERS = ['httpGet', 'tcpSocket'] as const

/** True for a type of profile that confines: the runtime's default, or one on the node. */
function isConfined(type: Json | undefined): boolean {
  return type === 'RuntimeDefault' || type === 'Localhost'
}

function isUnconfined(profile: Json): boolean {
  return isObject(profile) && !isConfined(valueOf(profile, 'type'))
}

/**
 * The controls of level baseline, in the order in which the admission controller evaluates them.
 * Source: k8s.io/pod-security-admission, policy/check_*.go, of the releases 1.31 to 1.36.
 */
export const BASELINE: readonly Control[] = [
  { id: 'appArmorProfile', level: 'baseline', check: appArmorProfile },
  { id: 'capabilities_baseline', level: 'baseline', check: capabilities },
  { id: 'hostNamespaces', level: 'baseline', check: hostNamespaces },
  { id: 'hostPathVolumes', level: 'baseline', check: hostPathVolumes },
  { id: 'hostPorts', level: 'baseline', check: hostPorts },
  { id: 'hostProbesAndHostLifecycle', level: 'baseline', since: 34, check: probeHosts },
  { id: 'privileged', level: 'baseline', check: privileged },
  { id: 'procMount', level: 'baseline', check: (pod) => (pod.userNamespace ? undefined : procMount(pod)) },
  { id: 'seLinuxOptions', level: 'baseline', check: seLinuxOptions },
  { id: 'seccompProfile_baseline', level: 'baseline', check: seccompProfile },
  { id: 'sysctls', level: 'baseline', check: sysctls },
  { id: 'windowsHostProcess', level: 'baseline', check: windowsHostProcess },
]

function appArmorProfile(pod: SecuredPod): ControlVerdict | undefined {
  const setters = settersOf(pod, 'appArmorProfile', isUnconfined)
  const keys = Object.keys(pod.annotations)
    .filter((key) => key.startsWith(APPARMOR_PREFIX) && weakens(pod.annotations[key]))
    .sort()
  if (setters.places.length + keys.length === 0) return undefined
  const types = securityValues(pod, 'appArmorProfile').filter(isUnconfined).map(typeText)
  const values = [...sortedSet(types), ...keys.map((key) => `${key}=${JSON.stringify(pod.annotations[key])}`)]
  const who = [setters.text, keys.length > 0 ? plural(keys.length, 'annotation') : ''].filter((part) => part !== '')
  return {
    reason: plural(values.length, 'forbidden AppArmor profile'),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
    places: [...setters.places.map((place) => at(place, 'type')), ...keys.map((key) => at(pod.annotationsPlace, key))],
  }
}

function typeText(profile: Json): string {
  const type = isObject(profile) ? valueOf(profile, 'type') : undefined
  return typeof type === 'string' ? type : ''
}

function weakens(profile: Json | undefined): boolean {
  return (
    typeof profile === 'string' && profile !== '' && profile !== 'runtime/default' && !profile.startsWith('localhost/')
  )
}

function capabilities(pod: SecuredPod): ControlVerdict | undefined {
  const added = addedCapabilities(pod, (name) => !DEFAULT_CAPABILITIES.has(name))
  return added && { reason: 'non-default capabilities', ...added }
}

function added({ security }: SecuredContainer): readonly Json[] {
  return listOf(childOf(security, 'capabilities') ?? NONE, 'add')
}

/** The violation of adding forbidden capabilities, without a reason; undefined if no container adds one. */
export function addedCapabilities(
  pod: SecuredPod,
  isBad: (name: string) => boolean,
): Pick<ControlVerdict, 'detail' | 'places'> | undefined {
  const isBadText = (name: Json): name is string => typeof name === 'string' && isBad(name)
  const bad = pod.containers.filter((container) => added(container).some(isBadText))
  if (bad.length === 0) return undefined
  const names = sortedSet(bad.flatMap((container) => added(container).filter(isBadText)))
  return {
    detail: `${containersText(namesOf(bad))} must not include ${quoted(names)} in securityContext.capabilities.add`,
    places: bad.flatMap((container) =>
      added(container).flatMap((name, i) =>
        isBadText(name) ? [at(container.place, 'securityContext', 'capabilities', 'add', i)] : [],
      ),
    ),
  }
}

function hostNamespaces({ spec, place }: SecuredPod): ControlVerdict | undefined {
  const shared = HOST_NAMESPACES.filter((name) => valueOf(spec, name) === true)
  if (shared.length === 0) return undefined
  const detail = shared.map((name) => `${name}=true`).join(', ')
  return { reason: 'host namespaces', detail, places: shared.map((name) => at(place, name)) }
}

function hostPathVolumes(pod: SecuredPod): ControlVerdict | undefined {
  const bad = pod.volumes.filter(({ data }) => valueOf(data, 'hostPath') !== undefined)
  if (bad.length === 0) return undefined
  return {
    reason: 'hostPath volumes',
    detail: `${plural(bad.length, 'volume')} ${quoted(bad.map(({ name }) => name))}`,
    places: bad.map(({ place }) => at(place, 'hostPath')),
  }
}

function hostPorts(pod: SecuredPod): ControlVerdict | undefined {
  const found: { container: SecuredContainer; port: string; place: PodPlace }[] = []
  for (const container of pod.containers) {
    for (const [i, item] of listOf(container.data, 'ports').entries()) {
      const port = isObject(item) ? valueOf(item, 'hostPort') : undefined
      if (typeof port !== 'number' || port === 0) continue
      found.push({ container, port: String(port), place: at(container.place, 'ports', i, 'hostPort') })
    }
  }
  if (found.length === 0) return undefined
  const names = [...new Set(found.map(({ container }) => container))].map(({ name }) => name)
  const ports = sortedSet(found.map(({ port }) => port))
  const verb = plural(names.length, 'uses', 'use')
  return {
    reason: 'hostPort',
    detail: `${containersText(names)} ${verb} ${plural(ports.length, 'hostPort')} ${ports.join(', ')}`,
    places: found.map(({ place }) => place),
  }
}

/** Probes and hooks that name a host. */
function probeHosts(pod: SecuredPod): ControlVerdict | undefined {
  const found: { container: SecuredContainer; host: string; place: PodPlace }[] = []
  const look = (container: SecuredContainer, owner: JsonObject, handler: string, place: PodPlace): void => {
    for (const how of HOST_HANDLERS) {
      const host = valueOf(childOf(childOf(owner, handler) ?? NONE, how) ?? NONE, 'host')
      if (typeof host === 'string' && host !== '')
        found.push({ container, host, place: at(place, handler, how, 'host') })
    }
  }
  for (const container of pod.containers) {
    for (const probe of PROBES) look(container, container.data, probe, container.place)
    const lifecycle = childOf(container.data, 'lifecycle')
    if (lifecycle === undefined) continue
    for (const hook of HOOKS) look(container, lifecycle, hook, at(container.place, 'lifecycle'))
  }
  if (found.length === 0) return undefined
  const names = sortedSet(found.map(({ container }) => container.name))
  const hosts = sortedSet(found.map(({ host }) => host))
  const verb = plural(names.length, 'uses', 'use')
  return {
    reason: 'probe or lifecycle host',
    detail: `${containersText(names)} ${verb} ${plural(hosts.length, 'probe or lifecycle host')} ${quoted(hosts)}`,
    places: found.map(({ place }) => place),
  }
}

function privileged(pod: SecuredPod): ControlVerdict | undefined {
  const bad = pod.containers.filter(({ security }) => valueOf(security, 'privileged') === true)
  if (bad.length === 0) return undefined
  return {
    reason: 'privileged',
    detail: `${containersText(namesOf(bad))} must not set securityContext.privileged=true`,
    places: bad.map(({ place }) => at(place, 'securityContext', 'privileged')),
  }
}

/** The control of procMount, whether or not the pod has a user namespace. */
export function procMount(pod: SecuredPod): ControlVerdict | undefined {
  const bad = pod.containers.filter(({ security }) => (valueOf(security, 'procMount') ?? 'Default') !== 'Default')
  if (bad.length === 0) return undefined
  const types = sortedSet(bad.map(({ security }) => wordOf(valueOf(security, 'procMount'))))
  return {
    reason: 'procMount',
    detail: `${containersText(namesOf(bad))} must not set securityContext.procMount to ${quoted(types)}`,
    places: bad.map(({ place }) => at(place, 'securityContext', 'procMount')),
  }
}

/** A value in the words of a message: a value of another type than string is shown as JSON. */
function wordOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function hasForeignType(options: JsonObject): boolean {
  return !SELINUX_TYPES.has(valueOf(options, 'type') ?? '')
}

function sets(options: JsonObject, name: string): boolean {
  return (valueOf(options, name) ?? '') !== ''
}

function isForbiddenSelinux(options: Json): boolean {
  return isObject(options) && (hasForeignType(options) || sets(options, 'user') || sets(options, 'role'))
}

function seLinuxOptions(pod: SecuredPod): ControlVerdict | undefined {
  const setters = settersOf(pod, 'seLinuxOptions', isForbiddenSelinux)
  if (setters.places.length === 0) return undefined
  const all = securityValues(pod, 'seLinuxOptions').filter(isObject)
  const types = sortedSet(all.filter(hasForeignType).map((options) => wordOf(valueOf(options, 'type'))))
  const what = [
    ...(types.length > 0 ? [`${plural(types.length, 'type')} ${quoted(types)}`] : []),
    ...['user', 'role']
      .filter((name) => all.some((options) => sets(options, name)))
      .map((name) => `${name} may not be set`),
  ]
  return {
    reason: 'seLinuxOptions',
    detail: `${setters.text} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`,
    places: setters.places,
  }
}

/** The control of seccomp at level baseline: profiles that are set must not be Unconfined. */
export function seccompProfile(pod: SecuredPod): ControlVerdict | undefined {
  const setters = settersOf(pod, 'seccompProfile', isUnconfined)
  if (setters.places.length === 0) return undefined
  const types = sortedSet(securityValues(pod, 'seccompProfile').filter(isUnconfined).map(typeText))
  return {
    reason: 'seccompProfile',
    detail: `${setters.text} must not set securityContext.seccompProfile.type to ${quoted(types)}`,
    places: setters.places.map((place) => at(place, 'type')),
  }
}

function sysctls({ security, place, minor }: SecuredPod): ControlVerdict | undefined {
  const bad = listOf(security, 'sysctls').flatMap((item, i) => {
    const name = isObject(item) ? valueOf(item, 'name') : undefined
    if (typeof name !== 'string' || minor >= (SAFE_SYSCTLS.get(name) ?? Number.POSITIVE_INFINITY)) return []
    return [{ name, place: at(place, 'securityContext', 'sysctls', i, 'name') }]
  })
  if (bad.length === 0) return undefined
  return {
    reason: 'forbidden sysctls',
    detail: bad.map(({ name }) => name).join(', '),
    places: bad.map((item) => item.place),
  }
}

function windowsHostProcess(pod: SecuredPod): ControlVerdict | undefined {
  const setters = settersOf(
    pod,
    'windowsOptions',
    (options) => isObject(options) && valueOf(options, 'hostProcess') === true,
  )
  if (setters.places.length === 0) return undefined
  const detail = `${setters.text} must not set securityContext.windowsOptions.hostProcess=true`
  return { reason: 'hostProcess', detail, places: setters.places.map((place) => at(place, 'hostProcess')) }
}
