import { diagnostic, type Diagnostic } from '../diagnostic.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { templatePathOf, valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import { isEqual } from '../plan/address.ts'
import { clone, PodDraft } from '../plan/draft.ts'
import { recordText } from '../plan/reconcile.ts'
import { emptyRecord, parseRecord, type Record } from '../plan/record.ts'
import type { SourceText } from '../text/source.ts'
import { findCompanions } from './companions.ts'
import type { ReadDocument, ReadInput } from './read.ts'

/**
 * Compares a changed text, read again, with what was there: the same documents, the same objects, and in each
 * pod template the same content once our part is taken out of both. A difference is a fault of the program, and the
 * text must not be used.
 */
export function verifyResult(before: readonly ReadDocument[], read: ReadInput): Diagnostic[] {
  const [broken] = read.diagnostics
  if (broken !== undefined) return [unsafe(before[0]?.workloads[0], `the result could not be read again: ${broken.message}`)]
  if (read.documents.length !== before.length) return [unsafe(before[0]?.workloads[0], 'the result has another number of documents')]
  const out: Diagnostic[] = []
  const [first] = before
  const [was, is] = [first === undefined ? [] : ownCompanions(first.doc.source, before), ownCompanions(read.source, read.documents)]
  for (const [n, document] of before.entries()) {
    const other = read.documents[n] as ReadDocument
    if (placeOf(document, was) === placeOf(other, is) && isEqual(userPart(document, was), userPart(other, is))) continue
    out.push(unsafe(document.workloads[0], 'the result would change more than what is added'))
  }
  return out
}

/** The result of a check that failed; the text it was about is thrown away. */
export function unsafe(workload: Workload | undefined, message: string): Diagnostic {
  const hint = 'this is a fault of sidecarctl: please report it with the file'
  if (workload === undefined) return diagnostic('EDIT_UNSAFE', message, { hint })
  const { doc, node, ref } = workload
  const range = { start: node.outerStart, end: node.outerStart + 1 }
  return diagnostic('EDIT_UNSAFE', message, { hint, at: { source: doc.source, range }, document: doc.index, resource: ref })
}

/** The further objects that the records of an input's workloads name. */
function ownCompanions(source: SourceText, documents: readonly ReadDocument[]): KubeObject[] {
  return findCompanions(source, documents.flatMap(({ workloads }) => workloads.map((workload) => {
    const { sidecars } = recordOf(valueAt(workload.data, workload.templatePath) as JsonObject)
    return { workload, ids: [...sidecars.values()].flatMap((s) => s.objects ?? []) }
  })))
}

/** The index of a document among those that are not ours. */
function placeOf({ doc }: ReadDocument, companions: readonly KubeObject[]): number {
  return doc.index - companions.filter((c) => c.path.length === 0 && c.doc.index < doc.index).length
}

/** A document's data without anything of ours. */
function userPart({ doc, workloads }: ReadDocument, companions: readonly KubeObject[]): Json {
  const data = clone(doc.data as Json) as JsonObject
  for (const workload of workloads) {
    const path = templatePathOf(workload)
    const template = valueAt(data, path) as JsonObject
    const bare = withoutOurs(template)
    if (path.length === 0) return bare
    const parent = valueAt(data, path.slice(0, -1)) as JsonObject
    parent[path.at(-1) as string] = bare
  }
  for (const { path } of companions.filter((c) => c.doc.index === doc.index && c.path.length > 0).toReversed()) {
    const items = valueAt(data, path.slice(0, -1)) as Json[]
    items.splice(path.at(-1) as number, 1)
  }
  return data
}

function recordOf(template: JsonObject): Record {
  const raw = isObject(template) ? recordText(template) : undefined
  return raw === undefined ? emptyRecord() : (parseRecord(raw) ?? emptyRecord())
}

function withoutOurs(template: JsonObject): JsonObject {
  const record = recordOf(template)
  return new PodDraft(template, { ...record, sidecars: withRecord(record) }, new Set([...record.sidecars.keys(), ''])).data
}

/** The record annotation itself is ours as well. */
function withRecord(record: Record): Record['sidecars'] {
  const own = [['metadata', 'annotations', 'sidecarctl.dev/injected']]
  return new Map([...record.sidecars, ['', { version: '', hash: '', own }]])
}
