/** Types of the library. This file is published as it is, so it holds types only and imports nothing. */

/** A text with its name: a path, relative to the folder of the policy, as rules on paths match it. */
export interface TextFile {
  readonly name: string
  readonly text: string
}

/** Manifests: one text, or files. A text is called `<input>` in diagnostics. */
export type Input = string | TextFile | readonly TextFile[]

/** How sidecar containers run. */
export type RunMode = 'auto' | 'native' | 'classic'
export type StartPlace = 'first' | 'last' | `before:${string}` | `after:${string}`

/**
 * The files of `sidecarctl/schemas/`, parsed, by their path there: `1.36/common.json`, `1.36/other.json` and
 * `history.json`; or a function that gives them. One version is enough: the one that `kubernetesVersion` names.
 */
export type Schemas = Readonly<Record<string, unknown>> | ((path: string) => unknown)

/** The options of every function. */
export interface CommonOptions {
  /** `1.31` to `1.36`, or `latest`. Default: as the policy says, else the newest known. */
  readonly kubernetesVersion?: string | undefined
  /** A policy, as `sidecarctl.yaml` has it: its text, a file, or data. Templates that it names go into `templates`. */
  readonly policy?: string | TextFile | object | undefined
  /** Accept input without objects. Default: false. */
  readonly allowEmpty?: boolean | undefined
  /** Schemas of Kubernetes. Required in `sidecarctl/core`; `sidecarctl` reads them from the package. */
  readonly schemas?: Schemas | undefined
}

/** The options of functions that plan sidecars. */
export interface SidecarOptions extends CommonOptions {
  /** Names of sidecars, in the order of injection. Default: as annotations and the policy say. */
  readonly sidecars?: readonly string[] | undefined
  /** Values of parameters, by sidecar and name. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined
  /** How sidecars run: all of them, or by name. Default: as the templates say. */
  readonly mode?: RunMode | Readonly<Record<string, RunMode>> | undefined
  /** Where among the init containers sidecars start: all of them, or by name. Default: as the templates say. */
  readonly start?: StartPlace | Readonly<Record<string, StartPlace>> | undefined
  /** Your own templates. They win over built-in ones of the same name. */
  readonly templates?: readonly TextFile[] | undefined
  /** The built-in templates: `sidecarctl/templates.json`. Required in `sidecarctl/core`, or `[]` for none. */
  readonly builtins?: readonly TextFile[] | undefined
  /** What to do when the name of a volume or container is taken. Default: fail. */
  readonly onConflict?: 'fail' | 'rename' | 'keep' | undefined
  /** Only workloads in this namespace. */
  readonly namespace?: string | undefined
  /** Only workloads with these labels, as `kubectl -l` takes them. */
  readonly selector?: string | undefined
  /** Fail on errors that the input already had. Default: true. */
  readonly validate?: boolean | undefined
  /** Let sidecars lower the Pod Security level of a workload. Default: false. */
  readonly allowLowerPodSecurity?: boolean | undefined
  /** Inject existing Pods and objects with an owner, too. Default: false. */
  readonly includeOwned?: boolean | undefined
  /** Retarget Services to the proxies of their workloads; false restores them. Default: as the policy says. */
  readonly retargetServices?: boolean | undefined
}

export interface InjectOptions extends SidecarOptions {
  /** Discard changes made to what a sidecar added. Default: false. */
  readonly force?: boolean | undefined
}

export interface ValidateOptions extends CommonOptions {
  /** Report kinds without a schema as errors. Default: false, which skips them. */
  readonly strictKinds?: boolean | undefined
  /** API versions that are off by default and that the cluster serves: `resource.k8s.io/v1beta1`. */
  readonly served?: readonly string[] | undefined
  /** Files with CustomResourceDefinitions. */
  readonly definitions?: readonly TextFile[] | undefined
  /** The Pod Security Standards level that pods must satisfy. */
  readonly podSecurity?: 'baseline' | 'restricted' | undefined
}

