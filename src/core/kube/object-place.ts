import type { Diagnostic, ResourceRef, SourceLocation } from '../diagnostics/diagnostic.ts'
import type { JsonPath } from '../json/json.ts'
import { locate } from '../yaml/read/construct.ts'
import type { YamlNode } from '../yaml/read/node.ts'
import type { YamlDocument } from '../yaml/read/split.ts'

/** An object in its document. */
export interface ObjectLocation {
  doc: Pick<YamlDocument, 'source' | 'index'>
  node: Pick<YamlNode, 'propertiesStart'>
  ref: ResourceRef
}

/** What a diagnostic says of the object that it is about. */
type Place = Pick<Diagnostic, 'document' | 'resource'> & { at: SourceLocation }

/** An object as the place of a diagnostic, which points at one character: the object's first, or that at an offset. */
export function atObject({ doc, node, ref }: ObjectLocation, start = node.propertiesStart): Place {
  return { at: { source: doc.source, range: { start, end: start + 1 } }, document: doc.index, resource: ref }
}

/** A field of an object as the place of a diagnostic. */
export function atField({ doc, node, ref }: ObjectLocation & { node: YamlNode }, path: JsonPath): Place {
  return { at: { source: doc.source, range: locate(node, path) }, document: doc.index, resource: ref }
}
