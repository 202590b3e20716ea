import type { PatternResult } from '../common/re2.ts'
import type { Budget, Value } from './values.ts'

/** What functions need in addition to their arguments. */
export interface CallContext {
  readonly budget: Budget
  readonly compilePattern: (source: string) => PatternResult
  /** The minor version of Kubernetes, which counts for URLs; see parseRequestUri. */
  readonly minor?: number | undefined
}

/**
 * A function of CEL. It returns undefined if it does not accept arguments of these types. The receiver is the first
 * argument.
 */
export type CelFunction = (args: readonly Value[], context: CallContext) => Value | undefined

/** Functions by name; the names of member functions begin with a dot. */
export type FunctionTable = Readonly<Record<string, CelFunction>>
