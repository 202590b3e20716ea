import { isObject, type Json } from '../json/json.ts'

/** One condition on labels. */
export type Requirement =
  | { key: string; operator: 'in' | 'notin'; values: readonly string[] }
  | { key: string; operator: 'exists' | 'absent' }
  | { key: string; operator: 'gt' | 'lt'; value: bigint }

/** Conditions that must all hold. */
export type LabelSelector = readonly Requirement[]

/** Why a text is not a selector, and where: `offset` counts UTF-16 code units from 0. */
export interface SelectorError {
  message: string
  offset: number
}

type Parsed<T> = { ok: true; value: T } | { ok: false; error: SelectorError }

interface Token {
  kind: 'word' | '(' | ')' | ',' | '!' | '=' | '!=' | '<' | '>' | 'end'
  text: string
  offset: number
}

const SPECIAL = new Set(['=', '!', '(', ')', ',', '>', '<'])
const SPACE = new Set([' ', '\t', '\r', '\n'])
const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const c = text[at] as string
    if (SPACE.has(c)) {
      at++
      continue
    }
    let end = at + 1
    if (SPECIAL.has(c)) {
      if ((c === '=' || c === '!') && text[end] === '=') end++
    } else {
      while (end < text.length && !SPECIAL.has(text[end] as string) && !SPACE.has(text[end] as string)) end++
    }
    const word = text.slice(at, end)
    const kind = SPECIAL.has(c) ? (word === '==' ? '=' : (word as Token['kind'])) : 'word'
    tokens.push({ kind, text: word, offset: at })
    at = end
  }
  tokens.push({ kind: 'end', text: '', offset: text.length })
  return tokens
}

/** A label key as `IsQualifiedName` of Kubernetes has it: an optional DNS prefix, and a name of at most 63 characters. */
function isLabelKey(key: string): boolean {
  const parts = key.split('/')
  const name = parts[parts.length - 1] as string
  if (parts.length > 2 || name.length > 63 || !NAME.test(name)) return false
  if (parts.length === 1) return true
  const prefix = parts[0] as string
  return prefix.length <= 253 && prefix.split('.').every((label) => DNS_LABEL.test(label))
}

/** A label value as `IsValidLabelValue` of Kubernetes has it: empty, or a name of at most 63 characters. */
function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= 63 && NAME.test(value))
}

class Stop extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

function shown(token: Token): string {
  return token.kind === 'end' ? 'the end' : `'${token.text}'`
}

/** Walks the tokens of one selector; grammar of `labels.Parse` in k8s.io/apimachinery. */
function parser(tokens: readonly Token[]) {
  let next = 0
  const peek = (): Token => tokens[next] as Token
  const take = (): Token => {
    const token = peek()
    if (token.kind !== 'end') next++
    return token
  }
  const checkedValue = (token: Token): string => {
    if (!isLabelValue(token.text)) throw new Stop(`'${token.text}' is not a valid label value`, token.offset)
    return token.text
  }

  /** `(a, b)`; as in Kubernetes an empty place between commas is the empty value. */
  function values(): string[] {
    const open = take()
    if (open.kind !== '(') throw new Stop(`expected '(' but found ${shown(open)}`, open.offset)
    const found: string[] = []
    for (;;) {
      const token = peek()
      if (token.kind === 'word') found.push(checkedValue(take()))
      else if (token.kind === ',' || token.kind === ')') found.push('')
      const after = take()
      if (after.kind === ')') return found
      if (after.kind !== ',') throw new Stop(`expected ',' or ')' but found ${shown(after)}`, after.offset)
    }
  }

  /** The value after `=`; nothing at all is the empty value. */
  function exactValue(): string {
    return peek().kind === 'word' ? checkedValue(take()) : ''
  }

  function integer(): bigint {
    const token = take()
    if (!/^-?\d{1,19}$/.test(token.text)) throw new Stop(`expected an integer but found ${shown(token)}`, token.offset)
    return BigInt(token.text)
  }

  function key(): string {
    const token = take()
    if (token.kind !== 'word') throw new Stop(`expected a label key but found ${shown(token)}`, token.offset)
    if (!isLabelKey(token.text)) throw new Stop(`'${token.text}' is not a valid label key`, token.offset)
    return token.text
  }

  function requirement(): Requirement {
    if (peek().kind === '!') {
      take()
      return { key: key(), operator: 'absent' }
    }
    const name = key()
    const token = peek()
    if (token.kind === 'end' || token.kind === ',') return { key: name, operator: 'exists' }
    take()
    if (token.kind === '=') return { key: name, operator: 'in', values: [exactValue()] }
    if (token.kind === '!=') return { key: name, operator: 'notin', values: [exactValue()] }
    if (token.kind === '>') return { key: name, operator: 'gt', value: integer() }
    if (token.kind === '<') return { key: name, operator: 'lt', value: integer() }
    if (token.text === 'in' || token.text === 'notin') return { key: name, operator: token.text, values: values() }
    throw new Stop(`expected =, !=, in or notin but found ${shown(token)}`, token.offset)
  }

  return function all(): Requirement[] {
    const found: Requirement[] = []
    if (peek().kind === 'end') return found
    for (;;) {
      found.push(requirement())
      const token = take()
      if (token.kind === 'end') return found
      if (token.kind !== ',') throw new Stop(`expected ',' but found ${shown(token)}`, token.offset)
      if (peek().kind === 'end') throw new Stop("expected a label key after ','", peek().offset)
    }
  }
}

/**
 * Reads a label selector in kubectl's syntax: `a=b,c!=d,e in (x,y),f notin (z),g,!h,n>1`.
 * An empty text selects everything. Source: `labels.Parse` in k8s.io/apimachinery.
 */
export function parseSelector(text: string): Parsed<LabelSelector> {
  try {
    return { ok: true, value: parser(tokenize(text))() }
  } catch (error) {
    if (error instanceof Stop) return { ok: false, error: { message: error.message, offset: error.offset } }
    throw error
  }
}

const INTEGER = /^[+-]?\d{1,19}$/

function holds(requirement: Requirement, value: string | undefined): boolean {
  switch (requirement.operator) {
    case 'exists':
      return value !== undefined
    case 'absent':
      return value === undefined
    case 'in':
      return value !== undefined && requirement.values.includes(value)
    case 'notin':
      return value === undefined || !requirement.values.includes(value)
    case 'gt':
      return value !== undefined && INTEGER.test(value) && BigInt(value.replace('+', '')) > requirement.value
    case 'lt':
      return value !== undefined && INTEGER.test(value) && BigInt(value.replace('+', '')) < requirement.value
  }
}

/** True when the labels meet every condition; own properties only, so a label named `__proto__` is a label. */
export function matchesSelector(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return selector.every((requirement) =>
    holds(requirement, Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined),
  )
}

const OPERATORS: ReadonlyMap<Json | undefined, 'in' | 'notin' | 'exists' | 'absent'> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', 'absent'],
])

/** The conditions of `matchExpressions`; those that are not valid are left out. */
export function requirementsOf(expressions: readonly Json[]): Requirement[] {
  return expressions.flatMap((expression): Requirement[] => {
    if (!isObject(expression)) return []
    const key = String(expression['key'])
    const operator = OPERATORS.get(expression['operator'])
    const values = Array.isArray(expression['values']) ? expression['values'].map(String) : []
    if (operator === 'in' || operator === 'notin') return [{ key, operator, values }]
    return operator === undefined ? [] : [{ key, operator }]
  })
}
