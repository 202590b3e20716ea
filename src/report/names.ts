import type { ResourceRef } from '../core/diagnostics/diagnostic.ts'
import { hasChanged, workloadsOf, type RunResult } from '../core/inject/result.ts'
import { splitApiVersion } from '../core/kube/kinds.ts'
import { escapeText } from './escape.ts'

/** An object's name as `kubectl -o name` prints it: `deployment.apps/web`, `pod/web`. */
export function kubectlName(resource: ResourceRef): string {
  const { group } = splitApiVersion(resource.apiVersion)
  return escapeText(`${resource.kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${resource.name}`)
}

/** The names of the workloads that the run changed, one per line, for `kubectl rollout restart` and its like. */
export function namesText(result: RunResult): string {
  return workloadsOf(result)
    .filter(hasChanged)
    .map((workload) => `${kubectlName(workload.resource)}\n`)
    .join('')
}
