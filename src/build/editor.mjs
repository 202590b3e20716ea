// Writes the JSON Schemas of templates, of the policy file and of reports under dist/editor/, for editors and programs.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSources } from './load-sources.mjs'

/**
 * Writes all schemas.
 * @param {string} root the project's folder
 * @param {string} outdir folder for the result
 */
export async function buildEditorSchemas(root, outdir) {
  const { FORMAT_NAMES, schemaText } = await loadSources(
    root,
    "export { FORMAT_NAMES, schemaText } from './src/report/schema.ts'",
  )
  mkdirSync(outdir, { recursive: true })
  for (const name of FORMAT_NAMES) {
    writeFileSync(join(outdir, `${name}.schema.json`), await schemaText(name))
  }
}
