import { describe, expect, it } from 'vitest'
import { applyEdits, editedPieces, type TextEdit } from '../../../src/core/text/edit.ts'

const edit = (start: number, end: number, text: string): TextEdit => ({ start, end, text })

describe('applyEdits', () => {
  it.each<[string, TextEdit[], string]>([
    ['nothing', [], 'abcdef'],
    ['an insertion', [edit(2, 2, 'X')], 'abXcdef'],
    ['at both ends', [edit(6, 6, '>'), edit(0, 0, '<')], '<abcdef>'],
    ['a removal', [edit(1, 3, '')], 'adef'],
    ['everything', [edit(0, 6, 'x')], 'x'],
    ['neighbours', [edit(2, 4, 'Y'), edit(0, 2, 'X')], 'XYef'],
    ['insertions at one place keep their order', [edit(3, 3, '1'), edit(3, 3, '2'), edit(3, 3, '3')], 'abc123def'],
    ['an insertion before a removal that begins there', [edit(3, 5, ''), edit(3, 3, 'X')], 'abcXf'],
    ['an insertion where a removal ends', [edit(1, 3, ''), edit(3, 3, 'X')], 'aXdef'],
  ])('%s', (_, edits, result) => {
    expect(applyEdits('abcdef', edits)).toBe(result)
  })

  it.each<[string, TextEdit[]]>([
    ['two removals', [edit(0, 3, ''), edit(2, 4, '')]],
    ['an insertion inside a removal', [edit(0, 3, ''), edit(1, 1, 'x')]],
    ['a range turned round', [edit(3, 2, '')]],
    ['past the end', [edit(5, 7, '')]],
  ])('refuses an overlap: %s', (_, edits) => {
    expect(() => applyEdits('abcdef', edits)).toThrow(/overlap at offset/)
  })
})

describe('editedPieces', () => {
  const TEXT = 'one\ntwo\n\u{1F600}\u{1F600}\u{1F600}\nthree\n'
  const EDITS = [
    { start: 4, end: 4, text: 'first\n' }, { start: 4, end: 4, text: 'second\n' }, { start: 8, end: 14, text: '' }, { start: 15, end: 18, text: 'T' },
    { start: TEXT.length, end: TEXT.length, text: 'end' },
  ]

  it.each([1, 2, 3, 4, 5, 8, 9, 11, 100])('are what the whole is, in pieces of %i, and no character is cut', (size) => {
    for (const edits of [EDITS, [], EDITS.slice(0, 2), EDITS.slice(4)]) {
      const pieces = [...editedPieces(TEXT, edits, size)]
      expect(pieces.join('')).toBe(applyEdits(TEXT, edits))
      expect(pieces.filter((piece) => Buffer.from(piece).toString() !== piece)).toEqual([])
    }
  })

  it('of nothing are what is put there', () => {
    expect([...editedPieces('', [{ start: 0, end: 0, text: 'a' }], 5)]).toEqual(['a'])
    expect([...editedPieces('', [], 5)]).toEqual([''])
  })

  it('refuses edits that overlap', () => {
    expect(() => [...editedPieces(TEXT, [{ start: 0, end: 3, text: '' }, { start: 2, end: 5, text: '' }], 1)]).toThrow(/overlap/)
  })
})
