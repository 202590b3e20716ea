import { gateOn } from '../gates.ts'
import { at, forbidden, invalid, type PartRule, type PodScope, required, unsupported } from '../scope.ts'
import { oneOfStrict, requiredOneOf } from '../text-rules.ts'
import { isSet, itemsOf, listOf, optionalText, type Part, partOf, textOf } from '../values.ts'

const CODE = 'CONTAINER_RESTART_INVALID'

/** True for an init container that keeps running beside the regular containers (KEP-753). */
export function isNativeSidecar(container: Part): boolean {
  return optionalText(container.data, 'restartPolicy') === 'Always'
}

/** Restart policy of a regular container (KEP-5307). Source: `validateContainers`. */
export const restartPolicyOfContainer: PartRule = (container, pod) => {
  if (gateOn('ContainerRestartRules', pod.minor)) return checkPolicy(container, pod)
  if (!isSet(container.data, 'restartPolicy')) return
  const message = 'restartPolicy may not be set for non-init containers'
  const hint = 'set it on the pod, or use Kubernetes 1.35'
  forbidden(pod, CODE, at(container.path, 'restartPolicy'), message, hint)
}

/** Restart policy of an init container. Source: `validateInitContainerRestartPolicy`. */
export const restartPolicyOfInit: PartRule = (container, pod) => {
  const policy = optionalText(container.data, 'restartPolicy')
  if (!gateOn('ContainerRestartRules', pod.minor)) oneOfStrict(container, 'restartPolicy', CODE, ['Always'], pod)
  else if (policy === 'Always' && !gateOn('RestartAllContainersOnContainerExits', pod.minor)) {
    if (listOf(container.data, 'restartPolicyRules').length === 0) return
    const message = 'restartPolicyRules are not allowed for init containers with restart policy Always'
    forbidden(pod, CODE, at(container.path, 'restartPolicyRules'), message)
  } else checkPolicy(container, pod)
}

/** Source: `validateContainerRestartPolicy`. */
function checkPolicy(container: Part, pod: PodScope): void {
  const rules = itemsOf(container, 'restartPolicyRules')
  if (rules.length > 0 && !isSet(container.data, 'restartPolicy')) {
    required(pod, at(container.path, 'restartPolicy'), 'must specify restartPolicy when restart rules are used')
  }
  oneOfStrict(container, 'restartPolicy', CODE, ['Always', 'Never', 'OnFailure'], pod)
  if (rules.length > 20) {
    const path = at(container.path, 'restartPolicyRules')
    invalid(pod, CODE, path, rules.length, ['must have at most 20 items'])
  }
  for (const rule of rules) checkRule(rule, pod)
}

function checkRule(rule: Part, pod: PodScope): void {
  const actions = ['Restart']
  if (gateOn('RestartAllContainersOnContainerExits', pod.minor)) actions.push('RestartAllContainers')
  requiredOneOf(rule, 'action', CODE, actions, pod)
  const codes = partOf(rule, 'exitCodes')
  if (codes === undefined) {
    if (!isSet(rule.data, 'exitCodes'))
      required(pod, at(rule.path, 'exitCodes'), 'a restart rule must specify exitCodes')
    return
  }
  requiredOneOf(codes, 'operator', CODE, ['In', 'NotIn'], pod)
  const count = listOf(codes.data, 'values').length
  if (count > 255) {
    invalid(pod, CODE, at(codes.path, 'values'), count, ['must have at most 255 items'])
  }
}

const RESIZE_RESOURCES = ['cpu', 'memory']
const RESIZE_POLICIES = ['NotRequired', 'RestartContainer']

/** What happens to a container when its resources change (KEP-1287). Source: `validateResizePolicy`. */
export const resizePolicy: PartRule = (container, pod) => {
  const policies = itemsOf(container, 'resizePolicy')
  if (policies.length === 0) return
  const seen = new Set<string>()
  const never = textOf(pod.spec.data, 'restartPolicy') === 'Never'
  for (const policy of policies) {
    const resource = textOf(policy.data, 'resourceName')
    const restart = textOf(policy.data, 'restartPolicy')
    const [resourcePath, restartPath] = [at(policy.path, 'resourceName'), at(policy.path, 'restartPolicy')]
    if (resource === '') required(pod, resourcePath, 'a resize policy needs a resourceName')
    else if (resource !== undefined) {
      if (seen.has(resource)) invalid(pod, 'RESIZE_POLICY_INVALID', resourcePath, resource, ['must be unique'])
      if (!RESIZE_RESOURCES.includes(resource)) {
        unsupported(pod, 'RESIZE_POLICY_INVALID', resourcePath, resource, RESIZE_RESOURCES)
      }
      seen.add(resource)
    }
    if (restart === '') required(pod, restartPath, 'a resize policy needs a restartPolicy')
    else if (restart !== undefined && !RESIZE_POLICIES.includes(restart)) {
      unsupported(pod, 'RESIZE_POLICY_INVALID', restartPath, restart, RESIZE_POLICIES)
    } else if (restart === 'RestartContainer' && never) {
      const fault = "must be 'NotRequired' when the pod's `restartPolicy` is 'Never'"
      invalid(pod, 'RESIZE_POLICY_INVALID', restartPath, restart, [fault])
    }
  }
}

/** Forbids restarts on resize in init containers that are not native sidecars. Source: `validateInitContainers`. */
export const resizePolicyOfInit: PartRule = (container, pod) => {
  if (isNativeSidecar(container) || pod.minor < 36) return
  for (const policy of itemsOf(container, 'resizePolicy')) {
    if (textOf(policy.data, 'restartPolicy') !== 'RestartContainer') continue
    const fault = "must not be set to 'RestartContainer' for init containers that are not sidecars"
    invalid(pod, 'RESIZE_POLICY_INVALID', at(policy.path, 'restartPolicy'), 'RestartContainer', [fault])
  }
}
