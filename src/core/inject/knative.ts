import { isObject, type Json, type JsonObject } from '../json.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import type { PlanProblem } from '../plan/pod.ts'
import type { RunMode, Sidecar } from '../template/types.ts'

/** Whether pods of a kind are run by Knative Serving, which takes only a part of what Kubernetes takes. */
export function isKnative({ group }: WorkloadKind): boolean {
  return group === 'serving.knative.dev'
}

/** Knative names a container that has no name; we cannot, since what is added to it is found again by its name. */
export const KNATIVE_NAME_HINT = 'write one: where there is none, Knative makes it user-container'

/** Init containers are off in Knative as it is installed, and with probes never taken, so that `auto` is an ordinary one. */
export function knativeMode(wish: RunMode): RunMode {
  return wish === 'auto' ? 'classic' : wish
}

/** A warning of what Knative would refuse of a sidecar, which only the cluster's settings decide. */
export function knativeProblems(sidecar: Sidecar, mode: 'native' | 'classic'): PlanProblem[] {
  const objections = knativeObjections(sidecar, mode)
  return objections.length === 0 ? [] : [{
    code: 'KNATIVE_REFUSES',
    message: `as it is installed, Knative refuses of sidecar "${sidecar.name}": ${objections.join('; ')}`,
    hint: 'turn the features on in the ConfigMap config-features of knative-serving, or use a template that does without',
    address: [],
  }]
}

/**
 * What Knative's webhook refuses of a sidecar, each with the feature of its ConfigMap config-features that allows it,
 * where there is one (`ValidatePodSpec` and the masks of knative.dev/serving/pkg/apis/serving).
 */
function knativeObjections({ container, initContainers, pod, classic }: Sidecar, mode: 'native' | 'classic'): string[] {
  const isInit = container !== undefined && mode === 'native'
  const all = [...initContainers, ...(container === undefined ? [] : [container])]
  const probes = PROBES.some((key) => has(container, key))
  const hooks = mode === 'classic' && Object.keys(classic.lifecycle ?? {}).length > 0
  const seconds = pod.minTerminationGracePeriodSeconds ?? (mode === 'classic' ? classic.minTerminationGracePeriodSeconds : undefined)
  const objections: [boolean, string][] = [
    [isInit || initContainers.length > 0, 'init containers (feature kubernetes.podspec-init-containers)'],
    [isInit && probes, 'probes of an init container'],
    [!isInit && probes, 'probes of a second container (feature multi-container-probing)'],
    [!isInit && has(container, 'ports'), 'ports of a second container'],
    [hooks || all.some((one) => has(one, 'lifecycle')), 'lifecycle hooks'],
    [all.some((one) => usesFieldRef(one['env'])), 'env from a fieldRef (feature kubernetes.podspec-fieldref)'],
    [pod.fsGroup !== undefined, 'fsGroup (feature kubernetes.podspec-securitycontext)'],
    [seconds !== undefined, 'terminationGracePeriodSeconds'],
    [pod.shareProcessNamespace !== undefined, 'shareProcessNamespace'],
  ]
  return objections.flatMap(([applies, what]) => (applies ? [what] : []))
}

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const

function has(container: JsonObject | undefined, key: string): boolean {
  const value = container?.[key]
  return value !== undefined && !(Array.isArray(value) && value.length === 0)
}

function usesFieldRef(env: Json | undefined): boolean {
  return Array.isArray(env) && env.some((item) => {
    const from = isObject(item) ? item['valueFrom'] : undefined
    return isObject(from) && (from['fieldRef'] !== undefined || from['resourceFieldRef'] !== undefined)
  })
}
