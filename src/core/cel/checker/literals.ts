import { patternCompiler } from '../../common/re2.ts'
import { parseDateTime, parseDuration } from '../time.ts'
import type { CallNode, CelNode } from './expand.ts'

/**
 * Why the API server does not compile a call for what is written in it: a duration, time or pattern that is none, a number
 * of arguments that is not the format's. Source: cel-go cel/validator.go, ext/formatting.go.
 */
export function literalFault({ name, target, args }: CallNode): string | undefined {
  const text = textOf(args[0])
  switch (name) {
    case 'duration':
      return text !== undefined && parseDuration(text) === undefined ? 'invalid duration argument' : undefined
    case 'timestamp':
      return text !== undefined && parseDateTime(text) === undefined ? 'invalid timestamp argument' : undefined
    case 'matches':
      // The first argument counts, be it the pattern or, without a target, the text.
      return text !== undefined && !isPattern(text) ? 'invalid matches argument' : undefined
    case 'format':
      return formatFault(textOf(target), args[0])
    default:
      return undefined
  }
}

function textOf(node: CelNode | undefined): string | undefined {
  return node?.op === 'literal' && typeof node.value === 'string' ? node.value : undefined
}

/** Patterns that are kept compiled at most: rules of one schema often share them. */
const KEPT = 200
let compilePattern = patternCompiler()
let kept = 0

function isPattern(text: string): boolean {
  if (kept++ % KEPT === 0) compilePattern = patternCompiler()
  const result = compilePattern(text)
  return !('problem' in result) || result.isLimit === true
}

function formatFault(format: string | undefined, list: CelNode | undefined): string | undefined {
  if (format === undefined || list?.op !== 'list') return undefined
  const clauses = [...format.matchAll(/%(?:%|(?:\.\d+)?[a-zA-Z])?/g)].map(([clause]) => clause)
  if (clauses.includes('%')) return undefined
  const wanted = clauses.filter((clause) => clause !== '%%').length
  const given = list.items.length
  if (given < wanted) return `error during formatting: index ${given} out of range`
  return given > wanted ? `too many arguments supplied to string.format (expected ${wanted}, got ${given})` : undefined
}
