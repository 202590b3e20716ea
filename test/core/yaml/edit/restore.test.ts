/** What gives way to a value of ours, and how it comes back: the text between colon and end of value. */
import { describe, expect, it } from 'vitest'
import type { MapNode, Pair } from '../../../../src/core/yaml/read/node.ts'
import { table, type Row } from '../../../helpers/table.ts'
import { yaml } from '../../../helpers/yaml-text.ts'
import { Edit, edited } from './editing.ts'

type EditRow = Row<string, (edit: Edit) => unknown, string>
const rows = (rule: string, list: readonly EditRow[]): void => { table(rule, edited, list) }

table<string, string, string>('what comes back is the text from colon or dash to the end of the value', (before, path) => new Edit(before).textOf(path), [
  ['a: 1 # why\n', 'a', ' 1'],
  ['a:   &it 1\n', 'a', '   &it 1'],
  ['a:\nb: 1\n', 'a', ''],
  ['a: # why\nb: 1\n', 'a', ''],
  ['a:\n  ~\n', 'a', '\n  ~'],
  ['a: {"x": 1}\n', 'a', ' {"x": 1}'],
  ['a: {x: 1}\n', 'a.x', ' 1'],
  ['- x\n-   y\n', '1', '   y'],
  ['a: # why\n  null\n', 'a', ' null', 'a comment between the two stays, so it is no part of that'],
  ['a:\n  null # why\n', 'a', ' null', 'the same for one behind a value on a line of its own'],
  ['a: &it # why\n  null\n', 'a', ' &it # why\n  null', 'a comment behind the anchor is part of the value'],
  ['b: &it 1\na: *it\n', 'a', ' *it'],
  ['b: &it 1\na:\n  *it\n', 'a', ' *it', 'an alias comes back behind its colon'],
  ['b: &it 1\nl:\n- # why\n  *it\n', 'l.0', ' *it'],
])

rows('a value of ours gives way to the text that was there', [
  ['a:\nb: 1\n', (e) => e.restore('a', ' ~'), 'a: ~\nb: 1\n'],
  ['a: {x: 1} # mine\n', (e) => e.restoreValue('a', ' null'), 'a: null # mine\n'],
  ['a: {x: 1}\n', (e) => e.restoreValue('a', ''), 'a:\n'],
  ['a: 1\n', (e) => e.restoreValue('a', '   &it 2'), 'a:   &it 2\n'],
  ['l:\n- {x: 1}\n- z\n', (e) => e.restoreValue('l.0', '   1'), 'l:\n-   1\n- z\n', 'an item'],
  ['a: # why\n  45\n', (e) => e.restoreValue('a', ' 30'), 'a: # why\n  30\n', 'below a comment that stays'],
  ['a:\n  45 # why\n', (e) => e.restoreValue('a', ' 30'), 'a:\n  30 # why\n'],
  ['b: &it 1\na: # why\n  {x: 1}\n', (e) => e.restoreValue('a', ' *it'), 'b: &it 1\na: # why\n  *it\n'],
  ['b: &it 1\na:\n  {x: 1}\n', (e) => e.restoreValue('a', ' *it'), 'b: &it 1\na:\n  *it\n', 'an alias on the line of what it replaces'],
  ['b: &it 1\nl:\n-\n  {x: 1}\n', (e) => e.restoreValue('l.0', ' *it'), 'b: &it 1\nl:\n-\n  *it\n'],
  ['l:\n- # why\n  {x: 1}\n', (e) => e.restoreValue('l.0', ' 1'), 'l:\n- # why\n  1\n'],
  ['a: &it {x: 1}\n', (e) => e.restoreValue('a', ' ~'), 'a: ~\n', 'an anchor is no comment'],
  ['b: &it 1\na:  {x: 1}\n', (e) => e.restoreValue('a', ' *it'), 'b: &it 1\na: *it\n', 'an alias behind its colon as it was'],
  ['a:\n  {x: 1}\n', (e) => e.restoreValue('a', ' 1'), 'a: 1\n', 'another value as it was, too'],
])

