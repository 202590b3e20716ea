import { byteLength, dns1123Label, dns1123Subdomain, inRange } from '../../kube/names.ts'
import { at, forbidden, invalid, type PodRule, required } from './scope.ts'
import { format, formatStrict, oneOf, oneOfStrict } from './text-rules.ts'
import { flagOf, isSet, itemsOf, numberOf, optionalText, partOf, textOf } from './values.ts'

const NAME = 'POD_NAME_INVALID'
const MAX_INT32 = 2147483647

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never']
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const PREEMPTION_POLICIES = ['PreemptLowerPriority', 'Never']

/** Source: `validateRestartPolicy`, `validateDNSPolicy`, `ValidatePreemptionPolicy`. */
export const choices: PodRule = (pod) => {
  const code = 'POD_FIELD_UNSUPPORTED'
  oneOf(pod.spec, 'restartPolicy', code, RESTART_POLICIES, pod)
  oneOf(pod.spec, 'dnsPolicy', code, DNS_POLICIES, pod)
  oneOfStrict(pod.spec, 'preemptionPolicy', code, PREEMPTION_POLICIES, pod)
}

/** Source: `ValidatePodSpec`, which checks these one by one. */
export const names: PodRule = (pod) => {
  const { spec } = pod
  format(spec, 'nodeName', NAME, dns1123Subdomain, pod)
  format(spec, 'hostname', NAME, dns1123Label, pod)
  format(spec, 'subdomain', NAME, dns1123Label, pod)
  format(spec, 'priorityClassName', NAME, dns1123Subdomain, pod)
  formatStrict(spec, 'runtimeClassName', NAME, dns1123Subdomain, pod)
  // The old name of the field counts only if the new one is empty.
  const account = textOf(spec.data, 'serviceAccountName') ? 'serviceAccountName' : 'serviceAccount'
  format(spec, account, NAME, dns1123Subdomain, pod)
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
  invalid(pod, NAME, where, value, faults)
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
  if (!isSet(group.data, 'podGroupName')) required(pod, at(group.path, 'podGroupName'), 'must specify podGroupName')
  formatStrict(group, 'podGroupName', NAME, dns1123Subdomain, pod)
}
