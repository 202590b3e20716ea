import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { workloadsOf, type RunResult } from '../core/inject/result.ts'
import type { SidecarOptions } from './commands/sidecar-options.ts'

/** Maximum number of namespaces that are named. */
const MAX_NAMED = 5

/** A warning where -n or -l select none of the workloads: they are probably misspelt. */
export function emptySelection(
  result: RunResult,
  { namespace, selector }: Pick<SidecarOptions, 'namespace' | 'selector'>,
): Diagnostic[] {
  if (namespace === undefined && selector === undefined) return []
  const workloads = workloadsOf(result)
  if (workloads.length === 0 || workloads.some(({ reason }) => reason !== 'not-selected')) return []
  const what = [
    ...(namespace === undefined ? [] : [`-n ${namespace}`]),
    ...(selector === undefined ? [] : ['the labels of -l']),
  ]
  const found = [...new Set(workloads.map(({ resource }) => resource.namespace))].filter((name) => name !== '').sort()
  const more = found.length > MAX_NAMED ? ', ...' : ''
  const hint =
    namespace === undefined || found.includes(namespace)
      ? undefined
      : found.length === 0
        ? 'these workloads name no namespace; omit -n'
        : `namespaces found: ${found.slice(0, MAX_NAMED).join(', ')}${more}`
  return [diagnostic('SELECTION_EMPTY', `no workload matches ${what.join(' and ')}`, { hint })]
}
