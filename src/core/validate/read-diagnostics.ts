import { append } from '../common/append.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject } from '../json/json.ts'
import type { TextRange } from '../text/source.ts'
import type { RawDocument, Unreadable, YamlDocument } from '../yaml/read/split.ts'
import type { YamlNode } from '../yaml/read/node.ts'
import { NO_COLON, NO_KEY, NO_VALUE_HERE } from '../yaml/read/token.ts'

/** The diagnostic of a document that kubectl cannot parse, or that is nested deeper than the limit. */
export function unreadable(doc: Unreadable): Diagnostic {
  const { offset, message, trouble } = doc.error
  const braces = findBraces(doc.source.text.slice(doc.start, doc.end))
  if (braces !== undefined) return templateText(doc, doc.start + braces, 'error')
  const marker = trouble === 'syntax' ? /^<{7}(?: .*)?$/m.exec(doc.source.text.slice(doc.start, doc.end)) : null
  if (marker !== null) {
    const start = doc.start + marker.index
    const hint = 'resolve the conflict; keep the annotations injected.sidecarctl.dev/NAME of both branches'
    return problem(
      doc,
      'YAML_SYNTAX',
      'kubectl could not read this: it has git conflict markers in it',
      { start, end: start + marker[0].length },
      hint,
    )
  }
  const range = { start: offset, end: offset + 1 }
  if (trouble === 'depth')
    return problem(doc, 'YAML_DEPTH', `this is ${message}`, range, 'nest it less, or leave it out of this file')
  return problem(doc, TROUBLE[trouble], `kubectl could not read this: ${message}`, range, SYNTAX_HINTS[message])
}

const TROUBLE = { syntax: 'YAML_SYNTAX', alias: 'YAML_ALIAS', unsupported: 'YAML_UNSUPPORTED' } as const

/** What to do, by the message. */
const SYNTAX_HINTS: Readonly<Record<string, string>> = {
  [NO_VALUE_HERE]: "put the value in quotes if it contains ': ', or correct the indentation of the line",
  [NO_COLON]: "add ': ' and a value, or indent the line if it continues the value above",
  [NO_KEY]: 'correct the indentation: all keys of a map begin in the same column',
}

/** Diagnostics of the line that begins a document, and of the directives before it. */
export function separatorProblems(chunk: RawDocument): Diagnostic[] {
  return [
    ...(chunk.directive ? [directive(chunk)] : []),
    ...(chunk.badSeparator === undefined ? [] : [badSeparator(chunk, chunk.badSeparator)]),
  ]
}

/** A `%` directive is valid YAML, but kubectl splits the input at the `---` after it. */
export function directive(chunk: RawDocument): Diagnostic {
  const line = /^%[^\r\n]*/m.exec(chunk.source.text.slice(chunk.start, chunk.end))
  const start = chunk.start + (line?.index ?? 0)
  const message = "kubectl cuts documents at '---' and then finds a % directive without a document"
  const range = { start, end: start + (line?.[0].length ?? 1) }
  return problem(chunk, 'YAML_SYNTAX', message, range, 'remove the line: kubectl needs no directives')
}

export function badSeparator(chunk: RawDocument, range: TextRange): Diagnostic {
  const message = "only a comment may follow '---' on the same line"
  return problem(chunk, 'YAML_SYNTAX', message, range, 'move the rest to the next line')
}

/** A `---` after objects in JSON, where kubectl accepts only another object. */
export function behindJson(chunk: RawDocument): Diagnostic {
  const message = "kubectl before 1.33 could not read this: no '---' may follow a JSON object"
  const hint = "begin the file with a line '---', and put one between objects"
  return problem(chunk, 'YAML_SYNTAX', message, firstLine(chunk), hint)
}

/** YAML that follows an object in JSON without a `---`. */
export function yamlBehindJson(doc: RawDocument): Diagnostic {
  const message = 'kubectl before 1.33 could not read this: only another JSON object may follow a JSON object'
  const hint = "begin the file with a line '---', and put one between objects"
  return problem(doc, 'YAML_SYNTAX', message, firstLine(doc), hint)
}

/** A list without items, of which kubectl says that no objects were passed. */
export function emptyList(doc: YamlDocument): Diagnostic {
  const root = doc.root as YamlNode
  const at = { start: root.propertiesStart, end: Math.min(root.end, root.propertiesStart + 1) }
  return problem(
    doc,
    'LIST_EMPTY',
    'no objects passed to apply: the list has no items',
    at,
    'omit this input, or add items',
  )
}

/**
 * Text after the end of a document, which kubectl ignores: go-yaml's `Unmarshal` reads one document, and kubectl splits
 * only at a line feed and `---`.
 */
export function ignoredText(doc: YamlDocument, range: TextRange): Diagnostic {
  if (doc.isStreamed) {
    const message = 'kubectl could not read this: only another JSON object may follow a JSON object'
    return problem(doc, 'YAML_SYNTAX', message, range, "remove it, or put a line '---' before it")
  }
  const mark = /(?:^|[\r\n\u0085\u2028\u2029])(---|\.\.\.)\s[^]*$/.exec(
    doc.source.text.slice(doc.root?.end ?? doc.start, range.start),
  )?.[1]
  if (mark === undefined) {
    const message = 'kubectl ignores this without warning: it reads only one value of a document'
    return problem(doc, 'DOCUMENT_IGNORED', message, range, "put a line '---' before it")
  }
  const isEnd = mark === '...'
  const message = isEnd
    ? "kubectl ignores this without warning, because it follows '...'"
    : "kubectl ignores this without warning: the '---' before it does not follow a line feed"
  const hint = isEnd ? "put a line '---' before it, or remove it" : "end the line before '---' with a line feed"
  return problem(doc, 'DOCUMENT_IGNORED', message, range, hint)
}

