import { append } from '../common/append.ts'
import { extraObjectId, ownerMark, ownerOf } from '../desired/sidecar-objects.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { isEqual } from '../json/equality.ts'
import type { JsonObject } from '../json/json.ts'
import { expandObjects } from '../kube/objects.ts'
import { behindInFile, filePlace, placeText, withoutTransit } from '../kube/transit.ts'
import { refOf, type KubeObject, type Workload } from '../kube/workload.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { cutDocument, surroundingsOf, type Surroundings } from '../patch/document-insert.ts'
import { refusedEdit } from '../patch/refused-edit.ts'
import type { SourceText } from '../text/source.ts'
import { EditError } from '../yaml/edit/edit-error.ts'
import { insertObjects, ItemRemovals, replaceObject } from './extra-object-edits.ts'
import {
  commentsLost,
  extraObjectShared,
  extraObjectsDiffer,
  extraObjectTaken,
  modifiedSince,
  notOurs,
  recordedByAnother,
  recordedElsewhere,
} from './extra-object-problems.ts'
import { objectKey, readSections } from './input-objects.ts'
import { recordedObjects, workloadKey, type Recorded, type Surroundings as ObjectSurroundings } from './object-proof.ts'
import type { InjectOptions } from './options.ts'
import type { SidecarOutcome } from './result.ts'
import type { ExtraObjects, TemplateFinder, WorkloadResult } from './workload-result.ts'

/** A workload with its editor and result. */
export interface PlannedWorkload {
  workload: Workload
  editor: DocumentEditor
  worked: WorkloadResult
}

/** The result of planning the extra objects of an input. */
export interface PlannedObjects {
  /**
   * True where everything was found that a record or an owner annotation names, so that no other part of the input can
   * have it.
   */
  isComplete: boolean
  /** Objects of the input that are removed or replaced. */
  changed: readonly KubeObject[]
  /** The keys of the objects that are added or replaced, as `objectKey` writes them. */
  put: ReadonlySet<string>
}

const NOTHING: PlannedObjects = { isComplete: true, changed: [], put: new Set() }

/**
 * Plans the edits for the extra objects of all workloads of an input. They are inserted right after their workload, as
 * documents of their own, or as items where the workload is an item of a `kind: List` or a ResourceList. Pod templates
 * of one object share equal objects.
 */
export function planExtraObjects(
  source: SourceText,
  planned: readonly PlannedWorkload[],
  { find }: TemplateFinder,
  force: InjectOptions['force'],
): PlannedObjects {
  const busy = planned.filter(
    ({ worked: { extraObjects: c } }) => c !== undefined && (c.wanted.length > 0 || c.recorded.size > 0),
  )
  return busy.length === 0 ? NOTHING : new ObjectPlanner(source, planned, find, force).plan(busy)
}

class ObjectPlanner {
  readonly #force: InjectOptions['force']
  readonly #around: Surroundings
  readonly #inputs: ObjectSurroundings
  readonly #editors: ReadonlyMap<number, DocumentEditor>
  /** The objects that workloads of this run want, by key, each with the `placeKey` of the first one that does. */
  readonly #claimed = new Map<string, { by: string; object: JsonObject }>()
  readonly #siblings = new Map<string, PlannedWorkload[]>()
  readonly #changed = new Set<KubeObject>()
  readonly #put = new Set<string>()
  /** The places in files that objects of the input have. */
  readonly #taken: Set<string>
  readonly #items = new ItemRemovals()
  readonly #left: { one: PlannedWorkload; recorded: Recorded }[] = []
  #isComplete = true

