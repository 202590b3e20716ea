import type { Json } from '../../json/json.ts'
import { BlockRemoval, itemEntries, pairEntries } from './block-removal.ts'
import type { PendingEdits } from './pending-edits.ts'
import { entrySpan, pairSpan, type EntrySpan, type InsertPosition } from './entry-span.ts'
import type { Lines } from './lines.ts'
import { keyOf } from '../read/construct.ts'
import type { MapNode, Pair, SeqNode, YamlNode } from '../read/node.ts'
import { blockLines, isFoldedKey, linesOfPairs, valueLines, type BlockStyle } from './serialize.ts'
import { columnOf } from './style.ts'
import { isBreak } from '../read/token.ts'

/** Plans edits of collections in block style, as whole lines. Offsets and `depth` are those of `YamlEditor`. */
export class BlockEditor {
  readonly #text: string
  readonly #lines: Lines
  readonly #edits: PendingEdits
  readonly #removal: BlockRemoval
  readonly #learnStyle: () => BlockStyle
  #learnt: BlockStyle | undefined

  /** @param style learns the document's style; called when the first text is written */
  constructor(text: string, lines: Lines, edits: PendingEdits, style: () => BlockStyle) {
    this.#text = text
    this.#lines = lines
    this.#edits = edits
    this.#removal = new BlockRemoval(text, lines, edits)
    this.#learnStyle = style
  }

  /** The document's style. */
  get style(): BlockStyle {
    this.#learnt ??= this.#learnStyle()
    return this.#learnt
  }

