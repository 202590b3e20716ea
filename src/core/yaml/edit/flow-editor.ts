import type { Json } from '../../json/json.ts'
import type { PendingEdits } from './pending-edits.ts'
import { pairSpan, type EntrySpan, type InsertPosition } from './entry-span.ts'
import type { Lines } from './lines.ts'
import type { MapNode, Pair, SeqNode, YamlNode } from '../read/node.ts'
import { flowText, type FlowStyle } from './serialize.ts'
import { EditLayoutError } from './edit-error.ts'
import { learnFlowStyle } from './style.ts'

/**
 * Plans edits of collections in flow style, as entries with their commas. Offsets and `depth` are those of
 * `YamlEditor`.
 */
export class FlowEditor {
  readonly #text: string
  readonly #json: boolean
  readonly #lines: Lines
  readonly #edits: PendingEdits

  constructor(text: string, json: boolean, lines: Lines, edits: PendingEdits) {
    this.#text = text
    this.#json = json
    this.#lines = lines
    this.#edits = edits
  }

  #styleOf(node: MapNode | SeqNode, offset: number): FlowStyle {
    return learnFlowStyle(this.#text, node, this.#json, this.#lines.eol(offset))
  }

  /** Replaces the null or empty value of a key, on its line. */
  fill(map: MapNode, pair: Pair, value: Json, depth: number): void {
    this.#replace(pair, flowText(value, this.#styleOf(map, pair.colon)), depth)
  }

  /** Replaces a pair's value with its anchor and tag. */
  replaceValue(map: MapNode, pair: Pair, value: Json, depth: number): void {
    const style = this.#spread(pairSpan(pair), this.#styleOf(map, pair.colon), map.start)
    this.#replace(pair, flowText(value, style, this.#lines.padOf(pair.start)), depth)
  }

