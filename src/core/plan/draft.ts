import { emptyObject, isObject, type Json, type JsonObject } from '../json.ts'
import { resolvePlain } from '../yaml/resolve.ts'
import { formatAddress, isEqual, itemId, pathOf, type Address } from './address.ts'
import type { Record } from './record.ts'

/** Something a sidecar wants in the pod template. */
export interface Want {
  address: Address
  value: Json
  /** Where a new list item goes: behind the others, or in front of the user's own. */
  place: 'first' | 'last'
  /** Names of the sidecars that want it. */
  owners: Set<string>
}

/** How a put ended: done, already there from the user with the same content, or there with other content. */
export type PutResult = 'added' | 'shared' | 'reused' | 'conflict'

/**
 * A pod template while sidecars are being put in: the user's part, the part of sidecars that stay as they are, and
 * what is wanted anew. Plain data; text is not touched before all wants are known.
 */
export class PodDraft {
  /** The template as it will be. */
  readonly data: JsonObject
  readonly wants = new Map<string, Want>()
  /** Names of sidecars' containers: a user's own container of such a name is none of the app's. */
  readonly sidecarNames = new Set<string>()
  /** Addresses that sidecars own which are not part of this run, with their owners. */
  readonly #kept = new Map<string, Set<string>>()

  /**
   * @param template the pod template as it is
   * @param record what is ours in it
   * @param renew names of the sidecars whose part is thought through anew
   */
  constructor(template: JsonObject, record: Record, renew: ReadonlySet<string>) {
    this.data = clone(template) as JsonObject
    const gone: Address[] = []
    for (const [name, { own }] of record.sidecars) {
      for (const address of own) {
        if (renew.has(name)) gone.push(address)
        else this.#keep(address, name)
      }
    }
    for (const address of gone) {
      const key = formatAddress(address)
      if (this.#kept.has(key)) continue
      const was = record.was.get(key)
      if (was === undefined) removeAt(this.data, address)
      else setAt(this.data, address, scalarOf(was), 'last')
    }
    for (const address of record.created.toSorted((a, b) => b.length - a.length)) this.#undoIfEmpty(address, record)
  }

  /** A map or list that we made goes when nothing is left in it, or gives way to the null that stood there. */
  #undoIfEmpty(address: Address, record: Record): void {
    const value = this.get(address)
    if (value === undefined || value === null || typeof value !== 'object' || Object.keys(value).length > 0) return
    if (record.was.has(formatAddress(address))) setAt(this.data, address, null, 'last')
    else removeAt(this.data, address)
  }

  #keep(address: Address, owner: string): void {
    const key = formatAddress(address)
    const owners = this.#kept.get(key)
    if (owners === undefined) this.#kept.set(key, new Set([owner]))
    else owners.add(owner)
  }

  /** True when a sidecar, and not the user, put this there. */
  isOurs(address: Address): boolean {
    const key = formatAddress(address)
    return this.#kept.has(key) || this.wants.has(key)
  }

  /** The value at an address; undefined when there is none. */
  get(address: Address): Json | undefined {
    const path = pathOf(this.data, address)
    return path?.reduce<Json | undefined>((value, step) => (value as JsonObject)[step as string], this.data)
  }

  /** Wants a value at an address for a sidecar. A conflict changes nothing. */
  put(owner: string, address: Address, value: Json, place: Want['place'] = 'last'): PutResult {
    const key = formatAddress(address)
    const present = this.get(address)
    if (present !== undefined && present !== null) {
      if (!isEqual(present, value)) return 'conflict'
      if (!this.isOurs(address)) return 'reused'
      this.#want(key, { address, value, place, owners: new Set([owner]) })
      return 'shared'
    }
    setAt(this.data, address, value, place)
    this.#want(key, { address, value, place, owners: new Set([owner]) })
    return 'added'
  }

  /** Replaces a scalar that the user may have set; the text that stood there is kept in the record. */
  override(owner: string, address: Address, value: Json): void {
    setAt(this.data, address, value, 'last')
    this.#want(formatAddress(address), { address, value, place: 'last', owners: new Set([owner]) })
  }

  #want(key: string, want: Want): void {
    const before = this.wants.get(key)
    if (before === undefined) this.wants.set(key, want)
    else this.wants.set(key, { ...want, owners: new Set([...before.owners, ...want.owners]) })
  }
}

/** The plain data of a scalar that was replaced, from its text. */
export function scalarOf(text: string): Json {
  const resolved = resolvePlain(text.trim().replace(/^&[\w-]+[ \t]+/, ''))
  return resolved.kind === 'null' ? null : resolved.value
}

/** A deep copy with null-prototype maps. */
export function clone(value: Json): Json {
  if (Array.isArray(value)) return value.map(clone)
  if (!isObject(value)) return value
  const out = emptyObject()
  for (const [key, child] of Object.entries(value)) out[key] = clone(child)
  return out
}

/** Sets a value, making the maps and lists on the way; an item of a list is added or replaced. */
export function setAt(root: JsonObject, address: Address, value: Json, place: Want['place']): void {
  let container: Json = root
  let list = ''
  for (const [n, step] of address.entries()) {
    const isLast = n === address.length - 1
    const fresh = (): Json => {
      if (isLast) return clone(value)
      return typeof address[n + 1] === 'string' ? emptyObject() : []
    }
    if (typeof step === 'string') {
      const map = container as JsonObject
      if (isLast || map[step] === undefined || map[step] === null) map[step] = fresh()
      container = map[step] as Json
      list = step
      continue
    }
    const items = container as Json[]
    const found = items.findIndex((item) => itemId(list, item) === step.id)
    if (found >= 0 && isLast) items[found] = fresh()
    if (found < 0 && place === 'first') items.unshift(fresh())
    if (found < 0 && place === 'last') items.push(fresh())
    container = items[found >= 0 ? found : place === 'first' ? 0 : items.length - 1] as Json
  }
}

function parentOf(root: JsonObject, address: Address): { parent: Json; step: string | number } | undefined {
  const path = pathOf(root, address)
  if (path === undefined) return undefined
  const parent = path.slice(0, -1).reduce<Json>((value, step) => (value as JsonObject)[step as string] as Json, root)
  return { parent, step: path.at(-1) as string | number }
}

/** Removes what stands at an address, if anything does. */
export function removeAt(root: JsonObject, address: Address): void {
  const found = parentOf(root, address)
  if (found === undefined) return
  if (Array.isArray(found.parent)) found.parent.splice(found.step as number, 1)
  else delete (found.parent as JsonObject)[found.step]
}
