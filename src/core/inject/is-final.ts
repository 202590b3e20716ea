import { isEqual } from '../json/equality.ts'
import { valueAt, type Workload } from '../kube/workload.ts'
import { decide, type WorkloadDecision } from '../selection/decide.ts'
import type { Selection } from '../selection/selection.ts'
import type { InjectOptions } from './options.ts'
import { selectOf, type Operation, type WorkloadResult } from './workload-result.ts'

/** A workload before and after a run, with what the run made of it. */
export interface WorkloadPair {
  before: Workload
  /** As it was read again; undefined where objects came or went, and it cannot be told which one it is. */
  after: Workload | undefined
  worked: WorkloadResult
  /** What was decided about it. */
  decision: WorkloadDecision
}

/**
 * Whether it follows from what was read again that a second run would find nothing to do. False where it does not follow,
 * and the second run must be planned.
 *
 * What a run wants in a pod template hangs on nothing but the template without our part, the choice of sidecars, and the
 * workload's name, namespace, kind and labels. The first is the same before and after, as `verifyResult` has shown; the
 * others are compared here. So a second run wants the same, and would change something only if what is there, which reads
 * back as planned, differs from what is wanted, or the record from what would be recorded: `WorkloadResult.isSettled` says
 * that it does not. It is said only of workloads that had no sidecars and whose text has no anchors; what is planned from
 * another start, or from text as well as data, is planned again.
 */
export function isFinal(
  { before, after, worked, decision: first }: WorkloadPair,
  task: Operation,
  options: InjectOptions,
): boolean {
  if (after === undefined || (worked.isSettled !== true && worked.outcome.status !== 'skipped')) return false
  const labels = ['metadata', 'labels']
  if (
    !isEqual({ ...before.ref }, { ...after.ref }) ||
    !isEqual(valueAt(before.data, labels) ?? null, valueAt(after.data, labels) ?? null)
  )
    return false
  const second = decide(after, selectOf(task), options)
  if (first.skip !== undefined || second.skip !== undefined) return first.skip === second.skip
  return isSameSelection(first.selection, second.selection)
}

function namesOf(containers: Selection['containers']): string | undefined {
  return containers?.map(({ name }) => name).join()
}

function isSameSelection(one: Selection | undefined, other: Selection | undefined): boolean {
  if (one === other) return true
  return (
    one !== undefined &&
    other !== undefined &&
    one.exclusive === other.exclusive &&
    one.reason === other.reason &&
    namesOf(one.containers) === namesOf(other.containers) &&
    one.chosen.length === other.chosen.length &&
    one.chosen.every(({ template, mode, start, values }, n) => {
      const second = other.chosen[n]
      return (
        template === second?.template &&
        mode?.mode === second.mode?.mode &&
        start?.place === second.start?.place &&
        values.length === second.values.length &&
        values.every(
          ({ name, value, data }, k) =>
            name === second.values[k]?.name && value === second.values[k]?.value && data === second.values[k]?.data,
        )
      )
    })
  )
}
