import { diagnostic, type Diagnostic } from '../diagnostic.ts'
import type { FieldPath, JsonObject } from '../json.ts'
import { templatePathOf, type KubeObject, type Workload } from '../kube/workload.ts'
import { pathOf } from '../plan/address.ts'
import type { DocumentEditor } from '../plan/edits.ts'
import { reconcile, type Reconciled, type ReconcileInput, type TemplateText } from '../plan/reconcile.ts'
import { ownedBy } from '../plan/record.ts'
import { SharedNodeError } from '../plan/refine.ts'
import { SpliceError } from '../yaml/splice-error.ts'

/**
 * Works out the changes of a workload and plans their edits.
 * @returns the changes, or what is in their way in the text
 */
export function planEdits(
  workload: Workload,
  input: Omit<ReconcileInput, 'text'>,
  editor: DocumentEditor,
): { done: Reconciled } | { refused: Diagnostic } {
  const path = templatePathOf(workload)
  const { template, record } = input
  try {
    const done = reconcile({ ...input, text: templateText(editor, path, template) })
    editor.plan(path, template, done.changes, ownedBy(record))
    return { done }
  } catch (error) {
    if (!(error instanceof SpliceError)) throw error
    return { refused: refusedEdit(error, workload) }
  }
}

/** What is in the way of an edit of an object. */
export function refusedEdit(error: SpliceError, { doc, ref }: KubeObject): Diagnostic {
  const isShared = error instanceof SharedNodeError
  return diagnostic(isShared ? 'EDIT_SHARED_NODE' : 'EDIT_UNSAFE', error.message, {
    at: { source: doc.source, range: { start: error.offset, end: error.offset + 1 } },
    document: doc.index,
    resource: ref,
    hint: isShared
      ? 'write the value out in full here, without anchor, alias or merge key'
      : 'write this part in block style, or report it with the file',
  })
}

function templateText(editor: DocumentEditor, path: FieldPath, template: JsonObject): TemplateText {
  return {
    textAt: (address) => editor.textAt(path, pathOf(template, address) ?? []),
    aliasOn(address) {
      if (!editor.hasAnchors) return undefined
      let known = address
      while (known.length > 0 && pathOf(template, known) === undefined) known = known.slice(0, -1)
      const alias = editor.aliases.aliasOn(path, pathOf(template, known) ?? [])
      return alias === undefined ? undefined : { address: address.slice(0, alias.steps), text: alias.text }
    },
    anchored: (name) => editor.aliases.anchored(name),
  }
}