rows('text that comes back is indented for the place where it is now', [
  ['m:\n    a: 1\n', (e) => e.restoreValue('m.a', '\n  ~'), 'm:\n    a:\n        ~\n', 'deeper than the key'],
  ['m:\n  a: 1\n', (e) => e.restoreValue('m.a', '\n      ~'), 'm:\n  a:\n      ~\n', 'as it was where that is deep enough'],
  ['m:\n  a:\n', (e) => e.restore('m.a', '\n  ~'), 'm:\n  a:\n    ~\n'],
  ['m: {a: {b: 1}, c: 1}\n', (e) => e.restoreValue('m.a', '\n~'), 'm: {a:\n~, c: 1}\n', 'between brackets as it was'],
  ['m:\n  {a: [1]}\n', (e) => e.restoreValue('m.a', '\r\n &q ~'), 'm:\n  {a:␍\n &q ~}\n'],
  ['m:\n  a: 1\n', (e) => e.restoreValue('m.a', '\n\n  ~'), 'm:\n  a:\n\n    ~\n', 'below an empty line'],
  ['m:\r  a: 1\r', (e) => e.restoreValue('m.a', '\r  ~'), 'm:␍  a:␍    ~␍'],
  ['m: {"a":1}\n', (e) => e.restoreValue('m.a', ''), 'm: {"a":}\n', 'a quoted key ends at its quote'],
  ['m: {a: 1}\n', (e) => e.restoreValue('m.a', ''), 'm: {a: }\n', 'a bare key would take the colon with it'],
  ['m: {a: 1, b: 2}\n', (e) => e.restoreValue('m.a', ''), 'm: {a: , b: 2}\n'],
  ['m: [a: 1]\n', (e) => e.restoreValue('m.0.a', ''), 'm: [a: ]\n'],
  ['m: {a : 1}\n', (e) => e.restoreValue('m.a', ''), 'm: {a :}\n', 'behind a blank the colon is none of the key'],
  ['a: 1\nb: 2\n', (e) => e.restoreValue('a', ''), 'a:\nb: 2\n', 'outside of brackets nothing is needed'],
  ['m: {a: 1}\n', (e) => e.restoreValue('m.a', ' ~'), 'm: {a: ~}\n'],
  ['m: {a: 1}\n', (e) => e.restoreValue('m.a', ' !!null'), 'm: {a: !!null }\n', 'a tag would take the brace with it'],
  ['m: {a: 1, b: 2}\n', (e) => e.restoreValue('m.a', ' &q !!null'), 'm: {a: &q !!null , b: 2}\n'],
  ['m: {a: 1}\n', (e) => e.restoreValue('m.a', ' !!null &q'), 'm: {a: !!null &q}\n'],
  ['a: 1\n', (e) => e.restoreValue('a', ' !!null'), 'a: !!null\n'],
])

describe('what was filled comes back', () => {
  it.each([
    'a:\nb: 1\n', 'a: null # why\n', 'a:   ~\nb: 1\n', 'a: {}\n', 'a: [ ] # why\n', 'a: # why\n  {}\nb: 1\n', 'a:\n  null # why\nb: 1\n', 'm: {a: , b: 1}\n', 'm: {"a":null}\n', 'a:\n\n  ~\n',
  ])('%j', (before) => {
    const path = before.startsWith('m') ? 'm.a' : 'a'
    const first = new Edit(before)
    const kept = first.textOf(path)
    const [pair] = (first.doc.root as MapNode).pairs
    const was = first.fill(path, { x: 1 })
    if (path === 'a') expect(was).toBe(before.slice((pair?.colon ?? 0) + 1, pair?.value.end))
    const second = new Edit(first.text)
    const isBlock = /\n +x: 1\n/.test(first.text)
    if (isBlock) {
      second.clear(path)
      second.restore(path, kept)
    } else second.restoreValue(path, kept)
    expect(second.text).toBe(before)
  })
})

rows('a value beside a comment is replaced on its own line, so that the comment stays', [
  ['a: # why\n  1\n', (e) => e.replace('a', { p: 1 }), 'a: # why\n  {p: 1}\n'],
  ['a:\n  1 # why\n', (e) => e.replace('a', { p: 1 }), 'a:\n  {p: 1} # why\n'],
  ['a: # why\n  {}\n', (e) => e.fill('a', { p: 1 }), 'a: # why\n  {p: 1}\n'],
  ['b: &it 1\na: # why\n  *it\n', (e) => e.replace('a', 2), 'b: &it 1\na: # why\n  2\n'],
  ['a: 1 # why\n', (e) => e.replace('a', { p: 1 }), 'a: # why\n  p: 1\n', 'on the line of the key there is room below it'],
  ['a: # why\n  |\n  x\n', (e) => e.replace('a', 1), 'a: 1\n', 'a text of several lines goes as a whole'],
  [`a:\n  1${' '.repeat(199)}# far\n`, (e) => e.replace('a', 2), `a:\n  2${' '.repeat(199)}# far\n`, 'as far as 199 blanks'],
  ['a:\n  1\n  # below\n', (e) => e.replace('a', 2), 'a: 2\n  # below\n', 'a comment below is not beside it'],
  ['a: # why\n  >\n  x\n', (e) => e.replace('a', 1), 'a: 1\n'],
])

