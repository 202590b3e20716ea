import type { PlanProblem } from '../desired/pod-paths.ts'
import type { Reconciled } from '../desired/reconcile-input.ts'
import { isVolume, type VolumeUse } from '../desired/volume-use.ts'
import type { WorkloadChange, WorkloadContext } from './workload-context.ts'

/** Reports owned volumes that would be removed, but are still used. */
export function reportLeftVolumes({ report }: WorkloadContext, change: WorkloadChange, { left }: Reconciled): void {
  for (const use of left) report.problem(leftVolumeProblem(use, change))
}

/**
 * The problem of an owned volume that stays because something uses it. If that is the manifest's own, the volume now
 * belongs to the manifest. A sidecar lists the volumes that it uses in its record; one that does not would leave the
 * volume behind.
 * @param record the record before the run
 */
function leftVolumeProblem(
  { volume, container, address, sidecar }: VolumeUse,
  { record, renew, versions }: Pick<WorkloadChange, 'record' | 'renew' | 'versions'>,
): PlanProblem {
  if (sidecar === undefined) {
    return {
      code: 'VOLUME_LEFT',
      message: `volume "${volume}" was added by a sidecar, but is kept because container "${container}" uses it; it now belongs to the manifest`,
      hint: 'remove it by hand when nothing uses it',
      address,
    }
  }
  const owners = [...record.sidecars].flatMap(([name, { own }]) =>
    renew.has(name) && own.some((one) => isVolume(one, volume)) ? [name] : [],
  )
  const together = [...new Set([...owners, sidecar])]
  const way =
    together.length === 1
      ? 'remove the sidecar and inject it again'
      : `${versions.size === 0 ? 'remove' : 'inject'} these sidecars together: -s ${together.join(',')}`
  return {
    code: 'RECORD_UNPROVEN',
    message: `volume "${volume}" would be removed, because only ${owners.map((name) => `"${name}"`).join(', ')} is recorded as its sidecar, but sidecar "${sidecar}" uses it here`,
    hint: `restore the record from version control, or ${way}`,
    address,
  }
}
