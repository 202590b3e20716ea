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

/** Every file of `dist/schemas` by its name, as data; emit.mjs describes their forms. */
export async function makeSchemas() {
  const minors = await readMinors()
  const files = { 'history.json': emitHistory(minors) }
  for (const minor of minors) {
    const { common, other } = emitMinor(minor)
    files[`1.${minor.minor}/common.json`] = common
    files[`1.${minor.minor}/other.json`] = other
  }
  return files
}

/**
 * Writes the schemas of every minor, made from the installed client-node releases, into a folder of their own. Does
 * nothing when what they are made from has not changed since the last time. Answers whether it wrote anything.
 */
export async function buildSchemas(outDir) {
  const stamp = join(outDir, '.stamp')
  const digest = inputDigest()
  if (isCurrent(stamp, digest)) return false
  const files = await makeSchemas()
  rmSync(outDir, { recursive: true, force: true })
  for (const [name, data] of Object.entries(files)) {
    mkdirSync(dirname(join(outDir, name)), { recursive: true })
    writeFileSync(join(outDir, name), JSON.stringify(data))
  }
  writeFileSync(stamp, digest)
  return true
}
