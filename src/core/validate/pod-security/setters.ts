import type { Json, JsonObject } from '../../json/json.ts'
import type { PodPlace } from '../place.ts'
import { at } from '../pod/scope.ts'
import { valueOf } from '../pod/values.ts'
import { containersText, type SecuredContainer, type SecuredPod } from './control.ts'

/** The pod and containers that set a field of `securityContext` to a forbidden value. */
export interface Setters {
  /** `pod and containers "a", "b"`; empty if none does. */
  readonly text: string
  readonly places: readonly PodPlace[]
}

const NONE: Setters = { text: '', places: [] }

/** Finds the pod and containers whose `securityContext` has a forbidden value under `key`. */
export function settersOf(pod: SecuredPod, key: string, isBad: (value: Json) => boolean): Setters {
  const isSet = (security: JsonObject): boolean => {
    const value = valueOf(security, key)
    return value !== undefined && isBad(value)
  }
  const podSets = isSet(pod.security)
  const containers = pod.containers.filter(({ security }) => isSet(security))
  if (!podSets && containers.length === 0) return NONE
  return {
    text: [podSets ? 'pod' : '', containers.length > 0 ? containersText(namesOf(containers)) : '']
      .filter((part) => part !== '')
      .join(' and '),
    places: [...(podSets ? [pod] : []), ...containers].map(({ place }) => at(place, 'securityContext', key)),
  }
}

export function namesOf(containers: readonly SecuredContainer[]): string[] {
  return containers.map(({ name }) => name)
}

/** Values of a key in the `securityContext` of the pod and all containers, the pod's first. */
export function securityValues(pod: SecuredPod, key: string): Json[] {
  return [pod, ...pod.containers].map(({ security }) => valueOf(security, key)).filter((value) => value !== undefined)
}
