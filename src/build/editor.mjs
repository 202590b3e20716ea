// Writes the JSON Schemas of templates and of the policy file under dist/editor/, for editors.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSources } from './load-sources.mjs'

/**
 * Writes both schemas.
 * @param {string} root the project's folder
 * @param {string} outdir folder for the result
 * @param {string} schemas folder with the schemas of Kubernetes
 */
export async function buildEditorSchemas(root, outdir, schemas) {
  const { schemaText } = await loadSources(root, "export { schemaText } from './src/report/schema.ts'")
  const loadSchema = (file) => JSON.parse(readFileSync(join(schemas, file), 'utf8'))
  mkdirSync(outdir, { recursive: true })
  for (const name of ['sidecar-template', 'policy']) {
    writeFileSync(join(outdir, `${name}.schema.json`), await schemaText(name, loadSchema))
  }
}
