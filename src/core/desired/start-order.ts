import { formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { namedItem, type ItemPlace } from '../field-path/item-place.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'
import { INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import type { JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { placesIn, type OwnershipRecord } from '../ownership/record.ts'
import type { DesiredPod, OwnedField } from './desired-pod.ts'

/** True for the field path of a whole init container. */
export function isInitContainer(address: FieldPath): boolean {
  return address.length === INIT_CONTAINERS.length + 1 && address[0] === 'spec' && address[1] === INIT_CONTAINERS[1]
}

/** The names of a pod template's init containers, in order; undefined for one without a name. */
export function initContainerNames(template: JsonObject): (string | undefined)[] {
  const list = valueAt(template, INIT_CONTAINERS)
  return (Array.isArray(list) ? list : []).map((item) => mergeKeyOf(INIT_CONTAINERS[1], item))
}

/** The owned field with the named init container; undefined for one that no sidecar of this run has. */
function wantedIn({ ownedFields }: DesiredPod, name: string): OwnedField | undefined {
  return ownedFields.get(formatFieldPath([...INIT_CONTAINERS, { id: name }]))
}

/** True where the places of init containers lead from one back to itself: each starts before or after the next. */
export function isInCycle(draft: DesiredPod, name: string): boolean {
  const seen = new Set<string>()
  let next: string | undefined = name
  while (next !== undefined && !seen.has(next)) {
    seen.add(next)
    next = namedItem(wantedIn(draft, next)?.place ?? 'first')
  }
  return next === name
}

/** What decides which init containers must move. */
interface Placement {
  template: JsonObject
  record: OwnershipRecord
  draft: DesiredPod
}

/**
 * The sidecars whose init containers must move: the requested place differs from the recorded one, or one of them is on
 * the wrong side of the container that its place names. Those with the default `first` stay where the user moved them.
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
  // Whatever starts right before or after one that moves must move, too.
  for (let size = -1; size < moved.size;) {
    size = moved.size
    for (const want of wanted.filter(isWrong)) for (const name of want.owners) moved.add(name)
  }
  return moved
}
