import { describe, expect, it } from 'vitest'
import { makeSchemas } from '../../src/build/schemas/index.mjs'
import { missing, SHARED } from '../shared.ts'
import { compare, ORACLES } from './agreement.ts'

const files = await makeSchemas()

describe('verdicts of a real API server', () => {
  for (const oracle of ORACLES) {
    const why = missing(oracle.table)
    it.skipIf(why !== undefined)(
      `${oracle.table}: every verdict is ours too${why === undefined ? '' : `: ${why}`}`,
      async () => {
        const { total, differences } = await compare(oracle, SHARED, (file) => files[file])
        expect(differences).toEqual([])
        expect(total).toBeGreaterThan(200)
      },
    )
  }
})
