import { describe, expect, it } from 'vitest'
import { memoizeByText } from '../../../src/core/text/memoize.ts'

describe('remembering', () => {
  it('asks once for each text, whatever the answer', () => {
    const asked: string[] = []
    const length = memoizeByText((text) => {
      asked.push(text)
      return text === '' ? undefined : text.length
    })
    expect(['cpu', 'cpu', '', '', 'memory'].map(length)).toEqual([3, 3, undefined, undefined, 6])
    expect(asked).toEqual(['cpu', '', 'memory'])
  })

  it('is bounded in texts and in their length, and right beyond', () => {
    let asked = 0
    const length = memoizeByText((text) => {
      asked++
      return text.length
    })
    const long = 'x'.repeat(1000)
    expect([long, long].map(length)).toEqual([1000, 1000])
    expect(asked).toBe(2)
    const texts = Array.from({ length: 5000 }, (_, n) => String(n))
    expect([...texts, ...texts].map(length)).toEqual([...texts, ...texts].map((text) => text.length))
    expect(asked).toBeGreaterThan(8000)
  })
})
