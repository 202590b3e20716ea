import type { KubeVersion } from '../kube/version.ts'
import type { SourceText } from '../text/source.ts'
import type { TemplateLibrary } from '../template/library.ts'
import type { ProgressHook } from '../diagnostics/progress.ts'
import type { Policy } from '../selection/policy.ts'
import type { SelectionOptions } from '../selection/selection-options.ts'

/** The settings that may differ between the inputs of a run, as each has the policy that is nearest to it. */
export type InputSettings = Pick<InjectOptions, 'kubeVersion' | 'templates' | 'whenUnchosen' | 'allowPlaceholders'> & {
  readonly policy: Policy | undefined
}

/** The options of `inject` and `uninject`: plain values with valid syntax. */
export interface InjectOptions extends SelectionOptions {
  readonly kubeVersion: KubeVersion
  /** What to do where the name of a volume or container is taken; `fail` when undefined. */
  readonly onConflict?: 'fail' | 'rename' | 'keep'
  /**
   * Whether fields that a sidecar added are replaced or removed although they were modified since: `yes` with a
   * warning; `silent` for a command that only compares, and reports the difference otherwise. When undefined they are
   * errors.
   */
  readonly force?: 'yes' | 'silent' | undefined
  /**
   * Whether outcomes have the resources that sidecars cost. Default: yes; a report that does not show them can save the
   * time.
   */
  readonly costs?: boolean
  /** Whether the result must pass validation. */
  readonly validate: boolean
  /** Whether placeholders of Flux and envsubst count as valid values. Default: no. */
  readonly allowPlaceholders?: boolean
  /** Whether sidecars may lower the Pod Security level of a workload. Default: no. */
  readonly allowLowerPodSecurity?: boolean
  /**
   * Whether Services are retargeted to the proxies of their workloads; false restores them. When undefined the policy
   * decides; without a policy, Services that are retargeted stay so, and others are only warned about.
   */
  readonly retargetServices?: boolean | undefined
  /** The user's own templates, in order; a later one overrides an earlier or built-in one of its name. */
  readonly templates: readonly SourceText[]
  readonly builtins: TemplateLibrary
  /**
   * The parsed JSON of a generated schema file, such as `1.36/common.json`, which is read on demand. These files are
   * part of the program and trusted.
   */
  readonly loadSchema: (file: string) => unknown
  readonly onProgress?: ProgressHook | undefined
  /**
   * The settings of an input by its label, which override those of the run; inputs with the same settings object share
   * what is derived from it. Default: those of the run.
   */
  readonly settingsOf?: ((label: string) => InputSettings) | undefined
  /**
   * Stores a text outside memory and returns a function that loads it. Set where inputs are stored like that
   * (`SourceText.isStored`).
   */
  readonly keepText?: ((text: string) => () => string) | undefined
}
