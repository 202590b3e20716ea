/** What stands in several places of a document: where aliases are, and what they stand for. */
import { describe, expect, it } from 'vitest'
import { Aliases } from '../../../src/core/patch/aliases.ts'
import { SharedNodeError } from '../../../src/core/patch/minimal-diff.ts'
import { nodeAt } from '../../../src/core/yaml/read/construct.ts'
import type { YamlNode } from '../../../src/core/yaml/read/node.ts'
import { table } from '../../helpers/table.ts'
import { pathOf, readDocument } from '../yaml/edit/editing.ts'

/** The first alias on the way to a path, as `steps name text`; the part before `|` is the template's path. */
function aliasOn(text: string, path: string): string | undefined {
  const [template = '', inner = ''] = path.includes('|') ? path.split('|') : ['', path]
  const found = new Aliases(readDocument(text)).aliasOn(pathOf(template), pathOf(inner))
  return found === undefined ? undefined : `${found.steps} ${found.name} ${JSON.stringify(found.text)}`
}

const A = 'base: &it {x: 1}\n'

table<string, string, string | undefined>('the first alias on the way to a place is told, with its text from colon or dash', aliasOn, [
  [`${A}a: *it\n`, 'a', '1 it " *it"'],
  [`${A}a: *it\n`, 'a.x', '1 it " *it"', 'to what is behind it the way leads through it'],
  [`${A}a: {b: *it }\n`, 'a.b', '2 it " *it"'],
  [`${A}a: {b: *it }\n`, 'a|b', '1 it " *it"', 'steps count from the template'],
  [`${A}a: *it\n`, 'a|x', undefined, 'not one around the template'],
  [`${A}a:\n-   *it\n`, 'a.0', '2 it "   *it"'],
  [`${A}a: [*it ]\n`, 'a.0', undefined, 'not one between brackets, which has no place of its own'],
  [`${A}a:\n  <<: *it\n`, 'a.x', undefined, 'a merge key is none'],
  [`${A}a:\n  b: 1\n`, 'a.b', undefined],
  [`${A}a:\n  b: 1\n`, 'a.c', undefined],
  [`${A}a: 1\n`, 'a.0', undefined],
  [`${A}a: 1\n`, 'a.b', undefined],
  [`${A}a: [1]\n`, 'a.5.b', undefined],
  [`${A}a: [1]\n`, 'a.5.0', undefined],
  [`${A}a:   *it\n`, 'a', '1 it "   *it"'],
  ['o: &o 1\nbase: &it {x: *o }\na:\n  <<: *it\n', 'a.x', undefined, 'nor one that comes from a merge key'],
  ['a:\n  b: 1\n', 'a.b', undefined, 'without anchors there is nothing to look for'],
])

table<string, readonly [string, string], unknown>('an alias stands for the last anchor of its name before its place', (text, [name, path]) =>
  new Aliases(readDocument(text)).anchored(name, pathOf(path)), [
  ['a: &it 1\nb: &it 2\nc: 3\n', ['it', 'c'], 2],
  ['a: &it 1\nb: 5\nc: &it 2\n', ['it', 'b'], 1],
  ['a: 5\nb: &it 1\n', ['it', 'a'], undefined],
  ['a: &it 1\n', ['it', 'a'], undefined, 'its own anchor is not before it'],
  ['a: &it 1\nb: 2\n', ['at', 'b'], undefined],
  ['a: &it {x: [1]}\nb: 2\n', ['it', 'b'], { x: [1] }],
  ['a: &it 1\nb: {c: 2}\n', ['it', 'b.c.d.e'], 1, 'a place that is not there counts as the nearest around it'],
  ['a: {x: &it 1}\nb: 2\n', ['it', 'b'], 1, 'anchors inside of others, too'],
  ['a:\n- &it 1\nb: 2\n', ['it', 'b'], 1],
  ['&it a: 1\nb: 2\n', ['it', 'b'], 'a', 'and on keys'],
  ['a: {x: &it .nan, x: 1}\nb: 2\n', ['it', 'b'], undefined, 'one of what is no JSON counts for nothing'],
])

describe('what several places share', () => {
  it.each<[string, string, string | undefined]>([
    ['a: &it 1\nb: *it\n', 'a', 'the value to change has the anchor &it, and aliases elsewhere use it'],
    ['a: &it 1\nb: [*it ]\n', 'a', 'the value to change has the anchor &it, and aliases elsewhere use it'],
    ['a: &it 1\n? *it\n: 2\n', 'a', 'the value to change has the anchor &it, and aliases elsewhere use it'],
    ['a: &it 1\nb: 2\n', 'a', undefined],
    ['a: &it 1\nb: &it 2\nc: *it\n', 'a', undefined],
    ['a: &it 1\nb: *it\nc: 3\n', 'c', undefined],
  ])('%j: %s', (text, path, message) => {
    const doc = readDocument(text)
    const refuse = (): void => { new Aliases(doc).refuse(nodeAt(doc.root as YamlNode, pathOf(path)) as YamlNode) }
    if (message === undefined) expect(refuse).not.toThrow()
    else expect(refuse).toThrow(new SharedNodeError(message, 3))
  })
})
