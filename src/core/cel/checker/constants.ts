import { wordSet } from '../../common/words.ts'
import { patternCompiler } from '../../common/re2.ts'
import { CONVERSIONS } from '../functions-convert.ts'
import { Budget, CelError, CelNotChecked, valueOfLiteral, type Value } from '../values.ts'
import type { CallNode, CelNode } from './expand.ts'
import { patternProblem } from './literals.ts'

/**
 * Why the API server does not make a program of an expression that it compiled; undefined if it does. It evaluates
 * conversions of constants and compiles constant patterns beforehand, even those in branches that are never taken.
 * Source: cel-go interpreter/decorators.go maybeOptimizeConstUnary and decRegexOptimizer, in effect by OptOptimize in
 * apiserver pkg/cel/environment/base.go; pkg/cel/library/regex.go.
 *
 * @param node an expression whose types have been checked
 */
export function programFault(node: CelNode): string | undefined {
  try {
    constantOf(node)
    return undefined
  } catch (error) {
    if (error instanceof CelError) return error.message
    throw error
  }
}

/** Source: cel-go common/overloads IsTypeConversionFunction. */
const FOLDED = wordSet('bool bytes double duration dyn int string timestamp type uint')

const PATTERN_FUNCTIONS: ReadonlySet<string> = new Set(['matches', 'find', 'findAll'])

/**
 * The value of a literal or of a conversion of one; undefined for other expressions, whose parts are evaluated, too.
 * @throws CelError if a conversion fails or a pattern is invalid
 */
function constantOf(node: CelNode): Value | undefined {
  switch (node.op) {
    case 'literal':
      return valueOfLiteral(node.value)
    case 'name':
      return undefined
    case 'select':
    case 'optional':
      return all([node.of])
    case 'call':
      return callConstant(node)
    case 'list':
      return all(node.items)
    case 'map':
      return all(node.entries.flat())
    case 'fold':
      return all([node.range, node.init, node.condition, node.step, node.result])
    case 'message':
      return all(node.fields.map(([, value]) => value))
  }
}

function all(nodes: readonly CelNode[]): undefined {
  for (const node of nodes) constantOf(node)
}

function callConstant({ name, target, args }: CallNode): Value | undefined {
  const values = (target === undefined ? args : [target, ...args]).map(constantOf)
  const [first, second] = values
  if (target === undefined && values.length === 1 && first !== undefined && FOLDED.has(name))
    return converted(name, first)
  const problem = PATTERN_FUNCTIONS.has(name) && typeof second === 'string' ? patternProblem(second) : undefined
  if (problem !== undefined) throw new CelError(`error parsing regexp: ${problem}`)
  return undefined
}

/** The most steps of one conversion. */
const MAX_STEPS = 100_000
const compilePattern = patternCompiler()

function converted(name: string, value: Value): Value | undefined {
  try {
    const result = CONVERSIONS[name]?.([value], { budget: new Budget(MAX_STEPS), compilePattern })
    if (result === undefined) throw new CelError(`no such overload: ${name}`)
    return result
  } catch (error) {
    if (error instanceof CelNotChecked) return undefined
    throw error
  }
}
