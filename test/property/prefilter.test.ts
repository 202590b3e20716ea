/** The prefilter skips no document with a workload in any stream. */
import { expect, it } from 'vitest'
import { verdicts } from '../core/inject/prefilter-verdicts.ts'
import { decodeText } from '../../src/core/text/decode.ts'
import { randomOf } from '../fuzz/mutate.ts'
import { streamBytes } from '../fuzz/streams.ts'

/** Longer runs by hand: `SIDECARCTL_RUNS=1000000`. */
const RUNS = Number(process.env['SIDECARCTL_RUNS'] ?? 5000)

it(`the prefilter misses no workload in ${RUNS} streams`, () => {
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
