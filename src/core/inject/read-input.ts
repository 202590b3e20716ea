import { atField } from '../kube/object-place.ts'
import { append } from '../common/append.ts'
import { itemsWithoutObject, listInList, objectsOf } from '../kube/objects.ts'
import {
  badSeparator,
  duplicateKeys,
  ignoredText,
  plainBraces,
  shapeProblem,
  templateText,
  unreadable,
} from '../validate/read-diagnostics.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { CUSTOM_WORKLOAD_KINDS, WORKLOAD_KINDS, workloadKind, type WorkloadKind } from '../kube/kinds.ts'
import { rightApiVersion } from '../kube/misplaced-kind.ts'
import { asWorkloads, type KubeObject, type Workload } from '../kube/workload.ts'
import type { SourceText, TextRange } from '../text/source.ts'
import { readRawDocument, splitDocuments, type Unreadable, type YamlDocument } from '../yaml/read/split.ts'
import { readLongList, type ListPart } from '../yaml/read/long-list.ts'
import { onTheWay } from './ambiguous-keys.ts'
import { Prefilter } from './prefilter.ts'
import { mayHoldRecord, undeclaredKind, undeclaredKinds } from './undeclared-kinds.ts'

/** A document with its workloads; a foreign document has none and is not changed. */
export interface ReadDocument {
  doc: YamlDocument
  workloads: Workload[]
}

/** Documents that are processed together: a single one, or all of an input where sidecars have extra objects. */
export interface DocumentGroup {
  source: SourceText
  /** Their range in the text, which is read again after the edits. */
  range: TextRange
  documents: readonly ReadDocument[]
  /** For some items of a list, the text of the list before and after all items. */
  around?: { head: string; tail: string }
  /** True where these are all documents of the input. */
  isWhole: boolean
  /** False where something could not be read, so that the result need not be verified. */
  isSound: boolean
}

/** The result of reading one input. */
export interface ReadInput {
  source: SourceText
  /** Documents with workloads, in order. */
  documents: ReadDocument[]
  diagnostics: Diagnostic[]
}

/** The kinds known without a policy file. */
export const KNOWN_KINDS: readonly WorkloadKind[] = [...WORKLOAD_KINDS, ...CUSTOM_WORKLOAD_KINDS]

/** The kinds of a run: those of a policy replace known ones of the same group and kind. */
export function kindsWith(own: readonly WorkloadKind[]): readonly WorkloadKind[] {
  return [...KNOWN_KINDS.filter((known) => !own.some((k) => k.kind === known.kind && k.group === known.group)), ...own]
}

/** One document that was read, or the diagnostics that keep it from being processed. */
export interface Reading {
  document?: ReadDocument
  diagnostics: readonly Diagnostic[]
  /** For some items of a long list, their range, and the text before and after all items. */
  part?: { range: TextRange; around: { head: string; tail: string } }
}

/**
 * Reads an input as far as it may have workloads. Foreign documents are not parsed, and may have any content; all
 * others must be valid for kubectl.
 */
export function readInput(source: SourceText, kinds: readonly WorkloadKind[] = KNOWN_KINDS): ReadInput {
  const out: ReadInput = { source, documents: [], diagnostics: [] }
  for (const { document, diagnostics } of readEach(source, kinds)) {
    if (document !== undefined) out.documents.push(document)
    append(out.diagnostics, diagnostics)
  }
  return out
}

/**
 * As `readInput`, but one document at a time, so that memory is needed for only one.
 * @param size how many items of a long list are read at a time, as a document that has no others
 */
export function* readEach(source: SourceText, kinds: readonly WorkloadKind[], size = Infinity): Generator<Reading> {
  const prefilter = Prefilter.of(kinds)
  let shift = 0
  for (const unshifted of splitDocuments(source)) {
    const text = source.text.slice(unshifted.start, unshifted.end)
    const raw = { ...unshifted, index: unshifted.index + shift }
    if (prefilter.isForeign(text)) {
      const diagnostics = mayHoldRecord(text) ? undeclaredKinds(raw) : []
      if (diagnostics.length > 0) yield { diagnostics }
      continue
    }
    const parts = readLongList(raw, size)
    if (parts !== undefined) {
      yield* readParts(parts, kinds)
      continue
    }
    const docs = readRawDocument(raw)
    shift += docs.length - 1
    for (const doc of docs) yield readDocument(doc, text, prefilter, kinds)
  }
}

