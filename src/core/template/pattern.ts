import { readPattern, type Pattern } from './pattern-syntax.ts'

/** States that a pattern may need at most; `(x{1000}){1000}` would need a million. */
const MAX_STATES = 4000

/** One state of the automaton. `next` are the states that follow without a character. */
type State =
  | { type: 'char'; matches: (code: number) => boolean; next: number }
  | { type: 'jump'; next: number[] }
  | { type: 'start'; next: number }
  | { type: 'end'; next: number }
  | { type: 'match' }

/** A pattern that tells in time proportional to the text's length whether a text matches. */
export interface CompiledPattern {
  test(text: string): boolean
}

/**
 * Compiles a regular expression of a template. Patterns come from files that others wrote, and JavaScript's own
 * engine can take hours over a short text (`(a+)+$`); so patterns run on an automaton that looks at every character
 * once. It knows what such patterns need: characters, `.`, classes, groups, `|`, quantifiers, `^` and `$`.
 * Look-around, back-references, `\b` and `\p{}` are refused. A pattern matches anywhere unless anchored, as in JSON
 * Schema; characters are code points.
 */
export function compilePattern(source: string): CompiledPattern | { problem: string } {
  const parsed = readPattern(source)
  if ('problem' in parsed) return parsed
  const states: State[] = []
  try {
    const start = build(parsed.pattern, add(states, { type: 'match' }), states)
    return { test: (text) => run(states, start, [...text].map((c) => c.codePointAt(0) as number)) }
  } catch (error) {
    if (error instanceof TooManyStates) return { problem: 'it repeats too much' }
    throw error
  }
}

class TooManyStates extends Error {}

function add(states: State[], state: State): number {
  if (states.length >= MAX_STATES) throw new TooManyStates()
  return states.push(state) - 1
}

/** Adds the states of a pattern that goes on to `next`; returns the first. Built from its end to its beginning. */
function build(pattern: Pattern, next: number, states: State[]): number {
  switch (pattern.type) {
    case 'char':
      return add(states, { type: 'char', matches: pattern.matches, next })
    case 'start':
    case 'end':
      return add(states, { type: pattern.type, next })
    case 'sequence':
      return pattern.items.reduceRight((after, item) => build(item, after, states), next)
    case 'choice':
      return add(states, { type: 'jump', next: pattern.items.map((item) => build(item, next, states)) })
    case 'repeat':
      return buildRepeat(pattern, next, states)
  }
}

function buildRepeat({ item, min, max }: Extract<Pattern, { type: 'repeat' }>, next: number, states: State[]): number {
  let first = next
  if (max === Infinity) {
    const loop: State = { type: 'jump', next: [next] }
    first = add(states, loop)
    loop.next.unshift(build(item, first, states))
  }
  for (let i = min; i < max && max !== Infinity; i++) {
    first = add(states, { type: 'jump', next: [build(item, first, states), next] })
  }
  for (let i = 0; i < min; i++) {
    const after = build(item, first, states)
    // An empty item adds nothing, however often it is repeated.
    if (after === first) break
    first = after
  }
  return first
}

function run(states: readonly State[], start: number, text: readonly number[]): boolean {
  let current = new Set<number>()
  for (let at = 0; at <= text.length; at++) {
    // A pattern may begin to match at any character.
    if (reach(states, [...current, start], at, text.length, (current = new Set()))) return true
    const code = text[at]
    const after = new Set<number>()
    for (const index of current) {
      const state = states[index] as State
      if (state.type === 'char' && code !== undefined && state.matches(code)) after.add(state.next)
    }
    current = after
  }
  return false
}

/** Follows all steps that take no character; true when one of them reaches the end of the pattern. */
function reach(states: readonly State[], from: number[], at: number, length: number, seen: Set<number>): boolean {
  const waiting = from
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (seen.has(index)) continue
    seen.add(index)
    const state = states[index] as State
    if (state.type === 'match') return true
    if (state.type === 'jump') waiting.push(...state.next)
    else if (state.type === 'start' ? at === 0 : state.type === 'end' && at === length) waiting.push(state.next)
  }
  return false
}
