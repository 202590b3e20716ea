/** A bound on hostile or mistaken input: what is beyond it is refused with a message that names the bound. */
export interface Limit {
  /** What is counted, as messages and the documentation word it. */
  name: string
  value: number
  unit: string
  /** What the bound protects from, or why nothing honest reaches it. */
  why: string
  /** Where the number comes from: a file of Kubernetes or of a library it uses, or `sidecarctl`. */
  source: string
}

/** Every limit of the program. The README has the same table; `test/core/limits.test.ts` holds each limit. */
export const LIMITS = {
  patternLength: {
    name: 'length of a pattern',
    value: 10_000,
    unit: 'characters',
    why: 'compiling takes time for every character',
    source: 'sidecarctl',
  },
  patternSize: {
    name: 'size of a pattern with its repetitions written out',
    value: 20_000,
    unit: 'instructions',
    why: 'a{1000} is a thousand instructions; each can cost time for every character of a value',
    source: 'sidecarctl',
  },
  patternsSize: {
    name: 'size of all patterns of one template or schema',
    value: 300_000,
    unit: 'instructions',
    why: 'compiling them takes about a second',
    source: 'sidecarctl',
  },
  patternWork: {
    name: 'size of a compiled pattern times length of a value',
    value: 10_000_000,
    unit: 'steps',
    why: 'the slowest pattern takes about a second for so many',
    source: 'sidecarctl',
  },
} as const satisfies Readonly<Record<string, Limit>>
