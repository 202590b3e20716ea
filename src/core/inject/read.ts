import { diagnostic, type Diagnostic } from '../diagnostic.ts'
import { isObject } from '../json.ts'
import { WORKLOAD_KINDS, type WorkloadKind } from '../kube/kinds.ts'
import { asWorkload, objectsOf, type Workload } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { readChunk, splitDocuments, type Chunk, type Unreadable, type YamlDoc } from '../yaml/documents.ts'
import type { YamlNode } from '../yaml/node.ts'

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

/**
 * Reads an input as far as it may hold workloads. Foreign documents are not looked into, so that they pass through
 * whatever they hold; everything else must be what kubectl can load.
 */
export function readInput(source: SourceText, kinds: readonly WorkloadKind[] = WORKLOAD_KINDS): ReadInput {
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
    if (!prefilter.namesForeignKind(text)) out.diagnostics.push(unreadable(doc, text))
    return
  }
  if (doc.root === undefined || doc.data === null) return
  const problem = shapeProblem(doc)
  if (problem !== undefined) {
    out.diagnostics.push(doc.badSeparator === undefined ? problem : badSeparator(doc))
    return
  }
  const objects = objectsOf(doc, kinds)
  const workloads = objects.flatMap((object) => asWorkload(object, kinds) ?? [])
  const problems = workloads.flatMap((workload) => workloadProblems(workload))
  out.diagnostics.push(...problems)
  if (workloads.length > 0 && doc.badSeparator !== undefined) out.diagnostics.push(badSeparator(doc))
  if (workloads.length > 0) out.documents.push({ doc, workloads })
}

/** Tells documents that cannot hold a workload from those that may, by their text alone. */
class Prefilter {
  readonly #words: ReadonlySet<string>

  constructor(kinds: readonly WorkloadKind[]) {
    this.#words = new Set(kinds.map((k) => k.kind))
  }

  /** True when every `kind` in the text is plainly that of another kind, and one stands at the top level. */
  isForeign(text: string): boolean {
    if (!TOP_LEVEL_KIND.test(text) || ESCAPE.test(text)) return false
    for (const match of text.matchAll(ANY_KIND)) {
      if (this.#mayBe(match[1] as string)) return false
    }
    return true
  }

  /** True when the document's own kind, at the top level, is plainly a foreign one. */
  namesForeignKind(text: string): boolean {
    const matches = [...text.matchAll(TOP_LEVEL_KIND_VALUE)]
    return matches.length === 1 && !this.#mayBe(matches[0]?.[1] ?? '')
  }

  #mayBe(word: string): boolean {
    return word === '' || this.#words.has(word) || word.endsWith('List')
  }
}

const TOP_LEVEL_KIND = /^["']?kind["']?[ \t]*:/m
const TOP_LEVEL_KIND_VALUE = /^["']?kind["']?[ \t]*:[ \t]*["']?([A-Za-z]*)/gm
const ANY_KIND = /kind["']?\s*:\s*["']?([A-Za-z]*)/g
/** A key or kind could be spelt with escapes or in base 64; such a document is read properly. */
const ESCAPE = /\\[xuU]|!!?binary/

function unreadable(doc: Unreadable, text: string): Diagnostic {
  const { offset, message, trouble } = doc.error
  const at = { source: doc.source, range: { start: offset, end: offset + 1 } }
  const braces = findBraces(text)
  if (braces !== undefined) return templateText(doc, doc.start + braces)
  return diagnostic(TROUBLE[trouble], `kubectl could not read this: ${message}`, { at, document: doc.index })
}

const TROUBLE = { syntax: 'YAML_SYNTAX', alias: 'YAML_ALIAS', unsupported: 'YAML_UNSUPPORTED' } as const

/** The offset of double braces outside quotes and comments; undefined when there are none. */
function findBraces(text: string): number | undefined {
  let offset = 0
  for (const line of text.split('\n')) {
    const bare = line.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length)).replace(/(?:^|\s)#.*$/, '')
    const at = bare.indexOf('{{')
    if (at >= 0) return offset + at
    offset += line.length + 1
  }
  return undefined
}

function templateText(doc: Chunk, offset: number): Diagnostic {
  return diagnostic('TEMPLATE_TEXT', 'this is a template that was not rendered: it holds {{ }} outside of quotes', {
    at: { source: doc.source, range: { start: offset, end: offset + 2 } },
    document: doc.index,
    hint: 'render it first, for example: helm template . | sidecarctl inject -',
  })
}

function badSeparator(doc: YamlDoc): Diagnostic {
  return diagnostic('YAML_SYNTAX', "kubectl takes nothing but a comment behind '---' on its line", {
    at: { source: doc.source, range: doc.badSeparator as { start: number; end: number } },
    document: doc.index,
    hint: 'move the rest to the next line',
  })
}

function shapeProblem(doc: YamlDoc): Diagnostic | undefined {
  const root = doc.root as YamlNode
  const at = { source: doc.source, range: { start: root.outerStart, end: Math.min(root.end, root.outerStart + 1) } }
  const common = { at, document: doc.index }
  if (!isObject(doc.data)) {
    const what = Array.isArray(doc.data) ? 'a list' : 'a single value'
    return diagnostic('DOCUMENT_NOT_OBJECT', `this document is ${what}, not a Kubernetes object`, {
      ...common,
      hint: 'an object has apiVersion, kind and metadata; put several into documents of their own with --- between',
    })
  }
  const { apiVersion, kind } = doc.data
  const missing = [typeof apiVersion === 'string' && apiVersion !== '' ? '' : 'apiVersion', typeof kind === 'string' && kind !== '' ? '' : 'kind']
    .filter((name) => name !== '')
  if (missing.length === 0) return undefined
  const braces = firstPlainBraces(root)
  if (braces !== undefined) return templateText(doc, braces)
  return diagnostic('DOCUMENT_NO_KIND', `this document has no ${missing.join(' and no ')}, so it is no Kubernetes object`, {
    ...common,
    hint: `add ${missing.join(' and ')}, or leave this file out`,
  })
}

function workloadProblems(workload: Workload): Diagnostic[] {
  const { doc, node, ref } = workload
  const common = { document: doc.index, resource: ref }
  const out: Diagnostic[] = []
  const braces = firstPlainBraces(node)
  if (braces !== undefined) out.push({ ...templateText(doc, braces), resource: ref })
  for (const { name, first, second } of doc.duplicates) {
    if (second.start < node.outerStart || second.end > node.end) continue
    out.push(diagnostic('YAML_DUPLICATE_KEY', `the key "${name}" stands twice in one map; kubectl silently keeps the last`, {
      ...common,
      at: { source: doc.source, range: second },
      hint: 'remove one of them',
      related: [{ message: 'it stands here first', at: { source: doc.source, range: first } }],
    }))
  }
  return out
}

/** The offset of a plain scalar with double braces in it, which YAML takes as text but only a template means. */
function firstPlainBraces(node: YamlNode): number | undefined {
  switch (node.type) {
    case 'alias': return undefined
    case 'scalar': {
      const at = node.style === 'plain' ? node.value.indexOf('{{') : -1
      return at < 0 ? undefined : node.start + at
    }
    case 'seq': return firstOf(node.items)
    case 'map': return firstOf(node.pairs.flatMap((pair) => [pair.key, pair.value]))
  }
}

function firstOf(nodes: readonly YamlNode[]): number | undefined {
  for (const node of nodes) {
    const found = firstPlainBraces(node)
    if (found !== undefined) return found
  }
  return undefined
}

