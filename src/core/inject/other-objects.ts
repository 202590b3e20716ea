import type { ResourceRef } from '../diagnostics/diagnostic.ts'
import { findPodSpecs, type FoundPodSpec } from '../kube/find-pod-specs.ts'
import { isKubernetesKind, splitApiVersion, type WorkloadKind } from '../kube/kinds.ts'
import { objectsOf } from '../kube/objects.ts'
import { asWorkloads } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import { kindsWith } from './read-input.ts'

/** An object that is not a workload. */
export interface OtherObject {
  resource: ResourceRef
  offset: number
  /** True for a kind that is known to have no pod template, such as those of Kubernetes itself. */
  isKnown: boolean
  /** Where a kind that is not known seems to have pod templates or pod specs. */
  podSpecs: readonly FoundPodSpec[]
}

/** The objects of an input that are not known to have a pod template, as far as they can be read. */
export function otherObjects(source: SourceText, ownKinds: readonly WorkloadKind[]): OtherObject[] {
  const kinds = kindsWith(ownKinds)
  return splitDocuments(source)
    .flatMap(readRawDocument)
    .flatMap((doc) => ('root' in doc ? objectsOf(doc) : []))
    .filter((object) => object.ref.kind !== '' && asWorkloads(object, kinds).length === 0)
    .map(({ ref, node, data }) => {
      const isKnown =
        isKubernetesKind(ref.apiVersion) ||
        kinds.some(({ kind, group }) => kind === ref.kind && group === splitApiVersion(ref.apiVersion).group)
      return { resource: ref, offset: node.propertiesStart, isKnown, podSpecs: isKnown ? [] : findPodSpecs(data) }
    })
}
