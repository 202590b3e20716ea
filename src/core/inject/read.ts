import { badSeparator, duplicateKeys, plainBraces, shapeProblem, templateText, unreadable } from '../check/reading.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { CUSTOM_WORKLOAD_KINDS, WORKLOAD_KINDS, type WorkloadKind } from '../kube/kinds.ts'
import { asWorkloads, objectsOf, type Workload } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { readChunk, splitDocuments, type Unreadable, type YamlDoc } from '../yaml/documents.ts'

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

/** Tells documents that cannot hold a workload from those that may, by their text alone. */
class Prefilter {
  /** By kind: the groups of which one must be named in the text, or nothing where no group need be. */
  readonly #words = new Map<string, string[] | undefined>()

  constructor(kinds: readonly WorkloadKind[]) {
    for (const { kind, group, optional } of kinds) {
      const groups = this.#words.get(kind) ?? []
      const isPlain = optional !== true || group === '' || (this.#words.has(kind) && this.#words.get(kind) === undefined)
      this.#words.set(kind, isPlain ? undefined : [...groups, group])
    }
  }

  /** True when every `kind` in the text is plainly that of another kind, and one stands at the top level. */
  isForeign(text: string): boolean {
    if (!TOP_LEVEL_KIND.test(text) || ESCAPE.test(text)) return false
    for (const match of text.matchAll(ANY_KIND)) {
      if (this.#mayBe(match[1] as string, text)) return false
    }
    return true
  }

  /** True when the document's own kind, at the top level, is plainly a foreign one. */
  namesForeignKind(text: string): boolean {
    const matches = [...text.matchAll(TOP_LEVEL_KIND_VALUE)]
    return matches.length === 1 && !this.#mayBe(matches[0]?.[1] ?? '', text)
  }

  #mayBe(word: string, text: string): boolean {
    if (word === '' || word.endsWith('List')) return true
    if (!this.#words.has(word)) return false
    return this.#words.get(word)?.some((group) => text.includes(group)) ?? true
  }
}

const TOP_LEVEL_KIND = /^["']?kind["']?[ \t]*:/m
const TOP_LEVEL_KIND_VALUE = /^["']?kind["']?[ \t]*:[ \t]*["']?([A-Za-z]*)/gm
const ANY_KIND = /kind["']?\s*:\s*["']?([A-Za-z]*)/g
/** A key or kind could be spelt with escapes or in base 64; such a document is read properly. */
const ESCAPE = /\\[xuU]|!!?binary/

/** What an edit must not be built on: text of a template, and keys of which kubectl drops one. */
function workloadProblems({ doc, node, ref }: Workload): Diagnostic[] {
  const braces = plainBraces(doc, node).slice(0, 1).map((offset) => templateText(doc, offset, 'error'))
  return [...braces, ...duplicateKeys(doc, node, 'error')].map((found) => Object.assign(found, { resource: ref }))
}
