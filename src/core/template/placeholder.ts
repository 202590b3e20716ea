/** One piece of a scalar: text that stays, or the name of a value to put in. */
export type Piece = { text: string } | { name: string; offset: number }

/** A scalar cut at its placeholders, or the offset and reason why it cannot be. */
export type Pieces = { pieces: Piece[] } | { offset: number; problem: string }

/** What a placeholder begins with; a text without it has none. */
export const OPEN = '${{'
const CLOSE = '}}'
const NAME = /^[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z][A-Za-z0-9_-]*)*$/

/**
 * Cuts a scalar at placeholders of the form `${{ params.NAME }}`. `$${{` means the text `${{`.
 * `$(VAR)`, `${VAR}` and `{{ }}` are ordinary text: they belong to Kubernetes or to the sidecar's program.
 */
export function cutPlaceholders(scalar: string): Pieces {
  const pieces: Piece[] = []
  let text = ''
  let at = 0
  for (;;) {
    const open = scalar.indexOf(OPEN, at)
    if (open < 0) break
    if (open > 0 && open > at && scalar[open - 1] === '$') {
      text += scalar.slice(at, open - 1) + OPEN
      at = open + OPEN.length
      continue
    }
    const close = scalar.indexOf(CLOSE, open)
    if (close < 0) return { offset: open, problem: 'a placeholder that begins with ${{ has no closing }}' }
    const name = scalar.slice(open + OPEN.length, close).trim()
    if (!NAME.test(name)) {
      return { offset: open, problem: `invalid placeholder: ${scalar.slice(open, close + 2)}` }
    }
    text += scalar.slice(at, open)
    if (text !== '') pieces.push({ text })
    pieces.push({ name, offset: open })
    text = ''
    at = close + CLOSE.length
  }
  text += scalar.slice(at)
  if (text !== '' || pieces.length === 0) pieces.push({ text })
  return { pieces }
}
