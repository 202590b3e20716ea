import type { Json } from '../../json/json.ts'
import type { TextEdit } from '../../text/edit.ts'
import type { SourceText } from '../../text/source.ts'
import { keyOf } from '../read/construct.ts'
import { PendingEdits, withoutLastBreak, type PendingEdit } from './pending-edits.ts'
import { entrySpan, pairSpan, type InsertPosition } from './entry-span.ts'
import { linesOf, type Lines } from './lines.ts'
import type { MapNode, Pair, SeqNode, YamlNode } from '../read/node.ts'
import { flowPair, flowText, scalarText, type BlockStyle } from './serialize.ts'
import { jsonToRestore, yamlToRestore } from './restored-text.ts'
import { BlockEditor } from './block-editor.ts'
import { EditLayoutError } from './edit-error.ts'
import { FlowEditor } from './flow-editor.ts'

/**
 * Plans text edits on one document: whole lines in block style, entries with their comma in flow style. Each edit
 * includes its line breaks, indentation and commas, so that removing what was inserted restores the same text. All
 * offsets are 0-based; `depth` is the nesting depth of the edited collection, by which edits at one offset are ordered.
 */
export class YamlEditor {
  readonly #text: string
  readonly #isJson: boolean
  readonly #lines: Lines
  readonly #edits = new PendingEdits()
  readonly #block: BlockEditor
  readonly #flow: FlowEditor

  /** @param style learns the document's style; called when the first text is written */
  constructor(source: SourceText, format: 'yaml' | 'json', style: () => BlockStyle) {
    const { text } = source
    this.#text = text
    this.#isJson = format === 'json'
    this.#lines = linesOf(source)
    this.#block = new BlockEditor(text, this.#lines, this.#edits, style)
    this.#flow = new FlowEditor(text, format === 'json', this.#lines, this.#edits)
  }

