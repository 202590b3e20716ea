import { emptyObject, type Json, type JsonObject } from '../json/json.ts'
import { fieldAt, keyIn, pathOf, type FieldPath, type PathElement } from './field-path.ts'
import { forgetItems, isIdentifying, mergeKeyOf, pushItem } from './merge-keys.ts'

/**
 * Plain data that can be changed without modifying the original or the values that are set: the maps and lists on the
 * way to a change are copied, each once; all others are shared.
 */
export class CopyOnWrite {
  #root: JsonObject
  /** Maps and lists that this object copied or created, and so may modify. */
  readonly #own = new Set<Json>()

  constructor(root: JsonObject) {
    this.#root = root
  }

  get root(): JsonObject {
    return this.#root
  }

  /** The value at a field path; undefined when there is none. */
  get(address: FieldPath): Json | undefined {
    return fieldAt(this.#root, address)
  }

  /**
   * Sets the value at a field path and creates the maps and lists that are missing on the way. A list item replaces the
   * one with its merge key, or is added.
   * @param place where an item is added: first, last, or at that 0-based index
   */
  set(address: FieldPath, value: Json, place: 'first' | 'last' | number): void {
    this.#root = this.#owned(this.#root) as JsonObject
    let container: Json = this.#root
    let list = ''
    let around: Json = null
    for (const [n, step] of address.entries()) {
      const isLast = n === address.length - 1
      const key = keyIn(container, step, list)
      const there: Json | undefined = key === undefined ? undefined : (container as JsonObject)[key as string]
      const next: Json = isLast
        ? value
        : there === undefined || there === null
          ? this.#made(address[n + 1] as PathElement)
          : this.#owned(there)
      if (typeof step === 'string') {
        ;(container as JsonObject)[step] = next
        forgetIdentity(around, step)
        list = step
      } else if (key !== undefined) {
        ;(container as Json[])[key as number] = next
        if (isLast && mergeKeyOf(list, next) !== step.id) forgetItems(container as Json[])
      } else putItem(container as Json[], next, place)
      around = container
      container = next
    }
  }

  /** Removes the value at a field path, if there is one. */
  remove(address: FieldPath): void {
    const path = pathOf(this.#root, address)
    if (path === undefined) return
    this.#root = this.#owned(this.#root) as JsonObject
    let container: Json = this.#root
    let around: Json = null
    for (const step of path.slice(0, -1)) {
      const next: Json = this.#owned((container as JsonObject)[step as string] as Json)
      ;(container as JsonObject)[step as string] = next
      around = container
      container = next
    }
    const last = path.at(-1) as string | number
    if (Array.isArray(container)) {
      container.splice(last as number, 1)
      forgetItems(container)
    } else {
      delete (container as JsonObject)[last]
      forgetIdentity(around, last as string)
    }
  }

  #made(next: PathElement): Json {
    const value = typeof next === 'string' ? emptyObject() : []
    this.#own.add(value)
    return value
  }

  /** The map or list itself where it may be modified, otherwise a copy. */
  #owned(value: Json): Json {
    if (this.#own.has(value)) return value
    const copy = Array.isArray(value) ? value.slice() : Object.assign(emptyObject(), value)
    this.#own.add(copy)
    return copy
  }
}

function putItem(items: Json[], item: Json, place: 'first' | 'last' | number): void {
  if (place === 'last') return pushItem(items, item)
  items.splice(place === 'first' ? 0 : place, 0, item)
  forgetItems(items)
}

/** Drops the index of the list `around` when a changed field is part of an item's merge key. */
function forgetIdentity(around: Json, field: string): void {
  if (Array.isArray(around) && isIdentifying(field)) forgetItems(around)
}
