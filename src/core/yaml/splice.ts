import type { Json } from '../json.ts'
import type { TextEdit } from '../text/edit.ts'
import { keyOf } from './data.ts'
import type { MapNode, Pair, SeqNode, YamlNode } from './node.ts'
import { blockLines, flowPair, flowText, pairLines, scalarText, type BlockStyle, type FlowStyle } from './render.ts'
import { columnOf, learnFlowStyle } from './style.ts'

/** An edit that cannot be made without touching more than it should; `offset` says where. */
export class SpliceError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Where among its neighbours a new entry goes: an index counts the entries that were there before. */
export type Place = 'last' | number

interface RankedEdit extends TextEdit {
  /** Depth of the collection: at one offset, deeper text comes first. */
  depth: number
}

/**
 * Plans text edits on one document: whole lines in block style, entries with their comma in flow style. Each edit
 * owns its line ends, indentation and commas, so that removing what was inserted gives the same text again.
 */
export class Splicer {
  readonly #text: string
  readonly #json: boolean
  readonly #learnStyle: () => BlockStyle
  #learnt: BlockStyle | undefined
  readonly #edits: RankedEdit[] = []

  /** @param style learns the document's style, when there is something to write in it */
  constructor(text: string, format: 'yaml' | 'json', style: () => BlockStyle) {
    this.#text = text
    this.#json = format === 'json'
    this.#learnStyle = style
  }

