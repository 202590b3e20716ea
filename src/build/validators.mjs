// Turns the JSON Schemas of templates and of policies into code, which takes the place of the modules that would do so
// at run time: to load ajv and let it work on them would cost more than the rest of a small run.
import { Ajv } from 'ajv'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { dirname, relative } from 'node:path'
import { loadSources } from './load-sources.mjs'

/** By the module that code takes the place of: where the schema is, and what it is called. */
const SCHEMAS = {
  'src/core/template/template-validator.ts': ['./src/core/template/template-schema.ts', 'TEMPLATE_SCHEMA'],
  'src/core/selection/policy-validator.ts': ['./src/core/selection/policy-schema.ts', 'POLICY_SCHEMA'],
}
/** Keywords that say something to people and nothing to a validator. */
const NOTES = new Set(['title', 'description', 'default', 'examples'])
/** Keywords whose value is a map of schemas: its keys are names, not keywords. */
const BY_NAME = new Set(['properties', 'definitions'])

/** A schema without its notes. `$comment` stays: messages have it. */
function withoutNotes(schema) {
  if (Array.isArray(schema)) return schema.map(withoutNotes)
  if (typeof schema !== 'object' || schema === null) return schema
  const kept = Object.entries(schema).filter(([keyword]) => !NOTES.has(keyword))
  return Object.fromEntries(
    kept.map(([keyword, value]) => [
      keyword,
      BY_NAME.has(keyword)
        ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutNotes(one)]))
        : withoutNotes(value),
    ]),
  )
}

/** The source texts of the validators, by the module that each takes the place of. */
async function validatorSources(root) {
  const names = Object.values(SCHEMAS).map(([file, name]) => `export { ${name} } from '${file}'`)
  const sources = await loadSources(
    root,
    [...names, "export { AJV_OPTIONS } from './src/core/schema/ajv-errors.ts'"].join('\n'),
  )
  return new Map(
    Object.entries(SCHEMAS).map(([module, [, name]]) => {
      const schema = withoutNotes(sources[name])
      const ajv = new Ajv({ ...sources.AJV_OPTIONS, schemas: [schema], code: { source: true, esm: true } })
      return [module, standaloneCode(ajv, { validate: schema.$id })]
    }),
  )
}

/**
 * A plugin of esbuild that puts validators in the place of the modules that would make them.
 * @param {string} root the project's folder
 */
export async function madeValidators(root) {
  const sources = await validatorSources(root)
  return {
    name: 'made-validators',
    setup(builder) {
      builder.onLoad({ filter: /-validator\.ts$/ }, ({ path }) => {
        const contents = sources.get(relative(root, path).replaceAll('\\', '/'))
        return contents === undefined ? undefined : { contents, loader: 'js', resolveDir: dirname(path) }
      })
    },
  }
}
