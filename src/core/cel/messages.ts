/** The function that replaces `Type{...}` for the parser. */
export const MAKE = '__make__'

/** Words that may precede a map and are not types. */
const NO_TYPES: ReadonlySet<string> = new Set(['in', 'true', 'false', 'null'])

/**
 * A comment; a raw string, in which a backslash is a plain character; any other string; a name with dots; white space;
 * or any other character.
 */
const TOKEN =
  /\/\/[^\n]*|[bB]?[rR][bB]?(?:"""[^]*?"""|'''[^]*?'''|"[^"\n]*"|'[^'\n]*')|[bB]?(?:"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*|\s+|[^]/g

/**
 * Replaces `Type{field: value}`, which the parser does not support, by `__make__("Type", {"field": value})`. A text
 * without such values is returned unchanged.
 */
export function withoutMessages(text: string): string {
  if (!/[A-Za-z0-9_]\s*\{/.test(text)) return text
  const tokens = text.match(TOKEN) ?? []
  const open: { isMessage: boolean; atKey: boolean }[] = []
  const next = (from: number): string => tokens.slice(from, from + 2).find((token) => token.trim() !== '') ?? ''
  const out: string[] = []
  for (const [n, token] of tokens.entries()) {
    const around = open.at(-1)
    const isName = /^[A-Za-z_]/.test(token) && /[A-Za-z0-9_]$/.test(token)
    if (isName && !NO_TYPES.has(token) && next(n + 1) === '{') {
      out.push(`${MAKE}(${JSON.stringify(token)}, `)
      open.push({ isMessage: true, atKey: true })
    } else if (token === '{' && around?.isMessage === true && around.atKey && out.at(-1)?.trim() !== '{') {
      out.push(token)
    } else if (isName && around?.isMessage === true && around.atKey && next(n + 1) === ':') {
      out.push(JSON.stringify(token))
      around.atKey = false
    } else if (token === ',' && around?.isMessage === true) {
      around.atKey = true
      out.push(token)
    } else if (/^[[({]$/.test(token)) {
      open.push({ isMessage: false, atKey: false })
      out.push(token)
    } else if (/^[\])}]$/.test(token)) out.push(open.pop()?.isMessage === true ? `${token})` : token)
    else out.push(token)
  }
  return out.join('')
}
