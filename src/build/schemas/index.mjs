import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { emitHistory, emitMinor } from './emit.mjs'
import { packageDir, readMinors } from './read.mjs'
import { RELEASES } from './releases.mjs'

const HERE = dirname(fileURLToPath(import.meta.url))

/** A digest of all that decides the output: this folder's code and the versions of the packages read. */
function inputDigest() {
  const hash = createHash('sha256')
  const files = readdirSync(HERE, { recursive: true }).filter((name) => name.endsWith('.mjs'))
  for (const name of files.sort()) hash.update(name).update(readFileSync(join(HERE, name)))
  for (const { alias } of RELEASES) hash.update(readFileSync(join(packageDir(alias), 'package.json')))
  return hash.digest('hex')
}

function isCurrent(stamp, digest) {
  try {
    return readFileSync(stamp, 'utf8') === digest
  } catch {
    return false
  }
}

/**
 * Makes the schemas of every minor from the installed client-node releases: `OUT/1.N/common.json`,
 * `OUT/1.N/other.json` and `OUT/history.json` (see emit.mjs for their form). Does nothing when its inputs have not
 * changed since the last time. Answers whether it wrote anything.
 */
export async function buildSchemas(outDir) {
  const stamp = join(outDir, '.stamp')
  const digest = inputDigest()
  if (isCurrent(stamp, digest)) return false
  rmSync(outDir, { recursive: true, force: true })
  const minors = await readMinors()
  for (const minor of minors) {
    const dir = join(outDir, `1.${minor.minor}`)
    mkdirSync(dir, { recursive: true })
    const { common, other } = emitMinor(minor)
    writeFileSync(join(dir, 'common.json'), JSON.stringify(common))
    writeFileSync(join(dir, 'other.json'), JSON.stringify(other))
  }
  writeFileSync(join(outDir, 'history.json'), JSON.stringify(emitHistory(minors)))
  writeFileSync(stamp, digest)
  return true
}
