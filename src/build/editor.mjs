// Writes the JSON Schemas of templates, of the policy file and of reports under dist/editor/, for editors and programs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSources } from './load-sources.mjs'

/**
 * Writes all schemas.
 * @param {string} root the project's folder
 * @param {string} outdir folder for the result
 * @param {string} schemas folder with the schemas of Kubernetes
 */
export async function buildEditorSchemas(root, outdir, schemas) {
  const { FORMAT_NAMES, schemaText } = await loadSources(
    root,
    "export { FORMAT_NAMES, schemaText } from './src/report/schema.ts'",
  )
  const loadSchema = (file) => JSON.parse(readFileSync(join(schemas, file), 'utf8'))
  mkdirSync(outdir, { recursive: true })
  for (const name of FORMAT_NAMES) {
    writeFileSync(join(outdir, `${name}.schema.json`), await schemaText(name, loadSchema))
  }
}
