import { atObject } from '../kube/object-place.ts'
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts'
import type { KubeObject } from '../kube/workload.ts'
import { EditLayoutError, type EditError } from '../yaml/edit/edit-error.ts'
import { SharedNodeError } from './minimal-diff.ts'

/** The diagnostic for an edit of an object that is not possible. */
export function refusedEdit(error: EditError, object: KubeObject): Diagnostic {
  const { code, hint } = reasonOf(error)
  return diagnostic(code, error.message, { ...atObject(object, error.offset), hint })
}

/** The diagnostic code and the hint for an edit that is not possible. */
export function reasonOf(error: EditError): { code: 'EDIT_SHARED_NODE' | 'EDIT_LAYOUT' | 'EDIT_UNSAFE'; hint: string } {
  if (error instanceof SharedNodeError) {
    return { code: 'EDIT_SHARED_NODE', hint: 'write the value out in full here, without anchor, alias or merge key' }
  }
  if (error instanceof EditLayoutError) return { code: 'EDIT_LAYOUT', hint: error.hint }
  return { code: 'EDIT_UNSAFE', hint: 'write this part in block style, or report it with the file' }
}
