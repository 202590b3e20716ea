import { isObject, type FieldPath, type Json, type JsonObject } from '../json.ts'
import { below, containersText, plural, quoted, sortedSet, type Control, type SecuredPod, type Verdict } from './control.ts'
import { field, listField, namesOf, securityValues, settersOf, textsField } from './setters.ts'

/** Capabilities that container runtimes give anyway, but for NET_RAW. */
const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID',
  'SETPCAP', 'SETUID', 'SYS_CHROOT',
])

/** Sysctls of a pod's own namespaces, with the first known minor that allows them. */
const SAFE_SYSCTLS: ReadonlyMap<string, number> = new Map([
  ...[
    'kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range',
    'net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_keepalive_time',
    'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes',
  ].map((name) => [name, 0] as const),
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
])

const SELINUX_TYPES: ReadonlySet<Json> = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'])

const APPARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/'

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const
const HOOKS = ['postStart', 'preStop'] as const
const HOST_HANDLERS = ['httpGet', 'tcpSocket'] as const

/** True for a profile type that weakens nothing: the runtime's own, or one that the node has. */
function isConfined(type: Json | undefined): boolean {
  return type === 'RuntimeDefault' || type === 'Localhost'
}

function isUnconfined(profile: Json): boolean {
  return isObject(profile) && !isConfined(field(profile, 'type'))
}

/**
 * The controls of level baseline, in the order in which the admission controller asks them.
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

function appArmorProfile(pod: SecuredPod): Verdict | undefined {
  const setters = settersOf(pod, ['appArmorProfile'], isUnconfined)
  const types = securityValues(pod, ['appArmorProfile']).filter(isUnconfined).map(typeText)
  const keys = Object.keys(pod.annotations).filter((key) => key.startsWith(APPARMOR_PREFIX) && weakens(pod.annotations[key])).sort()
  if (setters.places.length + keys.length === 0) return undefined
  const values = [...sortedSet(types), ...keys.map((key) => `${key}=${JSON.stringify(pod.annotations[key])}`)]
  const who = [setters.text, keys.length > 0 ? plural(keys.length, 'annotation') : ''].filter((part) => part !== '')
  return {
    reason: plural(values.length, 'forbidden AppArmor profile'),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
    places: [
      ...setters.places.map((place) => below(place, 'type')),
      ...keys.map((key) => below(pod.annotationsPath, key)),
    ],
  }
}

function typeText(profile: Json): string {
  const type = isObject(profile) ? field(profile, 'type') : undefined
  return typeof type === 'string' ? type : ''
}

function weakens(profile: Json | undefined): boolean {
  return typeof profile === 'string' && profile !== '' && profile !== 'runtime/default' && !profile.startsWith('localhost/')
}

function capabilities(pod: SecuredPod): Verdict | undefined {
  const added = addedCapabilities(pod, (name) => !DEFAULT_CAPABILITIES.has(name))
  return added && { reason: 'non-default capabilities', ...added }
}

/** The containers that add capabilities of a kind, and which. */
export function addedCapabilities(
  pod: SecuredPod,
  isBad: (name: string) => boolean,
): Pick<Verdict, 'detail' | 'places'> | undefined {
  const path = ['securityContext', 'capabilities', 'add']
  const bad = pod.containers.filter(({ data }) => textsField(data, ...path).some(isBad))
  if (bad.length === 0) return undefined
  const names = sortedSet(bad.flatMap(({ data }) => textsField(data, ...path).filter(isBad)))
  return {
    detail: `${containersText(namesOf(bad))} must not include ${quoted(names)} in securityContext.capabilities.add`,
    places: bad.flatMap((container) =>
      listField(container.data, ...path).flatMap((name, i) =>
        typeof name === 'string' && isBad(name) ? [below(container.path, ...path, i)] : [],
      ),
    ),
  }
}

function hostNamespaces({ spec, specPath }: SecuredPod): Verdict | undefined {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => field(spec, name) === true)
  if (shared.length === 0) return undefined
  const detail = shared.map((name) => `${name}=true`).join(', ')
  return { reason: 'host namespaces', detail, places: shared.map((name) => below(specPath, name)) }
}

function hostPathVolumes(pod: SecuredPod): Verdict | undefined {
  const bad = volumesOf(pod).filter(({ data }) => field(data, 'hostPath') !== undefined)
  if (bad.length === 0) return undefined
  return {
    reason: 'hostPath volumes',
    detail: `${plural(bad.length, 'volume')} ${quoted(bad.map(({ name }) => name))}`,
    places: bad.map(({ path }) => below(path, 'hostPath')),
  }
}

/** A pod's volumes with their names and places. */
export function volumesOf({ spec, specPath }: SecuredPod): { name: string; data: JsonObject; path: FieldPath }[] {
  return listField(spec, 'volumes').flatMap((data, i) => {
    if (!isObject(data)) return []
    const name = field(data, 'name')
    return [{ name: typeof name === 'string' ? name : '', data, path: below(specPath, 'volumes', i) }]
  })
}

