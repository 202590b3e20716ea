import type { KubeVersion } from '../kube/version.ts'
import type { SourceText } from '../text/source.ts'
import type { TemplateLibrary } from '../template/library.ts'
import type { ProgressHook } from '../diagnostics/progress.ts'
import type { SelectionOptions } from '../selection/selection-options.ts'

/** What differs between the inputs of a run, as each has the policy that is nearest to it. */
export type InputSettings = Pick<
  InjectOptions,
  'policy' | 'kubeVersion' | 'templates' | 'whenUnchosen' | 'allowPlaceholders'
>

/** What `inject` and `uninject` are asked to do; plain values, already checked for form. */
export interface InjectOptions extends SelectionOptions {
  readonly kubeVersion: KubeVersion
  /** What to do where a volume's or container's name is taken by something else; `fail` when undefined. */
  readonly onConflict?: 'fail' | 'rename' | 'keep'
  /**
   * Whether parts that a sidecar added are replaced or removed though someone modified them since; `silent` for a command
   * that only looks and says so by other means. When undefined they are errors.
   */
  readonly force?: 'yes' | 'silent'
  /** Whether outcomes tell what sidecars cost. Default: yes; a report that does not show it need not pay for it. */
  readonly costs?: boolean
  /** Whether the result must pass validation. */
  readonly validate: boolean
  /** Whether placeholders of Flux and envsubst count as valid values. Default: no. */
  readonly allowPlaceholders?: boolean
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
  readonly onProgress?: ProgressHook
  /**
   * The settings of an input by its label, in the place of those of the run; inputs with the same object share what is
   * made of it. Default: the run's.
   */
  readonly settingsOf?: (label: string) => InputSettings
  /** Keeps a text out of memory; what comes back fetches it. There where inputs are kept so (`SourceText.isStored`). */
  readonly keepText?: ((text: string) => () => string) | undefined
}
