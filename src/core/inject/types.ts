import type { Diagnostic } from '../diagnostic.ts'
import type { JsonObject } from '../json.ts'
import type { Workload } from '../kube/workload.ts'
import type { Change } from '../plan/change.ts'
import type { Record } from '../plan/record.ts'
import type { WorkloadOutcome } from '../result.ts'
import type { Selection } from '../select/types.ts'
import type { Proxy } from '../services/types.ts'
import type { Sidecar, Template } from '../template/types.ts'

/** What a record says of an object that came with a sidecar. */
export interface RecordedObject {
  sidecar: string
  /** Digest of its content; empty in a record of the old form. */
  digest: string
}

/** The further objects of one workload: those to have, and those that are ours and no longer wanted. */
export interface Companions {
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
export type Task = TemplateFinder & (
  | { command: 'inject'; select: (workload: Workload) => Selection }
  /** Takes out the named sidecars, or all. */
  | { command: 'uninject'; names: ReadonlySet<string> | undefined }
) & {
  /** True where only the edits count, as in a check of a result; the outcome then says nothing of sidecars. */
  silent?: boolean
}

/** The outcome of one workload, with what went wrong. */
export interface Worked {
  outcome: WorkloadOutcome
  diagnostics: Diagnostic[]
  /** The pod template's record before, so that a check can tell what was the user's. */
  record: Record
  /** True where the record was followed into a container of another name, which no plan for others can tell. */
  isRenamed?: boolean
  /** Further objects; undefined where the workload is left as it is. */
  companions?: Companions
  /** What changes in the pod template; undefined where the workload is left as it is. */
  changes?: readonly Change[]
  /** The sidecars that were put in. */
  sidecars?: readonly Sidecar[]
  /** Proxies that were put in front of the app, with the port they stand before. */
  proxies?: readonly Proxy[]
}
