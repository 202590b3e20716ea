import { isObject, type Json } from '../json/json.ts'
import type { Condition, Test } from './template.ts'

/** Looks up a parameter (`output`) or a context value (`workload.kind`); undefined when it has no value. */
export type Lookup = (name: string) => Json | undefined

/**
 * Reads a condition: a map from names to a value, a list of values of which one must match, `{set: BOOLEAN}`
 * or `{not: VALUE or LIST}`. Returns undefined when it has another shape.
 */
export function readCondition(node: Json | undefined): Condition | undefined {
  if (!isObject(node)) return undefined
  const tests = new Map<string, Test>()
  for (const [name, wanted] of Object.entries(node)) {
    const test = readTest(wanted)
    if (test === undefined) return undefined
    tests.set(name, test)
  }
  return tests
}

function readTest(wanted: Json): Test | undefined {
  if (!isObject(wanted)) return { in: Array.isArray(wanted) ? wanted : [wanted] }
  const [key, ...more] = Object.keys(wanted)
  if (more.length > 0) return undefined
  const value = key === undefined ? undefined : wanted[key]
  if (key === 'set' && typeof value === 'boolean') return { set: value }
  if (key === 'not' && value !== undefined) return { notIn: Array.isArray(value) ? value : [value] }
  return undefined
}

/** True when every test of the condition holds. A name without a value is equal to nothing. */
export function holds(condition: Condition, lookup: Lookup): boolean {
  for (const [name, test] of condition) {
    const value = lookup(name)
    if ('set' in test) {
      if ((value !== undefined) !== test.set) return false
    } else if ('in' in test) {
      if (value === undefined || !test.in.includes(value)) return false
    } else if (value !== undefined && test.notIn.includes(value)) return false
  }
  return true
}
