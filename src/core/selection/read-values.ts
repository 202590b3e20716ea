import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject } from '../json/json.ts'
import type { SourceText } from '../text/source.ts'
import { locate } from '../yaml/read/construct.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import type { ParameterSetting } from './selection.ts'

/**
 * Reads a file of values: a map from names of sidecars to maps from names of parameters to values, as `parameters` of
 * the policy file. Its names are checked together with those of the flags, as both have the same precedence.
 * @returns the settings with their places, or what is wrong with the file
 */
export function readValues(source: SourceText): { settings: ParameterSetting[]; diagnostics: Diagnostic[] } {
  const docs = splitDocuments(source).flatMap(readRawDocument)
  const [doc, ...more] = docs.filter((d) => 'error' in d || d.root !== undefined)
  const wrong = (message: string, start: number, end = start) => {
    const hint = 'write it as {SIDECAR: {PARAMETER: VALUE}}'
    return {
      settings: [],
      diagnostics: [diagnostic('VALUES_INVALID', message, { at: { source, range: { start, end } }, hint })],
    }
  }
  if (doc === undefined) return { settings: [], diagnostics: [] }
  if (more[0] !== undefined) return wrong('a file of values must contain exactly one document', more[0].start)
  if ('error' in doc) {
    const range = { start: doc.error.offset, end: doc.error.offset }
    return { settings: [], diagnostics: [diagnostic('YAML_SYNTAX', doc.error.message, { at: { source, range } })] }
  }
  const { root, data } = doc
  if (root === undefined || !isObject(data))
    return wrong('a file of values must be a map from sidecars to their parameters', doc.start)
  const [twice] = doc.duplicates
  if (twice !== undefined) return wrong(`duplicate key "${twice.name}"`, twice.second.start, twice.second.end)
  const settings: ParameterSetting[] = []
  for (const [template, values] of Object.entries(data)) {
    if (!isObject(values)) {
      const { start, end } = locate(root, [template])
      return wrong(`the values of ${template} must be a map from parameters to values`, start, end)
    }
    for (const [name, value] of Object.entries(values)) {
      const at = { source, range: locate(root, [template, name]) }
      settings.push({ template, name, value, data: true, at, origin: `--values ${source.label}` })
    }
  }
  return { settings, diagnostics: [] }
}
