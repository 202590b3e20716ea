import type { ItemPlace } from '../field-path/item-place.ts'
import type { LabelSelector } from '../kube/selector.ts'
import type { Workload } from '../kube/workload.ts'
import type { RunMode } from '../template/template.ts'
import type { SourceText } from '../text/source.ts'
import type { Policy } from './policy.ts'
import type { ParameterSetting } from './selection.ts'

/** What flags and the policy say of the choice of sidecars; plain values, already checked for form. */
export interface SelectionOptions {
  /** Templates to inject, in order; undefined when nothing was selected on the command line. */
  readonly sidecars?: readonly string[] | undefined
  readonly parameters: readonly ParameterSetting[]
  /** The policy of the repository; undefined for none. */
  readonly policy?: Policy | undefined
  /**
   * Which sidecars a workload gets where no flag, annotation or policy says: the default sidecar, those that it has, or
   * none, which is an error. Default: the default sidecar.
   */
  readonly whenUnchosen?: 'default' | 'injected' | 'refuse'
  /** Modes asked for, by name of the sidecar, and under an empty name for all others. */
  readonly modes?: ReadonlyMap<string, RunMode> | undefined
  /** Where among the init containers sidecars start, by name, and under an empty name for all others. */
  readonly starts?: ReadonlyMap<string, ItemPlace> | undefined
  /** The app containers that get folders, settings and mounts; undefined for all that the templates ask for. */
  readonly containers?: readonly string[] | undefined
  /** Only workloads of this namespace; undefined for all. */
  readonly namespace?: string | undefined
  /** Only workloads whose own labels match; undefined for all. */
  readonly selector?: LabelSelector | undefined
  /**
   * Whether existing Pods and objects with an owner get sidecars too, although a change of the manifest does not reach
   * them. Default: no.
   */
  readonly includeOwned?: boolean
  /** Whether Helm hooks get sidecars without asking for them in their own annotation. Default: no. */
  readonly helmHooks?: boolean
  /** Whether a workload is left as it is since it has errors; see `injectSkippingFailing`. Default: none is. */
  readonly isFailing?: (workload: Workload) => boolean
  /** Further inputs, of which only the Namespace objects are used. Default: none. */
  readonly context?: readonly SourceText[] | undefined
}
