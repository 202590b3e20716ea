import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import type { DesiredPod } from '../desired/desired-pod.ts'
import { appContainers, nameOf } from '../desired/pod-paths.ts'
import { fieldAt } from '../field-path/field-path.ts'
import { CONTAINERS, INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import { mapsOf, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { OVERRIDE } from '../selection/annotations.ts'
import type { Picked, Selection } from '../selection/selection.ts'
import type { WorkloadReport } from './workload-report.ts'

/** Names of the containers that annotations declare to be overrides; one that does not exist is reported. */
export function declaredOverrides(
  template: JsonObject,
  { overrides }: Selection,
  report: WorkloadReport,
): ReadonlySet<string> {
  const lists = [CONTAINERS, INIT_CONTAINERS]
  const exists = (name: string): boolean =>
    lists.some((list) => fieldAt(template, [...list, { id: name }]) !== undefined)
  for (const { name, origin } of overrides.filter((one) => !exists(one.name))) {
    const names = lists.flatMap((list) => containerNames(valueAt(template, list)))
    report.elsewhere(
      origin.at,
      'ANNOTATION_INVALID',
      `${OVERRIDE} names a container "${name}" that does not exist`,
      didYouMeanHint(name, names) ?? `containers: ${names.join(', ')}`,
    )
  }
  return new Set(overrides.map(({ name }) => name))
}

function containerNames(list: Json | undefined): string[] {
  return mapsOf(list)
    .map(nameOf)
    .filter((name) => name !== '')
}

/** Reports chosen containers that are not containers of the app. */
export function reportUnknownContainers(draft: DesiredPod, chosen: readonly Picked[], report: WorkloadReport): void {
  const names = appContainers(draft).map(nameOf)
  for (const { name, origin } of chosen.filter((one) => !names.includes(one.name))) {
    report.elsewhere(
      origin.at ?? report.locationOf([]),
      'CONTAINER_UNKNOWN',
      `${origin.text} chooses the container "${name}", which the app does not have`,
      didYouMeanHint(name, names),
    )
  }
}
