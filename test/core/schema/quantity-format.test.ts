import { describe, expect, it } from 'vitest'
import { quantityError } from '../../../src/core/schema/scalars.ts'

// Values and verdicts of apimachinery's own resource.Quantity tests, and its documented oddities.
describe('quantityError', () => {
  it.each([
    '0', '0n', '0Ki', '1', '100m', '1.5', '.5', '1.', '-1', '+2', '12e6', '12E6', '1e-3', '0.5Gi', '1Ei', '1E', '10P',
    '123456789012345678901234567890', 'Mi', 'e-9', '-Ti', '100n', '100u', '5e+3',
  ])('takes %s', (text) => {
    expect(quantityError(text)).toBeUndefined()
  })

  it.each([
    ['', 'regular expression'],
    ['64MB', 'regular expression'],
    ['aoeu', 'regular expression'],
    ['1.1.M', 'regular expression'],
    ['1+1.0M', 'regular expression'],
    ['0.1mi', 'suffix'],
    ['.5i', 'suffix'],
    ['1i', 'suffix'],
    ['-3.01i', 'suffix'],
    ['-3.01e-', 'suffix'],
    ['1 Gi', 'regular expression'],
    ['1K', 'suffix'],
    ['1kk', 'suffix'],
    ['Pi', 'numeric part'],
    ['-.Ei', 'numeric part'],
    ['e-10', 'numeric part'],
  ])('refuses %j', (text, reason) => {
    const message = quantityError(text)
    expect(message).toBeDefined()
    expect(message).toContain(reason)
  })
})
