import type { DiagnosticCode } from '../codes.ts'
import type { Severity } from '../diagnostic.ts'
import type { FieldPath, JsonObject } from '../json.ts'
import type { KubeVersion } from '../kube/version.ts'
import type { CelCompiler } from './cel.ts'

/** What a rule found, in terms of plain data. Positions are looked up later from `path`. */
export interface Finding {
  code: DiagnosticCode
  /** Absent: the code's default. */
  severity?: Severity
  /** The field as the API server would name it, from the object's root; for a missing field, the field itself. */
  path: FieldPath
  /** Where to point, when the API server's path is coarser than what is known or is no place in the data. Default: `path`. */
  at?: FieldPath
  /** Whether the caret belongs under the key (a misspelt or forbidden field) or its value. Default: value. */
  on?: 'key' | 'value'
  /** One sentence in the user's terms, without the path (it is printed beside it). */
  message: string
  hint?: string
  related?: { path: FieldPath; message: string }[]
}

/** What a check looks for: all there is to say of an object, or why the API server refuses it. */
export type CheckScope = 'all' | 'errors'

/** One object under validation. Rules read `data` and call `report`; they never change anything. */
export interface ValidationContext {
  readonly data: JsonObject
  /** API group of the object: empty for core. */
  readonly group: string
  /** API version without the group: `v1`. */
  readonly version: string
  readonly kind: string
  readonly kubeVersion: KubeVersion
  /** Compiles expressions in CEL; absent where nothing is compiled. */
  readonly compileCel?: CelCompiler | undefined
  report(finding: Finding): void
}
