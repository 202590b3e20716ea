import { emptyObject, isObject, type Json, type JsonObject } from '../json.ts'
import { itemId, pathOf, type Address, type Step } from './address.ts'

/**
 * Plain data under change. What it was made from, and the values put in, are never touched: the maps and lists on the
 * way to a change are copied, each once, and all others are shared.
 */
export class Tree {
  #root: JsonObject
  /** Maps and lists that were copied or made here. */
  readonly #own = new Set<Json>()

  constructor(root: JsonObject) {
    this.#root = root
  }

  get root(): JsonObject {
    return this.#root
  }

  /** The value at an address; undefined when there is none. */
  get(address: Address): Json | undefined {
    let value: Json | undefined = this.#root
    let list = ''
    for (const step of address) {
      value = childOf(value, step, list)
      if (value === undefined) return undefined
      if (typeof step === 'string') list = step
    }
    return value
  }

  /**
   * Sets a value, making the maps and lists on the way; an item of a list is replaced, or added.
   * @param place where items are added: as the first, the last, or the one with that index
   */
  set(address: Address, value: Json, place: 'first' | 'last' | number): void {
    this.#root = this.#owned(this.#root) as JsonObject
    let container: Json = this.#root
    let list = ''
    for (const [n, step] of address.entries()) {
      const isLast = n === address.length - 1
      const there = childOf(container, step, list)
      const next = isLast ? value : there === undefined || there === null ? this.#made(address[n + 1] as Step) : this.#owned(there)
      if (typeof step === 'string') {
        (container as JsonObject)[step] = next
        list = step
      } else {
        const items = container as Json[]
        const found = there === undefined ? -1 : items.indexOf(there)
        if (found >= 0) items[found] = next
        else if (place === 'last') items.push(next)
        else items.splice(place === 'first' ? 0 : place, 0, next)
      }
      container = next
    }
  }

  /** Removes what stands at an address, if anything does. */
  remove(address: Address): void {
    const path = pathOf(this.#root, address)
    if (path === undefined) return
    this.#root = this.#owned(this.#root) as JsonObject
    let container: Json = this.#root
    for (const step of path.slice(0, -1)) {
      const next: Json = this.#owned((container as JsonObject)[step as string] as Json);
      (container as JsonObject)[step as string] = next
      container = next
    }
    const last = path.at(-1) as string | number
    if (Array.isArray(container)) container.splice(last as number, 1)
    else delete (container as JsonObject)[last]
  }

  #made(next: Step): Json {
    const value = typeof next === 'string' ? emptyObject() : []
    this.#own.add(value)
    return value
  }

  /** The map or list itself when it was made here, else a copy that is. */
  #owned(value: Json): Json {
    if (this.#own.has(value)) return value
    const copy = Array.isArray(value) ? value.slice() : Object.assign(emptyObject(), value)
    this.#own.add(copy)
    return copy
  }
}

function childOf(container: Json | undefined, step: Step, list: string): Json | undefined {
  if (typeof step === 'string') return isObject(container) && Object.hasOwn(container, step) ? container[step] : undefined
  return Array.isArray(container) ? container.find((item) => itemId(list, item) === step.id) : undefined
}
