/** An escape that can write a letter, or join two lines without a space between them. */
const ESCAPE = /\\[xuU\r\n\u0085\u2028\u2029]/
/** A tag that is the one for base 64, or could be it by an escape. */
const BINARY_TAG = /!(?:[^\s!%]*%|[^\s!]*binary)/

/**
 * True where the letters of a scalar need not be together in the text, so that a search for a word may miss it. Folding
 * puts white space between lines, so only escapes and base 64 do that.
 */
export function maySplitWords(text: string): boolean {
  return (text.includes('\\') && ESCAPE.test(text)) || mayHoldBase64(text)
}

/** The same for base 64 alone, whose tag may also have a handle of its own. */
export function mayHoldBase64(text: string): boolean {
  return text.includes('!') && (text.includes('%TAG') || BINARY_TAG.test(text))
}
