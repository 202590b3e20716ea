import { atObject, type ObjectLocation } from '../kube/object-place.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { ownerMark } from '../desired/sidecar-objects.ts'
import type { KubeObject, Workload } from '../kube/workload.ts'
import { firstComment } from '../yaml/read/comments.ts'
import type { Recorded } from './object-proof.ts'
import type { InjectOptions } from './options.ts'
import type { RecordedObject } from './workload-result.ts'

/** The diagnostic for an owned object that was edited by hand; undefined with `force: 'silent'`. */
export function modifiedSince({ there, sidecar }: Recorded, force: InjectOptions['force']): Diagnostic | undefined {
  if (force === 'silent') return undefined
  const code = force === undefined ? 'INJECTED_MODIFIED' : 'INJECTED_LOST'
  const end = force === undefined ? 'would be lost' : 'are lost'
  return diagnostic(
    code,
    `this ${there.ref.kind} was modified after sidecar "${sidecar}" added it, and the changes ${end}`,
    { ...atObject(there), hint: 'move the changes elsewhere, or discard them with --force' },
  )
}

/** The diagnostic for a recorded object that nothing proves to come with the sidecar. */
export function notOurs({ there, sidecar }: Recorded, force: InjectOptions['force']): Diagnostic {
  const code = force === 'yes' ? 'RECORD_LEFT' : 'RECORD_UNPROVEN'
  return diagnostic(
    code,
    `a record says that this ${there.ref.kind} came with sidecar "${sidecar}", but nothing in it proves that, so it is not changed`,
    {
      ...atObject(there),
      hint: 'restore the record from version control; with --force the sidecar is removed and this object is kept',
    },
  )
}

/** The diagnostic for a recorded object that belongs to another workload. */
export function recordedByAnother({ there }: Recorded): Diagnostic {
  const owner = String(ownerMark(there.data)).split('/').slice(0, 2).join(' ')
  return diagnostic(
    'RECORD_LEFT',
    `this ${there.ref.kind} belongs to ${owner} and is not changed, although the record of another workload names it`,
    { ...atObject(there), hint: 'a copied manifest also copies the record; no action is needed' },
  )
}

/** The diagnostic for a recorded object to be removed that is not in the input of its workload. */
export function recordedElsewhere(id: string, { sidecar }: RecordedObject, workload: Workload): Diagnostic {
  return diagnostic('RECORD_INCOMPLETE', `${id} came with sidecar "${sidecar}" and is not here, so it is not removed`, {
    hint: 'if it was moved to another file, remove it there',
    ...atObject(workload),
  })
}

/** The diagnostic for two sidecars of one pod template that add objects of the same name. */
export function extraObjectShared(
  id: string,
  [first, second]: readonly [string, string],
  workload: Workload,
): Diagnostic {
  const message = `the sidecars "${first}" and "${second}" of this ${workload.ref.kind} both add ${id}`
  return diagnostic('EXTRA_OBJECT_TAKEN', message, {
    hint: 'give one of the objects another name',
    ...atObject(workload),
  })
}

/** The diagnostic for pod templates of one object whose sidecars add different objects of the same name. */
export function extraObjectsDiffer(id: string, workload: Workload): Diagnostic {
  const message = `two sidecars of this ${workload.ref.kind} add ${id} with different content`
  const hint = "give one of them another name, or move what differs to the sidecar's container"
  return diagnostic('EXTRA_OBJECT_TAKEN', message, { hint, ...atObject(workload) })
}

/** The diagnostic for comments in an owned object that is removed or replaced as a whole; empty without comments. */
export function commentsLost(object: KubeObject, why: string): Diagnostic[] {
  const start = firstComment(object.doc.source.text, object.node)
  if (start === undefined) return []
  return [
    diagnostic(
      'EXTRA_OBJECT_COMMENT',
      `the comments in this ${object.ref.kind} are lost, because it was added by a sidecar and ${why}`,
      { hint: 'write comments before the object, where they are kept', ...atObject(object, start) },
    ),
  ]
}

/** The diagnostic for an extra object that already exists, or that another workload adds, too. */
export function extraObjectTaken(
  id: string,
  workload: ObjectLocation,
  there: (Pick<ObjectLocation, 'doc' | 'node'> & Partial<Pick<KubeObject, 'data'>>) | undefined,
): Diagnostic {
  const mark = there?.data && ownerMark(there.data)
  const { kind, name } = workload.ref
  const isOwn = typeof mark === 'string' && mark.startsWith(`${kind}/${name}/`)
  const isHere = there?.doc.source.label === workload.doc.source.label
  const own = isHere
    ? 'it came with this workload: restore the record from version control, or remove the object'
    : 'it came with this workload: move it back into the same file'
  return diagnostic('EXTRA_OBJECT_TAKEN', `the sidecar adds ${id}, which already exists`, {
    hint: isOwn ? own : 'rename it, or set another name with a parameter of the sidecar',
    ...atObject(workload),
    related: there === undefined ? [] : [{ message: 'defined here', at: atObject({ ...there, ref: workload.ref }).at }],
  })
}
