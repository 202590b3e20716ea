import type { JsonPath } from '../json/json.ts'
import { findEntry, mergeKeyStart } from '../yaml/read/construct.ts'
import type { YamlDocument } from '../yaml/read/split.ts'
import type { MapNode, Pair, SeqNode, YamlNode } from '../yaml/read/node.ts'
import { EditError } from '../yaml/edit/edit-error.ts'
import { textToRestore } from '../yaml/edit/editor.ts'
import { shared, type Aliases } from './aliases.ts'

/** A map or list, and the 0-based offset of the colon or dash before it. */
export interface EditTarget {
  node: MapNode | SeqNode
  indicator: number
}

/** Finds the nodes to edit in a document, and rejects those that other places share. */
export class EditTargets {
  readonly #doc: YamlDocument
  readonly #root: YamlNode
  readonly #aliases: Aliases

  constructor(doc: YamlDocument, aliases: Aliases) {
    this.#doc = doc
    this.#root = doc.root as YamlNode
    this.#aliases = aliases
  }

  /**
   * The map or list at a path; undefined where there is none.
   * @throws SharedNodeError where another place shares it or a parent
   */
  walk(path: JsonPath): EditTarget | undefined {
    let node: YamlNode = this.#root
    let indicator = this.#doc.start - 1
    this.#aliases.refuse(node)
    for (const step of path) {
      if (typeof step === 'number') {
        if (node.type !== 'seq') return undefined
        indicator = node.dashes[step] ?? node.start
        node = node.items[step] as YamlNode
      } else {
        if (node.type !== 'map') return undefined
        const entry = findEntry(node, step)
        if (entry === undefined) return undefined
        if (entry.merged) throw shared('comes from a merge key', mergeKeyStart(node, step))
        indicator = entry.pair.colon
        node = entry.pair.value
      }
      this.#aliases.refuse(node)
    }
    return node.type === 'map' || node.type === 'seq' ? { node, indicator } : undefined
  }

  /**
   * The pair of a key in the map at a path; undefined where the key is missing.
   * @throws EditError where there is no map; SharedNodeError where another place shares the value
   */
  pairAt(path: JsonPath, key: string): Pair | undefined {
    const { node } = this.mapAt(path)
    const entry = findEntry(node, key)
    if (entry === undefined) return undefined
    if (entry.merged) throw shared('comes from a merge key', mergeKeyStart(node, key))
    const { value } = entry.pair
    if (value.type !== 'alias') this.#aliases.refuse(value)
    return entry.pair
  }

  /** @throws EditError where there is no map */
  mapAt(path: JsonPath): EditTarget & { node: MapNode } {
    const target = this.walk(path)
    if (target?.node.type !== 'map') throw new EditError('this is not a map', this.#root.start)
    return target as EditTarget & { node: MapNode }
  }

  /** @throws EditError where there is no list */
  listAt(path: JsonPath): EditTarget & { node: SeqNode } {
    const target = this.walk(path)
    if (target?.node.type !== 'seq') throw new EditError('this is not a list', this.#root.start)
    return target as EditTarget & { node: SeqNode }
  }

  /** The text between the colon and the end of a field's value; undefined when the field is not written in its map. */
  textAt(path: JsonPath): string | undefined {
    const step = path.at(-1)
    const parent = this.walk(path.slice(0, -1))
    if (typeof step !== 'string' || parent?.node.type !== 'map') return undefined
    const entry = findEntry(parent.node, step)
    if (entry === undefined || entry.merged || entry.pair.colon < 0) return undefined
    return textToRestore(this.#doc.source.text, entry.pair.colon + 1, entry.pair.value)
  }
}
