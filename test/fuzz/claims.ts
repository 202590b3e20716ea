import type { InjectOptions } from '../../src/core/inject/options.ts'
import { playClaims, type Failure } from '../property/claims.ts'
import { randomOf } from './mutate.ts'

/** What sequences of true and forged records are played for. */
export interface ClaimsInput {
  options: InjectOptions
  /** The first of the numbers that sequences depend on. */
  seed: number
  /** How many sequences to play at most. */
  runs: number
  isOn: () => boolean
}

/** Plays sequences until time is up, and keeps those in which a promise is broken. */
export async function fuzzClaims({
  options,
  seed,
  runs,
  isOn,
}: ClaimsInput): Promise<{ runs: number; failures: (Failure & { seed: number })[] }> {
  const failures: (Failure & { seed: number })[] = []
  let n = 0
  for (; n < runs && isOn(); n++) {
    const failure = await playClaims(randomOf(seed + n), options)
    if (failure !== undefined) failures.push({ ...failure, seed: seed + n })
  }
  return { runs: n, failures }
}
