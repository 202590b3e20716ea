import { getOrMake } from '../../common/maps.ts'
import { emptyObject, type JsonPath, type Json, type JsonObject } from '../../json/json.ts'
import { LIMITS } from '../../common/limits.ts'
import type { TextRange } from '../../text/source.ts'
import { deref, type MapNode, type Pair, type ScalarNode, type YamlNode } from './node.ts'
import { keyText, plainData, plainKey, resolvedData, resolveScalar } from './resolve.ts'
import { YamlError } from './token.ts'

/** A key that occurs twice in one map. kubectl keeps the last one without a warning. */
export interface DuplicateKey {
  name: string
  first: TextRange
  second: TextRange
}

/** A pair of a map after merge keys are expanded, with the map it was written in. */
export interface Entry {
  key: string
  pair: Pair
  /** True when it comes from a `<<` of this map, so that it is not written in the map itself. */
  merged: boolean
}

/**
 * Up to this many decoded nodes through aliases, or in all, a document is never rejected. Source: `unmarshal` in
 * go-yaml's `decode.go`, as for `LIMITS.aliases`.
 */
const ALIAS_FREE = 100
const DECODE_FREE = 1000
/** The numbers of decoded nodes between which `allowedAliasRatio` falls. */
const RATIO_LOW = LIMITS.aliases.value
const RATIO_HIGH = 10 * RATIO_LOW

/**
 * Stands in the data for what JSON cannot represent: kubectl rejects that last, when overridden values are gone. As a
 * value it is in its own place, as a key it is at NULL_KEY.
 */
class Unrepresentable {
  readonly error: YamlError

  constructor(error: YamlError) {
    this.error = error
  }
}

const NULL_KEY = Symbol('null')

type Building = { [key: string]: Json; [NULL_KEY]?: Unrepresentable }

/**
 * Turns a tree of nodes into the plain data that kubectl would send, and collects the duplicate keys that kubectl drops
 * without a warning.
 */
export class DataBuilder {
  readonly duplicates: DuplicateKey[] = []
  /** Nodes decoded so far, as go-yaml counts them: the document is the first. */
  #decoded = 1
  #aliased = 0
  #aliasDepth = 0
  #isRepresentable = true

  /**
   * The plain data of a node.
   * @throws YamlError where JSON cannot represent it, or aliases expand to too many nodes
   */
  build(node: YamlNode): Json {
    const data = this.#build(node)
    if (!this.#isRepresentable) refuseUnrepresentable(data)
    return data
  }

  #build(node: YamlNode): Json {
    this.#count(node)
    switch (node.type) {
      case 'alias': {
        this.#aliasDepth++
        const value = this.#build(node.target)
        this.#aliasDepth--
        return value
      }
      case 'seq':
        return node.items.map((item) => this.#build(item))
      case 'map':
        return this.#map(node)
      case 'scalar':
        try {
          return scalarData(node)
        } catch (error) {
          return this.#unrepresentable(error) as unknown as Json
        }
    }
  }

  #map(node: MapNode): JsonObject {
    const out = emptyObject() as Building
    const seen = new Map<string, Pair>()
    for (const pair of node.pairs) {
      if (isMergeKey(pair.key)) {
        this.#merge(pair.value, out)
        continue
      }
      const key = this.#key(pair.key)
      if (typeof key !== 'string') {
        this.#build(pair.value)
        out[NULL_KEY] = key
        continue
      }
      const before = seen.get(key)
      if (before !== undefined && this.#aliasDepth === 0) {
        this.duplicates.push({ name: key, first: outer(before.key), second: outer(pair.key) })
      }
      seen.set(key, pair)
      out[key] = this.#build(pair.value)
    }
    return out
  }