/** Each part of a long list as a document of its own. */
function* readParts(parts: Iterable<ListPart>, kinds: readonly WorkloadKind[]): Generator<Reading> {
  let head: string | undefined
  let hasWorkloads = false
  let waiting: Diagnostic[] = []
  for (const { range, first, tail, doc } of parts) {
    const { text } = doc.source
    head ??= text.slice(doc.start, range.start)
    const { document, diagnostics } = readObject(doc, kinds)
    // Errors of items without a workload matter only if some part has a workload.
    if (document === undefined) append(waiting, withItems(itemsWithoutObject(doc), first))
    hasWorkloads ||= document !== undefined
    const others = hasWorkloads ? waiting : []
    if (hasWorkloads) waiting = []
    yield {
      ...(document !== undefined && { document }),
      diagnostics: [...others, ...withItems(diagnostics, first)],
      part: { range, around: { head, tail: text.slice(tail, doc.end) } },
    }
  }
}

/** Findings about items of a part of a list, with the indexes that the items have in the whole list. */
function withItems(all: readonly Diagnostic[], first: number): Diagnostic[] {
  return all.map((found) => {
    const [list, item, ...rest] = found.path ?? []
    return list === 'items' && typeof item === 'number' ? { ...found, path: [list, first + item, ...rest] } : found
  })
}

function readDocument(
  doc: YamlDocument | Unreadable,
  text: string,
  prefilter: Prefilter,
  kinds: readonly WorkloadKind[],
): Reading {
  // kubectl reads documents that are nested deeper than `LIMITS.nesting`, so their kind is not known.
  if ('error' in doc)
    return { diagnostics: doc.error.trouble !== 'depth' && prefilter.namesForeignKind(text) ? [] : [unreadable(doc)] }
  const ignored = doc.ignored === undefined ? [] : [ignoredText(doc, doc.ignored)]
  const reading = readObject(doc, kinds)
  return ignored.length === 0 ? reading : { ...reading, diagnostics: [...reading.diagnostics, ...ignored] }
}

function readObject(doc: YamlDocument, kinds: readonly WorkloadKind[]): Reading {
  const separator = doc.badSeparator === undefined ? [] : [badSeparator(doc, doc.badSeparator)]
  if (doc.root === undefined || doc.data === null) return { diagnostics: separator }
  const problem = shapeProblem(doc)
  if (problem !== undefined) return { diagnostics: separator.length > 0 ? separator : [problem] }
  const objects = objectsOf(doc)
  const workloads: Workload[] = []
  const misplaced: Diagnostic[] = []
  for (const object of objects) {
    const own = asWorkloads(object, kinds)
    append(workloads, own)
    append(misplaced, misplacedKind(object, kinds))
    if (own.length === 0) append(misplaced, undeclaredKind(object))
  }
  if (workloads.length === 0) return { diagnostics: misplaced }
  const nested = workloads.find(({ path }) => path.length > 2)
  const lists = nested === undefined ? [] : [listInList(doc, nested.path.slice(0, 2))]
  const others = workloads.some(({ path }) => path.length > 0) ? itemsWithoutObject(doc) : []
  return {
    document: { doc, workloads },
    diagnostics: [...misplaced, ...lists, ...others, ...workloads.flatMap(workloadProblems), ...separator],
  }
}

/** Reports a workload kind in a group of Kubernetes that does not have it, unless the policy declares it. */
function misplacedKind(object: KubeObject, kinds: readonly WorkloadKind[]): Diagnostic[] {
  const right = rightApiVersion(object)
  const { ref } = object
  if (right === undefined || workloadKind(ref.apiVersion, ref.kind, kinds) !== undefined) return []
  return [
    diagnostic('KIND_UNKNOWN', `no ${ref.kind} in ${ref.apiVersion}`, {
      ...atField(object, ['apiVersion']),
      hint: `use ${right}`,
    }),
  ]
}

/** Problems on which no edit may depend: template syntax, and duplicate keys, of which kubectl drops one. */
function workloadProblems(workload: Workload): Diagnostic[] {
  const { doc, node, ref } = workload
  const braces = plainBraces(doc, node)
    .slice(0, 1)
    .map((offset) => templateText(doc, offset, 'error'))
  const isInTheWay = doc.duplicates.length === 0 ? undefined : onTheWay(workload)
  const keys = duplicateKeys(doc, node, (name, offset) => (isInTheWay?.(name, offset) === true ? 'error' : 'warning'))
  return [...braces, ...keys].map((found) => Object.assign(found, { resource: ref }))
}
