/** An escape that can write a letter, or join two lines without a space between them. */
const ESCAPE = /\\[xuU\r\n\u0085\u2028\u2029]/
/** A tag for base64, or one that could be it through an escape. */
const BINARY_TAG = /!(?:[^\s!%]*%|[^\s!]*binary)/

/**
 * True where a word of a scalar may be written otherwise in the text, so that a search for it may fail. Folding puts
 * white space between lines, so only escapes and base64 do that.
 */
export function maySplitWords(text: string): boolean {
  return (text.includes('\\') && ESCAPE.test(text)) || mayHoldBase64(text)
}

/** True where a scalar may be written in base64, whose tag may also have a declared handle. */
export function mayHoldBase64(text: string): boolean {
  return text.includes('!') && (text.includes('%TAG') || BINARY_TAG.test(text))
}
