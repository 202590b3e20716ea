import { diagnostic, hasErrors, type Diagnostic, type SourceLocation } from '../diagnostics/diagnostic.ts'
import { isStartPlace, START_PLACES, type ItemPlace } from '../field-path/item-place.ts'
import { isObject, type JsonPath, type JsonObject } from '../json/json.ts'
import { checkNames, type ReferenceProblem } from './check-references.ts'
import { readParameters } from './parameters.ts'
import { readBuiltinPattern, type PatternReader } from './pattern.ts'
import type { ParameterSpec, RunMode, Sidecar, Template } from './template.ts'

export const TEMPLATE_API_VERSION = 'sidecarctl.dev/v1'
export const TEMPLATE_KIND = 'SidecarTemplate'

/** One document as data with the places of its fields. */
export interface TemplateDocument {
  data: JsonObject
  /** The position of a field, or of the nearest parent field that exists. */
  place: (path: JsonPath) => SourceLocation
  /** True for what was read and found good before, by the build: a built-in template. Default: no. */
  checked?: true
  /** See `Template.ready`. */
  ready?: Sidecar | undefined
}

const NAME = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/
const PARAMETERS: JsonPath = ['spec', 'parameters']
const MODES: readonly string[] = ['auto', 'classic', 'native']

/**
 * Reads a template. Checks everything that using the template depends on: its name and version, its parameters, and
 * that every placeholder and condition names something that exists. The rest is checked by the JSON Schema of the
 * format (`validate-template.ts`), or when the template is resolved. Every problem is a TEMPLATE_INVALID with its
 * place; there is a template only if there are no problems. Patterns are compiled by `patterns`: `patternReader` for
 * templates of users. What was checked before is not checked again: that would take longer than all the rest.
 */
export function parseTemplate(
  document: TemplateDocument,
  patterns: PatternReader,
): { template?: Template; diagnostics: Diagnostic[] } {
  if (document.checked === true) return { template: checkedTemplate(document), diagnostics: [] }
  const { data, place } = document
  const diagnostics: Diagnostic[] = []
  const problem: ReferenceProblem = (path, message, hint) => {
    diagnostics.push(templateProblem(place, path, message, hint))
  }
  const header = readHeader(data, problem)
  const spec = isObject(data['spec']) ? data['spec'] : undefined
  if (spec === undefined) problem(['spec'], 'a template requires a spec')
  const parameters = readParameters(spec?.['parameters'], PARAMETERS, problem, patterns)
  for (const key of Object.keys(spec ?? {})) {
    if (spec !== undefined && key !== 'parameters') checkNames(spec[key] ?? null, ['spec', key], parameters, problem)
  }
  const mode = spec?.['mode'] ?? 'auto'
  if (typeof mode !== 'string' || !MODES.includes(mode))
    problem(['spec', 'mode'], `mode must be one of ${MODES.join(', ')}`)
  const start = spec?.['start']
  if (start !== undefined && !isStartPlace(start)) problem(['spec', 'start'], `start must be ${START_PLACES}`)
  if (spec === undefined || hasErrors(diagnostics)) return { diagnostics }
  return {
    template: { ...header, parameters, mode: mode as RunMode, start: start as ItemPlace | undefined, spec, place },
    diagnostics,
  }
}

/** The parts of a document that are known to be there where it was checked before. */
interface CheckedData {
  metadata: { name: string; version: string; description?: string; checked?: { version: string; date: string } }
  spec: JsonObject & { mode?: RunMode; start?: ItemPlace }
}

/** A template of which every field was found good before. Its parameters are read when they are asked for. */
function checkedTemplate({ data, place, ready }: TemplateDocument): Template {
  const { metadata, spec } = data as unknown as CheckedData
  let parameters: ReadonlyMap<string, ParameterSpec> | undefined
  return {
    name: metadata.name,
    version: metadata.version,
    description: metadata.description?.trim() ?? '',
    checked: metadata.checked,
    get parameters() {
      return (parameters ??= readParameters(spec['parameters'], PARAMETERS, () => undefined, readBuiltinPattern, true))
    },
    mode: spec.mode ?? 'auto',
    start: spec.start,
    spec,
    place,
    ready,
  }
}

function readHeader(
  data: JsonObject,
  problem: ReferenceProblem,
): Pick<Template, 'name' | 'version' | 'description' | 'checked'> {
  if (data['apiVersion'] !== TEMPLATE_API_VERSION) {
    problem(['apiVersion'], `a template's apiVersion must be ${TEMPLATE_API_VERSION}`)
  }
  if (data['kind'] !== TEMPLATE_KIND) problem(['kind'], `a template's kind must be ${TEMPLATE_KIND}`)
  const metadata = isObject(data['metadata']) ? data['metadata'] : Object.create(null)
  const { name, version, description, checked } = metadata as JsonObject
  if (typeof name !== 'string' || !NAME.test(name)) {
    problem(['metadata', 'name'], 'a template requires a name of lower-case letters, digits and dashes, at most 63')
  }
  if (typeof version !== 'string' || !/^[A-Za-z0-9][-+.\w]{0,62}$/.test(version)) {
    problem(['metadata', 'version'], 'a template requires a version, a string such as "1.0.0"')
  }
  return {
    name: typeof name === 'string' ? name : '',
    version: typeof version === 'string' ? version : '',
    description: typeof description === 'string' ? description.trim() : '',
    // Both are texts, by the schema.
    checked: isObject(checked) ? { version: String(checked['version']), date: String(checked['date']) } : undefined,
  }
}

/** A TEMPLATE_INVALID at a field. */
export function templateProblem(
  place: TemplateDocument['place'],
  path: JsonPath,
  message: string,
  hint?: string,
): Diagnostic {
  return diagnostic('TEMPLATE_INVALID', message, { hint, at: place(path), path })
}
