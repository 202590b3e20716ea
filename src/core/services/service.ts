import type { JsonObject } from '../json/json.ts'
import type { KubeObject } from '../kube/workload.ts'
import type { Origin } from '../selection/selection.ts'

/** A port that a container declares. */
export interface PodPort {
  /** Empty where it has none. */
  name: string
  number: number
  protocol: string
}

/** A port that a sidecar's container declares. */
export interface SidecarPort extends Omit<PodPort, 'protocol'> {
  sidecar: string
}

/** A sidecar that is in front of a port of the app. */
export interface Proxy {
  sidecar: string
  /** The app's port. */
  port: number
  /** The port at which the sidecar listens, where it declares one. */
  listens: PodPort | undefined
  mode: 'classic' | 'native'
}

/** Whether Services are to be retargeted to the proxies in front of their workloads, and what decides it. */
export interface RetargetRequest {
  /** Undefined if nothing decides it: retargeted Services stay so; for others there is only a warning. */
  retarget: boolean | undefined
  origin: Origin | undefined
}

/** One entry of a Service's `spec.ports`, as far as it can be distinguished from others. */
export interface ServicePort {
  /** `80/TCP`, as Kubernetes tells ports of a Service apart. */
  key: string
  /** Index in `spec.ports`. */
  index: number
  port: number
  protocol: string
  /** What `targetPort` holds; undefined where there is none. */
  target: JsonObject[string] | undefined
}

/** A Service of an input. */
export interface Service extends KubeObject {
  namespace: string
  selector: JsonObject
  ports: readonly ServicePort[]
  isHeadless: boolean
}
