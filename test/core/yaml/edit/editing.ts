/** Edits of one document by the path of a value, for tables of `before | operation | after`. */
import type { JsonPath, Json, JsonObject } from '../../../../src/core/json/json.ts'
import { applyEdits } from '../../../../src/core/text/edit.ts'
import { SourceText } from '../../../../src/core/text/source.ts'
import { findEntry, nodeAt } from '../../../../src/core/yaml/read/construct.ts'
import {
  readRawDocument,
  splitDocuments,
  type RawDocument,
  type Unreadable,
  type YamlDocument,
} from '../../../../src/core/yaml/read/split.ts'
import type { InsertPosition } from '../../../../src/core/yaml/edit/entry-span.ts'
import type { MapNode, Pair, SeqNode, YamlNode } from '../../../../src/core/yaml/read/node.ts'
import { EditLayoutError, EditError } from '../../../../src/core/yaml/edit/edit-error.ts'
import { YamlEditor, textToRestore } from '../../../../src/core/yaml/edit/editor.ts'
import { learnBlockStyle } from '../../../../src/core/yaml/edit/style.ts'
import { visible } from '../../../helpers/yaml-text.ts'

/** The first document of a text. */
export function readDocument(text: string): YamlDocument {
  const [doc] = readRawDocument(splitDocuments(new SourceText('in.yaml', text))[0] as RawDocument)
  if (doc === undefined || 'error' in doc)
    throw new Error(`cannot be read: ${(doc as Unreadable | undefined)?.error.message}`)
  return doc
}

/** `spec.containers.0`: keys, and indexes of lists. */
export function pathOf(text: string): JsonPath {
  return text === '' ? [] : text.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}

/** The operations of the editor of one document, each on the value at a path; the text of keys in `folded/` is folded. */
export class Edit {
  readonly doc: YamlDocument
  readonly editor: YamlEditor

  constructor(text: string) {
    this.doc = readDocument(text)
    const { source, format, root } = this.doc
    this.editor = new YamlEditor(source, format, () => ({
      ...learnBlockStyle(source.text, root as YamlNode),
      foldedPrefix: 'folded/',
    }))
  }

  /** Adds items to a list, or pairs to a map. */
  insert(path: string, value: readonly Json[] | JsonObject, place: InsertPosition = 'last'): void {
    const { node, indicator, depth } = this.#at(path)
    if (isList(value)) this.editor.insertItems(node as SeqNode, value, place, indicator, depth)
    else this.editor.insertPairs(node as MapNode, Object.entries(value), place, indicator, depth)
  }

  /** Removes items of a list by their index, or pairs of a map by their key. */
  remove(path: string, ...which: readonly (string | number)[]): void {
    const { node, depth } = this.#at(path)
    if (node.type === 'seq') this.editor.removeItems(node, new Set(which as number[]), depth)
    else this.editor.removePairs(node as MapNode, new Set(which as string[]), depth)
  }

  /** Gives a pair or an item another value. */
  replace(path: string, value: Json): void {
    const { parent, pair, index, depth } = this.#entry(path)
    if (pair !== undefined) this.editor.replaceValue(parent as MapNode, pair, value, depth)
    else this.editor.replaceItem(parent as SeqNode, index as number, value, depth)
  }

  /** Puts a value below a key that has none, or an empty one. */
  fill(path: string, value: Json): string {
    const { parent, pair, depth } = this.#entry(path)
    return this.editor.fill(parent as MapNode, pair as Pair, value, depth)
  }

  /** Puts entries in the place of all that a flow collection has. */
  refill(path: string, value: readonly Json[] | JsonObject): void {
    const { node, depth } = this.#at(path)
    if (isList(value)) this.editor.replaceLastItems(node as SeqNode, 0, value, depth)
    else this.editor.replaceLastPairs(node as MapNode, 0, Object.entries(value), depth)
  }

  /** Removes all entries; `clear` leaves the bare key, `empty` a `{}` or `[]`. */
  clear(path: string): void {
    const { node, depth } = this.#at(path)
    this.editor.clear(node as MapNode, depth)
  }

  empty(path: string): void {
    const { node, indicator, depth } = this.#at(path)
    this.editor.empty(node as MapNode, indicator, depth)
  }

  putScalar(path: string, value: Json): void {
    const { parent, pair, depth } = this.#entry(path)
    this.editor.putScalar(parent as MapNode, pair as Pair, value, depth)
  }

  putText(path: string, text: string): void {
    const { pair, depth } = this.#entry(path)
    this.editor.putScalarText(pair as Pair, text, depth)
  }

  /** Puts text behind a colon whose value went. */
  restore(path: string, was: string): void {
    const { pair, depth } = this.#entry(path)
    this.editor.restore(pair as Pair, was, depth)
  }

  /** Puts text in the place of a value, or of an item. */
  restoreValue(path: string, was: string): void {
    const { parent, pair, index, depth } = this.#entry(path)
    if (pair !== undefined) this.editor.restoreValue(parent as MapNode, pair, was, depth)
    else this.editor.restoreItem(parent as SeqNode, index as number, was, depth)
  }

  /** Writes a value where an alias stands. */
  writeOut(path: string, value: Json): void {
    const { parent, pair, index, depth } = this.#entry(path)
    this.editor.writeOut(pair?.value ?? ((parent as SeqNode).items[index as number] as YamlNode), value, depth)
  }

  /** The text that would come back: from the colon or dash to the end of the value. */
  textOf(path: string): string {
    const { parent, pair, index } = this.#entry(path)
    const [from, value] =
      pair === undefined
        ? [
            ((parent as SeqNode).dashes[index as number] as number) + 1,
            (parent as SeqNode).items[index as number] as YamlNode,
          ]
        : [pair.colon + 1, pair.value]
    return textToRestore(this.doc.source.text, from, value)
  }

  get text(): string {
    return applyEdits(this.doc.source.text, this.editor.edits())
  }

  #at(path: string): { node: YamlNode; indicator: number; depth: number } {
    const steps = pathOf(path)
    const node = nodeAt(this.doc.root as YamlNode, steps) as YamlNode
    if (steps.length === 0) return { node, indicator: this.doc.start - 1, depth: 0 }
    const { parent, pair, index } = this.#entry(path)
    return {
      node,
      indicator: pair?.colon ?? (parent as SeqNode).dashes[index as number] ?? node.start,
      depth: steps.length,
    }
  }

  #entry(path: string): { parent: YamlNode; pair?: Pair; index?: number; depth: number } {
    const steps = pathOf(path)
    const parent = nodeAt(this.doc.root as YamlNode, steps.slice(0, -1)) as YamlNode
    const step = steps.at(-1) as string | number
    if (typeof step === 'number') return { parent, index: step, depth: steps.length - 1 }
    return { parent, pair: findEntry(parent as MapNode, step)?.pair as Pair, depth: steps.length - 1 }
  }
}

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value)
}

/** The text after an operation; where the text leaves no place for it, what is said of that. */
export function edited(before: string, operation: (edit: Edit) => unknown): string {
  const edit = new Edit(before)
  try {
    operation(edit)
  } catch (error) {
    if (error instanceof EditLayoutError) return `refused: ${error.message}; ${error.hint}`
    if (error instanceof EditError) return `refused: ${error.message}`
    throw error
  }
  const after = edit.text
  // Whatever was done, it is YAML.
  if (after.trim() !== '') readDocument(after)
  return visible(after)
}
