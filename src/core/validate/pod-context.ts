import type { JsonPath, JsonObject } from '../json/json.ts'
import type { KubeVersion } from '../kube/version.ts'

/** What the rules of a pod's spec need to know of the object around it. */
export interface PodContext {
  readonly kubeVersion: KubeVersion
  /** Kind of the object that carries the pod: `Pod`, or that of a workload whose template holds the spec. */
  readonly kind: string
  /** The pod's own metadata (a template's, not its workload's); undefined when there is none. */
  readonly metadata: JsonObject | undefined
  readonly metadataPath: JsonPath
  /**
   * Names of volumes which the API server puts before the pod's own when it validates: a StatefulSet's claim
   * templates. A volume of the pod with the same name is replaced by it.
   */
  readonly extraVolumes: readonly string[]
}

/** The rules of one pod spec, which report by themselves. A missing spec is given as an empty map. */
export type PodRules = (spec: JsonObject, path: JsonPath, pod: PodContext) => void
