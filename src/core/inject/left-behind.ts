import type { PlanProblem } from '../desired/pod-paths.ts'
import { leftBehind, type LeftBehind } from '../desired/renamed-containers.ts'
import type { InjectOptions } from './options.ts'
import type { WorkloadChange, WorkloadContext } from './workload-context.ts'

/** Reports fields that sidecars of this run may have added to a container that was renamed and modified. */
export function reportLeftBehind(
  { options: { force }, report }: WorkloadContext,
  { template, record, renew, versions }: WorkloadChange,
): void {
  for (const left of leftBehind(template, record)) {
    const others = versions.size === 0 ? [] : left.others.filter((name) => !renew.has(name))
    if (renew.has(left.sidecar)) report.problem(leftProblem(left, force, others))
  }
}

/**
 * The problem of a field that a sidecar may have added to a renamed container. With --force the field stays and belongs
 * to the manifest.
 * @param others sidecars that added to that container and are not injected again: without the field, the rename could
 *   be followed for them, so that a second run would change the result
 */
function leftProblem(
  { sidecar, address, container }: LeftBehind,
  force: InjectOptions['force'],
  others: readonly string[],
): PlanProblem {
  if (force === 'yes' && others.length > 0) {
    const names = others.map((name) => `"${name}"`).join(', ')
    return {
      code: 'RECORD_UNPROVEN',
      message: `sidecars "${sidecar}", ${names} added to container "${container}", which does not exist; nothing proves that this item is one of theirs`,
      hint: `rename the container to "${container}", or inject these sidecars together: -s ${[sidecar, ...others].join(',')}`,
      address,
    }
  }
  return {
    code: force === 'yes' ? 'RECORD_LEFT' : 'RECORD_UNPROVEN',
    message: `sidecar "${sidecar}" added an item like this one to container "${container}", which does not exist; nothing proves that it is this one, so it is not removed`,
    hint: `rename the container to "${container}" until the sidecar is removed, or remove the item by hand${force === 'yes' ? '' : '; --force keeps it permanently'}`,
    address,
  }
}
