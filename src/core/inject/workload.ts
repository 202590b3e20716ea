import { fileArgument } from '../common/shell-word.ts'
import { hasErrors } from '../diagnostics/diagnostic.ts'
import { isObject } from '../json/json.ts'
import { templateOf } from '../kube/pod-template.ts'
import type { Workload } from '../kube/workload.ts'
import { emptyRecord, hasRecord } from '../ownership/record.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import type { WorkloadDecision } from '../selection/decide.ts'
import type { SkipReason } from '../selection/selection.ts'
import { editableTemplate, soundRecord } from './editable-template.ts'
import { injectWorkload } from './inject-workload.ts'
import { unrecordedProblems } from './lost-record-problems.ts'
import type { InjectOptions } from './options.ts'
import { uninjectWorkload } from './uninject-workload.ts'
import { failedResult, skippedResult, type WorkloadContext } from './workload-context.ts'
import { WorkloadReport } from './workload-report.ts'
import type { Operation, WorkloadResult } from './workload-result.ts'

/** Plans the changes of one workload into the editor of its document. */
export function processWorkload(
  workload: Workload,
  decision: WorkloadDecision,
  editor: DocumentEditor,
  operation: Operation,
  options: InjectOptions,
): WorkloadResult {
  const selection = decision.skip === undefined ? decision.selection : undefined
  const report = new WorkloadReport(workload)
  const { silent: isSilent = false, isRecorded = false } = operation
  const context: WorkloadContext = { workload, options, isSilent, isRecorded, report, selection, record: emptyRecord() }
  if (decision.skip !== undefined) return skippedResult(context, decision.skip)
  if (selection !== undefined) {
    report.addAll(selection.diagnostics)
    if (hasErrors(selection.diagnostics)) return failedResult(context)
    if (selection.reason !== undefined && !hasRecord(templateOf(workload)))
      return skippedResult(
        context,
        selection.reason === 'not-injected' ? reportUnrecorded(context, operation) : selection.reason,
      )
  }
  // What was never injected need not be what sidecars could be added to.
  if (operation.command === 'uninject' && !hasRecord(templateOf(workload)))
    return skippedResult(context, reportUnrecorded(context, operation))
  const template = editableTemplate(context)
  const record = template && soundRecord(context, template, editor)
  if (template === undefined || record === undefined) return failedResult(context)
  const recorded = { ...context, record }
  if (operation.command === 'uninject') return uninjectWorkload(recorded, template, operation, editor)
  return selection === undefined
    ? failedResult(context)
    : injectWorkload(recorded, template, selection, operation, editor)
}

/** Reports what looks injected in a workload without a record, for which no sidecars were requested. */
function reportUnrecorded({ workload, record, isSilent, report }: WorkloadContext, operation: Operation): SkipReason {
  const template = templateOf(workload)
  const file = fileArgument(workload.doc.source.label)
  const names = operation.command === 'uninject' ? operation.names : undefined
  const found = isObject(template)
    ? unrecordedProblems(
        template,
        record,
        operation,
        operation.command === 'inject' ? 'compared' : 'removed',
        (name) => names?.has(name) ?? true,
        file,
      )
    : []
  if (!isSilent) for (const one of found) report.problem(one)
  return found.length > 0 ? 'record-lost' : 'not-injected'
}
