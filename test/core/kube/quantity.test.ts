import { describe, expect, test } from 'vitest'
import {
  compareQuantities,
  isWholeQuantity,
  milliValue,
  parseAmount,
  parseQuantity,
  quantitySign,
} from '../../../src/core/kube/quantity.ts'
import type { Json } from '../../../src/core/json/json.ts'

const GIGA = 10n ** 9n

describe('parseQuantity', () => {
  test.each<[Json, bigint]>([
    ['0', 0n],
    ['1', GIGA],
    ['+1', GIGA],
    ['-1', -GIGA],
    [1, GIGA],
    [0.5, GIGA / 2n],
    [1e21, GIGA * 10n ** 21n],
    ['100m', GIGA / 10n],
    ['.5', GIGA / 2n],
    ['1.', GIGA],
    ['1.5Gi', GIGA * 3n * 2n ** 29n],
    ['1Ki', GIGA * 1024n],
    ['1k', GIGA * 1000n],
    ['1E', GIGA * 10n ** 18n],
    ['1e3', GIGA * 1000n],
    ['1E-3', GIGA / 1000n],
    ['12e6', GIGA * 12_000_000n],
    ['0.1n', 1n],
    ['-0.1n', -1n],
    [' 1 ', GIGA],
    ['16Ei', (2n ** 63n - 1n) * GIGA],
    ['.', 0n],
    ['m', 0n],
    [null, 0n],
  ])('%j', (text, nanos) => {
    expect(parseQuantity(text)?.nanos).toBe(nanos)
  })

  test.each<[Json]>([
    [''],
    ['1KB'],
    ['1K'],
    ['lots'],
    ['1.2.3'],
    ['1 Gi'],
    ['1ki'],
    ['1e'],
    ['1e1.5'],
    ['0x10'],
    ['Ei'],
    ['100mm'],
    [true],
    [{}],
  ])('refuses %j', (text) => {
    expect(parseQuantity(text)).toBeUndefined()
  })

  test('a hostile exponent costs nothing and compares as huge', () => {
    const huge = parseQuantity('1e999999999')
    const tiny = parseQuantity('1e-999999999')
    expect(huge && compareQuantities(huge, { nanos: 10n ** 100n })).toBe(1)
    expect(tiny?.nanos).toBe(1n)
  })
})

test('comparison is exact', () => {
  const [a, b] = [parseQuantity('1.000000001Gi'), parseQuantity('1Gi')]
  expect(a && b && compareQuantities(a, b)).toBe(1)
  expect(quantitySign({ nanos: -5n })).toBe(-1)
})

test.each([
  ['1', true],
  ['1500m', false],
  ['1.5k', true],
  ['0.9999', true], // rounds up to 1000 thousandths
  ['100m', false],
])('whole number: %s %s', (text, whole) => {
  expect(isWholeQuantity(parseQuantity(text)!)).toBe(whole)
})

test('amounts of resources are exact to a thousandth', () => {
  expect(parseAmount('0.0001')?.nanos).toBe(1_000_000n)
  expect(parseAmount('-1.0001')?.nanos).toBe(-1_001_000_000n)
  expect(parseAmount('1.001')?.nanos).toBe(1_001_000_000n)
  expect(parseAmount('lots')).toBeUndefined()
})

test('thousandths round away from zero', () => {
  expect(milliValue(parseQuantity('0.0001')!)).toBe(1n)
  expect(milliValue(parseQuantity('-0.0001')!)).toBe(-1n)
})
