import type { FieldPath, JsonObject } from '../json.ts'
import type { ValidationContext } from './rule.ts'

/** What the rules of a pod's spec may need to know of its surroundings. */
export interface PodContext {
  /** Kind of the object that carries the pod: `Pod`, `Deployment`... */
  readonly kind: string
  /** The pod's own metadata (a template's, not its workload's); undefined when there is none. */
  readonly metadata: JsonObject | undefined
  readonly metadataPath: FieldPath
  /** False for a Pod itself. */
  readonly inTemplate: boolean
  /**
   * Names of volumes which the API server puts before the pod's own when it validates: a StatefulSet's claim
   * templates. A volume of the pod with the same name is replaced by it.
   */
  readonly claimVolumes: readonly string[]
}

/** The rules of one pod spec. A missing spec is given as an empty map. */
export type PodRules = (ctx: ValidationContext, spec: JsonObject, path: FieldPath, pod: PodContext) => void
