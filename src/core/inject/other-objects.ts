import type { ResourceRef } from '../diagnostics/diagnostic.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import { asWorkloads, objectsOf } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import { kindsWith } from './read-input.ts'

/** An object that is no workload, and where it begins. */
export interface OtherObject {
  resource: ResourceRef
  offset: number
}

/** The objects of an input that hold no pod template, as far as they can be read. */
export function otherObjects(source: SourceText, ownKinds: readonly WorkloadKind[]): OtherObject[] {
  const kinds = kindsWith(ownKinds)
  return splitDocuments(source).flatMap(readRawDocument).flatMap((doc) => ('root' in doc ? objectsOf(doc) : []))
    .filter((object) => object.ref.kind !== '' && asWorkloads(object, kinds).length === 0)
    .map(({ ref, node }) => ({ resource: ref, offset: node.propertiesStart }))
}
