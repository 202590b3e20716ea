import { array, assert, asyncProperty, nat } from 'fast-check'
import { describe, it } from 'vitest'
import { DEFAULTS } from '../core/inject/run.ts'
import { playClaims } from './claims.ts'

const RUNS = Number(process.env['SIDECARCTL_RUNS'] ?? 300)
const LIMITS = { numRuns: RUNS, ...(RUNS <= 300 && { interruptAfterTimeLimit: 20_000 }) }

describe('a record is a claim', () => {
  it('by which nothing of the user goes, whatever it says and whatever was done to the manifest', async () => {
    await assert(
      asyncProperty(array(nat(10_000), { maxLength: 80, size: 'max' }), async (stream) => {
        let next = 0
        const failure = await playClaims((n) => (stream[next++] ?? 0) % n, { ...DEFAULTS, validate: false })
        if (failure !== undefined) throw new Error(`${failure.why}\n${failure.steps.join(', ')}\n${failure.text}`)
      }),
      LIMITS,
    )
  })
})
