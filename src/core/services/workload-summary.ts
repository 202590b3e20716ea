import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { EditedFile } from '../inject/edited-file.ts'
import type { WorkloadResult } from '../inject/workload-result.ts'
import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { templateOf } from '../kube/pod-template.ts'
import { refOf, valueAt, type Workload } from '../kube/workload.ts'
import { extraObjectId } from '../desired/sidecar-objects.ts'
import { recordText } from '../desired/reconcile.ts'
import { parseRecord } from '../ownership/record.ts'
import type { WorkloadOutcome } from '../inject/result.ts'
import type { SourceText } from '../text/source.ts'
import { mayBeRetargeted, mayHoldService } from './service-prefilter.ts'
import { portsOf } from './ports.ts'
import type { PodPort, Proxy } from './service.ts'

/**
 * What Services must know of a workload, small enough to be kept for all workloads of a run when their documents are
 * gone.
 */
export interface WorkloadSummary {
  outcome: WorkloadOutcome
  /** The label of its input, to tell copies of one workload in several folders apart. */
  label: string
  labels: JsonObject
  /** The proxies that it has after the run, as far as the run was about them. */
  proxies: readonly Proxy[]
  /** Its ports, to look up names; empty where there is no proxy, since nothing is looked up then. */
  ports: readonly PodPort[]
  /** The record of its sidecars before the run, not read yet. */
  record: Json | undefined
  /** Further objects that came or come with its sidecars, as `companionId` names them. */
  extraObjects: readonly string[]
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

const NONE: readonly never[] = []

function summaryOf(workload: Workload, { outcome, proxies = NONE, extraObjects }: WorkloadResult): WorkloadSummary | undefined {
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

function extraObjectIds(known: WorkloadResult['extraObjects'], record: Json | undefined): readonly string[] {
  if (known === undefined) return typeof record === 'string' && record.includes('"objs"') ? objectsIn(record) : NONE
  if (known.recorded.size === 0 && known.wanted.length === 0) return NONE
  return [...known.recorded, ...known.wanted.map((object) => extraObjectId(refOf(object)))]
}

function objectsIn(record: string): string[] {
  return [...parseRecord(record)?.sidecars.values() ?? []].flatMap(({ objects = [] }) => objects)
}

/** `Deployment/web`, as records name it. */
export function idOf({ outcome: { resource } }: WorkloadSummary): string {
  return `${resource.kind}/${resource.name}`
}

/** `Deployment web`, as messages name it. */
export function nameOf({ outcome: { resource } }: WorkloadSummary): string {
  return `${resource.kind} ${resource.name}`
}

/** True when the run did not decide on a workload's sidecars: it was not selected, or failed. */
export function isAside({ outcome: { status, reason } }: WorkloadSummary): boolean {
  return status === 'failed' || ASIDE.has(reason ?? '')
}

const ASIDE: ReadonlySet<string> = new Set(['not-selected', 'excluded-namespace', 'excluded-path'])

/** True when a workload has a sidecar on which the run did not decide, whatever that would be. */
export function keepsUndecided(facts: WorkloadSummary, sidecar: string): boolean {
  const { record, outcome } = facts
  if (record === undefined || (!isAside(facts) && outcome.sidecars.some(({ name }) => name === sidecar))) return false
  return parseRecord(record)?.sidecars.has(sidecar) === true
}
