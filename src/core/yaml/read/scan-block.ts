import { breakLength, isBlank, isBreak, YamlError } from './token.ts'
import { afterBreak, breakText, codeAt, isUnended, type ScannedScalar, type SourceSlice } from './source-slice.ts'

interface BlockHeader {
  chomp: 'strip' | 'clip' | 'keep'
  /** The indentation indicator, 0 when there is none. */
  increment: number
  next: number
}

function scanBlockHeader(w: SourceSlice, at: number): BlockHeader {
  let i = at + 1
  let chomp: BlockHeader['chomp'] = 'clip'
  let increment = 0
  let sawChomp = false
  for (let n = 0; n < 2; n++) {
    const c = codeAt(w, i)
    if ((c === 43 || c === 45) && !sawChomp) {
      chomp = c === 43 ? 'keep' : 'strip'
      sawChomp = true
      i++
    } else if (c >= 48 && c <= 57 && increment === 0) {
      if (c === 48) throw new YamlError('a block scalar cannot have the indentation indicator 0', i)
      increment = c - 48
      i++
    }
  }
  while (isBlank(codeAt(w, i))) i++
  if (codeAt(w, i) === 35) while (i < w.end && !isBreak(codeAt(w, i))) i++
  if (i < w.end && !isBreak(codeAt(w, i))) {
    throw new YamlError('only a comment may follow the start of a block scalar on its line', i)
  }
  return { chomp, increment, next: i }
}

/**
 * Reads a literal (`|`) or folded (`>`) scalar whose indicator is at `at`, in a block indented by `parentIndent`
 * columns.
 * @throws YamlError for an invalid header or indentation
 */
export function scanBlock(
  w: SourceSlice,
  at: number,
  parentIndent: number,
  style: 'literal' | 'folded',
): ScannedScalar {
  const header = scanBlockHeader(w, at)
  let i = header.next
  let breaks = 0
  let end = header.next
  if (i < w.end) {
    i = afterBreak(w, i)
    breaks++
  }
  let indent = header.increment === 0 ? 0 : Math.max(parentIndent, 0) + header.increment

  let column = 0
  let blankLines = ''
  /** Whether the last blank line has no break of its own, so that kubectl adds one. */
  let unended = false
  const skipBlankLines = (): void => {
    blankLines = ''
    let deepest = 0
    for (;;) {
      column = 0
      while ((indent === 0 || column < indent) && codeAt(w, i) === 32) {
        i++
        column++
      }
      deepest = Math.max(deepest, column)
      if ((indent === 0 || column < indent) && codeAt(w, i) === 9) {
        throw new YamlError('found a tab character where an indentation space is expected', i)
      }
      unended = i >= w.end && isBreak(w.text.charCodeAt(i - column - 1)) && isUnended(w)
      if (unended) blankLines += '\n'
      if (!isBreak(codeAt(w, i))) break
      blankLines += breakText(w, i)
      i = afterBreak(w, i)
      breaks++
    }
    if (indent === 0) indent = Math.max(deepest, parentIndent + 1, 1)
  }

  const lines: string[] = []
  let leading = ''
  let wasBlank = false
  skipBlankLines()
  while (column === indent && i < w.end) {
    const isBlankLine = isBlank(codeAt(w, i))
    if (style === 'folded' && leading === '\n' && !wasBlank && !isBlankLine) {
      if (blankLines === '') lines.push(' ')
    } else {
      lines.push(leading)
    }
    lines.push(blankLines)
    wasBlank = isBlankLine
    const from = i
    while (i < w.end && !isBreak(w.text.charCodeAt(i))) i++
    lines.push(w.text.slice(from, i))
    end = i
    // kubectl adds a line break to a document that ends without one, so the value gets one too.
    leading = '\n'
    if (i < w.end) {
      leading = breakText(w, i)
      i = afterBreak(w, i)
      breaks++
    }
    skipBlankLines()
  }
  if (header.chomp !== 'strip') lines.push(leading)
  if (header.chomp === 'keep') {
    lines.push(blankLines)
    if (blankLines !== '') end = unended ? i : lastBreakBefore(w, i - column)
  }
  // Scanning goes on after the spaces that begin the line that ended the scalar.
  return { value: lines.join(''), end, next: i, breaks, endedByBreak: true }
}

/** The offset of the line break that ends just before `at`. */
function lastBreakBefore({ text }: SourceSlice, at: number): number {
  for (const length of [3, 2]) if (breakLength(text, at - length) === length) return at - length
  return at - 1
}
