import type { Diagnostic, ResourceRef } from '../diagnostics/diagnostic.ts'
import type { KubeVersion } from '../kube/version.ts'
import type { ProgressHook } from '../diagnostics/progress.ts'
import type { PodSecurityLevel } from './pod-security/pod-security.ts'
import type { SchemaLoader } from '../schema/kube-schema.ts'
import type { SourceText } from '../text/source.ts'

/** Settings that can differ between inputs, as each has the policy file nearest to it. */
export type InputValidation = Pick<ValidateOptions, 'kubeVersion' | 'allowPlaceholders'>

/** The options of a validation, whose form is already validated. */
export interface ValidateOptions {
  readonly kubeVersion: KubeVersion
  /** Whether placeholders of Flux and envsubst count as valid values. Default: no. */
  readonly allowPlaceholders?: boolean
  /** The settings of an input, by its label. Default: the options themselves. */
  readonly settingsOf?: ((label: string) => InputValidation) | undefined
  /** Whether a kind without a schema is an error; otherwise its objects are skipped. */
  readonly strictKinds: boolean
  /** The level of the Pod Security Standards that pods must satisfy; undefined for none. */
  readonly podSecurity?: PodSecurityLevel | undefined
  /** API versions that are off by default and that the cluster serves, as `group/version`. Default: none. */
  readonly served?: ReadonlySet<string>
  /** Inputs with CustomResourceDefinitions, in addition to those among the inputs to validate. */
  readonly definitions: readonly SourceText[]
  /** Returns the parsed JSON of a generated schema file, such as `1.36/common.json`. */
  readonly loadSchema: SchemaLoader
  readonly onProgress?: ProgressHook | undefined
  /** Called with the diagnostics of the result as they are found, in its order. */
  readonly onFound?: ((found: readonly Diagnostic[]) => Promise<void>) | undefined
}

/** The result for one object, or for a document without one. */
export interface ValidatedObject {
  readonly source: SourceText
  /** 0-based index of its document in the input; comment-only and empty documents count. */
  readonly document: number
  /** Undefined where a document holds no object that could be named. */
  readonly resource: ResourceRef | undefined
  /** 0-based offset of the object in the input's text. */
  readonly offset: number
  /** `skipped`: of a kind without a schema, or ignored by kubectl. Warnings do not make an object invalid. */
  readonly status: 'valid' | 'invalid' | 'skipped'
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The result of a validation, in input order. */
export interface ValidationResult {
  /** The inputs; a long one is given as several parts. */
  readonly files: readonly SourceText[]
  readonly objects: readonly ValidatedObject[]
  /** Diagnostics of the definitions, which belong to no object. */
  readonly diagnostics: readonly Diagnostic[]
}
