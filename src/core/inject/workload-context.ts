import type { ReconcileInput } from '../desired/reconcile-input.ts'
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
  /** True where only the edits matter, as when a result is verified. */
  isSilent: boolean
  /** True where everything in the record is known to be as it was recorded. */
  isRecorded: boolean
  report: WorkloadReport
  /** The sidecars that are chosen for it; undefined for `uninject`. */
  selection: Selection | undefined
  /** The record of its pod template; empty until it is read. */
  record: OwnershipRecord
}

/** The input of a reconciliation without the text, which the editor has. */
export type WorkloadChange = Omit<ReconcileInput, 'text'>

/** The result of a workload, without what its changes add. */
export function workloadResult(
  { workload: { doc, ref, node }, report, selection, record }: WorkloadContext,
  sidecars: SidecarOutcome[],
  status: WorkloadOutcome['status'],
  reason?: SkipReason,
): WorkloadResult {
  const outcome: WorkloadOutcome = {
    resource: ref,
    document: doc.index,
    offset: node.propertiesStart,
    status,
    sidecars,
  }
  if (reason !== undefined) outcome.reason = reason
  if (selection !== undefined) outcome.selection = selection
  return { outcome, diagnostics: report.diagnostics, record }
}

/** The result of a workload that is left unchanged for a reason. */
export function skippedResult(context: WorkloadContext, reason: SkipReason): WorkloadResult {
  return workloadResult(context, [], 'skipped', reason)
}

/** The result of a workload with errors, which the report has. */
export function failedResult(context: WorkloadContext): WorkloadResult {
  return workloadResult(context, [], 'failed')
}
