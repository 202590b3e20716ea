import type { Json, JsonObject } from '../json/json.ts'
import { formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import type { ItemPlace } from '../field-path/item-place.ts'
import { isEqual } from '../json/equality.ts'
import type { OwnershipRecord } from '../ownership/record.ts'
import { scalarOf } from '../ownership/replaced-text.ts'
import { aliasName } from '../ownership/record-text.ts'
import { CopyOnWrite } from '../field-path/copy-on-write.ts'

/** A field or list item that sidecars want in the pod template. */
export interface OwnedField {
  address: FieldPath
  value: Json
  /** Where a new list item goes. */
  place: ItemPlace
  /** Names of the sidecars that want it. */
  owners: Set<string>
}

/**
 * The result of `set`: `added`; `shared` with another sidecar that has the same content there; `reused`, as the
 * manifest has the same content there; or `conflict` with other content.
 */
export type PutResult = 'added' | 'shared' | 'reused' | 'conflict'

/**
 * The pod template that a run wants: the user's part, the part of sidecars that this run does not plan, and what it
 * adds. Plain data; no text is edited before every owned field is known.
 */
export class DesiredPod {
  readonly #tree: CopyOnWrite
  readonly ownedFields = new Map<string, OwnedField>()
  /** Names of the user's containers that override a sidecar's or look like one, and so do not count as the app's. */
  readonly sidecarNames = new Set<string>()
  /** Names of containers that an annotation declares to be overrides. */
  readonly declaredOverrides: ReadonlySet<string>
  /** Names of the app containers that get folders, settings and mounts; undefined for all that templates ask for. */
  readonly chosenContainers: ReadonlySet<string> | undefined
  /** What sidecars want and the manifest has with the same content, by sidecar and formatted field path. */
  readonly #reused = new Map<string, Map<string, OwnedField>>()
  /** Requested places among the init containers by sidecar; sidecars that are not listed start first. */
  readonly starts = new Map<string, ItemPlace>()
  /** Fields that were attributed to a sidecar although no record claims them. */
  readonly adopted: FieldPath[] = []
  /** Formatted field paths of sidecars that this run does not plan, with their owners. */
  readonly #kept = new Map<string, Set<string>>()

  /**
   * @param template the present pod template
   * @param record its ownership record
   * @param renew names of the sidecars to plan from scratch
   * @param declaredOverrides names of containers that an annotation declares to be overrides
   * @param chosenContainers names of the app containers that get folders, settings and mounts; undefined for all
   */
  constructor(
    template: JsonObject,
    record: OwnershipRecord,
    renew: ReadonlySet<string>,
    declaredOverrides: ReadonlySet<string> = new Set(),
    chosenContainers?: ReadonlySet<string>,
  ) {
    this.chosenContainers = chosenContainers
    this.declaredOverrides = declaredOverrides
    this.#tree = new CopyOnWrite(template)
    const gone: FieldPath[] = []
    for (const [name, { own }] of record.sidecars) {
      for (const address of own) {
        if (renew.has(name)) gone.push(address)
        else this.#keep(address, name)
      }
    }
    for (const address of gone) {
      const key = formatFieldPath(address)
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

  /** Removes a created map or list that is empty, or restores the null or empty collection that it replaced. */
  #undoIfEmpty(address: FieldPath, record: OwnershipRecord): void {
    const value = this.get(address)
    if (value === undefined || (value !== null && (typeof value !== 'object' || Object.keys(value).length > 0))) return
    const was = record.was.get(formatFieldPath(address))
    if (was === undefined) this.#tree.remove(address)
    else this.#tree.set(address, aliasName(was) === undefined ? scalarOf(was) : null, 'last')
  }

  #keep(address: FieldPath, owner: string): void {
    const key = formatFieldPath(address)
    const owners = this.#kept.get(key)
    if (owners === undefined) this.#kept.set(key, new Set([owner]))
    else owners.add(owner)
  }

  /** True when a sidecar, and not the user, added the field. */
  isOurs(address: FieldPath): boolean {
    if (this.#kept.size + this.ownedFields.size === 0) return false
    const key = formatFieldPath(address)
    return this.#kept.has(key) || this.ownedFields.has(key)
  }

  /** Names of the sidecars that added the field; empty for a field of the user's. */
  ownersOf(address: FieldPath): ReadonlySet<string> {
    const key = formatFieldPath(address)
    return new Set([...(this.#kept.get(key) ?? []), ...(this.ownedFields.get(key)?.owners ?? [])])
  }

  /** The value at a field path; undefined when there is none. */
  get(address: FieldPath): Json | undefined {
    return this.#tree.get(address)
  }

  /** Sets a value for a sidecar. A conflict changes nothing. */
  set(owner: string, address: FieldPath, value: Json, place: OwnedField['place'] = 'last'): PutResult {
    const key = formatFieldPath(address)
    const present = this.get(address)
    if (present !== undefined && present !== null) {
      if (!isEqual(present, value)) return 'conflict'
      if (!this.isOurs(address)) {
        const reused = this.#reused.get(owner) ?? new Map<string, OwnedField>()
        this.#reused.set(owner, reused.set(key, { address, value: present, place, owners: new Set([owner]) }))
        return 'reused'
      }
      this.#own(key, { address, value, place, owners: new Set([owner]) })
      return 'shared'
    }
    // `arrangeItems` resolves a place beside another item once all changes are known.
    this.#tree.set(address, value, place === 'first' ? 'first' : 'last')
    this.#own(key, { address, value, place, owners: new Set([owner]) })
    return 'added'
  }

  /** True if a sidecar wants a value that the manifest already has there. */
  isReused(owner: string, address: FieldPath): boolean {
    return this.#reused.get(owner)?.has(formatFieldPath(address)) === true
  }

  /** Attributes to a sidecar everything that it wants and that the manifest already has. */
  adoptReused(owner: string): void {
    for (const [key, want] of this.#reused.get(owner) ?? []) {
      this.#own(key, want)
      this.adopted.push(want.address)
    }
  }

  /** Replaces a scalar that the user may have set; the record keeps its text. */
  override(owner: string, address: FieldPath, value: Json): void {
    this.#tree.set(address, value, 'last')
    this.#own(formatFieldPath(address), { address, value, place: 'last', owners: new Set([owner]) })
  }

  #own(key: string, want: OwnedField): void {
    const before = this.ownedFields.get(key)
    if (before === undefined) this.ownedFields.set(key, want)
    else this.ownedFields.set(key, { ...want, owners: new Set([...before.owners, ...want.owners]) })
  }
}
