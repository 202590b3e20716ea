import { describe, expect, it } from 'vitest'
import { encodeParts, encodePieces, encodeSources, groupParts, joinParts } from '../../../src/core/text/parts.ts'
import { LinedText, SourceText } from '../../../src/core/text/source.ts'

const bytes = (pieces: Iterable<Uint8Array>): Buffer => Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece)))

function part(label: string, text: string, before = 0, bom = false): SourceText {
  return new SourceText(label, () => new LinedText(text), 'utf-8', bom, { lines: 0, documents: 0, bytes: before })
}

describe('encodePieces', () => {
  it.each<[string, string[]]>([
    ['nothing', []], ['empty texts', ['', '']], ['short texts', ['a', 'é', '\u{1F600}']],
    ['a long text', ['é'.repeat(300_001)]], ['many texts', Array.from({ length: 5000 }, (_, n) => `\u{1F600}${'x'.repeat(n % 150)}é`)],
  ])('makes the bytes of %s', (_, texts) => {
    expect(bytes(encodePieces(texts)).equals(Buffer.from(texts.join('')))).toBe(true)
  })
})

describe('parts of an input', () => {
  const [a, b] = [part('a', 'one\n', 0, true), part('a', 'two\n', 4)]
  const other = new SourceText('b', 'three\n')

  it('go together', () => {
    const all = [a, b, other].map((source) => ({ source }))
    expect(groupParts(all).map((group) => group.map(({ source }) => source.text))).toEqual([['one\n', 'two\n'], ['three\n']])
    expect(groupParts([])).toEqual([])
    const joined = joinParts([{ source: a }, { source: b }])
    expect([joined.text, joined.bom, joined.isStored, joined.label]).toEqual(['one\ntwo\n', true, false, 'a'])
    expect(joinParts([{ source: other }])).toBe(other)
  })

  it('are written as one, with their byte order mark', () => {
    const parts = [{ source: a, output: 'ONE\n' }, { source: b, output: '', pieces: () => ['T', 'WO\n'] }]
    expect(bytes(encodeParts(parts)).toString()).toBe('\uFEFFONE\nTWO\n')
    expect(bytes(encodeSources([a, b])).toString()).toBe('\uFEFFone\ntwo\n')
  })
})
