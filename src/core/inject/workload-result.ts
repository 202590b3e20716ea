import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { JsonObject } from '../json/json.ts'
import type { Workload } from '../kube/workload.ts'
import type { OwnershipRecord } from '../ownership/record.ts'
import type { WorkloadOutcome } from './result.ts'
import type { Selection } from '../selection/selection.ts'
import type { Proxy } from '../services/service.ts'
import type { Template } from '../template/template.ts'

/** What a record says of an object that came with a sidecar. */
export interface RecordedObject {
  sidecar: string
  /** Digest of its content; empty in a record of the old form. */
  digest: string
}

/** The further objects of one workload: those to have, and those that are ours and no longer wanted. */
export interface ExtraObjects {
  wanted: readonly JsonObject[]
  /** What the record says of this workload's objects, of all sidecars, before this run. */
  recorded: ReadonlyMap<string, RecordedObject>
  gone: ReadonlySet<string>
}

/** Where the templates of sidecars are found, to tell what these can have added. */
export interface TemplateFinder {
  find: (name: string) => Template | undefined
  /** True for the name of one of the user's own templates. */
  isOwn: (name: string) => boolean
}

/** What is to happen to the workloads of a run. */
export type Operation = TemplateFinder &
  (
    | { command: 'inject'; select: (workload: Workload) => Selection }
    /** Takes out the named sidecars, or all. */
    | { command: 'uninject'; names: ReadonlySet<string> | undefined }
  ) & {
    /** True where only the edits count, as in a check of a result; the outcome then says nothing of sidecars. */
    silent?: boolean
    /** True where pod templates were compared with what was planned: all is there as it was recorded. */
    isRecorded?: boolean
  }

/** What chooses the sidecars of a workload; undefined where an operation only takes some out. */
export function selectOf(operation: Operation): ((workload: Workload) => Selection) | undefined {
  return operation.command === 'inject' ? operation.select : undefined
}

/** The outcome of one workload, with what went wrong. */
export interface WorkloadResult {
  outcome: WorkloadOutcome
  diagnostics: Diagnostic[]
  /** The pod template's record before, so that a check can tell what was the user's. */
  record: OwnershipRecord
  /** True where a sidecar without a record was taken into one: the text before it is not known. */
  isAdopted?: boolean
  /** Further objects; undefined where the workload is left as it is. */
  extraObjects?: ExtraObjects
  /** The pod template as it will be; undefined where it stays as it is, or text of the user's comes back in it. */
  planned?: JsonObject
  /** True where the same sidecars, wanted once more in the template as planned, change nothing: see `isFinal`. */
  isSettled?: boolean
  /** Proxies that were put in front of the app, with the port they stand before. */
  proxies?: readonly Proxy[]
}

/** Whether further objects belong to a workload, or did. */
export function bringsObjects({ extraObjects }: WorkloadResult): boolean {
  return extraObjects !== undefined && (extraObjects.wanted.length > 0 || extraObjects.recorded.size > 0)
}
