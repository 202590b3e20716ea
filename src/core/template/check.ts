import type { Diagnostic } from '../diagnostic.ts'
import { suggestionHint } from '../suggest.ts'
import { parseTemplate, templateProblem, type TemplateDocument } from './parse.ts'
import type { Template } from './types.ts'

/**
 * Reads a user's template: checks it against the JSON Schema of the format first, which knows every field, then
 * parses it. The built-in templates are checked in the tests and only parsed at run time, which needs no ajv.
 */
export async function checkTemplate(document: TemplateDocument): Promise<{ template?: Template; diagnostics: Diagnostic[] }> {
  const diagnostics = await schemaProblems(document)
  return diagnostics.length > 0 ? { diagnostics } : parseTemplate(document)
}

async function schemaProblems({ data, place }: TemplateDocument): Promise<Diagnostic[]> {
  const [{ compileSchema }, { TEMPLATE_SCHEMA }] = await Promise.all([import('../schema/ajv.ts'), import('./schema.ts')])
  return compileSchema(TEMPLATE_SCHEMA)(data).map(({ path, message, known }) => {
    const hint = known === undefined ? undefined : suggestionHint(String(path.at(-1)), known)
    return templateProblem(place, path, message, hint)
  })
}
