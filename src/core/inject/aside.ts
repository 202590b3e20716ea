import type { JsonObject } from '../json.ts'
import type { Workload } from '../kube/workload.ts'
import { costOf } from '../plan/cost.ts'
import { PodDraft } from '../plan/draft.ts'
import { isForeignSidecar } from '../plan/foreign.ts'
import { CONTAINERS, INIT_CONTAINERS, listOf, nameOf } from '../plan/pod.ts'
import type { Record } from '../plan/record.ts'
import type { WorkloadOutcome } from '../result.ts'
import { declaredPorts } from '../services/ports.ts'
import type { Proxy } from '../services/types.ts'
import type { Sidecar } from '../template/types.ts'
import type { Companions, RecordedObject } from './types.ts'

/** What a report tells of a workload beside its sidecars: those of other tools, and what ours cost. */
export function asideOf(
  { ref, data }: Workload,
  template: JsonObject,
  draft: PodDraft,
  before: Record,
  hasCost: boolean,
): Pick<WorkloadOutcome, 'foreign' | 'cost'> {
  const foreign = [CONTAINERS, INIT_CONTAINERS].flatMap((list) => listOf(draft, list)
    .filter((c) => isForeignSidecar(c) && !draft.isOurs([...list, { id: nameOf(c) }])).map(nameOf))
  return {
    ...(foreign.length > 0 && { foreign }),
    ...(hasCost && { cost: costOf(bareTemplate(template, before), draft.data, ref.kind, data) }),
  }
}

/** A pod template without anything that a record claims. */
export function bareTemplate(template: JsonObject, record: Record): JsonObject {
  return record.sidecars.size === 0 ? template : new PodDraft(template, record, new Set(record.sidecars.keys())).data
}

/** The sidecar as one that stands in front of the app's port, where it does. */
export function proxyOf({ name, container, proxies }: Sidecar, mode: Proxy['mode']): Proxy[] {
  if (proxies === undefined) return []
  const ports = container === undefined ? [] : declaredPorts(container)
  return [{ sidecar: name, port: proxies, listens: ports.find(({ number }) => number !== proxies), mode }]
}

function objectsIn({ sidecars }: Record): Map<string, RecordedObject> {
  return new Map([...sidecars].flatMap(([sidecar, { objects = new Map<string, string>() }]) =>
    [...objects].map(([id, digest]): [string, RecordedObject] => [id, { sidecar, digest }])))
}

/** What becomes of further objects between two records. */
export function companionsBetween(before: Record, after: Record, wanted: ReadonlyMap<string, readonly JsonObject[]>): Companions {
  const [recorded, kept] = [objectsIn(before), objectsIn(after)]
  return { wanted: [...wanted.values()].flat(), recorded, gone: new Set([...recorded.keys()].filter((id) => !kept.has(id))) }
}
