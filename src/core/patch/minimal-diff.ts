import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { keyOf } from '../yaml/read/construct.ts'
import type { MapNode, Pair, SeqNode, YamlNode } from '../yaml/read/node.ts'
import { EditError } from '../yaml/edit/edit-error.ts'
import type { YamlEditor } from '../yaml/edit/editor.ts'
import { isEqual } from '../json/equality.ts'
import { diffLists } from '../json/list-diff.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'

/** The error for an edit that would change another place, through an anchor or an alias. */
export class SharedNodeError extends EditError {}

/** A value to replace: its key (empty for a list item), and the old and the new value. */
export interface Replacement {
  key: string
  from: Json
  to: Json
}

/**
 * Replaces only the parts of a value that differ, so that the rest stays as it is written, with the user's comments.
 * Where the text does not allow that, the closest enclosing value is replaced as a whole.
 */
export class MinimalDiff {
  readonly #editor: YamlEditor
  /** Throws `SharedNodeError` for a node that another place shares. */
  readonly #refuseShared: (node: YamlNode) => void

  constructor(editor: YamlEditor, refuseShared: (node: YamlNode) => void) {
    this.#editor = editor
    this.#refuseShared = refuseShared
  }

  /**
   * Replaces the value of a pair in a map at nesting depth `depth`.
   * @throws SharedNodeError where another place shares a node that would change
   */
  replaceValue(map: MapNode, pair: Pair, change: Replacement, depth: number): void {
    if (pair.value.type !== 'alias') this.#refuseShared(pair.value)
    if (this.#tryInside(pair.value, change, pair.colon, depth + 1)) return
    this.#refuseSharedIn(pair.value)
    this.#editor.replaceValue(map, pair, change.to, depth)
  }

  /** Replaces an item of a list, otherwise as `replaceValue`. */
  replaceItem(seq: SeqNode, index: number, change: Replacement, depth: number): void {
    const item = seq.items[index] as YamlNode
    if (item.type !== 'alias') this.#refuseShared(item)
    if (this.#tryInside(item, change, seq.dashes[index] ?? item.start, depth + 1)) return
    this.#refuseSharedIn(item)
    this.#editor.replaceItem(seq, index, change.to, depth)
  }

  /** Rejects a node that is removed with an anchor that aliases elsewhere refer to. */
  #refuseSharedIn(node: YamlNode): void {
    if (node.type === 'alias') return
    this.#refuseShared(node)
    if (node.type === 'seq') for (const item of node.items) this.#refuseSharedIn(item)
    if (node.type === 'map') for (const { value } of node.pairs) this.#refuseSharedIn(value)
  }

  /** Plans changes inside a node. Returns false and discards them where it must be replaced as a whole. */
  #tryInside(node: YamlNode, change: Replacement, indicator: number, depth: number): boolean {
    if (typeof change.to !== 'object') return false
    const mark = this.#editor.mark()
    try {
      this.#inside(node, change, indicator, depth)
      return true
    } catch (error) {
      if (!(error instanceof EditError) || error instanceof SharedNodeError) throw error
      this.#editor.dropSince(mark)
      return false
    }
  }

  #inside(node: YamlNode, { key, from, to }: Replacement, indicator: number, depth: number): void {
    if (node.type === 'map' && isObject(from) && isObject(to)) this.#map(node, from, to, indicator, depth)
    else if (node.type === 'seq' && Array.isArray(from) && Array.isArray(to))
      this.#seq(node, key, from, to, indicator, depth)
    else throw whole(node)
  }

  #map(node: MapNode, from: JsonObject, to: JsonObject, indicator: number, depth: number): void {
    const keys = node.pairs.map((pair) => keyOf(pair.key))
    // With a merge key or a duplicate key, the text differs from the data.
    if (keys.length !== Object.keys(from).length || keys.some((key) => !Object.hasOwn(from, key))) throw whole(node)
    const removed = new Set(keys.filter((key) => !Object.hasOwn(to, key)))
    const added = Object.keys(to).filter((key) => !Object.hasOwn(from, key))
    this.#checkPlaces(
      node,
      [...removed].map((key) => keys.indexOf(key)),
      added.length > 0,
      indicator,
    )
    for (const [n, key] of keys.entries()) {
      const change = { key, from: from[key] as Json, to: to[key] as Json }
      if (!removed.has(key) && !isEqual(change.from, change.to))
        this.replaceValue(node, node.pairs[n] as Pair, change, depth)
    }
    this.#editor.removePairs(node, removed, depth)
    const groups = new Map<number, [string, Json][]>()
    let place = 0
    for (const [key, value] of Object.entries(to)) {
      if (Object.hasOwn(from, key)) place = keys.indexOf(key) + 1
      else groups.set(place, [...(groups.get(place) ?? []), [key, value]])
    }
    for (const [at, pairs] of groups) this.#editor.insertPairs(node, pairs, at, indicator, depth)
  }

  #seq(node: SeqNode, key: string, from: readonly Json[], to: readonly Json[], indicator: number, depth: number): void {
    const { kept, added } = diffLists(from, to, (item) => mergeKeyOf(key, item))
    const removed = new Set([...from.keys()].filter((n) => !kept.has(n)))
    this.#checkPlaces(node, [...removed], added.size > 0, indicator)
    if (added.has(0) && !this.#editor.startsBelow(node, indicator)) throw whole(node)
    for (const [index, target] of kept) {
      const change = { key: '', from: from[index] as Json, to: to[target] as Json }
      if (!isEqual(change.from, change.to)) this.replaceItem(node, index, change, depth)
    }
    this.#editor.removeItems(node, removed, depth)
    for (const [place, items] of added) this.#editor.insertItems(node, items, place, indicator, depth)
  }

  /**
   * Entries are added and removed as whole lines. That fails in flow style, for an entry on the line of its parent's
   * key or dash, and where no entry would be left.
   */
  #checkPlaces(node: MapNode | SeqNode, removed: readonly number[], isAdded: boolean, indicator: number): void {
    if (removed.length === 0 && !isAdded) return
    const isAll = removed.length === (node.type === 'map' ? node.pairs : node.items).length
    if (node.flow || (isAll && !isAdded)) throw whole(node)
    if (removed.includes(0) && !this.#editor.startsBelow(node, indicator)) throw whole(node)
  }
}

function whole(node: YamlNode): EditError {
  return new EditError('this is replaced as a whole', node.start)
}