/** An object; its namespace may be empty. */
export interface Resource {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

/** A finding; unknown values are null. */
export interface Diagnostic {
  /** Stable, such as `SELECTOR_MISMATCH`. */
  readonly code: string
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
  readonly file: string | null
  /** 0-based index of the document in the file. */
  readonly document: number | null
  /** 1-based, as are columns, which count characters. */
  readonly line: number | null
  readonly column: number | null
  readonly endLine: number | null
  readonly endColumn: number | null
  /** The field, as the API server prints it. */
  readonly path: string | null
  readonly hint: string | null
  readonly resource: Resource | null
}

/** Where a decision or a value comes from. */
export interface Origin {
  readonly level: string
  readonly text: string
  readonly file?: string
  readonly line?: number
}

/** A sidecar in a workload. `explain` gives all fields; the others leave origins and `fields` out. */
export interface Sidecar {
  readonly name: string
  readonly state:
    | 'up to date'
    | 'missing'
    | 'outdated'
    | 'edited'
    | 'left over'
    | 'no record'
    | 'foreign'
    | 'skipped'
    | 'failed'
  /** The version found. */
  readonly version?: string
  readonly templateVersion?: string
  readonly mode?: 'classic' | 'native'
  readonly action?: 'added' | 'updated' | 'kept' | 'removed' | 'skipped'
  readonly reason?: string
  /** What it adds, in words. */
  readonly details?: readonly string[]
  readonly removed?: readonly string[]
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly origin?: Origin
  readonly modeOrigin?: Origin
  /** Where among the init containers it is to start, if anything says so. */
  readonly start?: StartPlace
  readonly startOrigin?: Origin
  readonly parameterOrigins?: Readonly<Record<string, Origin>>
  /** Fields of the pod template that it adds, and the part of the template that makes each. */
  readonly fields?: readonly {
    readonly field: string
    readonly template?: string
    readonly file?: string
    readonly line?: number
    readonly parameters?: readonly string[]
  }[]
}

/** A workload, and what happened or would happen to it. */
export interface Workload extends Resource {
  readonly file: string
  readonly line: number
  readonly document: number
  readonly status: 'injected' | 'updated' | 'up to date' | 'removed' | 'skipped' | 'failed'
  readonly reason?: string
  readonly origin?: Origin
  readonly sidecars: readonly Sidecar[]
  readonly objects?: readonly { readonly id: string; readonly action: 'added' | 'updated' | 'removed' }[]
  /** What the sidecars add, as Kubernetes quantities. */
  readonly cost?: object
}

/** What every function gives. */
export interface Result {
  /** What the command of the same name prints on standard output. */
  readonly output: string
  /** All findings, in the order of the input. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface EditResult extends Result {
  /** The manifests, several files as one stream. Empty if a diagnostic is an error. */
  readonly output: string
  /** The same file by file. Empty if a diagnostic is an error. */
  readonly files: readonly (TextFile & { readonly isChanged: boolean })[]
  readonly workloads: readonly Workload[]
}

/** A difference between a workload or Service and what `inject` would make of it. */
export interface Difference {
  readonly file: string
  readonly line: number
  readonly state: 'missing' | 'outdated' | 'edited' | 'left over' | 'no record' | 'outdated record'
  readonly message: string
  readonly resource: Resource
}

export interface CheckResult extends Result {
  readonly workloads: readonly Workload[]
  readonly differences: readonly Difference[]
  /** True if there are no differences and no errors. */
  readonly isUpToDate: boolean
}

export interface ExplainResult extends Result {
  readonly workloads: readonly Workload[]
}

/** An object that was validated; the fields of `Resource` are empty for a document without an object. */
export interface ValidatedObject extends Resource {
  readonly file: string
  readonly line: number
  readonly document: number
  /** `skipped` for a kind without a schema. */
  readonly status: 'valid' | 'invalid' | 'skipped'
}

export interface ValidateResult extends Result {
  readonly objects: readonly ValidatedObject[]
}

/** Adds sidecars to manifests. */
export type Inject = (input: Input, options?: InjectOptions) => Promise<EditResult>
/** Removes the named sidecars, or all. */
export type Uninject = (input: Input, options?: InjectOptions) => Promise<EditResult>
/**
 * Reports workloads that `inject` would change. Where nothing chooses sidecars, those that are injected already are
 * compared; workloads without are skipped.
 */
export type Check = (input: Input, options?: SidecarOptions) => Promise<CheckResult>
/** Explains why each workload gets its sidecars. */
export type Explain = (input: Input, options?: SidecarOptions) => Promise<ExplainResult>
/** Validates manifests as the API server would. */
export type Validate = (input: Input, options?: ValidateOptions) => Promise<ValidateResult>
