import type { Diagnostic, ResourceRef } from '../diagnostic.ts'
import type { JsonObject } from '../json.ts'
import type { KubeVersion } from '../kube/version.ts'
import type { ProgressHook } from '../options.ts'
import type { PodSecurityLevel } from '../pod-security/index.ts'
import type { SchemaLoader } from '../schema/schema.ts'
import type { SourceText } from '../text/source.ts'

/** What `validate` is asked to do; plain values, already checked for form. */
export interface ValidateOptions {
  readonly kubeVersion: KubeVersion
  /** Whether a kind without a schema is an error; otherwise it is passed over. */
  readonly strictKinds: boolean
  /** The level of the Pod Security Standards that pods must satisfy; undefined for none. */
  readonly podSecurity?: PodSecurityLevel
  /** Inputs with CustomResourceDefinitions, beside those among the inputs that are checked. */
  readonly definitions: readonly SourceText[]
  /** The parsed JSON of a made schema file, such as `1.36/common.json`; read when asked for. */
  readonly loadSchema: SchemaLoader
  readonly onProgress?: ProgressHook
  /** Asks another thread to take part; gives nothing where that would not pay. */
  readonly share?: (task: PackedTask) => SharedCheck | undefined
}

/** What a check is made of, for another thread to take part in it. */
export interface CheckTask {
  readonly inputs: readonly SourceText[]
  readonly definitions: readonly JsonObject[]
  readonly options: Pick<ValidateOptions, 'kubeVersion' | 'strictKinds' | 'podSecurity'>
}

/** The same as plain data. */
export interface PackedTask extends Omit<CheckTask, 'inputs'> {
  readonly inputs: readonly Pick<SourceText, 'label' | 'text' | 'encoding' | 'bom' | 'before'>[]
}

/** A result without the inputs, which its places are in. */
export type PackedResult = readonly [n: number, result: UnitResult]

/** A check that another thread takes part in. */
export interface SharedCheck {
  /** The number of the next unit that nobody has taken. */
  next(): number
  /** What the other thread made of its units; fewer where it failed. */
  results(): Promise<readonly PackedResult[]>
}

/** What became of one object, or of a document that could not be read as one. */
export interface CheckedObject {
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
  readonly objects: readonly CheckedObject[]
  /** What is no object's: trouble with definitions. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Documents that are checked by themselves: some of one input, or all. */
export interface Unit {
  /** 0-based index of the input. */
  readonly input: number
  /** Its chunks from `from` to before `to`; absent for all of it. */
  readonly chunks?: { readonly from: number; readonly to: number }
}

/** What the check of a unit came to. */
export interface UnitResult {
  /** With the numbers of documents as they are when every chunk before the unit is one. */
  readonly objects: readonly CheckedObject[]
  /** How many documents more the unit has than chunks, by which those behind it move on. */
  readonly shift: number
  /** The CustomResourceDefinitions in it. */
  readonly definitions: readonly JsonObject[]
  /** Whether an object is of a kind that a CustomResourceDefinition could name. */
  readonly open: boolean
}
