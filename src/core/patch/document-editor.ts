import { emptyObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import type { TextEdit } from '../text/edit.ts'
import { findEntry, mergeKeyStart, keyOf } from '../yaml/read/construct.ts'
import type { YamlDocument } from '../yaml/read/split.ts'
import type { MapNode, Pair, SeqNode, YamlNode } from '../yaml/read/node.ts'
import { EditError } from '../yaml/edit/edit-error.ts'
import { refuseSwallowed } from '../yaml/edit/swallowed-comment.ts'
import { YamlEditor } from '../yaml/edit/editor.ts'
import { learnBlockStyle } from '../yaml/edit/style.ts'
import { fieldAt, formatFieldPath, formatSteps, pathOf, type FieldPath } from '../field-path/field-path.ts'
import { recordKey } from '../ownership/record.ts'
import { Aliases, shared } from './aliases.ts'
import { applyPatch, arrangeItems, type PatchOp, type PlaceOf } from '../field-path/patch-op.ts'
import { inOrder, insertsByIndex } from './insert-places.ts'
import { EditTargets, type EditTarget } from './edit-targets.ts'
import { MinimalDiff, type Replacement } from './minimal-diff.ts'
import { CopyOnWrite } from '../field-path/copy-on-write.ts'

/** A pod template that is edited. */
interface EditedTemplate {
  template: JsonPath
  data: JsonObject
  placeOf: PlaceOf
}

/** Turns changes to pod templates of one document into text edits. */
export class DocumentEditor {
  readonly #doc: YamlDocument
  readonly #root: YamlNode
  /** Created on first use: learning a document's style takes a walk through it. */
  #createdEditor: YamlEditor | undefined
  /** The nodes that several places of the document share. */
  readonly aliases: Aliases
  readonly #targets: EditTargets

  constructor(doc: YamlDocument) {
    this.#doc = doc
    this.#root = doc.root as YamlNode
    this.aliases = new Aliases(doc)
    this.#targets = new EditTargets(doc, this.aliases)
  }

  /** True where the document has anchors, so that edits must look out for aliases. */
  get hasAnchors(): boolean {
    return this.#doc.anchors
  }

  get #editor(): YamlEditor {
    const { source, format } = this.#doc
    this.#createdEditor ??= new YamlEditor(source, format, () =>
      learnBlockStyle(source.text, this.#root, recordKey('')),
    )
    return this.#createdEditor
  }

  get #minimalDiff(): MinimalDiff {
    return new MinimalDiff(this.#editor, (node) => {
      this.aliases.refuse(node)
    })
  }

  /** All planned edits, in the order in which they are applied. */
  edits(): TextEdit[] {
    return DocumentEditor.editsOf([this])
  }

  /** The same of all documents of one text. */
  static editsOf(editors: readonly DocumentEditor[]): TextEdit[] {
    return YamlEditor.editsOf(editors.flatMap((one) => one.#createdEditor ?? []))
  }

  /** Plans an edit outside the document's nodes, such as a whole document that is added after it or removed. */
  splice(edit: TextEdit): void {
    this.#editor.splice(edit)
  }

  /** Inserts whole items into the list at a path, before the item with the 0-based index `place`. */
  insertItems(path: JsonPath, place: number, items: readonly Json[]): void {
    const { node, indicator } = this.#targets.listAt(path)
    this.#editor.insertItems(node, items, place, indicator, path.length)
  }

  removeItems(path: JsonPath, indexes: ReadonlySet<number>): void {
    this.#editor.removeItems(this.#targets.listAt(path).node, indexes, path.length)
  }

  replaceItem(path: JsonPath, index: number, item: Json): void {
    this.#editor.replaceItem(this.#targets.listAt(path).node, index, item, path.length)
  }

  /**
   * The text of a scalar in the map at a path, with its anchor and tag; empty for a missing value, undefined for a
   * missing key.
   */
  scalarText(path: JsonPath, key: string): string | undefined {
    const value = this.#targets.pairAt(path, key)?.value
    return value === undefined ? undefined : this.#doc.source.text.slice(value.propertiesStart, value.end)
  }

  /** The 0-based offset at which the map at a path begins, with its anchor and tag. */
  offsetOf(path: JsonPath): number {
    return this.#targets.mapAt(path).node.propertiesStart
  }

  /** Sets a key of the map at a path to a scalar; a missing key is inserted after the key `behind`. */
  putScalar(path: JsonPath, key: string, value: Json, behind: string): void {
    const pair = this.#targets.pairAt(path, key)
    const { node, indicator } = this.#targets.mapAt(path)
    if (pair !== undefined) return this.#editor.putScalar(node, pair, value, path.length)
    const before = findEntry(node, behind)?.pair
    const place = node.pairs.findIndex((one) => one === before) + 1
    this.#editor.insertPairs(node, [[key, value]], place, indicator, path.length)
  }

  /** Restores what `scalarText` returned: the text of a scalar, or no key. */
  restoreScalar(path: JsonPath, key: string, text: string | undefined): void {
    const pair = this.#targets.pairAt(path, key)
    if (pair === undefined) return
    if (text === undefined) this.#editor.removePairs(this.#targets.mapAt(path).node, new Set([key]), path.length)
    else this.#editor.putScalarText(pair, text, path.length)
  }

  /**
   * The text between the colon and the end of the value of a template's field; undefined when the field is not written
   * in its map.
   */
  textAt(template: JsonPath, path: JsonPath): string | undefined {
    return this.#targets.textAt([...template, ...path])
  }

  /**
   * Plans the edits of one pod template.
   * @param path of the template from the document's root
   * @param data the present template
   * @param placeOf the places of items that earlier runs added
   * @throws EditError where the text cannot be edited safely
   */
  plan(path: JsonPath, data: JsonObject, changes: readonly PatchOp[], placeOf: PlaceOf): void {
    const mark = this.#createdEditor?.mark() ?? 0
    this.#planChanges(path, data, changes, placeOf)
    if (this.#createdEditor !== undefined)
      refuseSwallowed(this.#doc.source.text, this.#root, this.#createdEditor.since(mark))
  }

  #planChanges(path: JsonPath, data: JsonObject, changes: readonly PatchOp[], placeOf: PlaceOf): void {
    const groups = new Map<string, { parent: FieldPath; changes: PatchOp[] }>()
    for (const change of this.hasAnchors ? this.#writeOutAliases(path, data, changes) : changes) {
      const parent = existingParent(data, change)
      const key = formatSteps(parent, parent.length)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { parent, changes: [change] })
      else group.changes.push(change)
    }
    for (const { parent, changes: own } of groups.values())
      this.#planGroup({ template: path, data, placeOf }, parent, own)
  }

  /**
   * The value of an alias belongs to another place as well, so the changes inside one become a single change: the
   * changed value, written out in place of the alias.
   */
  #writeOutAliases(template: JsonPath, data: JsonObject, changes: readonly PatchOp[]): PatchOp[] {
    const out: PatchOp[] = []
    const written = new Map<string, { address: FieldPath; changes: PatchOp[] }>()
    for (const change of changes) {
      const parent = existingParent(data, change)
      const alias = this.aliases.aliasOn(template, pathOf(data, parent) ?? [])
      if (alias === undefined) {
        out.push(change)
        continue
      }
      const address = change.address.slice(0, alias.steps)
      const key = formatFieldPath(address)
      const group = written.get(key) ?? { address, changes: [] }
      group.changes.push(change)
      written.set(key, group)
    }
    for (const { address, changes: inside } of written.values()) {
      const after = applyPatch(data, inside)
      out.push({ type: 'write-out', address, value: fieldAt(after, address) ?? null })
    }
    return out
  }

  #planGroup(edited: EditedTemplate, parent: FieldPath, changes: readonly PatchOp[]): void {
    const { template, data } = edited
    const inner = pathOf(data, parent) as JsonPath
    const target = this.#targets.walk([...template, ...inner])
    if (target === undefined) throw new EditError('this is neither a map nor a list', this.#root.start)
    const depth = template.length + inner.length
    if (target.node.type === 'seq')
      this.#planSeq(target as EditTarget & { node: SeqNode }, edited, parent, changes, depth)
    else this.#planMap(target as EditTarget & { node: MapNode }, edited, parent, changes, depth)
  }

  #planSeq(
    target: EditTarget & { node: SeqNode },
    { data, placeOf }: EditedTemplate,
    parent: FieldPath,
    changes: readonly PatchOp[],
    depth: number,
  ): void {
    const { node, indicator } = target
    const s = this.#editor
    const indexOf = (address: FieldPath): number => (pathOf(data, address) as JsonPath).at(-1) as number
    const removed = new Set(changes.filter((c) => c.type === 'remove').map((c) => indexOf(c.address)))
    const inserts = insertsByIndex(node, changes, () => arrangeItems(data, parent, changes, placeOf))
    const isAll = removed.size > 0 && removed.size === node.items.length
    if (isAll && inserts.size > 0 && node.flow) {
      s.replaceLastItems(node, 0, [...inserts.values()].flat(), depth)
      return
    }
    const last = inserts.get(node.items.length) ?? []
    // In flow style, new last items take the place of removed ones at the end.
    const tail = node.flow && !isAll && last.length > 0 ? tailOf(removed, node.items.length) : []
    for (const index of tail) removed.delete(index)
    if (isAll && inserts.size === 0) s.empty(node, indicator, depth)
    else if (isAll) s.clear(node, depth)
    else if (removed.size > 0) s.removeItems(node, removed, depth)
    for (const change of changes) {
      if (change.type === 'replace')
        this.#minimalDiff.replaceItem(node, indexOf(change.address), replacement(data, change), depth)
      if (change.type === 'write-out') s.writeOut(node.items[indexOf(change.address)] as YamlNode, change.value, depth)
      if (change.type === 'restore') s.restoreItem(node, indexOf(change.address), change.text, depth)
    }
    for (const [index, values] of inserts)
      if (index === node.items.length && tail.length > 0) s.replaceLastItems(node, tail[0] as number, values, depth)
      else s.insertItems(node, values, index, indicator, depth)
  }

  #planMap(
    { node, indicator }: EditTarget & { node: MapNode },
    { data }: EditedTemplate,
    parent: FieldPath,
    changes: readonly PatchOp[],
    depth: number,
  ): void {
    const s = this.#editor
    const stepOf = (change: PatchOp): string => change.address[parent.length] as string
    const removed = new Set(changes.filter((c) => c.type === 'remove').map(stepOf))
    const inserts = changes.filter((c) => c.type === 'insert')
    const isAll = removed.size > 0 && removed.size === node.pairs.length
    if (isAll && inserts.length === 0) s.empty(node, indicator, depth)
    else if (isAll && !node.flow) s.clear(node, depth)
    const created = new CopyOnWrite(emptyObject())
    for (const change of changes) {
      const key = stepOf(change)
      const pair = findEntry(node, key)?.pair
      if (change.type === 'replace')
        this.#minimalDiff.replaceValue(node, pair as Pair, replacement(data, change), depth)
      if (change.type === 'write-out') s.writeOut((pair as Pair).value, change.value, depth)
      if (change.type === 'restore') this.#restore(node, pair as Pair, change.text, depth)
    }
    for (const change of inOrder(inserts)) created.set(change.address.slice(parent.length), change.value, 'last')
    const fresh: [string, Json][] = []
    for (const key of new Set(inserts.map(stepOf))) {
      const value = created.root[key] as Json
      const entry = findEntry(node, key)
      if (entry === undefined) fresh.push([key, value])
      else if (entry.merged) throw shared('comes from a merge key', mergeKeyStart(node, key))
      else {
        if (entry.pair.value.type !== 'alias') this.aliases.refuse(entry.pair.value)
        s.fill(node, entry.pair, value, depth)
      }
    }
    const gone = new Set([...node.pairs.keys()].filter((n) => removed.has(keyOf((node.pairs[n] as Pair).key))))
    const tail = node.flow && fresh.length > 0 ? tailOf(gone, node.pairs.length) : []
    for (const index of tail) removed.delete(keyOf((node.pairs[index] as Pair).key))
    if (!isAll && removed.size > 0) s.removePairs(node, removed, depth)
    if (tail.length > 0) return s.replaceLastPairs(node, tail[0] as number, fresh, depth)
    // The document's own metadata goes last: comments or directives may precede the first key.
    const first = fresh.filter(([key]) => key === 'metadata' && node !== this.#root)
    const last = fresh.filter((pair) => !first.includes(pair))
    if (first.length > 0) s.insertPairs(node, first, 0, indicator, depth)
    if (last.length > 0) s.insertPairs(node, last, 'last', indicator, depth)
  }

  #restore(map: MapNode, pair: Pair, text: string, depth: number): void {
    const { value } = pair
    if ((value.type === 'map' || value.type === 'seq') && !value.flow) {
      this.#editor.clear(value, depth + 1)
      this.#editor.restore(pair, text, depth)
    } else {
      this.#editor.restoreValue(map, pair, text, depth)
    }
  }
}

/** The indexes at the end of a list of that length that are all in `removed`. */
function tailOf(removed: ReadonlySet<number>, length: number): number[] {
  let from = length
  while (removed.has(from - 1)) from--
  return Array.from({ length: length - from }, (_, n) => from + n)
}

function replacement(data: JsonObject, { address, value }: PatchOp & { type: 'replace' }): Replacement {
  const step = address.at(-1)
  return { key: typeof step === 'string' ? step : '', from: fieldAt(data, address) ?? null, to: value }
}

/** The field path of the closest parent of a change that exists and is not null. */
function existingParent(data: JsonObject, change: PatchOp): FieldPath {
  for (let length = change.address.length - 1; length > 0; length--) {
    const prefix = change.address.slice(0, length)
    if ((fieldAt(data, prefix) ?? null) !== null) return prefix
  }
  return []
}
