import { type Json, type JsonObject, isObject } from '../../json/json.ts'
import type { PodPlace } from '../place.ts'
import { below, containersText, type SecuredContainer, type SecuredPod } from './control.ts'

/** The pod and containers that set a field of `securityContext` to a forbidden value. */
export interface Setters {
  /** `pod and containers "a", "b"`; empty if none does. */
  readonly text: string
  readonly places: readonly PodPlace[]
}

/** The value of a key; null and absent are the same, as in Go. */
export function field(data: JsonObject, key: string): Json | undefined {
  const value = data[key] ?? undefined
  return value !== undefined && Object.hasOwn(data, key) ? value : undefined
}

/** A map, or undefined. */
export function mapField(data: JsonObject, key: string): JsonObject | undefined {
  const value = field(data, key)
  return isObject(value) ? value : undefined
}

/** A list; empty where there is none. */
export function listField(data: JsonObject, key: string): readonly Json[] {
  const value = field(data, key)
  return Array.isArray(value) ? value : NOTHING
}

const NOTHING: readonly Json[] = []
const NOBODY: Setters = { text: '', places: [] }

/** Finds the pod and containers whose `securityContext` has a forbidden value under `key`. */
export function settersOf(pod: SecuredPod, key: string, isBad: (value: Json) => boolean): Setters {
  const isSet = (security: JsonObject): boolean => {
    const value = field(security, key)
    return value !== undefined && isBad(value)
  }
  const podSets = isSet(pod.security)
  const containers = pod.containers.filter(({ security }) => isSet(security))
  if (!podSets && containers.length === 0) return NOBODY
  return {
    text: [podSets ? 'pod' : '', containers.length > 0 ? containersText(namesOf(containers)) : '']
      .filter((part) => part !== '')
      .join(' and '),
    places: [...(podSets ? [pod] : []), ...containers].map(({ place }) => below(place, 'securityContext', key)),
  }
}

export function namesOf(containers: readonly SecuredContainer[]): string[] {
  return containers.map(({ name }) => name)
}

/** Values of a key in the `securityContext` of the pod and all containers, the pod's first. */
export function securityValues(pod: SecuredPod, key: string): Json[] {
  return [pod, ...pod.containers].map(({ security }) => field(security, key)).filter((value) => value !== undefined)
}
