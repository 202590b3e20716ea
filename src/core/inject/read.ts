import { badSeparator, duplicateKeys, plainBraces, shapeProblem, templateText, unreadable } from '../check/reading.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { CUSTOM_WORKLOAD_KINDS, WORKLOAD_KINDS, type WorkloadKind } from '../kube/kinds.ts'
import { asWorkloads, objectsOf, type Workload } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { readChunk, splitDocuments, type Unreadable, type YamlDoc } from '../yaml/documents.ts'
import { Prefilter } from './prefilter.ts'

/** A document with the workloads in it; a document of foreign objects has none and is not touched. */
export interface ReadDocument {
  doc: YamlDoc
  workloads: Workload[]
}

/** What was read of one input. */
export interface ReadInput {
  source: SourceText
  /** Documents that hold workloads, in order. */
  documents: ReadDocument[]
  diagnostics: Diagnostic[]
}

/** The kinds known without a policy file. */
export const KNOWN_KINDS: readonly WorkloadKind[] = [...WORKLOAD_KINDS, ...CUSTOM_WORKLOAD_KINDS]

/** The kinds of a run: those of a policy take the place of known ones of the same group and kind. */
export function kindsWith(own: readonly WorkloadKind[]): readonly WorkloadKind[] {
  return [...KNOWN_KINDS.filter((known) => !own.some((k) => k.kind === known.kind && k.group === known.group)), ...own]
}

/**
 * Reads an input as far as it may hold workloads. Foreign documents are not looked into, so that they pass through
 * whatever they hold; everything else must be what kubectl can load.
 */
export function readInput(source: SourceText, kinds: readonly WorkloadKind[] = KNOWN_KINDS): ReadInput {
  const out: ReadInput = { source, documents: [], diagnostics: [] }
  const prefilter = new Prefilter(kinds)
  let shift = 0
  for (const chunk of splitDocuments(source)) {
    const text = source.text.slice(chunk.start, chunk.end)
    if (prefilter.isForeign(text)) continue
    const docs = readChunk({ ...chunk, index: chunk.index + shift })
    shift += docs.length - 1
    for (const doc of docs) readDocument(doc, text, prefilter, kinds, out)
  }
  return out
}

function readDocument(
  doc: YamlDoc | Unreadable,
  text: string,
  prefilter: Prefilter,
  kinds: readonly WorkloadKind[],
  out: ReadInput,
): void {
  if ('error' in doc) {
    if (!prefilter.namesForeignKind(text)) out.diagnostics.push(unreadable(doc))
    return
  }
  if (doc.root === undefined || doc.data === null) return
  const problem = shapeProblem(doc)
  if (problem !== undefined) {
    out.diagnostics.push(doc.badSeparator === undefined ? problem : badSeparator(doc, doc.badSeparator))
    return
  }
  const objects = objectsOf(doc, kinds)
  const workloads = objects.flatMap((object) => asWorkloads(object, kinds))
  const problems = workloads.flatMap((workload) => workloadProblems(workload))
  out.diagnostics.push(...problems)
  if (workloads.length > 0 && doc.badSeparator !== undefined) out.diagnostics.push(badSeparator(doc, doc.badSeparator))
  if (workloads.length > 0) out.documents.push({ doc, workloads })
}

/** What an edit must not be built on: text of a template, and keys of which kubectl drops one. */
function workloadProblems({ doc, node, ref }: Workload): Diagnostic[] {
  const braces = plainBraces(node).slice(0, 1).map((offset) => templateText(doc, offset, 'error'))
  return [...braces, ...duplicateKeys(doc, node, 'error')].map((found) => Object.assign(found, { resource: ref }))
}
