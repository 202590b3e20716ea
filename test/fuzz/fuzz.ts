import { ManifestWriter } from '../property/manifest.ts'
import { judgeBytes, type Verdict } from './check.ts'
import { flowText } from './flow.ts'
import { mutate, randomOf } from './mutate.ts'
import { streamBytes } from './streams.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'

export interface FuzzInput {
  /** Texts to spoil. */
  seeds: readonly Buffer[]
  /** What runs are asked for, in turn. */
  options: readonly InjectOptions[]
  /** The first of the numbers that the changes depend on. */
  seed: number
  /** Milliseconds to go on for. */
  time: number
  /** Stop after so many texts, so that a test does the same on every machine. Default: only by time. */
  runs?: number
  /** The current time in milliseconds. */
  now: () => number
}

export interface FuzzResult {
  runs: number
  /** How many were injected, for each of the options. */
  changed: number[]
  refused: number
  failures: { seed: number; bytes: Buffer; why: string }[]
}

/** Longer than this, in milliseconds, no small file may take. */
const HANG = 2000
const LARGEST = 100_000

/** The bytes of one run: a mutated text, or now and then a manifest of the property test, mutated or not. */
export function bytesOf(seed: number, seeds: readonly Buffer[]): Buffer {
  const random = randomOf(seed)
  const pick = (): Buffer => seeds[random(seeds.length)] as Buffer
  if (random(12) === 0) return random(2) === 0 ? streamBytes(random) : mutate(streamBytes(random), random, pick())
  if (random(12) === 0) return Buffer.from(flowText(random))
  if (random(4) > 0) return mutate(pick(), random, pick())
  const { text } = new ManifestWriter(Array.from({ length: 400 }, () => random(10_000))).write()
  return random(2) === 0 ? Buffer.from(text) : mutate(Buffer.from(text), random, pick())
}

/** Spoils texts until time is up, and keeps those for which a promise is broken. */
export async function fuzz({ seeds, options, seed, time, runs = Infinity, now }: FuzzInput): Promise<FuzzResult> {
  const out: FuzzResult = { runs: 0, changed: options.map(() => 0), refused: 0, failures: [] }
  const end = now() + time
  for (let n = seed; now() < end && out.runs < runs; n++) {
    const bytes = bytesOf(n, seeds)
    if (bytes.length > LARGEST) continue
    const before = process.cpuUsage()
    const choice = n % options.length
    const verdict: Verdict = await judgeBytes(bytes, options[choice] as InjectOptions)
    // Others may use the machine, too.
    const { user, system } = process.cpuUsage(before)
    const took = (user + system) / 1000
    out.runs++
    if ('broken' in verdict) out.failures.push({ seed: n, bytes, why: verdict.broken })
    else if (took > HANG) out.failures.push({ seed: n, bytes, why: `took ${took} ms of processor time` })
    else if ('refused' in verdict) out.refused++
    else if (verdict.changed) out.changed[choice]!++
  }
  return out
}
