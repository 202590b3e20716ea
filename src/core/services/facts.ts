import type { Diagnostic } from '../diagnostic.ts'
import type { EditedFile } from '../inject/edited-file.ts'
import type { Worked } from '../inject/types.ts'
import { isObject, type JsonObject } from '../json.ts'
import { templateOf } from '../kube/template.ts'
import { refOf, valueAt, type Workload } from '../kube/workload.ts'
import { companionId } from '../plan/companion.ts'
import { pathOf } from '../plan/address.ts'
import { CONTAINERS } from '../plan/pod.ts'
import type { Record } from '../plan/record.ts'
import { readRecord } from '../plan/record-text.ts'
import type { WorkloadOutcome } from '../result.ts'
import type { SourceText } from '../text/source.ts'
import { mayBeRetargeted, mayHoldService } from './mention.ts'
import { declaredPorts, portsOf } from './ports.ts'
import type { PodPort, Proxy, SidecarPort } from './types.ts'

/**
 * What Services must know of a workload, small enough to be kept for all workloads of a run when their documents are
 * gone.
 */
export interface WorkloadFacts {
  outcome: WorkloadOutcome
  /** The label of its input, to tell copies of one workload in several folders apart. */
  label: string
  labels: JsonObject
  /** The proxies that it has after the run, as far as the run was about them. */
  proxies: readonly Proxy[]
  /** The ports of its sidecars, before the run by its record, and after it. */
  fronts: readonly SidecarPort[]
  /** Its ports, to look up names; empty where there is no proxy, since nothing is looked up then. */
  ports: readonly PodPort[]
  /** The sidecars of its record before the run; undefined where it has none, empty where it cannot be read. */
  record: readonly string[] | undefined
  /** Further objects that came or come with its sidecars, as `companionId` names them. */
  companions: readonly string[]
}

/** An input after the work on its workloads, before that on its Services. */
export interface WorkedFile {
  file: EditedFile
  diagnostics: readonly Diagnostic[]
  workloads: readonly WorkloadFacts[]
}

/** The inputs for whose Services there may be something to do, or to say. */
export function concerned(files: readonly WorkedFile[]): ReadonlySet<WorkedFile> {
  const hasProxies = files.some(({ workloads }) => workloads.some(({ proxies }) => proxies.length > 0))
  return new Set(files.filter(({ file }) => hasProxies || mayBeRetargeted(file.source)))
}

/** Keeps the facts of a run's workloads, if there is a Service that they could matter to. */
export class FactKeeper {
  readonly #matters: boolean

  constructor(inputs: readonly SourceText[]) {
    this.#matters = inputs.some(mayHoldService)
  }

  /** The facts of workloads after the work on them; none of one that no Service can select. */
  keep(workloads: readonly Workload[], worked: readonly Worked[]): WorkloadFacts[] {
    return this.#matters ? workloads.flatMap((workload, n) => factsOf(workload, worked[n] as Worked) ?? []) : []
  }
}

const NONE: readonly never[] = []

function factsOf(workload: Workload, { outcome, proxies = NONE, companions }: Worked): WorkloadFacts | undefined {
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
    ports: proxies.length === 0 ? NONE : portsOf(template),
    record: read === undefined ? undefined : sidecars === undefined ? NONE : [...sidecars.keys()],
    companions: companionsOf(companions, sidecars),
  }
}

function frontsOf(template: JsonObject, recorded: Record['sidecars'] | undefined, proxies: readonly Proxy[]): readonly SidecarPort[] {
  const after = proxies.flatMap(({ sidecar, listens }) => (listens === undefined ? [] : [{ sidecar, number: listens.number, name: listens.name }]))
  const before = [...recorded ?? []].flatMap(([sidecar, { own }]) => own.flatMap((address) => {
    const container = address.length === CONTAINERS.length + 1 && address[1] !== 'volumes' ? valueAt(template, pathOf(template, address) ?? ['']) : undefined
    return isObject(container) ? declaredPorts(container).map(({ number, name }) => ({ sidecar, number, name })) : []
  }))
  return after.length + before.length === 0 ? NONE : [...before, ...after]
}

function companionsOf(known: Worked['companions'], recorded: Record['sidecars'] | undefined): readonly string[] {
  if (known === undefined) return recorded === undefined ? NONE : [...recorded.values()].flatMap(({ objects }) => Array.from(objects?.keys() ?? []))
  if (known.recorded.size === 0 && known.wanted.length === 0) return NONE
  return [...known.recorded.keys(), ...known.wanted.map((object) => companionId(refOf(object)))]
}

/** `Deployment/web`, as records name it. */
export function idOf({ outcome: { resource } }: WorkloadFacts): string {
  return `${resource.kind}/${resource.name}`
}

/** `Deployment web`, as messages name it. */
export function nameOf({ outcome: { resource } }: WorkloadFacts): string {
  return `${resource.kind} ${resource.name}`
}

/** True when the run did not decide on a workload's sidecars: it was not selected, or failed. */
export function isAside({ outcome: { status, reason } }: WorkloadFacts): boolean {
  return status === 'failed' || ASIDE.has(reason ?? '')
}

const ASIDE: ReadonlySet<string> = new Set(['not-selected', 'excluded-namespace', 'excluded-path'])

/** True when a workload has a sidecar on which the run did not decide, whatever that would be. */
export function keepsUndecided(facts: WorkloadFacts, sidecar: string): boolean {
  const { record, outcome } = facts
  if (record === undefined || (!isAside(facts) && outcome.sidecars.some(({ name }) => name === sidecar))) return false
  return record.includes(sidecar)
}
