import { array, assert, constantFrom, nat, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits, type TextEdit } from '../../src/core/text/edit.ts'
import { diffEdited, type Line } from '../../src/report/line-diff.ts'

const side = (lines: readonly Line[], without: Line['sign']): string =>
  lines
    .filter(({ sign }) => sign !== without)
    .map(({ text }) => text)
    .join('')

/** A text, and edits that do not overlap. */
const edited = array(constantFrom('a: 1', 'b: 2', '', '- c', '---', '\r'), { maxLength: 20 })
  .chain((lines) =>
    tuple(
      constantFrom(lines.join('\n'), `${lines.join('\n')}\n`, `\n${lines.join('\r\n')}`),
      array(nat(200), { maxLength: 8 }),
      array(constantFrom('', 'x', 'x: 1\n', '\ny: 2', 'a: 1\n', '\n'), { minLength: 4, maxLength: 4 }),
    ),
  )
  .map(([text, places, texts]): { text: string; edits: TextEdit[] } => {
    const sorted = places.map((place) => Math.min(place, text.length)).sort((a, b) => a - b)
    const edits = Array.from({ length: sorted.length >> 1 }, (_, n) => ({
      start: sorted[2 * n] as number,
      end: sorted[2 * n + 1] as number,
      text: texts[n] as string,
    }))
    return { text, edits }
  })

describe('compareEdited', () => {
  it('shows what was, what comes, and every line that no edit touches as kept', () => {
    assert(
      property(edited, ({ text, edits }) => {
        const lines = [...diffEdited(text, edits)]
        expect(side(lines, '+')).toBe(text)
        expect(side(lines, '-')).toBe(applyEdits(text, edits))
        const touched = edits.reduce((sum, { start, end }) => sum + text.slice(start, end).split('\n').length, 0)
        expect(lines.filter(({ sign }) => sign === '-').length).toBeLessThanOrEqual(touched)
      }),
    )
  })

  it.each<[string, string, TextEdit[], string[]]>([
    ['a line put in', 'a\nb\n', [{ start: 2, end: 2, text: 'x\n' }], [' a\n', '+x\n', ' b\n']],
    [
      'a line put in front of all, where the first is empty',
      '\nb\n',
      [{ start: 0, end: 0, text: 'x\n' }],
      ['+x\n', ' \n', ' b\n'],
    ],
    ['a line behind a last one without an end', 'a', [{ start: 1, end: 1, text: '\nb' }], ['-a', '+a\n', '+b']],
    ['part of a line', 'a\nb: 1\nc\n', [{ start: 5, end: 6, text: '2' }], [' a\n', '-b: 1\n', '+b: 2\n', ' c\n']],
    ['a line taken out', 'a\nb\nc\n', [{ start: 2, end: 4, text: '' }], [' a\n', '-b\n', ' c\n']],
    [
      'two edits in a line',
      'a b\n',
      [
        { start: 0, end: 1, text: 'x' },
        { start: 2, end: 3, text: 'y' },
      ],
      ['-a b\n', '+x y\n'],
    ],
    ['nothing', 'a\n', [], [' a\n']],
  ])('%s', (_, text, edits, lines) => {
    expect([...diffEdited(text, edits)].map((line) => line.sign + line.text)).toEqual(lines)
  })

  it('shows small changes all over a long document', () => {
    const item = (n: number, image: string): string => `- name: item-${n}\n  image: ${image}\n`
    const items = Array.from({ length: 3000 }, (_, n) => n)
    const text = items.map((n) => item(n, 'a:1')).join('')
    const edits = [...text.matchAll(/a:1/g)].map(({ index }) => ({ start: index, end: index + 3, text: 'b:2' }))
    expect([...diffEdited(text, edits)].filter(({ sign }) => sign === '-')).toHaveLength(3000)
  })
})
