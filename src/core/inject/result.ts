import type { Diagnostic, SourceLocation, ResourceRef } from '../diagnostics/diagnostic.ts'
import type { ResourceOverhead } from '../desired/resource-overhead.ts'
import type { Json } from '../json/json.ts'
import type { Selection, SkipReason } from '../selection/selection.ts'
import type { TextPart } from '../text/parts.ts'
import type { ServiceOutcome } from '../services/service-outcome.ts'

/**
 * How a sidecar in a manifest compares with what `inject` would make of it: `up to date`; `missing`; `outdated`
 * (another version of the template, or other parameters); `edited` by hand since; `left over` (no longer chosen); or
 * there with `no record`. Text and JSON reports use the same words.
 */
export type SidecarState = 'up to date' | 'missing' | 'outdated' | 'edited' | 'left over' | 'no record'

/** What happened to one sidecar in one workload. */
export interface SidecarOutcome {
  name: string
  version: string
  action: 'added' | 'updated' | 'kept' | 'removed' | 'skipped'
  /**
   * The fields of the sidecar, as in the record: `spec.containers[logging]`; for one that is skipped because of the
   * host network, the ports that it would open on the node.
   */
  details: readonly string[]
  /** Fields that an updated sidecar no longer has; absent where there are none. */
  removed?: readonly string[]
  reason?: SkipReason | undefined
  /** The state before the run, for `inject`; absent for a sidecar that is skipped. */
  state?: SidecarState
  /** True for one that is left over and was edited by hand since. */
  isEdited?: true
  /** The version before the run; absent where the sidecar was not there. */
  found?: string | undefined
  /** The fields of the manifest's own container that override those of the sidecar. */
  overrides?: readonly { field: string; at: SourceLocation }[]
  /** Its mode, and the values of its parameters, for `inject`. */
  mode?: 'classic' | 'native'
  parameters?: Readonly<Record<string, Json>>
  /** The app's port for which it is a proxy, for `inject`; absent for other sidecars. */
  proxies?: number
}

/** What happened to one workload. */
export interface WorkloadOutcome {
  resource: ResourceRef
  /** 0-based index of its document in the input. */
  document: number
  /** 0-based offset of the object in the input's text, for `file:line`. */
  offset: number
  status: 'injected' | 'updated' | 'up to date' | 'removed' | 'skipped' | 'failed'
  reason?: SkipReason | undefined
  sidecars: readonly SidecarOutcome[]
  /** The changes of its sidecars' extra objects, by `extraObjectId`; absent where there are none. */
  objects?: readonly { id: string; action: 'added' | 'updated' | 'removed' }[]
  /** Names of containers that other injectors added; they are not changed. */
  foreign?: readonly string[]
  /** The resources that sidecars add; absent without sidecars. */
  cost?: ResourceOverhead
  /** Recorded sidecars that the run does not concern; they stay as they are. */
  others?: readonly SidecarOutcome[]
  /** The chosen sidecars, and what decided about them, for `inject`; absent where nothing was asked. */
  selection?: Selection | undefined
  /** The owned fields with their sidecars, for `inject`. */
  fields?: readonly FieldSource[]
}

/** An owned field of a pod template. */
export interface FieldSource {
  /** As in the record: `spec.containers[logging]`. */
  field: string
  /** Names of the sidecars that requested it; more than one for a shared volume. */
  sidecars: readonly string[]
}

/** The result of one input, or of one part of a long one: `output` equals `source.text` when nothing changed. */
export interface FileResult extends TextPart {
  workloads: readonly WorkloadOutcome[]
  /** Services whose workloads have a proxy among their sidecars; absent where there are none. */
  services?: readonly ServiceOutcome[]
}

/** The workloads of a run, in input order. */
export function workloadsOf({ files }: Pick<RunResult, 'files'>): WorkloadOutcome[] {
  return files.flatMap((file) => file.workloads)
}

/** Whether the run changed a workload, or would. */
export function hasChanged({ status }: WorkloadOutcome): boolean {
  return status === 'injected' || status === 'updated' || status === 'removed'
}

/** The number of inputs; a long one counts once, however many parts it has. */
export function countFiles({ files }: RunResult): number {
  return files.filter(({ source }) => !source.isContinued).length
}

/** The result of a run over all inputs, in input order. */
export interface RunResult {
  files: readonly FileResult[]
  /** All findings, sorted by input, offset and code. */
  diagnostics: readonly Diagnostic[]
  /**
   * Set, without any results, where long inputs must be processed as a whole: what belongs together is in several
   * parts.
   */
  needsWhole?: true
}