rows('a comment behind an anchor or tag on another line would be lost, so that is refused', [
  ['a: &it # why\n  1\n', (e) => e.replace('a', 2), 'refused: a comment next to a value whose anchor or tag is on another line would be lost; put the comment on a line above the key'],
  ['a: !!str\n  x # why\n', (e) => e.replace('a', 2), 'refused: a comment next to a value whose anchor or tag is on another line would be lost; put the comment on a line above the key'],
  ['a: &it # why\n  ~\n', (e) => e.fill('a', { p: 1 }), 'refused: a comment next to a value whose anchor or tag is on another line would be lost; put the comment on a line above the key'],
  ['a: &it 1 # why\n', (e) => e.replace('a', 2), 'a: 2 # why\n', 'on one line it stays'],
  ['a: &it\n  1\n', (e) => e.replace('a', 2), 'a: 2\n', 'without one nothing is lost'],
  ['a: &it # why\n  {}\n', (e) => e.replace('a', 2), 'a: 2\n', 'a collection goes with what is inside it'],
  ['a: &it\n  1#2\n', (e) => e.replace('a', 2), 'a: 2\n', 'a hash inside of a value is none'],
  ['a: &it\n  1   # why\n', (e) => e.replace('a', 2), 'refused: a comment next to a value whose anchor or tag is on another line would be lost; put the comment on a line above the key'],
])

rows('a scalar alone is replaced, or given to a key without one', [
  ['a: 1 # why\n', (e) => e.putScalar('a', 'x'), 'a: x # why\n'],
  ['a: &it 1\n', (e) => e.putScalar('a', 2), 'a: 2\n'],
  ['a: # why\nb: 1\n', (e) => e.putScalar('a', 2), 'a: 2 # why\nb: 1\n'],
  ['a: # why\n  1\n', (e) => e.putScalar('a', 2), 'a: # why\n  2\n'],
  ['a: {x: 1}\n', (e) => e.putScalar('a.x', '-p'), 'a: {x: "-p"}\n'],
  ['{"a": 1}', (e) => e.putScalar('a', 'x'), '{"a": "x"}'],
  ['a: 1\n', (e) => e.putScalar('a', '-p'), 'a: -p\n'],
  ['a: 1 # why\n', (e) => e.putText('a', '0x10'), 'a: 0x10 # why\n', 'as it is written'],
  ['a: 1 # why\n', (e) => e.putText('a', ''), 'a: # why\n', 'an empty text leaves the value out'],
  ['a:\nb: 1\n', (e) => e.putText('a', ''), 'a:\nb: 1\n'],
])

rows('a key without a colon takes no value', [
  ['m: {a, b: 1}\n', (e) => e.fill('m.a', 1), "refused: this key has no colon, so nothing can be added to it; write ': null' after it"],
  ['m: {a, b: 1}\n', (e) => e.replace('m.a', 1), "refused: this key has no colon, so its value cannot be changed; write ': null' after it"],
  ['m: {a, b: 1}\n', (e) => e.putText('m.a', 'x'), "refused: this key has no colon, so its value cannot be changed; write ': null' after it"],
  ['m: {a, b: 1}\n', (e) => e.restore('m.a', ' x'), "refused: this key has no colon, so its original value cannot be restored; write ': null' after it"],
  ['m: {a, b: 1}\n', (e) => e.restoreValue('m.a', ' x'), "refused: this key has no colon, so its original value cannot be restored; write ': null' after it"],
])

rows('edits that were planned can be dropped, told, and taken over', [
  [yaml`
    a: 1
    b: 2
  `, (e) => {
    e.replace('a', 'x')
    const mark = e.editor.mark()
    e.replace('b', 'z')
    e.editor.dropSince(mark)
  }, yaml`
    a: x
    b: 2
  `, 'dropped since a mark'],
  [yaml`
    a:
    - x
  `, (e) => {
    e.editor.splice({ start: 7, end: 7, text: '# end\n' })
    e.insert('a', ['z'])
  }, yaml`
    a:
    - x
    - z
    # end
  `, 'what goes beside the document goes behind what goes into it'],
])

describe('a collection begins below its indicator', () => {
  it.each([['a:\n  b: 1\n', true], ['a: # why\n  b: 1\n', true], ['a: {b: 1}\n', false], ['a: &it\n  b: 1\n', true]])('%j: %s', (text, expected) => {
    const { doc, editor } = new Edit(text)
    const { colon, value } = (doc.root as MapNode).pairs[0] as Pair
    expect(editor.startsBelow(value as MapNode, colon)).toBe(expected)
  })
})
