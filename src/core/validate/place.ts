import type { FieldPath } from '../json.ts'

/**
 * A place in an object: a step, and the place from which it leads. Rules carry one for each value that they look at,
 * which costs next to nothing; it becomes a path only where something is found.
 */
export interface Place {
  /** Undefined for the root of an object, which is the empty path. */
  readonly parent: Place | undefined
  /** Key of a map or 0-based index of a list. */
  readonly step: string | number
}

const ROOT: Place = { parent: undefined, step: '' }

export function placeOf(path: FieldPath): Place {
  return path.reduce<Place>((parent, step) => ({ parent, step }), ROOT)
}

/** The path of a place, from the object's root. */
export function pathOf({ parent, step }: Place): FieldPath {
  return parent === undefined ? [] : [...pathOf(parent), step]
}
