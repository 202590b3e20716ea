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

const NONE: ExtraObjects['shared'] = new Map()

/** The objects that came with more than one sidecar of a record, and the first two of these. */
function ofSeveral({ sidecars }: OwnershipRecord): ExtraObjects['shared'] {
  if (sidecars.size < 2) return NONE
  const first = new Map<string, string>()
  const shared = new Map<string, readonly [string, string]>()
  for (const [name, { objects }] of sidecars) {
    for (const id of objects?.keys() ?? []) {
      const other = first.get(id)
      if (other === undefined) first.set(id, name)
      else if (!shared.has(id)) shared.set(id, [other, name])
    }
  }
  return shared
}
