/**
 * Spoils manifests and looks whether the engine keeps its promises: `npm run fuzz -- [--seconds N] [--seed N]
 * [--corpus DIR] [--out DIR]`. Each failure is written to a file below `--out` (default: fuzz-failures).
 */
import fs from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { smallSidecars } from './check.ts'
import { fuzz } from './fuzz.ts'
import { manifestsIn } from './seeds.ts'

declare const PROJECT_ROOT: string

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    corpus: { type: 'string' },
    out: { type: 'string', default: 'fuzz-failures' },
  },
})

const folders = [join(PROJECT_ROOT, 'fixtures'), ...(values.corpus === undefined ? [] : [values.corpus])]
const result = await fuzz({
  seeds: folders.flatMap(manifestsIn),
  options: smallSidecars(PROJECT_ROOT),
  seed: Number(values.seed),
  time: Number(values.seconds) * 1000,
  now: () => performance.now(),
})

const lines = [`seed ${values.seed}: ${result.runs} runs, ${result.changed} injected, ${result.refused} refused, ${result.failures.length} failures`]
if (result.failures.length > 0) fs.mkdirSync(values.out, { recursive: true })
for (const { seed, bytes, why } of result.failures) {
  const path = join(values.out, `${seed}.yaml`)
  fs.writeFileSync(path, bytes)
  lines.push(`${path}: ${why}`)
}
process.stdout.write(`${lines.join('\n')}\n`)
if (result.failures.length > 0 || result.runs === 0) process.exitCode = 1
