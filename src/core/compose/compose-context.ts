import type { InjectOptions } from '../inject/options.ts'
import type { SidecarOutcome, WorkloadOutcome } from '../inject/result.ts'
import type { Catalog } from '../selection/catalog.ts'
import type { SourceText } from '../text/source.ts'
import type { ComposeFile } from './compose-file.ts'
import { refOf, type ComposeReport } from './compose-report.ts'
import type { ComposeRecord } from './record.ts'
import type { WantedSidecar } from './wanted.ts'

/** What planning a service of a Compose file needs. */
export interface ComposeContext {
  source: SourceText
  file: ComposeFile
  options: InjectOptions
  catalog: Catalog
  /** The records of all sidecars in the file. */
  records: readonly ComposeRecord[]
  report: ComposeReport
}

/** The outcome of one service, with what is to be removed from the file and added to it. */
export interface ServiceResult {
  outcome: WorkloadOutcome
  remove: ComposeRecord[]
  add: WantedSidecar[]
}

/** The result of a service of which nothing is changed. */
export function serviceResult(
  { report }: ComposeContext,
  name: string,
  sidecars: readonly SidecarOutcome[],
  status: WorkloadOutcome['status'],
): ServiceResult {
  const offset = report.locationOf(['services', name]).range.start
  return { outcome: { resource: refOf(name), document: 0, offset, status, sidecars }, remove: [], add: [] }
}

/** The records of the sidecars of a service. */
export function recordsOf({ records }: ComposeContext, service: string): ComposeRecord[] {
  return records.filter((record) => record.service === service)
}

/** Whether the run is about a sidecar; others stay as they are. */
export function isChosen({ options: { sidecars } }: ComposeContext, { sidecar }: ComposeRecord): boolean {
  return sidecars === undefined || sidecars.includes(sidecar)
}
