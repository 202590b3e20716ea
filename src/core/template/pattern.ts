import { isObject, type Json } from '../json/json.ts'

/** The pattern that a text must match, as a parameter declares it. It matches anywhere unless it is anchored. */
export interface ValuePattern {
  /** As written. */
  readonly source: string
  /** Length in UTF-16 units of the longest text that is matched. */
  readonly maxLength: number
  /** Whether a text of at most `maxLength` matches. */
  test(text: string): boolean
}

/** Compiles a pattern. A `problem` continues a sentence: "this pattern cannot be used: ...". */
export type PatternReader = (source: string) => ValuePattern | { problem: string }

/**
 * Compiles patterns of built-in templates with the engine of JavaScript, which is at hand at once. Tests prove that
 * these mean the same in RE2, and take no more than linear time.
 */
export const readBuiltinPattern: PatternReader = (source) => new BuiltinPattern(source)

class BuiltinPattern implements ValuePattern {
  readonly source: string
  readonly maxLength = 10_000

  constructor(source: string) {
    this.source = source
  }

  test(text: string): boolean {
    return new RegExp(this.source, 'u').test(text)
  }
}

/** A compiler of a user's patterns, in linear time. RE2 is loaded only where the parameters declare a pattern. */
export async function patternReader(parameters: Json | undefined): Promise<PatternReader> {
  if (!declaresPattern(parameters)) return () => ({ problem: 'it was not expected' })
  const { patternCompiler } = await import('../common/re2.ts')
  return patternCompiler()
}

function declaresPattern(node: Json | undefined): boolean {
  if (Array.isArray(node)) return node.some(declaresPattern)
  return isObject(node) && (typeof node['pattern'] === 'string' || Object.values(node).some(declaresPattern))
}
