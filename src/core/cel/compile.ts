import type { CelCompiler, CelResult } from './environment.ts'
import { parseCel } from './parse.ts'
import { CelTypeFault, typeOf } from './type-check.ts'
import { DYN } from './types.ts'

/**
 * Compiles the expressions of admission policies, webhooks and device selectors as far as that is certain: syntax, names
 * and functions that do not exist, operands and results of a wrong type.
 *
 * @param minor of Kubernetes
 */
export function celCompiler(minor: number): CelCompiler {
  return (text, { variables, results }) => {
    const parsed = parseCel(text)
    if ('kind' in parsed) return parsed.kind === 'syntax' ? [parsed.message] : []
    try {
      const { kind } = typeOf(parsed.expr, new Map(variables.map((name) => [name, DYN])), minor)
      return results === undefined || isAllowed(kind, results)
        ? []
        : [`must evaluate to ${results.join(' or ')} but got ${kind}`]
    } catch (error) {
      if (error instanceof CelTypeFault) return [error.message]
      throw error
    }
  }
}

function isAllowed(kind: string, results: readonly CelResult[]): boolean {
  return (
    kind === 'dyn' ||
    kind === 'optional' ||
    kind === 'object' ||
    results.some((result) => result === (kind === 'message' ? 'object' : kind))
  )
}
