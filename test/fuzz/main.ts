/**
 * Spoils manifests and looks whether the engine keeps its promises: `npm run fuzz -- [--seconds N] [--seed N]
 * [--corpus DIR] [--out DIR]`. Each failure is written to a file below `--out` (default: fuzz-failures). With
 * `--kubectl` it is only looked whether the texts are read as the kubectl on PATH reads them. A quarter of the time each
 * goes to sequences of inject, edits and uninject, and to sequences of true and forged records; `--claims N` plays N of
 * the latter and nothing else.
 */
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { smallSidecars } from './check.ts'
import { fuzzClaims } from './claims.ts'
import { fuzz, type FuzzResult } from './fuzz.ts'
import { compareReadings, recordedTexts } from './readings.ts'
import { manifestsIn } from './seeds.ts'
import { runSequences } from './sequences.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'

declare const PROJECT_ROOT: string

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    corpus: { type: 'string' },
    out: { type: 'string', default: 'fuzz-failures' },
    kubectl: { type: 'boolean', default: false },
    claims: { type: 'string' },
  },
})

const folders = [join(PROJECT_ROOT, 'fixtures'), ...(values.corpus === undefined ? [] : [values.corpus])]
const seeds = folders.flatMap(manifestsIn)
const seed = Number(values.seed)
const time = Number(values.seconds) * 1000

async function run(): Promise<{ counts: string; runs: number; failures: FuzzResult['failures'] }> {
  if (values.kubectl) {
    const end = performance.now() + time
    const folder = fs.mkdtempSync(join(tmpdir(), 'sidecarctl-fuzz-'))
    const { read, refused, failures } = compareReadings({
      seeds: [...seeds, ...recordedTexts(PROJECT_ROOT)],
      seed,
      runs: Infinity,
      folder,
      isOn: () => performance.now() < end,
    })
    fs.rmSync(folder, { recursive: true })
    return { counts: `${read} read, ${refused} refused`, runs: read + refused, failures }
  }
  const options = smallSidecars(PROJECT_ROOT)
  const claimsEnd = performance.now() + (values.claims === undefined ? time / 4 : Infinity)
  const claims = await fuzzClaims({
    options: { ...(options[0] as InjectOptions), parameters: [] },
    seed,
    runs: values.claims === undefined ? Infinity : Number(values.claims),
    isOn: () => performance.now() < claimsEnd,
  })
  const broken = claims.failures.map(({ seed: n, text, why, steps }) => ({
    seed: n,
    bytes: Buffer.from(text),
    why: `${why} after ${steps.join(', ')}`,
  }))
  const records = `${claims.runs} sequences of records`
  if (values.claims !== undefined) return { counts: records, runs: claims.runs, failures: broken }
  const { runs, changed, refused, failures } = await fuzz({
    seeds,
    options,
    seed,
    time: time / 2,
    now: () => performance.now(),
  })
  const end = performance.now() + time / 4
  const sequences = await runSequences({
    options: options[0] as InjectOptions,
    seed,
    runs: Infinity,
    isOn: () => performance.now() < end,
  })
  const stepFailures = sequences.failures.map(({ seed: n, why, text, steps }) => ({
    seed: n,
    why: `${why}; ${steps.join('; ')}`,
    bytes: Buffer.from(text),
  }))
  const counts = `${changed.reduce((sum, count) => sum + count)} injected, ${refused} refused, ${sequences.runs} sequences, ${records}`
  return { counts, runs: runs + sequences.runs + claims.runs, failures: [...broken, ...failures, ...stepFailures] }
}

const { counts, runs, failures } = await run()
const lines = [`seed ${values.seed}: ${runs} runs, ${counts}, ${failures.length} failures`]
if (failures.length > 0) fs.mkdirSync(values.out, { recursive: true })
for (const { seed: n, bytes, why } of failures) {
  const path = join(values.out, `${n}.yaml`)
  fs.writeFileSync(path, bytes)
  lines.push(`${path}: ${why}`)
}
process.stdout.write(`${lines.join('\n')}\n`)
if (failures.length > 0 || runs === 0) process.exitCode = 1
