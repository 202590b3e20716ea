import type { Diagnostic, ResourceRef } from './diagnostic.ts'
import type { Cost } from './plan/cost.ts'
import type { SourceText } from './text/source.ts'

/** Why a workload was left alone; one per reason, worded in `report/`. */
export type SkipReason =
  | 'not-selected'
  | 'opted-out'
  | 'excluded-namespace'
  | 'host-network'
  | 'container-name-taken'
  | 'kind-not-supported-by-template'
  | 'not-injected'
  | 'no-sidecars'

/** What happened to one sidecar in one workload. */
export interface SidecarOutcome {
  name: string
  version: string
  action: 'added' | 'updated' | 'kept' | 'removed' | 'skipped'
  /** What was added, as people read it: `container logging`, `volume app-logs`. */
  details: readonly string[]
  reason?: SkipReason
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
  /** Names of containers that other tools put in; they are left alone. */
  foreign?: readonly string[]
  /** What the sidecars add; absent where there are none. */
  cost?: Cost
}

/** One input after the work: `output` equals `source.text` when nothing changed. */
export interface FileResult {
  source: SourceText
  output: string
  workloads: readonly WorkloadOutcome[]
}

/** The result of a run over all inputs, in input order. */
export interface RunResult {
  files: readonly FileResult[]
  /** All findings, sorted by input, offset and code. */
  diagnostics: readonly Diagnostic[]
}
