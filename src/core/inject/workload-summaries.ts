import { refOf, type Workload, valueAt } from '../kube/workload.ts'
import { isObject, type Json } from '../json/json.ts'
import { extraObjectId } from '../desired/sidecar-objects.ts'
import { parseRecord, recordText } from '../ownership/record.ts'
import type { WorkloadResult } from './workload-result.ts'
import { templateOf } from '../kube/pod-template.ts'
import { portsOf } from '../services/ports.ts'
import type { WorkloadSummary } from '../services/workload-summary.ts'
import { mayBeRetargeted, mayHoldService } from '../services/service-prefilter.ts'
import type { SourceText } from '../text/source.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { EditedFile } from './edited-file.ts'

export function objectsIn(record: string): string[] {
  return [...parseRecord(record)?.sidecars.values() ?? []].flatMap(({ objects = [] }) => objects)
}
export function extraObjectIds(known: WorkloadResult['extraObjects'], record: Json | undefined): readonly string[] {
  if (known === undefined) return typeof record === 'string' && record.includes('"objs"') ? objectsIn(record) : NONE
  if (known.recorded.size === 0 && known.wanted.length === 0) return NONE
  return [...known.recorded, ...known.wanted.map((object) => extraObjectId(refOf(object)))]
}
export const NONE: readonly never[] = []
export function summaryOf(workload: Workload, { outcome, proxies = NONE, extraObjects }: WorkloadResult): WorkloadSummary | undefined {
  const template = templateOf(workload)
  const labels = valueAt(template, ['metadata', 'labels'])
  if (!isObject(template) || !isObject(labels)) return undefined
  const record = recordText(template)
  return {
    outcome,
    label: workload.doc.source.label,
    labels,
    proxies: proxies.length === 0 ? NONE : proxies,
    ports: proxies.length === 0 ? NONE : portsOf(template),
    record,
    extraObjects: extraObjectIds(extraObjects, record),
  }
}
/** Keeps the facts of a run's workloads, if there is a Service that they could matter to. */
export class WorkloadSummaries {
  readonly #matters: boolean

  constructor(inputs: readonly SourceText[]) {
    this.#matters = inputs.some(mayHoldService)
  }

  /** The facts of workloads after the work on them; none of one that no Service can select. */
  keep(workloads: readonly Workload[], worked: readonly WorkloadResult[]): WorkloadSummary[] {
    return this.#matters ? workloads.flatMap((workload, n) => summaryOf(workload, worked[n] as WorkloadResult) ?? []) : []
  }
}

/** An input after the work on its workloads, before that on its Services. */
export interface ProcessedFile {
  file: EditedFile
  diagnostics: readonly Diagnostic[]
  workloads: readonly WorkloadSummary[]
}
/** The inputs for whose Services there may be something to do, or to say. */
export function concerned(files: readonly ProcessedFile[]): ReadonlySet<ProcessedFile> {
  const hasProxies = files.some(({ workloads }) => workloads.some(({ proxies }) => proxies.length > 0))
  return new Set(files.filter(({ file }) => hasProxies || mayBeRetargeted(file.source)))
}
