import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { existsSync } from 'node:fs'
import { derive } from './derive.mjs'
import { readKinds } from './kinds.mjs'
import { SCALAR_TYPES, readModels, statedVersion } from './models.mjs'
import { markQuantities } from './quantities.mjs'
import { RELEASES } from './releases.mjs'

/** The folder of an installed dev dependency, found without running it. */
export function packageDir(alias) {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
    const found = join(dir, 'node_modules', alias)
    if (existsSync(found)) return found
    if (dir === dirname(dir)) throw new Error(`${alias} is not installed: run npm ci`)
  }
}

/** Reads the definitions and served kinds of every minor: `[{ minor, definitions, kinds }]`, oldest first. */
export async function readMinors() {
  const minors = []
  for (const release of RELEASES) {
    const dir = packageDir(release.alias)
    const stated = statedVersion(dir)
    if (stated !== release.states) throw new Error(`${release.alias} is made from ${stated}, not ${release.states}`)
    const definitions = readModels(dir)
    const kinds = readKinds(dir)
    if (release.derived) {
      const { default: table } = await import(`./derived/${release.derived}.mjs`)
      derive(dir, definitions, kinds, table)
    }
    markQuantities(definitions)
    checkReferences(release.minor, definitions, kinds)
    minors.push({ minor: release.minor, definitions, kinds })
  }
  return minors
}

/** The definition that a type names, without list and map marks; undefined for scalars. */
export function referenced(type) {
  const word = type.replace(/^(?:\[\]|\{\})*/, '')
  return SCALAR_TYPES.has(word) ? undefined : word
}

function checkReferences(minor, definitions, kinds) {
  const uses = [
    ...Object.entries(kinds).map(([key, { definition }]) => [key, definition]),
    ...Object.entries(definitions).flatMap(([name, { fields }]) =>
      Object.entries(fields).map(([field, type]) => [`${name}.${field}`, referenced(type)]),
    ),
  ]
  for (const [where, name] of uses) {
    if (name !== undefined && !(name in definitions)) throw new Error(`1.${minor}: ${where} names ${name}, not defined`)
  }
}
