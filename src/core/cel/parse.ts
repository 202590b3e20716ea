import { Environment, type ASTNode } from '@marcbachmann/cel-js'
import { MAKE, withoutMessages } from './messages.ts'

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

/** Why an expression cannot be parsed: `unsupported` if the parser may be at fault, not the expression. */
export interface CelProblem {
  readonly kind: 'syntax' | 'unsupported'
  readonly message: string
}

export type CelExpression = { readonly expr: Expr } | CelProblem

/** The most code points of an expression, as in the API server. Source: cel-go parser/parser.go. */
const MAX_LENGTH = 100_000

const environment = new Environment({
  enableOptionalTypes: true,
  unlistedVariablesAreDyn: true,
  limits: { maxDepth: 200, maxListElements: 5000, maxMapEntries: 5000 },
})

/** Parses a CEL expression. This module brings the parser with it: load it only through `await import()`. */
export function parseCel(text: string): CelExpression {
  if (text.length > MAX_LENGTH && Array.from(text).length > MAX_LENGTH)
    return { kind: 'syntax', message: `the expression is longer than ${MAX_LENGTH} characters` }
  try {
    return { expr: convert(environment.parse(withoutMessages(text)).ast) }
  } catch (error) {
    const { code, summary } = error as { code?: string; summary?: string }
    const message = summary ?? (error as Error).message
    const isOurs = error instanceof NotRead || code === 'limit_exceeded' || UNREAD.test(text)
    return { kind: isOurs ? 'unsupported' : 'syntax', message }
  }
}

/** Thrown for a text that the parser reads otherwise than the API server. */
class NotRead extends Error {}

/** Syntax of CEL that the parser does not support: quoted field names, optional entries, names from the root. */
const UNREAD = /`|[[{,(]\s*\?|(?:^|[^\w)\]'"\s])\s*\.\s*[A-Za-z_]/

function convert(node: ASTNode): Expr {
  switch (node.op) {
    case 'value':
      return { op: 'literal', value: literal(node) }
    case 'id':
      return { op: 'name', name: node.args }
    case '.':
    case '.?':
      return { op: 'select', of: convert(node.args[0]), field: node.args[1], has: false, optional: node.op === '.?' }
    case '[]':
    case '[?]':
      return { op: 'index', of: convert(node.args[0]), key: convert(node.args[1]), optional: node.op === '[?]' }
    case 'call':
      return call(node.args[0], undefined, node.args[1].map(convert))
    case 'rcall':
      return call(node.args[0], convert(node.args[1]), node.args[2].map(convert))
    case 'list':
      return { op: 'list', items: node.args.map(convert) }
    case 'map':
      return { op: 'map', entries: node.args.map(([key, value]) => [convert(key), convert(value)]) }
    case '?:':
      return { op: 'if', test: convert(node.args[0]), yes: convert(node.args[1]), no: convert(node.args[2]) }
    case '!_':
    case '-_':
      return signed(node)
    default:
      return { op: node.op, left: convert(node.args[0]), right: convert(node.args[1]) }
  }
}

type SignNode = Extract<ASTNode, { op: '!_' | '-_' }>

/**
 * A row of equal signs, of which two cancel each other out, and the operand. Signs in parentheses are a row of their
 * own. A single minus before a number is a part of the literal.
 * Source: cel-go parser/parser.go VisitLogicalNot, VisitNegate.
 */
function signed(first: SignNode): Expr {
  let [node, count] = [first, 1]
  while (node.args.op === node.op && isNext(node, node.args)) [node, count] = [node.args as SignNode, count + 1]
  if (count % 2 === 0) return convert(node.args)
  if (node.op === '!_') return { op: 'not', of: convert(node.args) }
  const { op, args } = node.args
  if (count === 1 && op === 'value' && isNext(node, node.args)) {
    if (typeof args === 'bigint') return { op: 'literal', value: int(-args) }
    if (typeof args === 'number') return { op: 'literal', value: -args }
  }
  return { op: 'negate', of: convert(node.args) }
}

/** Whether no parenthesis comes between a sign and its operand. */
function isNext(sign: SignNode, operand: ASTNode): boolean {
  const between = sign.input.slice(sign.start + 1, operand.start)
  return !between.replaceAll(/\/\/[^\n]*/g, '').includes('(')
}

function int(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new Error('invalid int literal')
  return value
}

function literal({ args: value, input, start, end }: ASTNode): Extract<Expr, { op: 'literal' }>['value'] {
  if (typeof value === 'bigint') return int(value)
  // The parser makes one byte of each character.
  // oxlint-disable-next-line no-control-regex -- all beyond ASCII
  if (value instanceof Uint8Array && /[^\u0000-\u007f]/.test(input.slice(start, end)))
    throw new NotRead('bytes with characters beyond ASCII are not supported')
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
    return { uint: BigInt(String(value)) }
  return value as null | boolean | string | bigint | number | Uint8Array
}

/** A call, or what it stands for: `has(a.b)` becomes a `select` node, `__make__` a `message` node. */
function call(name: string, target: Expr | undefined, args: readonly Expr[]): Expr {
  const [first] = args
  if (name === 'has' && target === undefined && args.length === 1 && first?.op === 'select')
    return { ...first, has: true }
  const [type, fields] = args
  if (name === MAKE && type?.op === 'literal' && fields?.op === 'map')
    return {
      op: 'message',
      type: String(type.value),
      fields: fields.entries.map(([key, value]) => [key.op === 'literal' ? String(key.value) : '', value]),
    }
  return { op: 'call', name, target, args }
}
