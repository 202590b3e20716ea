import { LIMITS } from '../common/limits.ts'
import { duplicateItems } from '../desired/duplicate-keys.ts'
import { unprovenClaims } from '../desired/ownership-proof.ts'
import type { Reconciled, ReconcileInput } from '../desired/reconcile-input.ts'
import { leftBehind } from '../desired/renamed-containers.ts'
import { formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'
import { textOf } from '../json/json.ts'
import { pathInObject } from '../kube/pod-template.ts'
import { annotationAddress, isRecordKey, OLD_RECORD, recordAnnotations } from '../ownership/record.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { claimProblem, leftProblem, leftVolumeProblem } from './claim-problem.ts'
import { planEdits } from './plan-edits.ts'
import type { WorkloadContext } from './workload-context.ts'
import type { TemplateFinder } from './workload-result.ts'

/** The input of a reconciliation without the text, which the editor has. */
export type WorkloadChange = Omit<ReconcileInput, 'text'>

/**
 * Determines the changes of a pod template and plans their edits. Where that is not possible, reports errors and
 * returns undefined.
 */
export function reconcileWorkload(
  context: WorkloadContext,
  input: WorkloadChange,
  templates: TemplateFinder,
  editor: DocumentEditor,
): Reconciled | undefined {
  const { workload, report } = context
  if (reportDuplicates(context, input)) return undefined
  reportLosses(context, input, templates)
  if (report.hasErrors) return undefined
  const planned = planEdits(workload, input, editor)
  if ('refused' in planned) {
    report.addAll([planned.refused])
    return undefined
  }
  for (const use of planned.done.left) report.problem(leftVolumeProblem(use, input))
  reportLongRecords(context, input, planned.done)
  if (report.hasErrors) return undefined
  return planned.done
}

/** Reports records that are too long for a later run to read, and for the API server to accept. */
function reportLongRecords({ report }: WorkloadContext, { template }: WorkloadChange, { changes }: Reconciled): void {
  const texts = new Map(recordAnnotations(template).map(([key, value]) => [key, textOf(value)]))
  for (const change of changes) {
    const [part, list, key] = change.address
    if (part !== 'metadata' || list !== 'annotations' || typeof key !== 'string' || !isRecordKey(key)) continue
    if ('value' in change) texts.set(key, textOf(change.value))
    else texts.delete(key)
  }
  const length = [...texts].reduce((sum, [key, text]) => sum + key.length + text.length, 0)
  const most = LIMITS.recordLength.value
  if (length <= most) return
  report.problem({
    code: 'RESULT_INVALID',
    message: `the records of these sidecars would have ${length} characters, more than the ${most} that Kubernetes accepts in annotations`,
    hint: 'name the app containers that sidecars need, with --containers',
    address: CONTAINERS,
  })
}

/** Reports items with the same merge key, which an edit could not distinguish; true if there are any. */
function reportDuplicates({ workload, report }: WorkloadContext, input: WorkloadChange): boolean {
  const duplicates = duplicateItems(input)
  for (const { code, message, first, second } of duplicates) {
    const at = report.locationOf(pathInObject(workload, first))
    report.at(pathInObject(workload, second), code, message, {
      hint: 'remove or rename one of them',
      related: [{ message: 'first defined here', at }],
    })
  }
  return duplicates.length > 0
}

/**
 * Reports fields that would be lost, or removed although they may be the user's, if the records of the sidecars that
 * are replaced or removed were followed.
 */
function reportLosses(
  { options: { force }, report, isRecorded }: WorkloadContext,
  { template, record, renew, draft, versions }: WorkloadChange,
  { find, isOwn }: TemplateFinder,
): void {
  const wanted = (address: FieldPath) => draft.ownedFields.get(formatFieldPath(address))?.value
  for (const left of leftBehind(template, record)) {
    const asides = versions.size === 0 ? [] : left.others.filter((name) => !renew.has(name))
    if (renew.has(left.sidecar)) report.problem(leftProblem(left, force, asides))
  }
  const evidence = { template, record, isRecorded, find, isOwn, wanted }
  const touched = new Set([
    ...draft.ownedFields.keys(),
    ...[...record.sidecars].flatMap(([name, { own }]) => (renew.has(name) ? own.map(formatFieldPath) : [])),
  ])
  for (const [name, owned] of record.sidecars) {
    if (!renew.has(name)) {
      // A sidecar that stays keeps fields that it shares with these, so it must have added them as well.
      const claims = unprovenClaims(name, owned, evidence).filter(({ address }) =>
        touched.has(formatFieldPath(address)),
      )
      for (const claim of claims)
        if (claim.why !== 'modified') report.problem(claimProblem({ ...claim, why: 'forged' }, undefined))
      continue
    }
    const claims = unprovenClaims(name, owned, evidence)
    // The old form has one digest for everything, so modified fields that no run would set can only be reported
    // together.
    const vague =
      owned.hash === undefined
        ? []
        : claims.filter(({ why, address }) => why === 'modified' && wanted(address) === undefined)
    for (const claim of claims) {
      if (!vague.includes(claim) && (claim.why !== 'modified' || force !== 'silent'))
        report.problem(claimProblem(claim, force))
    }
    if (vague.length > 0 && force !== 'silent')
      report.problem(claimProblem({ sidecar: name, address: annotationAddress(OLD_RECORD), why: 'modified' }, force))
  }
}
