import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../src/core/json/json.ts'
import { changed, errors } from './check.ts'

export type Changes = Record<string, Json | undefined>
export type Row = [name: string, changes: Changes, expected: string[]]

/** A valid object, and what is reported of copies with some values changed. */
export function suite(title: string, valid: JsonObject, rows: Row[], minor = 36): void {
  describe(`${title}`, () => {
    test('valid', () => {
      expect(errors(valid, minor)).toEqual([])
    })
    test.each(rows)('%s', (_name, changes, expected) => {
      expect(errors(changed(valid, changes), minor)).toEqual(expected)
    })
  })
}

/** An object named `x`. */
export function object(apiVersion: string, kind: string, rest: JsonObject): JsonObject {
  return { apiVersion, kind, metadata: { name: 'x' }, ...rest }
}
