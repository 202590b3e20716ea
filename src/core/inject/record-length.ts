import { LIMITS } from '../common/limits.ts'
import type { Reconciled } from '../desired/reconcile-input.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'
import { textOf } from '../json/json.ts'
import { isRecordKey, recordAnnotations } from '../ownership/record.ts'
import type { WorkloadChange, WorkloadContext } from './workload-context.ts'

/** Reports records that are too long for a later run to read, and for the API server to accept. */
export function reportLongRecords(
  { report }: WorkloadContext,
  { template }: WorkloadChange,
  { changes }: Reconciled,
): void {
  const texts = new Map(recordAnnotations(template).map(([key, value]) => [key, textOf(value)]))
  for (const change of changes) {
    const [part, list, key] = change.address
    if (part !== 'metadata' || list !== 'annotations' || typeof key !== 'string' || !isRecordKey(key)) continue
    if ('value' in change) texts.set(key, textOf(change.value))
    else texts.delete(key)
  }
  const length = [...texts].reduce((sum, [key, text]) => sum + key.length + text.length, 0)
  const most = LIMITS.recordLength.value
  if (length <= most) return
  report.problem({
    code: 'RESULT_INVALID',
    message: `the records of these sidecars would have ${length} characters, more than the ${most} that Kubernetes accepts in annotations`,
    hint: 'name the app containers that sidecars need, with --containers',
    address: CONTAINERS,
  })
}
