import type { Reconciled } from '../desired/reconcile-input.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { reportDuplicateItems } from './duplicate-items.ts'
import { reportLeftBehind } from './left-behind.ts'
import { reportLeftVolumes } from './left-volumes.ts'
import { planEdits } from './plan-edits.ts'
import { reportLongRecords } from './record-length.ts'
import { reportUnprovenClaims } from './unproven-claims.ts'
import type { WorkloadChange, WorkloadContext } from './workload-context.ts'
import type { TemplateFinder } from './workload-result.ts'

/**
 * Determines the changes of a pod template and plans their edits. Where that is not possible, reports errors and returns
 * undefined.
 */
export function reconcileWorkload(
  context: WorkloadContext,
  change: WorkloadChange,
  templates: TemplateFinder,
  editor: DocumentEditor,
): Reconciled | undefined {
  const { workload, report } = context
  reportDuplicateItems(context, change)
  if (report.hasErrors) return undefined
  reportLeftBehind(context, change)
  reportUnprovenClaims(context, change, templates)
  if (report.hasErrors) return undefined
  const planned = planEdits(workload, change, editor)
  if ('refused' in planned) {
    report.addAll([planned.refused])
    return undefined
  }
  reportLeftVolumes(context, change, planned.done)
  reportLongRecords(context, change, planned.done)
  return report.hasErrors ? undefined : planned.done
}
