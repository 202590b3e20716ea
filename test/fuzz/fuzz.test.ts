import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { smallSidecars } from './check.ts'
import { bytesOf, fuzz } from './fuzz.ts'
import { folder } from '../cli/fake.ts'
import { HAS_KUBECTL, WITHOUT_KUBECTL } from '../kubectl.ts'
import { compareReadings, recordedTexts } from './readings.ts'
import { manifestsIn } from './seeds.ts'
import { runSequences } from './sequences.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

it('gives the same bytes for the same seed', () => {
  const seeds = [Buffer.from('kind: Pod\n'), Buffer.from('a: b\n')]
  expect(bytesOf(7, seeds)).toEqual(bytesOf(7, seeds))
  expect(bytesOf(7, seeds)).not.toEqual(bytesOf(8, seeds))
})

it('finds no broken promise in 1,500 texts', async () => {
  expect(existsSync(join(ROOT, 'fixtures', 'cases'))).toBe(true)
  const result = await fuzz({
    seeds: manifestsIn(join(ROOT, 'fixtures')),
    options: smallSidecars(ROOT),
    seed: 1,
    runs: 1500,
    time: Infinity,
    now: () => performance.now(),
  })
  expect(Math.min(...result.changed)).toBeGreaterThan(10)
  expect(result.refused).toBeGreaterThan(0)
  expect(result.failures.map(({ seed, why, bytes }) => ({ seed, why, text: bytes.toString() }))).toEqual([])
}, 180_000)

it('gets back every text of 150 sequences of inject, edits and uninject', async () => {
  const { injected, uninjected, refused, failures } = await runSequences({
    options: smallSidecars(ROOT)[0] as InjectOptions,
    seed: 1,
    runs: 150,
  })
  expect(failures).toEqual([])
  // Places at random may lead in a circle.
  expect([...refused.keys()].filter((code) => code !== 'SIDECAR_ORDER')).toEqual([])
  expect(Math.min(injected, uninjected)).toBeGreaterThan(100)
}, 180_000)

it.skipIf(!HAS_KUBECTL)(
  `reads 1,000 texts as kubectl does${WITHOUT_KUBECTL}`,
  () => {
    const seeds = [...manifestsIn(join(ROOT, 'fixtures')), ...recordedTexts(ROOT)]
    const { read, refused, failures } = compareReadings({ seeds, seed: 1, runs: 1000, folder: folder() })
    expect(failures.map(({ seed, why, bytes }) => ({ seed, why, text: bytes.toString() }))).toEqual([])
    expect(Math.min(read, refused)).toBeGreaterThan(100)
  },
  180_000,
)
