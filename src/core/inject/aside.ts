import type { JsonObject } from '../json/json.ts'
import type { Workload } from '../kube/workload.ts'
import { resourceOverheadOf } from '../desired/resource-overhead.ts'
import { DesiredPod } from '../desired/desired-pod.ts'
import { isKnownInjectorContainer } from '../desired/known-injectors.ts'
import { listOf, nameOf } from '../desired/pod-paths.ts'
import { INIT_CONTAINERS, CONTAINERS } from '../field-path/pod-fields.ts'
import type { OwnershipRecord } from '../ownership/record.ts'
import type { WorkloadOutcome } from './result.ts'
import { declaredPorts } from '../services/ports.ts'
import type { Proxy } from '../services/service.ts'
import type { Sidecar } from '../template/template.ts'
import type { ExtraObjects, RecordedObject } from './workload-result.ts'

/** What a report says of a workload beside its sidecars: containers of other injectors, and what the sidecars cost. */
export function workloadSideNotes(
  { ref, data }: Workload,
  template: JsonObject,
  draft: DesiredPod,
  after: JsonObject,
  before: OwnershipRecord,
  hasCost: boolean,
): Pick<WorkloadOutcome, 'foreign' | 'cost'> {
  const foreign = [CONTAINERS, INIT_CONTAINERS].flatMap((list) =>
    listOf(draft, list)
      .filter((c) => isKnownInjectorContainer(c) && !draft.isOurs([...list, { id: nameOf(c) }]))
      .map(nameOf),
  )
  return {
    ...(foreign.length > 0 && { foreign }),
    ...(hasCost && { cost: resourceOverheadOf(bareTemplate(template, before), after, ref.kind, data) }),
  }
}

/** A pod template without anything that a record claims. */
export function bareTemplate(template: JsonObject, record: OwnershipRecord): JsonObject {
  return record.sidecars.size === 0 ? template : new DesiredPod(template, record, new Set(record.sidecars.keys())).data
}

/** The sidecar as a proxy of the app's port, if it is one. */
export function proxyOf({ name, container, proxies }: Sidecar, mode: Proxy['mode']): Proxy[] {
  if (proxies === undefined) return []
  const ports = container === undefined ? [] : declaredPorts(container)
  return [{ sidecar: name, port: proxies, listens: ports.find(({ number }) => number !== proxies), mode }]
}

function objectsIn({ sidecars }: OwnershipRecord): Map<string, RecordedObject> {
  return new Map(
    [...sidecars].flatMap(([sidecar, { objects = new Map<string, string>() }]) =>
      [...objects].map(([id, digest]): [string, RecordedObject] => [id, { sidecar, digest }]),
    ),
  )
}

/** The extra objects of a workload, from its records before and after a run. */
export function extraObjectsBetween(
  before: OwnershipRecord,
  after: OwnershipRecord,
  wanted: ReadonlyMap<string, readonly JsonObject[]>,
): ExtraObjects {
  const [recorded, kept] = [objectsIn(before), objectsIn(after)]
  return {
    wanted: [...wanted.values()].flat(),
    recorded,
    gone: new Set([...recorded.keys()].filter((id) => !kept.has(id))),
  }
}
