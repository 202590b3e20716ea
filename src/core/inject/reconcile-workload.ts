import { duplicateItems } from '../desired/duplicate-keys.ts'
import { unprovenClaims } from '../desired/ownership-proof.ts'
import type { Reconciled, ReconcileInput } from '../desired/reconcile-input.ts'
import { leftBehind } from '../desired/renamed-containers.ts'
import { formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { pathInObject } from '../kube/pod-template.ts'
import { annotationAddress, OLD_RECORD } from '../ownership/record.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { claimProblem, leftProblem } from './claim-problem.ts'
import { planEdits } from './plan-edits.ts'
import type { WorkloadContext } from './workload-context.ts'
import type { TemplateFinder } from './workload-result.ts'

/** What a reconciliation starts from, without the text, which the editor has. */
export type WorkloadChange = Omit<ReconcileInput, 'text'>

/** Works out the changes of a pod template and plans their edits; undefined, with errors in the report, if that cannot be done. */
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
  for (const { volume, container, address } of planned.done.left) {
    report.problem({
      code: 'VOLUME_LEFT',
      message: `volume "${volume}" was added by a sidecar, but is kept because container "${container}" uses it; it now belongs to the manifest`,
      hint: 'remove it by hand when nothing uses it',
      address,
    })
  }
  return planned.done
}

/** Reports items with the same merge key, which no edit could tell apart; true if there are any. */
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

/** Reports what would be lost, or taken from someone, by following the record of sidecars that are put in again or go. */
function reportLosses(
  { options: { force }, report }: WorkloadContext,
  { template, record, renew, draft, versions }: WorkloadChange,
  { find, known, isOwn }: TemplateFinder,
): void {
  const wanted = (address: FieldPath) => draft.ownedFields.get(formatFieldPath(address))?.value
  for (const left of leftBehind(template, record)) {
    const asides = versions.size === 0 ? [] : left.others.filter((name) => !renew.has(name))
    if (renew.has(left.sidecar)) report.problem(leftProblem(left, force, asides))
  }
  for (const [name, owned] of record.sidecars) {
    if (!renew.has(name)) continue
    const claims = unprovenClaims(name, owned, { template, find, known, isOwn, wanted })
    // The old form has one digest for all: what no run would put there can only be told as a whole.
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
