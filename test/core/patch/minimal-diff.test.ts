/** A value that is to be another is changed only where the two differ, so that what stays right stays as it is written. */
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { MinimalDiff, SharedNodeError } from '../../../src/core/patch/minimal-diff.ts'
import type { MapNode, SeqNode, YamlNode } from '../../../src/core/yaml/read/node.ts'
import { findEntry } from '../../../src/core/yaml/read/construct.ts'
import { table, type Row } from '../../helpers/table.ts'
import { visible, yaml } from '../../helpers/yaml-text.ts'
import { Edit, edited, readDocument } from '../yaml/edit/editing.ts'

/** The text with another value of the key `a` (or `containers`, `args`, …: the first key). */
function refined(before: string, to: Json): string {
  return edited(before, (edit) => {
    const root = edit.doc.root as MapNode
    const key = Object.keys(edit.doc.data as JsonObject).at(-1) as string
    const pair = (findEntry(root, key) as { pair: MapNode['pairs'][number] }).pair
    const minimalDiff = new MinimalDiff(edit.editor, (node: YamlNode) => {
      if (node.anchor === 'shared') throw new SharedNodeError('shared', node.start)
    })
    minimalDiff.replaceValue(root, pair, { key, from: (edit.doc.data as JsonObject)[key] as Json, to }, 0)
  })
}
const rows = (rule: string, list: readonly Row<string, Json, string>[]): void => { table(rule, refined, list) }

rows('only the pairs that differ change', [
  [yaml`
    a:
      x: 0x10 # sixteen
      b: 2 # two
  `, { x: 16, b: 3 }, yaml`
    a:
      x: 0x10 # sixteen
      b: 3 # two
  `],
  [yaml`
    a:
      x: 1
      b: 2 # gone
      c: 3
  `, { x: 1, c: 3 }, yaml`
    a:
      x: 1
      c: 3
  `],
  [yaml`
    a:
      x: 1
      c: 3
  `, { x: 1, b: 2, c: 3, d: 4 }, yaml`
    a:
      x: 1
      b: 2
      c: 3
      d: 4
  `, 'new ones go where they belong'],
  [yaml`
    a:
      x: 0x10 # sixteen
      b: 2
  `, { x: 16 }, yaml`
    a:
      x: 0x10 # sixteen
  `],
  [yaml`
    a:
      x: 1
  `, { b: 2, c: 3, x: 1 }, yaml`
    a:
      b: 2
      c: 3
      x: 1
  `, 'in their order'],
  [yaml`
    a:
      x:
        deep: # why
          one: 1
          two: 2
  `, { x: { deep: { one: 1, two: 3 } } }, yaml`
    a:
      x:
        deep: # why
          one: 1
          two: 3
  `],
  [yaml`
    a: {x: 0x10, b: 2} # why
  `, { x: 16, b: 3 }, yaml`
    a: {x: 0x10, b: 3} # why
  `, 'between braces a value can change'],
  [yaml`
    a: {x: 0x10, b: 2} # why
  `, { x: 16 }, yaml`
    a: # why
      x: 16
  `, 'but not come or go'],
])

rows('only the items that differ change', [
  [yaml`
    args:
    - 0x10 # sixteen
    - b # two
    - c
  `, [16, 'x', 'c'], yaml`
    args:
    - 0x10 # sixteen
    - x # two
    - c
  `],
  [yaml`
    containers:
    - name: a # first
      image: x
    - name: b # second
      image: x
  `, [{ name: 'b', image: 'z' }, { name: 'c' }], yaml`
    containers:
    - name: b # second
      image: z
    - name: c
  `, 'found by what identifies them'],
  [yaml`
    args:
    - a
    - c
  `, ['x', 'a', 'b', 'c'], yaml`
    args:
    - x
    - a
    - b
    - c
  `],
  [yaml`
    args:
    - a # gone
    - b
  `, ['b'], yaml`
    args:
    - b
  `],
  [yaml`
    a:
    - env:
      - one
      - two # why
  `, [{ env: ['one', 'three'] }], yaml`
    a:
    - env:
      - one
      - three # why
  `],
  [yaml`
    args:
    - 0x1 # one
    - b
  `, [1], yaml`
    args:
    - 0x1 # one
  `],
  [yaml`
    a:
    -
      - one
      - 0x2 # why
    - three
  `, [[2], 'three'], yaml`
    a:
    -
      - 0x2 # why
    - three
  `, 'the first of those on lines below a dash goes alone'],
  ['args: [0x1] # why\n', [1, 'b'], 'args: # why\n- 1\n- b\n'],
  ['args: [a, b] # why\n', ['a', 'x'], 'args: [a, x] # why\n'],
  ['a: {b: 1, c} # why\n', { b: 2, c: 3 }, 'a: # why\n  b: 2\n  c: 3\n', 'where one has no colon all are written anew'],
  ['args: [0x1, b] # why\n', ['x'], 'args: # why\n- x\n', 'between brackets items do not come or go'],
])

