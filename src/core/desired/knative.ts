import { isObject, type Json, type JsonObject } from '../json/json.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import type { Workload } from '../kube/workload.ts'
import type { DesiredPod } from './desired-pod.ts'
import type { PlanProblem } from './pod-paths.ts'
import type { RunMode, Sidecar } from '../template/template.ts'
import {
  behindServer,
  isKserve,
  isWithoutKnative,
  KSERVE_NAME_HINT,
  kserveProblems,
  WITHOUT_KNATIVE,
} from './kserve.ts'

/** Whether pods of a kind are run by Knative Serving, which accepts only a part of what Kubernetes accepts. */
function isKnative({ group }: WorkloadKind): boolean {
  return group === 'serving.knative.dev'
}

/**
 * The hint for a container without a name in kinds whose controller would name it. It needs one here, since what is
 * added to it is found again by its name.
 */
export function nameHint(kind: WorkloadKind): string | undefined {
  if (isKserve(kind)) return KSERVE_NAME_HINT
  return isKnative(kind) ? "set one; Knative's default is user-container" : undefined
}

/**
 * The mode of a sidecar in a kind. In Knative, init containers are disabled by default, and those with probes always
 * rejected, so `auto` means classic. The same goes for KServe, which runs its pods with Knative by default.
 */
export function modeIn(kind: WorkloadKind, wish: RunMode): RunMode {
  return wish === 'auto' && (isKnative(kind) || isKserve(kind)) ? 'classic' : wish
}

/** A sidecar as the workload's kind needs it. */
export function fittedTo({ workloadKind }: Workload, sidecar: Sidecar): Sidecar {
  return isKserve(workloadKind) ? behindServer(sidecar) : sidecar
}

/** Warnings about what Knative or KServe would reject in a sidecar, or in the pod with it. */
export function servingProblems(
  workload: Workload,
  draft: DesiredPod,
  sidecar: Sidecar,
  mode: 'native' | 'classic',
): PlanProblem[] {
  if (isKnative(workload.workloadKind)) return knativeProblems(sidecar, mode, '')
  if (!isKserve(workload.workloadKind)) return []
  const refused = isWithoutKnative(workload)
    ? []
    : knativeProblems(sidecar, mode, `, or make KServe run without Knative with the annotation ${WITHOUT_KNATIVE}`)
  return [...refused, ...kserveProblems(workload, draft, sidecar, mode)]
}

/** A warning about fields of a sidecar that Knative rejects unless the cluster's settings allow them. */
function knativeProblems(sidecar: Sidecar, mode: 'native' | 'classic', wayOut: string): PlanProblem[] {
  const objections = knativeObjections(sidecar, mode)
  return objections.length === 0
    ? []
    : [
        {
          code: 'KNATIVE_REFUSES',
          message: `sidecar "${sidecar.name}" uses fields that Knative rejects by default: ${objections.join('; ')}`,
          hint: `enable the features in the ConfigMap config-features of knative-serving, or use a template without them${wayOut}`,
          address: [],
        },
      ]
}

/**
 * The fields of a sidecar that Knative's webhook rejects, each with the feature in its ConfigMap config-features that
 * allows it, where there is one (`ValidatePodSpec` and the masks of knative.dev/serving/pkg/apis/serving).
 */
function knativeObjections({ container, initContainers, pod, classic }: Sidecar, mode: 'native' | 'classic'): string[] {
  const isInit = container !== undefined && mode === 'native'
  const all = [...initContainers, ...(container === undefined ? [] : [container])]
  const probes = PROBES.some((key) => has(container, key))
  const hooks = mode === 'classic' && Object.keys(classic.lifecycle ?? {}).length > 0
  const seconds =
    pod.minTerminationGracePeriodSeconds ?? (mode === 'classic' ? classic.minTerminationGracePeriodSeconds : undefined)
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

/** True for a field that a container has; a resolved template has no empty lists. */
function has(container: JsonObject | undefined, key: string): boolean {
  return container?.[key] !== undefined
}

function usesFieldRef(env: Json | undefined): boolean {
  return (
    Array.isArray(env) &&
    env.some((item) => {
      const from = isObject(item) ? item['valueFrom'] : undefined
      return isObject(from) && (from['fieldRef'] !== undefined || from['resourceFieldRef'] !== undefined)
    })
  )
}
