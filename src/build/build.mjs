// Bundles the program into dist/: `node src/build/build.mjs`. Everything third-party goes in, so that the installed
// program has no dependencies; heavy parts run only when a command asks for them.
import { execFileSync } from 'node:child_process'
import { build } from 'esbuild'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildEditorSchemas } from './editor.mjs'
import { buildSchemas } from './schemas/index.mjs'
import { buildTemplates } from './templates.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** commander can start sub-programs; ours has none, and loading node:child_process costs start-up time. Only `--since` needs it. */
const noChildProcess = {
  name: 'no-child-process',
  setup(builder) {
    builder.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /node_modules[\\/]/.test(importer) ? { path: 'child_process', namespace: 'absent' } : undefined)
    builder.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/**
 * kleur asks process.stdout whether it is a terminal as soon as it is imported. That opens stdout as a stream, which
 * costs start-up time and makes a pipe non-blocking; and the answer is not used, since colours go by the stream.
 */
const kleurWithoutProcess = {
  name: 'kleur-without-process',
  setup(builder) {
    builder.onLoad({ filter: /node_modules[\\/]kleur[\\/]colors\.mjs$/ }, ({ path }) => ({
      contents: `const process = undefined\n${readFileSync(path, 'utf8')}`,
    }))
  },
}

/**
 * Bundles entry points as the published program is bundled.
 * @param {Record<string, string>} entryPoints output name -> source file
 * @param {string} outdir folder for the result
 */
export async function bundle(entryPoints, outdir) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    // CommonJS, as V8's code cache takes no modules; parts that are imported on demand still run on demand.
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    target: 'node20',
    minify: true,
    keepNames: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    define: { SIDECARCTL_VERSION: JSON.stringify(version), 'import.meta.url': 'BUNDLE_URL' },
    banner: { js: "const BUNDLE_URL=require('node:url').pathToFileURL(__filename).href;" },
    plugins: [noChildProcess, kleurWithoutProcess],
  })
}

/** The package folders under node_modules that a bundle took something from, sorted. */
function bundledPackages(metafile) {
  const folders = new Set()
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (match !== null) folders.add(match[1])
  }
  return [...folders].sort()
}

/** The licence texts of everything in the bundle, as their licences ask. */
function licences(metafile) {
  const parts = ['sidecarctl contains the following third-party software.\n']
  for (const folder of bundledPackages(metafile)) {
    const at = join(root, folder)
    const { name, version, license } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'))
    const file = readdirSync(at).find((entry) => /^licen[cs]e/i.test(entry))
    if (file === undefined) throw new Error(`no licence file in ${folder}`)
    parts.push(`\n${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${readFileSync(join(at, file), 'utf8').trim()}\n`)
  }
  return parts.join('')
}

async function run() {
  const outdir = join(root, 'dist')
  // The schemas are made by a step of their own, which knows whether they are still good.
  for (const name of existsSync(outdir) ? readdirSync(outdir) : []) {
    if (name !== 'schemas') rmSync(join(outdir, name), { recursive: true })
  }
  await buildSchemas(join(outdir, 'schemas'))
  await buildTemplates(root, join(outdir, 'templates'))
  await buildEditorSchemas(root, join(outdir, 'editor'))
  const { metafile } = await bundle({ main: 'src/cli/index.ts' }, outdir)
  // In a process of its own, which has compiled nothing else.
  execFileSync(process.execPath, [join(root, 'src/build/code-cache.mjs'), join(outdir, 'main.cjs')], { stdio: 'inherit' })
  writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES.txt'), licences(metafile))
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0)
  process.stdout.write(`dist/: ${Object.keys(metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB\n`)
}

if (process.argv[1] !== undefined && dirname(fileURLToPath(import.meta.url)) === dirname(process.argv[1])) await run()