rows('a value is replaced whole where its parts cannot be told apart', [
  [yaml`
    base: &base
      x: 1
    a:
      <<: *base
      b: 0x10
  `, { x: 1, b: 17 }, yaml`
    base: &base
      x: 1
    a:
      x: 1
      b: 17
  `, 'a merge key'],
  [yaml`
    a:
      x: 1
      x: 0x2
  `, { x: 2, b: 3 }, yaml`
    a:
      x: 2
      b: 3
  `, 'a key that is written twice'],
  [yaml`
    a:
      x: 1
  `, {}, yaml`
    a: {}
  `, 'none would be left'],
  [yaml`
    args:
    - a
  `, [], yaml`
    args: []
  `],
  [yaml`
    a:
      x: 1
  `, ['x'], yaml`
    a:
    - x
  `, 'a list for a map'],
  [yaml`
    args:
    - a
  `, { x: 1 }, yaml`
    args:
      x: 1
  `],
  [yaml`
    a: 1 # why
  `, { x: 1 }, yaml`
    a: # why
      x: 1
  `],
  [yaml`
    a:
    - - one
      - two
    - three
  `, [['two'], 'three'], yaml`
    a:
    - - two
    - three
  `, 'the first on the line of a dash does not go alone'],
  [yaml`
    a:
    - - one # why
      - two
    - three
  `, [['zero', 'one', 'two'], 'three'], yaml`
    a:
    - - zero
      - one
      - two
    - three
  `, 'and none comes before it'],
  [yaml`
    a:
    - one: 1
      two: 2 # why
    - three
  `, [{ two: 2 }, 'three'], yaml`
    a:
    - two: 2
    - three
  `],
])

rows('all entries may go where others come', [
  [yaml`
    a: # why
      x: 1
      # about b
      b: 2
  `, { c: 3 }, yaml`
    a: # why
      c: 3
      # about b
  `],
  [yaml`
    containers:
    - name: a
      # note
      image: x
  `, [{ name: 'b' }], yaml`
    containers:
    - name: b
    # note
  `],
])

rows('what was empty is filled, so that comments stay', [
  ['a: {} # why\n', { x: 1 }, 'a: # why\n  x: 1\n'],
  ['a: # why\n', { x: 1 }, 'a: # why\n  x: 1\n'],
  ['a: [] # why\n', ['x'], 'a: # why\n- x\n'],
  ['a: null # why\n', 'x', 'a: x # why\n', 'a scalar is put in its place'],
  ['a: &it {} # why\n', { x: 1 }, 'a: # why\n  x: 1\n', 'an anchor goes with what it was on'],
  ['a: !!map {} # why\n', { x: 1 }, 'a: # why\n  x: 1\n'],
  ['a: {} # why\n', [], 'a: [] # why\n', 'an empty one for another'],
])

rows('what another place shares is never changed', [
  ['a: &shared\n  x: 1\n', { x: 2 }, 'refused: shared'],
  ['a:\n  b: &shared {x: 1}\n', { b: { x: 2 } }, 'refused: shared'],
  ['a:\n  b: &shared {x: 1}\n  c: 1\n', { b: { x: 1 }, c: 2 }, 'a:\n  b: &shared {x: 1}\n  c: 2\n', 'where it stays as it is there is nothing to refuse'],
  ['a:\n- &shared {x: 1}\n', [{ x: 2 }], 'refused: shared'],
  ['a:\n  b: [[&shared 1]]\n', 'x', 'refused: shared', 'nor taken away, however deep'],
  ['a:\n- {b: &shared 1}\n- x\n', ['z', 'x'], 'refused: shared'],
  ['base: &shared 1\na: *shared\n', 2, 'base: &shared 1\na: 2\n', 'an alias is no part of what it stands for'],
  ['base: &it {x: 1}\na: *it\n', { x: 2 }, 'base: &it {x: 1}\na:\n  x: 2\n'],
  ['base: &it [1]\na: *it\n', [2], 'base: &it [1]\na:\n- 2\n'],
  ['base: &shared 1\na:\n- *shared\n- x\n', [2, 'x'], 'base: &shared 1\na:\n- 2\n- x\n'],
])

table<string, null, string>('where a part cannot be changed alone nothing of the attempt is left', (before) => {
  const edit = new Edit(before)
  const root = edit.doc.root as MapNode
  const minimalDiff = new MinimalDiff(edit.editor, () => undefined)
  const list = root.pairs[0]?.value as SeqNode
  minimalDiff.replaceItem(list, 0, { key: '', from: (readDocument(before).data as { a: Json[] }).a[0] as Json, to: { one: 9, three: 3 } }, 1)
  return visible(edit.text)
}, [
  ['a:\n- one: 1\n  two: [{x: 1}]\n', null, 'a:\n- one: 9\n  three: 3\n'],
  ['a:\n- two: 2\n  one: 1\n', null, 'a:\n- one: 9\n  three: 3\n'],
])
