import { atObject } from '../kube/object-place.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject, type Json } from '../json/json.ts'
import { isKubernetesKind } from '../kube/kinds.ts'
import { objectsOf } from '../kube/objects.ts'
import type { KubeObject } from '../kube/workload.ts'
import { isRecordKey, RECORD_GROUP, OLD_RECORD } from '../ownership/record.ts'
import type { RawDocument } from '../yaml/read/split.ts'
import { readRawDocument } from '../yaml/read/split.ts'

/** Whether a text may hold a record of what was injected. */
export function mayHoldRecord(text: string): boolean {
  return text.includes(RECORD_GROUP) || text.includes(OLD_RECORD)
}

/** The warnings for a document without workloads whose text may hold a record. */
export function undeclaredKinds(raw: RawDocument): Diagnostic[] {
  return readRawDocument(raw).flatMap((doc) => ('root' in doc ? objectsOf(doc).flatMap(undeclaredKind) : []))
}

/** A warning for an object that has sidecars and is of a kind that is not known to have a pod template. */
export function undeclaredKind(object: KubeObject): Diagnostic[] {
  const { ref, data } = object
  if (ref.kind === '' || isKubernetesKind(ref.apiVersion) || !hasRecordInside(data)) return []
  return [
    diagnostic(
      'KIND_UNDECLARED',
      `this ${ref.kind} has sidecars that sidecarctl added, but its kind is unknown, so they are neither compared nor removed`,
      {
        ...atObject(object),
        hint: 'declare the kind in the policy file (workloadKinds); sidecarctl explain prints the entry',
      },
    ),
  ]
}

/** Whether a record is among the annotations of a map at any depth. */
function hasRecordInside(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasRecordInside)
  if (!isObject(value)) return false
  return Object.entries(value).some(([key, inner]) =>
    key === 'annotations' && isObject(inner) ? Object.keys(inner).some(isRecordKey) : hasRecordInside(inner),
  )
}
