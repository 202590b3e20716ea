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

/** A sidecar that stands in front of a port of the app. */
export interface Proxy {
  sidecar: string
  /** The app's port. */
  port: number
  /** The port at which the sidecar listens, where it declares one. */
  listens: PodPort | undefined
  mode: 'classic' | 'native'
}

/** Whether Services are to be sent to the proxies in front of their workloads, and who said so. */
export interface RetargetRequest {
  /** Undefined where nobody said anything: Services that were retargeted stay so, others are only warned of. */
  retarget: boolean | undefined
  origin: Origin | undefined
}

/** One entry of a Service's `spec.ports`, as far as it can be told from others. */
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
