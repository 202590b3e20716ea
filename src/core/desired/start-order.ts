import { formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { namedItem, type ItemPlace } from '../field-path/item-place.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'
import { INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import type { JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { placesIn, type OwnershipRecord } from '../ownership/record.ts'
import type { DesiredPod, OwnedField } from './desired-pod.ts'

/** True for the address of a whole init container. */
export function isInitContainer(address: FieldPath): boolean {
  return address.length === INIT_CONTAINERS.length + 1 && address[0] === 'spec' && address[1] === INIT_CONTAINERS[1]
}

/** The names of a pod template's init containers, in order; undefined for one without a name. */
export function initContainerNames(template: JsonObject): (string | undefined)[] {
  const list = valueAt(template, INIT_CONTAINERS)
  return (Array.isArray(list) ? list : []).map((item) => mergeKeyOf(INIT_CONTAINERS[1], item))
}

/** Where the named init container is to go that is wanted; undefined for one that no sidecar of the run has. */
function wantedIn({ ownedFields }: DesiredPod, name: string): OwnedField | undefined {
  return ownedFields.get(formatFieldPath([...INIT_CONTAINERS, { id: name }]))
}

/**
 * Whether the places of init containers lead back to the one that is named: each starts before or after the next.
 * @param name of an init container of a sidecar
 */
export function isInCycle(draft: DesiredPod, name: string): boolean {
  const seen = new Set<string>()
  let next: string | undefined = name
  while (next !== undefined && !seen.has(next)) {
    seen.add(next)
    next = namedItem(wantedIn(draft, next)?.place ?? 'first')
  }
  return next === name
}

/** What tells which init containers must move. */
interface Placement {
  template: JsonObject
  record: OwnershipRecord
  draft: DesiredPod
}

/**
 * The sidecars whose init containers must move: another place was asked for than the record says, or one of them is on the
 * wrong side of what its place names. What starts first by default stays where it is, wherever the user moved it.
 */
export function movedSidecars({ template, record, draft }: Placement): ReadonlySet<string> {
  const moved = new Set<string>()
  for (const [name, { start }] of record.sidecars) if (start !== draft.starts.get(name)) moved.add(name)
  if (draft.starts.size === 0) return moved
  const names = initContainerNames(template)
  const placeOf = placesIn(record)
  const placed = (name: string | undefined): ItemPlace | undefined =>
    name === undefined ? undefined : (wantedIn(draft, name)?.place ?? placeOf([...INIT_CONTAINERS, { id: name }]))
  const isAtEnd = (name: string | undefined, depth = 0): boolean => {
    const place = placed(name)
    if (place === undefined || place === 'first' || depth > names.length) return false
    return place === 'last' || isAtEnd(namedItem(place), depth + 1)
  }
  const isWrong = ({ address, place }: OwnedField): boolean => {
    const index = names.indexOf((address.at(-1) as { id: string }).id)
    if (index < 0) return false
    if (place === 'last') return !names.slice(index).every((name) => isAtEnd(name))
    const other = namedItem(place)
    if (other === undefined) return false
    const [at, want] = [names.indexOf(other), wantedIn(draft, other)]
    if (at < 0) return want !== undefined
    return [...(want?.owners ?? [])].some((name) => moved.has(name)) || at < index !== place.startsWith('after:')
  }
  const wanted = [...draft.ownedFields.values()].filter(({ address }) => isInitContainer(address))
  // One that moves takes along what starts right before or after it.
  for (let size = -1; size < moved.size;) {
    size = moved.size
    for (const want of wanted.filter(isWrong)) for (const name of want.owners) moved.add(name)
  }
  return moved
}
