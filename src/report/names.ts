import type { ResourceRef } from '../core/diagnostics/diagnostic.ts'
import type { RunResult, WorkloadOutcome } from '../core/inject/result.ts'
import { escapeText } from './escape.ts'

const CHANGED: ReadonlySet<WorkloadOutcome['status']> = new Set(['injected', 'updated', 'removed'])

/** An object's name as `kubectl -o name` prints it: `deployment.apps/web`, `pod/web`. */
export function kubectlName(resource: ResourceRef): string {
  const slash = resource.apiVersion.indexOf('/')
  const group = slash < 0 ? '' : `.${resource.apiVersion.slice(0, slash)}`
  return escapeText(`${resource.kind.toLowerCase()}${group}/${resource.name}`)
}

/** The names of the workloads that the run changed, one per line, for `kubectl rollout restart` and its like. */
export function namesText(result: RunResult): string {
  return result.files
    .flatMap((file) => file.workloads)
    .filter((workload) => CHANGED.has(workload.status))
    .map((workload) => `${kubectlName(workload.resource)}\n`)
    .join('')
}
