import type { ResourceRef } from '../diagnostics/diagnostic.ts'
import type { JsonObject } from '../json/json.ts'
import type { SkipReason } from '../selection/selection.ts'
import type { PodPort, Proxy, SidecarPort } from './service.ts'

/** What the run did with a workload, as far as its Services depend on it. */
export interface WorkloadState {
  resource: ResourceRef
  status: 'injected' | 'updated' | 'up to date' | 'removed' | 'skipped' | 'failed'
  reason?: SkipReason | undefined
  sidecars: readonly { name: string }[]
}

/**
 * What Services must know of a workload, small enough to be kept for all workloads of a run when their documents are
 * gone.
 */
export interface WorkloadSummary {
  outcome: WorkloadState
  /** The label of its input, to tell copies of one workload in several folders apart. */
  label: string
  labels: JsonObject
  /** The proxies that it has after the run, as far as the run was about them. */
  proxies: readonly Proxy[]
  /** The ports of its sidecars, before the run by its record, and after it. */
  fronts: readonly SidecarPort[]
  /** Its ports, to look up names; without a proxy those that have one. */
  ports: readonly PodPort[]
  /** The sidecars of its record before the run; undefined where it has none, empty where it cannot be read. */
  record: readonly string[] | undefined
  /** Further objects that came or come with its sidecars, as `extraObjectId` names them. */
  extraObjects: readonly string[]
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
  return record.includes(sidecar)
}
