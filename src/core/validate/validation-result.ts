import type { Diagnostic, ResourceRef } from '../diagnostics/diagnostic.ts'
import type { KubeVersion } from '../kube/version.ts'
import type { ProgressHook } from '../diagnostics/progress.ts'
import type { PodSecurityLevel } from './pod-security/pod-security.ts'
import type { SchemaLoader } from '../schema/kube-schema.ts'
import type { SourceText } from '../text/source.ts'

/** What differs between the inputs of a validation, as each has the policy that is nearest to it. */
export type InputValidation = Pick<ValidateOptions, 'kubeVersion' | 'allowPlaceholders'>

/** What `validate` is asked to do; plain values, already checked for form. */
export interface ValidateOptions {
  readonly kubeVersion: KubeVersion
  /** Whether placeholders of Flux and envsubst count as valid values. Default: no. */
  readonly allowPlaceholders?: boolean
  /** What differs for an input, by its label. Default: nothing. */
  readonly settingsOf?: (label: string) => InputValidation
  /** Whether a kind without a schema is an error; otherwise it is passed over. */
  readonly strictKinds: boolean
  /** The level of the Pod Security Standards that pods must satisfy; undefined for none. */
  readonly podSecurity?: PodSecurityLevel
  /** API versions that are off by default and that the cluster serves, as `group/version`. Default: none. */
  readonly served?: ReadonlySet<string>
  /** Inputs with CustomResourceDefinitions, beside those among the inputs that are checked. */
  readonly definitions: readonly SourceText[]
  /** The parsed JSON of a made schema file, such as `1.36/common.json`; read when asked for. */
  readonly loadSchema: SchemaLoader
  readonly onProgress?: ProgressHook
  /** Takes the diagnostics of the result as they are found, in its order. Default: nobody needs them early. */
  readonly onFound?: (found: readonly Diagnostic[]) => Promise<void>
}

/** What became of one object, or of a document that could not be read as one. */
export interface ValidatedObject {
  readonly source: SourceText
  /** 0-based index of its document in the input; comment-only and empty documents count. */
  readonly document: number
  /** Undefined where a document holds no object that could be named. */
  readonly resource: ResourceRef | undefined
  /** 0-based offset of the object in the input's text. */
  readonly offset: number
  /** `skipped`: of a kind without a schema, or passed over by kubectl. Warnings do not make an object invalid. */
  readonly status: 'valid' | 'invalid' | 'skipped'
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The result of a validation, in input order. */
export interface ValidationResult {
  /** The inputs; a long one in parts. */
  readonly files: readonly SourceText[]
  readonly objects: readonly ValidatedObject[]
  /** What is no object's: trouble with definitions. */
  readonly diagnostics: readonly Diagnostic[]
}
