import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { SourceLocation } from '../diagnostics/diagnostic.ts'
import { isObject, type JsonPath, type JsonObject } from '../json/json.ts'
import type { FieldPath } from '../field-path/field-path.ts'
import type { ItemPlace } from '../field-path/item-place.ts'
import type { DesiredPod } from './desired-pod.ts'
import { isKnownInjectorContainer } from './known-injectors.ts'
import { isOverride } from './override.ts'
import { CONTAINERS, INIT_CONTAINERS, VOLUMES } from '../field-path/pod-fields.ts'

/** A problem found while planning, at a field of the pod template. */
export interface PlanProblem {
  code: DiagnosticCode
  message: string
  hint?: string
  address: FieldPath
  related?: { message: string; at: SourceLocation }[]
}

/** What planning one sidecar needs beside the desired pod. */
export interface ApplyContext {
  mode: 'native' | 'classic'
  /** Where the sidecar and its init containers go among the init containers of the pod. */
  start: ItemPlace
  /** Whether a record lists the sidecar. */
  isRecorded: boolean
  /** Names of the volumes from `volumeClaimTemplates` of a StatefulSet. */
  claims: ReadonlySet<string>
  report: (problem: PlanProblem) => void
  /** The location of a field of the sidecar's template, for messages. */
  place: (path: JsonPath) => SourceLocation
}

/** The related location for a name that is taken: where the template requests it. */
export function wantedHere({ place }: ApplyContext, path: JsonPath): { message: string; at: SourceLocation }[] {
  return [{ message: 'requested by the sidecar here', at: place(path) }]
}

/** The items of a list of the desired pod that are maps. */
export function listOf(draft: DesiredPod, address: FieldPath): JsonObject[] {
  const value = draft.get(address)
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The name of a container or volume; empty where it has none. */
export function nameOf(item: JsonObject): string {
  return typeof item['name'] === 'string' ? item['name'] : ''
}

/** The app's containers: without those that sidecarctl or another injector added, and without overrides. */
export function appContainers(draft: DesiredPod): JsonObject[] {
  return usersContainers(draft).filter((c) => !draft.sidecarNames.has(nameOf(c)))
}

/** The app containers that get folders, settings and mounts: the chosen ones, or all. */
export function chosenContainers(draft: DesiredPod): JsonObject[] {
  const { chosenContainers: names } = draft
  const all = appContainers(draft)
  return names === undefined ? all : all.filter((container) => names.has(nameOf(container)))
}

/** All containers except init containers that neither sidecarctl nor another injector added. */
export function usersContainers(draft: DesiredPod): JsonObject[] {
  return listOf(draft, CONTAINERS).filter(
    (c) => !draft.isOurs([...CONTAINERS, { id: nameOf(c) }]) && !isKnownInjectorContainer(c),
  )
}

/**
 * Notes which of the user's containers override a sidecar's of their name. If no other container were left for the app,
 * none is an override.
 * @param names of the sidecars' containers
 */
export function claimNames(draft: DesiredPod, names: Iterable<string>): void {
  const overrides = new Set(
    [...names].filter((name) =>
      [CONTAINERS, INIT_CONTAINERS].some((list) => isOverride(draft, [...list, { id: name }])),
    ),
  )
  if (!usersContainers(draft).every((c) => overrides.has(nameOf(c))))
    for (const name of overrides) draft.sidecarNames.add(name)
}

/** Adds a volume. Reports a problem if a volume of that name has other content. */
export function putVolume(
  draft: DesiredPod,
  owner: string,
  volume: JsonObject,
  from: JsonPath,
  context: ApplyContext,
): void {
  const address = [...VOLUMES, { id: nameOf(volume) }]
  if (draft.set(owner, address, volume) !== 'conflict') return
  context.report({
    code: 'VOLUME_NAME_TAKEN',
    message: `volume "${nameOf(volume)}" already exists with other content than sidecar "${owner}" requires`,
    hint: 'rename that volume, or use --on-conflict=rename (another name) or --on-conflict=keep (the existing volume)',
    address: [...address, 'name'],
    related: wantedHere(context, from),
  })
}
