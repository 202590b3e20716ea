/**
 * A text without blanks around it as Go's `strings.TrimSpace` cuts it: unlike `String.trim`, a next line (U+0085) is
 * blank, and a byte order mark is not.
 */
export function trimSpace(text: string): string {
  const last = text.length - 1
  if (!isSpace(text.charCodeAt(0)) && !isSpace(text.charCodeAt(last))) return text
  let [start, end] = [0, text.length]
  while (start < end && isSpace(text.charCodeAt(start))) start++
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/** Source: Go `unicode.IsSpace`. */
function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d)
  if (code === 0x85 || code === 0xa0 || code === 0x1680) return true
  if (code >= 0x2000 && code <= 0x200a) return true
  return code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f || code === 0x3000
}

const SPACES = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/

/** The parts of a text between blanks. Source: Go `strings.Fields`. */
export function fieldsOfText(text: string): string[] {
  return text.split(SPACES).filter((field) => field !== '')
}
