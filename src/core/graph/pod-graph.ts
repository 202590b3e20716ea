import type { ResourceRef } from '../diagnostics/diagnostic.ts'

/** How a part of a picture compares with the manifest before: `same` where nothing is compared. */
export type Mark = 'same' | 'added' | 'removed' | 'changed'

/** A part of a picture. */
export interface Marked {
  mark: Mark
}

/**
 * What a container is in its pod: an init container, a native sidecar (an init container that runs on, KEP-753), a
 * container that is a sidecar of ours or of another injector, or a container of the app.
 */
export type ContainerRole = 'init' | 'native' | 'classic' | 'app'

/** A container with all that leads into it. */
export interface GraphContainer extends Marked {
  name: string
  image: string
  role: ContainerRole
  /** The sidecar of ours that it belongs to; absent for others. */
  sidecar?: string | undefined
  /**
   * 1-based step of the start: init containers start one after the other, and all app containers and classic sidecars,
   * which start together, have the last number.
   */
  step: number
  ports: readonly GraphPort[]
  probes: readonly GraphProbe[]
  mounts: readonly GraphMount[]
}

/** A port that a container declares. */
export interface GraphPort extends Marked {
  number: number
  /** Empty where it has none. */
  name: string
  protocol: string
}

/** A check of the kubelet. */
export interface GraphProbe extends Marked {
  kind: 'startup' | 'liveness' | 'readiness'
  /** What it does: `GET :8080/healthz`, `TCP :5432`, `exec pg_isready`. */
  action: string
}

/** Where a container has a volume. */
export interface GraphMount extends Marked {
  volume: string
  /** Absolute path in the container. */
  path: string
  /** Whether the container may change what is in it. */
  access: 'reads' | 'writes'
}

/** A volume of the pod. */
export interface GraphVolume extends Marked {
  name: string
  /** What it is: `emptyDir`, `ConfigMap app-config`. */
  source: string
}

/** A container port on the way of a request. */
export interface GraphHop {
  /** Empty where no container declares the port. */
  container: string
  port: number | string
}

/** A way into the pod: from a Service, or from clients of a proxy where no Service of the inputs leads to it. */
export interface GraphRoute extends Marked {
  /** Name of the Service; undefined for clients that are not known. */
  service: string | undefined
  /** The Service's port with its protocol where that is not TCP: `80`, `53/UDP`. */
  port: string
  /** The container that gets the request first, then those that it leads on to. */
  hops: readonly GraphHop[]
}

/** A label or annotation of the pods that a sidecar of ours asks for. */
export interface GraphSetting extends Marked {
  kind: 'label' | 'annotation'
  key: string
  value: string
  sidecar: string
}

/** A pod with what leads into it, as it is drawn. */
export interface PodGraph {
  resource: ResourceRef
  /** What tells several pod templates of one object apart, as a path; empty where it has one. */
  template: string
  /** `path:line` of the object. */
  place: string
  /** How many pods there are: a number as the manifest has it, or one on each node; undefined where it says nothing. */
  pods: number | 'node' | undefined
  containers: readonly GraphContainer[]
  volumes: readonly GraphVolume[]
  routes: readonly GraphRoute[]
  settings: readonly GraphSetting[]
}
