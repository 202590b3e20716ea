import { checkDepth } from './depth.ts'
import {
  mapNode,
  scalarNode,
  seqNode,
  type MapNode,
  type Pair,
  type ScalarNode,
  type SeqNode,
  type YamlNode,
} from './node.ts'
import { YamlError } from './token.ts'
import type { SourceSlice } from './source-slice.ts'

/**
 * Parses one JSON value into the same nodes as YAML. kubectl reads a stream that begins with `{` by JSON's own rules,
 * which accept what its YAML parser does not: surrogate escapes, long keys, a break before a colon.
 * @returns the value and the 0-based offset just past it
 * @throws YamlError where the text is not JSON (RFC 8259)
 */
export function parseJson(slice: SourceSlice): { root: YamlNode; end: number } {
  const reader = new JsonReader(slice)
  const root = reader.value(0)
  return { root, end: root.end }
}

/** A JSON object with a list whose items were not kept; `ListOutline` for JSON. */
export interface JsonOutline {
  /** The object, with its list empty. */
  root: MapNode
  count: number
  /** The 0-based offsets at which runs of `size` items begin, and end. */
  starts: readonly number[]
  ends: readonly number[]
}

/**
 * Reads a JSON object with a list below `key`, and drops each item as soon as it is read.
 * @param size items per run
 * @returns undefined where it has no such list with items, or more than one
 * @throws YamlError where the text is not JSON
 */
export function outlineJsonList(slice: SourceSlice, key: string, size: number): JsonOutline | undefined {
  const reader = new JsonReader(slice)
  const [starts, ends]: [number[], number[]] = [[], []]
  let [count, lists] = [0, 0]
  const root = reader.value(0, (name) => {
    if (name !== key) return undefined
    lists++
    return (item) => {
      if (count % size === 0) starts.push(item.start)
      ends[Math.floor(count++ / size)] = item.end
    }
  })
  return lists === 1 && count > 0 && root.type === 'map' ? { root, count, starts, ends } : undefined
}

/** The items of a run that `outlineJsonList` found. */
export function parseJsonItems(slice: SourceSlice): SeqNode {
  return new JsonReader(slice).items()
}

/** Receives each item of a list that does not keep them. */
type TakeItem = (item: YamlNode) => void

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y
const WORD = /true|false|null/y

class JsonReader {
  readonly #w: SourceSlice
  #at: number

  constructor(slice: SourceSlice) {
    this.#w = slice
    this.#at = slice.start
  }

  /**
   * @param takes the receiver of the items of the list below a key of this value; undefined for a list that keeps them
   */
  value(depth: number, takes?: (key: string) => TakeItem | undefined): YamlNode {
    checkDepth(depth, this.#at)
    switch (this.#skip()) {
      case '{':
        return this.#object(depth, takes)
      case '[':
        return this.#array(depth)
      case '"':
        return this.#string()
      default:
        return this.#word()
    }
  }

  /** Values with commas between them, up to the end of the slice, as a list. */
  items(): SeqNode {
    const node = seqNode(this.#w.start, this.#w.end, true)
    do node.items.push(this.value(2))
    while (this.#skip() === ',' && ++this.#at < this.#w.end)
    return node
  }

  /** Skips white space and returns the next character, which is empty at the end. */
  #skip(): string {
    while (this.#at < this.#w.end && ' \t\n\r'.includes(this.#w.text.charAt(this.#at))) this.#at++
    return this.#at < this.#w.end ? this.#w.text.charAt(this.#at) : ''
  }

  #expect(char: string, what: string): number {
    if (this.#skip() !== char) throw new YamlError(`expected ${what} here`, this.#at)
    return this.#at++
  }

  #object(depth: number, takes?: (key: string) => TakeItem | undefined): MapNode {
    const node = mapNode(this.#at, this.#at, true)
    this.#at++
    while (this.#skip() !== '}' || node.pairs.length > 0) {
      if (node.pairs.length > 0) {
        if (this.#skip() === '}') break
        this.#expect(',', "',' or '}'")
      }
      node.pairs.push(this.#pair(depth, takes))
    }
    node.end = ++this.#at
    return node
  }

  #pair(depth: number, takes?: (key: string) => TakeItem | undefined): Pair {
    if (this.#skip() !== '"') throw new YamlError('expected a quoted key here', this.#at)
    const key = this.#string()
    const colon = this.#expect(':', "':'")
    const take = this.#skip() === '[' ? takes?.(key.value) : undefined
    const value = take === undefined ? this.value(depth + 1) : this.#array(depth + 1, take)
    return { key, value, start: key.start, colon }
  }

  #array(depth: number, take?: TakeItem): SeqNode {
    const node = seqNode(this.#at, this.#at, true)
    this.#at++
    for (let count = 0; this.#skip() !== ']' || count > 0; count++) {
      if (count > 0) {
        if (this.#skip() === ']') break
        this.#expect(',', "',' or ']'")
      }
      const item = this.value(depth + 1)
      if (take === undefined) node.items.push(item)
      else take(item)
    }
    node.end = ++this.#at
    return node
  }

  #string(): ScalarNode {
    const { text, end } = this.#w
    const start = this.#at
    let i = start + 1
    for (; i < end; i++) {
      const c = text.charCodeAt(i)
      if (c === 34) break
      if (c === 92) i++
      else if (c < 32) throw new YamlError('a JSON string cannot contain an unescaped control character', i)
    }
    if (i >= end) throw new YamlError('this string has no closing quote', start)
    this.#at = i + 1
    try {
      const value = JSON.parse(text.slice(start, i + 1)) as string
      return scalarNode(start, i + 1, 'double', value)
    } catch {
      throw new YamlError('this string has an invalid escape sequence', start)
    }
  }

  #word(): ScalarNode {
    const { text } = this.#w
    const start = this.#at
    for (const pattern of [NUMBER, WORD]) {
      pattern.lastIndex = start
      const value = pattern.exec(text)?.[0]
      if (value === undefined || start + value.length > this.#w.end) continue
      if (pattern === NUMBER && !Number.isFinite(Number(value)))
        throw new YamlError('this number is too large', start, 'unsupported')
      this.#at = start + value.length
      return scalarNode(start, this.#at, 'plain', value)
    }
    throw new YamlError('expected a JSON value here', start)
  }
}
