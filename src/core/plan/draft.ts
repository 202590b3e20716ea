import { emptyObject, type Json, type JsonObject } from '../json.ts'
import { resolvePlain } from '../yaml/resolve.ts'
import { formatAddress, isEqual, type Address } from './address.ts'
import type { Record } from './record.ts'
import { aliasName } from './record-text.ts'
import { Tree } from './tree.ts'

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
  readonly #tree: Tree
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
    this.#tree = new Tree(template)
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
      if (was === undefined) this.#tree.remove(address)
      else this.#tree.set(address, scalarOf(was), 'last')
    }
    for (const address of record.created.toSorted((a, b) => b.length - a.length)) this.#undoIfEmpty(address, record)
  }

  /** The template as it will be. */
  get data(): JsonObject {
    return this.#tree.root
  }

  /** A map or list that we made goes when nothing is left in it, or gives way to the null, or what is empty, that stood there. */
  #undoIfEmpty(address: Address, record: Record): void {
    const value = this.get(address)
    if (value === undefined || (value !== null && (typeof value !== 'object' || Object.keys(value).length > 0))) return
    const was = record.was.get(formatAddress(address))
    if (was === undefined) this.#tree.remove(address)
    else this.#tree.set(address, aliasName(was) === undefined ? scalarOf(was) : null, 'last')
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
    return this.#tree.get(address)
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
    this.#tree.set(address, value, place)
    this.#want(key, { address, value, place, owners: new Set([owner]) })
    return 'added'
  }

  /** Replaces a scalar that the user may have set; the text that stood there is kept in the record. */
  override(owner: string, address: Address, value: Json): void {
    this.#tree.set(address, value, 'last')
    this.#want(formatAddress(address), { address, value, place: 'last', owners: new Set([owner]) })
  }

  #want(key: string, want: Want): void {
    const before = this.wants.get(key)
    if (before === undefined) this.wants.set(key, want)
    else this.wants.set(key, { ...want, owners: new Set([...before.owners, ...want.owners]) })
  }
}

/** The plain data of a scalar or an empty collection that was replaced, from its text. */
export function scalarOf(text: string): Json {
  const bare = text.trim().replace(/^&[\w-]+(?:[ \t]+|$)/, '')
  if (bare.startsWith('[')) return []
  if (bare.startsWith('{')) return emptyObject()
  const resolved = resolvePlain(bare === '!!null' ? '' : bare)
  return resolved.kind === 'null' ? null : resolved.value
}
