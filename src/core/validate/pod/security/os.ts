import { words } from '../../../common/words.ts'
import type { JsonObject } from '../../../json/json.ts'
import type { PodPlace } from '../../place.ts'
import { at, forbidden, type PodRule, type PodScope, required, unsupported } from '../scope.ts'
import { isSet, listOf, partOf, textOf } from '../values.ts'

const SYSTEMS = ['linux', 'windows']

/**
 * Fields that a pod for Windows cannot have: in its spec, its securityContext, and those of containers.
 * Source: `validateWindows`.
 */
const NOT_FOR_WINDOWS = ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace']
const NOT_FOR_WINDOWS_POD_SECURITY = words(`
  appArmorProfile seLinuxOptions seccompProfile fsGroup fsGroupChangePolicy sysctls runAsUser runAsGroup
  supplementalGroups supplementalGroupsPolicy seLinuxChangePolicy
`)
const NOT_FOR_WINDOWS_CONTAINER_SECURITY = words(`
  appArmorProfile seLinuxOptions seccompProfile capabilities readOnlyRootFilesystem privileged
  allowPrivilegeEscalation procMount runAsUser runAsGroup
`)

/** Plain booleans: false is the same as absent. */
const FALSE_IS_UNSET = new Set(['hostPID', 'hostIPC'])

/**
 * Fields that do not apply to the pod's operating system (KEP-2802).
 * Source: `validateOS`, `validateLinux`, `validateWindows`.
 */
export const operatingSystem: PodRule = (pod) => {
  const os = partOf(pod.spec, 'os')
  const name = os && textOf(os.data, 'name')
  if (os === undefined || name === undefined) return
  if (name === '') required(pod, at(os.path, 'name'), 'the name of the operating system is required')
  else if (!SYSTEMS.includes(name)) unsupported(pod, 'POD_FIELD_UNSUPPORTED', at(os.path, 'name'), name, SYSTEMS)
  const windows = name === 'windows'
  if (name !== 'linux' && !windows) return
  if (windows) reject(NOT_FOR_WINDOWS, pod.spec.data, pod.spec.path, 'windows', pod)
  const security = partOf(pod.spec, 'securityContext')
  if (security !== undefined) {
    const fields = windows ? NOT_FOR_WINDOWS_POD_SECURITY : ['windowsOptions']
    reject(fields, security.data, security.path, name, pod)
  }
  for (const container of pod.allContainers) {
    const own = partOf(container, 'securityContext')
    if (own === undefined) continue
    reject(windows ? NOT_FOR_WINDOWS_CONTAINER_SECURITY : ['windowsOptions'], own.data, own.path, name, pod)
  }
}

function reject(fields: readonly string[], data: JsonObject, path: PodPlace, os: string, pod: PodScope): void {
  for (const field of fields) {
    const unset = !isSet(data, field) || (FALSE_IS_UNSET.has(field) && data[field] === false)
    if (unset || (field === 'sysctls' && listOf(data, field).length === 0)) continue
    forbidden(pod, 'POD_OS_CONFLICT', at(path, field), `${field} cannot be set for a ${os} pod`)
  }
}
