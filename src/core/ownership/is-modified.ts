import type { Json, JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { formatFieldPath, pathOf } from '../field-path/field-path.ts'
import { shortHash, type OwnedSidecar } from './record.ts'

/** True when what a sidecar put into a pod template is no longer what was put there. */
export function isModified(template: JsonObject, { own, hash }: OwnedSidecar): boolean {
  const content = own.map((address): Json[] => {
    const path = pathOf(template, address)
    return [formatFieldPath(address), path === undefined ? null : (valueAt(template, path) ?? null)]
  })
  return shortHash(JSON.stringify(content)) !== hash
}
