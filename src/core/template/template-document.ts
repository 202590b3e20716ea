import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject } from '../json/json.ts'
import type { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import { locate } from '../yaml/read/construct.ts'
import type { TemplateDocument } from './parse-template.ts'

/** In `{...}` and `[...]` the braces of a bare placeholder are those of YAML, which does not know placeholders. */
function placeholderHint({ text }: SourceText, offset: number): { hint?: string } {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const end = text.indexOf('\n', offset)
  const bare = /(?<!['"$][^'"{}[\],]*)\$\{\{[^{}]*\}\}/.exec(text.slice(start, end < 0 ? undefined : end))?.[0]
  return bare === undefined ? {} : { hint: `inside { } and [ ] a placeholder must be quoted: '${bare}'` }
}

/** What only a chart's template has: an action of Go's templates where YAML would begin a map. */
const HELM_ACTION =
  /(?<!\$)\{\{-? ?(?:\.[A-Za-z]|(?:if|range|include|with|end|toYaml|template|define|tpl) )[^{}\n]{0,200}\}\}/

/** A file that cannot be read, as it is in the language of Helm. */
function helmSyntax(source: SourceText): Diagnostic | undefined {
  const found = HELM_ACTION.exec(source.text)
  if (found === null) return undefined
  const range = { start: found.index, end: found.index + found[0].length }
  const message = 'this is the syntax of Helm charts, which templates of sidecars do not have'
  const hint = 'declare a parameter and write ${{ params.NAME }}; conditions are $when'
  return diagnostic('TEMPLATE_INVALID', message, { at: { source, range }, hint })
}

/** Reads the one document of a template file. What keeps it from being read is a diagnostic with its place. */
export function readTemplateDocument(source: SourceText): { document?: TemplateDocument; diagnostics: Diagnostic[] } {
  const docs = splitDocuments(source).flatMap(readRawDocument)
  const [doc, ...more] = docs.filter((d) => 'error' in d || d.root !== undefined)
  if (doc === undefined || more.length > 0) {
    const at = { source, range: { start: more[0]?.start ?? 0, end: more[0]?.start ?? 0 } }
    return {
      diagnostics: [diagnostic('TEMPLATE_INVALID', 'a template file must contain exactly one document', { at })],
    }
  }
  if ('error' in doc) {
    const { message, offset } = doc.error
    const helm = helmSyntax(source)
    if (helm !== undefined) return { diagnostics: [helm] }
    const at = { source, range: { start: offset, end: offset } }
    return { diagnostics: [diagnostic('YAML_SYNTAX', message, { at, ...placeholderHint(source, offset) })] }
  }
  const { root, data } = doc
  if (root === undefined || !isObject(data)) {
    const at = { source, range: { start: doc.start, end: doc.start } }
    return {
      diagnostics: [diagnostic('DOCUMENT_NOT_OBJECT', 'a template must be a map with apiVersion and kind', { at })],
    }
  }
  const diagnostics = doc.duplicates.map(({ name, first, second }) =>
    diagnostic('YAML_DUPLICATE_KEY', `duplicate key ${name}`, {
      at: { source, range: second },
      related: [{ message: 'first defined here', at: { source, range: first } }],
    }),
  )
  if (diagnostics.length > 0) return { diagnostics }
  return { document: { data, place: (path) => ({ source, range: locate(root, path) }) }, diagnostics }
}
