import type { InjectOptions } from './options.ts'
import { formatFieldPath } from '../field-path/field-path.ts'
import type { ReconcileInput } from '../desired/reconcile-input.ts'
import type { PlanProblem } from '../desired/pod-paths.ts'
import type { Unproven } from '../desired/ownership-proof.ts'
import type { LeftBehind } from '../desired/renamed-containers.ts'
import { isVolume, type VolumeUse } from '../desired/volume-use.ts'
import { annotationAddress, OLD_RECORD } from '../ownership/record.ts'

/** The problem of a claim that is not proved: an error, or with --force a warning about what is lost. */
export function claimProblem({ sidecar, address, why }: Unproven, force: InjectOptions['force']): PlanProblem {
  if (why !== 'modified') {
    const isLost = why === 'foreign' && force === 'yes'
    const ways = `; if the sidecar did add it, name its template with -t${why === 'foreign' ? ', or use --force' : ''}`
    return {
      code: isLost ? 'INJECTED_LOST' : 'RECORD_UNPROVEN',
      message: `the record says that sidecar "${sidecar}" added this, but that sidecar adds no such item${isLost ? '; it is lost' : ''}`,
      hint: `restore the record from version control${ways}`,
      address,
    }
  }
  const isWhole = formatFieldPath(address) === formatFieldPath(annotationAddress(OLD_RECORD))
  const what = isWhole
    ? `something that sidecar "${sidecar}" added was modified`
    : `modified after sidecar "${sidecar}" added it`
  return {
    code: force === undefined ? 'INJECTED_MODIFIED' : 'INJECTED_LOST',
    message: `${what}, and the changes ${force === undefined ? 'would be' : 'are'} lost`,
    hint: 'move the changes elsewhere, or discard them with --force',
    address,
  }
}

/**
 * The problem of a field that a sidecar may have added to a renamed container. With --force the field stays and belongs
 * to the manifest.
 * @param asides sidecars that added to that container and are not injected again: without the field, the rename could
 *   be followed for them, so that a second run would change the result
 */
export function leftProblem(
  { sidecar, address, container }: LeftBehind,
  force: InjectOptions['force'],
  asides: readonly string[],
): PlanProblem {
  if (force === 'yes' && asides.length > 0) {
    const names = asides.map((name) => `"${name}"`).join(', ')
    return {
      code: 'RECORD_UNPROVEN',
      message: `sidecars "${sidecar}", ${names} added to container "${container}", which does not exist; nothing proves that this item is one of theirs`,
      hint: `rename the container to "${container}", or inject these sidecars together: -s ${[sidecar, ...asides].join(',')}`,
      address,
    }
  }
  return {
    code: force === 'yes' ? 'RECORD_LEFT' : 'RECORD_UNPROVEN',
    message: `sidecar "${sidecar}" added such an item to container "${container}", which does not exist; nothing proves that it is this item, so it is not removed`,
    hint: `rename the container to "${container}" until the sidecar is removed, or remove the item by hand${force === 'yes' ? '' : '; --force keeps it permanently'}`,
    address,
  }
}

/**
 * The problem of an owned volume that stays because something uses it. If that is the manifest's own, the volume now
 * belongs to the manifest. A sidecar lists the volumes that it uses in its record; one that does not would leave the
 * volume behind.
 * @param record the record before the run
 */
export function leftVolumeProblem(
  { volume, container, address, sidecar }: VolumeUse,
  { record, renew, versions }: Pick<ReconcileInput, 'record' | 'renew' | 'versions'>,
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