  #replace({ colon, value }: Pair, text: string, depth: number): void {
    const gap = value.propertiesStart > colon + 1 ? '' : ' '
    this.#edits.push(Math.max(value.propertiesStart, colon + 1), Math.max(value.end, colon + 1), gap + text, depth)
  }

  replaceItem(seq: SeqNode, index: number, value: Json, depth: number): void {
    const item = seq.items[index] as YamlNode
    const style = this.#spread(item, this.#styleOf(seq, item.propertiesStart))
    this.#edits.push(
      item.propertiesStart,
      item.end,
      flowText(value, style, this.#lines.padOf(item.propertiesStart)),
      depth,
    )
  }

  /** Replaces an alias with a value, on the alias's own line. */
  writeOut(alias: YamlNode, value: Json, depth: number): void {
    this.#edits.push(
      alias.propertiesStart,
      alias.end,
      flowText(value, { json: false, colon: ' ', comma: ' ', unit: undefined, eol: '' }),
      depth,
    )
  }

  /**
   * Replaces the last entries, from the 0-based index `from`. Commas and comments around and between them stay in
   * place.
   */
  replaceTail(
    node: MapNode | SeqNode,
    spans: readonly EntrySpan[],
    from: number,
    depth: number,
    render: (style: FlowStyle, pad: string) => string[],
  ): void {
    const first = spans[from] as EntrySpan
    const style = this.#styleOf(node, node.start)
    const ownLine = this.#lines.isFirstOnLine(first.start)
    const pad = ownLine ? this.#lines.padOf(first.start) : ''
    const parts = render(ownLine ? this.#spread(first, style, node.start) : style, pad)
    this.#edits.push(first.start, first.end, parts.join(ownLine ? `,${style.eol}${pad}` : `,${style.comma}`), depth)
    this.remove(spans, new Set([...spans.keys()].slice(from + 1)), depth)
  }

  /**
   * Inserts entries; `spans` are those of the present entries.
   * @throws EditLayoutError for a map without braces
   */
  insert(
    node: MapNode | SeqNode,
    spans: readonly EntrySpan[],
    place: InsertPosition,
    depth: number,
    render: (style: FlowStyle, pad: string) => string[],
  ): void {
    this.#refuseWithoutBraces(node)
    const style = this.#styleOf(node, node.start)
    const index = place === 'last' ? spans.length : Math.min(place, spans.length)
    const neighbour = spans[Math.max(0, index - 1)]
    if (neighbour === undefined) {
      this.#edits.push(node.start + 1, node.start + 1, render(style, '').join(`,${style.comma}`), depth)
      return
    }
    const ownLine = this.#lines.isFirstOnLine(neighbour.start) && (index === 0 || !this.#closesAfter(neighbour.end))
    const pad = ownLine ? this.#lines.padOf(neighbour.start) : ''
    const parts = render(ownLine ? this.#spread(neighbour, style, node.start) : style, pad)
    const gap = ownLine ? `,${style.eol}${pad}` : `,${style.comma}`
    if (index === 0) {
      this.#edits.push(neighbour.start, neighbour.start, parts.map((p) => p + gap).join(''), depth)
      return
    }
    const trailing = index === spans.length ? flowGap(this.#text, neighbour.end, node.end).comma : -1
    const after = Math.max(neighbour.end, trailing + 1)
    const comment = ownLine ? this.#commentBehind(after) : undefined
    // A missing value ends at its colon or tag; with `a:,` and `!!str,` the comma would be part of it.
    const space = neighbour.isOpen ? ' ' : ''
    if (trailing < 0 && comment === undefined) {
      this.#edits.push(after, after, space + parts.map((p) => gap + p).join(''), depth)
      return
    }
    // A comma after the last entry, and a comment about it, stay where they are.
    const hasComma = trailing >= 0 || comment?.comma === true
    if (!hasComma) this.#edits.push(after, after, `${space},`, depth)
    const text = gap.slice(1) + parts.join(gap) + (hasComma ? ',' : '')
    this.#edits.push(comment?.end ?? after, comment?.end ?? after, text, depth)
  }

  /** `[a: b]` has a map without braces, which cannot get another pair. */
  #refuseWithoutBraces({ type, start, end }: MapNode | SeqNode): void {
    if (type === 'seq' || this.#text.startsWith('{', start)) return
    const text = this.#text.slice(start, end)
    const shown = text.length > 40 || /\s\s|[\r\n]/.test(text) ? 'it' : text
    throw new EditLayoutError(
      'this map has no braces, so nothing can be added to it',
      start,
      `write ${shown} in braces: {${shown === 'it' ? '...' : text}}`,
    )
  }

  /** True when a collection's closing bracket follows on the same line, with or without a last comma. */
  #closesAfter(offset: number): boolean {
    return /^[ \t]*,?[ \t]*[\]}]/.test(this.#text.slice(offset, this.#lines.lineEnd(offset)))
  }

  /** The comment after an entry on its line: its end, and whether a comma is before it. */
  #commentBehind(offset: number): { end: number; comma: boolean } | undefined {
    const match = /^[ \t]*(,?)[ \t]*#[^\r\n\u0085\u2028\u2029]*/.exec(
      this.#text.slice(offset, this.#lines.lineEnd(offset)),
    )
    return match === null ? undefined : { end: offset + match[0].length, comma: match[1] !== '' }
  }

  /** True where only a comma and a comment follow an entry on its line. */
  #endsLine(offset: number): boolean {
    LINE_REST.lastIndex = offset
    return LINE_REST.test(this.#text)
  }

  /** The offset at which the spaces and tabs before an offset begin. */
  #blanksBefore(offset: number): number {
    let at = offset
    while (/[ \t]/.test(this.#text.charAt(at - 1))) at--
    return at
  }

  /** The flow style with a line for each entry, where the neighbouring entry is written so. */
  #spread(neighbour: Pick<EntrySpan, 'start' | 'end'>, style: FlowStyle, open?: number): FlowStyle {
    const body = this.#text.slice(neighbour.start, neighbour.end)
    if (style.json && open !== undefined) {
      // Pretty-printed JSON gives every entry a line. A neighbour with entries on one line is not pretty-printed.
      const unit = this.#lines.padOf(neighbour.start).slice(this.#lines.padOf(open).length)
      return COMPACT.test(body) || unit === '' ? style : { ...style, unit }
    }
    const unit = /^[[{][ \t]*\r?\n([ \t]+)/.exec(body)?.[1]
    const pad = this.#lines.padOf(neighbour.start)
    return unit !== undefined && unit.startsWith(pad) && unit.length > pad.length
      ? { ...style, unit: unit.slice(pad.length) }
      : style
  }

  /** A value in the style of a collection's entries. */
  textOf(node: MapNode | SeqNode, value: Json): string {
    return flowText(value, learnFlowStyle(this.#text, node, this.#json, ''))
  }

  /** Removes entries, each run of adjacent ones at once. Comments between entries are the user's, and stay. */
  remove(spans: readonly EntrySpan[], indexes: ReadonlySet<number>, depth: number): void {
    for (let first = 0; first < spans.length; first++) {
      if (!indexes.has(first)) continue
      let last = first
      while (indexes.has(last + 1)) last++
      this.#removeRun(spans, first, last, depth)
      first = last
    }
  }

  #removeRun(spans: readonly EntrySpan[], first: number, last: number, depth: number): void {
    const at = (index: number): EntrySpan => spans[index] as EntrySpan
    const next = spans[last + 1]
    const before = spans[first - 1]
    if (before === undefined && next !== undefined) {
      const [comment] = flowGap(this.#text, at(last).end, next.start).comments
      // White space stays before a comment, or other readers would not recognize it.
      this.#edits.push(
        at(first).start,
        comment === undefined ? next.start : this.#blanksBefore(comment.start),
        '',
        depth,
      )
      return
    }
    const behind = flowGap(this.#text, at(last).end, next?.start ?? this.#text.length)
    // Normally the comma before the entries is removed. The one after them is removed instead where it is the last of
    // the collection, so that it keeps its place, or where the one before has a comment or white space before it:
    // `insert` does not write that.
    const own = before === undefined ? undefined : flowGap(this.#text, before.end, at(first).start)
    const isApart = before !== undefined && !before.isOpen && (own?.comma ?? -1) > before.end
    let keepsComma =
      own !== undefined && behind.comma >= 0 && (next === undefined || isApart || own.comments.length > 0)
    if (behind.comma >= 0 && (keepsComma || before === undefined))
      this.#edits.push(behind.comma, behind.comma + 1, '', depth)
    for (let n = first; n <= last; n++) {
      const gapStart = spans[n - 1]?.end ?? at(n).start
      const gap = flowGap(this.#text, gapStart, at(n).start)
      const comment = gap.comments.at(-1)
      // The line break after a comment stays where the line continues after the removed entries, unless a comma that
      // stays follows the comment.
      const keepsBreak =
        comment !== undefined && !this.#endsLine(at(last).end) && !(keepsComma && gap.comma > comment.end)
      const afterComment = keepsBreak ? at(n).start : comment?.end
      const tail = Math.max(afterComment ?? gapStart, keepsComma ? gap.comma + 1 : 0)
      if (gap.comma >= 0 && gap.comma < tail && !keepsComma) {
        // The blank that `insert` adds between a missing value and its comma is removed with the comma.
        const blanks = n === first && before?.isOpen === true && gap.comma > gapStart ? 1 : 0
        this.#edits.push(gap.comma - blanks, gap.comma + 1, '', depth)
      }
      this.#edits.push(tail, at(n).end, '', depth)
      keepsComma = false
    }
  }
}

/** What may be after an entry that ends its line. */
const LINE_REST = /[ \t]*,?[ \t]*(?:#|[\r\n\u0085\u2028\u2029]|$)/y

/** An entry on the line of its opening bracket. */
const COMPACT = /[[{][ \t]*[^\]}\s]/

/** What is between an entry in flow style and the next: the offset of its comma, or -1, and the comments. */
function flowGap(
  text: string,
  start: number,
  end: number,
): { comma: number; comments: { start: number; end: number }[] } {
  const comments: { start: number; end: number }[] = []
  const part = /[ \t\r\n\u0085\u2028\u2029]+|(,)|#[^\r\n\u0085\u2028\u2029]*/y
  let comma = -1
  part.lastIndex = start
  for (let match = part.exec(text); match !== null && match.index < end; match = part.exec(text)) {
    if (match[1] !== undefined) comma = match.index
    else if (match[0].startsWith('#')) comments.push({ start: match.index, end: part.lastIndex })
  }
  return { comma, comments }
}
