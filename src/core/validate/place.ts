import type { JsonPath } from '../json/json.ts'

/**
 * A place in an object, as a linked list of steps. Rules carry one for each value that they visit, which costs little;
 * `pathOf` makes a path of it only where something is found.
 */
export interface PodPlace {
  /** Undefined for the root of an object, which is the empty path. */
  readonly parent: PodPlace | undefined
  /** Key of a map or 0-based index of a list. */
  readonly step: string | number
}

const ROOT: PodPlace = { parent: undefined, step: '' }

export function placeOf(path: JsonPath): PodPlace {
  return path.reduce<PodPlace>((parent, step) => ({ parent, step }), ROOT)
}

/** The path of a place, from the object's root. */
export function pathOf({ parent, step }: PodPlace): JsonPath {
  return parent === undefined ? [] : [...pathOf(parent), step]
}
