/** What is said of an edit that is not possible. */
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../src/core/kube/workload.ts'
import { SharedNodeError } from '../../../src/core/patch/minimal-diff.ts'
import { refusedEdit } from '../../../src/core/patch/refused-edit.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { EditError, EditLayoutError } from '../../../src/core/yaml/edit/edit-error.ts'

describe('an edit is refused', () => {
  const source = new SourceText('a.yaml', 'a: {}\n')
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace: '', name: 'a' }
  it.each([
    ['in a value that is shared', new SharedNodeError('shared', 3), 'EDIT_SHARED_NODE', 'write the value out in full here, without anchor, alias or merge key'],
    ['by the layout', new EditLayoutError('no place', 3, 'write it below'), 'EDIT_LAYOUT', 'write it below'],
    ['as its result would differ', new EditError('other result', 3), 'EDIT_UNSAFE', 'write this part in block style, or report it with the file'],
  ])('%s', (_, error, code, hint) => {
    expect(refusedEdit(error, { doc: { source, index: 2 }, ref } as unknown as KubeObject)).toEqual({
      code, hint, message: error.message, severity: 'error', at: { source, range: { start: 3, end: 4 } }, document: 2, resource: ref,
    })
  })
})
