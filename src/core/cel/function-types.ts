import type { PatternResult } from '../common/re2.ts'
import type { Budget, Value } from './values.ts'

/** What functions need of their surroundings. */
export interface CallContext {
  readonly budget: Budget
  readonly compilePattern: (source: string) => PatternResult
}

/** A function of CEL; undefined where it takes no arguments of these types. The receiver is the first argument. */
export type CelFunction = (args: readonly Value[], context: CallContext) => Value | undefined

/** Functions by name; members behind a dot. */
export type FunctionTable = Readonly<Record<string, CelFunction>>