  #key(key: YamlNode): string | Unrepresentable {
    this.#count(key)
    if (key.type === 'alias') this.#countAliased(key.target)
    try {
      return keyOf(key)
    } catch (error) {
      if (deref(key).type !== 'scalar') throw error
      return this.#unrepresentable(error)
    }
  }

  #unrepresentable(error: unknown): Unrepresentable {
    if (!(error instanceof YamlError && error.trouble === 'unsupported')) throw error
    this.#isRepresentable = false
    return new Unrepresentable(error)
  }

  /** go-yaml 2 copies merged keys where the `<<` is: keys before it are overridden, keys after it win. */
  #merge(node: YamlNode, out: JsonObject): void {
    for (const source of mergeSources(node)) Object.assign(out, this.#build(source))
  }

  #countAliased(target: YamlNode): void {
    this.#aliasDepth++
    this.#count(target)
    this.#aliasDepth--
  }

  #count(node: YamlNode): void {
    this.#decoded++
    if (this.#aliasDepth === 0) return
    this.#aliased++
    if (this.#aliased <= ALIAS_FREE || this.#decoded <= DECODE_FREE) return
    if (this.#aliased / this.#decoded > allowedAliasRatio(this.#decoded)) {
      throw new YamlError(EXCESSIVE_ALIASING, node.start, 'alias')
    }
  }
}

const EXCESSIVE_ALIASING = `the document contains excessive aliasing: aliases may expand to ${RATIO_LOW} nodes`

function refuseUnrepresentable(data: Json | Unrepresentable): void {
  if (data instanceof Unrepresentable) throw data.error
  if (typeof data !== 'object' || data === null) return
  const unrepresentable = (data as Building)[NULL_KEY]
  if (unrepresentable !== undefined) throw unrepresentable.error
  for (const value of Object.values(data)) refuseUnrepresentable(value)
}

/** The share of nodes that may come from aliases: go-yaml's `allowedAliasRatio` in `decode.go`. */
function allowedAliasRatio(decoded: number): number {
  if (decoded <= RATIO_LOW) return 0.99
  if (decoded >= RATIO_HIGH) return 0.1
  return 0.99 - 0.89 * ((decoded - RATIO_LOW) / (RATIO_HIGH - RATIO_LOW))
}

/** The maps, or aliases of maps, that a `<<` merges, in the order in which they are copied: the last one wins. */
function mergeSources(node: YamlNode): YamlNode[] {
  const list = node.type === 'seq' ? node.items.toReversed() : [node]
  for (const item of list) {
    if (deref(item).type !== 'map') throw new YamlError("the value of '<<' must be a map or a list of maps", item.start)
  }
  return list
}

/** True for a plain `<<` key, and for a quoted one after the tag `!`, which go-yaml treats the same. */
function isMergeKey(key: YamlNode): boolean {
  if (key.type !== 'scalar' || key.value !== '<<') return false
  return key.tag === undefined ? key.style === 'plain' : key.tag === '!!merge' || key.tag === '!'
}

/**
 * The string that a key node becomes in JSON.
 * @throws YamlError for a key that Kubernetes rejects: a map, a list, null, or an integer beyond int64
 */
export function keyOf(key: YamlNode): string {
  const node = deref(key)
  if (node.type !== 'scalar')
    throw new YamlError(`a ${node.type === 'map' ? 'map' : 'list'} cannot be a key`, node.start, 'unsupported')
  const text = node.tag === undefined && node.style === 'plain' ? plainKey(node.value) : keyText(resolveScalar(node))
  if (text === undefined)
    throw new YamlError(
      `${node.value === '' ? 'null' : node.value} cannot be a key: quote it`,
      node.start,
      'unsupported',
    )
  return text
}

function scalarData(node: ScalarNode): Json {
  const data =
    node.tag === undefined && node.style === 'plain' ? plainData(node.value) : resolvedData(resolveScalar(node))
  if (data === undefined) throw new YamlError('infinity and NaN are not supported in JSON', node.start, 'unsupported')
  return data
}

/** The range of a node with its anchor and tag. */
export function outer(node: YamlNode): TextRange {
  return { start: node.propertiesStart, end: node.end }
}

