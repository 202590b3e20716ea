import { describe, expect, it } from 'vitest'
import { Prefilter } from '../../../src/core/inject/prefilter.ts'
import { KNOWN_KINDS } from '../../../src/core/inject/read-input.ts'
import { workloadKindRow } from '../../../src/core/kube/kinds.ts'
import { objectsOf } from '../../../src/core/kube/objects.ts'
import { asWorkloads } from '../../../src/core/kube/workload.ts'
import { decodeText } from '../../../src/core/text/decode.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { readRawDocument, splitDocuments } from '../../../src/core/yaml/read/split.ts'
import { randomOf } from '../../fuzz/mutate.ts'
import { streamBytes } from '../../fuzz/streams.ts'

/** Longer runs by hand: `SIDECARCTL_RUNS=1000000`. */
const RUNS = Number(process.env['SIDECARCTL_RUNS'] ?? 5000)

const KINDS = [...KNOWN_KINDS, workloadKindRow('example.com', 'Pod2')]

/** What the prefilter and the reader say of each document of a text. */
function verdicts(source: SourceText): { text: string; isForeign: boolean; workloads: number }[] {
  const prefilter = new Prefilter(KINDS)
  return splitDocuments(source).map((chunk) => {
    const text = source.text.slice(chunk.start, chunk.end)
    const workloads = readRawDocument(chunk).flatMap((doc) =>
      ('error' in doc ? [] : objectsOf(doc).flatMap((object) => asWorkloads(object, KINDS))))
    return { text, isForeign: prefilter.isForeign(text), workloads: workloads.length }
  })
}

describe('the prefilter', () => {
  it.each<[name: string, text: string]>([
    ['an escaped line break in the kind', 'kind: "Po\\\n  d"\napiVersion: v1\n'],
    ['an escaped line break in a key', 'kind: ConfigMap\n? "ki\\\n  nd"\n: Pod\napiVersion: v1\n'],
    ['a comment behind an explicit key', 'kind: ConfigMap\n? kind # c\n: Pod\napiVersion: v1\n'],
    ['NEL before the colon of an explicit key', 'kind: ConfigMap\n? kind\u0085: Pod\napiVersion: v1\n'],
    ['an alias for a key', 'x: &k kind\nkind: ConfigMap\n*k : Pod\napiVersion: v1\n'],
    ['a key in base 64', 'kind: ConfigMap\n!!binary a2luZA==: Pod\napiVersion: v1\n'],
    ['a key in base 64, by a tag with an escape', 'kind: ConfigMap\n!!bin%61ry a2luZA==: Pod\napiVersion: v1\n'],
    ['a key in base 64, by a handle for its tag', '%TAG !e! tag:yaml.org,2002:bin\r---\rkind: ConfigMap\r!e!ary a2luZA==: Pod\rapiVersion: v1\n'],
    ['a kind with a digit', 'kind: Pod2\napiVersion: example.com/v1\nspec: {template: {spec: {containers: [{name: a}]}}}\n'],
    ['a group with an escaped line break', 'kind: Rollout\napiVersion: "argopro\\\n  j.io/v1"\nspec: {template: {spec: {containers: [{name: a}]}}}\n'],
    ['items below another kind than a list', 'kind: ConfigMap\napiVersion: v1\nitems:\n- {kind: Pod, apiVersion: v1}\n'],
  ])('leaves to the reader %s', (_name, text) => {
    expect(verdicts(new SourceText('a', text))).toEqual([{ text, isForeign: false, workloads: 1 }])
  })

  it(`misses no workload in ${RUNS} streams`, () => {
    let [foreign, workloads] = [0, 0]
    for (let seed = 1; seed <= RUNS; seed++) {
      const decoded = decodeText('a', streamBytes(randomOf(seed)))
      if (!decoded.ok) continue
      for (const found of verdicts(decoded.source)) {
        if (found.isForeign) foreign++
        if (found.workloads > 0) workloads++
        if (found.isForeign && found.workloads > 0) expect.unreachable(`seed ${seed}: ${JSON.stringify(found.text)}`)
      }
    }
    expect(Math.min(foreign, workloads)).toBeGreaterThan(RUNS / 20)
  }, 600_000)
})
