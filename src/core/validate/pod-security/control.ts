import type { JsonObject } from '../../json/json.ts'
import type { PodPlace } from '../place.ts'

/** The levels of the Pod Security Standards, from the one that forbids nothing to the one that forbids most. */
export const POD_SECURITY_LEVELS = ['privileged', 'baseline', 'restricted'] as const
export type PodSecurityLevel = (typeof POD_SECURITY_LEVELS)[number]

/** A container of any of the pod's lists, as the standards look at it. */
export interface SecuredContainer {
  readonly name: string
  readonly data: JsonObject
  readonly place: PodPlace
  /** Its securityContext; empty where it has none. */
  readonly security: JsonObject
}

/** A volume with a name or without. */
export interface SecuredVolume {
  readonly name: string
  readonly data: JsonObject
  readonly place: PodPlace
}

/** What controls read of a pod: values of a wrong type are gone, as if they were not set. */
export interface SecuredPod {
  /** Minor of the Kubernetes version whose standards are meant. */
  readonly minor: number
  readonly spec: JsonObject
  readonly place: PodPlace
  /** Its securityContext; empty where it has none. */
  readonly security: JsonObject
  /** Init containers, containers, ephemeral containers, in this order. */
  readonly containers: readonly SecuredContainer[]
  readonly volumes: readonly SecuredVolume[]
  readonly annotations: JsonObject
  readonly annotationsPlace: PodPlace
  /** True when the pod says that it runs on Windows, where some controls mean nothing. */
  readonly windows: boolean
  /** True when the pod has a user namespace of its own, and the version's standards count that (1.35 and later). */
  readonly userNamespace: boolean
}

/** What a control forbids in a pod, in the words of the standards, and all places that have part in it. */
export interface ControlVerdict {
  readonly reason: string
  readonly detail: string
  readonly places: readonly PodPlace[]
}

/** One control of the standards. */
export interface Control {
  /** The check's ID in k8s.io/pod-security-admission. */
  readonly id: string
  readonly level: 'baseline' | 'restricted'
  /** The first minor that has it; absent where all known versions do. */
  readonly since?: number
  /** IDs of baseline controls that need not be asked beside this one, as it is stricter. */
  readonly overrides?: readonly string[]
  /** @returns undefined where the pod is as the control requires. */
  check(pod: SecuredPod): ControlVerdict | undefined
}

/** A place some steps further down. */
export function below(place: PodPlace, ...steps: (string | number)[]): PodPlace {
  return steps.reduce<PodPlace>((parent, step) => ({ parent, step }), place)
}

/** `"a", "b"` */
export function quoted(items: Iterable<string>): string {
  return [...items].map((item) => `"${item}"`).join(', ')
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many
}

/** `container "web"`, `containers "web", "log"` */
export function containersText(names: readonly string[]): string {
  return `${plural(names.length, 'container')} ${quoted(names)}`
}

/** Different texts in alphabetical order, as Go's `sets.List` gives them. */
export function sortedSet(items: Iterable<string>): string[] {
  return [...new Set(items)].sort()
}
