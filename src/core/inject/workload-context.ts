import type { OwnershipRecord } from '../ownership/record.ts'
import type { Workload } from '../kube/workload.ts'
import type { Selection, SkipReason } from '../selection/selection.ts'
import type { InjectOptions } from './options.ts'
import type { SidecarOutcome, WorkloadOutcome } from './result.ts'
import type { WorkloadReport } from './workload-report.ts'
import type { WorkloadResult } from './workload-result.ts'

/** What every step of planning one workload needs. */
export interface WorkloadContext {
  workload: Workload
  options: InjectOptions
  /** True where only the edits count, as in a check of a result. */
  isSilent: boolean
  /** True where all that records claim is known to be there as it was recorded. */
  isRecorded: boolean
  report: WorkloadReport
  /** The sidecars chosen for it; undefined where some are only taken out. */
  selection: Selection | undefined
  /** The record in its pod template; an empty one until it is read. */
  record: OwnershipRecord
}

/** The result of a workload as far as it is known without its changes. */
export function workloadResult(
  { workload: { doc, ref, node }, report, selection, record }: WorkloadContext,
  sidecars: SidecarOutcome[],
  status: WorkloadOutcome['status'],
  reason?: SkipReason,
): WorkloadResult {
  return {
    outcome: {
      resource: ref,
      document: doc.index,
      offset: node.propertiesStart,
      status,
      sidecars,
      ...(reason !== undefined && { reason }),
      ...(selection !== undefined && { selection }),
    },
    diagnostics: report.diagnostics,
    record,
  }
}

/** The result of a workload that is left as it is for a reason. */
export function skippedResult(context: WorkloadContext, reason: SkipReason): WorkloadResult {
  return workloadResult(context, [], 'skipped', reason)
}

/** The result of a workload with errors, which the report has. */
export function failedResult(context: WorkloadContext): WorkloadResult {
  return workloadResult(context, [], 'failed')
}
