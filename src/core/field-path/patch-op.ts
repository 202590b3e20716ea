import type { Json, JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { formatFieldPath, formatSteps, pathOf, type FieldPath } from './field-path.ts'
import { namedItem, type ItemPlace } from './item-place.ts'
import { mergeKeyOf } from './merge-keys.ts'
import { CopyOnWrite } from './copy-on-write.ts'

/** One change to a pod template, at a field path and independent of the text. */
export type PatchOp =
  | { type: 'insert'; address: FieldPath; value: Json; place: ItemPlace }
  | { type: 'replace'; address: FieldPath; value: Json }
  /** Replaces an alias with its value, written on the alias's line, so that what follows on that line stays. */
  | { type: 'write-out'; address: FieldPath; value: Json }
  | { type: 'remove'; address: FieldPath }
  /** Restores the original text between the colon and the end of the value. */
  | { type: 'restore'; address: FieldPath; text: string }

/** A new list item or a new field. */
export type Insert = Extract<PatchOp, { type: 'insert' }>

/** The place at which an earlier run added a list item; undefined for items that are not owned. */
export type PlaceOf = (address: FieldPath) => ItemPlace | undefined

/** The template after the changes. `restore` has no effect here: it is about text only. */
export function applyPatch(
  template: JsonObject,
  changes: readonly PatchOp[],
  placeOf: PlaceOf = () => undefined,
): JsonObject {
  const after = new CopyOnWrite(template)
  const inserts = changes.filter((change) => change.type === 'insert')
  /** Lists with an insert whose place depends on other items. */
  const placed = new Map(
    inserts.filter(({ place }) => place !== 'last').map((change) => [listOf(change), change.address.slice(0, -1)]),
  )
  for (const change of changes) {
    if (change.type === 'insert' && placed.has(listOf(change))) continue
    if (change.type === 'remove') after.remove(change.address)
    else if (change.type !== 'restore') after.set(change.address, change.value, 'last')
  }
  for (const parent of placed.values()) {
    for (const [index, item] of arrangeItems(template, parent, changes, placeOf).entries())
      if (typeof item !== 'number') after.set(item.address, item.value, index)
  }
  return after.root
}

function listOf({ address }: PatchOp): string {
  return formatSteps(address, address.length - 1)
}

/**
 * The items of the list `parent` after the changes, in order: the 0-based index of each item that stays, or the insert.
 * Inserts for one place keep the order of the changes, after items that earlier runs added there.
 */
export function arrangeItems(
  template: JsonObject,
  parent: FieldPath,
  changes: readonly PatchOp[],
  placeOf: PlaceOf,
): (number | Insert)[] {
  const items = new Arrangement(template, parent, changes, placeOf)
  const list = formatFieldPath(parent)
  let waiting = changes.filter((change): change is Insert => change.type === 'insert' && listOf(change) === list)
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ address }) => idOf(address)))
    // Inserts that name no other waiting one come first; in a cycle, its first insert does.
    const free = waiting.filter(({ place }) => !names.has(namedItem(place)))
    const ready = free.length > 0 ? free : waiting.slice(0, 1)
    for (const change of ready) items.insert(change)
    waiting = waiting.filter((change) => !ready.includes(change))
  }
  return items.all.map(({ index, change }) => change ?? index)
}

function idOf(address: FieldPath): string | undefined {
  const step = address.at(-1)
  return typeof step === 'object' ? step.id : step
}

/** A list item: its 0-based index before the changes, or -1 with its insert; `place` where a run added it. */
interface Item {
  id: string | undefined
  place: ItemPlace | undefined
  index: number
  change?: Insert
}

class Arrangement {
  readonly all: Item[]

  constructor(template: JsonObject, parent: FieldPath, changes: readonly PatchOp[], placeOf: PlaceOf) {
    const path = pathOf(template, parent)
    const list = path === undefined ? undefined : valueAt(template, path)
    const key = parent.at(-1)
    const removed = new Set(
      changes.flatMap((c) => (c.type === 'remove' ? (pathOf(template, c.address)?.join(' ') ?? []) : [])),
    )
    this.all = (Array.isArray(list) && typeof key === 'string' ? list : []).flatMap((item, index): Item[] => {
      if (removed.has([...(path ?? []), index].join(' '))) return []
      const id = mergeKeyOf(key as string, item)
      return [{ id, index, place: id === undefined ? undefined : placeOf([...parent, { id }]) }]
    })
  }

  insert(change: Insert): void {
    const { address, place } = change
    this.all.splice(this.#indexFor(place), 0, { id: idOf(address), place, index: -1, change })
  }

  #indexFor(place: ItemPlace): number {
    if (place === 'last') return this.all.length
    const named = this.#indexOfNamed(place)
    if (named >= 0 && place.startsWith('before:')) return named
    let index = named + 1
    const same = named < 0 ? 'first' : place
    while (this.#isPlaced(this.all[index], same)) index++
    return index
  }

  /** The index of the item that a place names, or -1. */
  #indexOfNamed(place: ItemPlace): number {
    const name = namedItem(place)
    return name === undefined ? -1 : this.all.findIndex(({ id }) => id === name)
  }

  #isPlaced(item: Item | undefined, place: ItemPlace): boolean {
    if (item?.place === undefined || item.place === 'last') return false
    return item.place === place || (place === 'first' && this.#indexOfNamed(item.place) < 0)
  }
}
