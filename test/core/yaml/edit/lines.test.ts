import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../../src/core/text/source.ts'
import { linesOf } from '../../../../src/core/yaml/edit/lines.ts'
import { randomOf } from '../../../fuzz/mutate.ts'

const PIECES = ['a', 'bc', ' ', '\t', '\n', '\r\n', '\r', '\u0085', '\u2028', '- x: 1']

/** What `linesOf` says of one offset, worked out from the whole text. */
function plain(text: string, offset: number): { column: number; pad: string; eol: string; end: number } {
  const line = text.slice(0, offset).split(/[\n\r\u0085\u2028\u2029]/).at(-1) as string
  const before = text.lastIndexOf('\n', offset - 1)
  const lineFeed = offset > 0 && before >= 0 ? before : text.indexOf('\n')
  const eol = lineFeed < 0 ? (text.includes('\r') ? '\r' : '\n') : text[lineFeed - 1] === '\r' ? '\r\n' : '\n'
  // CR CR LF is one break, as kubectl reads it.
  const end = /^[^\n\r\u0085\u2028\u2029]*(?:\r?\r\n|[\n\r\u0085\u2028\u2029])?/.exec(text.slice(offset))?.[0].length ?? 0
  return { column: line.length, pad: (/^[ \t]*/.exec(line) as RegExpExecArray)[0], eol, end: offset + end }
}

describe('what is known of one line says nothing wrong of another', () => {
  it.each(Array.from({ length: 40 }, (_, n) => n))('text %i', (seed) => {
    const random = randomOf(seed)
    // Every other text has line feeds alone.
    const pieces = seed % 2 === 0 ? PIECES : PIECES.filter((piece) => !/[\r\u0085\u2028]/.test(piece))
    const text = Array.from({ length: random(30) }, () => pieces[random(pieces.length)] as string).join('')
    const source = new SourceText('x', text)
    for (let n = 0; n < 60; n++) {
      const offset = random(text.length + 1)
      // The documents of an input ask one after the other.
      const lines = linesOf(source)
      expect({ offset, column: lines.columnOf(offset), pad: lines.padOf(offset), eol: lines.eol(offset), end: lines.lineEnd(offset) })
        .toEqual({ offset, ...plain(text, offset) })
    }
  })
})
