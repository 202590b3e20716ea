import { isTime } from '../../common/time.ts'
import type { Json } from '../../json/json.ts'
import { firstInvalidByte } from '../../text/decode.ts'
import type { ScalarNode } from './node.ts'
import { YamlError } from './token.ts'

/**
 * What a scalar means to kubectl: the rules of go-yaml 2 (`resolve.go`), which are YAML 1.1 with YAML 1.2's `0o17`,
 * without numbers in base 60, and with timestamps left as strings. `exact` is set for integers that `value` only
 * approximates.
 */
export type Resolved =
  | { kind: 'null' }
  | { kind: 'bool'; value: boolean }
  | { kind: 'int'; value: number; exact: bigint | undefined }
  | { kind: 'float'; value: number }
  | { kind: 'string'; value: string }

const NULL: Resolved = { kind: 'null' }
const TRUE: Resolved = { kind: 'bool', value: true }
const FALSE: Resolved = { kind: 'bool', value: false }

const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...['', '~', 'null', 'Null', 'NULL'].map((w) => [w, NULL] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((w) => [w, TRUE] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((w) => [w, FALSE] as const),
  ...['.nan', '.NaN', '.NAN'].map((w) => [w, float(Number.NaN)] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((w) => [w, float(Number.POSITIVE_INFINITY)] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((w) => [w, float(Number.NEGATIVE_INFINITY)] as const),
])

function float(value: number): Resolved {
  return { kind: 'float', value }
}

/**
 * Classes of first characters: numbers, booleans and nulls begin with few characters, so most strings are known by the
 * first one.
 */
const LETTER = 1
const DIGIT = 2
const SIGN = 3
const STARTS = new Uint8Array(128)
for (const c of 'yYnNtTfFoO~') STARTS[c.charCodeAt(0)] = LETTER
for (const c of '0123456789') STARTS[c.charCodeAt(0)] = DIGIT
for (const c of '+-.') STARTS[c.charCodeAt(0)] = SIGN
const LONGEST_WORD = 5

/** True for text that is not empty and can only be a string as a plain scalar. */
function isSurelyString(text: string): boolean {
  const c = text.charCodeAt(0)
  switch (c < 128 ? STARTS[c] : 0) {
    case LETTER:
      return text.length > LONGEST_WORD
    // No number ends with a letter after `f`, as `64Mi` does.
    case DIGIT:
      return text.charCodeAt(text.length - 1) > 102
    // A sign or dot and then a letter, or a second `-` as in `--flag`; words such as `-.inf` have another dot.
    case SIGN:
      return text.length > LONGEST_WORD && !continuesNumber(text.charCodeAt(1))
    default:
      return true
  }
}

/** True for a digit, a dot, or an underscore, which go-yaml drops wherever it is. */
function continuesNumber(c: number): boolean {
  return (c >= 48 && c <= 57) || c === 46 || c === 95
}

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
/** After a dot, go-yaml leaves underscores to Go's own number syntax: single ones between digits. */
const DOT_FLOAT = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/
const DECIMAL = /^([-+]?)(0|[1-9][0-9]*)$/
/** go-yaml reads the digits after `0b` by themselves, if Go does not read the whole: they may have a sign of their own. */
const SIGNED_BITS = /^0b([-+])([01]+)$/
const PREFIXED = /^([-+]?)0(?:([xX])([0-9a-fA-F]+)|([bB])([01]+)|([oO]?)([0-7]+))$/

const INT64_MIN = -(2n ** 63n)
const UINT64_MAX = 2n ** 64n - 1n

/** Resolves the text of a plain scalar without a tag. */
export function resolvePlain(text: string): Resolved {
  if (text === '') return NULL
  if (isSurelyString(text)) return { kind: 'string', value: text }
  if (text.length <= LONGEST_WORD) {
    const word = WORDS.get(text)
    if (word !== undefined) return word
  }
  return resolveNumber(text) ?? { kind: 'string', value: text }
}

/** The JSON value of a plain scalar without a tag; undefined for infinity and NaN, which JSON does not have. */
export function plainData(text: string): Json | undefined {
  if (text === '') return null
  if (isSurelyString(text)) return text
  if (isShortDecimal(text)) return Number(text)
  return resolvedData(resolvePlain(text))
}

/** The JSON value of a resolved scalar; undefined for infinity and NaN, which JSON does not have. */
export function resolvedData(resolved: Resolved): Json | undefined {
  if (resolved.kind === 'null') return null
  if (resolved.kind !== 'float') return resolved.value
  return Number.isFinite(resolved.value) ? floatData(resolved.value) : undefined
}

/** The string that a plain scalar becomes as a map key; undefined where Kubernetes rejects the key. */
export function plainKey(text: string): string | undefined {
  return text !== '' && isSurelyString(text) ? text : keyText(resolvePlain(text))
}

/** True for digits without a leading zero, few enough to be exact. */
function isShortDecimal(text: string): boolean {
  if (text.length > 15 || (text.charCodeAt(0) === 48 && text.length > 1)) return false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 48 || c > 57) return false
  }
  return true
}

