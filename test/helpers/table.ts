import { describe, expect, it } from 'vitest'
import { visible } from './yaml-text.ts'

/** A row: what there is, what is done, what there is then, and, where the rule is not enough, a remark. */
export type Row<Before, Operation, After> = readonly [
  before: Before,
  operation: Operation,
  after: After,
  remark?: string,
]

/**
 * Tests the rows of a rule. Each row is titled by its operation as it is written, so that a failure tells all.
 * @param rule what holds for all rows, as a sentence
 */
export function table<Before, Operation, After>(
  rule: string,
  run: (before: Before, operation: Operation) => unknown,
  rows: readonly Row<Before, Operation, After>[],
): void {
  describe(`${rule}`, () => {
    for (const [n, [before, operation, after, remark]] of rows.entries()) {
      it(`${n + 1}. ${remark ?? written(before, operation)}`, () => {
        expect(run(before, operation)).toEqual(typeof after === 'string' ? visible(after) : after)
      })
    }
  })
}

/** A function as its source, which tells what it does; other operations with what they work on. */
function written(before: unknown, operation: unknown): string {
  const text =
    typeof operation === 'function'
      ? String(operation).replace(/^[^>]*=>\s*/, '')
      : `${JSON.stringify(before)} ${JSON.stringify(operation)}`
  return text.replaceAll(/\s+/g, ' ').slice(0, 200)
}
