import { matchesSelector } from '../kube/selector.ts'
import type { Workload } from '../kube/workload.ts'
import type { InjectOptions } from '../inject/options.ts'
import { exclusion } from './match-policy.ts'
import type { SkipReason } from '../inject/result.ts'
import type { Selection } from './selection.ts'
import { textMap } from '../inject/resolve-sidecar.ts'
import type { Operation } from '../inject/workload-result.ts'

/** Whether a workload is worked on, and for `inject` which sidecars it gets. */
export type WorkloadDecision = { skip: SkipReason } | { skip?: never; selection: Selection | undefined }

/** Decides about one workload before anything of it is planned. */
export function decide(workload: Workload, task: Operation, { namespace, selector, policy }: InjectOptions): WorkloadDecision {
  const { ref, data } = workload
  if (namespace !== undefined && namespace !== (ref.namespace || 'default')) return { skip: 'not-selected' }
  if (selector !== undefined && !matchesSelector(selector, textMap(data, ['metadata', 'labels']))) return { skip: 'not-selected' }
  const skip = policy === undefined ? undefined : exclusion(policy, workload)
  if (skip !== undefined) return { skip }
  return { selection: task.command === 'inject' ? task.select(workload) : undefined }
}
