import { placedMode } from '../desired/override.ts'
import type { DesiredPod } from '../desired/desired-pod.ts'
import { initContainerNames, isInCycle, isInitContainer } from '../desired/start-order.ts'
import type { SourceLocation } from '../diagnostics/diagnostic.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { namedItem, type ItemPlace } from '../field-path/item-place.ts'
import { INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import type { ChosenSidecar, Level, SetStart } from '../selection/selection.ts'
import { containerName } from '../template/template.ts'
import type { WorkloadReport } from './workload-report.ts'

/** Levels that concern a single workload, where a name that it lacks is a mistake. */
const OF_ONE_WORKLOAD: ReadonlySet<Level> = new Set<Level>(['pod-template', 'workload'])

/**
 * Reports why a sidecar cannot have the place among the init containers that was chosen for it.
 * - A name that the workload lacks: an error where the workload itself says it; a warning where a flag, a policy or a
 *   namespace says it for many; nothing where a template says it, or where a pod has no init containers.
 * - Sidecars that are each to start before or after the other: an error.
 * - A classic container that is to start before an init container, or a container of the manifest that overrides the
 *   sidecar and is in another place: a warning.
 *
 * @param draft the desired pod with all sidecars
 */
export function reportStart(
  { template, start }: ChosenSidecar,
  mode: 'native' | 'classic' | undefined,
  draft: DesiredPod,
  report: WorkloadReport,
): void {
  if (start === undefined) return
  const { place, from } = start
  const name = namedItem(place)
  const at = from.at ?? report.locationOfAddress(INIT_CONTAINERS)
  const own = [...draft.ownedFields.values()].flatMap(({ address, owners }) =>
    isInitContainer(address) && owners.has(template.name) ? [(address.at(-1) as { id: string }).id] : [],
  )
  // A sidecar without a container or init container has no place.
  if (mode === undefined && own.length === 0) return
  const names = initContainerNames(draft.data).flatMap((one) => (one === undefined || own.includes(one) ? [] : [one]))
  if (own.some((one) => isInCycle(draft, one))) {
    const message = `ordering cycle: ${from.text} starts sidecar "${template.name}" ${place}, whose own place leads back to it`
    return report.elsewhere(at, 'SIDECAR_ORDER', message, 'choose another place for one of them')
  }
  if (name !== undefined && !names.includes(name)) return reportUnknown(template.name, start, name, names, at, report)
  const problem = ignoredBecause(containerName(template), place, mode, draft)
  if (problem !== undefined)
    report.elsewhere(
      at,
      'START_IGNORED',
      `${from.text} starts sidecar "${template.name}" ${place}, but ${problem.message}`,
      problem.hint,
    )
}

function reportUnknown(
  sidecar: string,
  { place, from }: SetStart,
  name: string,
  names: readonly string[],
  at: SourceLocation,
  report: WorkloadReport,
): void {
  const isError = OF_ONE_WORKLOAD.has(from.level)
  if (!isError && (from.level === 'default' || names.length === 0)) return
  const hint =
    names.length === 0
      ? 'it has no init containers: remove the choice, or add the container'
      : didYouMeanHint(name, names)
  report.elsewhere(
    at,
    'INIT_CONTAINER_UNKNOWN',
    `${from.text} starts sidecar "${sidecar}" ${place}, but there is no init container "${name}"${isError ? '' : ', so it starts first'}`,
    hint,
    isError ? 'error' : 'warning',
  )
}

/** Why a sidecar does not get a place among the init containers; undefined where it does. */
function ignoredBecause(
  container: string,
  place: ItemPlace,
  mode: 'native' | 'classic' | undefined,
  draft: DesiredPod,
): { message: string; hint: string } | undefined {
  const isBefore = place.startsWith('before:')
  if (mode === 'classic')
    return isBefore
      ? {
          message: 'it runs as a classic container, which starts after all init containers',
          hint: 'run it as a native sidecar, by --mode native or mode: native, from Kubernetes 1.29',
        }
      : undefined
  const isTheirs = mode === 'native' && placedMode(draft, container) === 'native'
  if (!isTheirs || isKept(draft, container, place)) return undefined
  return {
    message: `container "${container}" belongs to the manifest and stays where it is`,
    hint: 'move it there by hand',
  }
}

/** True where an init container is already at a place. */
function isKept(draft: DesiredPod, container: string, place: ItemPlace): boolean {
  const isTheirs = (name: string | undefined): boolean =>
    name !== undefined && !draft.isOurs([...INIT_CONTAINERS, { id: name }])
  const all = initContainerNames(draft.data)
  const index = all.indexOf(container)
  const name = namedItem(place)
  if (name !== undefined) return all.indexOf(name) < index === place.startsWith('after:')
  return place === 'last' ? !all.slice(index + 1).some(isTheirs) : true
}
