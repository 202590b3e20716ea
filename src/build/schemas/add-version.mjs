/**
 * Adds a Kubernetes minor, once a release of @kubernetes/client-node is made from it:
 * `npm run add-version -- 37 2.1.0` installs the release under a name of its own and adds the minor to releases.mjs and
 * src/core/kube/version.ts. The tests then say what is left: figures of its OpenAPI document, and kinds without rules.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { statedVersion } from './models.mjs'
import { packageDir } from './read.mjs'

/** The text of releases.mjs with a row for a minor, behind the others. */
export function withRelease(text, minor, states) {
  return text.replace(/\n\]\n?$/, `\n  { minor: ${minor}, alias: 'client-node-1.${minor}', states: '${states}' },\n]\n`)
}

/** The text of version.ts with a minor, behind the others. */
export function withMinor(text, minor) {
  return text.replace(/(KNOWN_MINORS = \[[\d, ]+)\]/, `$1, ${minor}]`)
}

function change(file, edit) {
  const before = readFileSync(file, 'utf8')
  const after = edit(before)
  if (after === before) throw new Error(`nothing to change was found in ${file}`)
  writeFileSync(file, after)
}

function main(minor, release) {
  if (!/^\d+$/.test(minor ?? '') || !/^\d+\.\d+\.\d+$/.test(release ?? ''))
    throw new Error('usage: npm run add-version -- MINOR RELEASE')
  const alias = `client-node-1.${minor}`
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  execFileSync(
    'npm',
    ['install', '--save-dev', '--ignore-scripts', `${alias}@npm:@kubernetes/client-node@${release}`],
    { cwd: root, stdio: 'inherit' },
  )
  const states = statedVersion(packageDir(alias))
  if (!states.includes(`1.${minor}`))
    throw new Error(`client-node ${release} is made from ${states}, not from 1.${minor}`)
  change(join(root, 'src/build/schemas/releases.mjs'), (text) => withRelease(text, minor, states))
  change(join(root, 'src/core/kube/version.ts'), (text) => withMinor(text, minor))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2], process.argv[3])
