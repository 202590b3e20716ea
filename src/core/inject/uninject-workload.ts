import { fileArgument } from '../common/shell-word.ts'
import { DesiredPod } from '../desired/desired-pod.ts'
import type { Reconciled } from '../desired/reconcile-input.ts'
import { isVolume } from '../desired/volume-use.ts'
import { fieldAt, formatFieldPath } from '../field-path/field-path.ts'
import type { JsonObject } from '../json/json.ts'
import type { OwnedSidecar, OwnershipRecord } from '../ownership/record.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { extraObjectsBetween } from './extra-object-records.ts'
import { incompleteProblems, unrecordedProblems } from './lost-record-problems.ts'
import { plannedTemplate } from './plan-edits.ts'
import { reconcileWorkload } from './reconcile-workload.ts'
import type { SidecarOutcome } from './result.ts'
import { failedResult, skippedResult, workloadResult, type WorkloadContext } from './workload-context.ts'
import type { Operation, WorkloadResult } from './workload-result.ts'

/** Removes the named sidecars, or all, from a workload. */
export function uninjectWorkload(
  context: WorkloadContext,
  template: JsonObject,
  operation: Extract<Operation, { command: 'uninject' }>,
  editor: DocumentEditor,
): WorkloadResult {
  const { report, record, isSilent } = context
  const { names } = operation
  const gone = new Set([...record.sidecars.keys()].filter((name) => names?.has(name) ?? true))
  const others = keptOutcomes(record, gone)
  const unrecorded = unrecordedProblems(
    template,
    record,
    operation,
    'removed',
    (name) => names?.has(name) ?? true,
    fileArgument(context.workload.doc.source.label),
  )
  for (const found of unrecorded) report.problem(found)
  if (gone.size === 0) {
    const reason = unrecorded.length > 0 ? 'record-lost' : others.length > 0 ? 'sidecar-not-injected' : 'not-injected'
    return withOthers(skippedResult(context, reason), others)
  }
  const draft = new DesiredPod(template, record, gone)
  const input = { template, record, draft, versions: new Map<string, string>(), renew: gone, objects: new Map() }
  const done = reconcileWorkload(context, input, operation, editor)
  if (done === undefined) return failedResult(context)
  const extraObjects = extraObjectsBetween(record, done.record, input.objects)
  if (isSilent) return Object.assign(workloadResult(context, [], 'removed'), { extraObjects })
  for (const found of incompleteProblems(template, record, gone)) report.problem(found)
  const outcomes = removedOutcomes(record, gone, template, done)
  const planned = plannedTemplate(template, record, done)
  const result = withOthers(workloadResult(context, outcomes, 'removed'), others)
  result.extraObjects = extraObjects
  if (planned !== undefined) result.planned = planned
  return result
}

function withOthers(result: WorkloadResult, others: readonly SidecarOutcome[]): WorkloadResult {
  result.outcome.others = others
  return result
}

/** The outcomes of sidecars that stay. */
function keptOutcomes(record: OwnershipRecord, gone: ReadonlySet<string>): SidecarOutcome[] {
  return [...record.sidecars].flatMap(([name, { version, own }]): SidecarOutcome[] =>
    gone.has(name) ? [] : [{ name, version, action: 'kept', details: own.map(formatFieldPath) }],
  )
}

/** The outcomes of sidecars that are removed, with the fields that are removed with them. */
function removedOutcomes(
  record: OwnershipRecord,
  gone: ReadonlySet<string>,
  template: JsonObject,
  { left }: Reconciled,
): SidecarOutcome[] {
  return [...gone].map((name): SidecarOutcome => {
    const { version, own } = record.sidecars.get(name) as OwnedSidecar
    const details = own
      .filter((a) => fieldAt(template, a) !== undefined && !left.some(({ volume }) => isVolume(a, volume)))
      .map(formatFieldPath)
    return { name, version, action: 'removed', details }
  })
}
