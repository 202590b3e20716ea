import { isObject, type JsonObject } from '../json/json.ts'
import { valueAt, type Workload } from './workload.ts'

/** Why a change of a manifest would not reach its pods. */
export type OutOfReach = 'pod-exists' | 'has-owner'

/**
 * Whether a manifest is that of an object in a cluster that no change of it reaches: a Pod that exists, of which the API
 * server lets nobody change the containers (`ValidatePodUpdate`), or what a controller makes and keeps as it wants it,
 * such as the ReplicaSet of a Deployment and the Job of a CronJob. Undefined for every other.
 */
export function outOfReach({ data, ref }: Pick<Workload, 'data' | 'ref'>): OutOfReach | undefined {
  if (owners(data).some((owner) => owner['controller'] === true)) return 'has-owner'
  const isPod = ref.kind === 'Pod' && ref.apiVersion === 'v1'
  return isPod && typeof valueAt(data, ['metadata', 'uid']) === 'string' ? 'pod-exists' : undefined
}

function owners(data: JsonObject): JsonObject[] {
  const list = valueAt(data, ['metadata', 'ownerReferences'])
  return Array.isArray(list) ? list.filter((owner) => isObject(owner)) : []
}
