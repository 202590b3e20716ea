import { byteLength, dns1123Label, dns1123Subdomain, inRange } from '../../kube/names.ts'
import { at, forbidden, invalid, type PodRule, required, unsupported } from './scope.ts'
import { flagOf, isSet, itemsOf, numberOf, optionalText, partOf, textOf } from './values.ts'

const MAX_INT32 = 2147483647

/** Enumerated fields of the spec; an empty value gets the default. */
const CHOICES: readonly { field: string; allowed: readonly string[] }[] = [
  { field: 'restartPolicy', allowed: ['Always', 'OnFailure', 'Never'] },
  { field: 'dnsPolicy', allowed: ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'] },
]
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never']

/** Source: `validateRestartPolicy`, `validateDNSPolicy`, `ValidatePreemptionPolicy`. */
export const choices: PodRule = (pod) => {
  const { data, path } = pod.spec
  for (const { field, allowed } of CHOICES) {
    const value = textOf(data, field)
    if (value && !allowed.includes(value)) unsupported(pod, 'POD_FIELD_UNSUPPORTED', at(path, field), value, allowed)
  }
  const preemption = optionalText(data, 'preemptionPolicy')
  if (preemption === undefined || PREEMPTION_POLICIES.includes(preemption)) return
  unsupported(pod, 'POD_FIELD_UNSUPPORTED', at(path, 'preemptionPolicy'), preemption, PREEMPTION_POLICIES)
}

/** Names in the spec and their format. An explicit empty name is invalid in `pointer` fields only. */
const NAMES: readonly { field: string; check: (value: string) => string[]; pointer?: boolean }[] = [
  { field: 'nodeName', check: dns1123Subdomain },
  { field: 'hostname', check: dns1123Label },
  { field: 'subdomain', check: dns1123Label },
  { field: 'priorityClassName', check: dns1123Subdomain },
  { field: 'runtimeClassName', check: dns1123Subdomain, pointer: true },
]

/** Source: `ValidatePodSpec`, which checks these one by one. */
export const names: PodRule = (pod) => {
  const { data, path } = pod.spec
  for (const { field, check, pointer } of NAMES) {
    const value = pointer === true ? optionalText(data, field) : textOf(data, field) || undefined
    if (value !== undefined) invalid(pod, 'POD_NAME_INVALID', at(path, field), value, check(value))
  }
  // The old name of the field counts only if the new one is empty.
  const field = textOf(data, 'serviceAccountName') ? 'serviceAccountName' : 'serviceAccount'
  const account = textOf(data, field)
  if (account) invalid(pod, 'POD_NAME_INVALID', at(path, field), account, dns1123Subdomain(account))
}

/** Source: `ValidatePodSpec`. */
export const activeDeadline: PodRule = (pod) => {
  const value = numberOf(pod.spec.data, 'activeDeadlineSeconds')
  if (value === undefined) return
  invalid(pod, 'POD_NUMBER_RANGE', at(pod.spec.path, 'activeDeadlineSeconds'), value, inRange(value, 1, MAX_INT32))
}

/** A hostname that overrides the pod's name (KEP-4762). Source: `validatePodHostName`. */
export const hostnameOverride: PodRule = (pod) => {
  const { data, path } = pod.spec
  const value = optionalText(data, 'hostnameOverride')
  const where = at(path, 'hostnameOverride')
  if (value === undefined) return
  for (const other of ['setHostnameAsFQDN', 'hostNetwork']) {
    if (flagOf(data, other) !== true) continue
    forbidden(pod, 'HOSTNAME_CONFLICT', where, `hostnameOverride may not be specified when ${other} is true`)
  }
  const faults = dns1123Subdomain(value)
  if (byteLength(value) > 64) faults.unshift('may not be longer than 64 bytes')
  invalid(pod, 'POD_NAME_INVALID', where, value, faults)
}

/**
 * Ephemeral containers can only be added later, through their own subresource.
 * Source: `ValidatePodCreate`, `ValidatePodTemplateSpec`.
 */
export const noEphemeralContainers: PodRule = (pod) => {
  if (itemsOf(pod.spec, 'ephemeralContainers').length === 0) return
  const message = pod.isPod
    ? 'ephemeralContainers cannot be set on create'
    : 'ephemeral containers are not allowed in a pod template'
  const hint = 'remove them; kubectl debug adds one to a running pod'
  forbidden(pod, 'EPHEMERAL_CONTAINERS', at(pod.spec.path, 'ephemeralContainers'), message, hint)
}

/** The group a pod is scheduled with (KEP-4671). Source: `validateSchedulingGroup`. */
export const schedulingGroup: PodRule = (pod) => {
  const group = partOf(pod.spec, 'schedulingGroup')
  if (group === undefined) return
  const name = optionalText(group.data, 'podGroupName')
  const path = at(group.path, 'podGroupName')
  if (!isSet(group.data, 'podGroupName')) required(pod, path, 'must specify podGroupName')
  else if (name !== undefined) invalid(pod, 'POD_NAME_INVALID', path, name, dns1123Subdomain(name))
}
