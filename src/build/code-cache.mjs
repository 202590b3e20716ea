// Writes V8's compiled code of the program's parts beside them: `node src/build/code-cache.mjs dist >/dev/null`. Only
// functions that ran before are in it, so it does first what most runs do, and prints what they print. It is for the V8
// that runs this; run by other versions of Node, it adds theirs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('name the folder')
const sampleOf = (name) => fileURLToPath(new URL(`samples/${name}.yaml`, import.meta.url))
const sample = sampleOf('workload')
const silent = { write: async () => {}, isTTY: false }
const scripts = new Map()

function load(part) {
  const filename = join(resolve(folder), `${part}.cjs`)
  const script = new Script(readFileSync(filename, 'latin1'), { filename })
  scripts.set(part, script)
  return script.runInThisContext()
}

const { main, realHost } = load('main')(load, createRequire(import.meta.url), resolve(folder))

async function run(...argv) {
  const code = await main(argv, { ...realHost(), stderr: silent })
  if (code !== 0) throw new Error(`sidecarctl ${argv.join(' ')} ended with ${code}`)
}

function save(part) {
  const name = `${part}.cjs.${process.versions.v8}-${process.arch}.cache`
  writeFileSync(join(folder, name), scripts.get(part).createCachedData())
}

await run('inject', '-s', 'logging', sample)
// The one is made ready by the build, the other made at every run, as is what gets a value.
await run('inject', '-s', 'metrics', '--set', 'metrics.port=9000', sample)
await run('validate', sample)
await run('uninject', sample)
if (scripts.size > 2) throw new Error('a common run imports on demand what it always needs: import that outright')
save('main')
save('edit')
await run('validate', sampleOf('others'))
await run('validate', sampleOf('definition'))
await run('validate', sampleOf('anchors'))
for (const part of ['kinds', 'custom', 'yaml']) save(part)
const scratch = mkdtempSync(join(tmpdir(), 'sidecarctl-build-'))
const policy = join(scratch, 'sidecarctl.yaml')
writeFileSync(
  policy,
  'apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n  rules:\n  - name: all\n    add: [logging]\n',
)
await run('explain', '--config', policy, sample)
rmSync(scratch, { recursive: true })
await run('templates', 'validate', fileURLToPath(new URL('../../templates/logging.yaml', import.meta.url)))
for (const part of ['template', 'rest']) save(part)
