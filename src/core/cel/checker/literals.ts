import { patternCompiler } from '../../common/re2.ts'
import { parseDuration } from '../../kube/duration.ts'
import { parseDateTime } from '../time.ts'
import { type CheckedType, typeText } from './checked-type.ts'
import type { CallNode, CelNode } from './expand.ts'

/**
 * Why the API server does not compile a call with literals: a duration, timestamp or pattern that is invalid, or
 * arguments that do not fit the format; undefined if it does.
 * Source: cel-go cel/validator.go, ext/formatting.go.
 */
export function literalFault({ name, target, args }: CallNode): string | undefined {
  const text = textOf(args[0])
  switch (name) {
    case 'duration':
      return text !== undefined && parseDuration(text) === undefined ? 'invalid duration argument' : undefined
    case 'timestamp':
      return text !== undefined && parseDateTime(text) === undefined ? 'invalid timestamp argument' : undefined
    case 'matches':
      // cel-go validates the first argument, even if that is the text, as in a call without a target.
      return text !== undefined && patternProblem(text) !== undefined ? 'invalid matches argument' : undefined
    case 'format':
      return formatFault(textOf(target), args[0])
    default:
      return undefined
  }
}

function textOf(node: CelNode | undefined): string | undefined {
  return node?.op === 'literal' && typeof node.value === 'string' ? node.value : undefined
}

/** The most compiled patterns that are kept, as rules of one schema often share them. */
const KEPT = 200
let compilePattern = patternCompiler()
let kept = 0

/** Why a text is not a pattern; undefined if it is one, or exceeds a limit of ours. */
export function patternProblem(text: string): string | undefined {
  if (kept++ % KEPT === 0) compilePattern = patternCompiler()
  const result = compilePattern(text)
  return 'problem' in result && result.isLimit !== true ? result.problem : undefined
}

/** The kinds of values that each clause of a format takes, and the message for others. */
const CLAUSES: Readonly<Record<string, readonly [kinds: string, fault: string]>> = {
  s: [
    'list map int uint double bool string timestamp bytes duration type null',
    'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  ],
  d: ['int uint', 'decimal clause can only be used on integers'],
  f: ['double string', 'fixed-point clause can only be used on doubles'],
  e: ['double string', 'scientific clause can only be used on doubles'],
  b: ['int uint bool', 'only integers and bools can be formatted as binary'],
  x: ['int uint string bytes', 'only integers, byte buffers, and strings can be formatted as hex'],
  X: ['int uint string bytes', 'only integers, byte buffers, and strings can be formatted as hex'],
  o: ['int uint', 'octal clause can only be used on integers'],
}

function formatFault(format: string | undefined, list: CelNode | undefined): string | undefined {
  if (format === undefined || list?.op !== 'list') return undefined
  const clauses = [...format.matchAll(/%(?:%|(?:\.\d+)?[a-zA-Z])?/g)].map(([clause]) => clause)
  if (clauses.includes('%')) return undefined
  const wanted = clauses.filter((clause) => clause !== '%%')
  const given = list.items
  for (const [i, clause] of wanted.entries()) {
    const item = given[i]
    if (item === undefined) return `error during formatting: index ${i} out of range`
    const [kinds, fault] = CLAUSES[clause.slice(-1)] ?? []
    const other = kinds === undefined ? undefined : misfit(item, kinds.split(' '), clause === '%s')
    if (other !== undefined) return `error during formatting: ${fault}, was given ${typeText(other)}`
  }
  return given.length > wanted.length
    ? `too many arguments supplied to string.format (expected ${wanted.length}, got ${given.length})`
    : undefined
}

/** The type of a value, or of an item in it, that a clause does not take; undefined if it takes all. */
function misfit(node: CelNode, kinds: readonly string[], isDeep: boolean): CheckedType | undefined {
  const type = node.type as CheckedType
  if (type.kind !== 'dyn' && !kinds.includes(type.kind)) return type
  const parts = node.op === 'list' ? node.items : node.op === 'map' ? node.entries.flat() : []
  return isDeep ? parts.map((part) => misfit(part, kinds, true)).find((one) => one !== undefined) : undefined
}
