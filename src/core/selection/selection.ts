import type { Diagnostic, SourceLocation } from '../diagnostics/diagnostic.ts'
import type { SidecarSettings } from './sidecar-settings.ts'
import type { ItemPlace } from '../field-path/item-place.ts'
import type { GivenValue, RunMode, Template } from '../template/template.ts'

/** Who can say which sidecars a workload gets and with which values, from the strongest to the weakest. */
export const LEVELS = ['flag', 'pod-template', 'workload', 'namespace', 'policy', 'default'] as const

export type Level = (typeof LEVELS)[number]

/** Where a decision or a value comes from. */
export interface Origin {
  level: Level
  /** As people read it: `--sidecar`, `annotation sidecarctl.dev/inject`, `rule "logs"`. */
  text: string
  /** Its place, for all but flags and defaults. */
  at?: SourceLocation
}

/** A sidecar that someone asked for. */
export interface Picked {
  name: string
  origin: Origin
}

/** A value for a parameter of a template, and who gave it. */
export interface SetValue extends GivenValue {
  template: string
  from: Origin
}

/** How a template's sidecar is to run, and who said so. */
export interface SetMode {
  template: string
  mode: RunMode
  from: Origin
}

/** Where among the init containers of a pod a template's sidecar starts, and who said so. */
export interface SetStart {
  template: string
  place: ItemPlace
  from: Origin
}

/** What one level says of one workload; a level may say nothing of some or all of it. */
export interface Statement {
  /** Which sidecars, in order; none at all when `picks` is empty. Absent: the next level decides. */
  sidecars?: { picks: readonly Picked[]; origin: Origin } | undefined
  values: readonly SetValue[]
  modes: readonly SetMode[]
  /** Absent for none. */
  starts?: readonly SetStart[]
  /** Containers of the manifest that override a sidecar's of their name; absent where nothing is said. */
  overrides?: readonly Picked[]
  /** What holds for the containers of all sidecars; absent where nothing is said. */
  settings?: SidecarSettings | undefined
  /** The app containers that get folders, settings and mounts; absent where nothing is said. */
  containers?: readonly Picked[] | undefined
  diagnostics: readonly Diagnostic[]
}

export const NOTHING_SAID: Statement = { values: [], modes: [], diagnostics: [] }

/** A sidecar that a workload gets. */
export interface ChosenSidecar {
  template: Template
  origin: Origin
  /** From the weakest level to the strongest, so that the last value of a name counts. */
  values: readonly SetValue[]
  /** How it runs, when someone decided that. */
  mode: SetMode | undefined
  /** Where among the init containers it starts, when someone decided that. */
  start: SetStart | undefined
}

/** What all levels together say of one workload. */
export interface Selection {
  /** In the order of injection. */
  chosen: readonly ChosenSidecar[]
  /** Containers of the manifest that are called overrides of a sidecar's of their name. */
  overrides: readonly Picked[]
  /** What holds for the containers of all sidecars. */
  settings: SidecarSettings | undefined
  /** The app containers that get folders, settings and mounts; absent for all that the template asks for. */
  containers?: readonly Picked[] | undefined
  /** What decided which sidecars these are. */
  origin: Origin
  /** True if no sidecars were selected although a selection is required. */
  isRefused: boolean
  /** True if nothing was selected, and the sidecars are those that the workload has. */
  isOfRecord: boolean
  /** Whether our sidecars that are not selected are removed. */
  exclusive: boolean
  /** Why nothing is chosen; undefined when something is. */
  reason: 'opted-out' | 'no-sidecars' | 'not-injected' | undefined
  diagnostics: readonly Diagnostic[]
}
/**
 * One `--set TEMPLATE.PARAM=VALUE`, in the order given, which is typed later, by the template's schema; or one of a file
 * of values, which is data already.
 */
export interface ParameterSetting extends GivenValue {
  template: string
}
/** Why a workload was left alone; one per reason, worded in `report/`. */
export type SkipReason =
  | 'not-selected'
  | 'opted-out'
  | 'excluded-namespace'
  | 'excluded-path'
  | 'host-network'
  | 'container-name-taken'
  | 'kind-not-supported-by-template'
  | 'not-injected'
  | 'sidecar-not-injected'
  | 'record-lost'
  | 'template-unknown'
  | 'no-sidecars'
  | 'pod-exists'
  | 'has-owner'
  | 'helm-hook'
  | 'failed'
