// Turns the built-in templates into JSON under dist/templates/, with all that each extends: reading YAML at every run
// would cost more than all the rest of a small run.
import { build } from 'esbuild'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const READER = `
export { builtinDocument, builtinTemplate } from './src/core/template/library.ts'
export { builtinTemplates } from './src/io/builtin.ts'
`

/** The program's own reader of templates, bundled into a folder of its own so that Node can run it. */
async function loadReader(root, folder) {
  const outfile = join(folder, 'reader.mjs')
  await build({
    stdin: { contents: READER, resolveDir: root },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['ajv'],
    logLevel: 'warning',
  })
  return await import(pathToFileURL(outfile).href)
}

/**
 * Writes one JSON file for every built-in template.
 * @param {string} root the project's folder
 * @param {string} outdir folder for the result
 */
export async function buildTemplates(root, outdir) {
  const folder = fs.mkdtempSync(join(tmpdir(), 'sidecarctl-build-'))
  try {
    const { builtinDocument, builtinTemplate, builtinTemplates } = await loadReader(root, folder)
    const library = builtinTemplates({ fs, templatesFolder: join(root, 'templates'), compiledTemplatesFolder: undefined })
    fs.mkdirSync(outdir, { recursive: true })
    for (const name of library.names) {
      // At run time they are taken as checked.
      builtinTemplate(name, library)
      fs.writeFileSync(join(outdir, `${name}.json`), JSON.stringify(builtinDocument(name, library).data))
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
