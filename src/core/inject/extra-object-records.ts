import type { JsonObject } from '../json/json.ts'
import type { OwnershipRecord } from '../ownership/record.ts'
import type { ExtraObjects, RecordedObject } from './workload-result.ts'

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
    shared: ofSeveral(after),
  }
}

const NONE: ReadonlySet<string> = new Set()

/** The objects that more than one sidecar of a record came with. */
function ofSeveral({ sidecars }: OwnershipRecord): ReadonlySet<string> {
  if (sidecars.size < 2) return NONE
  const ids = new Set<string>()
  const shared = new Set<string>()
  for (const { objects } of sidecars.values())
    for (const id of objects?.keys() ?? []) if (ids.size === ids.add(id).size) shared.add(id)
  return shared
}
