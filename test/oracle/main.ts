/**
 * Compares the verdicts of `validate` with those recorded from a real API server: `npm run test:oracle`. Prints how many
 * agree, and every file on which they do not, with what both say.
 */
import fs from 'node:fs'
import { join } from 'node:path'
import { schemaLoader } from '../../src/io/schema-loader.ts'
import { compare, ORACLES } from './agreement.ts'

declare const PROJECT_ROOT: string

const shared = process.env['SIDECARCTL_SHARED'] ?? join(PROJECT_ROOT, '..', 'shared')
const loadSchema = schemaLoader({ fs, schemasFolder: join(PROJECT_ROOT, 'dist', 'schemas') })

for (const oracle of ORACLES) {
  if (!fs.existsSync(join(shared, oracle.table))) {
    process.stdout.write(`${oracle.table}: not there; set SIDECARCTL_SHARED to the folder that has it\n`)
    continue
  }
  const { total, agreed, differences } = await compare(oracle, shared, loadSchema)
  process.stdout.write(`${oracle.table}: ${agreed} of ${total} agree\n`)
  for (const { file, theirs, ours } of differences) {
    process.stdout.write(`  ${file}\n    API server: ${theirs.slice(0, 400)}\n`)
    for (const line of ours.length === 0 ? ['accepted'] : ours) process.stdout.write(`    sidecarctl: ${line}\n`)
  }
  if (differences.length > 0) process.exitCode = 1
}
