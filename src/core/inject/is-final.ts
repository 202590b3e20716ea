import { isEqual } from '../json/equality.ts'
import { valueAt, type Workload } from '../kube/workload.ts'
import { decide, type WorkloadDecision } from '../selection/decide.ts'
import type { Selection } from '../selection/selection.ts'
import type { InjectOptions } from './options.ts'
import { selectOf, type Operation, type WorkloadResult } from './workload-result.ts'

/** A workload before and after a run, with the run's result for it. */
export interface WorkloadPair {
  before: Workload
  /** As it was read again; undefined where objects were added or removed, so that the two cannot be matched. */
  after: Workload | undefined
  worked: WorkloadResult
  /** The decision about it in this run. */
  decision: WorkloadDecision
}

/**
 * True where what was read again shows that a second run would change nothing. Where it does not, the second run must
 * be planned.
 *
 * What a run wants in a pod template depends only on the template without owned fields, the choice of sidecars, and the
 * workload's name, namespace, kind and labels. `verifyResult` has shown that the first is the same before and after;
 * the others are compared here. So a second run wants the same. It would change something only if the template, which
 * reads back as planned, differs from what is wanted, or the record from what would be recorded.
 * `WorkloadResult.isSettled` rules that out, but only for workloads that had no sidecars and whose text has no anchors.
 * Anything else is planned a second time.
 */
export function isFinal(
  { before, after, worked, decision: first }: WorkloadPair,
  operation: Operation,
  options: InjectOptions,
): boolean {
  if (after === undefined || (worked.isSettled !== true && worked.outcome.status !== 'skipped')) return false
  const labels = ['metadata', 'labels']
  if (
    !isEqual({ ...before.ref }, { ...after.ref }) ||
    !isEqual(valueAt(before.data, labels) ?? null, valueAt(after.data, labels) ?? null)
  )
    return false
  const second = decide(after, selectOf(operation), options)
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
