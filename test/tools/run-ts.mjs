// Runs a TypeScript program of this folder: `node test/tools/run-ts.mjs FILE [ARG]...`. Node 20 cannot by itself.
import { build } from 'esbuild'
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [file, ...args] = process.argv.slice(2)
if (file === undefined) throw new Error('name a TypeScript file to run')
const outdir = join(root, 'node_modules', '.cache', 'sidecarctl')
mkdirSync(outdir, { recursive: true })
const outfile = join(outdir, `${basename(file, '.ts')}-${process.pid}.mjs`)
await build({
  entryPoints: [join(root, file)],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  define: { PROJECT_ROOT: JSON.stringify(root) },
  logLevel: 'warning',
})
process.argv = [process.argv[0], file, ...args]
await import(pathToFileURL(outfile).href)
