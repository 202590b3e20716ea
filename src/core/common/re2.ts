import { RE2JS, RE2JSException } from 're2js'
import { LIMITS } from './limits.ts'

/** A compiled pattern. Matching takes time proportional to the length of the text, whatever the pattern. */
export interface LinearPattern {
  /** As written. */
  readonly source: string
  /** Length in UTF-16 units of the longest text that is matched: see `LIMITS.patternWork`. */
  readonly maxLength: number
  /** Whether the pattern matches anywhere in the text; false for a text longer than `maxLength`. */
  test(text: string): boolean
  /** The leftmost matches that do not overlap, at most `limit` of them; none in a text longer than `maxLength`. */
  find(text: string, limit: number): string[]
}

/**
 * A `problem` continues a sentence: "this pattern cannot be used: ...". With `isLimit` it is too large for us, and may be
 * a pattern all the same.
 */
export type PatternResult = LinearPattern | { problem: string; isLimit?: true }

/**
 * Makes a compiler of the regular expressions of one file or schema: together they must stay within
 * `LIMITS.patternsSize`, and equal ones are compiled once. Patterns are in RE2 syntax, as Go's `regexp.Compile` reads
 * it and as the API server matches the patterns of CustomResourceDefinitions (k8s.io/kube-openapi
 * pkg/validation/validate/rexp.go): no look-around, no back-references.
 *
 * re2js is large: reach this module through `await import()` only, from where patterns of users are read.
 */
export function patternCompiler(): (source: string) => PatternResult {
  const compiled = new Map<string, PatternResult>()
  let total = 0
  return (source) => {
    const known = compiled.get(source)
    if (known !== undefined) return known
    const size = source.length > LIMITS.patternLength.value ? 0 : source.length + estimatedSize(source)
    const result = refuse(source, size, total) ?? compile(source)
    total += size
    compiled.set(source, result)
    return result
  }
}

/** What is too large to be compiled at all. `total` is the size of the patterns before it. */
function refuse(source: string, size: number, total: number): { problem: string; isLimit: true } | undefined {
  const { patternLength, patternSize, patternsSize } = LIMITS
  if (source.length > patternLength.value) {
    return { problem: `it is longer than ${patternLength.value} ${patternLength.unit}`, isLimit: true }
  }
  if (size > patternSize.value) {
    return { problem: `with its repetitions it is larger than ${patternSize.value} ${patternSize.unit}`, isLimit: true }
  }
  if (total + size <= patternsSize.value) return undefined
  return { problem: `all patterns together are larger than ${patternsSize.value} ${patternsSize.unit}`, isLimit: true }
}

function compile(source: string): PatternResult {
  try {
    const pattern = RE2JS.compile(source)
    const maxLength = Math.floor(LIMITS.patternWork.value / pattern.programSize())
    return {
      source,
      maxLength,
      test: (text) => text.length <= maxLength && pattern.test(text),
      find: (text, limit) => (text.length <= maxLength ? matches(pattern, text, limit) : []),
    }
  } catch (error) {
    if (error instanceof RE2JSException) return { problem: error.message.replace('error parsing regexp: ', '') }
    throw error
  }
}

function matches(pattern: RE2JS, text: string, limit: number): string[] {
  const found: string[] = []
  const matcher = pattern.matcher(text)
  while (found.length < limit && matcher.find()) found.push(matcher.group() ?? '')
  return found
}

const REPEAT = /^\{(\d+)(?:,(\d*))?\}/

/**
 * About how many instructions a pattern compiles to, without compiling it: each atom is one, and a counted repetition
 * multiplies what it repeats. What is no pattern gets some number, too.
 */
function estimatedSize(source: string): number {
  const outer: number[] = []
  let size = 0
  let last = 0
  for (let at = 0; at < source.length; at++) {
    const char = source[at] as string
    const counts = char === '{' ? REPEAT.exec(source.slice(at, at + 12)) : null
    if (counts !== null) {
      size += last * (Math.max(Number(counts[1]), Number(counts[2] ?? 0), 1) - 1)
    } else if (char === '(') {
      outer.push(size)
      size = 0
    } else if (char === ')') {
      last = size
      size += outer.pop() ?? 0
    } else {
      last = 1
      size++
      if (char === '\\') at++
    }
  }
  return outer.reduce((sum, part) => sum + part, size)
}
