/** A token of an expression. The text of a string or bytes literal is as written, with its prefix and quotes. */
export interface Token {
  readonly kind: 'int' | 'uint' | 'float' | 'string' | 'bytes' | 'name' | 'symbol' | 'end'
  readonly text: string
  /** The index of its first character. */
  readonly at: number
}

/** Thrown for a text that is not an expression of CEL; the message says why and where. */
export class CelSyntaxError extends Error {
  constructor(message: string, at: number) {
    super(`Syntax error at character ${at + 1}: ${message}`)
  }
}

const ESCAPE = String.raw`\\(?:[abfnrtv"'\\?${'`'}]|[0-3][0-7]{2}|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})`
const STRING = [
  String.raw`"""(?:${ESCAPE}|[^\\])*?"""`,
  String.raw`'''(?:${ESCAPE}|[^\\])*?'''`,
  String.raw`"(?:${ESCAPE}|[^\\"\n\r])*"`,
  String.raw`'(?:${ESCAPE}|[^\\'\n\r])*'`,
  String.raw`[rR]"""[^]*?"""`,
  String.raw`[rR]'''[^]*?'''`,
  String.raw`[rR]"[^"\n\r]*"`,
  String.raw`[rR]'[^'\n\r]*'`,
].join('|')

const HIDDEN = /(?:[\t \r\n\f]+|\/\/[^\n]*)*/y

/** The kinds of tokens with their patterns; the one with the longest text counts, of equally long ones the first. */
const KINDS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['symbol', /==|!=|<=|>=|&&|\|\||in|true|false|null|[<>[\]{}().,\-!?:+*/%]/y],
  ['float', /\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?/y],
  ['int', /0x[0-9a-fA-F]+|\d+/y],
  ['uint', /(?:0x[0-9a-fA-F]+|\d+)[uU]/y],
  ['string', new RegExp(STRING, 'y')],
  ['bytes', new RegExp(`[bB](?:${STRING})`, 'y')],
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
]

/**
 * The tokens of a text, the last one of kind `end`.
 * Source: cel-go parser/gen/CEL.g4, without its names in backquotes, which Kubernetes does not enable.
 * @throws CelSyntaxError for a character that begins no token
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = lengthOf(HIDDEN, text, 0)
  while (at < text.length) {
    let best: Token | undefined
    for (const [kind, pattern] of KINDS) {
      const length = lengthOf(pattern, text, at)
      if (length > (best?.text.length ?? 0)) best = { kind, text: text.slice(at, at + length), at }
    }
    if (best === undefined) throw new CelSyntaxError(`token recognition error at ${JSON.stringify(text[at])}`, at)
    tokens.push(best)
    at += best.text.length
    at += lengthOf(HIDDEN, text, at)
  }
  tokens.push({ kind: 'end', text: '', at })
  return tokens
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex - at : 0
}

/** What a string literal stands for, or a bytes literal without its prefix. */
export function unquote({ text, at }: Token): string {
  const { isRaw, body } = bodyOf(text)
  return isRaw ? body : body.replaceAll(ESCAPES, (escape) => codePointText(codeOf(escape), at))
}

const ENCODER = new TextEncoder()

/** The bytes of a bytes literal: escapes stand for bytes, other characters are in UTF-8. */
export function unquoteBytes({ text, at }: Token): Uint8Array {
  const { isRaw, body } = bodyOf(text.slice(1))
  if (isRaw) return ENCODER.encode(body)
  const bytes: number[] = []
  for (const part of body.match(PARTS) ?? []) {
    if (/^\\[uU]/.test(part)) throw new CelSyntaxError('unable to unescape string', at)
    if (part.startsWith('\\')) bytes.push(codeOf(part))
    else for (const byte of ENCODER.encode(part)) bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

const ESCAPES = new RegExp(ESCAPE, 'g')
const PARTS = new RegExp(String.raw`${ESCAPE}|[^\\]+`, 'g')

/** The text between the quotes, in which each line ends with `\n`. */
function bodyOf(literal: string): { isRaw: boolean; body: string } {
  const isRaw = /^[rR]/.test(literal)
  const quoted = literal.slice(isRaw ? 1 : 0).replaceAll(/\r\n?/g, '\n')
  const quotes = quoted.length >= 6 && /^(?:"""|''')/.test(quoted) ? 3 : 1
  return { isRaw, body: quoted.slice(quotes, -quotes) }
}

const SHORT: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** The code point or byte of an escape. */
function codeOf(escape: string): number {
  const kind = escape[1] as string
  if (/[xXuU]/.test(kind)) return Number.parseInt(escape.slice(2), 16)
  if (/[0-3]/.test(kind)) return Number.parseInt(escape.slice(1), 8)
  return (SHORT[kind] ?? kind).charCodeAt(0)
}

function codePointText(code: number, at: number): string {
  if (code > 0x10_ff_ff || (code >= 0xd8_00 && code <= 0xdf_ff))
    throw new CelSyntaxError('invalid unicode code point', at)
  return String.fromCodePoint(code)
}
