import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject } from '../json/json.ts'
import { schemaProblems } from '../schema/ajv-errors.ts'
import { quoteHint } from '../diagnostics/quote-hint.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { patternReader } from './pattern.ts'
import { parseTemplate, templateProblem, type TemplateDocument } from './parse-template.ts'
import type { Template } from './template.ts'

/**
 * Reads a user's template: checks it against the JSON Schema of the format first, which knows every field, then
 * parses it. The built-in templates are checked in the tests and only parsed at run time.
 */
export async function validateTemplate(
  document: TemplateDocument,
): Promise<{ template?: Template; diagnostics: Diagnostic[] }> {
  const diagnostics = await misshapen(document)
  if (diagnostics.length > 0) return { diagnostics }
  const { spec } = document.data
  return parseTemplate(document, await patternReader(isObject(spec) ? spec['parameters'] : undefined))
}

async function misshapen({ data, place }: TemplateDocument): Promise<Diagnostic[]> {
  const { validate } = await import('./template-validator.ts')
  return schemaProblems(validate, data).map(({ path, message, known, unquoted }) => {
    const hint =
      unquoted === undefined ? known && didYouMeanHint(String(path.at(-1)), known) : quoteHint(place(path), unquoted)
    return templateProblem(place, path, message, hint)
  })
}
