import type { KubeObject } from './workload.ts'
import { isKubernetesKind, splitApiVersion, WORKLOAD_KINDS } from './kinds.ts'

/** The versions in which a cluster serves Kubernetes' own workloads today, by group. */
const SERVED: Readonly<Record<string, string>> = { '': 'v1', apps: 'apps/v1', batch: 'batch/v1' }

/**
 * The apiVersion that an object of a workload kind should have, where it names a group of Kubernetes that has no such
 * kind: `v1` for a Pod of apps/v1. Undefined for every other object; groups with a domain, such as batch.volcano.sh, may
 * have kinds of these names.
 */
export function rightApiVersion({ ref: { apiVersion, kind } }: KubeObject): string | undefined {
  const { group } = splitApiVersion(apiVersion)
  const rows = WORKLOAD_KINDS.filter((row) => row.kind === kind)
  if (!isKubernetesKind(apiVersion) || rows.length === 0 || rows.some((row) => row.group === group)) return undefined
  return rows.map((row) => SERVED[row.group]).find((version) => version !== undefined)
}
