import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject, type JsonObject } from '../json/json.ts'
import { schemaProblems } from '../schema/ajv-errors.ts'
import { quoteHint } from '../diagnostics/quote-hint.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { patternReader } from './pattern.ts'
import {
  parseTemplate,
  TEMPLATE_API_VERSION,
  TEMPLATE_KIND,
  templateProblem,
  type TemplateDocument,
} from './parse-template.ts'
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

/** The kind of a document that is not a template, which is the only thing to report about it. */
function otherKind({ apiVersion, kind }: JsonObject): { field: string; what: string } | undefined {
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return undefined
  if (kind !== TEMPLATE_KIND) return { field: 'kind', what: `a ${kind} of ${apiVersion}` }
  return apiVersion === TEMPLATE_API_VERSION ? undefined : { field: 'apiVersion', what: `of ${apiVersion}` }
}

async function misshapen({ data, place }: TemplateDocument): Promise<Diagnostic[]> {
  const other = otherKind(data)
  if (other !== undefined) {
    const hint = `a template has kind: ${TEMPLATE_KIND} and apiVersion: ${TEMPLATE_API_VERSION}`
    return [templateProblem(place, [other.field], `this is ${other.what}, not a template of a sidecar`, hint)]
  }
  const { validate } = await import('./template-validator.ts')
  return schemaProblems(validate, data).map(({ path, message, known, unquoted }) => {
    const hint =
      unquoted === undefined ? known && didYouMeanHint(String(path.at(-1)), known) : quoteHint(place(path), unquoted)
    return templateProblem(place, path, message, hint)
  })
}
