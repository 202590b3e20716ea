import { duplicateItems } from '../desired/duplicate-keys.ts'
import { pathInObject } from '../kube/pod-template.ts'
import type { WorkloadChange, WorkloadContext } from './workload-context.ts'

/** Reports items with the same merge key, which an edit could not distinguish. */
export function reportDuplicateItems({ workload, report }: WorkloadContext, change: WorkloadChange): void {
  for (const { code, message, first, second } of duplicateItems(change)) {
    const at = report.locationOf(pathInObject(workload, first))
    report.at(pathInObject(workload, second), code, message, {
      hint: 'remove or rename one of them',
      related: [{ message: 'first defined here', at }],
    })
  }
}
