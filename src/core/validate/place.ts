import type { FieldPath } from '../json.ts'

/**
 * A place in an object: a step, and the place from which it leads. Rules carry one for each value that they look at,
 * which costs next to nothing; it becomes a path only where something is found.
 */
export class Place {
  /** Undefined for the root of an object, which is the empty path. */
  readonly parent: Place | undefined
  /** Key of a map or 0-based index of a list. */
  readonly step: string | number

  constructor(parent: Place | undefined, step: string | number) {
    this.parent = parent
    this.step = step
  }

  /** The path from the object's root. */
  toPath(): FieldPath {
    return this.parent === undefined ? [] : [...this.parent.toPath(), this.step]
  }
}

const ROOT = new Place(undefined, '')

export function placeOf(path: FieldPath): Place {
  return path.reduce<Place>((place, step) => new Place(place, step), ROOT)
}