function hostPorts(pod: SecuredPod): Verdict | undefined {
  const found = pod.containers.flatMap((container) =>
    listField(container.data, 'ports').flatMap((item, i) => {
      const port = isObject(item) ? field(item, 'hostPort') : undefined
      if (typeof port !== 'number' || port === 0) return []
      return [{ container, port: String(port), path: below(container.path, 'ports', i, 'hostPort') }]
    }),
  )
  if (found.length === 0) return undefined
  const names = [...new Set(found.map(({ container }) => container))].map(({ name }) => name)
  const ports = sortedSet(found.map(({ port }) => port))
  const verb = plural(names.length, 'uses', 'use')
  return {
    reason: 'hostPort',
    detail: `${containersText(names)} ${verb} ${plural(ports.length, 'hostPort')} ${ports.join(', ')}`,
    places: found.map(({ path }) => path),
  }
}

/** Probes and hooks that reach for another host than the pod's own. */
function probeHosts(pod: SecuredPod): Verdict | undefined {
  const handlers = [...PROBES.map((name) => [name]), ...HOOKS.map((name) => ['lifecycle', name])]
  const found = pod.containers.flatMap((container) =>
    handlers.flatMap((handler) =>
      HOST_HANDLERS.flatMap((how) => {
        const path = [...handler, how, 'host']
        const host = field(container.data, ...path)
        return typeof host === 'string' && host !== '' ? [{ container, host, path: below(container.path, ...path) }] : []
      }),
    ),
  )
  if (found.length === 0) return undefined
  const names = sortedSet(found.map(({ container }) => container.name))
  const hosts = sortedSet(found.map(({ host }) => host))
  const verb = plural(names.length, 'uses', 'use')
  return {
    reason: 'probe or lifecycle host',
    detail: `${containersText(names)} ${verb} ${plural(hosts.length, 'probe or lifecycle host')} ${quoted(hosts)}`,
    places: found.map(({ path }) => path),
  }
}

function privileged(pod: SecuredPod): Verdict | undefined {
  const bad = pod.containers.filter(({ data }) => field(data, 'securityContext', 'privileged') === true)
  if (bad.length === 0) return undefined
  return {
    reason: 'privileged',
    detail: `${containersText(namesOf(bad))} must not set securityContext.privileged=true`,
    places: bad.map(({ path }) => below(path, 'securityContext', 'privileged')),
  }
}

export function procMount(pod: SecuredPod): Verdict | undefined {
  const path = ['securityContext', 'procMount']
  const bad = pod.containers.filter(({ data }) => (field(data, ...path) ?? 'Default') !== 'Default')
  if (bad.length === 0) return undefined
  const types = sortedSet(bad.map(({ data }) => String(field(data, ...path))))
  return {
    reason: 'procMount',
    detail: `${containersText(namesOf(bad))} must not set securityContext.procMount to ${quoted(types)}`,
    places: bad.map((container) => below(container.path, ...path)),
  }
}

function hasForeignType(options: JsonObject): boolean {
  return !SELINUX_TYPES.has(field(options, 'type') ?? '')
}

function sets(options: JsonObject, name: string): boolean {
  return (field(options, name) ?? '') !== ''
}

function isForbiddenSelinux(options: Json): boolean {
  return isObject(options) && (hasForeignType(options) || sets(options, 'user') || sets(options, 'role'))
}

function seLinuxOptions(pod: SecuredPod): Verdict | undefined {
  const setters = settersOf(pod, ['seLinuxOptions'], isForbiddenSelinux)
  if (setters.places.length === 0) return undefined
  const all = securityValues(pod, ['seLinuxOptions']).filter(isObject)
  const types = sortedSet(all.filter(hasForeignType).map((options) => String(field(options, 'type'))))
  const what = [
    ...(types.length > 0 ? [`${plural(types.length, 'type')} ${quoted(types)}`] : []),
    ...['user', 'role'].filter((name) => all.some((options) => sets(options, name))).map((name) => `${name} may not be set`),
  ]
  return {
    reason: 'seLinuxOptions',
    detail: `${setters.text} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`,
    places: setters.places,
  }
}

/** Profiles that are given must confine. */
export function seccompProfile(pod: SecuredPod): Verdict | undefined {
  const setters = settersOf(pod, ['seccompProfile'], isUnconfined)
  if (setters.places.length === 0) return undefined
  const types = sortedSet(securityValues(pod, ['seccompProfile']).filter(isUnconfined).map(typeText))
  return {
    reason: 'seccompProfile',
    detail: `${setters.text} must not set securityContext.seccompProfile.type to ${quoted(types)}`,
    places: setters.places.map((place) => below(place, 'type')),
  }
}

function sysctls({ spec, specPath, minor }: SecuredPod): Verdict | undefined {
  const path = ['securityContext', 'sysctls']
  const bad = listField(spec, ...path).flatMap((item, i) => {
    const name = isObject(item) ? field(item, 'name') : undefined
    if (typeof name !== 'string' || minor >= (SAFE_SYSCTLS.get(name) ?? Number.POSITIVE_INFINITY)) return []
    return [{ name, path: below(specPath, ...path, i, 'name') }]
  })
  if (bad.length === 0) return undefined
  return { reason: 'forbidden sysctls', detail: bad.map(({ name }) => name).join(', '), places: bad.map((item) => item.path) }
}

function windowsHostProcess(pod: SecuredPod): Verdict | undefined {
  const setters = settersOf(pod, ['windowsOptions', 'hostProcess'], (value) => value === true)
  if (setters.places.length === 0) return undefined
  const detail = `${setters.text} must not set securityContext.windowsOptions.hostProcess=true`
  return { reason: 'hostProcess', detail, places: setters.places }
}
