import { expect, it } from 'vitest'
import type { Json } from '../../../src/core/json/json.ts'
import { isEqual } from '../../../src/core/json/equality.ts'

it.each<[Json | undefined, Json | undefined, boolean]>([
  [{ a: 1, b: [2] }, { b: [2], a: 1 }, true], [[1, 2], [2, 1], false], [{ a: undefined as never }, {}, false], [null, undefined, false], [{}, [], false],
  [{ a: 1 }, Object.assign(Object.create(null) as object, { a: 1 }) as Json, true], [1, '1', false],
])('%j and %j: equal is %s', (a, b, equal) => {
  expect(isEqual(a, b)).toBe(equal)
})
