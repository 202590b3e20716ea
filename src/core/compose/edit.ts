import { formatJsonPath, type Json } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { Aliases } from '../patch/aliases.ts'
import { EditTargets } from '../patch/edit-targets.ts'
import { applyEdits } from '../text/edit.ts'
import type { SourceText } from '../text/source.ts'
import { EditError, EditLayoutError } from '../yaml/edit/edit-error.ts'
import { YamlEditor } from '../yaml/edit/editor.ts'
import { learnBlockStyle } from '../yaml/edit/style.ts'
import { refuseSwallowed } from '../yaml/edit/swallowed-comment.ts'
import type { Pair, YamlNode } from '../yaml/read/node.ts'
import type { YamlDocument } from '../yaml/read/split.ts'
import { readComposeFile } from './compose-file.ts'

/** An entry of a map, or an item of a list that is known by its value, in a Compose file. */
export type Entry =
  | { readonly at: readonly string[]; readonly key: string; readonly value: Json }
  | { readonly at: readonly string[]; readonly item: Json }

/** The error for an entry that cannot be added to the text of a Compose file, or taken out of it. */
export class EntryError extends EditError {
  /** The collection that the entry is in. */
  readonly at: readonly string[]
  readonly reason: EditError

  constructor(at: readonly string[], reason: EditError) {
    super(reason.message, reason.offset)
    this.at = at
    this.reason = reason
  }
}

/** A text with an entry more, and the collection that had to be made for it, if any. */
interface Added {
  text: string
  created: readonly string[] | undefined
}

/**
 * Adds an entry to the text of a Compose file, after all others or after a key. A collection that is not there is made.
 * @throws EntryError where the text has no place for it
 */
export function addEntry(source: SourceText, entry: Entry, behind?: string): Added {
  const { data } = read(source)
  const parent = valueAt(data, [...entry.at])
  const own: Json = 'key' in entry ? { [entry.key]: entry.value } : [entry.item]
  if (parent === undefined) {
    const [at, key] = [entry.at.slice(0, -1), entry.at.at(-1) as string]
    return { text: insert(source, { at, key, value: own }, undefined), created: entry.at }
  }
  if (parent === null) throw new EntryError(entry.at, emptyError(entry.at))
  if (typeof parent === 'object' && Object.keys(parent).length === 0)
    return { text: fill(source, entry.at, own), created: undefined }
  return { text: insert(source, entry, behind), created: undefined }
}

/** Puts entries into an empty collection, which must be written as `removeEntry` writes it when it takes them out. */
function fill(source: SourceText, at: readonly string[], value: Json): string {
  return edited(source, at, (editor, targets) => {
    const map = targets.mapAt(at.slice(0, -1)).node
    const pair = targets.pairAt(at.slice(0, -1), at.at(-1) as string) as Pair
    if (!/^ ?(?:\{\}|\[\])$/.test(source.text.slice(pair.colon + 1, pair.value.end))) throw emptyError(at)
    editor.fill(map, pair, value, at.length - 1)
  })
}

function emptyError(at: readonly string[]): EditLayoutError {
  return new EditLayoutError(`${formatJsonPath(at)} is empty`, 0, 'remove the key, or give it an entry')
}

function insert(source: SourceText, entry: Entry, behind: string | undefined): string {
  return edited(source, entry.at, (editor, targets) => {
    if ('item' in entry) {
      const { node, indicator } = targets.listAt([...entry.at])
      editor.insertItems(node, [entry.item], node.items.length, indicator, entry.at.length)
      return
    }
    const { node, indicator } = targets.mapAt([...entry.at])
    const pair = behind === undefined ? undefined : targets.pairAt([...entry.at], behind)
    const place = pair === undefined ? node.pairs.length : node.pairs.indexOf(pair) + 1
    editor.insertPairs(node, [[entry.key, entry.value]], place, indicator, entry.at.length)
  })
}

/**
 * Takes an entry out of the text of a Compose file again. Where it is the last one, an empty collection is left, since
 * Compose rejects null in most places.
 */
export function removeEntry(source: SourceText, at: readonly string[], key: string | number): string {
  return edited(source, at, (editor, targets) => {
    const { node, indicator } = typeof key === 'number' ? targets.listAt([...at]) : targets.mapAt([...at])
    const isLast = (node.type === 'seq' ? node.items : node.pairs).length === 1
    if (isLast) editor.empty(node, indicator, at.length)
    else if (node.type === 'seq') editor.removeItems(node, new Set([key as number]), at.length)
    else editor.removePairs(node, new Set([key as string]), at.length)
  })
}

function edited(
  source: SourceText,
  at: readonly string[],
  plan: (editor: YamlEditor, targets: EditTargets) => void,
): string {
  try {
    const { doc } = read(source)
    const root = doc.root as YamlNode
    const editor = new YamlEditor(source, doc.format, () => learnBlockStyle(source.text, root))
    plan(editor, new EditTargets(doc, new Aliases(doc)))
    refuseSwallowed(source.text, root, editor.since(0))
    return applyEdits(source.text, editor.edits())
  } catch (error) {
    throw error instanceof EditError ? new EntryError(at, error) : error
  }
}

/** Where a collection cannot be edited: the anchor, alias or merge key that keeps it from it; undefined for none. */
export function obstacleAt(doc: YamlDocument, at: readonly string[]): number | undefined {
  try {
    new EditTargets(doc, new Aliases(doc)).walk([...at])
    return undefined
  } catch (error) {
    if (error instanceof EditError) return error.offset
    throw error
  }
}

function read(source: SourceText): NonNullable<ReturnType<typeof readComposeFile>> {
  const file = readComposeFile(source)
  if (file === undefined) throw new EditError('the result would no longer be a Compose file', 0)
  return file
}

/** The place of a list item that equals a value; undefined where there is none. */
export function indexOfItem(list: Json | undefined, isIt: (item: Json) => boolean): number | undefined {
  const index = Array.isArray(list) ? list.findIndex(isIt) : -1
  return index < 0 ? undefined : index
}
