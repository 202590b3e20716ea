import { CelSyntaxError, type Token, tokensOf, unquote, unquoteBytes } from './lexer.ts'
import { RESERVED_NAMES } from './reserved-words.ts'

/** The syntax tree of a CEL expression. */
export type Expr =
  | {
      readonly op: 'literal'
      readonly value: null | boolean | string | bigint | number | Uint8Array | { readonly uint: bigint }
    }
  | { readonly op: 'name'; readonly name: string }
  /** `of.field`; `has` for the macro `has(of.field)`, `optional` for `of.?field`. */
  | {
      readonly op: 'select'
      readonly of: Expr
      readonly field: string
      readonly has: boolean
      readonly optional: boolean
    }
  | { readonly op: 'index'; readonly of: Expr; readonly key: Expr; readonly optional: boolean }
  | { readonly op: 'call'; readonly name: string; readonly target: Expr | undefined; readonly args: readonly Expr[] }
  | { readonly op: 'list'; readonly items: readonly Expr[] }
  | { readonly op: 'map'; readonly entries: readonly (readonly [Expr, Expr])[] }
  | { readonly op: 'if'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
  | {
      readonly op: '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%'
      readonly left: Expr
      readonly right: Expr
    }
  | { readonly op: 'not' | 'negate'; readonly of: Expr }
  /** A value of a type by name: `JSONPatch{op: "add"}`, `Object.spec{...}`. */
  | { readonly op: 'message'; readonly type: string; readonly fields: readonly (readonly [string, Expr])[] }
  /** An item, or the value of an entry or field, that is left out if its value is missing: `[?a]`, `{?b: c}`. */
  | { readonly op: 'optional'; readonly of: Expr }

/** Why an expression cannot be parsed. */
export interface CelProblem {
  readonly kind: 'syntax'
  readonly message: string
}

export type CelExpression = { readonly expr: Expr } | CelProblem

/** The most code points of an expression, as in the API server. Source: cel-go parser/parser.go. */
const MAX_LENGTH = 100_000
/** The most rules of one kind within each other. Source: cel-go parser/parser.go maxRecursionDepth. */
const MAX_DEPTH = 250

/** Parses a CEL expression. Source: cel-go parser/gen/CEL.g4, parser/parser.go. */
export function parseCel(text: string): CelExpression {
  if (text.length > MAX_LENGTH && Array.from(text).length > MAX_LENGTH)
    return { kind: 'syntax', message: `the expression is longer than ${MAX_LENGTH} characters` }
  try {
    const expr = new Parser(tokensOf(text)).whole()
    checkDepth(expr, 0)
    return { expr }
  } catch (error) {
    if (error instanceof CelSyntaxError) return { kind: 'syntax', message: error.message }
    throw error
  }
}

type Binary = Extract<Expr, { left: Expr }>['op']

/** Operators, and how much each binds its operands. */
const RELATIONS: ReadonlyMap<string, number> = new Map(['<', '<=', '>=', '>', '==', '!=', 'in'].map((op) => [op, 1]))
const CALCULATIONS: ReadonlyMap<string, number> = new Map([
  ['+', 1],
  ['-', 1],
  ['*', 2],
  ['/', 2],
  ['%', 2],
])
const NUMBERS: ReadonlySet<string> = new Set(['int', 'float'])
const KEYWORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])

