import type { JsonObject } from '../json.ts'
import type { YamlDoc } from '../yaml/documents.ts'
import type { YamlNode } from '../yaml/node.ts'
import { blockLines } from '../yaml/render.ts'
import { learnBlockStyle } from '../yaml/style.ts'
import type { DocumentEditor } from './edits.ts'

/** A text with all its documents that hold something, in order. */
export interface Surroundings {
  text: string
  documents: readonly YamlDoc[]
}

/** Puts an object right behind a document: behind `---`, or as a further value in a stream of JSON. */
export function insertDocument(editor: DocumentEditor, behind: YamlDoc, object: JsonObject, { text, documents }: Surroundings): void {
  const eol = eolOf(text)
  const isStream = behind.format === 'json' && documents.every((doc) => doc.format === 'json') && !text.includes('\n---')
  if (isStream) {
    const at = (behind.root as YamlNode).end
    editor.splice({ start: at, end: at, text: eol + jsonLike(object, behind, text) })
    return
  }
  const body = behind.format === 'json' ? jsonLike(object, behind, text) : yamlLike(object, behind, text)
  const at = endOf(behind, documents)
  const document = `---${eol}${body}`
  editor.splice({ start: at, end: at, text: endsLine(text, at) ? document + eol : eol + document })
}

/** The end of a document with the comments behind it; of one in a stream of JSON, that of the stream. */
function endOf(doc: YamlDoc, documents: readonly YamlDoc[]): number {
  return documents.findLast((other) => inOneChunk(doc, other))?.end ?? doc.end
}

function inOneChunk(a: YamlDoc, b: YamlDoc): boolean {
  if (a.index > b.index) return inOneChunk(b, a)
  return !/^---/m.test(a.source.text.slice(a.start, b.start))
}

/** Puts an object in the place of a document's, and leaves comments around it. */
export function replaceDocument(editor: DocumentEditor, doc: YamlDoc, object: JsonObject, { text }: Surroundings): void {
  const { outerStart, end } = doc.root as YamlNode
  const body = doc.format === 'json' ? jsonLike(object, doc, text) : yamlLike(object, doc, text)
  editor.splice({ start: outerStart, end: withoutBreak(text, end), text: body })
}

/** Takes a document out, with its separator; comments around its object go to the document before. */
export function cutDocument(editor: DocumentEditor, doc: YamlDoc, { text, documents }: Surroundings): void {
  const { outerStart, end } = doc.root as YamlNode
  const cut = (from: number, to: number): void => editor.splice({ start: from, end: to, text: '' })
  const same = documents.filter((other) => inOneChunk(doc, other))
  const place = same.findIndex((other) => other.index === doc.index)
  const before = same[place - 1]
  const after = same[place + 1]
  if (before !== undefined) return cut((before.root as YamlNode).end, end)
  if (after !== undefined) return cut(outerStart, (after.root as YamlNode).outerStart)
  const separator = separatorBefore(text, doc.start)
  const [bodyStart, bodyEnd] = [lineStart(text, outerStart), lineEnd(text, end)]
  const hasComments = /^[ \t]*#/m.test(text.slice(doc.start, bodyStart)) || /^[ \t]*#/m.test(text.slice(bodyEnd, doc.end))
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

function withoutBreak(text: string, offset: number): number {
  if (text.charCodeAt(offset - 1) !== 10) return offset
  return text.charCodeAt(offset - 2) === 13 ? offset - 2 : offset - 1
}

function eolOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n'
}

function yamlLike(object: JsonObject, doc: YamlDoc, text: string): string {
  return blockLines(object, 0, learnBlockStyle(text, doc.root as YamlNode)).join(eolOf(text))
}

/** JSON with the indentation of the document's own, or on one line as it is. */
function jsonLike(object: JsonObject, doc: YamlDoc, text: string): string {
  const { start, end } = doc.root as YamlNode
  const unit = /^\{[ \t]*\r?\n([ \t]*)/.exec(text.slice(start, end))?.[1]
  const json = JSON.stringify(object, undefined, unit)
  return unit === undefined ? json : json.replaceAll('\n', eolOf(text))
}