  get #style(): BlockStyle {
    this.#learnt ??= this.#learnStyle()
    return this.#learnt
  }

  /**
   * Inserts items into a list. `head` is the offset of the colon before the list, below which a first item goes.
   * @throws SpliceError where the list's layout leaves no place for whole lines.
   */
  insertItems(seq: SeqNode, items: readonly Json[], place: Place, head: number, depth: number): void {
    if (seq.flow) {
      this.#insertFlow(seq, seq.items.map(extent), place, depth, (style, pad) => items.map((i) => flowText(i, style, pad)))
      return
    }
    const column = columnOf(this.#text, seq.dashes[0] as number)
    const gap = this.#gap(seq)
    const at = this.#lineFor(seq.items.map(extent), seq.start, place, head)
    this.#insertLines(at, this.#linesAt(at, column, (style) => blockLines(items as Json[], column, { ...style, dashGap: gap })), depth)
  }

  /** Inserts pairs into a map; see `insertItems`. */
  insertPairs(map: MapNode, pairs: readonly [string, Json][], place: Place, head: number, depth: number): void {
    if (map.flow) {
      this.#insertFlow(map, map.pairs.map(pairExtent), place, depth, (style, pad) =>
        pairs.map(([key, value]) => flowPair(key, value, style, pad)))
      return
    }
    const column = columnOf(this.#text, (map.pairs[0] as Pair).start)
    const at = this.#lineFor(map.pairs.map(pairExtent), map.start, place, head)
    const lines = this.#linesAt(at, column, (style) => pairs.flatMap(([key, value]) => pairLines(key, value, column, style)))
    this.#insertLines(at, lines, depth)
  }

  /**
   * Gives a key whose value is null or an empty collection a block value.
   * @returns the text that stood between its colon and the end of its value, to put back on removal.
   */
  fill(map: MapNode, pair: Pair, value: Json, depth: number): string {
    if (pair.colon < 0) throw new SpliceError('this key has no colon, so nothing can be put under it', pair.start)
    const was = this.#text.slice(pair.colon + 1, pair.value.end)
    if (map.flow) {
      this.#replaceFlow(pair, flowText(value, learnFlowStyle(this.#text, map, this.#json, this.#eol(pair.colon))), depth)
      return was
    }
    if (was !== '') this.#push(pair.colon + 1, pair.value.end, '', depth)
    const column = columnOf(this.#text, pair.start)
    const at = this.#lineEnd(Math.max(pair.value.end, pair.colon + 1))
    const lines = this.#linesAt(at, column, (style) => pairLines('x', value, column, style))
    if (lines.length > 1) this.#insertLines(at, lines.slice(1), depth)
    else this.#push(pair.value.end, pair.value.end, (lines[0] as string).trimStart().slice(2), depth)
    return was
  }

  /** Puts back the text between a colon and the end of a value, as `fill` returned it. */
  restore(pair: Pair, was: string, depth: number): void {
    this.#push(pair.colon + 1, pair.colon + 1, was, depth)
  }

  /** Replaces a whole value by the text that stood there before, as `fill` returned it. */
  restoreValue(pair: Pair, was: string, depth: number): void {
    this.#push(pair.colon + 1, Math.max(pair.value.end, pair.colon + 1), was, depth)
  }

  /** Replaces a pair's value, anchors and tags included. */
  replaceValue(map: MapNode, pair: Pair, value: Json, depth: number): void {
    const { colon } = pair
    if (colon < 0) throw new SpliceError('this key has no colon, so it can get no other value', pair.start)
    if (map.flow) {
      const style = this.#spread(pairExtent(pair), learnFlowStyle(this.#text, map, this.#json, this.#eol(colon)), map.start)
      this.#replaceFlow(pair, flowText(value, style, this.#padOf(pair.start)), depth)
      return
    }
    const column = columnOf(this.#text, pair.start)
    const end = this.#lineEnd(Math.max(pair.value.end, colon + 1))
    const [first = '', ...rest] = this.#linesAt(end, column, (style) => pairLines('x', value, column, style))
    this.#replaceBehind(colon + 1, pair.value, [first.trimStart().slice(2), ...rest], depth)
  }

  #replaceFlow({ colon, value }: Pair, text: string, depth: number): void {
    const gap = value.outerStart > colon + 1 ? '' : ' '
    this.#push(Math.max(value.outerStart, colon + 1), Math.max(value.end, colon + 1), gap + text, depth)
  }

  /**
   * Replaces what stands behind a colon, on its line and the following, and leaves the comment behind it on the line: a value of
   * several lines goes below that. Lines of comments inside stay, too, unless text would swallow them.
   */
  #replaceBehind(from: number, value: YamlNode, [first = '', ...rest]: readonly string[], depth: number): void {
    const end = Math.max(value.end, from)
    const eol = this.#eol(from)
    const isBlockScalar = value.type === 'scalar' && (value.style === 'literal' || value.style === 'folded')
    const isBlock = (value.type === 'map' || value.type === 'seq') && !value.flow
    if (isBlock && value.outerStart === value.start && this.startsBelow(value, from) && !first.startsWith(' |')) {
      this.clear(value, depth + 1)
      this.#push(from, from, first, depth)
      if (rest.length > 0) this.#insertLines(this.#lineEnd(from), rest, depth)
      return
    }
    if (isBlockScalar || isBlock) {
      const body = isBlock ? this.#lineEnd(from) : this.#lineEnd(value.start)
      const header = this.#text.slice(from, body).trimEnd()
      const comment = /[ \t]+#.*$/.exec(header)?.[0] ?? ''
      this.#push(from, end, [first + comment, ...rest].join(eol), depth)
      return
    }
    this.#push(from, end, first, depth)
    if (rest.length > 0) this.#insertLines(this.#lineEnd(end), rest, depth)
  }

  /** Replaces the text of a scalar alone, or gives a missing value one; comments around it stay. */
  putScalar(map: MapNode, pair: Pair, value: Json, depth: number): void {
    const style = learnFlowStyle(this.#text, map, this.#json, '')
    this.putScalarText(pair, map.flow ? flowText(value, style) : scalarText(value), depth)
  }

  /** The same with a text as it is; an empty one leaves the value out. */
  putScalarText(pair: Pair, text: string, depth: number): void {
    const { colon, value } = pair
    if (colon < 0) throw new SpliceError('this key has no colon, so it can get no other value', pair.start)
    const isMissing = value.end === value.outerStart
    if (isMissing && text !== '') this.#push(colon + 1, colon + 1, ` ${text}`, depth)
    if (!isMissing) this.#push(text === '' ? colon + 1 : value.outerStart, value.end, text, depth)
  }

  /** Replaces one item of a list; comments that stand on lines of their own inside it stay. */
  replaceItem(seq: SeqNode, index: number, value: Json, depth: number): void {
    const item = seq.items[index] as YamlNode
    if (seq.flow) {
      const style = learnFlowStyle(this.#text, seq, this.#json, this.#eol(item.outerStart))
      const pad = this.#padOf(item.outerStart)
      this.#push(item.outerStart, item.end, flowText(value, this.#spread(item, style), pad), depth)
      return
    }
    const dash = seq.dashes[index] as number
    const [scalar = '', ...more] = typeof value === 'object' ? [] : blockLines([value], 0, { ...this.#style, dashGap: 2 })
    if (scalar !== '' && more.length === 0 && this.#isOnLineOf(dash, item)) {
      this.#push(item.outerStart, item.end, scalar.slice(2), depth)
      return
    }
    const start = this.#ownLine(dash)
    const end = this.#lineEnd(Math.max(item.end, dash + 1))
    const eol = this.#eol(start)
    const gap = this.#gap(seq)
    const lines = [
      ...this.#commentLines(start, end, item).map((line) => ' '.repeat(dash - start) + line.trimStart()),
      ...this.#linesAt(end, dash - start, (style) => blockLines([value], dash - start, { ...style, dashGap: gap })),
    ]
    const closing = end === this.#text.length && !this.#endsWithBreak(end) ? '' : eol
    this.#push(start, end, lines.join(eol) + closing, depth)
  }

  /** Replaces an alias by a value in flow style, on the alias's own line. */
  writeOut(alias: YamlNode, value: Json, depth: number): void {
    this.#push(alias.outerStart, alias.end, flowText(value, { json: false, colon: ' ', comma: ' ', unit: undefined, eol: '' }), depth)
  }

  /** Puts back the text behind the dash of an item, for one that was an alias. */
  restoreItem(seq: SeqNode, index: number, was: string, depth: number): void {
    const from = (seq.dashes[index] as number) + 1
    this.#push(from, (seq.items[index] as YamlNode).end, was, depth)
  }

  /** Removes items of a list, which keeps at least one. */
  removeItems(seq: SeqNode, indexes: ReadonlySet<number>, depth: number): void {
    if (seq.flow) return this.#removeFlow(seq.items.map(extent), indexes, depth)
    for (const index of indexes) {
      const item = seq.items[index] as YamlNode
      const dash = seq.dashes[index] as number
      this.#removeLines(dash, Math.max(item.end, dash + 1), seq.dashes[index + 1], [item], depth)
    }
  }

  /** Removes pairs of a map, which keeps at least one. */
  removePairs(map: MapNode, keys: ReadonlySet<string>, depth: number): void {
    const indexes = new Set<number>()
    for (const [n, pair] of map.pairs.entries()) if (keys.has(keyOf(pair.key))) indexes.add(n)
    if (map.flow) return this.#removeFlow(map.pairs.map(pairExtent), indexes, depth)
    for (const index of indexes) {
      const pair = map.pairs[index] as Pair
      const { start, end } = pairExtent(pair)
      this.#removeLines(start, end, map.pairs[index + 1]?.start, [pair.key, pair.value], depth)
    }
  }

  /** Removes all entries of a collection, so that only its brackets, or in block style its key, are left. */
  clear(node: MapNode | SeqNode, depth: number): void {
    const extents = node.type === 'seq' ? node.items.map(extent) : node.pairs.map(pairExtent)
    if (node.flow) return this.#removeFlow(extents, new Set(extents.keys()), depth)
    const starts = node.type === 'seq' ? node.dashes : node.pairs.map((p) => p.start)
    for (const [n, start] of starts.entries()) {
      this.#removeLines(start, Math.max((extents[n] as Extent).end, start + 1), undefined, [node], depth)
    }
  }

  /** Plans an edit beside the document's collections; at one offset it comes behind all others. */
  splice({ start, end, text }: TextEdit): void {
    this.#push(start, end, text, -1)
  }

  /** A point in planning to which `dropSince` goes back. */
  mark(): number {
    return this.#edits.length
  }

  /** Drops the edits that were planned since a mark. */
  dropSince(mark: number): void {
    this.#edits.length = mark
  }

  #isFirstOnLine(offset: number): boolean {
    return /^[ \t]*$/.test(this.#text.slice(offset - columnOf(this.#text, offset), offset))
  }

  /** True when a block collection begins on a line below its head, the colon or dash before it. */
  startsBelow(node: MapNode | SeqNode, head: number): boolean {
    return this.#lineEnd(head) <= node.start
  }

  /** The planned edits in the order in which they are applied. */
  edits(): TextEdit[] {
    const sorted = this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end || b.depth - a.depth)
    this.#trimLastBreak(sorted)
    return sorted.map(({ start, end, text }) => ({ start, end, text }))
  }

  /** In a file without a final line break, removing its last lines also takes the break before them. */
  #trimLastBreak(sorted: RankedEdit[]): void {
    if (this.#endsWithBreak(this.#text.length)) return
    let reach = this.#text.length
    let first: RankedEdit | undefined
    for (let i = sorted.length - 1; i >= 0; i--) {
      const edit = sorted[i] as RankedEdit
      if (edit.end !== reach || edit.text !== '' || edit.start === edit.end) break
      first = edit
      reach = edit.start
    }
    if (first === undefined || !this.#endsWithBreak(reach)) return
    // What is put in before them ends the file then, and its break is the one to go.
    const last = sorted.findLast((edit) => edit.end === reach && edit.text !== '')
    if (last !== undefined) {
      last.text = last.text.replace(/\r?\n$/, '')
      return
    }
    first.start -= this.#text.charCodeAt(reach - 1) === 10 && this.#text.charCodeAt(reach - 2) === 13 ? 2 : 1
  }

  #push(start: number, end: number, text: string, depth: number): void {
    this.#edits.push({ start, end, text, depth })
  }

  /** The offset of the line on which a new entry of a block collection begins. */
  #lineFor(extents: readonly Extent[], start: number, place: Place, head: number): number {
    const index = place === 'last' ? extents.length : place
    const before = extents[index - 1]
    if (before !== undefined) return this.#lineEnd(before.end)
    const line = this.#lineEnd(head)
    // `- - a`, or a map that begins behind its dash: there is no line between head and first entry.
    return line <= start ? line : this.#lineEnd((extents.at(-1) as Extent).end)
  }

  /** Block lines that go in front of an offset; a literal scalar at their end must not swallow a comment there. */
  #linesAt(offset: number, column: number, render: (style: BlockStyle) => readonly string[]): readonly string[] {
    const lines = render(this.#style)
    const comment = /^([ \t]*)#/.exec(this.#text.slice(offset, this.#lineEnd(offset)))
    if (comment === null || (comment[1] as string).length <= column) return lines
    const quoted = render({ ...this.#style, noLiterals: true })
    return quoted.at(-1) === lines.at(-1) ? lines : quoted
  }

  #insertLines(offset: number, lines: readonly string[], depth: number): void {
    const eol = this.#eol(offset)
    const atEnd = offset === this.#text.length && offset > 0 && !this.#endsWithBreak(offset)
    this.#push(offset, offset, atEnd ? eol + lines.join(eol) : lines.join(eol) + eol, depth)
  }

  #insertFlow(
    node: MapNode | SeqNode,
    extents: readonly Extent[],
    place: Place,
    depth: number,
    render: (style: FlowStyle, pad: string) => string[],
  ): void {
    const style = learnFlowStyle(this.#text, node, this.#json, this.#eol(node.start))
    const index = place === 'last' ? extents.length : Math.min(place, extents.length)
    const neighbour = extents[Math.max(0, index - 1)]
    if (neighbour === undefined) {
      this.#push(node.start + 1, node.start + 1, render(style, '').join(`,${style.comma}`), depth)
      return
    }
    const ownLine = this.#isFirstOnLine(neighbour.start) && (index === 0 || !this.#closesAfter(neighbour.end))
    const pad = ownLine ? this.#padOf(neighbour.start) : ''
    const parts = render(ownLine ? this.#spread(neighbour, style, node.start) : style, pad)
    const gap = ownLine ? `,${style.eol}${pad}` : `,${style.comma}`
    if (index === 0) {
      this.#push(neighbour.start, neighbour.start, parts.map((p) => p + gap).join(''), depth)
      return
    }
    const trailing = index === extents.length ? flowGap(this.#text, neighbour.end, node.end).comma : -1
    const after = Math.max(neighbour.end, trailing + 1)
    const comment = ownLine ? this.#commentBehind(after) : undefined
    // A missing value ends at its colon; `a:,` would be read as a scalar, so keep a space between.
    const space = neighbour.isOpen ? ' ' : ''
    if (trailing < 0 && comment === undefined) {
      this.#push(after, after, space + parts.map((p) => gap + p).join(''), depth)
      return
    }
    // A comma after the last entry, and a comment about it, stay where they are.
    const hasComma = trailing >= 0 || comment?.comma === true
    if (!hasComma) this.#push(after, after, `${space},`, depth)
    const text = gap.slice(1) + parts.join(gap) + (hasComma ? ',' : '')
    this.#push(comment?.end ?? after, comment?.end ?? after, text, depth)
  }

  /** True when a collection's closing bracket follows on the same line, after a last comma or none. */
  #closesAfter(offset: number): boolean {
    return /^[ \t]*,?[ \t]*[\]}]/.test(this.#text.slice(offset, this.#lineEnd(offset)))
  }

  /** The comment behind an entry on its line: where it ends, and whether a comma stands before it. */
  #commentBehind(offset: number): { end: number; comma: boolean } | undefined {
    const match = /^[ \t]*(,?)[ \t]*#[^\r\n]*/.exec(this.#text.slice(offset, this.#lineEnd(offset)))
    return match === null ? undefined : { end: offset + match[0].length, comma: match[1] !== '' }
  }

  /** The flow style with a line for each entry, where the neighbour spreads over lines itself. */
  #spread(neighbour: Pick<Extent, 'start' | 'end'>, style: FlowStyle, open?: number): FlowStyle {
    const body = this.#text.slice(neighbour.start, neighbour.end)
    if (style.json && open !== undefined) {
      // Pretty JSON gives every entry a line; a neighbour that holds entries on one line shows another hand.
      const unit = this.#padOf(neighbour.start).slice(this.#padOf(open).length)
      return COMPACT.test(body) || unit === '' ? style : { ...style, unit }
    }
    const unit = /^[[{][ \t]*\r?\n([ \t]+)/.exec(body)?.[1]
    const pad = this.#padOf(neighbour.start)
    return unit !== undefined && unit.startsWith(pad) && unit.length > pad.length
      ? { ...style, unit: unit.slice(pad.length) }
      : style
  }

  /** Removes entries in flow style, run by run; comments between entries stay, since a user wrote them. */
  #removeFlow(extents: readonly Extent[], indexes: ReadonlySet<number>, depth: number): void {
    for (let first = 0; first < extents.length; first++) {
      if (!indexes.has(first)) continue
      let last = first
      while (indexes.has(last + 1)) last++
      this.#removeRun(extents, first, last, depth)
      first = last
    }
  }

  #removeRun(extents: readonly Extent[], first: number, last: number, depth: number): void {
    const at = (index: number): Extent => extents[index] as Extent
    const next = extents[last + 1]
    const before = extents[first - 1]
    if (before === undefined && next !== undefined) {
      const [comment] = flowGap(this.#text, at(last).end, next.start).comments
      this.#push(at(first).start, comment?.start ?? next.start, '', depth)
      return
    }
    const behind = flowGap(this.#text, at(last).end, next?.start ?? this.#text.length)
    // Where another comma follows, that one goes, so that a last comma and a comment stay where they are.
    const own = before === undefined ? undefined : flowGap(this.#text, before.end, at(first).start)
    let keepsComma = own !== undefined && behind.comma >= 0 && (next === undefined || own.comments.length > 0)
    if (behind.comma >= 0 && (keepsComma || before === undefined)) this.#push(behind.comma, behind.comma + 1, '', depth)
    for (let n = first; n <= last; n++) {
      const gapStart = extents[n - 1]?.end ?? at(n).start
      const gap = flowGap(this.#text, gapStart, at(n).start)
      const tail = Math.max(gap.comments.at(-1)?.end ?? gapStart, keepsComma ? gap.comma + 1 : 0)
      if (gap.comma >= 0 && gap.comma < tail && !keepsComma) this.#push(gap.comma, gap.comma + 1, '', depth)
      this.#push(tail, at(n).end, '', depth)
      keepsComma = false
    }
  }

  /** Removes the lines of an entry; comments on lines of their own inside it stay in its column: a user wrote them. */
  #removeLines(start: number, end: number, next: number | undefined, nodes: YamlNode[], depth: number): void {
    if (!this.#isFirstOnLine(start)) {
      // The entry shares its first line with a dash: the next entry moves up to that place.
      if (next === undefined) throw new SpliceError('this entry cannot be removed without its dash', start)
      this.#push(start, next, '', depth)
      return
    }
    const lineStart = this.#ownLine(start)
    const lineEnd = this.#lineEnd(end)
    let from = lineStart
    for (let at = lineStart; at < lineEnd; ) {
      const nextLine = this.#lineEnd(at)
      if (this.#isComment(at, nextLine, nodes)) {
        // Deeper than what it stands behind then, it could become a part of that.
        const excess = (/^ */.exec(this.#text.slice(at, nextLine))?.[0].length ?? 0) - (start - lineStart)
        if (from < at || excess > 0) this.#push(from, at + Math.max(excess, 0), '', depth)
        from = nextLine
      }
      at = nextLine
    }
    if (from < lineEnd) this.#push(from, lineEnd, '', depth)
  }

  #commentLines(start: number, end: number, item: YamlNode): string[] {
    const lines: string[] = []
    for (let at = start; at < end; at = this.#lineEnd(at)) {
      const next = this.#lineEnd(at)
      if (this.#isComment(at, next, [item])) lines.push(this.#text.slice(at, next).replace(/[\r\n]+$/, ''))
    }
    return lines
  }

  /** True for a line that is a comment, and not text of a block scalar that looks like one. */
  #isComment(start: number, end: number, nodes: readonly YamlNode[]): boolean {
    return COMMENT_LINE.test(this.#text.slice(start, end)) && !nodes.some((node) => isInsideScalar(node, start))
  }

  #gap(seq: SeqNode): number {
    const last = seq.items.at(-1)
    const dash = seq.dashes.at(-1)
    if (last === undefined || dash === undefined || last.type !== 'map') return this.#style.dashGap
    const gap = last.outerStart - dash
    return gap >= 2 && gap <= 8 && !/[\r\n]/.test(this.#text.slice(dash, last.outerStart)) ? gap : 2
  }

  /** True for a scalar that stands on one line with the dash before it. */
  #isOnLineOf(dash: number, { type, outerStart, end }: YamlNode): boolean {
    return type === 'scalar' && end > outerStart && outerStart > dash + 1 && end <= this.#lineEnd(dash)
  }

  #ownLine(offset: number): number {
    if (!this.#isFirstOnLine(offset)) throw new SpliceError('this entry does not begin on a line of its own', offset)
    return offset - columnOf(this.#text, offset)
  }

  /** The white space before the first character of the line of an offset. */
  #padOf(offset: number): string {
    const line = this.#text.slice(offset - columnOf(this.#text, offset), offset)
    return /^[ \t]*/.exec(line)?.[0] ?? ''
  }

  /** The offset after the line break that ends the line of `offset`, or the end of the text. */
  #lineEnd(offset: number): number {
    const text = this.#text
    let i = offset
    while (i < text.length && text.charCodeAt(i) !== 10 && text.charCodeAt(i) !== 13) i++
    if (i >= text.length) return text.length
    return text.charCodeAt(i) === 13 && text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1
  }

  #endsWithBreak(offset: number): boolean {
    const c = this.#text.charCodeAt(offset - 1)
    return c === 10 || c === 13
  }

  /** The line end used just before an offset, or else the first of the text, or LF. */
  #eol(offset: number): string {
    const text = this.#text
    const at = text.lastIndexOf('\n', offset - 1)
    const found = at >= 0 ? at : text.indexOf('\n')
    if (found < 0) return text.includes('\r') ? '\r' : '\n'
    return text.charCodeAt(found - 1) === 13 ? '\r\n' : '\n'
  }
}

/** Entries behind their bracket on its line. */
const COMPACT = /[[{][ \t]*[^\]}\s]/
const COMMENT_LINE = /^[ \t]*#/

/** What stands between an entry in flow style and what follows it: the offset of its comma, or -1, and comments. */
function flowGap(text: string, start: number, end: number): { comma: number; comments: { start: number; end: number }[] } {
  const comments: { start: number; end: number }[] = []
  const part = /[ \t\r\n]+|(,)|#[^\r\n]*/y
  let comma = -1
  part.lastIndex = start
  for (let match = part.exec(text); match !== null && match.index < end; match = part.exec(text)) {
    if (match[1] !== undefined) comma = match.index
    else if (match[0].startsWith('#')) comments.push({ start: match.index, end: part.lastIndex })
  }
  return { comma, comments }
}

interface Extent {
  start: number
  end: number
  /** True when it ends with a colon whose value is missing. */
  isOpen: boolean
}

/** True when a line that begins at `offset` continues a scalar below `node`. */
function isInsideScalar(node: YamlNode, offset: number): boolean {
  if (offset <= node.start || offset > node.end) return false
  switch (node.type) {
    case 'scalar': return true
    case 'seq': return node.items.some((item) => isInsideScalar(item, offset))
    case 'map': return node.pairs.some((p) => isInsideScalar(p.key, offset) || isInsideScalar(p.value, offset))
    case 'alias': return false
  }
}

function extent(node: YamlNode): Extent {
  // `[a: ]` holds a map without braces.
  const last = node.type === 'map' && node.flow ? node.pairs.at(-1) : undefined
  return { start: node.outerStart, end: node.end, isOpen: last !== undefined && last.colon + 1 === node.end }
}

function pairExtent(pair: Pair): Extent {
  const end = Math.max(pair.key.end, pair.colon + 1, pair.value.end)
  return { start: pair.start, end, isOpen: pair.colon + 1 === end }
}
