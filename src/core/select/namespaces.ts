import type { Diagnostic } from '../diagnostic.ts'
import { objectsOf } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { readChunk, splitDocuments } from '../yaml/documents.ts'
import { PREFIX, readAnnotations } from './annotations.ts'
import type { Catalog } from './catalog.ts'
import type { Statement } from './types.ts'

const MAY_BE_NAMESPACE = /kind["']?\s*:\s*["']?(?:Namespace|List)\b/

/**
 * What the Namespace objects among the inputs of a run say of the workloads in them, by the namespace's name. Only
 * documents that hold an annotation of ours are read; what cannot be read there is foreign and says nothing.
 */
export function readNamespaces(
  inputs: readonly SourceText[],
  catalog: Catalog,
): { statements: ReadonlyMap<string, Statement>; diagnostics: Diagnostic[] } {
  const statements = new Map<string, Statement>()
  const diagnostics: Diagnostic[] = []
  for (const source of inputs) {
    if (!source.text.includes(PREFIX) || !MAY_BE_NAMESPACE.test(source.text)) continue
    for (const chunk of splitDocuments(source)) {
      const text = source.text.slice(chunk.start, chunk.end)
      if (!text.includes(PREFIX) || !MAY_BE_NAMESPACE.test(text)) continue
      for (const doc of readChunk(chunk)) {
        if ('error' in doc) continue
        for (const object of objectsOf(doc)) {
          if (object.ref.apiVersion !== 'v1' || object.ref.kind !== 'Namespace' || object.ref.name === '') continue
          const statement = readAnnotations({ object, path: [], level: 'namespace' }, catalog)
          diagnostics.push(...statement.diagnostics)
          statements.set(object.ref.name, { ...statement, diagnostics: [] })
        }
      }
    }
  }
  return { statements, diagnostics }
}
