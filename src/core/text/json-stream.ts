/** Reads JSON values that follow one another, as kubectl reads a stream that begins with `{`. */

/** 0-based offset just past the string whose opening quote is at `at`. */
function endOfString(text: string, at: number): number {
  let i = at + 1
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i + 1
}

/** The texts of the objects in a stream of JSON objects; undefined if the text is not such a stream. */
export function splitJsonObjects(text: string): string[] | undefined {
  const found: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '"') i = endOfString(text, i) - 1
    else if (c === '{') depth++
    else if (c === '}' && --depth === 0) {
      found.push(text.slice(start, i + 1))
      start = i + 1
    }
    if (depth < 0) return undefined
  }
  if (text.slice(start).trim() !== '' || !found.every(isJsonText)) return undefined
  return found.map((one) => one.trim())
}

/** Whether a text is one value in JSON. */
export function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Characters that JSON allows in a string as they are and go-yaml refuses or folds as line breaks. */
const RAW = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/
/** What may need another spelling: an escape, or one of the raw characters. */
const SPELLING = new RegExp(
  `\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\u[0-9a-fA-F]{4}|\\\\.|${RAW.source}`,
  'g',
)

function respell(match: string): string {
  if (match === '\\/') return '/'
  if (match.length === 12) {
    return String.fromCharCode(Number.parseInt(match.slice(2, 6), 16), Number.parseInt(match.slice(8), 16))
  }
  // Go's JSON reads half a surrogate pair as U+FFFD; its YAML refuses it.
  if (/^\\u[dD][89a-fA-F]/.test(match)) return '\\ufffd'
  return RAW.test(match) ? `\\u${match.charCodeAt(0).toString(16).padStart(4, '0')}` : match
}

/**
 * The same JSON, spelt so that go-yaml reads it too: it knows neither `\/` nor surrogate pairs in escapes, and refuses
 * some raw control characters.
 */
export function jsonForYaml(text: string): string {
  return text.replace(SPELLING, respell)
}
