// Bundles the program into dist/: `node src/build/build.mjs`. Everything third-party goes in, so that the installed
// program has no dependencies; heavy parts run only when a command asks for them.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleProgram, root } from './bundle.mjs'
import { buildEditorSchemas } from './editor.mjs'
import { buildLibrary } from './library.mjs'
import { buildPlayground } from './playground.mjs'
import { buildSchemas } from './schemas/index.mjs'
import { buildTemplates } from './templates.mjs'

/** The package folders under node_modules that a bundle took something from, sorted. */
function bundledPackages(metafiles) {
  const folders = new Set()
  for (const input of metafiles.flatMap(({ inputs }) => Object.keys(inputs))) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (match !== null) folders.add(match[1])
  }
  return [...folders].sort()
}

/** The licence texts of everything in the bundle, as their licences ask. */
function licences(metafiles) {
  const parts = ['sidecarctl contains the following third-party software.\n']
  for (const folder of bundledPackages(metafiles)) {
    const at = join(root, folder)
    const { name, version, license } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'))
    const file = readdirSync(at).find((entry) => /^licen[cs]e/i.test(entry))
    if (file === undefined) throw new Error(`no licence file in ${folder}`)
    parts.push(
      `\n${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${readFileSync(join(at, file), 'utf8').trim()}\n`,
    )
  }
  return parts.join('')
}

/** Builds all of dist/. Standard output stays empty, as callers of npm read it. */
export async function run() {
  const outdir = join(root, 'dist')
  // The schemas are made by a step of their own, which knows whether they are still good.
  for (const name of existsSync(outdir) ? readdirSync(outdir) : []) {
    if (name !== 'schemas') rmSync(join(outdir, name), { recursive: true })
  }
  await buildSchemas(join(outdir, 'schemas'))
  await buildTemplates(root, join(outdir, 'templates'))
  await buildEditorSchemas(root, join(outdir, 'editor'), join(outdir, 'schemas'))
  const metafiles = [
    ...Object.values(await bundleProgram(outdir)),
    ...(await buildLibrary(root, join(outdir, 'library'))),
    await buildPlayground(root, outdir),
  ]
  // In a process of its own, which has compiled nothing else.
  execFileSync(process.execPath, [join(root, 'src/build/code-cache.mjs'), outdir], { stdio: ['ignore', 'ignore', 2] })
  writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES.txt'), licences(metafiles))
  const outputs = metafiles.flatMap((metafile) => Object.entries(metafile.outputs))
  for (const [file, { bytes }] of outputs) process.stderr.write(`${file}: ${Math.round(bytes / 1024)} KiB\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