function resolveNumber(text: string): Resolved | undefined {
  const c = text.charCodeAt(0)
  if (c === 46) return DOT_FLOAT.test(text) ? parseFloatText(text.replaceAll('_', '')) : undefined
  const isDigit = c >= 48 && c <= 57
  if (!isDigit && c !== 43 && c !== 45) return undefined
  const plain = text.includes('_') ? text.replaceAll('_', '') : text
  return parseInt64(plain) ?? (FLOAT.test(plain) ? parseFloatText(plain) : parseSignedBits(plain))
}

function parseSignedBits(text: string): Resolved | undefined {
  const match = SIGNED_BITS.exec(text)
  return match === null ? undefined : fromBig(BigInt(`0b${match[2]}`), match[1] === '-', true)
}

/** Go's `strconv.ParseInt` and `ParseUint` with base 0, on text without underscores. */
function parseInt64(text: string): Resolved | undefined {
  const decimal = DECIMAL.exec(text)
  if (decimal !== null) {
    if (text.length <= 15) return { kind: 'int', value: Number(text) + 0, exact: undefined }
    return fromBig(BigInt(decimal[2] as string), decimal[1] === '-', decimal[1] !== '')
  }
  const prefixed = PREFIXED.exec(text)
  if (prefixed === null) return undefined
  const [, sign, x, hex, b, bits, , octal] = prefixed
  const digits = x !== undefined ? `0x${hex}` : b !== undefined ? `0b${bits}` : `0o${octal}`
  return fromBig(BigInt(digits), sign === '-', sign !== '')
}

function fromBig(magnitude: bigint, negative: boolean, signed: boolean): Resolved | undefined {
  const value = negative ? -magnitude : magnitude
  if (value < INT64_MIN || value > UINT64_MAX) return undefined
  // ParseUint takes no sign, so `+` and 64 bits together are not an integer.
  if (signed && value >= 2n ** 63n) return undefined
  return { kind: 'int', value: doubleOf(value), exact: Number.isSafeInteger(Number(value)) ? undefined : value }
}

/**
 * The double after 2^63, which represents the integer 2^63 in data. The double 2^63 itself represents the largest
 * int64, which rounds to it; the API server accepts only the latter as an int64.
 */
export const PAST_INT64 = 2 ** 63 + 2048

/**
 * Integers that fit in no int64 are floats to kubectl, and it sends 2^63 and -2^63 rounded to digits that are beyond
 * int64. As data they must differ from the integers of those values, too.
 */
function floatData(value: number): number {
  return Math.abs(value) === 2 ** 63 ? Math.sign(value) * PAST_INT64 : value
}

/**
 * The nearest double, but for integers beyond int64 one that is above 2^63: the largest int64 rounds up to 2^63, and
 * the two must differ.
 */
function doubleOf(value: bigint): number {
  const double = Number(value)
  return double === 2 ** 63 && value >= 2n ** 63n ? PAST_INT64 : double + 0
}

