import type { JsonObject } from './json.ts'
import type { KubeVersion } from './kube/version.ts'
import type { LabelSelector } from './kube/selector.ts'
import type { Policy } from './policy/types.ts'
import type { RunMode } from './template/types.ts'
import type { SourceText } from './text/source.ts'

/** One `--set TEMPLATE.PARAM=VALUE`, in the order given; the value is typed later, by the template's schema. */
export interface ParameterSetting {
  template: string
  name: string
  value: string
}

/** The templates that come with the program, read only when one is asked for. */
export interface TemplateLibrary {
  /** Names of the built-in templates, sorted. */
  readonly names: readonly string[]
  /** The text of a built-in template; undefined for a name that is not in `names`. */
  read(name: string): SourceText | undefined
  /** The same as the build made it ready; undefined where it did not. */
  ready?(name: string): ReadyTemplate | undefined
}

/** What the build makes of a built-in template, as plain data. */
export interface ReadyTemplate {
  /** Its document with all that it extends. */
  document: JsonObject
  /** The `Sidecar` that it becomes where no parameter is given, if that is the same in every workload. */
  sidecar?: JsonObject
}

/**
 * Told of each input before it is taken up, so that a person who waits can be told. It changes nothing of the work, and
 * is called for every input, so it costs next to nothing.
 * @param part what is done with all inputs in turn
 * @param n the input's number, from 1
 * @param of how many there are
 */
export type ProgressHook = (part: ProgressPart, n: number, of: number, label: string) => void

export type ProgressPart = 'reading' | 'working on' | 'checking' | 'writing'

/** What `inject` and `uninject` are asked to do; plain values, already checked for form. */
export interface InjectOptions {
  /** Templates to inject, in order; undefined when nothing was selected on the command line. */
  readonly sidecars?: readonly string[]
  readonly parameters: readonly ParameterSetting[]
  /** The policy of the repository; undefined for none. */
  readonly policy?: Policy
  readonly kubeVersion: KubeVersion
  /** What to do where a volume's or container's name is taken by something else; `fail` when undefined. */
  readonly onConflict?: 'fail' | 'rename' | 'keep'
  /** Modes asked for, by name of the sidecar, and under an empty name for all others. */
  readonly modes?: ReadonlyMap<string, RunMode>
  /**
   * Whether parts that a sidecar added are replaced or removed though someone modified them since; `silent` for a command
   * that only looks and says so by other means. When undefined they are errors.
   */
  readonly force?: 'yes' | 'silent'
  /** Only workloads of this namespace; undefined for all. */
  readonly namespace?: string
  /** Only workloads whose own labels match; undefined for all. */
  readonly selector?: LabelSelector
  /** Whether outcomes tell what sidecars cost. Default: yes; a report that does not show it need not pay for it. */
  readonly costs?: boolean
  /** Whether the result must pass validation. */
  readonly validate: boolean
  /** Whether sidecars may lower the Pod Security level of a workload. Default: no. */
  readonly allowLowerPodSecurity?: boolean
  /**
   * Whether Services lead to the proxies in front of their workloads; false puts them back. When undefined the policy
   * decides, and when it says nothing Services that lead to a proxy go on doing so, and others are only warned of.
   */
  readonly retargetServices?: boolean
  /** The user's own templates, in order; a later one wins over an earlier or built-in one of its name. */
  readonly templates: readonly SourceText[]
  readonly builtins: TemplateLibrary
  /**
   * The parsed JSON of a made schema file, such as `1.36/common.json`; read when asked for. These files come with the
   * program and are trusted.
   */
  readonly loadSchema: (file: string) => unknown
  /** Inputs that the run is not about, but whose Namespace objects count. Default: none. */
  readonly context?: readonly SourceText[]
  readonly onProgress?: ProgressHook
  /** Keeps a text out of memory; what comes back fetches it. There where inputs are kept so (`SourceText.isStored`). */
  readonly keepText?: ((text: string) => () => string) | undefined
}
