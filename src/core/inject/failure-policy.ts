import { atField } from '../kube/object-place.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject } from '../json/json.ts'
import { valueAt, type Workload } from '../kube/workload.ts'

/** The path of the Job's spec, by kind. */
const JOB_SPECS: Readonly<Record<string, readonly string[]>> = {
  Job: ['spec'],
  CronJob: ['spec', 'jobTemplate', 'spec'],
}

/**
 * Warns about rules of a Job for exit codes that name no container: they apply to sidecars as well, which exit with 143
 * when they are stopped. Source: pkg/controller/job `matchOnExitCodes`.
 */
export function failurePolicyWarnings(before: Workload, after: Workload): Diagnostic[] {
  const { ref } = before
  if (before.data === after.data || !ref.apiVersion.startsWith('batch/')) return []
  const spec = Object.hasOwn(JOB_SPECS, ref.kind) ? JOB_SPECS[ref.kind] : undefined
  if (spec === undefined) return []
  const path = [...spec, 'podFailurePolicy', 'rules']
  const rules = valueAt(before.data, path)
  if (!Array.isArray(rules)) return []
  return rules.flatMap((rule, n) => {
    const codes = isObject(rule) ? rule['onExitCodes'] : undefined
    if (!isObject(codes) || (codes['containerName'] ?? null) !== null) return []
    const field = [...path, n, 'onExitCodes']
    return [
      diagnostic('POD_FAILURE_POLICY', 'this rule applies to the exit codes of the sidecars too', {
        ...atField(before, field),
        path: field,
        hint: 'name the container of the app: containerName: NAME',
      }),
    ]
  })
}
