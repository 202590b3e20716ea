/**
 * Tokens of YAML 1.1 as kubectl's parser produces them. Kubernetes reads YAML with a descendant of libyaml, which
 * differs in many small ways from YAML 1.2 readers for JavaScript (tabs, quoted scalars with little indentation, simple
 * keys, NEL as a line break). This folder follows libyaml's rules, which are the product's contract.
 */
export const Token = {
  streamEnd: 0,
  directive: 1,
  documentStart: 2,
  documentEnd: 3,
  blockSeqStart: 4,
  blockMapStart: 5,
  blockEnd: 6,
  flowSeqStart: 7,
  flowSeqEnd: 8,
  flowMapStart: 9,
  flowMapEnd: 10,
  blockEntry: 11,
  flowEntry: 12,
  key: 13,
  value: 14,
  alias: 15,
  anchor: 16,
  tag: 17,
  scalar: 18,
} as const

export type TokenKind = (typeof Token)[keyof typeof Token]

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

/**
 * A token with its 0-based offsets; `value` is the text of a scalar, tag or directive, or the name of an anchor or
 * alias.
 */
export interface YamlToken {
  kind: TokenKind
  start: number
  end: number
  value: string
  style: ScalarStyle
}

/**
 * The kind of a problem: the syntax, an alias, a key or value that JSON cannot represent, or nesting that only
 * sidecarctl does not support.
 */
export type YamlProblem = 'syntax' | 'alias' | 'unsupported' | 'depth'

/** Messages of the errors that a user fixes by quotes or indentation, which hints name. */
export const NO_VALUE_HERE = "a ':' and a value are not allowed here"
export const NO_COLON = "a ':' is missing after this key"
export const NO_KEY = 'expected a key of the map that began above'

/**
 * The error for YAML that kubectl's parser rejects, or that is nested deeper than `LIMITS.nesting`; `readRawDocument`
 * returns it as `Unreadable`.
 */
export class YamlError extends Error {
  /** 0-based offset of the problem. */
  readonly offset: number
  readonly trouble: YamlProblem

  constructor(message: string, offset: number, trouble: YamlProblem = 'syntax') {
    super(message)
    this.offset = offset
    this.trouble = trouble
  }
}

/** Space or tab. */
export function isBlank(c: number): boolean {
  return c === 32 || c === 9
}

/** LF, CR, and the breaks of YAML 1.1: NEL, LS, PS. */
export function isBreak(c: number): boolean {
  return c === 10 || c === 13 || c === 0x85 || c === 0x2028 || c === 0x2029
}

/**
 * The length of the line break at an offset, in characters. CR LF is one break; so is CR CR LF, from files whose line
 * ends were converted twice: kubectl removes a CR before every LF before it parses.
 */
export function breakLength(text: string, at: number): number {
  if (text.charCodeAt(at) !== 13) return 1
  const next = text.charCodeAt(at + 1)
  if (next === 10) return 2
  return next === 13 && text.charCodeAt(at + 2) === 10 ? 3 : 1
}

/** A blank, a break, or past the end (NaN from `charCodeAt`, or the scanner's own end). */
export function isBlankOrEnd(c: number): boolean {
  return c === 32 || c === 10 || c === 13 || c === 9 || c !== c || c === 0x85 || c === 0x2028 || c === 0x2029
}
