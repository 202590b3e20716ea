import { isObject } from '../json/json.ts'
import { templateOf } from '../kube/pod-template.ts'
import { matchesSelector } from '../kube/selector.ts'
import { outOfReach } from '../kube/out-of-reach.ts'
import { textMap, type Workload } from '../kube/workload.ts'
import { recordAnnotations } from '../ownership/record.ts'
import { exclusion } from './match-policy.ts'
import type { Selection, SkipReason } from './selection.ts'
import type { SelectionOptions } from './selection-options.ts'

/** Whether a workload is processed, and for `inject` which sidecars it gets. */
export type WorkloadDecision = { skip: SkipReason } | { skip?: never; selection: Selection | undefined }

/**
 * Decides about one workload before anything of it is planned.
 * @param select what chooses the sidecars; undefined where none are to be chosen
 */
export function decide(
  workload: Workload,
  select: ((workload: Workload) => Selection) | undefined,
  { namespace, selector, policy, includeOwned, isFailing }: SelectionOptions,
): WorkloadDecision {
  const { ref, data } = workload
  if (namespace !== undefined && namespace !== (ref.namespace || 'default')) return { skip: 'not-selected' }
  if (selector !== undefined && !matchesSelector(selector, textMap(data, ['metadata', 'labels'])))
    return { skip: 'not-selected' }
  const skip = policy === undefined ? undefined : exclusion(policy, workload)
  if (skip !== undefined) return { skip }
  if (isFailing?.(workload) === true) return { skip: 'failed' }
  // One that has sidecars of ours can be compared with what it should be.
  const isOpen = select === undefined || includeOwned === true || hasRecord(workload)
  const reach = isOpen ? undefined : outOfReach(workload)
  if (reach !== undefined) return { skip: reach }
  return { selection: select?.(workload) }
}

function hasRecord(workload: Workload): boolean {
  const template = templateOf(workload)
  return isObject(template) && recordAnnotations(template).length > 0
}
