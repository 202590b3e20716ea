import { tooLong, unixId } from '../../../kube/names.ts'
import { at, forbidden, invalid, type PodRule, type PodScope, required } from '../scope.ts'
import { oneOfStrict } from '../text-rules.ts'
import { flagOf, itemsOf, listOf, numberOf, type Part, partOf, textOf } from '../values.ts'
import { gateOn } from '../gates.ts'
import { profiles } from './profiles.ts'
import { windowsOptions } from './windows.ts'

/**
 * Enumerated fields of a pod's security context. A further value of seLinuxChangePolicy needs the gate SELinuxMount,
 * which is off by default.
 */
const POLICIES: readonly [string, readonly string[]][] = [
  ['fsGroupChangePolicy', ['Always', 'OnRootMismatch']],
  ['supplementalGroupsPolicy', ['Merge', 'Strict']],
  ['seLinuxChangePolicy', ['Recursive']],
]

/** Security context of the pod. Source: `validatePodSpecSecurityContext`. */
export const podSecurity: PodRule = (pod) => {
  const security = partOf(pod.spec, 'securityContext')
  if (security === undefined) return
  for (const field of ['fsGroup', 'runAsUser', 'runAsGroup']) {
    const id = numberOf(security.data, field)
    if (id !== undefined) invalid(pod, 'SECURITY_ID_RANGE', at(security.path, field), id, unixId(id))
  }
  for (const [index, id] of listOf(security.data, 'supplementalGroups').entries()) {
    if (typeof id !== 'number') continue
    invalid(pod, 'SECURITY_ID_RANGE', at(security.path, 'supplementalGroups', index), id, unixId(id))
  }
  for (const [field, allowed] of POLICIES) oneOfStrict(security, field, 'SECURITY_VALUE_UNSUPPORTED', allowed, pod)
  checkSysctls(security, pod)
  profiles(security, pod)
  windowsOptions(security, pod)
}

const SEGMENT = /^[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/

/** Source: `validateSysctls`, `IsValidSysctlName`. */
function checkSysctls(security: Part, pod: PodScope): void {
  const seen = new Set<string>()
  for (const sysctl of itemsOf(security, 'sysctls')) {
    const name = textOf(sysctl.data, 'name')
    const path = at(sysctl.path, 'name')
    if (name === undefined) continue
    if (name === '') {
      required(pod, path, 'a sysctl needs a name')
      continue
    }
    const faults = tooLong(name, 253)
    if (!name.split(/[./]/).every((segment) => SEGMENT.test(segment))) {
      faults.push('must be segments of lower case letters, digits, - and _ with dots or slashes between them')
    }
    if (seen.has(name)) faults.push('duplicate value')
    const namespace = sysctlNamespace(name)
    if (namespace === 'net' && flagOf(pod.spec.data, 'hostNetwork') === true) {
      faults.push("may not be specified when 'hostNetwork' is true")
    }
    if (namespace === 'ipc' && flagOf(pod.spec.data, 'hostIPC') === true) {
      faults.push("may not be specified when 'hostIPC' is true")
    }
    invalid(pod, 'SYSCTL_INVALID', path, name, faults)
    seen.add(name)
  }
}

const IPC_PREFIXES = ['kernel.shm', 'kernel.msg', 'fs.mqueue.']

/** The kernel namespace of a sysctl. Source: `GetNamespace` of component-helpers/node/util/sysctl. */
function sysctlNamespace(name: string): 'ipc' | 'net' | undefined {
  const dotted = normalizeSysctl(name)
  if (dotted === 'kernel.sem' || IPC_PREFIXES.some((prefix) => dotted.startsWith(prefix))) return 'ipc'
  return dotted.startsWith('net.') ? 'net' : undefined
}

/**
 * The name with dots as separators: if its first separator is a slash, slashes and dots are swapped.
 * Source: `NormalizeName`.
 */
function normalizeSysctl(name: string): string {
  if (/[./]/.exec(name)?.[0] !== '/') return name
  return name.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/'))
}

/** The first version that rejects block devices in a user namespace (kubernetes/kubernetes#132868). */
const DEVICES_CHECKED_SINCE = 34

/**
 * Host namespaces that exclude each other, or a user namespace.
 * Source: `validateShareProcessNamespace`, `validateHostUsers` (KEP-127).
 */
export const hostNamespaces: PodRule = (pod) => {
  const { data, path } = pod.spec
  if (flagOf(data, 'shareProcessNamespace') === true && flagOf(data, 'hostPID') === true) {
    const message = 'shareProcessNamespace and hostPID cannot both be enabled'
    forbidden(pod, 'HOST_NAMESPACE_CONFLICT', at(path, 'shareProcessNamespace'), message)
  }
  if (flagOf(data, 'hostUsers') !== false) return
  const excluded = ['hostPID', 'hostIPC']
  if (!gateOn('UserNamespacesHostNetworkSupport', pod.minor)) excluded.unshift('hostNetwork')
  for (const field of excluded) {
    if (flagOf(data, field) !== true) continue
    forbidden(pod, 'HOST_NAMESPACE_CONFLICT', at(path, field), `${field} may not be true when \`hostUsers\` is false`)
  }
  if (pod.minor < DEVICES_CHECKED_SINCE) return
  for (const container of pod.allContainers) {
    if (listOf(container.data, 'volumeDevices').length === 0) continue
    const message = 'volumeDevices may not be used when `hostUsers` is false'
    forbidden(pod, 'HOST_NAMESPACE_CONFLICT', at(container.path, 'volumeDevices'), message)
  }
}
