import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { LATEST, type KubeVersion } from '../kube/version.ts'
import { isObject } from '../json/json.ts'
import { isResourceList } from '../kube/transit.ts'
import { refOf, type KubeObject } from '../kube/workload.ts'
import type { TextRange, SourceText } from '../text/source.ts'
import {
  readRawDocument,
  splitDocuments,
  type RawDocument,
  type Unreadable,
  type YamlDocument,
} from '../yaml/read/split.ts'
import { expandObjects } from '../kube/objects.ts'
import {
  behindJson,
  braceWarnings,
  duplicateKeys,
  emptyList,
  firstLine,
  ignoredText,
  separatorProblems,
  shapeProblem,
  unreadable,
  yamlBehindJson,
} from './read-diagnostics.ts'

/** An object, or a document without one, with the diagnostics of reading it. */
export interface ReadItem {
  readonly source: SourceText
  readonly document: number
  /** 0-based offset in the text. */
  readonly offset: number
  readonly object: KubeObject | undefined
  /** The list whose items follow; no object then. */
  readonly list?: KubeObject
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads the documents of an input as kubectl does, one at a time, and expands lists into their items. Empty documents
 * are left out. An unreadable document gives an item without an object, and the documents after it are still read.
 */
export function* readObjects(source: SourceText, version: KubeVersion = LATEST): Generator<ReadItem, void> {
  let shift = 0
  // The number of JSON objects before the first `---`.
  let json = 0
  for (const [i, chunk] of [...splitDocuments(source)].entries()) {
    const own = { ...chunk, index: chunk.index + shift }
    const docs = readRawDocument(own)
    if (chunk.index === 0 && !chunk.marked) json = docs.filter((doc) => 'format' in doc && doc.format === 'json').length
    else if (i === 1 && endsJson(json, version)) yield item(own, [behindJson(own)])
    shift += docs.length - 1
    for (const [n, doc] of docs.entries()) {
      if (n > 0 && !('format' in doc && doc.format === 'json') && endsJson(json, version)) {
        yield item(doc, [yamlBehindJson(doc)])
        json = 0
      }
      yield* readDocument(doc, n === 0 ? separatorProblems(chunk) : [])
      if ('ignored' in doc && doc.ignored !== undefined) yield ignoredItem(doc, doc.ignored)
    }
  }
}

/** The first minor version whose kubectl can read YAML after a JSON object (apimachinery YAMLOrJSONDecoder). */
const MIXED_MINOR = 33

/** True if kubectl cannot read YAML or a `---` after a JSON object. After several objects the reader itself rejects it. */
function endsJson(objects: number, { minor }: KubeVersion): boolean {
  return objects === 1 && minor < MIXED_MINOR
}

function readDocument(doc: YamlDocument | Unreadable, before: readonly Diagnostic[]): ReadItem[] {
  if ('error' in doc) return [item(doc, before.length > 0 ? before : [unreadable(doc)])]
  if (doc.root === undefined || doc.data === null) return before.length > 0 ? [item(doc, before)] : []
  const problem = shapeProblem(doc)
  if (problem !== undefined) return [item(doc, [...before, problem])]
  const { objects, diagnostics } = expandObjects(doc)
  const none = objects.length === 0 && diagnostics.length === 0 ? [emptyList(doc)] : []
  const own = [...before, ...diagnostics, ...none]
  const list = listOf(doc)
  return [
    ...(list === undefined ? [] : [{ ...item(doc, []), list }]),
    ...(own.length > 0 ? [item(doc, own)] : []),
    ...objects.map((object) => ({
      source: doc.source,
      document: doc.index,
      offset: object.node.propertiesStart,
      object,
      diagnostics: [...duplicateKeys(doc, object.node), ...braceWarnings(doc, object.node)],
    })),
  ]
}

/** The list that a document holds; undefined for any other document, and for the envelope of kpt and kustomize. */
function listOf(doc: YamlDocument): KubeObject | undefined {
  const { data, root } = doc
  if (root === undefined || !isObject(data) || data['items'] === undefined || isResourceList(data)) return undefined
  return { doc, path: [], node: root, data, ref: refOf(data) }
}

/** The objects of one document, including the items of its lists. */
export function objectsIn(document: RawDocument): KubeObject[] {
  return readRawDocument(document).flatMap((doc) => readDocument(doc, []).flatMap(({ object }) => object ?? []))
}

function item(chunk: RawDocument, diagnostics: readonly Diagnostic[]): ReadItem {
  return { source: chunk.source, document: chunk.index, offset: firstLine(chunk).start, object: undefined, diagnostics }
}

function ignoredItem(doc: YamlDocument, ignored: TextRange): ReadItem {
  return {
    source: doc.source,
    document: doc.index,
    offset: ignored.start,
    object: undefined,
    diagnostics: [ignoredText(doc, ignored)],
  }
}
