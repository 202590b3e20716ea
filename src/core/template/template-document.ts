import type { DiagnosticCode } from '../diagnostics/codes.ts'
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

/** The messages of a format whose files are one document each, a map. */
export interface DocumentWords {
  notOne: Words
  notMap: Words
  /** For a file of a Helm chart, which YAML cannot read. */
  helm: Words
}

interface Words {
  code: DiagnosticCode
  message: string
  hint?: string
}

const TEMPLATE_WORDS: DocumentWords = {
  notOne: { code: 'TEMPLATE_INVALID', message: 'a template file must contain exactly one document' },
  notMap: { code: 'DOCUMENT_NOT_OBJECT', message: 'a template must be a map with apiVersion and kind' },
  helm: {
    code: 'TEMPLATE_INVALID',
    message: 'this is the syntax of Helm charts, which templates of sidecars do not have',
    hint: 'declare a parameter and write ${{ params.NAME }}; conditions are $when',
  },
}

/** Reads the one document of a template file. What keeps it from being read is a diagnostic with its place. */
export function readTemplateDocument(source: SourceText): { document?: TemplateDocument; diagnostics: Diagnostic[] } {
  return readSingleDocument(source, TEMPLATE_WORDS)
}

/** The same for a file of another format. */
export function readSingleDocument(
  source: SourceText,
  words: DocumentWords,
): { document?: TemplateDocument; diagnostics: Diagnostic[] } {
  const problem = ({ code, message, hint }: Words, start: number, end = start) => ({
    diagnostics: [diagnostic(code, message, { at: { source, range: { start, end } }, hint })],
  })
  const docs = splitDocuments(source).flatMap(readRawDocument)
  const [doc, ...more] = docs.filter((d) => 'error' in d || d.root !== undefined)
  if (doc === undefined || more.length > 0) return problem(words.notOne, more[0]?.start ?? 0)
  if ('error' in doc) {
    const { message, offset } = doc.error
    const helm = HELM_ACTION.exec(source.text)
    if (helm !== null) return problem(words.helm, helm.index, helm.index + helm[0].length)
    const at = { source, range: { start: offset, end: offset } }
    return { diagnostics: [diagnostic('YAML_SYNTAX', message, { at, ...placeholderHint(source, offset) })] }
  }
  const { root, data } = doc
  if (root === undefined || !isObject(data)) return problem(words.notMap, doc.start)
  const diagnostics = doc.duplicates.map(({ name, first, second }) =>
    diagnostic('YAML_DUPLICATE_KEY', `duplicate key "${name}"`, {
      at: { source, range: second },
      related: [{ message: 'first defined here', at: { source, range: first } }],
    }),
  )
  if (diagnostics.length > 0) return { diagnostics }
  return { document: { data, place: (path) => ({ source, range: locate(root, path) }) }, diagnostics }
}
