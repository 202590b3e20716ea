/**
 * Text from an input, made safe to print: control characters (with them terminal escapes), and characters that turn
 * the reading direction, and lone surrogates are shown as escapes. So are tabs and line ends, so that a name cannot forge a second line.
 */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (c) => {
    const code = c.charCodeAt(0)
    const short = SHORT[c]
    // A byte of a file name that is not UTF-8.
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
    return (
      short ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
    )
  })
}

/** Maximum number of characters that are shown of one text; names in Kubernetes have at most 253. */
const LONGEST = 2000

/** The same for a message or a name in it, which is truncated if it is too long to read. */
export function shownText(text: string): string {
  if (text.length <= LONGEST) return escapeText(text)
  return `${escapeText(text.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, ''))}… (${text.length} characters)`
}

const SHORT: Readonly<Record<string, string | undefined>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
/** `\p{Cc}`, `\p{Bidi_Control}` and a few more, written out: reading Unicode's tables would cost start-up time. */
const UNSAFE =
  // oxlint-disable-next-line no-control-regex
  /[\0-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFF9-\uFFFB]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** The same for a text of several lines, which keeps its line ends and tabs. */
export function escapeLines(text: string): string {
  return text.replace(UNSAFE, (c) => (c === '\n' || c === '\t' ? c : escapeText(c)))
}
