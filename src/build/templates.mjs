// Turns the built-in templates into JSON under dist/templates/, with all that each extends and, where that is the same
// everywhere, what each becomes: reading YAML and filling templates in at every run would cost more than all the rest of a
// small run.
import * as fs from 'node:fs'
import { join } from 'node:path'
import { loadSources } from './load-sources.mjs'

const READER = `
export { builtinDocument, builtinTemplate } from './src/core/template/library.ts'
export { sameEverywhere } from './src/core/template/resolve-template.ts'
export { builtinTemplates } from './src/io/builtin-templates.ts'
`

/**
 * Writes one JSON file for every built-in template.
 * @param {string} root the project's folder
 * @param {string} outdir folder for the result
 */
export async function buildTemplates(root, outdir) {
  const { builtinDocument, builtinTemplate, builtinTemplates, sameEverywhere } = await loadSources(root, READER)
  const library = builtinTemplates({ fs, templatesFolder: join(root, 'templates'), compiledTemplatesFolder: undefined })
  fs.mkdirSync(outdir, { recursive: true })
  for (const name of library.names) {
    // At run time they are taken as checked.
    const template = builtinTemplate(name, library)
    const ready = { document: builtinDocument(name, library).data, sidecar: sameEverywhere(template) }
    fs.writeFileSync(join(outdir, `${name}.json`), JSON.stringify(ready))
  }
}
