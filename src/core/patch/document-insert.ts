import type { JsonObject } from '../json/json.ts'
import type { YamlDocument } from '../yaml/read/split.ts'
import type { YamlNode } from '../yaml/read/node.ts'
import { blockLines } from '../yaml/edit/serialize.ts'
import { EditLayoutError } from '../yaml/edit/edit-error.ts'
import { learnBlockStyle } from '../yaml/edit/style.ts'
import type { DocumentEditor } from './document-editor.ts'

/** The text around documents that are added or removed. */
export interface Surroundings {
  readonly text: string
  readonly eol: string
  /** True for a stream of JSON values without `---` lines. */
  readonly isStream: boolean
  /** By the document's index. */
  readonly neighbours: ReadonlyMap<number, Neighbours>
}

/** The documents between the same two `---` lines; only in a stream of JSON is there more than one. */
interface Neighbours {
  before: YamlDocument | undefined
  after: YamlDocument | undefined
  last: YamlDocument
}

/**
 * Collects what surrounds the documents of a text.
 * @param sections all documents that are not empty, grouped by the `---` lines between them
 */
export function surroundingsOf(text: string, sections: readonly (readonly YamlDocument[])[]): Surroundings {
  const isJson = sections.every((documents) => documents.every(({ format }) => format === 'json'))
  const last = sections.at(-1)?.at(-1)?.root
  // A comment may follow one value, but not two (apimachinery `YAMLOrJSONDecoder`).
  const hasRest = last !== undefined && text.slice(last.end).trim() !== ''
  return {
    text,
    eol: /\r?\n/.exec(text)?.[0] ?? '\n',
    isStream: isJson && !hasRest && !text.includes('\n---'),
    neighbours: new Map(
      sections.flatMap((documents) =>
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
 * Inserts an object right after a document: as a new document after `---`, or as the next value in a stream of JSON.
 * @throws EditLayoutError where no document can follow
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
  // After the comments that follow it, or after the last value of its stream of JSON.
  const at = (neighbours.get(behind.index)?.last ?? behind).end
  const document = `---${eol}${body}`
  // The LF before `---` and the CR would form one line break, and the original could not be restored.
  if (text.charCodeAt(at - 1) === 13)
    throw new EditLayoutError(
      'the file ends with CR, after which no document can start',
      at - 1,
      'end the file with LF',
    )
  editor.splice({ start: at, end: at, text: endsLine(text, at) ? document + eol : eol + document })
}

/** Replaces the object of a document; comments around it stay. */
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

/** Removes a document with its separator; comments around its object become part of the previous document. */
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

/** The offset of the `---` line before a document; the document's own start where there is none. */
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

/** An object as JSON, indented as the document is, or on one line if the document is. */
function jsonLike(object: JsonObject, doc: YamlDocument, { text, eol }: Surroundings): string {
  const { start, end } = doc.root as YamlNode
  const unit = /^\{[ \t]*\r?\n([ \t]*)/.exec(text.slice(start, end))?.[1]
  const json = JSON.stringify(object, undefined, unit)
  return unit === undefined ? json : json.replaceAll('\n', eol)
}
