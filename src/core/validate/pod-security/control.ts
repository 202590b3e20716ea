import type { JsonObject } from '../../json/json.ts'
import type { PodPlace } from '../place.ts'

/** The levels of the Pod Security Standards, from the least to the most strict. */
export const POD_SECURITY_LEVELS = ['privileged', 'baseline', 'restricted'] as const
export type PodSecurityLevel = (typeof POD_SECURITY_LEVELS)[number]

/** A container of any of the pod's lists, as controls read it. */
export interface SecuredContainer {
  readonly name: string
  readonly data: JsonObject
  readonly place: PodPlace
  /** Its securityContext; empty where it has none. */
  readonly security: JsonObject
}

/** A volume; without a name, its name is empty. */
export interface SecuredVolume {
  readonly name: string
  readonly data: JsonObject
  readonly place: PodPlace
}

/** What controls read of a pod. A value of a wrong type counts as absent. */
export interface SecuredPod {
  /** Minor version of Kubernetes, whose standards apply. */
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
  /** True if the pod's `os.name` is windows, to which some controls do not apply. */
  readonly windows: boolean
  /**
   * True if the pod has a user namespace of its own and the version's standards take it into account (1.35 and later).
   */
  readonly userNamespace: boolean
}

/** A violation of a control, in the words of the standards, with all places that contribute to it. */
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
  /** The first minor version whose standards have the control; absent if all supported versions do. */
  readonly since?: number
  /** IDs of baseline controls that are not evaluated beside this one, as it is stricter. */
  readonly overrides?: readonly string[]
  /** @returns the violation; undefined if the pod satisfies the control */
  check(pod: SecuredPod): ControlVerdict | undefined
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

/** The distinct texts in order, as Go's `sets.List` returns them. */
export function sortedSet(items: Iterable<string>): string[] {
  return [...new Set(items)].sort()
}
