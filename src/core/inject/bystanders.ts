import type { ResourceRef } from '../diagnostic.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import { asWorkloads, objectsOf } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { readChunk, splitDocuments } from '../yaml/documents.ts'
import { kindsWith } from './read.ts'

/** An object that is no workload, and where it begins. */
export interface Bystander {
  resource: ResourceRef
  offset: number
}

/** The objects of an input that hold no pod template, as far as they can be read. */
export function bystanders(source: SourceText, ownKinds: readonly WorkloadKind[]): Bystander[] {
  const kinds = kindsWith(ownKinds)
  return splitDocuments(source).flatMap(readChunk).flatMap((doc) => ('root' in doc ? objectsOf(doc) : []))
    .filter((object) => object.ref.kind !== '' && asWorkloads(object, kinds).length === 0)
    .map(({ ref, node }) => ({ resource: ref, offset: node.outerStart }))
}
