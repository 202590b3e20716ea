import { unixId } from '../../../kube/names.ts'
import { at, invalid, type PartRule, type PodScope } from '../scope.ts'
import { oneOfStrict } from '../text-rules.ts'
import { flagOf, listOf, numberOf, type Part, partOf, textOf } from '../values.ts'
import { profiles } from './profiles.ts'
import { windowsOptions } from './windows.ts'

/** Security context of a container. Source: `ValidateSecurityContext`. */
export const containerSecurity: PartRule = (container, pod) => {
  const security = partOf(container, 'securityContext')
  if (security === undefined) return
  for (const field of ['runAsUser', 'runAsGroup']) {
    const id = numberOf(security.data, field)
    if (id !== undefined) invalid(pod, 'SECURITY_ID_RANGE', at(security.path, field), id, unixId(id))
  }
  checkProcMount(security, pod)
  checkEscalation(security, pod)
  profiles(security, pod)
  windowsOptions(security, pod)
}

/** Unmasked needs a user namespace (KEP-4265). Source: `ValidateProcMountType`. */
function checkProcMount(security: Part, pod: PodScope): void {
  oneOfStrict(security, 'procMount', 'SECURITY_VALUE_UNSUPPORTED', ['Default', 'Unmasked'], pod)
  if (textOf(security.data, 'procMount') !== 'Unmasked' || flagOf(pod.spec.data, 'hostUsers') === false) return
  const fault = '`hostUsers` must be false to use `Unmasked`'
  invalid(pod, 'SECURITY_CONFLICT', at(security.path, 'procMount'), 'Unmasked', [fault])
}

/** A container that has privileges anyway cannot forbid their escalation. Source: `ValidateSecurityContext`. */
function checkEscalation(security: Part, pod: PodScope): void {
  if (flagOf(security.data, 'allowPrivilegeEscalation') !== false) return
  const report = (what: string): void =>
    pod.report({
      code: 'SECURITY_CONFLICT',
      path: security.path,
      message: `cannot set \`allowPrivilegeEscalation\` to false and ${what}`,
      hint: 'remove one of the two',
    })
  if (flagOf(security.data, 'privileged') === true) report('`privileged` to true')
  const capabilities = partOf(security, 'capabilities')
  if (capabilities !== undefined && listOf(capabilities.data, 'add').includes('CAP_SYS_ADMIN')) {
    report('`capabilities.add` CAP_SYS_ADMIN')
  }
}
