import { isObject, mapsOf } from '../json/json.ts'
import { templateOf } from '../kube/pod-template.ts'
import { matchesSelector } from '../kube/selector.ts'
import { textMap, type Workload, valueAt } from '../kube/workload.ts'
import { hasRecord } from '../ownership/record.ts'
import { INJECT } from './annotations.ts'
import { exclusion, noteRules } from './match-policy.ts'
import type { Selection, SkipReason } from './selection.ts'
import type { SelectionOptions } from './selection-options.ts'

/** Whether a workload is processed, and for `inject` which sidecars it gets. */
export type WorkloadDecision = { skip: SkipReason } | { skip?: never; selection: Selection | undefined }

/**
 * Decides about one workload, before anything is planned for it.
 * @param select what chooses the sidecars; undefined where none are to be chosen
 */
export function decide(
  workload: Workload,
  select: ((workload: Workload) => Selection) | undefined,
  options: SelectionOptions,
): WorkloadDecision {
  const skip = skipReason(workload, select !== undefined, options)
  if (skip === undefined) return { selection: select?.(workload) }
  if (options.policy !== undefined) noteRules(options.policy, workload)
  return { skip }
}

/** Why a workload is not changed, whatever is selected for it; undefined if it is processed. */
function skipReason(
  workload: Workload,
  isInjected: boolean,
  { namespace, selector, policy, includeOwned, helmHooks, isFailing }: SelectionOptions,
): SkipReason | undefined {
  const { ref, data } = workload
  if (namespace !== undefined && namespace !== (ref.namespace || 'default')) return 'not-selected'
  if (selector !== undefined && !matchesSelector(selector, textMap(data, ['metadata', 'labels']))) return 'not-selected'
  const skip = policy === undefined ? undefined : exclusion(policy, workload)
  if (skip !== undefined) return skip
  if (isFailing?.(workload) === true) return 'failed'
  // A workload with our sidecars can be compared with what it should be.
  const isOpen = !isInjected || includeOwned === true || hasRecord(templateOf(workload))
  const reach = isOpen ? undefined : outOfReach(workload)
  if (reach !== undefined) return reach
  return isInjected && helmHooks !== true && isQuietHook(workload) ? 'helm-hook' : undefined
}

/**
 * A Helm hook, such as the Pod of a chart's test or a Job before an upgrade, without sidecars of ours and without an
 * annotation that asks for them: it has no folder of logs and no port of the app. Helm 4 sends hooks to post-renderers,
 * Helm 3 does not.
 */
function isQuietHook(workload: Workload): boolean {
  const annotations = textMap(workload.data, ['metadata', 'annotations'])
  const template = templateOf(workload)
  if ((annotations['helm.sh/hook'] ?? '') === '' || hasRecord(template)) return false
  const own: Record<string, string> = isObject(template) ? textMap(template, ['metadata', 'annotations']) : {}
  return annotations[INJECT] === undefined && own[INJECT] === undefined
}

/** Why a change of a manifest would not reach its pods. */
export type OutOfReach = 'pod-exists' | 'has-owner'

/**
 * Why a change of a manifest does not reach its object in the cluster: it is an existing Pod, whose containers the API
 * server does not let anyone change (`ValidatePodUpdate`), or a controller owns the object and restores it, such as the
 * ReplicaSet of a Deployment or the Job of a CronJob. Undefined for any other object.
 */
function outOfReach({ data, ref }: Pick<Workload, 'data' | 'ref'>): OutOfReach | undefined {
  const owners = mapsOf(valueAt(data, ['metadata', 'ownerReferences']))
  if (owners.some((owner) => owner['controller'] === true)) return 'has-owner'
  const isPod = ref.kind === 'Pod' && ref.apiVersion === 'v1'
  return isPod && typeof valueAt(data, ['metadata', 'uid']) === 'string' ? 'pod-exists' : undefined
}