/** A document that is not an object with apiVersion and kind; undefined when it is one. */
export function shapeProblem(doc: YamlDocument): Diagnostic | undefined {
  const root = doc.root as YamlNode
  const at = { start: root.propertiesStart, end: Math.min(root.end, root.propertiesStart + 1) }
  if (!isObject(doc.data)) {
    const what = Array.isArray(doc.data) ? 'a list' : 'a single value'
    const hint =
      'an object has apiVersion, kind and metadata; put several objects in separate documents, with --- between them'
    return problem(doc, 'DOCUMENT_NOT_OBJECT', `this document is ${what}, not a Kubernetes object`, at, hint)
  }
  const { data } = doc
  const missing = ['apiVersion', 'kind'].filter((name) => typeof data[name] !== 'string' || data[name] === '')
  if (missing.length === 0) return undefined
  const braces = plainBraces(doc, root)[0]
  if (braces !== undefined) return templateText(doc, braces, 'error')
  const message = `this document has no ${missing.join(' and no ')}, so it is not a Kubernetes object`
  return problem(doc, 'DOCUMENT_NO_KIND', message, at, `add ${missing.join(' and ')}, or leave this file out`)
}

/**
 * Keys that occur twice in a map, of which the API server sees only the second.
 * @param severityOf the severity for a key, by its name and the offset of its second occurrence
 */
export function duplicateKeys(
  doc: YamlDocument,
  within: YamlNode,
  severityOf: (name: string, offset: number) => 'error' | 'warning' = () => 'warning',
): Diagnostic[] {
  if (doc.duplicates.length === 0) return []
  const inside = doc.duplicates.slice(
    firstFrom(doc.duplicates, within.propertiesStart),
    firstFrom(doc.duplicates, within.end),
  )
  return inside.map(({ name, first, second }): Diagnostic => {
    const message = `duplicate key "${name}"; kubectl keeps the last one without warning`
    const found = problem(doc, 'YAML_DUPLICATE_KEY', message, second, 'remove one of them')
    found.severity = severityOf(name, second.start)
    found.related = [{ message: 'first defined here', at: { source: doc.source, range: first } }]
    return found
  })
}

/** The index of the first duplicate whose second key begins at an offset or after it. */
function firstFrom(duplicates: YamlDocument['duplicates'], offset: number): number {
  let [low, high] = [0, duplicates.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((duplicates[middle]?.second.start ?? Infinity) < offset) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Warnings of double braces in unquoted text: Kubernetes reads them as text, but most likely a template was not
 * rendered.
 */
export function braceWarnings(doc: YamlDocument, within: YamlNode): Diagnostic[] {
  return plainBraces(doc, within).map((offset) => templateText(doc, offset, 'warning'))
}

/** The diagnostic of double braces, as in an unrendered template of Helm. */
export function templateText(chunk: RawDocument, offset: number, severity: 'error' | 'warning'): Diagnostic {
  const message = 'this is an unrendered template: it has {{ }} outside quotes'
  const hint = 'render it first, for example with helm template, and pass the output'
  return { ...problem(chunk, 'TEMPLATE_TEXT', message, { start: offset, end: offset + 2 }, hint), severity }
}

function problem(
  chunk: RawDocument,
  code: Diagnostic['code'],
  message: string,
  range: TextRange,
  hint?: string,
): Diagnostic {
  const at = { source: chunk.source, range }
  return diagnostic(code, message, { at, document: chunk.index, hint })
}

/** The first line of a document that is not blank. */
export function firstLine({ source, start, end }: RawDocument): TextRange {
  const match = /\S[^\n]*/.exec(source.text.slice(start, end))
  if (match === null) return { start, end: Math.max(start, end) }
  return { start: start + match.index, end: start + match.index + match[0].trimEnd().length }
}

/** The offset of double braces outside quotes and comments; undefined when there are none. */
function findBraces(text: string): number | undefined {
  let offset = 0
  for (const line of text.split('\n')) {
    const bare = line
      .replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length))
      .replace(/(?:^|\s)#.*$/, '')
    const at = bare.indexOf('{{')
    if (at >= 0) return offset + at
    offset += line.length + 1
  }
  return undefined
}

/** Offsets of plain scalars with double braces in them. */
export function plainBraces({ source }: YamlDocument, root: YamlNode): number[] {
  // Folding puts a space between lines, so braces that are adjacent in a value are adjacent in the text, too.
  if (!source.text.slice(root.propertiesStart, root.end).includes('{{')) return []
  const found: number[] = []
  const rest = [root]
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (node.type === 'scalar' && node.style === 'plain' && node.value.includes('{{'))
      found.push(node.start + node.value.indexOf('{{'))
    else if (node.type === 'seq') append(rest, node.items)
    else if (node.type === 'map') for (const { key, value } of node.pairs) rest.push(key, value)
  }
  return found.sort((a, b) => a - b)
}
