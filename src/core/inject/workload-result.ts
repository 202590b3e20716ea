import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { JsonObject } from '../json/json.ts'
import type { Workload } from '../kube/workload.ts'
import type { OwnershipRecord } from '../ownership/record.ts'
import type { WorkloadOutcome } from './result.ts'
import type { Selection } from '../selection/selection.ts'
import type { Proxy } from '../services/service.ts'
import type { Template } from '../template/template.ts'

/** What a record says about an extra object. */
export interface RecordedObject {
  sidecar: string
  /** Digest of its content; empty in a record of the old form. */
  digest: string
}

/** The extra objects of one workload: wanted, recorded, and recorded but no longer wanted. */
export interface ExtraObjects {
  wanted: readonly JsonObject[]
  /** The objects of all sidecars in the workload's record before this run, by `extraObjectId`. */
  recorded: ReadonlyMap<string, RecordedObject>
  gone: ReadonlySet<string>
  /** Objects that two sidecars would have after this run, which is refused, with the two. */
  shared: ReadonlyMap<string, readonly [string, string]>
}

/** Finds the templates of sidecars, which show what these can have added. */
export interface TemplateFinder {
  find: (name: string) => Template | undefined
  /** True for the name of one of the user's own templates. */
  isOwn: (name: string) => boolean
}

/** What a run does with its workloads. */
export type Operation = TemplateFinder &
  (
    | { command: 'inject'; select: (workload: Workload) => Selection }
    /** Removes the named sidecars, or all. */
    | { command: 'uninject'; names: ReadonlySet<string> | undefined }
  ) & {
    /** True where only the edits matter, as when a result is verified; the outcome then has no sidecars. */
    silent?: boolean
    /** True where pod templates read back as they were planned, so that everything is as it was recorded. */
    isRecorded?: boolean
  }

/** The function that chooses the sidecars of a workload; undefined for `uninject`. */
export function selectOf(operation: Operation): ((workload: Workload) => Selection) | undefined {
  return operation.command === 'inject' ? operation.select : undefined
}

/** The outcome of one workload, with its diagnostics. */
export interface WorkloadResult {
  outcome: WorkloadOutcome
  diagnostics: Diagnostic[]
  /** The record of the pod template before the run, which tells what was the user's. */
  record: OwnershipRecord
  /** True where a sidecar without a record was recorded again: the text before it was added is not known. */
  isAdopted?: boolean
  /** Extra objects; undefined where the workload is left unchanged. */
  extraObjects?: ExtraObjects
  /**
   * The pod template after the changes; undefined where there are none, or where text of the user's is restored in it.
   */
  planned?: JsonObject
  /** True where wanting the same sidecars again in the planned template would change nothing: see `isFinal`. */
  isSettled?: boolean
  /** The proxies that were added, each with the port of the app that it serves. */
  proxies?: readonly Proxy[]
}

/** True where a workload has, or had before the run, extra objects. */
export function hasExtraObjects({ extraObjects }: WorkloadResult): boolean {
  return extraObjects !== undefined && (extraObjects.wanted.length > 0 || extraObjects.recorded.size > 0)
}
