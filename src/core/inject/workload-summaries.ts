import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { extraObjectId } from '../desired/sidecar-objects.ts'
import { isOfContainer } from '../desired/ownership-proof.ts'
import { fieldAt, formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'
import { isObject, type JsonObject } from '../json/json.ts'
import { templateOf } from '../kube/pod-template.ts'
import { refOf, valueAt, type Workload } from '../kube/workload.ts'
import type { OwnershipRecord } from '../ownership/record.ts'
import { readRecord } from '../ownership/record-text.ts'
import { declaredPorts, portsOf } from '../services/ports.ts'
import type { PodPort, Proxy, SidecarPort } from '../services/service.ts'
import { mayBeRetargeted, mayHoldService } from '../services/service-prefilter.ts'
import type { WorkloadSummary } from '../services/workload-summary.ts'
import type { SourceText } from '../text/source.ts'
import type { EditedFile } from './edited-file.ts'
import type { WorkloadResult } from './workload-result.ts'

/** An input whose workloads are processed, but not its Services yet. */
export interface ProcessedFile {
  file: EditedFile
  diagnostics: readonly Diagnostic[]
  workloads: readonly WorkloadSummary[]
}

/** The inputs whose Services may have to be edited or reported. */
export function concerned(files: readonly ProcessedFile[]): ReadonlySet<ProcessedFile> {
  const hasProxies = files.some(({ workloads }) => workloads.some(({ proxies }) => proxies.length > 0))
  return new Set(files.filter(({ file }) => hasProxies || mayBeRetargeted(file.source)))
}

/** Keeps summaries of a run's workloads, if some Service could need them. */
export class WorkloadSummaries {
  readonly #matters: boolean

  constructor(inputs: readonly SourceText[]) {
    this.#matters = inputs.some(mayHoldService)
  }

  /** The summaries of processed workloads, without those that no Service can select. */
  keep(workloads: readonly Workload[], worked: readonly WorkloadResult[]): WorkloadSummary[] {
    return this.#matters
      ? workloads.flatMap((workload, n) => summaryOf(workload, worked[n] as WorkloadResult) ?? [])
      : []
  }
}

const NONE: readonly never[] = []

function summaryOf(
  workload: Workload,
  { outcome, proxies = NONE, extraObjects }: WorkloadResult,
): WorkloadSummary | undefined {
  const template = templateOf(workload)
  const labels = valueAt(template, ['metadata', 'labels'])
  if (!isObject(template) || !isObject(labels)) return undefined
  const read = readRecord(template)
  const sidecars = read !== undefined && 'record' in read ? read.record.sidecars : undefined
  return {
    outcome,
    label: workload.doc.source.label,
    labels,
    proxies: proxies.length === 0 ? NONE : proxies,
    fronts: frontsOf(template, sidecars, proxies),
    ports: proxies.length === 0 ? namedPorts(template) : portsOf(template),
    record: read === undefined ? undefined : sidecars === undefined ? NONE : [...sidecars.keys()],
    extraObjects: extraObjectIds(extraObjects, sidecars),
  }
}

function namedPorts(template: JsonObject): readonly PodPort[] {
  const named = portsOf(template).filter(({ name }) => name !== '')
  return named.length === 0 ? NONE : named
}

function frontsOf(
  template: JsonObject,
  recorded: OwnershipRecord['sidecars'] | undefined,
  proxies: readonly Proxy[],
): readonly SidecarPort[] {
  const after = proxies.flatMap(({ sidecar, listens }) =>
    listens === undefined ? [] : [{ sidecar, number: listens.number, name: listens.name }],
  )
  const before = [...(recorded ?? [])].flatMap(([sidecar, { own }]) =>
    containersOf(own).flatMap((address) => {
      const container = fieldAt(template, address)
      return isObject(container) ? declaredPorts(container).map(({ number, name }) => ({ sidecar, number, name })) : []
    }),
  )
  return after.length + before.length === 0 ? NONE : [...before, ...after]
}

/** The containers of a sidecar: those that it added, and those of the manifest that override it. */
function containersOf(own: readonly FieldPath[]): FieldPath[] {
  const found = own.filter(isOfContainer).map((address) => address.slice(0, CONTAINERS.length + 1))
  return [...new Map(found.map((address) => [formatFieldPath(address), address])).values()]
}

function extraObjectIds(
  known: WorkloadResult['extraObjects'],
  recorded: OwnershipRecord['sidecars'] | undefined,
): readonly string[] {
  if (known === undefined)
    return recorded === undefined
      ? NONE
      : [...recorded.values()].flatMap(({ objects }) => Array.from(objects?.keys() ?? []))
  if (known.recorded.size === 0 && known.wanted.length === 0) return NONE
  return [...known.recorded.keys(), ...known.wanted.map((object) => extraObjectId(refOf(object)))]
}
