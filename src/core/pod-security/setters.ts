import type { FieldPath, Json, JsonObject } from '../json.ts'
import { isObject } from '../json.ts'
import { valueAt } from '../kube/workload.ts'
import { below, containersText, type SecuredContainer, type SecuredPod } from './control.ts'

/** Those who set a field of `securityContext` to something: the pod itself, and containers. */
export interface Setters {
  /** `pod and containers "a", "b"`; empty when nobody did. */
  readonly text: string
  readonly places: readonly FieldPath[]
}

/** A value at a path; null and absent are the same, as in Go. */
export function field(data: JsonObject, ...path: string[]): Json | undefined {
  return valueAt(data, path) ?? undefined
}

/** A map at a path, or undefined. */
export function mapField(data: JsonObject, ...path: string[]): JsonObject | undefined {
  const value = field(data, ...path)
  return isObject(value) ? value : undefined
}

/** A list at a path; empty where there is none. */
export function listField(data: JsonObject, ...path: string[]): readonly Json[] {
  const value = field(data, ...path)
  return Array.isArray(value) ? value : []
}

/** Texts of a list. */
export function textsField(data: JsonObject, ...path: string[]): string[] {
  return listField(data, ...path).filter((item) => typeof item === 'string')
}

/** Finds the pod and containers whose `securityContext` has a value of a kind at `path` inside it. */
export function settersOf(
  pod: SecuredPod,
  path: readonly string[],
  isBad: (value: Json) => boolean,
): Setters {
  const full = ['securityContext', ...path]
  const bad = (data: JsonObject): boolean => {
    const value = field(data, ...full)
    return value !== undefined && isBad(value)
  }
  const containers = pod.containers.filter(({ data }) => bad(data))
  const podSets = bad(pod.spec)
  return {
    text: [podSets ? 'pod' : '', containers.length > 0 ? containersText(namesOf(containers)) : '']
      .filter((part) => part !== '')
      .join(' and '),
    places: [
      ...(podSets ? [below(pod.specPath, ...full)] : []),
      ...containers.map((container) => below(container.path, ...full)),
    ],
  }
}

export function namesOf(containers: readonly SecuredContainer[]): string[] {
  return containers.map(({ name }) => name)
}

/** Values at a path inside the `securityContext` of the pod and all containers, the pod's first. */
export function securityValues(pod: SecuredPod, path: readonly string[]): Json[] {
  return [pod.spec, ...pod.containers.map(({ data }) => data)]
    .map((data) => field(data, 'securityContext', ...path))
    .filter((value) => value !== undefined)
}
