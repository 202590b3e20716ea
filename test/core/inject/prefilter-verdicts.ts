import { Prefilter } from '../../../src/core/inject/prefilter.ts'
import { KNOWN_KINDS } from '../../../src/core/inject/read-input.ts'
import { workloadKindRow } from '../../../src/core/kube/kinds.ts'
import { objectsOf } from '../../../src/core/kube/objects.ts'
import { asWorkloads } from '../../../src/core/kube/workload.ts'
import type { SourceText } from '../../../src/core/text/source.ts'
import { readRawDocument, splitDocuments } from '../../../src/core/yaml/read/split.ts'

const KINDS = [...KNOWN_KINDS, workloadKindRow('example.com', 'Pod2')]

/** What the prefilter and the reader say of each document of a text. */
export function verdicts(source: SourceText): { text: string; isForeign: boolean; workloads: number }[] {
  const prefilter = new Prefilter(KINDS)
  return splitDocuments(source).map((raw) => {
    const text = source.text.slice(raw.start, raw.end)
    const workloads = readRawDocument(raw).flatMap((doc) =>
      'error' in doc ? [] : objectsOf(doc).flatMap((object) => asWorkloads(object, KINDS)),
    )
    return { text, isForeign: prefilter.isForeign(text), workloads: workloads.length }
  })
}
