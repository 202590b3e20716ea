import type { Json, JsonObject } from '../json/json.ts'
import type { ServiceVolume } from './service-pod.ts'

/** What a sidecar's containers are translated with. */
export interface PodFacts {
  /** The service of the app, as the file calls it. */
  service: string
  app: JsonObject
  /** The pod with its sidecars. */
  pod: JsonObject
  /** Objects that came with the sidecars. */
  objects: readonly JsonObject[]
  /** The folders of the app's service by the name of the volume in the pod. */
  folders: ReadonlyMap<string, ServiceVolume>
  /** Whether the sidecar must be reached, or reach the app, on localhost. */
  sharesNetwork: boolean
}

/** A service for a container, the other parts of the file that it needs, and what Compose cannot express. */
export interface SidecarService {
  service: JsonObject
  /** Entries of the file's own `volumes` and `configs`. */
  volumes: Map<string, Json>
  configs: Map<string, Json>
  /** What Compose cannot express, and what that means. */
  notes: string[]
  /** Why it cannot be a service at all. */
  problems: string[]
}

/** Text as Compose reads it back: `$` would begin a variable. Source: Compose Specification, 12-interpolation.md. */
export function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$')
}

/** Sets a key, unless there is nothing to say. */
export function put(map: JsonObject, key: string, value: Json | undefined): void {
  if (value !== undefined && (!Array.isArray(value) || value.length > 0)) map[key] = value
}
