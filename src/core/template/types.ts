import type { Json, JsonObject } from '../json.ts'
import type { ResourceRef } from '../diagnostic.ts'

/** What a template may know of the workload it is put into; usable as `${{ workload.name }}` and so on. */
export interface TemplateContext {
  workload: ResourceRef & { labels: Record<string, string> }
  /** The app's first container, or the one named by the user. */
  app: {
    container: string
    image: string
    /** Its first port, or the one named `http`; undefined when it declares none. */
    port: number | undefined
    portName: string | undefined
  }
}

/** A folder that the app and the sidecar both see. */
export interface SharedFolder {
  /** Name of the emptyDir volume that is added when no app container mounts the path already. */
  volume: string
  /** Absolute path in the app's containers. */
  path: string
  /** Absolute path in the sidecar; the same as `path` unless the template says otherwise. */
  sidecarPath: string
  /** Whether the sidecar mounts it read-only. */
  sidecarReadOnly: boolean
  /** Whether app containers that do not mount it yet get it read-only. */
  appReadOnly: boolean
  /** Source of the volume when one is added; `{ emptyDir: {} }` by default. */
  source: JsonObject
}

/** What to add to the app's own containers. */
export interface AppAdditions {
  /** All app containers, the first one, or the named ones. */
  containers: 'all' | 'first' | readonly string[]
  env: JsonObject[]
  volumeMounts: JsonObject[]
  ports: JsonObject[]
  lifecycle: JsonObject | undefined
}

/** What the sidecar needs of the pod. */
export interface PodAdditions {
  labels: Record<string, string>
  annotations: Record<string, string>
  imagePullSecrets: JsonObject[]
  shareProcessNamespace: boolean | undefined
  fsGroup: number | undefined
  /** Seconds; the pod's own value is raised to this, never lowered. */
  minTerminationGracePeriodSeconds: number | undefined
  /** Used only where the pod names none. */
  serviceAccountName: string | undefined
}

/** How the sidecar container runs: as an ordinary container or as a native sidecar (KEP-753). */
export type RunMode = 'auto' | 'classic' | 'native'

/** A template after its parameters and context are put in: plain Kubernetes data, nothing left to fill. */
export interface Sidecar {
  name: string
  /** The template's own version, such as `1.2.0`. */
  version: string
  container: JsonObject | undefined
  initContainers: JsonObject[]
  volumes: JsonObject[]
  sharedFolders: SharedFolder[]
  app: AppAdditions
  pod: PodAdditions
  /** Further objects (a ConfigMap...) written right after the workload. */
  objects: JsonObject[]
  mode: RunMode
  order: { position: 'first' | 'last' | undefined; before: readonly string[]; after: readonly string[] }
  requires: {
    /** Workload kinds it can go into; empty for all. */
    kinds: readonly string[]
    /** Lowest and highest Kubernetes minor, or undefined for open. */
    minMinor: number | undefined
    maxMinor: number | undefined
    hostNetwork: 'allow' | 'skip'
  }
  /** True for a proxy in front of the app's port, so that Services which bypass it can be reported. */
  proxies: number | undefined
  /** The values used, for the report and for `explain`. */
  parameters: Record<string, Json>
}
