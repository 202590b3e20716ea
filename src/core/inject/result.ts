import type { Diagnostic, SourceLocation, ResourceRef } from '../diagnostics/diagnostic.ts'
import type { ResourceOverhead } from '../desired/resource-overhead.ts'
import type { Json } from '../json/json.ts'
import type { Selection, SkipReason } from '../selection/selection.ts'
import type { TextPart } from '../text/parts.ts'
import type { ServiceOutcome } from '../services/service-outcome.ts'

/**
 * How a sidecar in a manifest compares with what `inject` makes of it: as it should be; not there; of another version
 * of the template, or other parameters; changed by hand since; no longer chosen; or there without a record.
 */
export type SidecarState = 'current' | 'missing' | 'outdated' | 'edited' | 'left-over' | 'unrecorded'

/** What happened to one sidecar in one workload. */
export interface SidecarOutcome {
  name: string
  version: string
  action: 'added' | 'updated' | 'kept' | 'removed' | 'skipped'
  /** What was added, as people read it: `container logging`, `volume app-logs`. */
  details: readonly string[]
  /** What it had and no longer has, for one that is updated; absent where there is nothing. */
  removed?: readonly string[]
  reason?: SkipReason
  /** How it was found, for `inject`; absent for a sidecar that is skipped. */
  state?: SidecarState
  /** The version that was found; absent where there was none. */
  found?: string
  /** What of the manifest's own container stands in the place of the sidecar's, where one overrides it. */
  overrides?: readonly { field: string; at: SourceLocation }[]
  /** How it runs, and the values of its parameters, for `inject`. */
  mode?: 'classic' | 'native'
  parameters?: Readonly<Record<string, Json>>
  /** The app's port for which it is a proxy, for `inject`; absent for a sidecar that is none. */
  proxies?: number
}

/** What happened to one workload. */
export interface WorkloadOutcome {
  resource: ResourceRef
  /** 0-based index of its document in the input. */
  document: number
  /** 0-based offset of the object in the input's text, for `file:line`. */
  offset: number
  status: 'injected' | 'updated' | 'up-to-date' | 'removed' | 'skipped' | 'failed'
  reason?: SkipReason
  sidecars: readonly SidecarOutcome[]
  /** What became of the further objects of its sidecars, as `companionId` names them; absent where nothing did. */
  objects?: readonly { id: string; action: 'added' | 'updated' | 'removed' }[]
  /** Names of containers that other tools put in; they are left alone. */
  foreign?: readonly string[]
  /** What the sidecars add; absent where there are none. */
  cost?: ResourceOverhead
  /** Sidecars of ours that the run was not about; they stay as they are. */
  others?: readonly SidecarOutcome[]
  /** Which sidecars it gets, and who decided that; for `inject`, where it was asked at all. */
  selection?: Selection
  /** Where the fields that are ours come from, for `inject`. */
  fields?: readonly FieldSource[]
}

/** A field of a pod template that is ours, and what put it there. */
export interface FieldSource {
  /** As in the record: `spec.containers[logging]`. */
  field: string
  /** Names of the sidecars that asked for it; more than one for a shared volume. */
  sidecars: readonly string[]
}

/** One input, or one part of a long one, after the work: `output` equals `source.text` when nothing changed. */
export interface FileResult extends TextPart {
  workloads: readonly WorkloadOutcome[]
  /** Services in front of whose workloads stands a proxy of ours; absent where there are none. */
  services?: readonly ServiceOutcome[]
}

/** How many inputs there were; a long one counts once, whatever its parts. */
export function countFiles({ files }: RunResult): number {
  return files.filter(({ source }) => !source.isContinued).length
}

/** The result of a run over all inputs, in input order. */
export interface RunResult {
  files: readonly FileResult[]
  /** All findings, sorted by input, offset and code. */
  diagnostics: readonly Diagnostic[]
  /** There, without any results, where long inputs must not come in parts: what belongs together stands in several. */
  needsWhole?: true
}
