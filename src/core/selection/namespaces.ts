import { append } from '../common/append.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject } from '../json/json.ts'
import { objectsOf } from '../kube/objects.ts'
import { valueAt, type KubeObject } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import { maySplitWords } from '../yaml/read/odd-spelling.ts'
import { PREFIX, readAnnotations } from './annotations.ts'
import type { Catalog } from './catalog.ts'
import type { Statement } from './selection.ts'

const NAMESPACE_WORD = /\bNamespace(?:List)?\b/

/** True for a text that may hold a Namespace with an annotation or label of ours. */
function mayAsk(text: string): boolean {
  return (text.includes(PREFIX) && NAMESPACE_WORD.test(text)) || maySplitWords(text)
}

/**
 * The Namespace objects of an input. Only documents that hold an annotation of ours are read; what cannot be read there
 * is foreign and says nothing.
 */
function namespacesIn(source: SourceText): KubeObject[] {
  if (!mayAsk(source.text)) return []
  return splitDocuments(source).flatMap((raw) => {
    const text = source.text.slice(raw.start, raw.end)
    if (!mayAsk(text)) return []
    return readRawDocument(raw)
      .flatMap((doc) => ('error' in doc ? [] : objectsOf(doc)))
      .filter(({ ref }) => ref.apiVersion === 'v1' && ref.kind === 'Namespace' && ref.name !== '')
  })
}

/** Whether a Namespace object in an input selects or sets anything for the workloads in it. */
export function asksOfNamespace(source: SourceText): boolean {
  return namespacesIn(source).some(({ data }) =>
    ['labels', 'annotations'].some((map) => {
      const values = valueAt(data, ['metadata', map])
      return isObject(values) && Object.keys(values).some((key) => key.startsWith(PREFIX))
    }),
  )
}

/**
 * What the Namespace objects among the inputs of a run say of the workloads in them, by the namespace's name. Problems
 * in an input for which `isOwn` is false are kept in the statement, and reported only for a workload that it applies
 * to.
 */
export function readNamespaces(
  inputs: readonly SourceText[],
  catalog: Catalog,
  isOwn: (source: SourceText) => boolean = () => true,
): { statements: ReadonlyMap<string, Statement>; diagnostics: Diagnostic[] } {
  const statements = new Map<string, Statement>()
  const diagnostics: Diagnostic[] = []
  for (const object of inputs.flatMap(namespacesIn)) {
    const statement = readAnnotations({ object, metadata: ['metadata'], level: 'namespace' }, catalog)
    const isOurs = isOwn(object.doc.source)
    if (isOurs) append(diagnostics, statement.diagnostics)
    statements.set(object.ref.name, isOurs ? { ...statement, diagnostics: [] } : statement)
  }
  return { statements, diagnostics }
}
