import { dns1123Label } from '../../kube/names.ts'
import { trimSpace } from '../../text/trim-space.ts'
import { containerEnv, containerEnvFrom } from './container/env.ts'
import { volumeDevices, volumeMounts } from './container/mounts.ts'
import { containerPorts } from './container/ports.ts'
import { noProbesOnInit, probesAndLifecycle } from './container/probes.ts'
import {
  isNativeSidecar,
  resizePolicy,
  resizePolicyOfInit,
  restartPolicyOfContainer,
  restartPolicyOfInit,
} from './container/restart.ts'
import { containerResources } from './resources/requirements.ts'
import { at, duplicate, type PartRule, type PodRule, type PodScope, required } from './scope.ts'
import { containerSecurity } from './security/container.ts'
import { oneOf, requiredFormat } from './text-rules.ts'
import { type Part, textOf, valueOf } from './values.ts'

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never']
const TERMINATION_POLICIES = ['File', 'FallbackToLogsOnError']

/** Name, image and policies of a container. Source: `validateContainerCommon`, `validateContainerOnlyForPod`. */
const basics: PartRule = (container, pod) => {
  requiredFormat(container, 'name', 'CONTAINER_NAME_INVALID', dns1123Label, 'a container needs a name', pod)
  checkImage(container, pod)
  oneOf(container, 'imagePullPolicy', 'CONTAINER_FIELD_UNSUPPORTED', PULL_POLICIES, pod)
  oneOf(container, 'terminationMessagePolicy', 'CONTAINER_FIELD_UNSUPPORTED', TERMINATION_POLICIES, pod)
}

function checkImage(container: Part, pod: PodScope): void {
  const image = textOf(container.data, 'image')
  const path = at(container.path, 'image')
  if (image === '') required(pod, path, 'a container needs an image')
  else if (image !== undefined && image !== trimSpace(image)) {
    // The template is accepted, but all its pods are rejected.
    const severity = pod.isPod ? {} : { severity: 'warning' as const }
    const message = `Invalid value: ${JSON.stringify(image)}: must not have leading or trailing whitespace`
    pod.report({ code: 'CONTAINER_IMAGE_BLANK', ...severity, path, message })
  }
}

/** The rules of every container, in the order of the API server. */
const COMMON: readonly PartRule[] = [
  basics,
  containerPorts,
  containerEnv,
  containerEnvFrom,
  volumeMounts,
  volumeDevices,
  containerResources,
  resizePolicy,
  containerSecurity,
]

const REGULAR: readonly PartRule[] = [...COMMON, probesAndLifecycle, restartPolicyOfContainer]
const SIDECAR: readonly PartRule[] = [...COMMON, probesAndLifecycle, restartPolicyOfInit, resizePolicyOfInit]
const INIT: readonly PartRule[] = [...COMMON, noProbesOnInit, restartPolicyOfInit, resizePolicyOfInit]

/** Regular containers: at least one. Source: `validateContainers`. */
export const containers: PodRule = (pod) => {
  const list = valueOf(pod.spec.data, 'containers')
  if (list === undefined || (Array.isArray(list) && list.length === 0)) {
    required(pod, at(pod.spec.path, 'containers'), 'a pod needs at least one container')
  }
  for (const container of pod.containers) applyRules(REGULAR, container, pod)
}

/** Init containers, plain ones and native sidecars. Source: `validateInitContainers`. */
export const initContainers: PodRule = (pod) => {
  for (const container of pod.initContainers) applyRules(isNativeSidecar(container) ? SIDECAR : INIT, container, pod)
}

function applyRules(rules: readonly PartRule[], container: Part, pod: PodScope): void {
  // Without an iterator, as in `validatePodSpec`.
  for (let n = 0; n < rules.length; n++) rules[n]!(container, pod)
}

/**
 * Names are unique among all containers of a pod; regular ones come first.
 * Source: `validateContainers`, `validateInitContainers`.
 */
export const containerNames: PodRule = (pod) => {
  const seen = new Map<string, Part>()
  const ephemeral = pod.allContainers.slice(pod.initContainers.length + pod.containers.length)
  for (const container of [...pod.containers, ...pod.initContainers, ...ephemeral]) {
    const name = textOf(container.data, 'name')
    if (!name) continue
    const first = seen.get(name)
    if (first === undefined) seen.set(name, container)
    else {
      const message = `duplicate value "${name}": container names are unique over containers and initContainers`
      const [path, before] = [at(container.path, 'name'), at(first.path, 'name')]
      duplicate(pod, 'CONTAINER_NAME_DUPLICATE', path, message, before, 'rename one of the two')
    }
  }
}
