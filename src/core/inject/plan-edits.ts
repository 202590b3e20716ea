import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { JsonObject } from '../json/json.ts'
import { fromText, toText } from '../kube/pod-template.ts'
import { templatePathOf, valueAt, type Workload } from '../kube/workload.ts'
import { fieldAt, parseFieldPath, pathOf } from '../field-path/field-path.ts'
import { applyPatch, type PatchOp } from '../field-path/patch-op.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { isInPlace, reconcile } from '../desired/reconcile.ts'
import type { Reconciled, TemplateText } from '../desired/reconcile-input.ts'
import { placesIn, type OwnershipRecord } from '../ownership/record.ts'
import { isSameAround, recordOf } from '../ownership/record-text.ts'
import { usersContainers, nameOf } from '../desired/pod-paths.ts'
import type { Selection } from '../selection/selection.ts'
import { containerName } from '../template/template.ts'
import { EditError, EditLayoutError } from '../yaml/edit/edit-error.ts'
import { locate } from '../yaml/read/construct.ts'
import type { YamlNode } from '../yaml/read/node.ts'
import { isReplacedText } from '../ownership/replaced-text.ts'
import { refusedEdit } from '../patch/refused-edit.ts'
import type { WorkloadChange } from './workload-context.ts'

/**
 * Determines the changes of a workload and plans their edits.
 * @returns the changes, or why the text cannot be edited
 */
export function planEdits(
  workload: Workload,
  input: WorkloadChange,
  editor: DocumentEditor,
): { done: Reconciled } | { refused: Diagnostic } {
  const { template, record } = input
  try {
    const { draft, versions, renew, objects } = input
    const text = templateText(editor, workload, template)
    const done = reconcile({ template, record, draft, versions, renew, objects, text })
    planText(workload, template, done.changes, record, editor)
    refuseOddTexts(workload, template, done.record)
    return { done }
  } catch (error) {
    if (!(error instanceof EditError)) throw error
    return { refused: refusedEdit(error, workload) }
  }
}

/** @throws EditLayoutError for a value that was replaced and whose text no record can hold */
function refuseOddTexts(workload: Workload, template: JsonObject, { was }: OwnershipRecord): void {
  const odd = [...was].find(([, text]) => !isReplacedText(text))
  if (odd === undefined) return
  const inside = toText(pathOf(template, parseFieldPath(odd[0]) ?? []) ?? [], workload.workloadKind)
  const { start } = locate(workload.doc.root as YamlNode, [...templatePathOf(workload), ...inside])
  throw new EditLayoutError('the original form of this value could not be restored', start, 'write it on one line')
}

/** Plans the edits at the paths that the template has in the text. */
function planText(
  workload: Workload,
  template: JsonObject,
  changes: readonly PatchOp[],
  record: OwnershipRecord,
  editor: DocumentEditor,
): void {
  const { workloadKind, data, templatePath } = workload
  const path = templatePathOf(workload)
  const placeOf = placesIn(record)
  if (workloadKind.inline !== true) return editor.plan(path, template, changes, placeOf)
  const moved = changes.map((change): PatchOp => ({ ...change, address: toText(change.address, workloadKind) }))
  editor.plan(path, valueAt(data, templatePath) as JsonObject, moved, (address) =>
    placeOf(fromText(address, workloadKind)),
  )
}

/** Access to the text of a pod template, for `reconcile`. */
export function templateText(editor: DocumentEditor, workload: Workload, template: JsonObject): TemplateText {
  const { workloadKind } = workload
  const path = templatePathOf(workload)
  return {
    textAt: (address) => editor.textAt(path, toText(pathOf(template, address) ?? [], workloadKind)),
    aliasOn(address) {
      if (!editor.hasAnchors) return undefined
      let known = address
      while (known.length > 0 && fieldAt(template, known) === undefined) known = known.slice(0, -1)
      const alias = editor.aliases.aliasOn(path, toText(pathOf(template, known) ?? [], workloadKind))
      if (alias === undefined) return undefined
      const steps = alias.steps + known.length - toText(known, workloadKind).length
      return { address: address.slice(0, steps), text: alias.text }
    },
    anchored: (name, address) =>
      editor.aliases.anchored(name, [...path, ...toText(pathOf(template, address) ?? [], workloadKind)]),
  }
}

/** The pod template after the changes; undefined where there are none, or some are text and not data. */
export function plannedTemplate(
  template: JsonObject,
  record: OwnershipRecord,
  { changes }: Reconciled,
): JsonObject | undefined {
  const isData = changes.length > 0 && changes.every(({ type }) => type !== 'restore' && type !== 'write-out')
  return isData ? applyPatch(template, changes, placesIn(record)) : undefined
}

/**
 * True where wanting the same fields again, in the planned template with the new record, would change nothing. Also
 * false where a second run might want something else, or depend on the text: see `isFinal`.
 *
 * What a second run would record follows from the wanted fields, which are the same, and from what it reads in the
 * record: the order of sidecars, what was created or replaced, and earlier uses. So it changes something only where
 * these read otherwise than they were written, or where a wanted field is not in the template.
 */
export function isSettledBy(
  { record, draft, objects }: WorkloadChange,
  done: Reconciled,
  planned: JsonObject | undefined,
  { chosen }: Selection,
  hasAnchors: boolean,
): boolean {
  if (done.changes.length === 0) return true
  const isFresh = planned !== undefined && record.sidecars.size === 0 && !hasAnchors
  // Adopted fields, and init containers with a requested place, may move in the next run.
  if (!isFresh || draft.adopted.length > 0 || draft.starts.size > 0) return false
  if ([...objects.values()].some((list) => list.length > 0)) return false
  // A second run does not count a container that has the name of a recorded sidecar as one of the app's.
  const renamed = new Set(
    chosen
      .map(({ template }) => template)
      .filter((one) => containerName(one) !== one.name)
      .map(({ name }) => name),
  )
  if (usersContainers(draft).some((container) => renamed.has(nameOf(container)))) return false
  return isSameAround(done.record, recordOf(planned)) && isInPlace(planned, draft)
}
