import type { Diagnostic } from '../diagnostic.ts'
import type { SourceText } from '../text/source.ts'
import { suggestionHint } from '../suggest.ts'
import { parseTemplate, templateProblem, type TemplateDocument } from './parse.ts'
import type { Template } from './types.ts'

/**
 * Reads a user's template: checks it against the JSON Schema of the format first, which knows every field, then
 * parses it. The built-in templates are checked in the tests and only parsed at run time, which needs no ajv.
 */
export async function checkTemplate(
  source: SourceText,
  read: (source: SourceText) => TemplateDocument,
): Promise<{ template?: Template; diagnostics: Diagnostic[] }> {
  const document = read(source)
  const diagnostics = await schemaProblems(source, document)
  return diagnostics.length > 0 ? { diagnostics } : parseTemplate(source, () => document)
}

async function schemaProblems(source: SourceText, { data, locate }: TemplateDocument): Promise<Diagnostic[]> {
  const [{ compileSchema }, { TEMPLATE_SCHEMA }] = await Promise.all([import('../schema/ajv.ts'), import('./schema.ts')])
  return compileSchema(TEMPLATE_SCHEMA)(data).map(({ path, message, known }) => {
    const hint = known === undefined ? undefined : suggestionHint(String(path.at(-1)), known)
    return templateProblem(source, locate, path, message, hint)
  })
}
