import type { Finding } from '../diagnostics/finding.ts'
import type { JsonObject } from '../json/json.ts'
import type { KubeVersion } from '../kube/version.ts'
import type { CelCompiler } from '../cel/environment.ts'

/** What validation looks for: all findings, or only errors, for which the API server rejects the object. */
export type ValidationScope = 'all' | 'errors'

/** One object under validation. Rules read `data` and call `report`; they never change anything. */
export interface ValidationContext {
  readonly data: JsonObject
  /** API group of the object: empty for core. */
  readonly group: string
  /** API version without the group: `v1`. */
  readonly version: string
  readonly kind: string
  /** Whether objects of the kind are in a namespace; false if that is not known. */
  readonly isNamespaced: boolean
  readonly kubeVersion: KubeVersion
  /** Compiles CEL expressions; absent where none is compiled. */
  readonly compileCel?: CelCompiler | undefined
  report(finding: Finding): void
}
