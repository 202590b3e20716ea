/** The edits of a document until they are applied: their order, and the line break of a file that has none at its end. */
import { describe, expect, it } from 'vitest'
import { applyEdits } from '../../../../src/core/text/edit.ts'
import { SourceText } from '../../../../src/core/text/source.ts'
import { PendingEdits, inOrder, withoutLastBreak, type PendingEdit } from '../../../../src/core/yaml/edit/pending-edits.ts'
import { linesOf } from '../../../../src/core/yaml/edit/lines.ts'
import { table, type Row } from '../../../helpers/table.ts'
import { visible } from '../../../helpers/yaml-text.ts'

type Edits = readonly (readonly [start: number, end: number, text: string, depth?: number])[]

function applied(text: string, edits: Edits): string {
  const list = new PendingEdits()
  for (const [start, end, put, depth = 0] of edits) list.push(start, end, put, depth)
  return visible(applyEdits(text, withoutLastBreak(list.sorted(), text, linesOf(new SourceText('in.yaml', text)))))
}
const rows = (rule: string, list: readonly Row<string, Edits, string>[]): void => { table(rule, applied, list) }

rows('edits apply in the order of the text, whatever the order of planning', [
  ['abcd', [[3, 3, '3'], [1, 1, '1']], 'a1bc3d'],
  ['abcd', [[1, 3, ''], [1, 1, '+']], 'a+d', 'what is put in goes before what is taken out at the same place'],
  ['abcd', [[2, 2, 'outer', 1], [2, 2, 'inner', 3]], 'abinnerouterc'.replace('c', 'cd'), 'at one offset deeper text comes first'],
  ['abcd', [[2, 2, '1'], [2, 2, '2']], 'ab12cd', 'at one offset and depth, in the order of planning'],
])

rows('removing the last lines of a file without a final line break takes the break before them', [
  ['a\nb\nc', [[2, 4, ''], [4, 5, '']], 'a'],
  ['a\nb', [[2, 3, '']], 'a'],
  ['a\r\nb', [[3, 4, '']], 'a'],
  ['a\rb', [[2, 3, '']], 'a'],
  ['a\nb\n', [[2, 4, '']], 'a\n', 'not where the file ends with one'],
  ['a\nb c', [[4, 5, '']], 'a\nb ', 'not where a part of the line stays'],
  ['a\nb\nc', [[2, 4, '']], 'a\nc', 'not where the last line stays'],
  ['a\nb', [[2, 3, 'x']], 'a\nx', 'not where something else stands there then'],
  ['a\nb', [[3, 3, '']], 'a\nb', 'not where nothing is taken out'],
  ['a\nb', [], 'a\nb'],
  ['a\nb\nc', [[4, 5, ''], [2, 2, 'new\n']], 'a\nnew\nb'],
])

rows('and where lines are put in before them, the break of those', [
  ['a\nb', [[2, 2, 'new\n'], [2, 3, '']], 'a\nnew'],
  ['a\r\nb', [[3, 3, 'new\r\n'], [3, 4, '']], 'a␍\nnew'],
  ['a\nb', [[2, 2, 'one\ntwo\n'], [2, 3, '']], 'a\none\ntwo'],
  ['a\nb', [[2, 2, 'new\n', 2], [2, 2, 'other\n', 1], [2, 3, '']], 'a\nnew\nother', 'of the last of them'],
])

describe('a list of edits', () => {
  it('goes back to a mark, and returns what was planned since', () => {
    const list = new PendingEdits()
    list.push(0, 0, 'x', 1)
    const mark = list.mark()
    list.push(1, 2, 'y', 2)
    expect(list.since(mark)).toEqual([{ start: 1, end: 2, text: 'y', depth: 2 }])
    list.dropSince(mark)
    expect(list.since(mark)).toEqual([])
    expect(list.sorted()).toEqual([{ start: 0, end: 0, text: 'x' }])
  })

  it('is not changed by being put in order', () => {
    const edits: PendingEdit[] = [{ start: 2, end: 2, text: 'b', depth: 0 }, { start: 1, end: 1, text: 'a', depth: 0 }]
    const sorted = inOrder(edits)
    expect(sorted.map(({ text }) => text)).toEqual(['a', 'b'])
    ;(sorted[0] as PendingEdit).text = 'changed'
    expect(edits.map(({ text }) => text)).toEqual(['b', 'a'])
  })

  it('can be sorted again after the last break went', () => {
    const list = new PendingEdits()
    list.push(2, 3, '', 0)
    const lines = linesOf(new SourceText('in.yaml', 'a\nb'))
    for (const sorted of [list.sorted(), list.sorted()])
      expect(withoutLastBreak(sorted, 'a\nb', lines)).toEqual([{ start: 1, end: 3, text: '' }])
  })
})
