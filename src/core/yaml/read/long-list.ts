import { emptyObject, isObject, type Json } from '../../json/json.ts'
import type { TextRange } from '../../text/source.ts'
import { DataBuilder, keyOf, type DuplicateKey } from './construct.ts'
import { outlineList, readItems } from './fast-path/list.ts'
import { outlineJsonList, parseJsonItems } from './json-text.ts'
import { mapNode, type MapNode, type SeqNode } from './node.ts'
import { beginsWithBrace, mayHoldSeveral, type RawDocument, type YamlDocument } from './split.ts'
import { YamlError } from './token.ts'

/** Some items of a long list, with the document as if the list had no others. */
export interface ListPart {
  /** The lines of the items, or in JSON the text from the first one to the last. */
  range: TextRange
  /** The 0-based index of the first of them in the list. */
  first: number
  /** The 0-based offset at which the text after all items begins. */
  tail: number
  doc: YamlDocument
}

/** A list with fewer characters per item is not worth being read in parts. */
const LEAST_ITEM = 50

/**
 * Reads a document that is a long list (a map with `items`) some items at a time, so that the memory it takes does not
 * grow with the list. Offsets are those of the whole text.
 * @param size items per part
 * @returns undefined for other documents, also those that cannot be read, and for lists with anchors, tags or duplicate
 *   keys or of an unusual layout; all these must be read as a whole
 */
export function readLongList(raw: RawDocument, size: number): Iterable<ListPart> | undefined {
  const { source, start, end, directive } = raw
  const slice = { text: source.text, start, end }
  if (directive || end - start < size * LEAST_ITEM || source.text.charCodeAt(start) === 0xfeff) return undefined
  const list = beginsWithBrace(slice) ? jsonList(raw, size) : yamlList(raw, size)
  return list === undefined || list.count <= size ? undefined : partsOf(raw, list, size)
}

/** A list without its items, and a function that reads some of them. */
interface LongList {
  root: MapNode
  data: Json
  count: number
  starts: readonly number[]
  ends: readonly number[]
  isJson: boolean
  read: (range: TextRange) => { list: SeqNode; data: readonly Json[]; duplicates: readonly DuplicateKey[] } | undefined
}

function yamlList({ source: { text }, start, end }: RawDocument, size: number): LongList | undefined {
  const outline = outlineList({ text, start, end }, 'items', size)
  return outline && { ...outline, isJson: false, read: (range) => readItems({ text, ...range }) }
}

function jsonList(raw: RawDocument, size: number): LongList | undefined {
  const { text } = raw.source
  if (!mayHoldSeveral(raw)) return undefined
  try {
    const outline = outlineJsonList({ text, start: raw.start, end: raw.end }, 'items', size)
    if (outline === undefined || /[^ \t\r\n]/.test(text.slice(outline.root.end, raw.end))) return undefined
    const builder = new DataBuilder()
    const data = builder.build(outline.root)
    return builder.duplicates.length > 0 ? undefined : { ...outline, data, isJson: true, read: readJsonItems(text) }
  } catch (error) {
    if (error instanceof YamlError) return undefined
    throw error
  }
}

function readJsonItems(text: string): LongList['read'] {
  return (range) => {
    const list = parseJsonItems({ text, ...range })
    const builder = new DataBuilder()
    const data = builder.build(list) as Json[]
    return { list, data, duplicates: builder.duplicates }
  }
}

function* partsOf(raw: RawDocument, list: LongList, size: number): Generator<ListPart> {
  const { root, data, starts, ends, isJson, read } = list
  for (const [n, start] of starts.entries()) {
    const range = { start, end: ends[n] as number }
    // It was read before, so it can be read again.
    const part = read(range) as NonNullable<ReturnType<typeof read>>
    const whole = mapNode(root.start, root.end, root.flow)
    for (const pair of root.pairs)
      whole.pairs.push(
        keyOf(pair.key) === 'items' ? { ...pair, value: { ...part.list, ...placeOf(pair.value) } } : pair,
      )
    const doc: YamlDocument = {
      ...raw,
      root: whole,
      data: isObject(data) ? Object.assign(emptyObject(), data, { items: part.data }) : data,
      format: isJson ? 'json' : 'yaml',
      anchors: false,
      duplicates: part.duplicates,
      isStreamed: isJson,
    }
    yield { range, first: n * size, tail: ends.at(-1) as number, doc }
  }
}

function placeOf({
  start,
  end,
  propertiesStart,
}: MapNode['pairs'][number]['value']): TextRange & { propertiesStart: number } {
  return { start, end, propertiesStart }
}
