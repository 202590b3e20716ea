// Writes V8's compiled code of a bundle beside it: `node src/build/code-cache.mjs dist/main.cjs`. Functions that the
// program ran before are in it, so it puts a sidecar into the sample first. Taken at start-up by the same V8 only.
import { readFileSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

const [bundle] = process.argv.slice(2)
if (bundle === undefined) throw new Error('name the bundle')
const sample = fileURLToPath(new URL('../../fixtures/samples/deployment.yaml', import.meta.url))
const silent = { write: async () => {}, isTTY: false }

const script = new Script(Module.wrap(readFileSync(bundle, 'latin1')), { filename: bundle })
const module = { exports: {} }
script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle))
const { main, realHost } = module.exports
for (const argv of [['inject', '-s', 'logging', sample], ['validate', join(sample)], ['uninject', sample]]) {
  await main(argv, { ...realHost(), stdout: silent, stderr: silent })
}
writeFileSync(`${bundle}.cache`, script.createCachedData())