  constructor(
    source: SourceText,
    planned: readonly PlannedWorkload[],
    find: TemplateFinder['find'],
    force: InjectOptions['force'],
  ) {
    const sections = readSections(source)
    // Annotations that a host will remove again must not count as a change.
    const given = sections.flat().flatMap((doc) => expandObjects(doc).objects)
    this.#taken = new Set(given.map(({ data }) => placeText(filePlace(data))))
    const objects = given.map((object) => Object.assign({}, object, { data: withoutTransit(object.data) }))
    const byId = new Map<string, KubeObject[]>()
    for (const object of objects)
      byId.set(extraObjectId(object.ref), [...(byId.get(extraObjectId(object.ref)) ?? []), object])
    this.#force = force
    this.#around = surroundingsOf(source.text, sections)
    this.#inputs = {
      found: new Map(objects.map((object) => [objectKey(object), object])),
      byId,
      workloads: new Set(
        planned.flatMap(({ workload: { ref } }) =>
          [ref.namespace, '*'].map((namespace) => workloadKey(namespace, ref.kind, ref.name)),
        ),
      ),
      find,
    }
    this.#editors = new Map(planned.map(({ workload, editor }) => [workload.doc.index, editor]))
    for (const one of planned) {
      const place = placeKey(one.workload)
      this.#siblings.set(place, [...(this.#siblings.get(place) ?? []), one])
    }
  }

  plan(busy: readonly PlannedWorkload[]): PlannedObjects {
    for (const one of busy) this.#work(one)
    for (const { one, recorded } of this.#left)
      if (!this.#changed.has(recorded.there)) this.#report(one, recordedByAnother(recorded))
    this.#items.plan()
    return { isComplete: this.#isComplete, changed: [...this.#changed], put: this.#put }
  }

  #work(one: PlannedWorkload): void {
    const { workload, editor, worked } = one
    const own = amongSiblings(worked.extraObjects as ExtraObjects, this.#siblings.get(placeKey(workload)) ?? [])
    const recorded = recordedObjects(workload, own, this.#inputs)
    // What was not found, or names a workload that was not, may be in another part.
    const isSure =
      recorded.length === own.recorded.size &&
      recorded.every(({ there, sidecar }) => isMarkedFor(there, workload, sidecar))
    this.#isComplete &&= isSure
    for (const [id, both] of own.shared) worked.diagnostics.push(extraObjectShared(id, both, workload))
    const wanted = own.wanted.filter((object) => !own.shared.has(extraObjectId(refOf(object))))
    const fresh = wanted.filter((object) => this.#want(one, object, recorded))
    try {
      insertObjects(
        fresh.map((object) => behindInFile(object, workload.data, this.#taken)),
        workload,
        editor,
        this.#around,
      )
    } catch (error) {
      if (!(error instanceof EditError)) throw error
      worked.diagnostics.push(refusedEdit(error, workload))
    }
    for (const object of fresh) {
      const id = extraObjectId(refOf(object))
      this.#note(one, id, 'added')
      const before = own.recorded.get(id)
      if (before !== undefined) noteState(worked, before.sidecar, 'edited', ['up to date'])
    }
    for (const entry of recorded) if (own.gone.has(entry.id)) this.#drop(one, entry)
    const found = new Set(recorded.map(({ id }) => id))
    for (const id of own.gone) {
      const lost = found.has(id) ? undefined : own.recorded.get(id)
      if (lost !== undefined) worked.diagnostics.push(recordedElsewhere(id, lost, workload))
    }
  }

  /** Plans an object that a workload wants; true for one that is still to be inserted. */
  #want(one: PlannedWorkload, object: JsonObject, recorded: readonly Recorded[]): boolean {
    const { workload, editor, worked } = one
    const place = placeKey(workload)
    const id = extraObjectId(refOf(object))
    const key = `${workload.ref.namespace}/${id}`
    const known = recorded.find((entry) => entry.id === id)
    const found = known?.there ?? this.#inputs.found.get(key)
    // An object that moved with another workload to its namespace is no longer here.
    const there = found !== undefined && this.#changed.has(found) ? undefined : found
    const claim = this.#claimed.get(key)
    if (claim === undefined) this.#claimed.set(key, { by: place, object })
    if (claim !== undefined && claim.by === place) {
      if (!isEqual(claim.object, object)) worked.diagnostics.push(extraObjectsDiffer(id, workload))
      return false
    }
    const isOurs = known !== undefined && (known.proof === 'ours' || known.proof === 'modified')
    if (claim !== undefined || (there !== undefined && !isOurs)) {
      worked.diagnostics.push(extraObjectTaken(id, workload, there))
      return false
    }
    if (there !== undefined && isEqual(there.data, object)) return false
    this.#put.add(key)
    if (there === undefined || known === undefined) return true
    if (known.proof === 'modified') this.#report(one, modifiedSince(known, this.#force))
    append(worked.diagnostics, commentsLost(there, 'is replaced'))
    this.#changed.add(there)
    this.#note(one, id, 'updated')
    if (known.proof === 'modified') noteState(worked, known.sidecar, 'edited', ['up to date', 'outdated'])
    else noteState(worked, known.sidecar, 'outdated', ['up to date'])
    replaceObject(there, object, this.#editors.get(there.doc.index) ?? editor, this.#around)
    return false
  }

  /** Removes an object that is no longer wanted, if it is proved to be the sidecar's. */
  #drop(one: PlannedWorkload, entry: Recorded): void {
    const { there, proof } = entry
    if (this.#changed.has(there)) return
    if (proof === 'others') return void this.#left.push({ one, recorded: entry })
    if (proof === 'foreign') return this.#report(one, notOurs(entry, this.#force))
    if (proof === 'modified') {
      this.#report(one, modifiedSince(entry, this.#force))
      noteState(one.worked, entry.sidecar, 'edited', ['up to date', 'outdated', 'left over'])
    }
    this.#changed.add(there)
    append(one.worked.diagnostics, commentsLost(there, 'is removed with it'))
    this.#note(one, entry.id, 'removed')
    const editor = this.#editors.get(there.doc.index)
    if (there.path.length === 0) cutDocument(one.editor, there.doc, this.#around)
    else if (editor !== undefined) this.#items.add(there, editor)
  }

  #report({ worked }: PlannedWorkload, found: Diagnostic | undefined): void {
    if (found !== undefined) worked.diagnostics.push(found)
  }

  /** Adds what happens to an object to the outcome of its workload, which is then no longer up to date. */
  #note({ worked }: PlannedWorkload, id: string, action: 'added' | 'updated' | 'removed'): void {
    const { outcome } = worked
    const status = outcome.status === 'up to date' ? 'updated' : outcome.status
    worked.outcome = { ...outcome, status, objects: [...(outcome.objects ?? []), { id, action }] }
  }
}

/** Gives a sidecar of a workload the state that follows from its objects, where these are more than its fields show. */
function noteState(
  worked: WorkloadResult,
  sidecar: string,
  state: 'edited' | 'outdated',
  instead: readonly SidecarOutcome['state'][],
): void {
  const { outcome } = worked
  const sidecars = outcome.sidecars.map((one) =>
    one.name === sidecar && instead.includes(one.state)
      ? Object.assign({}, one, one.state === 'left over' ? { isEdited: true } : { state })
      : one,
  )
  worked.outcome = { ...outcome, sidecars }
}

/**
 * True where an object's owner annotation, if it has one, names the workload. Without one, no workload in another part
 * can be its owner.
 */
function isMarkedFor({ data }: KubeObject, { ref }: Workload, sidecar: string): boolean {
  const mark = ownerMark(data)
  return mark === undefined || mark === ownerOf(ref, sidecar)
}

/** Identifies an object of an input, which may have several pod templates. */
function placeKey({ doc, path }: Workload): string {
  return `${doc.index}/${path.join('/')}`
}

/**
 * A pod template's extra objects, in view of the other pod templates of its object: what one of them wants or keeps,
 * another does not remove.
 */
function amongSiblings(own: ExtraObjects, siblings: readonly PlannedWorkload[]): ExtraObjects {
  if (siblings.length === 1) return own
  const others = siblings.flatMap(({ worked: { extraObjects } }) =>
    extraObjects === undefined || extraObjects === own ? [] : [extraObjects],
  )
  const kept = new Set(
    others.flatMap(({ wanted, recorded, gone }) => [
      ...wanted.map((object) => extraObjectId(refOf(object))),
      ...[...recorded.keys()].filter((id) => !gone.has(id)),
    ]),
  )
  return {
    wanted: own.wanted,
    recorded: new Map([...others, own].flatMap(({ recorded }) => Array.from(recorded))),
    gone: new Set([...own.gone].filter((id) => !kept.has(id))),
    shared: own.shared,
  }
}