  insertItems(seq: SeqNode, items: readonly Json[], place: InsertPosition, indicator: number, depth: number): void {
    const first = seq.dashes[0] as number
    const column = columnOf(this.#text, first)
    const gap = this.#gap(seq)
    if (place === 0 && !this.#lines.isFirstOnLine(first)) return this.#insertOnLine(first, column, items, gap, depth)
    const at = this.#lineFor(seq.items.map(entrySpan), seq, place, indicator)
    this.#insertLines(
      at,
      this.#linesAt([at], column, (style) => blockLines(items as Json[], column, { ...style, dashGap: gap })),
      depth,
    )
  }

  insertPairs(
    map: MapNode,
    pairs: readonly [string, Json][],
    place: InsertPosition,
    indicator: number,
    depth: number,
  ): void {
    const column = columnOf(this.#text, (map.pairs[0] as Pair).start)
    const at = this.#lineFor(map.pairs.map(pairSpan), map, place, indicator)
    const lines = this.#linesAt([at], column, (style) => linesOfPairs(pairs, column, style))
    this.#insertLines(at, lines, depth)
  }

  /** Replaces a null or an empty collection with another value. */
  fill(pair: Pair, value: Json, depth: number): void {
    if (pair.value.end > pair.colon + 1) this.#edits.push(pair.colon + 1, pair.value.end, '', depth)
    const column = columnOf(this.#text, pair.start)
    const at = this.#lines.lineEnd(Math.max(pair.value.end, pair.colon + 1))
    const [first = '', ...below] = this.#linesAt([at], column, (style) =>
      valueLines(keyOf(pair.key), value, column, style),
    )
    if (first !== '') this.#edits.push(pair.value.end, pair.value.end, first, depth)
    if (below.length > 0) this.#insertLines(at, below, depth)
  }

  /** Replaces a pair's value, anchors and tags included. */
  replaceValue(map: MapNode, pair: Pair, value: Json, depth: number): void {
    const key = keyOf(pair.key)
    const column = columnOf(this.#text, pair.start)
    // The entries after a folded scalar may be removed one day, so the text after each of them must end it as well.
    const ends = isFoldedKey(key, this.style)
      ? map.pairs.slice(map.pairs.indexOf(pair)).map(pairSpan)
      : [pairSpan(pair)]
    const offsets = ends.map(({ end }) => this.#lines.lineEnd(end))
    const lines = this.#linesAt(offsets, column, (style) => valueLines(key, value, column, style))
    this.#replaceBehind(pair.colon + 1, pair.value, lines, depth)
  }

  /**
   * Replaces the text after a colon. The comment at the end of the line stays, above a value of several lines. Comment
   * lines inside the old value stay as well, unless the new text would swallow them.
   */
  #replaceBehind(from: number, value: YamlNode, [first = '', ...rest]: readonly string[], depth: number): void {
    const end = Math.max(value.end, from)
    const eol = this.#lines.eol(from)
    const isBlockScalar = value.type === 'scalar' && (value.style === 'literal' || value.style === 'folded')
    const isBlock = (value.type === 'map' || value.type === 'seq') && !value.flow
    if (
      isBlock &&
      value.propertiesStart === value.start &&
      this.#lines.startsBelow(value, from) &&
      !/^ [|>]/.test(first)
    ) {
      this.clear(value, depth + 1)
      this.#edits.push(from, from, first, depth)
      if (rest.length > 0) this.#insertLines(this.#lines.lineEnd(from), rest, depth)
      return
    }
    if (isBlockScalar || isBlock) {
      const body = isBlock ? this.#lines.lineEnd(from) : this.#lines.lineEnd(value.start)
      const header = this.#text.slice(from, body).trimEnd()
      const comment = /[ \t]+#.*$/.exec(header)?.[0] ?? ''
      this.#edits.push(from, end, [first + comment, ...rest].join(eol), depth)
      return
    }
    this.#edits.push(from, end, first, depth)
    if (rest.length > 0) this.#insertLines(this.#lines.lineEnd(end), rest, depth)
  }

  /** Replaces one item of a list; comments on lines of their own inside it stay. */
  replaceItem(seq: SeqNode, index: number, value: Json, depth: number): void {
    const item = seq.items[index] as YamlNode
    const dash = seq.dashes[index] as number
    const [scalar = '', ...more] =
      typeof value === 'object' ? [] : blockLines([value], 0, { ...this.style, dashGap: 2 })
    if (scalar !== '' && more.length === 0 && this.#isOnLineOf(dash, item)) {
      this.#edits.push(item.propertiesStart, item.end, scalar.slice(2), depth)
      return
    }
    const column = this.#lines.columnOf(dash)
    const start = dash - column
    const end = this.#lines.lineEnd(Math.max(item.end, dash + 1))
    const eol = this.#lines.eol(start)
    const gap = this.#gap(seq)
    const comments = this.#removal.commentLines(start, end, [item]).map((line) => ' '.repeat(column) + line.trimStart())
    const lines = this.#linesAt([end], column, (style) => blockLines([value], column, { ...style, dashGap: gap }))
    const closing = end === this.#text.length && !this.#lines.endsWithBreak(end) ? '' : this.#lines.eol(end)
    if (this.#lines.isFirstOnLine(dash))
      return this.#edits.push(start, end, [...comments, ...lines].join(eol) + closing, depth)
    this.#edits.push(dash, end, [...lines, ...comments].join(eol).slice(column) + closing, depth)
  }

  removeItems(seq: SeqNode, indexes: ReadonlySet<number>, depth: number): void {
    this.#removal.remove(itemEntries(seq), indexes, depth)
  }

  removePairs(map: MapNode, indexes: ReadonlySet<number>, depth: number): void {
    this.#removal.remove(pairEntries(map), indexes, depth)
  }

  /** Removes all entries of a collection, so that only its key is left. */
  clear(node: MapNode | SeqNode, depth: number): void {
    const entries = node.type === 'seq' ? itemEntries(node) : pairEntries(node)
    this.#removal.remove(entries, new Set(entries.keys()), depth)
  }

  /** Removes all entries of a collection and leaves `[]` or `{}`. */
  empty(node: MapNode | SeqNode, indicator: number, depth: number): void {
    this.clear(node, depth)
    const properties = /^(?:[ \t]+[&!][^\s]*)*/.exec(this.#text.slice(indicator + 1, node.start))?.[0] ?? ''
    const at = indicator + 1 + properties.length
    this.#edits.push(at, at, node.type === 'seq' ? ' []' : ' {}', depth)
  }

  /** The offset at which the lines of a new entry of a block collection are inserted. */
  #lineFor(spans: readonly EntrySpan[], node: MapNode | SeqNode, place: InsertPosition, indicator: number): number {
    const index = place === 'last' ? spans.length : place
    const before = spans[index - 1]
    if (before !== undefined) return this.#lines.lineEnd(before.end)
    const line = this.#lines.lineEnd(Math.max(indicator, propertiesEnd(this.#text, node)))
    // In `- - a`, and in a map on the line of its dash, no line is above the first entry: the new one goes last.
    return line <= node.start ? line : this.#lines.lineEnd((spans.at(-1) as EntrySpan).end)
  }

  /**
   * Renders lines to insert at the offsets: without block scalars where one at their end would swallow blanks or a
   * comment that follow.
   */
  #linesAt(
    offsets: readonly number[],
    column: number,
    render: (style: BlockStyle) => readonly string[],
  ): readonly string[] {
    const lines = render(this.style)
    if (offsets.every((offset) => this.#endsScalar(offset, column))) return lines
    const quoted = render({ ...this.style, noBlockScalars: true })
    return quoted.at(-1) === lines.at(-1) ? lines : quoted
  }

  /**
   * True where the text from an offset on ends a block scalar below a key at `column`, and no blank there becomes part
   * of it.
   */
  #endsScalar(offset: number, column: number): boolean {
    for (let at = offset; at < this.#text.length; at = this.#lines.lineEnd(at)) {
      BLANKS.lastIndex = at
      const blanks = BLANKS.exec(this.#text)?.[0] ?? ''
      const next = at + blanks.length
      const isBlankLine = next === this.#text.length || isBreak(this.#text.charCodeAt(next))
      if (!isBlankLine && this.#text[next] !== '#') return true
      if (blanks.length > column) return false
      if (!isBlankLine) return true
    }
    return true
  }

  #insertLines(offset: number, lines: readonly string[], depth: number): void {
    const eol = this.#lines.eol(offset)
    const atEnd = offset === this.#text.length && offset > 0 && !this.#lines.endsWithBreak(offset)
    this.#edits.push(offset, offset, atEnd ? eol + lines.join(eol) : lines.join(eol) + eol, depth)
  }

  /** Inserts items before the first one, which shares its line with a dash or colon, and gets a line of its own. */
  #insertOnLine(first: number, column: number, items: readonly Json[], dashGap: number, depth: number): void {
    const at = this.#lines.blanksBefore(first)
    const blanks = this.#text.slice(at, first)
    const eol = this.#lines.eol(first)
    const lines = blockLines(items as Json[], column, { ...this.style, dashGap })
    const text = lines.join(eol).slice(column) + eol + ' '.repeat(column - blanks.length)
    this.#edits.push(at, at, blanks + text, depth)
  }

  #gap(seq: SeqNode): number {
    const last = seq.items.at(-1)
    const dash = seq.dashes.at(-1)
    if (last === undefined || dash === undefined || last.type !== 'map') return this.style.dashGap
    const gap = last.propertiesStart - dash
    return gap >= 2 && gap <= 8 && !/[\r\n\u0085\u2028\u2029]/.test(this.#text.slice(dash, last.propertiesStart))
      ? gap
      : 2
  }

  /** True for a scalar on the line of its dash. */
  #isOnLineOf(dash: number, { type, propertiesStart, end }: YamlNode): boolean {
    return type === 'scalar' && end > propertiesStart && propertiesStart > dash + 1 && end <= this.#lines.lineEnd(dash)
  }
}

/**
 * The offset at which the anchor and tag of a collection end, possibly on a line below its key; 0 where it has none.
 */
function propertiesEnd(text: string, { propertiesStart, start }: MapNode | SeqNode): number {
  let end = 0
  for (const match of text.slice(propertiesStart, start).matchAll(PROPERTY_OR_COMMENT)) {
    if (!match[0].startsWith('#')) end = propertiesStart + match.index + match[0].length
  }
  return end
}

const PROPERTY_OR_COMMENT = /[&!][^\s\u0085]*|#[^\r\n\u0085\u2028\u2029]*/g
const BLANKS = /[ \t]*/y
