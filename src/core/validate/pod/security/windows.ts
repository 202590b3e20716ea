import { byteLength, dns1123Subdomain } from '../../../kube/names.ts'
import { at, invalid, type PartRule, type PodRule } from '../scope.ts'
import { formatStrict } from '../text-rules.ts'
import { childOf, flagOf, isSet, partOf } from '../values.ts'

const MAX_CREDENTIAL_SPEC = 64 * 1024
const MAX_DOMAIN = 256
const MAX_USER = 104
const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/
const DNS_LABEL = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/

/** Windows options of a pod or container. Source: `validateWindowsSecurityContextOptions`. */
export const windowsOptions: PartRule = (security, pod) => {
  const options = partOf(security, 'windowsOptions')
  if (options === undefined) return
  formatStrict(options, 'gmsaCredentialSpecName', 'WINDOWS_OPTIONS_INVALID', dns1123Subdomain, pod)
  formatStrict(options, 'gmsaCredentialSpec', 'WINDOWS_OPTIONS_INVALID', credentialSpec, pod)
  formatStrict(options, 'runAsUserName', 'WINDOWS_OPTIONS_INVALID', userName, pod)
}

function credentialSpec(value: string): string[] {
  if (value === '') return ['must not be an empty string']
  return byteLength(value) > MAX_CREDENTIAL_SPEC ? ['must be under 64 KiB'] : []
}

/** `DOMAIN\user` or `user`. */
function userName(value: string): string[] {
  if (value === '') return ['must not be an empty string']
  if (CONTROL.test(value)) return ['must not contain control characters']
  const parts = value.split('\\')
  if (parts.length > 2) return ['must not contain more than one backslash']
  const user = parts[parts.length - 1] as string
  const faults: string[] = []
  if (parts.length === 2) {
    const domain = parts[0] as string
    if (byteLength(domain) >= MAX_DOMAIN) faults.push(`the domain must be under ${MAX_DOMAIN} characters`)
    const isDns = domain.split('.').every((label) => DNS_LABEL.test(label))
    if (!NET_BIOS.test(domain) && !isDns) faults.push('the domain must match the NetBios or the DNS format')
  }
  if (user === '') faults.push('the user must not be empty')
  if (byteLength(user) > MAX_USER) faults.push(`the user must not be longer than ${MAX_USER} characters`)
  if (/^[. ]+$/.test(user)) faults.push('the user must not consist of periods or spaces only')
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) faults.push('the user must not contain any of "/\\:;|=,+*?<>@[]')
  return faults
}

/**
 * Either all containers are HostProcess containers or none is, and they need the host's network.
 * Source: `validateWindowsHostProcessPod`.
 */
export const hostProcessPod: PodRule = (pod) => {
  const ofPod = hostProcess(childOf(pod.spec.data, 'securityContext'))
  const containers = pod.allContainers
  let count = 0
  for (const container of containers) {
    const own = hostProcess(childOf(container.data, 'securityContext'))
    if (own ?? ofPod) count++
    if (own === undefined || ofPod === undefined || own === ofPod) continue
    const path = at(container.path, 'securityContext', 'windowsOptions', 'hostProcess')
    invalid(pod, 'WINDOWS_OPTIONS_INVALID', path, own, [`must be the same as the pod's hostProcess, ${ofPod}`])
  }
  if (count === 0) return
  if (count !== containers.length) {
    const message = 'if a pod contains any hostProcess containers then all containers must be HostProcess containers'
    pod.report({ code: 'WINDOWS_OPTIONS_INVALID', path: pod.spec.path, message })
  }
  if (flagOf(pod.spec.data, 'hostNetwork') !== true) {
    const message = 'hostNetwork must be true if a pod contains any hostProcess containers'
    pod.report({ code: 'WINDOWS_OPTIONS_INVALID', path: at(pod.spec.path, 'hostNetwork'), message })
  }
}

function hostProcess(security: ReturnType<typeof childOf>): boolean | undefined {
  const options = security && childOf(security, 'windowsOptions')
  return options && isSet(options, 'hostProcess') ? flagOf(options, 'hostProcess') : undefined
}
