import { atField, atObject } from '../kube/object-place.ts'
import { addTo } from '../common/maps.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { emptyObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { pathInObject, templateOf } from '../kube/pod-template.ts'
import { templatePathOf, valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import { fieldAt, formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { isEqual } from '../json/equality.ts'
import { DesiredPod } from '../desired/desired-pod.ts'
import { ownedBy, type OwnershipRecord, annotationAddress, recordAnnotations } from '../ownership/record.ts'
import { renamesIn, withRenames, type Renamed } from '../desired/renamed-containers.ts'
import { recordOf } from '../ownership/record-text.ts'
import { isVolume, volumeUses } from '../desired/volume-use.ts'
import type { PlannedObjects } from './extra-objects.ts'
import { objectKey, readObjects } from './input-objects.ts'
import type { WorkloadPair } from './is-final.ts'
import type { DocumentGroup, ReadDocument, ReadInput } from './read-input.ts'

/**
 * Compares a changed text, read again, with the original: the same documents, the same objects, and in each pod
 * template the same content without owned fields. A difference is a bug of sidecarctl, and the text must not be used.
 * @param asPlanned workloads that are known to read back as planned. A plan for a template without sidecars changes
 *   only what its record says, so these need not be compared without owned fields.
 */
export function verifyResult(
  { documents: before, isWhole }: Pick<DocumentGroup, 'documents' | 'isWhole'>,
  read: ReadInput,
  { changed, put }: Pick<PlannedObjects, 'changed' | 'put'>,
  asPlanned: readonly WorkloadPair[] = [],
): Diagnostic[] {
  const broken = read.diagnostics.find(({ severity }) => severity === 'error')
  if (broken !== undefined) return [unsafe(before[0]?.workloads[0], `the result could not be read: ${broken.message}`)]
  if (read.documents.length !== before.length)
    return [unsafe(before[0]?.workloads[0], 'the result has a different number of documents')]
  const out: Diagnostic[] = []
  const objects = new Map(put.size === 0 ? [] : readObjects(read.source).map((object) => [objectKey(object), object]))
  const [was, is] = [changed, [...put].flatMap((key) => objects.get(key) ?? [])]
  const [places, newPlaces] = [placesOf(before, was), placesOf(read.documents, is)]
  const [wasIn, isIn] = [itemsByDocument(was), itemsByDocument(is)]
  const first = asPlanned.filter(
    ({ worked: { planned, record } }) => planned !== undefined && record.sidecars.size === 0,
  )
  const known = new Set(first.flatMap(({ before: one, after }) => [one, after]))
  for (const [n, document] of before.entries()) {
    const other = read.documents[n] as ReadDocument
    const [mine, theirs] = [
      userPart(document, wasIn, other, document, known),
      userPart(other, isIn, document, document, known),
    ]
    if ((!isWhole || places[n] === newPlaces[n]) && isEqual(mine, theirs)) continue
    out.push(unsafe(document.workloads[0], 'the result would change more than was planned'))
  }
  return out
}

/**
 * True where a pod template reads back as it was planned. Text that is restored is not planned as data; it is verified
 * by removing all sidecars.
 */
export function isAsPlanned({ after, worked: { planned } }: WorkloadPair): boolean {
  return planned === undefined || (after !== undefined && isEqual(planned, templateOf(after)))
}

/** The error for a verification that failed; the text is discarded. */
export function unsafe(workload: KubeObject | undefined, message: string): Diagnostic {
  const hint = 'this is a bug in sidecarctl: please report it with the file'
  if (workload === undefined) return diagnostic('EDIT_UNSAFE', message, { hint })
  return diagnostic('EDIT_UNSAFE', message, { hint, ...atObject(workload) })
}

/**
 * The error for a verification that failed where the input has records, which may have been edited. It is at the first
 * record.
 */
export function unprovable(workload: Workload, message: string): Diagnostic {
  const template = templateOf(workload) as JsonObject
  const key = recordAnnotations(template)[0]?.[0] ?? ''
  const path = pathInObject(workload, ['metadata', 'annotations', key])
  return diagnostic('RECORD_UNPROVEN', `with what the records say was added, ${message}`, {
    hint: 'restore the records from version control, or remove these sidecars and inject them again; if the records were not edited, this is a bug in sidecarctl: please report it with the file',
    ...atField(workload, path),
    path,
  })
}

/** The indexes of documents, in order, without counting those of extra objects. */
function placesOf(documents: readonly ReadDocument[], extraObjects: readonly KubeObject[]): number[] {
  const ours = extraObjects
    .filter(({ path }) => path.length === 0)
    .map(({ doc }) => doc.index)
    .sort((a, b) => a - b)
  let before = 0
  return documents.map(({ doc }) => {
    while ((ours[before] ?? Infinity) < doc.index) before++
    return doc.index - before
  })
}

/** The paths of list items that are extra objects, in order, by the index of their document. */
type Items = ReadonlyMap<number, readonly JsonPath[]>

function itemsByDocument(extraObjects: readonly KubeObject[]): Items {
  const out = new Map<number, JsonPath[]>()
  for (const { doc, path } of extraObjects) {
    if (path.length === 0) continue
    addTo(out, doc.index, path)
  }
  for (const paths of out.values()) paths.sort((a, b) => (a.at(-1) as number) - (b.at(-1) as number))
  return out
}

/**
 * A document's data without fields that are owned in this or the other version of it.
 * @param before the earlier one of the two versions, which shows what containers were renamed
 * @param known workloads whose pod templates are left out altogether
 */
function userPart(
  document: ReadDocument,
  ours: Items,
  other: ReadDocument,
  before: ReadDocument,
  known: ReadonlySet<Workload | undefined>,
): Json {
  const { doc, workloads } = document
  const copies = new Set<Json>()
  let data = doc.data as Json
  for (const [n, workload] of workloads.entries()) {
    const path = templatePathOf(workload)
    const bare = known.has(workload) ? null : bareTemplate(n, document, other, before)
    if (path.length === 0) return bare
    data = copiedTo(data, path.slice(0, -1), copies)
    ;(valueAt(data, path.slice(0, -1)) as JsonObject)[path.at(-1) as string] = bare
  }
  for (const path of ours.get(doc.index)?.toReversed() ?? []) {
    data = copiedTo(data, path.slice(0, -1), copies)
    const items = valueAt(data, path.slice(0, -1)) as Json[]
    items.splice(path.at(-1) as number, 1)
  }
  return data
}

/** The pod template of a document's workload without fields that are owned in this or the other version of it. */
function bareTemplate(index: number, document: ReadDocument, other: ReadDocument, before: ReadDocument): JsonObject {
  const templateIn = ({ workloads }: ReadDocument): JsonObject | undefined =>
    workloads[index] && (templateOf(workloads[index]) as JsonObject)
  const first = templateIn(before)
  const renames = first === undefined ? [] : renamesIn(first, recordOf(first))
  return withoutOurs(templateIn(document) as JsonObject, renames, templateIn(other), before === document)
}

/** The data with copies of the maps and lists along a path, except for those in `copies`, which were copied before. */
function copiedTo(data: Json, path: JsonPath, copies: Set<Json>): Json {
  if (typeof data !== 'object' || data === null) return data
  const copy = copies.has(data) ? data : Array.isArray(data) ? data.slice() : Object.assign(emptyObject(), data)
  copies.add(copy)
  const [step, ...rest] = path
  if (step !== undefined) (copy as JsonObject)[step] = copiedTo((copy as JsonObject)[step] as Json, rest, copies)
  return copy
}

function withoutOurs(
  template: JsonObject,
  renames: readonly Renamed[],
  other: JsonObject = emptyObject(),
  isBefore = false,
): JsonObject {
  const twin = withRenames(other, recordOf(other), renames)
  const known = withRenames(template, recordOf(template), renames)
  const record = withVolumesLeft(template, isBefore ? withAdopted(template, known, other, twin) : known, other, twin)
  return new DesiredPod(
    template,
    { ...record, sidecars: withRecord(template, record) },
    new Set([...record.sidecars.keys(), '']),
  ).data
}

/** A record that also claims what the next record adopts for sidecars that are not in this one. */
function withAdopted(
  template: JsonObject,
  record: OwnershipRecord,
  other: JsonObject,
  twin: OwnershipRecord,
): OwnershipRecord {
  const known = ownedBy(record)
  const found = [...twin.sidecars]
    .filter(([name]) => !record.sidecars.has(name))
    .flatMap(([, { own }]) => own)
    .filter((address) => !known(address) && fieldAt(template, address) !== undefined)
  if (found.length === 0) return record
  // What other sidecars added to an adopted container is not part of it, and may be removed or stay.
  const bare = [template, other].map((data) => new DesiredPod(data, record, new Set(record.sidecars.keys())).data)
  const adopted = found.filter((address) => {
    const [was, is] = bare.map((data) => fieldAt(data, address))
    return was !== undefined && isEqual(was, is ?? null)
  })
  return withClaims(record, ' adopted', adopted, twin)
}

/** A record that also claims volumes that now belong to the manifest, because something of the user's uses them. */
function withVolumesLeft(
  template: JsonObject,
  record: OwnershipRecord,
  other: JsonObject,
  twin: OwnershipRecord,
): OwnershipRecord {
  if (twin.sidecars.size === 0) return record
  const owned = new Set([...record.sidecars.values()].flatMap((s) => s.own.map(formatFieldPath)))
  const used = volumeUses(template)
  const left = [...twin.sidecars.values()]
    .flatMap((s) => s.own)
    .filter((address) => {
      const [was, is] = [other, template].map((data) => fieldAt(data, address))
      return (
        is !== undefined &&
        !owned.has(formatFieldPath(address)) &&
        used.some((use) => isVolume(address, use.volume)) &&
        isEqual(was, is)
      )
    })
  return withClaims(record, ' left', left, twin)
}

/**
 * A record with claims under a name that no sidecar has, and with the created lists and maps and the replaced texts of
 * its twin.
 */
function withClaims(record: OwnershipRecord, name: string, own: FieldPath[], twin: OwnershipRecord): OwnershipRecord {
  if (own.length === 0) return record
  return {
    ...record,
    sidecars: new Map([...record.sidecars, [name, { version: '', digests: new Map(), own }]]),
    created: [...record.created, ...twin.created],
    was: new Map([...twin.was, ...record.was]),
  }
}

/** Adds the record's own annotations to its claims. */
function withRecord(template: JsonObject, record: OwnershipRecord): OwnershipRecord['sidecars'] {
  const own = recordAnnotations(template).map(([key]) => annotationAddress(key))
  return new Map([...record.sidecars, ['', { version: '', digests: new Map(), own }]])
}