  /**
   * Inserts items into a list.
   * @param indicator offset of the colon or dash before the list
   */
  insertItems(seq: SeqNode, items: readonly Json[], place: InsertPosition, indicator: number, depth: number): void {
    if (!seq.flow) return this.#block.insertItems(seq, items, place, indicator, depth)
    this.#flow.insert(seq, seq.items.map(entrySpan), place, depth, (style, pad) =>
      items.map((i) => flowText(i, style, pad)),
    )
  }

  /**
   * Inserts pairs into a map, as `insertItems` does items.
   * @throws EditLayoutError for a map without braces, as in `[a: b]`
   */
  insertPairs(
    map: MapNode,
    pairs: readonly [string, Json][],
    place: InsertPosition,
    indicator: number,
    depth: number,
  ): void {
    if (!map.flow) return this.#block.insertPairs(map, pairs, place, indicator, depth)
    this.#flow.insert(map, map.pairs.map(pairSpan), place, depth, (style, pad) =>
      pairs.map(([key, value]) => flowPair(key, value, style, pad)),
    )
  }

  /**
   * Replaces a null or an empty collection with another value.
   * @returns the text between its colon and the end of its value, to be restored on removal
   * @throws EditLayoutError for a key without a colon, or where a comment would be lost
   */
  fill(map: MapNode, pair: Pair, value: Json, depth: number): string {
    if (pair.colon < 0) throw noColon('nothing can be added to it', pair)
    refuseCommentBehindAnchor(this.#text, pair.value)
    if (map.flow || this.#hasCommentBeside(pair)) this.#flow.fill(map, pair, value, depth)
    else this.#block.fill(pair, value, depth)
    return this.#text.slice(pair.colon + 1, pair.value.end)
  }

  /**
   * Restores the text between a colon and the end of its value, as `fill` returned it; other edits remove the present
   * value.
   * @throws EditLayoutError for a key without a colon
   */
  restore(pair: Pair, was: string, depth: number): void {
    if (pair.colon < 0) throw noColon('its original value cannot be restored', pair)
    this.#edits.push(
      pair.colon + 1,
      pair.colon + 1,
      this.#deeper(pair, this.#inside(pair, this.#fitting(pair, was))),
      depth,
    )
  }

  /**
   * Replaces a whole value with its original text, as `fill` returned it.
   * @throws EditLayoutError for a key without a colon
   */
  restoreValue(map: MapNode, pair: Pair, text: string, depth: number): void {
    if (pair.colon < 0) throw noColon('its original value cannot be restored', pair)
    const was = this.#fitting(pair, text)
    if (staysInPlace(this.#text, pair.colon + 1, pair.value, was))
      return this.#edits.push(pair.value.propertiesStart, pair.value.end, was.trimStart(), depth)
    const put = this.#inside(pair, was)
    // In flow style any indentation is valid, so the text is restored as it was.
    const fitted = map.flow ? put : this.#deeper(pair, put)
    this.#edits.push(pair.colon + 1, Math.max(pair.value.end, pair.colon + 1), fitted, depth)
  }

  /** Recorded text in the present format of the document, which may have changed between YAML and JSON. */
  #fitting({ key, colon }: Pair, was: string): string {
    if (!this.#isJson) return yamlToRestore(was, key.type === 'scalar' && key.style !== 'plain')
    return jsonToRestore(was, /\s/.test(this.#text.charAt(colon + 1)) ? ' ' : '')
  }

  /** Restored text for a pair that may be in flow style now: a missing value, or a tag without one, then needs a space. */
  #inside(pair: Pair, was: string): string {
    // `{a:}` has the key `a:`, but `{"a":}` the key `a`.
    const [before = '', behind = '\n'] = [this.#text[pair.colon - 1], this.#text[pair.value.end]]
    if (!']},'.includes(behind)) return was
    if (was === '' && pair.key.end === pair.colon && !/["']/.test(before)) return ' '
    return /(?:^|\s)!\S*$/.test(was) ? `${was} ` : was
  }

  /** Restored text for a pair that may be indented deeper now. */
  #deeper(pair: Pair, was: string): string {
    const column = this.#lines.columnOf(pair.start)
    return was.replace(/(\n|\r)([ \t]*)(?=[^\r\n \t])/, (whole, eol: string, indent: string) =>
      indent.length > column ? whole : eol + ' '.repeat(column + this.#block.style.indent),
    )
  }

  /**
   * Replaces a pair's value with its anchor and tag.
   * @throws EditLayoutError for a key without a colon, or where a comment would be lost
   */
  replaceValue(map: MapNode, pair: Pair, value: Json, depth: number): void {
    if (pair.colon < 0) throw noColon('its value cannot be changed', pair)
    refuseCommentBehindAnchor(this.#text, pair.value)
    if (map.flow || this.#hasCommentBeside(pair)) this.#flow.replaceValue(map, pair, value, depth)
    else this.#block.replaceValue(map, pair, value, depth)
  }

  #hasCommentBeside({ colon, value }: Pair): boolean {
    return hasCommentBeside(this.#text, colon + 1, value)
  }

  /**
   * Replaces only the text of a scalar, or adds a missing value; comments around it stay.
   * @throws EditLayoutError for a key without a colon
   */
  putScalar(map: MapNode, pair: Pair, value: Json, depth: number): void {
    this.putScalarText(pair, map.flow ? this.#flow.textOf(map, value) : scalarText(value), depth)
  }

  /** As `putScalar`, with the text of the scalar; an empty text removes the value. */
  putScalarText(pair: Pair, was: string, depth: number): void {
    const { colon, value } = pair
    if (colon < 0) throw noColon('its value cannot be changed', pair)
    const text = this.#isJson ? jsonToRestore(was, '') : was
    const isMissing = value.end === value.propertiesStart
    if (isMissing && text !== '') this.#edits.push(colon + 1, colon + 1, ` ${text}`, depth)
    if (!isMissing) this.#edits.push(text === '' ? colon + 1 : value.propertiesStart, value.end, text, depth)
  }

  /** Replaces one item of a list; comments on lines of their own inside it stay. */
  replaceItem(seq: SeqNode, index: number, value: Json, depth: number): void {
    if (seq.flow) this.#flow.replaceItem(seq, index, value, depth)
    else this.#block.replaceItem(seq, index, value, depth)
  }

  /** Replaces an alias with a value in flow style, on the alias's own line. */
  writeOut(alias: YamlNode, value: Json, depth: number): void {
    this.#flow.writeOut(alias, value, depth)
  }

  /** Restores the text after the dash of an item that was an alias. */
  restoreItem(seq: SeqNode, index: number, was: string, depth: number): void {
    const from = (seq.dashes[index] as number) + 1
    const item = seq.items[index] as YamlNode
    if (staysInPlace(this.#text, from, item, was))
      return this.#edits.push(item.propertiesStart, item.end, was.trimStart(), depth)
    this.#edits.push(from, item.end, was, depth)
  }

  /** Removes some items of a list; all are removed by `clear` or `empty`. */
  removeItems(seq: SeqNode, indexes: ReadonlySet<number>, depth: number): void {
    if (seq.flow) this.#flow.remove(seq.items.map(entrySpan), indexes, depth)
    else this.#block.removeItems(seq, indexes, depth)
  }

  /** Removes some pairs of a map; all are removed by `clear` or `empty`. */
  removePairs(map: MapNode, keys: ReadonlySet<string>, depth: number): void {
    const indexes = new Set<number>()
    for (const [n, pair] of map.pairs.entries()) if (keys.has(keyOf(pair.key))) indexes.add(n)
    if (map.flow) this.#flow.remove(map.pairs.map(pairSpan), indexes, depth)
    else this.#block.removePairs(map, indexes, depth)
  }

  /** Replaces the last items of a list in flow style, from the 0-based index `from`. */
  replaceLastItems(seq: SeqNode, from: number, items: readonly Json[], depth: number): void {
    this.#flow.replaceTail(seq, seq.items.map(entrySpan), from, depth, (style, pad) =>
      items.map((item) => flowText(item, style, pad)),
    )
  }

  /** Replaces the last pairs of a map in flow style, from the 0-based index `from`. */
  replaceLastPairs(map: MapNode, from: number, pairs: readonly [string, Json][], depth: number): void {
    this.#flow.replaceTail(map, map.pairs.map(pairSpan), from, depth, (style, pad) =>
      pairs.map(([key, value]) => flowPair(key, value, style, pad)),
    )
  }

  /** Removes all entries of a collection; only its brackets, or in block style its key, are left. */
  clear(node: MapNode | SeqNode, depth: number): void {
    if (!node.flow) return this.#block.clear(node, depth)
    const spans = node.type === 'seq' ? node.items.map(entrySpan) : node.pairs.map(pairSpan)
    this.#flow.remove(spans, new Set(spans.keys()), depth)
  }

  /**
   * Removes all entries of a collection and leaves `[]` or `{}`.
   * @param indicator offset of the colon or dash before the collection
   */
  empty(node: MapNode | SeqNode, indicator: number, depth: number): void {
    if (node.flow) this.clear(node, depth)
    else this.#block.empty(node, indicator, depth)
  }

  /** Plans an edit outside the document's collections; at one offset it comes after all others. */
  splice({ start, end, text }: TextEdit): void {
    this.#edits.push(start, end, text, -1)
  }

  /** A point in planning, for `dropSince` and `since`. */
  mark(): number {
    return this.#edits.mark()
  }

  /** Drops the edits that were planned since a mark. */
  dropSince(mark: number): void {
    this.#edits.dropSince(mark)
  }

  /** The edits that were planned since a mark. */
  since(mark: number): readonly PendingEdit[] {
    return this.#edits.since(mark)
  }

  /** True when a block collection begins on a line below the colon or dash before it, which is at `indicator`. */
  startsBelow(node: MapNode | SeqNode, indicator: number): boolean {
    return this.#lines.startsBelow(node, indicator)
  }

  /** The planned edits in the order in which they are applied. */
  edits(): TextEdit[] {
    return YamlEditor.editsOf([this])
  }

  /** The same of all editors of one text. */
  static editsOf(editors: readonly YamlEditor[]): TextEdit[] {
    const [first, ...others] = editors
    if (first === undefined) return []
    const own = first.#edits.sorted()
    const all = others.length === 0 ? own : [...own, ...others.flatMap((one) => one.#edits.sorted())].sort(byPlace)
    return withoutLastBreak(all, first.#text, first.#lines)
  }
}

/**
 * True where a value can be replaced in its place, so that a comment stays. `from` is the end of its colon or dash. The
 * comment is between that and the value, or after a value that begins on a line of its own.
 */
function hasCommentBeside(text: string, from: number, value: YamlNode): boolean {
  const isInPlace =
    value.type === 'scalar'
      ? value.style !== 'literal' && value.style !== 'folded'
      : value.type === 'alias' || value.flow
  if (!isInPlace || value.end === value.propertiesStart) return false
  const between = text.slice(from, value.propertiesStart)
  return (
    between.includes('#') || (/[^ \t]/.test(between) && /^[ \t]+#/.test(text.slice(value.end, value.end + MOST_BLANKS)))
  )
}

/** Blanks before a comment that are searched. */
const MOST_BLANKS = 200

/**
 * The text from `from`, the end of a colon or dash, to the end of the value, to be restored later. What is between the
 * two is left out where it stays: a comment, or anything before an alias, which is replaced in its place.
 */
export function textToRestore(text: string, from: number, value: YamlNode): string {
  const isApart =
    hasCommentBeside(text, from, value) ||
    (value.type === 'alias' && /[^ \t]/.test(text.slice(from, value.propertiesStart)))
  return isApart ? ` ${text.slice(value.propertiesStart, value.end)}` : text.slice(from, Math.max(value.end, from))
}

/** True where `was` replaces the value alone: see `textToRestore`. */
function staysInPlace(text: string, from: number, value: YamlNode, was: string): boolean {
  return (
    hasCommentBeside(text, from, value) ||
    (was.startsWith(' *') && /[^ \t]/.test(text.slice(from, value.propertiesStart)))
  )
}

/**
 * A value is replaced with its anchor and tag: a comment between them would be lost, and one after them would move.
 * @throws EditLayoutError where there is such a comment
 */
function refuseCommentBehindAnchor(text: string, { type, propertiesStart, start, end }: YamlNode): void {
  if (type !== 'scalar' || propertiesStart === start) return
  const between = text.slice(propertiesStart, start)
  const isBelow = /[\r\n\u0085\u2028\u2029]/.test(between)
  if (!/(?:^|\s)#/.test(between) && !(isBelow && /^[ \t]+#/.test(text.slice(end, end + MOST_BLANKS)))) return
  throw new EditLayoutError(
    'a comment next to a value whose anchor or tag is on another line would be lost',
    propertiesStart,
    'put the comment on a line above the key',
  )
}

/** The error for a key without a colon, as in `{a, b: c}`. */
function noColon(why: string, { start }: Pair): EditLayoutError {
  return new EditLayoutError(`this key has no colon, so ${why}`, start, "write ': null' after it")
}

function byPlace(a: TextEdit, b: TextEdit): number {
  return a.start - b.start || a.end - b.end
}
