import type { Json } from '../json.ts'
import type { Range, SourceText } from '../text/source.ts'
import { DataBuilder, type DuplicateKey } from './data.ts'
import { parseJson } from './json-text.ts'
import type { YamlNode } from './node.ts'
import { readOrdinary } from './ordinary.ts'
import { parseYaml } from './parse.ts'
import type { Window } from './scan-scalar.ts'
import { YamlError } from './token.ts'

/** One document of an input, not read yet. */
export interface Chunk {
  source: SourceText
  /** 0-based index in the input; comment-only and empty documents count. */
  index: number
  /** 0-based offsets of its text, without the `---` line before it. */
  start: number
  end: number
  /** Text behind `---` on its line, which kubectl refuses. */
  badSeparator: Range | undefined
  /** True when a `%` directive stands before it, which kubectl does not get past. */
  directive: boolean
}

/** A document as nodes and as plain data. */
export interface YamlDoc extends Chunk {
  /** Undefined for an empty or comment-only document. */
  root: YamlNode | undefined
  data: Json | undefined
  format: 'yaml' | 'json'
  /** True when nodes have anchors, so that an edit must look out for other places. */
  anchors: boolean
  duplicates: readonly DuplicateKey[]
}

/** A document that kubectl could not read. */
export interface Unreadable extends Chunk {
  error: Pick<YamlError, 'message' | 'offset' | 'trouble'>
}

const SEPARATOR = /^---[^\n]*/gm
const ONLY_DIRECTIVES = /^(?:[ \t\r\n]|#[^\n]*|%[^\n]*)*$/

/**
 * Splits an input at its `---` lines as kubectl does (apimachinery `util/yaml`): a line that begins with `---` ends
 * a document wherever it stands, and may hold nothing else but a comment.
 */
export function splitDocuments(source: SourceText): Chunk[] {
  const { text } = source
  const chunks: Chunk[] = []
  let start = 0
  /** Where the text begins that kubectl has not handed on yet. */
  let buffer = 0
  let badSeparator: Range | undefined
  let directive = false
  const push = (end: number): void => {
    chunks.push({ source, index: chunks.length, start, end, badSeparator, directive })
  }
  SEPARATOR.lastIndex = 0
  for (let match = SEPARATOR.exec(text); match !== null; match = SEPARATOR.exec(text)) {
    // The `m` flag also takes LS, PS and a lone CR as line starts; kubectl splits at LF only.
    if (match.index > 0 && text.charCodeAt(match.index - 1) !== 10) continue
    const before = text.slice(start, match.index)
    const lineEnd = match.index + match[0].length
    const next = Math.min(lineEnd + 1, text.length)
    if (ONLY_DIRECTIVES.test(before) && /^%/m.test(before)) {
      directive = true
      continue
    }
    if (chunks.length > 0 || start > 0 || before.trim() !== '') push(match.index)
    const rest = match[0].slice(3).trim()
    // Where kubectl's buffer is empty the line stays in it, and there `---#` is the beginning of a plain scalar.
    const isText = match.index === buffer && match[0].startsWith('---#')
    if (match.index > buffer) buffer = next
    badSeparator = (rest === '' || rest.startsWith('#')) && !isText ? undefined : { start: match.index, end: lineEnd }
    directive = false
    start = next
  }
  push(text.length)
  return chunks
}

/**
 * Reads the documents of a chunk: one for YAML, one or more for a stream of JSON values.
 * `index` numbers go on from the chunk's own, so a caller numbers following chunks by what came before.
 */
export function readChunk(chunk: Chunk): (YamlDoc | Unreadable)[] {
  const out: (YamlDoc | Unreadable)[] = []
  let { start } = chunk
  for (;;) {
    const part = { ...chunk, start, index: chunk.index + out.length }
    const doc = readOne(part)
    out.push(doc)
    if (!('root' in doc) || doc.format !== 'json' || doc.root === undefined) return out
    const rest = chunk.source.text.slice(doc.root.end, chunk.end)
    if (!/^\s*\{/.test(rest)) return out
    doc.end = doc.root.end
    start = doc.root.end
  }
}

function readOne(chunk: Chunk): YamlDoc | Unreadable {
  const window = { text: chunk.source.text, start: chunk.start, end: chunk.end }
  const isBraced = beginsWithBrace(window.text, window.start, window.end)
  const ordinary = isBraced ? undefined : readOrdinary(window)
  if (ordinary !== undefined) return { ...chunk, ...ordinary, format: 'yaml', anchors: false }
  try {
    const { root, format, anchors } = isBraced ? parseBraced(window) : { ...parseYaml(window), format: 'yaml' as const }
    const builder = new DataBuilder()
    const data = root === undefined ? undefined : builder.build(root)
    return { ...chunk, root, data, duplicates: builder.duplicates, format, anchors }
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const { message, offset, trouble } = error
    return { ...chunk, error: { message, offset, trouble } }
  }
}

/** JSON, or the flow YAML that begins like it. */
function parseBraced(window: Window): Pick<YamlDoc, 'root' | 'format' | 'anchors'> {
  try {
    return { root: parseJson(window).root, format: 'json', anchors: false }
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    // Flow YAML such as `{a: b}` begins like JSON; newer kubectl goes on with YAML here.
    return { ...parseYaml(window), format: 'yaml' }
  }
}

/** How far kubectl looks for the brace that makes a stream JSON. */
const BRACE_WITHIN = 4096

function beginsWithBrace(text: string, start: number, end: number): boolean {
  return /^\s*\{/.test(text.slice(start, Math.min(end, start + BRACE_WITHIN)))
}
