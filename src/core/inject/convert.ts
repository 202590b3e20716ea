import { badSeparator, directive, unreadable, shapeProblem, ignoredText } from '../validate/read-diagnostics.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { emptyObject, isObject, UNSAFE_IN_JSON, type Json } from '../json/json.ts'
import type { FileResult } from './result.ts'
import { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments, type Unreadable, type YamlDocument } from '../yaml/read/split.ts'
import { exactData, exactJsonText, type ExactJson } from '../yaml/read/exact.ts'
import { blockLines, DEFAULT_STYLE } from '../yaml/edit/serialize.ts'

type ExactObject = { [key: string]: ExactJson }

/**
 * Errors that keep the inputs from being converted: documents that cannot be read, or that are not objects, have no
 * place in the result.
 */
export function conversionErrors(files: readonly FileResult[]): Diagnostic[] {
  return files.flatMap(({ source }) =>
    readAll(source).flatMap((doc) => {
      const errors = doc.badSeparator === undefined ? [] : [badSeparator(doc, doc.badSeparator)]
      if (doc.directive) errors.push(directive(doc))
      if ('error' in doc) return errors.length > 0 ? errors : [unreadable(doc)]
      if (doc.ignored !== undefined && doc.isStreamed) errors.push(ignoredText(doc, doc.ignored))
      const problem = doc.root === undefined || doc.data === null ? undefined : shapeProblem(doc)
      if (problem !== undefined) errors.push(problem)
      return errors
    }),
  )
}

/**
 * All objects of the results as JSON, indented by four spaces, as `kubectl get -o json` prints them: a single object as
 * it is, several as a `kind: List`. Lists in the inputs are expanded. Integers of any size are exact.
 */
export function toJson(files: readonly FileResult[]): string {
  const objects = files.flatMap(({ source, output }) =>
    readAll(new SourceText(source.label, output)).flatMap(objectsIn),
  )
  const items = objects.flatMap((object): ExactJson[] =>
    object['kind'] === 'List' && Array.isArray(object['items']) ? object['items'] : [object],
  )
  const [only] = items
  const whole = items.length === 1 && only !== undefined ? only : list(items)
  return `${exactJsonText(whole, '    ')}\n`.replace(
    UNSAFE_IN_JSON,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function list(items: ExactJson[]): ExactObject {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }
}

/** A result as YAML: text that is YAML stays as it is, JSON objects become documents in block style. */
export function toYaml({ source, output }: FileResult): string {
  const docs = readAll(new SourceText(source.label, output))
  const objects = docs.map((doc) => ('root' in doc && doc.format === 'json' ? objectOf(doc) : undefined))
  if (objects.includes(undefined)) return output
  return objects.map((object) => `${blockLines(object as Json, 0, DEFAULT_STYLE).join('\n')}\n`).join('---\n')
}

function readAll(source: SourceText): (YamlDocument | Unreadable)[] {
  return splitDocuments(source).flatMap(readRawDocument)
}

function objectsIn(doc: YamlDocument | Unreadable): ExactObject[] {
  const object = objectOf(doc)
  return object === undefined ? [] : [object]
}

function objectOf(doc: YamlDocument | Unreadable): ExactObject | undefined {
  if ('error' in doc || doc.root === undefined || !isObject(doc.data)) return undefined
  return Object.assign(emptyObject() as ExactObject, exactData(doc.root, doc.data))
}
