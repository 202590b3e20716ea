import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/core/text/source.ts'

describe('positions in a text', () => {
  const text = 'a\r\nb\u{1F600}c\rd\n\n'
  it.each([
    ['a', 1, 1], ['\r\n', 1, 2], ['b', 2, 1], ['c', 2, 3], ['d', 3, 1],
  ])('%j', (part, line, column) => {
    expect(new SourceText('x', text).position(text.indexOf(part))).toEqual({ line, column })
  })

  it('clamps offsets outside', () => {
    const source = new SourceText('x', text)
    expect(source.position(-1)).toEqual({ line: 1, column: 1 })
    expect(source.position(1000)).toEqual({ line: 5, column: 1 })
  })

  it('counts characters on a line of any length', () => {
    // Surrogate pairs lie across every boundary that a count could have.
    const long = `first\n${'\u{1F600}x'.repeat(20_000)}\nlast`
    const source = new SourceText('x', long)
    for (const characters of [0, 1, 2, 2730, 2731, 2732, 8191, 8192, 39_998, 40_000]) {
      const offset = 6 + Math.floor(characters / 2) * 3 + (characters % 2) * 2
      expect(source.position(offset)).toEqual({ line: 2, column: 1 + characters })
    }
    expect(source.position(long.length)).toEqual({ line: 3, column: 5 })
  })

  it('gives lines without their ends', () => {
    const source = new SourceText('x', text)
    expect([1, 2, 3, 4, 5, 6].map((line) => source.line(line))).toEqual(['a', 'b\u{1F600}c', 'd', '', '', ''])
  })
})
