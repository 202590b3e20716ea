import type { SourceText } from '../../text/source.ts'
import { readRawDocument, splitDocuments } from './split.ts'

/** A line that is blank, a comment, or ends a document. */
const BLANK_LINE = /^(?:\s*(?:#.*)?|(?:---|\.\.\.)\s*(?:#.*)?)$/
/** A line with which only a document that is not empty can begin. */
const SPEAKING_LINE = /^["'A-Za-z][\w."'/-]*\s*:|^\s*[{[]/

/**
 * True for a text in which kubectl finds no object: only white space, comments, `---` and `null`. Source: cli-runtime
 * `StreamVisitor.Visit`, which skips documents that are empty or `null`.
 */
export function isBlankText(source: SourceText): boolean {
  const { text } = source
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end < 0 ? text.length : end).trimEnd()
    if (!BLANK_LINE.test(line)) return !SPEAKING_LINE.test(line) && holdsNullsOnly(source)
    if (end < 0) return true
    at = end + 1
  }
  return true
}

function holdsNullsOnly(source: SourceText): boolean {
  return splitDocuments(source).every(
    (raw) =>
      raw.badSeparator === undefined &&
      readRawDocument(raw).every((doc) => 'root' in doc && doc.ignored === undefined && (doc.data ?? null) === null),
  )
}
