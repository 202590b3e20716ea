/**
 * Kills `inject -w` at random moments of its writing, over a repository of 500 manifests, and looks at every
 * file after each kill: `npm run test:kill -- [--times 200] [--seed 1] [--manifests 500]`.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { randomOf } from '../fuzz/mutate.ts'
import { killRuns, makeOdd } from './kill.ts'
import { manifestsOf, scratchRepository, SLEEPER, type Run } from './scratch.ts'

declare const PROJECT_ROOT: string

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    manifests: { type: 'string', default: '500' },
  },
})

const PROGRAM = [process.execPath, join(PROJECT_ROOT, 'bin/sidecarctl.js')] as const
const run: Run = async (cwd, argv) =>
  spawnSync(PROGRAM[0], [PROGRAM[1], ...argv], { cwd, encoding: 'utf8', maxBuffer: 1 << 28 })

const repository = await scratchRepository(run, SLEEPER, {
  least: Number(values.manifests),
  most: Number(values.manifests),
})
const manifests = manifestsOf(repository)
makeOdd(repository, manifests)
const random = randomOf(Number(values.seed))
const report = await killRuns(
  { line: [...PROGRAM, 'inject', '-R', '.', '-w', '-q', '--no-validate'], cwd: repository },
  Number(values.times),
  () => random(1e6) / 1e6,
)
rmSync(repository, { recursive: true, force: true })

const { nothing, beside, part, share, all, ended, leftovers, files, writing, replacing, faults } = report
process.stdout.write(
  [
    `seed ${values.seed}: ${values.times} kills over ${manifests.length} manifests, of which a run changes ${files}`,
    `(${Math.round(writing)} ms beside them, then ${Math.round(replacing)} ms to put them in their places)`,
    `killed before a new content was there: ${nothing}; while they were written: ${beside}`,
    `with some files replaced: ${part} (${Math.round(share * 100)} % of them on average); with all replaced: ${all}; ended before: ${ended}`,
    `${leftovers} files left beside others, all spare and gone after the next run`,
    `${faults.length} faults`,
    ...faults.slice(0, 20),
    '',
  ].join('\n'),
)
if (faults.length > 0) process.exitCode = 1
