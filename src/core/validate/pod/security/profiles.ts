import { byteLength } from '../../../kube/names.ts'
import { trimSpace } from '../../../text/trim-space.ts'
import { descendingPath } from '../paths.ts'
import { at, forbidden, invalid, type PartRule, type PodScope, required, unsupported } from '../scope.ts'
import { isSet, optionalText, type Part, partOf, textOf } from '../values.ts'

const TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined']
/** Most bytes of a path: PATH_MAX - 1. */
const MAX_PATH = 4095

/** The seccomp and AppArmor profiles in the security context of a pod or container. */
export const profiles: PartRule = (security, pod) => {
  const seccomp = partOf(security, 'seccompProfile')
  if (seccomp !== undefined) checkSeccomp(seccomp, pod)
  const appArmor = partOf(security, 'appArmorProfile')
  if (appArmor !== undefined) checkAppArmor(appArmor, pod)
}

function checkType(
  profile: Part,
  code: 'SECCOMP_PROFILE_INVALID' | 'APPARMOR_PROFILE_INVALID',
  pod: PodScope,
): string | undefined {
  const type = textOf(profile.data, 'type')
  const path = at(profile.path, 'type')
  if (type === '') required(pod, path, 'a profile needs a type', `use one of ${TYPES.join(', ')}`)
  else if (type !== undefined && !TYPES.includes(type)) unsupported(pod, code, path, type, TYPES)
  return type
}

/** Source: `validateSeccompProfileField`. */
function checkSeccomp(profile: Part, pod: PodScope): void {
  const type = checkType(profile, 'SECCOMP_PROFILE_INVALID', pod)
  const local = optionalText(profile.data, 'localhostProfile')
  const path = at(profile.path, 'localhostProfile')
  if (type === 'Localhost') {
    if (!isSet(profile.data, 'localhostProfile')) required(pod, path, 'must be set when seccomp type is Localhost')
    else if (local !== undefined) invalid(pod, 'SECCOMP_PROFILE_INVALID', path, local, descendingPath(local))
  } else if (isSet(profile.data, 'localhostProfile')) {
    forbidden(pod, 'SECCOMP_PROFILE_INVALID', path, 'can only be set when seccomp type is Localhost')
  }
}

/** Source: `ValidateAppArmorProfileField` (KEP-24). */
function checkAppArmor(profile: Part, pod: PodScope): void {
  const type = checkType(profile, 'APPARMOR_PROFILE_INVALID', pod)
  const local = optionalText(profile.data, 'localhostProfile')
  const path = at(profile.path, 'localhostProfile')
  if (type === 'Localhost') {
    if (!isSet(profile.data, 'localhostProfile') || (local !== undefined && trimSpace(local) === '')) {
      required(pod, path, 'must be set when AppArmor type is Localhost')
    } else if (local !== undefined) {
      invalid(pod, 'APPARMOR_PROFILE_INVALID', path, local, appArmorFileFaults(local))
    }
  } else if ((type === 'RuntimeDefault' || type === 'Unconfined') && isSet(profile.data, 'localhostProfile')) {
    forbidden(pod, 'APPARMOR_PROFILE_INVALID', path, 'can only be set when AppArmor type is Localhost')
  }
}

/** The faults of the name of a profile on the node. */
export function appArmorFileFaults(file: string): string[] {
  const faults = file === trimSpace(file) ? [] : ['must not be padded with whitespace']
  if (byteLength(file) > MAX_PATH) faults.push(`may not be longer than ${MAX_PATH} bytes`)
  return faults
}