/** The rules of the grammar whose depth grows with the expression. */
type Rule = 'expr' | 'relation' | 'calc' | 'member'

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0
  /** How many rules of a kind are entered; each repetition of one that begins with itself is one more. */
  readonly #depth: Record<Rule, number> = { expr: 0, relation: 0, calc: 0, member: 0 }

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Expr {
    const expr = this.#expr()
    if (this.#token.kind !== 'end') throw this.#unexpected()
    return expr
  }

  get #token(): Token {
    return this.#tokens[this.#next] as Token
  }

  #is(symbol: string): boolean {
    return this.#token.kind === 'symbol' && this.#token.text === symbol
  }

  #take(symbol: string): boolean {
    const is = this.#is(symbol)
    if (is) this.#next++
    return is
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#unexpected()
  }

  #advance(): Token {
    return this.#tokens[this.#next++] as Token
  }

  #unexpected(): CelSyntaxError {
    const { kind, text, at } = this.#token
    return new CelSyntaxError(kind === 'end' ? 'unexpected end' : `unexpected ${JSON.stringify(text.slice(0, 40))}`, at)
  }

  #enter(rule: Rule): void {
    if (++this.#depth[rule] > MAX_DEPTH) throw tooDeep(this.#token.at)
  }

  #expr(): Expr {
    this.#enter('expr')
    const test = this.#chain('||', () => this.#chain('&&', () => this.#relation()))
    if (!this.#take('?')) {
      this.#depth.expr--
      return test
    }
    const yes = this.#chain('||', () => this.#chain('&&', () => this.#relation()))
    this.#expect(':')
    const no = this.#expr()
    this.#depth.expr--
    return { op: 'if', test, yes, no }
  }

  /** Terms with `&&` or `||` between them, as a tree that is as flat as can be. */
  #chain(op: '&&' | '||', term: () => Expr): Expr {
    const terms = [term()]
    while (this.#take(op)) terms.push(term())
    return balanced(op, terms, 0, terms.length)
  }

  #relation(): Expr {
    return this.#operation('relation', RELATIONS, () => this.#calc())
  }

  #calc(): Expr {
    return this.#operation('calc', CALCULATIONS, () => this.#unary())
  }

  /**
   * Operands with operators between them, of which those that bind at least as much as `least` belong to the operation.
   * Operators that bind alike go from left to right.
   */
  #operation(rule: 'relation' | 'calc', binding: ReadonlyMap<string, number>, operand: () => Expr, least = 1): Expr {
    const before = this.#depth[rule]
    this.#enter(rule)
    let left = operand()
    for (;;) {
      const { kind, text } = this.#token
      const binds = kind === 'symbol' ? (binding.get(text) ?? 0) : 0
      if (binds < least) break
      this.#next++
      this.#enter(rule)
      left = { op: text as Binary, left, right: this.#operation(rule, binding, operand, binds + 1) }
    }
    this.#depth[rule] = before
    return left
  }

  /** Two equal signs cancel each other out; a single minus before a number is a part of the literal. */
  #unary(): Expr {
    const sign = this.#is('!') ? '!' : '-'
    if (sign === '-' && this.#isSignedNumber()) return this.#member()
    let count = 0
    while (this.#take(sign)) count++
    const of = this.#member()
    if (count % 2 === 0) return of
    return { op: sign === '!' ? 'not' : 'negate', of }
  }

  #isSignedNumber(): boolean {
    return this.#is('-') && NUMBERS.has(this.#tokens[this.#next + 1]?.kind ?? '')
  }

  #member(): Expr {
    const before = this.#depth.member
    this.#enter('member')
    let of = this.#primary()
    for (;;) {
      if (this.#take('.')) of = this.#afterDot(of)
      else if (this.#take('[')) {
        const optional = this.#take('?')
        of = { op: 'index', of, key: this.#expr(), optional }
        this.#expect(']')
      } else break
      this.#enter('member')
    }
    this.#depth.member = before
    return of
  }

  #afterDot(of: Expr): Expr {
    const optional = this.#take('?')
    const field = this.#name()
    if (!optional && this.#take('(')) return callOf(field, of, this.#arguments())
    return { op: 'select', of, field, has: false, optional }
  }

  #name(): string {
    if (this.#token.kind !== 'name') throw this.#unexpected()
    return this.#advance().text
  }

  #primary(): Expr {
    const { kind, text } = this.#token
    if (kind === 'name') return this.#named()
    if (kind === 'symbol') {
      if (KEYWORDS.has(text)) return { op: 'literal', value: KEYWORDS.get(this.#advance().text) as boolean | null }
      if (this.#take('(')) {
        const expr = this.#expr()
        this.#expect(')')
        return expr
      }
      if (this.#take('[')) return { op: 'list', items: this.#list(']', () => this.#item()) }
      if (this.#take('{')) return { op: 'map', entries: this.#list('}', () => this.#entry(() => this.#expr())) }
      // A name with a dot before it, which none of the names around it can hide.
      if (text === '.' && this.#tokens[this.#next + 1]?.kind === 'name') {
        this.#next++
        return this.#named()
      }
    }
    return this.#literal()
  }

  /** A variable, a call without a target, or a message, whose type may have dots in its name. */
  #named(): Expr {
    const start = this.#next
    let type = this.#name()
    while (this.#is('.') && this.#tokens[this.#next + 1]?.kind === 'name') {
      this.#next++
      type += `.${this.#name()}`
    }
    if (this.#take('{')) return { op: 'message', type, fields: this.#list('}', () => this.#entry(() => this.#name())) }
    this.#next = start
    const { at } = this.#token
    const name = this.#name()
    if (RESERVED_NAMES.has(name)) throw new CelSyntaxError(`reserved identifier: ${name}`, at)
    return this.#take('(') ? callOf(name, undefined, this.#arguments()) : { op: 'name', name }
  }

  #arguments(): Expr[] {
    const args: Expr[] = []
    if (this.#take(')')) return args
    do args.push(this.#expr())
    while (this.#take(','))
    this.#expect(')')
    return args
  }

  /** The parts of a list, map or message, after which a comma may be. */
  #list<T>(end: string, part: () => T): T[] {
    const parts: T[] = []
    while (!this.#is(end)) {
      if (parts.length === 0 && this.#take(',')) break
      parts.push(part())
      if (!this.#take(',')) break
    }
    this.#expect(end)
    return parts
  }

  #item(): Expr {
    return this.#take('?') ? { op: 'optional', of: this.#expr() } : this.#expr()
  }

  /** An entry of a map, whose key is an expression, or a field of a message, whose key is a name. */
  #entry<Key>(key: () => Key): readonly [Key, Expr] {
    const isOptional = this.#take('?')
    const name = key()
    this.#expect(':')
    const value = this.#expr()
    return [name, isOptional ? { op: 'optional', of: value } : value]
  }

  #literal(): Expr {
    const isNegative = this.#isSignedNumber()
    if (isNegative) this.#next++
    const token = this.#token
    const value = valueOf(token, isNegative)
    if (value === undefined) throw this.#unexpected()
    this.#next++
    return { op: 'literal', value }
  }
}

function valueOf(token: Token, isNegative: boolean): Extract<Expr, { op: 'literal' }>['value'] | undefined {
  const { kind, text, at } = token
  switch (kind) {
    case 'int': {
      const value = isNegative ? -BigInt(text) : BigInt(text)
      if (BigInt.asIntN(64, value) !== value) throw new CelSyntaxError('invalid int literal', at)
      return value
    }
    case 'uint': {
      const uint = BigInt(text.slice(0, -1))
      if (BigInt.asUintN(64, uint) !== uint) throw new CelSyntaxError('invalid uint literal', at)
      return { uint }
    }
    case 'float': {
      const value = Number(text)
      if (!Number.isFinite(value)) throw new CelSyntaxError('invalid double literal', at)
      return isNegative ? -value : value
    }
    case 'string':
      return unquote(token)
    case 'bytes':
      return unquoteBytes(token)
    default:
      return undefined
  }
}

/** A call, or what it stands for: `has(a.b)` becomes a `select` node. */
function callOf(name: string, target: Expr | undefined, args: readonly Expr[]): Expr {
  const [first] = args
  if (name === 'has' && target === undefined && args.length === 1 && first?.op === 'select' && !first.optional)
    return { ...first, has: true }
  return { op: 'call', name, target, args }
}

function balanced(op: '&&' | '||', terms: readonly Expr[], from: number, to: number): Expr {
  if (to - from === 1) return terms[from] as Expr
  const middle = (from + to + 1) >> 1
  return { op, left: balanced(op, terms, from, middle), right: balanced(op, terms, middle, to) }
}

function tooDeep(at: number): CelSyntaxError {
  return new CelSyntaxError(`expression recursion limit exceeded: ${MAX_DEPTH}`, at)
}

/** Operators, fields and calls within each other count together. Source: checkAndIncrementRecursionDepth. */
function checkDepth(expr: Expr, depth: number): void {
  const inner = depth + Number(isCounted(expr))
  if (inner > MAX_DEPTH) throw tooDeep(0)
  for (const part of partsOf(expr)) checkDepth(part, inner)
}

function isCounted(expr: Expr): boolean {
  if (expr.op === 'call') return expr.target !== undefined
  if (expr.op === '&&' || expr.op === '||') return false
  return 'left' in expr || expr.op === 'if' || expr.op === 'select' || expr.op === 'index'
}

/** The expressions directly in an expression. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.op) {
    case 'literal':
    case 'name':
      return []
    case 'select':
    case 'not':
    case 'negate':
    case 'optional':
      return [expr.of]
    case 'index':
      return [expr.of, expr.key]
    case 'call':
      return expr.target === undefined ? expr.args : [expr.target, ...expr.args]
    case 'list':
      return expr.items
    case 'map':
      return expr.entries.flat()
    case 'if':
      return [expr.test, expr.yes, expr.no]
    case 'message':
      return expr.fields.map(([, value]) => value)
    default:
      return [expr.left, expr.right]
  }
}