/** Go's `strconv.ParseFloat`: what overflows is not a number. */
function parseFloatText(text: string): Resolved | undefined {
  if (!FLOAT.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? float(value) : undefined
}

const RESOLVABLE = new Map([
  ['!!str', 'string'],
  ['!!bool', 'bool'],
  ['!!int', 'int'],
  ['!!float', 'float'],
  ['!!null', 'null'],
  ['!!timestamp', 'timestamp'],
])

/**
 * Resolves a scalar node with its style and tag.
 * @throws YamlError where its text is not valid for its tag
 */
export function resolveScalar(node: ScalarNode): Resolved {
  if (node.tag === undefined) {
    return node.style === 'plain' ? resolvePlain(node.value) : { kind: 'string', value: node.value }
  }
  const { tag } = node
  if (tag === '!!binary') return { kind: 'string', value: decodeBase64(node) }
  const wanted = RESOLVABLE.get(tag)
  if (wanted === undefined || wanted === 'string') return { kind: 'string', value: node.value }
  if (wanted === 'timestamp') {
    if (isTimestamp(node.value)) return { kind: 'string', value: node.value }
    throw mismatch(node, tag)
  }
  const resolved = resolvePlain(node.value)
  if (resolved.kind === wanted) return resolved
  // go-yaml converts only an int64; a larger number is unsigned there, and rejected.
  if (
    wanted === 'float' &&
    resolved.kind === 'int' &&
    BigInt.asIntN(64, resolved.exact ?? 0n) === (resolved.exact ?? 0n)
  )
    return float(resolved.value)
  throw mismatch(node, tag)
}

/** The layouts of `allowedTimestampFormats` in go-yaml's `resolve.go`: a time zone must follow after `T`, and only there. */
const CLOCK = String.raw`(\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?`
const ZONED = new RegExp(String.raw`^(\d{4})-(\d\d?)-(\d\d?)[Tt]${CLOCK}(?:Z|[+-](\d\d):(\d\d))$`)
const LOCAL = new RegExp(String.raw`^(\d{4})-(\d\d?)-(\d\d?)(?: +${CLOCK})?$`)

function isTimestamp(text: string): boolean {
  const match = ZONED.exec(text) ?? LOCAL.exec(text)
  return match !== null && isTime(match.slice(1).map((part: string | undefined) => Number(part ?? 0)))
}

function mismatch(node: ScalarNode, tag: string): YamlError {
  return new YamlError(`the value ${JSON.stringify(node.value.slice(0, 40))} is not a valid ${tag}`, node.start)
}

function decodeBase64(node: ScalarNode): string {
  const text = node.value.replaceAll(/[\r\n]/g, '')
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new YamlError('the !!binary value is not valid base64', node.start)
  }
  return decodeLikeGo(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)))
}

/** Decodes bytes as Go's encoding/json does: each byte that is not UTF-8 becomes U+FFFD. A byte order mark stays. */
function decodeLikeGo(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const end = at + firstInvalidByte(bytes.subarray(at))
    text += decoder.decode(bytes.subarray(at, end)) + (end < bytes.length ? '\uFFFD' : '')
    at = end + 1
  }
  return text
}

/**
 * The string that a scalar becomes as a map key (sigs.k8s.io/yaml turns numbers and booleans into strings). Undefined
 * where Kubernetes rejects the key: null, and integers beyond int64.
 */
export function keyText(resolved: Resolved): string | undefined {
  switch (resolved.kind) {
    case 'string':
      return resolved.value
    case 'bool':
      return String(resolved.value)
    case 'null':
      return undefined
    case 'int':
      if (resolved.exact === undefined) return String(resolved.value)
      return resolved.exact < 2n ** 63n ? String(resolved.exact) : undefined
    case 'float':
      return formatFloat32(resolved.value)
  }
}

/** Go's `strconv.FormatFloat(v, 'g', -1, 32)`: the shortest digits that give the same 32-bit float. */
function formatFloat32(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  const single = Math.fround(value)
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf'
  if (single === 0) return Object.is(single, -0) ? '-0' : '0'
  let digits = ''
  for (let precision = 1; precision <= 9; precision++) {
    digits = single.toExponential(precision - 1)
    if (Math.fround(Number(digits)) === single) break
  }
  const exponent = Number(digits.slice(digits.indexOf('e') + 1))
  if (exponent >= -4 && exponent < 6) return String(Number(digits))
  const [mantissa = '', power = '0'] = digits.split('e')
  return `${mantissa}e${power.startsWith('-') ? '-' : '+'}${power.replace(/^[-+]/, '').padStart(2, '0')}`
}