/** The pairs of a map that count for kubectl, by key: merge keys are expanded, and the last of duplicate keys wins. */
export function entries(map: MapNode): Map<string, Entry> {
  const out = new Map<string, Entry>()
  for (const pair of map.pairs) {
    if (isMergeKey(pair.key)) {
      for (const source of mergeSources(pair.value)) {
        for (const entry of indexOf(deref(source) as MapNode).values()) out.set(entry.key, { ...entry, merged: true })
      }
      continue
    }
    const key = keyOf(pair.key)
    out.set(key, { key, pair, merged: false })
  }
  return out
}

/** Up to this many pairs, a linear search is faster than an index. */
const FEW = 16

/**
 * The entries of long maps, which are searched for many keys, and of maps that are merged, possibly into many; kept as
 * long as the node, which never changes.
 */
const INDEXED = new WeakMap<MapNode, ReadonlyMap<string, Entry>>()

function indexOf(map: MapNode): ReadonlyMap<string, Entry> {
  return getOrMake(INDEXED, map, () => entries(map))
}

/** The entry of `key` in a map, which may come from a merge key; undefined when there is none. */
export function findEntry(map: MapNode, key: string): Entry | undefined {
  if (map.pairs.length > FEW) return indexOf(map).get(key)
  // The last one counts, whether it is merged or not.
  for (let n = map.pairs.length - 1; n >= 0; n--) {
    const pair = map.pairs[n] as Pair
    if (isMergeKey(pair.key)) {
      const found = mergedEntry(pair.value, key)
      if (found !== undefined) return found
    } else if (keyOf(pair.key) === key) {
      return { key, pair, merged: false }
    }
  }
  return undefined
}

function mergedEntry(value: YamlNode, key: string): Entry | undefined {
  const found = mergeSources(value).findLast((source) => indexOf(deref(source) as MapNode).has(key))
  return found && { ...(indexOf(deref(found) as MapNode).get(key) as Entry), merged: true }
}

/** The 0-based offset of the merge key by which a map has an entry of its own or another map. */
export function mergeKeyStart(map: MapNode, key: string): number {
  const pair = map.pairs.findLast((one) => isMergeKey(one.key) && mergedEntry(one.value, key) !== undefined)
  return (pair ?? map).start
}

/** The node at a path, through aliases and merge keys; undefined when there is none. */
export function nodeAt(root: YamlNode, path: JsonPath): YamlNode | undefined {
  let node: YamlNode | undefined = root
  for (const step of path) {
    if (node === undefined) return undefined
    const value: YamlNode = deref(node)
    if (typeof step === 'number') node = value.type === 'seq' ? value.items[step] : undefined
    else node = value.type === 'map' ? findEntry(value, step)?.pair.value : undefined
  }
  return node
}

/**
 * The range to underline for a path: its value, or its key with `on: 'key'` or if the value is a collection or missing.
 * Where the path does not exist, the key of its closest parent that does, or the first key of that list item.
 */
export function locate(root: YamlNode, path: JsonPath, on: 'key' | 'value' = 'value'): TextRange {
  for (let length = path.length; length > 0; length--) {
    const parent = nodeAt(root, path.slice(0, length - 1))
    const step = path[length - 1] as string | number
    if (parent === undefined) continue
    const map = deref(parent)
    if (typeof step === 'number') {
      const item = map.type === 'seq' ? map.items[step] : undefined
      if (item !== undefined) return length === path.length ? outer(item) : headOf(item)
      continue
    }
    const pair = map.type === 'map' ? findEntry(map, step)?.pair : undefined
    if (pair === undefined) continue
    if (length < path.length) return isCollection(pair.value) ? outer(pair.key) : outer(pair.value)
    return on === 'key' || isCollection(pair.value) || pair.value.end === pair.value.propertiesStart
      ? outer(pair.key)
      : outer(pair.value)
  }
  return headOf(root)
}

function isCollection(node: YamlNode): boolean {
  return node.type === 'map' || node.type === 'seq'
}

/** The first key of a block map, otherwise the node, so that a caret never underlines half a file. */
function headOf(node: YamlNode): TextRange {
  const first = node.type === 'map' && !node.flow ? node.pairs[0] : undefined
  return outer(first === undefined ? node : first.key)
}
