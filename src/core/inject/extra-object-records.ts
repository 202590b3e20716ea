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
  }
}
