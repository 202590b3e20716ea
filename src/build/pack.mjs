// What `npm pack` and `npm publish` run: the published package.json has nothing that is for clones only.
// `pack.mjs before` builds and writes it, `pack.mjs after` puts the clone's own back.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const own = join(root, 'package.json')
const kept = join(root, 'node_modules/.cache/sidecarctl/package.json')

/** Fields that matter in a clone only: the published package runs no script and needs no other package. */
const CLONE_ONLY = new Set(['scripts', 'devDependencies', 'overrides'])

/**
 * The package.json of the published package.
 * @param {string} text that of the clone
 */
export function publishedManifest(text) {
  const entries = Object.entries(JSON.parse(text)).filter(([name]) => !CLONE_ONLY.has(name))
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`
}

async function before() {
  await import('./build.mjs').then(({ run }) => run())
  mkdirSync(dirname(kept), { recursive: true })
  copyFileSync(own, kept)
  writeFileSync(own, publishedManifest(readFileSync(own, 'utf8')))
}

function after() {
  if (existsSync(kept)) renameSync(kept, own)
}

const steps = { before, after }
if (process.argv[1] === fileURLToPath(import.meta.url)) await steps[process.argv[2]]()
