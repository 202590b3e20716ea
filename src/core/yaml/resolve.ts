import type { ScalarNode } from './node.ts'
import { YamlError } from './token.ts'

/**
 * What a scalar means to kubectl: the rules of go-yaml 2 (`resolve.go`), which are YAML 1.1 with YAML 1.2's `0o17`,
 * without numbers in base 60, and with timestamps left as strings.
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

/** First characters of everything that is not simply a string; most scalars stop here. */
const SPECIAL_START = /^[-+.0-9yYnNtTfFoO~]/

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
/** Behind a dot, go-yaml leaves underscores to Go's own number syntax: single ones between digits. */
const DOT_FLOAT = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/
const DECIMAL = /^([-+]?)(0|[1-9][0-9]*)$/
const PREFIXED = /^([-+]?)0(?:([xX])([0-9a-fA-F]+)|([bB])([01]+)|([oO]?)([0-7]+))$/

const INT64_MIN = -(2n ** 63n)
const UINT64_MAX = 2n ** 64n - 1n

/** Resolves the text of a plain scalar without a tag. */
export function resolvePlain(text: string): Resolved {
  if (text === '') return NULL
  if (!SPECIAL_START.test(text)) return { kind: 'string', value: text }
  if (text.length <= 5) {
    const word = WORDS.get(text)
    if (word !== undefined) return word
  }
  return resolveNumber(text) ?? { kind: 'string', value: text }
}

function resolveNumber(text: string): Resolved | undefined {
  const c = text.charCodeAt(0)
  if (c === 46) return DOT_FLOAT.test(text) ? parseFloatText(text.replaceAll('_', '')) : undefined
  const isDigit = c >= 48 && c <= 57
  if (!isDigit && c !== 43 && c !== 45) return undefined
  const plain = text.includes('_') ? text.replaceAll('_', '') : text
  return parseInt64(plain) ?? (FLOAT.test(plain) ? parseFloatText(plain) : undefined)
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
  // ParseUint takes no sign, so `+` and 64 bits together are no integer.
  if (signed && value >= 2n ** 63n) return undefined
  return { kind: 'int', value: Number(value) + 0, exact: Number.isSafeInteger(Number(value)) ? undefined : value }
}

/** Go's `strconv.ParseFloat`: what overflows is no number. */
function parseFloatText(text: string): Resolved | undefined {
  if (!FLOAT.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? float(value) : undefined
}

const RESOLVABLE = new Map([
  ['!!str', 'string'], ['!!bool', 'bool'], ['!!int', 'int'], ['!!float', 'float'], ['!!null', 'null'],
  ['!!timestamp', 'timestamp'],
])

/**
 * Resolves a scalar node with its style and tag.
 * @throws YamlError where its tag and text do not go together.
 */
export function resolveScalar(node: ScalarNode): Resolved {
  if (node.tag === undefined) {
    return node.style === 'plain' ? resolvePlain(node.value) : { kind: 'string', value: node.value }
  }
  const tag = node.tag.replace(/^!<tag:yaml\.org,2002:([^>]*)>$/, '!!$1')
  if (tag === '!!binary') return { kind: 'string', value: decodeBase64(node) }
  const wanted = RESOLVABLE.get(tag)
  if (wanted === undefined || wanted === 'string') return { kind: 'string', value: node.value }
  if (wanted === 'timestamp') {
    if (TIMESTAMP.test(node.value)) return { kind: 'string', value: node.value }
    throw mismatch(node, tag)
  }
  const resolved = resolvePlain(node.value)
  if (resolved.kind === wanted) return resolved
  if (wanted === 'float' && resolved.kind === 'int') return float(resolved.value)
  throw mismatch(node, tag)
}

const TIMESTAMP = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?.*)?$/

function mismatch(node: ScalarNode, tag: string): YamlError {
  return new YamlError(`the value ${JSON.stringify(node.value.slice(0, 40))} is no ${tag}`, node.start)
}

function decodeBase64(node: ScalarNode): string {
  const text = node.value.replaceAll(/[\r\n]/g, '')
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new YamlError('the !!binary value is not base64', node.start)
  }
  return new TextDecoder().decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)))
}

/**
 * The string that a scalar becomes as a map key (sigs.k8s.io/yaml turns numbers and booleans into strings).
 * Undefined where Kubernetes refuses the key: null, and integers beyond 64 bits with sign.
 */
export function keyText(resolved: Resolved): string | undefined {
  switch (resolved.kind) {
    case 'string': return resolved.value
    case 'bool': return String(resolved.value)
    case 'null': return undefined
    case 'int':
      if (resolved.exact === undefined) return String(resolved.value)
      return resolved.exact < 2n ** 63n ? String(resolved.exact) : undefined
    case 'float': return formatFloat32(resolved.value)
  }
}

/** Go's `strconv.FormatFloat(v, 'g', -1, 32)`: the shortest digits that give the same 32-bit float. */
function formatFloat32(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  const single = Math.fround(value)
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf'
  if (single === 0) return '0'
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
