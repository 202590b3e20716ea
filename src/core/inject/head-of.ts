import type { SourceLocation } from '../diagnostics/diagnostic.ts'
import type { KubeObject } from '../kube/workload.ts'

/** The location of an object's first character in its input. */
export function headOf({ doc, node }: Pick<KubeObject, 'doc' | 'node'>): SourceLocation {
  return { source: doc.source, range: { start: node.propertiesStart, end: node.propertiesStart + 1 } }
}
