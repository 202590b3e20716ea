import { isBlank, isBlankOrEnd, isBreak, YamlError } from './token.ts'
import { afterBreak, breakText, codeAt, isDocumentMark, type ScannedScalar, type SourceSlice } from './source-slice.ts'

const BACKSLASH = 92
/** The escapes of YAML 1.1. YAML 1.2's `\/`, which JSON has too, is not valid for kubectl. */
const ESCAPES: Record<string, string> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
}
const HEX_LENGTH: Record<string, number> = { x: 2, u: 4, U: 8 }

function atLineStart(w: SourceSlice, at: number): boolean {
  return at === w.start || isBreak(w.text.charCodeAt(at - 1))
}

/**
 * Folds the breaks between two lines of a flow scalar: a single LF becomes a space, of several the first is dropped.
 */
function fold(leading: string, trailing: string): string {
  if (leading === '\n') return trailing === '' ? ' ' : trailing
  return leading + trailing
}

/**
 * Reads a single- or double-quoted scalar that opens at `at`. Its lines need no indentation, and tabs may be anywhere:
 * kubectl loads such files, which stricter readers reject.
 * @throws YamlError for a missing quote, an invalid escape or a document marker
 */
export function scanQuoted(w: SourceSlice, at: number, style: 'single' | 'double'): ScannedScalar {
  const quote = style === 'single' ? 39 : 34
  const name = `a ${style}-quoted scalar`
  let value = ''
  let breaks = 0
  let i = at + 1
  for (;;) {
    if (atLineStart(w, i) && isDocumentMark(w, i)) throw new YamlError(`found a document marker inside ${name}`, i)
    if (i >= w.end) throw new YamlError(`${name} has no closing quote`, at)
    let escapedBreak = false
    let from = i
    for (;;) {
      const c = codeAt(w, i)
      if (isBlankOrEnd(c)) break
      if (c === quote) {
        if (style === 'single' && codeAt(w, i + 1) === 39) {
          value += w.text.slice(from, i + 1)
          i += 2
          from = i
          continue
        }
        break
      }
      if (c === BACKSLASH && style === 'double') {
        value += w.text.slice(from, i)
        if (isBreak(codeAt(w, i + 1))) {
          i = afterBreak(w, i + 1)
          breaks++
          from = i
          escapedBreak = true
          break
        }
        const escape = scanEscape(w, i)
        value += escape.text
        i = escape.next
        from = i
        continue
      }
      i++
    }
    value += w.text.slice(from, i)
    if (codeAt(w, i) === quote) return { value, end: i + 1, next: i + 1, breaks, endedByBreak: false }

    let leading = ''
    let trailing = ''
    let sawBreak = escapedBreak
    let blankStart = i
    for (let c = codeAt(w, i); isBlank(c) || isBreak(c); c = codeAt(w, i)) {
      if (isBlank(c)) {
        if (sawBreak) blankStart = i + 1
        i++
        continue
      }
      if (sawBreak) trailing += breakText(w, i)
      else leading = breakText(w, i)
      sawBreak = true
      breaks++
      i = afterBreak(w, i)
    }
    if (!sawBreak) value += w.text.slice(blankStart, i)
    else if (escapedBreak && leading === '') value += trailing
    else value += fold(leading, trailing)
  }
}

function scanEscape(w: SourceSlice, at: number): { text: string; next: number } {
  const letter = w.text.charAt(at + 1)
  const length = Object.hasOwn(HEX_LENGTH, letter) ? HEX_LENGTH[letter] : undefined
  if (at + 1 < w.end && length === undefined && Object.hasOwn(ESCAPES, letter)) {
    return { text: ESCAPES[letter] as string, next: at + 2 }
  }
  if (length === undefined) throw new YamlError(`\\${letter} is not a valid escape sequence`, at)
  const digits = w.text.slice(at + 2, Math.min(at + 2 + length, w.end))
  if (digits.length < length || !/^[0-9A-Fa-f]+$/.test(digits)) {
    throw new YamlError(`\\${letter} needs ${length} hexadecimal digits`, at)
  }
  const code = Number.parseInt(digits, 16)
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    throw new YamlError(`\\${letter}${digits} is not a Unicode character`, at)
  }
  return { text: String.fromCodePoint(code), next: at + 2 + length }
}

/**
 * Reads a plain scalar at `at`. `indent` is the indentation of the block it is in (-1 at top level);
 * a following line belongs to it only when it is indented deeper, except in flow context.
 */
export function scanPlain(w: SourceSlice, at: number, indent: number, flow: boolean): ScannedScalar {
  const { text, end: stop } = w
  let value = ''
  let end = at
  let breaks = 0
  let i = at
  let lineStart = -1
  let leading = ''
  let trailing = ''
  let spaces = ''
  let crossed = false
  for (;;) {
    if (atLineStart(w, i) && isDocumentMark(w, i)) break
    if (codeAt(w, i) === 35) break
    const from = i
    // Nearly every character of a manifest passes this loop, so it calls no function for common ones.
    for (; i < stop; i++) {
      const c = text.charCodeAt(i)
      if (c <= 32 || c >= 0x85) {
        if (isBlankOrEnd(c)) break
      } else if (c === 58) {
        if (isBlankOrEnd(codeAt(w, i + 1))) break
      } else if (flow && endsPlainInFlow(c)) break
    }
    if (i > from) {
      value += crossed ? fold(leading, trailing) : spaces
      value += text.slice(from, i)
      crossed = false
      end = i
    }
    let c = codeAt(w, i)
    if (!(isBlank(c) || isBreak(c))) break
    leading = ''
    trailing = ''
    const blankStart = i
    for (; isBlank(c) || isBreak(c); c = i < stop ? text.charCodeAt(i) : NaN) {
      if (isBlank(c)) {
        if (crossed && i - lineStart < indent + 1 && c === 9) {
          throw new YamlError('found a tab character where indentation is expected', i)
        }
        i++
        continue
      }
      if (crossed) trailing += breakText(w, i)
      else leading = breakText(w, i)
      crossed = true
      breaks++
      i = afterBreak(w, i)
      lineStart = i
    }
    if (!crossed) spaces = text.slice(blankStart, i)
    else if (!flow && i - lineStart < indent + 1) break
  }
  return { value, end, next: i, breaks, endedByBreak: crossed }
}

/** Characters that end a plain scalar only inside `[]` and `{}`. */
function endsPlainInFlow(c: number): boolean {
  return c === 44 || c === 91 || c === 93 || c === 123 || c === 125 || c === 63
}
