/** The layout that is learnt from a document: what it uses most, and where it shows nothing, what most files use. */
import { describe, expect, it } from 'vitest'
import type { MapNode, YamlNode } from '../../../../src/core/yaml/read/node.ts'
import { columnOf, learnBlockStyle, learnFlowStyle } from '../../../../src/core/yaml/edit/style.ts'
import { table } from '../../../helpers/table.ts'
import { yaml } from '../../../helpers/yaml-text.ts'
import { readDocument } from './editing.ts'

/** `indent dashIndent dashGap` as numbers. */
function learnt(text: string): string {
  const { indent, dashIndent, dashGap } = learnBlockStyle(text, readDocument(text).root as YamlNode)
  return `${indent} ${dashIndent} ${dashGap}`
}

table<string, string, string>('maps are indented, and dashes stand, as in most of the document', learnt, [
  ['a: 1\n', 'nothing shown', '2 0 2'],
  [yaml`
    a:
        b: 1
    c:
    - d: 1
  `, 'indent 4, flush dashes', '4 0 2'],
  [yaml`
    a:
      - b
    c:
      - d
    e:
    - f
  `, 'most dashes indented', '2 2 2'],
  [yaml`
    a:
      - b
    e:
    - f
  `, 'as many as not: the smaller counts', '2 0 2'],
  [yaml`
    - a:
        - b
    - c:
          d: 1
  `, 'inside of lists, too', '4 2 2'],
  [yaml`
    a:
            b: 1
    c:
             d: 1
    e:
             f: 1
  `, 'up to eight columns: more are no choice', '8 0 2'],
  [yaml`
    a:
            - b
    c:
             - d
    e:
             - f
  `, 'dashes, too', '2 8 2'],
  [yaml`
    a: {b: {c: 1}}
    d:
       e: 1
  `, 'nothing is learnt from braces', '3 0 2'],
  [yaml`
    a: [{b: 1}]
    d:
     - e: 1
  `, 'nor from brackets', '2 1 2'],
  [yaml`
    ? a
    :
       b: 1
  `, 'from the column of the key, not of its question mark', '1 0 2'],
])

table<string, string, string>('what follows a dash stands as far from it as in most lists of maps', learnt, [
  [yaml`
    a:
    -   b: 1
    -   c: 1
    - d: 1
  `, 'gap 4', '2 0 4'],
  [yaml`
    a:
    -   b
    -   c
  `, 'scalars show nothing', '2 0 2'],
  [yaml`
    a:
    -
      b: 1
    -
      c: 1
    -   d: 1
  `, 'a dash on a line of its own shows nothing', '2 0 4'],
  [yaml`
    a:
    - &it b: 1
    - &at c: 1
    -   d: 1
  `, 'an anchor does', '2 0 2'],
  [yaml`
    a:
    -       b: 1
    -        c: 1
    -        d: 1
  `, 'up to eight columns', '2 0 8'],
])

describe('a long document', () => {
  it('is learnt from its first 3,000 nodes', () => {
    const many = (indent: number, count: number): string => `- k:\n  ${' '.repeat(indent)}a: 1\n`.repeat(count)
    expect(learnt(many(3, 400) + many(1, 500))).toBe('1 0 2')
    // The list itself is one node.
    expect(learnt(many(3, 1499) + many(1, 1700))).toBe('1 0 2')
    expect(learnt(many(3, 1500) + many(1, 1700))).toBe('3 0 2')
  })
})

describe('the column of an offset', () => {
  it.each([['abc', 2, 2], ['a\nbc', 3, 1], ['a\r\nbc', 4, 1], ['a\rbc', 3, 1], ['a\u2028bc', 3, 1], ['a\nb', 2, 0], ['abc', 0, 0]])('%j at %i: %i', (text, offset, column) => {
    expect(columnOf(text, offset)).toBe(column)
  })
})

/** How an entry of the value of `a` is written. */
function flow(text: string, json: boolean): string {
  const { root } = readDocument(text)
  const style = learnFlowStyle(text, (root as MapNode).pairs[0]?.value as YamlNode, json, '\n')
  return `colon ${JSON.stringify(style.colon)}, comma ${JSON.stringify(style.comma)}`
}

const LOOSE = 'colon " ", comma " "'
const TIGHT = 'colon "", comma ""'

table<string, boolean, string>('JSON without blanks stays without them', flow, [
  ['{"a":{"x":1}}', true, TIGHT],
  ['{"a":{"x":"y"}}', true, TIGHT],
  ['{"a":{"x":{}}}', true, TIGHT],
  ['{"a":{"x":[]}}', true, TIGHT],
  ['{"a":{"x":true}}', true, TIGHT],
  ['{"a":{"x":-1}}', true, TIGHT],
  ['{"a":{"x":null,"y":false}}', true, TIGHT],
  ['{"a":{"x": 1}}', true, LOOSE],
  ['{"a":{"x":1,"y": 2}}', true, LOOSE, 'one blank is enough to be loose'],
  ['{"a":{"x" :1}}', true, TIGHT, 'one before the colon is none'],
  ['{"a":[1,2]}', true, LOOSE, 'a list shows nothing'],
  ['{"a":{"x":1}}', false, LOOSE, 'YAML needs the blank'],
])

describe('an alias', () => {
  it('is written as what it stands for', () => {
    const text = '{"b": &x {"c":1}, "a": *x}'
    const root = readDocument(text).root as MapNode
    expect(learnFlowStyle(text, root.pairs[1]?.value as YamlNode, true, '\n')).toEqual({ json: true, colon: '', comma: '', unit: undefined, eol: '\n' })
  })
})
