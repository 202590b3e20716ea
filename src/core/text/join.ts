import { jsonForYaml, splitJsonObjects } from './json-stream.ts'

/** How a text begins, which decides on the separator before it. */
type Opening = 'marker' | 'directive' | 'comments' | 'content'
/** How a text ends: after nothing but comments, after a bare `---`, or in a document. */
type Ending = 'nothing' | 'marker' | 'dots' | 'content'

const MARKER = /^---(?:[ \t]|$)/
const BARE_MARKER = /^---[ \t]*(?:$|[ \t]#)/
const DOTS = /^\.\.\.(?:[ \t]|$)/
const LINE_END = /\r\n|\n|\r/

/** Whether a line neither ends nor extends a scalar, at any position. */
function isComment(line: string): boolean {
  return line.startsWith('#')
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}

function* linesBackward(text: string): Generator<string> {
  let end = text.length
  while (end >= 0) {
    const start = Math.max(text.lastIndexOf('\n', end - 1), text.lastIndexOf('\r', end - 1)) + 1
    yield text.slice(start, end)
    if (start === 0) return
    end = start - 1
  }
}

function* linesForward(text: string): Generator<string> {
  const pattern = /\r\n|\n|\r/g
  let start = 0
  for (;;) {
    const match = pattern.exec(text)
    yield text.slice(start, match?.index ?? text.length)
    if (match === null) return
    start = pattern.lastIndex
  }
}

/**
 * How a text begins. Blank or indented lines at its very start count as content: after a block scalar they would
 * become part of that scalar.
 */
function opening(text: string): Opening {
  let first = true
  for (const line of linesForward(text)) {
    if (MARKER.test(line)) return 'marker'
    if (line.startsWith('%')) return 'directive'
    if (!isComment(line) && (first || !isBlank(line))) return 'content'
    first = false
  }
  return 'comments'
}

function ending(text: string): Ending {
  for (const line of linesBackward(text)) {
    if (BARE_MARKER.test(line)) return 'marker'
    if (DOTS.test(line)) return 'dots'
    if (!isBlank(line) && !line.trimStart().startsWith('#')) return 'content'
  }
  return 'nothing'
}

/** The line to put between, if any: `---`, or `...` before a directive, which may only follow an ended document. */
function separator(before: Ending, after: Opening): '' | '---' | '...' {
  if (after === 'marker' || after === 'comments' || before === 'nothing') return ''
  if (after === 'directive') return before === 'dots' ? '' : '...'
  return before === 'marker' ? '' : '---'
}

function lineEnd(text: string, otherwise: string): string {
  const found = LINE_END.exec(text)?.[0]
  return found === undefined || found === '\r' ? otherwise : found
}

/** JSON objects as YAML documents: each one after a marker of its own, spelt so that YAML reads it. */
function documentsOf(text: string): string[] {
  const objects = text.trimStart().startsWith('{') ? splitJsonObjects(text) : undefined
  if (objects === undefined) return [text]
  if (objects.length === 1) return [jsonForYaml(text)]
  return objects.map((one) => `${jsonForYaml(one)}\n`)
}

/**
 * Joins the texts of several files into one stream that holds the same documents for kubectl and for any YAML reader.
 * A `---` line is added only between two documents that have none, a line end only where one is missing. A stream
 * whose first character is `{` is JSON to kubectl and may hold no `---`, so such a stream gets one before it. One text
 * alone comes out as it is. Texts are without byte order mark.
 */
export function joinStreams(texts: readonly string[]): string {
  const filled = texts.filter((text) => !isBlank(text))
  if (filled.length <= 1) return filled[0] ?? texts.join('')
  const parts = filled.flatMap(documentsOf)
  let eol = lineEnd(parts[0] as string, '\n')
  const out: string[] = []
  if ((parts[0] as string).trimStart().startsWith('{')) out.push(`---${eol}`)
  let before: Ending = 'nothing'
  for (const [index, part] of parts.entries()) {
    const line = index === 0 ? '' : separator(before, opening(part))
    eol = lineEnd(part, eol)
    if (line !== '') out.push(line + eol)
    out.push(part)
    if (index < parts.length - 1 && !part.endsWith('\n')) out.push(eol)
    const end = ending(part)
    if (end !== 'nothing' || line !== '') before = end === 'nothing' ? 'marker' : end
  }
  return out.join('')
}
