import { append } from '../common/append.ts'
import { expandObjects } from '../kube/objects.ts'
import { diagnostic, type ResourceRef } from '../diagnostics/diagnostic.ts'
import { isObject, type JsonPath, type JsonObject } from '../json/json.ts'
import { refOf, valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import { isEqual } from '../json/equality.ts'
import { extraObjectId } from '../desired/sidecar-objects.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { cutDocument, insertDocument, replaceDocument, surroundingsOf, type Surroundings } from '../patch/document-insert.ts'
import type { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments, type YamlDocument } from '../yaml/read/split.ts'
import { firstComment } from '../yaml/read/comments.ts'
import type { YamlNode } from '../yaml/read/node.ts'
import { EditError } from '../yaml/edit/edit-error.ts'
import { refusedEdit } from '../patch/refused-edit.ts'
import type { ExtraObjects, WorkloadResult } from './workload-result.ts'

/** A workload with its editor and what became of it. */
export interface PlannedWorkload {
  workload: Workload
  editor: DocumentEditor
  worked: WorkloadResult
}

/** All objects of an input, those without a workload too; what cannot be read is left out. */
export function readObjects(source: SourceText): KubeObject[] {
  return readChunks(source).flat().flatMap((doc) => expandObjects(doc).objects)
}

/** All documents of an input that hold an object, by the `---` lines between them. */
function readChunks(source: SourceText): YamlDocument[][] {
  const out: YamlDocument[][] = []
  let shift = 0
  for (const chunk of splitDocuments(source)) {
    const docs = readRawDocument({ ...chunk, index: chunk.index + shift })
    shift += docs.length - 1
    out.push(docs.filter((doc): doc is YamlDocument => 'root' in doc && isObject(doc.data)))
  }
  return out
}

/** The objects of an input that are recorded as ours. */
export function findExtraObjects(source: SourceText, recorded: readonly { workload: Workload; ids: readonly string[] }[]): KubeObject[] {
  if (recorded.every(({ ids }) => ids.length === 0)) return []
  const keys = new Set(recorded.flatMap(({ workload, ids }) => ids.map((id) => `${workload.ref.namespace}/${id}`)))
  return readObjects(source).filter((object) => keys.has(keyOf(object)))
}

/** What names an object among all that are applied. */
export function keyOf({ ref }: KubeObject): string {
  return `${ref.namespace}/${extraObjectId(ref)}`
}

/**
 * Plans the edits for the further objects of all workloads of an input: right behind their workload, as documents of
 * their own, or as items where the workload is an item of a `kind: List`. Pod templates of one object share what they
 * bring alike.
 * @returns whether every recorded object was found
 */
export function planExtraObjects(source: SourceText, planned: readonly PlannedWorkload[]): boolean {
  const busy = planned.filter(({ worked: { extraObjects: c } }) => c !== undefined && (c.wanted.length > 0 || c.gone.size > 0))
  if (busy.length === 0) return true
  const chunks = readChunks(source)
  const objects = chunks.flat().flatMap((doc) => expandObjects(doc).objects)
  const surroundings = surroundingsOf(source.text, chunks)
  const editors = new Map(planned.map(({ workload, editor }) => [workload.doc.index, editor]))
  const found = new Map(objects.map((object) => [keyOf(object), object]))
  let isComplete = true
  const claimed = new Map<string, { by: string; object: JsonObject }>()
  const siblings = new Map<string, PlannedWorkload[]>()
  for (const one of planned) siblings.set(placeKey(one.workload), [...(siblings.get(placeKey(one.workload)) ?? []), one])
  const cut = new Set<KubeObject>()
  const removed = new Map<string, { editor: DocumentEditor; path: JsonPath; indexes: Set<number> }>()
  for (const { workload, editor, worked } of busy) {
    const place = placeKey(workload)
    const { wanted, gone, recorded } = amongSiblings(worked.extraObjects as ExtraObjects, siblings.get(place) ?? [])
    const fresh: JsonObject[] = []
    for (const id of recorded) isComplete &&= found.has(`${workload.ref.namespace}/${id}`)
    for (const object of wanted) {
      const id = extraObjectId(refOf(object))
      const key = `${workload.ref.namespace}/${id}`
      const there = found.get(key)
      const claim = claimed.get(key)
      if (claim !== undefined && claim.by === place) {
        if (!isEqual(claim.object, object)) worked.diagnostics.push(extraObjectsDiffer(id, workload))
      } else if ((there !== undefined && !recorded.has(id)) || claim !== undefined) worked.diagnostics.push(extraObjectTaken(id, workload, there))
      else if (there === undefined) fresh.push(object)
      else if (!isEqual(there.data, object)) {
        append(worked.diagnostics, commentsLost(there, 'is written anew'))
        replace(there, object, editor, surroundings)
      }
      if (claim === undefined) claimed.set(key, { by: place, object })
    }
    try {
      insert(fresh, workload, editor, surroundings)
    } catch (error) {
      if (!(error instanceof EditError)) throw error
      worked.diagnostics.push(refusedEdit(error, workload))
    }
    for (const id of gone) {
      const there = found.get(`${workload.ref.namespace}/${id}`)
      if (there === undefined || cut.has(there)) continue
      cut.add(there)
      append(worked.diagnostics, commentsLost(there, 'leaves with its sidecar'))
      if (there.path.length === 0) cutDocument(editor, there.doc, surroundings)
      else noteItem(there, editors, removed)
    }
  }
  for (const { editor, path, indexes } of removed.values()) editor.removeItems(path, indexes)
  return isComplete
}

/** What tells the objects of an input apart, of which one may have several pod templates. */
function placeKey({ doc, path }: Workload): string {
  return `${doc.index}/${path.join('/')}`
}

/** A pod template's further objects as all those of its object see them: what one has or keeps is no other's to lose. */
function amongSiblings(own: ExtraObjects, siblings: readonly PlannedWorkload[]): ExtraObjects {
  if (siblings.length === 1) return own
  const others = siblings.flatMap(({ worked: { extraObjects } }) => (extraObjects === undefined || extraObjects === own ? [] : [extraObjects]))
  const kept = new Set(others.flatMap(({ wanted, recorded, gone }) =>
    [...wanted.map((object) => extraObjectId(refOf(object))), ...[...recorded].filter((id) => !gone.has(id))]))
  return {
    wanted: own.wanted,
    recorded: new Set([own, ...others].flatMap(({ recorded }) => Array.from(recorded))),
    gone: new Set([...own.gone].filter((id) => !kept.has(id))),
  }
}

function extraObjectsDiffer(id: string, { doc, node, ref }: Workload): WorkloadResult['diagnostics'][number] {
  return diagnostic('COMPANION_TAKEN', `two pod templates of this ${ref.kind} bring ${id} along, each with another content`, {
    hint: 'keep what differs between them in the sidecar\'s container, out of that object',
    at: { source: doc.source, range: { start: node.propertiesStart, end: node.propertiesStart + 1 } },
    document: doc.index,
    resource: ref,
  })
}

/** An object of ours goes whole, with what someone noted in it. */
function commentsLost({ doc, node, ref }: KubeObject, why: string): WorkloadResult['diagnostics'] {
  const at = firstComment(doc.source.text, node)
  if (at === undefined) return []
  return [diagnostic('COMPANION_COMMENT', `the comments in this ${ref.kind} are lost, as it came with a sidecar and ${why}`, {
    hint: 'write comments in front of the object, where they stay',
    at: { source: doc.source, range: { start: at, end: at + 1 } },
    document: doc.index,
    resource: ref,
  })]
}

/** Where an object begins. */
export interface ObjectLocation {
  doc: Pick<YamlDocument, 'source' | 'index'>
  node: Pick<YamlNode, 'propertiesStart'>
  ref: ResourceRef
}

/** Says that an object that comes with a workload's sidecar is there already, or comes with another workload. */
export function extraObjectTaken(id: string, workload: ObjectLocation, there: Pick<ObjectLocation, 'doc' | 'node'> | undefined): WorkloadResult['diagnostics'][number] {
  const { doc, node, ref } = workload
  const other = there === undefined ? [] : [{
    message: 'it stands here',
    at: { source: there.doc.source, range: { start: there.node.propertiesStart, end: there.node.propertiesStart + 1 } },
  }]
  return diagnostic('COMPANION_TAKEN', `the sidecar brings ${id} along, and there is one already`, {
    hint: 'rename it, or choose another name by a parameter of the sidecar',
    at: { source: doc.source, range: { start: node.propertiesStart, end: node.propertiesStart + 1 } },
    document: doc.index,
    resource: ref,
    related: other,
  })
}

/** The path of the `items` in which further objects can stand beside a workload. */
function itemsAround({ doc, path }: Pick<Workload, 'doc' | 'path'>): JsonPath | undefined {
  if (path.length < 2 || !isObject(doc.data)) return undefined
  const list = valueAt(doc.data, path.slice(0, -2))
  return isObject(list) && list['kind'] === 'List' ? path.slice(0, -1) : undefined
}

function insert(objects: readonly JsonObject[], workload: Workload, editor: DocumentEditor, around: Surroundings): void {
  if (objects.length === 0) return
  const items = itemsAround(workload)
  if (items !== undefined) editor.insertItems(items, (workload.path.at(-1) as number) + 1, objects)
  else for (const object of objects) insertDocument(editor, workload.doc, object, around)
}

function replace(there: KubeObject, object: JsonObject, editor: DocumentEditor, around: Surroundings): void {
  if (there.path.length === 0) replaceDocument(editor, there.doc, object, around)
  else editor.replaceItem(there.path.slice(0, -1), there.path.at(-1) as number, object)
}

function noteItem(
  { doc, path }: KubeObject,
  editors: ReadonlyMap<number, DocumentEditor>,
  removed: Map<string, { editor: DocumentEditor; path: JsonPath; indexes: Set<number> }>,
): void {
  const list = path.slice(0, -1)
  const key = `${doc.index}/${list.join('/')}`
  const editor = editors.get(doc.index)
  if (editor === undefined) return
  const entry = removed.get(key) ?? { editor, path: list, indexes: new Set<number>() }
  entry.indexes.add(path.at(-1) as number)
  removed.set(key, entry)
}
