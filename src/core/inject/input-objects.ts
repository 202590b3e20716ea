import { extraObjectId } from '../desired/sidecar-objects.ts'
import { isObject } from '../json/json.ts'
import { expandObjects } from '../kube/objects.ts'
import type { KubeObject } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments, type YamlDocument } from '../yaml/read/split.ts'

/** All objects of an input, not only workloads; documents that cannot be read are left out. */
export function readObjects(source: SourceText): KubeObject[] {
  return readSections(source)
    .flat()
    .flatMap((doc) => expandObjects(doc).objects)
}

/** All documents of an input that are objects, grouped by the `---` lines between them. */
export function readSections(source: SourceText): YamlDocument[][] {
  const out: YamlDocument[][] = []
  let shift = 0
  for (const raw of splitDocuments(source)) {
    const docs = readRawDocument({ ...raw, index: raw.index + shift })
    shift += docs.length - 1
    out.push(docs.filter((doc): doc is YamlDocument => 'root' in doc && isObject(doc.data)))
  }
  return out
}

/** Identifies an object among all of a cluster: its namespace and `extraObjectId`. */
export function objectKey({ ref }: KubeObject): string {
  return `${ref.namespace}/${extraObjectId(ref)}`
}
