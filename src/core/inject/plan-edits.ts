import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { JsonObject } from '../json/json.ts'
import { fromText, toText } from '../kube/pod-template.ts'
import { templatePathOf, valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import { pathOf } from '../field-path/field-path.ts'
import type { PatchOp } from '../field-path/patch-op.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { reconcile, type Reconciled, type ReconcileInput, type TemplateText } from '../desired/reconcile.ts'
import { ownedBy, type OwnershipRecord } from '../ownership/record.ts'
import { SharedNodeError } from '../patch/minimal-diff.ts'
import { EditLayoutError, EditError } from '../yaml/edit/edit-error.ts'

/**
 * Works out the changes of a workload and plans their edits.
 * @returns the changes, or what is in their way in the text
 */
export function planEdits(
  workload: Workload,
  input: Omit<ReconcileInput, 'text'>,
  editor: DocumentEditor,
): { done: Reconciled } | { refused: Diagnostic } {
  const { template, record } = input
  try {
    const done = reconcile({ ...input, text: templateText(editor, workload, template) })
    planText(workload, template, done.changes, record, editor)
    return { done }
  } catch (error) {
    if (!(error instanceof EditError)) throw error
    return { refused: refusedEdit(error, workload) }
  }
}

/** Plans the edits where they are in the text. */
function planText(workload: Workload, template: JsonObject, changes: readonly PatchOp[], record: OwnershipRecord, editor: DocumentEditor): void {
  const { workloadKind, data, templatePath } = workload
  const path = templatePathOf(workload)
  const isOwned = ownedBy(record)
  if (workloadKind.inline !== true) return editor.plan(path, template, changes, isOwned)
  const moved = changes.map((change): PatchOp => ({ ...change, address: toText(change.address, workloadKind) }))
  editor.plan(path, valueAt(data, templatePath) as JsonObject, moved, (address) => isOwned(fromText(address, workloadKind)))
}

/** What is in the way of an edit of an object. */
export function refusedEdit(error: EditError, { doc, ref }: KubeObject): Diagnostic {
  const { code, hint } = reasonOf(error)
  return diagnostic(code, error.message, {
    at: { source: doc.source, range: { start: error.offset, end: error.offset + 1 } },
    document: doc.index,
    resource: ref,
    hint,
  })
}

function reasonOf(error: EditError): { code: 'EDIT_SHARED_NODE' | 'EDIT_LAYOUT' | 'EDIT_UNSAFE'; hint: string } {
  if (error instanceof SharedNodeError) {
    return { code: 'EDIT_SHARED_NODE', hint: 'write the value out in full here, without anchor, alias or merge key' }
  }
  if (error instanceof EditLayoutError) return { code: 'EDIT_LAYOUT', hint: error.hint }
  return { code: 'EDIT_UNSAFE', hint: 'write this part in block style, or report it with the file' }
}

/** What plans want to know of the text of a pod template. */
export function templateText(editor: DocumentEditor, workload: Workload, template: JsonObject): TemplateText {
  const { workloadKind } = workload
  const path = templatePathOf(workload)
  return {
    textAt: (address) => editor.textAt(path, toText(pathOf(template, address) ?? [], workloadKind)),
    aliasOn(address) {
      if (!editor.hasAnchors) return undefined
      let known = address
      while (known.length > 0 && pathOf(template, known) === undefined) known = known.slice(0, -1)
      const alias = editor.aliases.aliasOn(path, toText(pathOf(template, known) ?? [], workloadKind))
      if (alias === undefined) return undefined
      const steps = alias.steps + known.length - toText(known, workloadKind).length
      return { address: address.slice(0, steps), text: alias.text }
    },
    anchored: (name, address) => editor.aliases.anchored(name, [...path, ...toText(pathOf(template, address) ?? [], workloadKind)]),
  }
}
