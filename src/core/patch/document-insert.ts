import type { JsonObject } from '../json/json.ts'
import type { YamlDocument } from '../yaml/read/split.ts'
import type { YamlNode } from '../yaml/read/node.ts'
import { blockLines } from '../yaml/edit/serialize.ts'
import { EditLayoutError } from '../yaml/edit/edit-error.ts'
import { learnBlockStyle } from '../yaml/edit/style.ts'
import type { DocumentEditor } from './document-editor.ts'

/** What is known about the text around documents that are added or removed. */
export interface Surroundings {
  readonly text: string
  readonly eol: string
  /** True for nothing but JSON, value behind value. */
  readonly isStream: boolean
  /** By a document's index. */
  readonly neighbours: ReadonlyMap<number, Neighbours>
}

/** The documents between the same `---` lines: there are several only in a stream of JSON. */
interface Neighbours {
  before: YamlDocument | undefined
  after: YamlDocument | undefined
  last: YamlDocument
}

/** @param chunks all documents of a text that hold something, by the `---` lines between them */
export function surroundingsOf(text: string, chunks: readonly (readonly YamlDocument[])[]): Surroundings {
  const isJson = chunks.every((documents) => documents.every(({ format }) => format === 'json'))
  return {
    text,
    eol: /\r?\n/.exec(text)?.[0] ?? '\n',
    isStream: isJson && !text.includes('\n---'),
    neighbours: new Map(
      chunks.flatMap((documents) =>
        documents.map(
          ({ index }, n) =>
            [
              index,
              { before: documents[n - 1], after: documents[n + 1], last: documents.at(-1) as YamlDocument },
            ] as const,
        ),
      ),
    ),
  }
}

/**
 * Puts an object right behind a document: behind `---`, or as a further value in a stream of JSON.
 * @throws EditLayoutError where there is no place for one
 */
export function insertDocument(
  editor: DocumentEditor,
  behind: YamlDocument,
  object: JsonObject,
  around: Surroundings,
): void {
  const { text, eol, isStream, neighbours } = around
  if (isStream) {
    const at = (behind.root as YamlNode).end
    editor.splice({ start: at, end: at, text: eol + jsonLike(object, behind, around) })
    return
  }
  const body = behind.format === 'json' ? jsonLike(object, behind, around) : yamlLike(object, behind, around)
  // With the comments behind it; in a stream of JSON, behind the stream.
  const at = (neighbours.get(behind.index)?.last ?? behind).end
  const document = `---${eol}${body}`
  // A `---` line begins behind LF, which would make one break with a CR; nobody could tell what was there before.
  if (text.charCodeAt(at - 1) === 13)
    throw new EditLayoutError(
      'the file ends with CR, after which no document can start',
      at - 1,
      'end the file with LF',
    )
  editor.splice({ start: at, end: at, text: endsLine(text, at) ? document + eol : eol + document })
}

/** Puts an object in the place of a document's, and leaves comments around it. */
export function replaceDocument(
  editor: DocumentEditor,
  doc: YamlDocument,
  object: JsonObject,
  around: Surroundings,
): void {
  const { propertiesStart, end } = doc.root as YamlNode
  const body = doc.format === 'json' ? jsonLike(object, doc, around) : yamlLike(object, doc, around)
  editor.splice({ start: propertiesStart, end, text: body })
}

/** Takes a document out, with its separator; comments around its object go to the document before. */
export function cutDocument(editor: DocumentEditor, doc: YamlDocument, { text, neighbours }: Surroundings): void {
  const { propertiesStart, end } = doc.root as YamlNode
  const cut = (from: number, to: number): void => editor.splice({ start: from, end: to, text: '' })
  const { before, after } = neighbours.get(doc.index) ?? {}
  if (before !== undefined) return cut((before.root as YamlNode).end, end)
  if (after !== undefined) return cut(propertiesStart, (after.root as YamlNode).propertiesStart)
  const separator = separatorBefore(text, doc.start)
  const [bodyStart, bodyEnd] = [lineStart(text, propertiesStart), lineEnd(text, end)]
  const hasComments =
    /^[ \t]*#/m.test(text.slice(doc.start, bodyStart)) || /^[ \t]*#/m.test(text.slice(bodyEnd, doc.end))
  if (!hasComments && separator < doc.start) return cut(separator, doc.end)
  if (!hasComments) return cut(doc.start, lineEnd(text, doc.end))
  if (separator < doc.start) cut(separator, doc.start)
  cut(bodyStart, bodyEnd)
}

/** Where the `---` line before a document begins; the document's own start where there is none. */
function separatorBefore(text: string, start: number): number {
  if (start === 0) return start
  const at = lineStart(text, start - 1)
  return text.startsWith('---', at) ? at : start
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

function lineEnd(text: string, offset: number): number {
  if (endsLine(text, offset)) return offset
  const at = text.indexOf('\n', offset)
  return at < 0 ? text.length : at + 1
}

function endsLine(text: string, offset: number): boolean {
  return offset === 0 || text.charCodeAt(offset - 1) === 10
}

function yamlLike(object: JsonObject, doc: YamlDocument, { text, eol }: Surroundings): string {
  return blockLines(object, 0, learnBlockStyle(text, doc.root as YamlNode)).join(eol)
}

/** JSON with the indentation of the document's own, or on one line as it is. */
function jsonLike(object: JsonObject, doc: YamlDocument, { text, eol }: Surroundings): string {
  const { start, end } = doc.root as YamlNode
  const unit = /^\{[ \t]*\r?\n([ \t]*)/.exec(text.slice(start, end))?.[1]
  const json = JSON.stringify(object, undefined, unit)
  return unit === undefined ? json : json.replaceAll('\n', eol)
}
