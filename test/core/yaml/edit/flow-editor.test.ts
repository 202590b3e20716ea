/** What an edit between brackets does: entries come and go with their comma, and comments stay. */
import { describe, expect, it } from 'vitest'
import { table, type Row } from '../../../helpers/table.ts'
import { yaml } from '../../../helpers/yaml-text.ts'
import { edited, type Edit } from './editing.ts'

type EditRow = Row<string, (edit: Edit) => unknown, string>
const rows = (rule: string, list: readonly EditRow[]): void => { table(rule, edited, list) }

rows('new entries go behind the last one, or to a place', [
  ['a: [x]', (e) => e.insert('a', ['p', 'q']), 'a: [x, p, q]'],
  ['a: [x, z]', (e) => e.insert('a', ['p', 'q'], 1), 'a: [x, p, q, z]'],
  ['a: [x, z]', (e) => e.insert('a', ['p', 'q'], 0), 'a: [p, q, x, z]'],
  ['a: [x]', (e) => e.insert('a', ['p'], 7), 'a: [x, p]', 'a place behind the last is the last'],
  ['a: []', (e) => e.insert('a', ['p', 'q']), 'a: [p, q]'],
  ['a: {}', (e) => e.insert('a', { p: 1, q: 2 }), 'a: {p: 1, q: 2}'],
  ['a: {x: 1}', (e) => e.insert('a', { p: [1, { q: 2 }] }), 'a: {x: 1, p: [1, {q: 2}]}'],
  ['a: { x: 1 }', (e) => e.insert('a', { p: 1 }), 'a: { x: 1, p: 1 }', 'inside of blanks'],
  ['a: {x: 1, z: 3}', (e) => e.insert('a', { p: 1 }, 1), 'a: {x: 1, p: 1, z: 3}'],
  ['a: [x,]', (e) => e.insert('a', ['p']), 'a: [x, p,]', 'a comma behind the last entry stays behind it'],
  ['a: [x , ]', (e) => e.insert('a', ['p', 'q']), 'a: [x , p, q, ]'],
])

rows('behind a value that is missing a comma needs a blank before it, or it would be part of the key or tag', [
  ['a: {x: }', (e) => e.insert('a', { p: 1 }), 'a: {x: , p: 1 }'],
  ['a: {x:}', (e) => e.insert('a', { p: 1 }), 'a: {x:, p: 1}', 'where the colon belongs to the key none is needed'],
  ['a: {"x":}', (e) => e.insert('a', { p: 1 }), 'a: {"x": , p: 1}'],
  ['a: [!!str ]', (e) => e.insert('a', ['p']), 'a: [!!str , p ]'],
  ['a: {x: !!str }', (e) => e.insert('a', { p: 1 }), 'a: {x: !!str , p: 1 }'],
  ['a: [x: ]', (e) => e.insert('a', ['p']), 'a: [x: , p ]'],
  ['a: [{x: }]', (e) => e.insert('a', ['p']), 'a: [{x: } , p]', 'behind a bracket it does no harm'],
  ['a: [{x: 1}]', (e) => e.insert('a', ['p']), 'a: [{x: 1}, p]'],
])

/** An operation that puts something in, and takes it out of what came of that. */
const undone = (path: string, value: readonly string[] | { p: number }, ...which: (string | number)[]) => (text: string): string =>
  edited(edited(text, (e) => e.insert(path, value)).replaceAll('␍', '\r'), (e) => e.remove(path, ...which))

describe('the blank before a comma goes with it where a comment is in the place of a value', () => {
  it.each([
    '{\n  "a": {\n    "x": #a"\n  },\n  "b": 1\n}\n', 'a: {\n  x: #c\n}\n', 'a: {\n  x:  #c\n}\n', 'a: {\n  x:\t#c\n}\n', 'a: {\n  x: # c\n\n  # d\n}\n',
    'a: {\n  x: !!str #c\n}\n', 'a: {\n  x: &q #c\n}\n', 'a: {\n  ? x\n  : #c\n}\n', 'a: {\n  ? x #c\n}\n', 'a: {\n  x #c\n}\n', 'a: {x: #c\n}\n',
  ])('in a map: %j', (text) => {
    expect(undone('a', { p: 1 }, 'p')(text)).toBe(text)
    expect(undone('a', { p: 1 }, 'p')(text.replaceAll('\n', '\r\n'))).toBe(text.replaceAll('\n', '␍\n'))
  })

  it.each(['a: [\n  x: #c\n]\n', 'a: [\n  !!str #c\n]\n', 'a: [\n  &q #c\n]\n', 'a: [\n  ? x\n  : #c\n]\n', 'a: [\n  ? x #c\n]\n', 'a: [x: #c\n]\n'])('in a list: %j', (text) => {
    expect(undone('a', ['p'], 1)(text)).toBe(text)
    expect(undone('a', ['p', 'q'], 1, 2)(text)).toBe(text)
  })
})

rows('JSON stays JSON, as loose or as tight as it is', [
  ['{"a": ["x"]}', (e) => e.insert('a', ['p', 'q']), '{"a": ["x", "p", "q"]}'],
  ['{"a":["x"]}', (e) => e.insert('a', ['p', { q: 1 }]), '{"a":["x", "p", {"q": 1}]}', 'loose where what it goes into does not say'],
  ['{"a":{"x":1}}', (e) => e.insert('a', { p: [1, 2], q: { r: null } }), '{"a":{"x":1,"p":[1,2],"q":{"r":null}}}'],
  ['{"a": {"x":true}}', (e) => e.insert('a', { p: 'yes' }), '{"a": {"x":true,"p":"yes"}}'],
  ['{"a": []}', (e) => e.insert('a', ['p']), '{"a": ["p"]}'],
])

rows('where entries have lines of their own, a new one gets its own, too', [
  [yaml`
    a: [
      x,
      z
    ]
  `, (e) => e.insert('a', ['p', 'q']), yaml`
    a: [
      x,
      z,
      p,
      q
    ]
  `],
  [yaml`
    a: [
      x,
      z,
    ]
  `, (e) => e.insert('a', ['p']), yaml`
    a: [
      x,
      z,
      p,
    ]
  `],
  [yaml`
    a: [
      x,
      z
    ]
  `, (e) => e.insert('a', ['p', 'q'], 0), yaml`
    a: [
      p,
      q,
      x,
      z
    ]
  `],
  [yaml`
    a: [
      x,
      z
    ]
  `, (e) => e.insert('a', ['p'], 1), yaml`
    a: [
      x,
      p,
      z
    ]
  `],
  [yaml`
    a: [
      x, z]
  `, (e) => e.insert('a', ['p']), yaml`
    a: [
      x, z, p]
  `, 'not where the last one shares a line'],
  [yaml`
    a: [
      x]
  `, (e) => e.insert('a', ['p']), yaml`
    a: [
      x, p]
  `, 'not where the bracket closes on its line'],
  [yaml`
    a: [
      x,]
  `, (e) => e.insert('a', ['p']), yaml`
    a: [
      x, p,]
  `],
  [yaml`
    a: [
      x]
  `, (e) => e.insert('a', ['p'], 0), yaml`
    a: [
      p,
      x]
  `, 'before the first one that counts for nothing'],
  [yaml`
    a: {␍
      x: 1,␍
      z: 2␍
    }␍
  `, (e) => e.insert('a', { p: 1 }), yaml`
    a: {␍
      x: 1,␍
      z: 2,␍
      p: 1␍
    }␍
  `],
  [yaml`
    a: [
      {x: [1]},
      z, [w]
    ]
  `, (e) => e.insert('a', ['p'], 1), yaml`
    a: [
      {x: [1]},
      p,
      z, [w]
    ]
  `, 'brackets of another entry on the line count for nothing'],
  [yaml`
    a: [
      x, z: [1] # why
    ]
  `, (e) => e.insert('a', ['p'], 1), yaml`
    a: [
      x,
      p, z: [1] # why
    ]
  `, 'nor do comments behind another entry'],
])

rows('an entry is laid out as its neighbour is', [
  [yaml`
    {
      "a": [
        {
          "x": 1
        }
      ]
    }
  `, (e) => e.insert('a', [{ p: 1, q: [] }]), yaml`
    {
      "a": [
        {
          "x": 1
        },
        {
          "p": 1,
          "q": []
        }
      ]
    }
  `],
  [yaml`
    {
      "a": [
        {"x": 1}
      ]
    }
  `, (e) => e.insert('a', [{ p: 1, q: [] }]), yaml`
    {
      "a": [
        {"x": 1},
        {"p": 1, "q": []}
      ]
    }
  `, 'a neighbour on one line shows that entries are'],
  [yaml`
    {
      "a": [
        "x"
      ]
    }
  `, (e) => e.insert('a', [{ p: 1 }]), yaml`
    {
      "a": [
        "x",
        {
          "p": 1
        }
      ]
    }
  `, 'pretty JSON gives every entry a line'],
  [yaml`
    a: [
      {
        x: 1
      }
    ]
  `, (e) => e.insert('a', [{ p: 1, q: 2 }]), yaml`
    a: [
      {
        x: 1
      },
      {
        p: 1,
        q: 2
      }
    ]
  `],
  [yaml`
    a: [
      {
      x: 1
      }
    ]
  `, (e) => e.insert('a', [{ p: 1 }]), yaml`
    a: [
      {
      x: 1
      },
      {p: 1}
    ]
  `, 'not where it is not indented'],
  [yaml`
    a: [
      x
    ]
  `, (e) => e.insert('a', [{ p: 1 }]), yaml`
    a: [
      x,
      {p: 1}
    ]
  `, 'YAML has no habit of its own'],
  [yaml`
    {
    "a": [
    "x"
    ]
    }
  `, (e) => e.insert('a', [{ p: 1 }]), yaml`
    {
    "a": [
    "x",
    {"p": 1}
    ]
    }
  `, 'JSON without indentation neither'],
  [yaml`
    a: [
      {x: [
        1
      ]}
    ]
  `, (e) => e.insert('a', [{ p: 1 }]), yaml`
    a: [
      {x: [
        1
      ]},
      {p: 1}
    ]
  `, 'what is spread inside of it shows nothing'],
])

rows('a comment about the last entry stays behind it', [
  [yaml`
    a: [
      x, # one
      z # two
    ]
  `, (e) => e.insert('a', ['p']), yaml`
    a: [
      x, # one
      z, # two
      p
    ]
  `],
  [yaml`
    a: [
      x, # one
      z, # two
    ]
  `, (e) => e.insert('a', ['p']), yaml`
    a: [
      x, # one
      z, # two
      p,
    ]
  `],
  [yaml`
    a: [
      x, # one
      z
    ]
  `, (e) => e.insert('a', ['p', 'q'], 1), yaml`
    a: [
      x, # one
      p,
      q,
      z
    ]
  `],
  [yaml`
    a: [
      x, # one
      z
      # below
      ,
    ]
  `, (e) => e.insert('a', ['p']), yaml`
    a: [
      x, # one
      z
      # below
      ,
      p,
    ]
  `],
  [yaml`
    a: {
      x: # none
    }
  `, (e) => e.insert('a', { p: 1 }), yaml`
    a: {
      x: , # none
      p: 1
    }
  `],
  [yaml`
    a: [
      x   # one
    ]
  `, (e) => e.insert('a', ['p']), yaml`
    a: [
      x,   # one
      p
    ]
  `],
])

rows('a map without braces takes nothing', [
  ['a: [b: 1]', (e) => e.insert('a.0', { p: 1 }), 'refused: this map has no braces, so nothing can be added to it; write b: 1 in braces: {b: 1}'],
  [yaml`
    a: [b:
      1]
  `, (e) => e.insert('a.0', { p: 1 }), 'refused: this map has no braces, so nothing can be added to it; write it in braces: {...}'],
  [`a: [b: ${'1'.repeat(37)}]`, (e) => e.insert('a.0', { p: 1 }), `refused: this map has no braces, so nothing can be added to it; write b: ${'1'.repeat(37)} in braces: {b: ${'1'.repeat(37)}}`],
  [`a: [b: ${'1'.repeat(38)}]`, (e) => e.insert('a.0', { p: 1 }), 'refused: this map has no braces, so nothing can be added to it; write it in braces: {...}', 'a long one is not repeated'],
  ['a: [b:   1]', (e) => e.insert('a.0', { p: 1 }), 'refused: this map has no braces, so nothing can be added to it; write it in braces: {...}'],
])

rows('an entry goes with one comma', [
  ['a: [x, y, z]', (e) => e.remove('a', 1), 'a: [x, z]'],
  ['a: [x, y, z]', (e) => e.remove('a', 0), 'a: [y, z]'],
  ['a: [x, y, z]', (e) => e.remove('a', 2), 'a: [x, y]'],
  ['a: [x, y, z]', (e) => e.remove('a', 0, 1), 'a: [z]'],
  ['a: [x, y, z]', (e) => e.remove('a', 1, 2), 'a: [x]'],
  ['a: [x, y, z]', (e) => e.remove('a', 0, 2), 'a: [y]'],
  ['a: [v, w, x, y, z]', (e) => e.remove('a', 1, 3), 'a: [v, x, z]'],
  ['a: {x: 1, z: 2}', (e) => e.remove('a', 'x'), 'a: {z: 2}'],
  ['a: {x: 1, b: 2, z: 3}', (e) => e.remove('a', 'b'), 'a: {x: 1, z: 3}'],
  ['a: {x: 1}', (e) => e.remove('a', 'other'), 'a: {x: 1}', 'what is not there stays away'],
  ['a: [x, y, ]', (e) => e.remove('a', 1), 'a: [x, ]', 'a comma behind the last entry stays'],
  ['a: [x, ]', (e) => e.clear('a'), 'a: [ ]'],
  ['a: [ x, y ]', (e) => e.clear('a'), 'a: [  ]'],
  ['a: {x: 1, z: 2}', (e) => e.clear('a'), 'a: {}'],
  ['a: {x: 1, z: 2}', (e) => e.empty('a'), 'a: {}'],
  [yaml`
    a: [
      x,
      y,
      z
    ]
  `, (e) => e.remove('a', 1), yaml`
    a: [
      x,
      z
    ]
  `],
  [yaml`
    a: [
      x,
      y
    ]
  `, (e) => e.remove('a', 1), yaml`
    a: [
      x
    ]
  `],
])

rows('comments between entries stay when entries go', [
  [yaml`
    a: [
      x, # one
      y, # two
      z # three
    ]
  `, (e) => e.remove('a', 1), yaml`
    a: [
      x, # one # two
      z # three
    ]
  `],
  [yaml`
    a: [
      x, # one
      y # two
    ]
  `, (e) => e.remove('a', 1), yaml`
    a: [
      x # one # two
    ]
  `],
  [yaml`
    a: [
      x, # one
      # about y
      y, # two
    ]
  `, (e) => e.remove('a', 1), yaml`
    a: [
      x, # one
      # about y # two
    ]
  `],
  [yaml`
    a: [
      x, # one
      y, # two
      z # three
    ]
  `, (e) => e.remove('a', 0), yaml`
    a: [
       # one
      y, # two
      z # three
    ]
  `],
  [yaml`
    a: [
      x, # one
      y, # two
      z # three
    ]
  `, (e) => e.remove('a', 0, 1), yaml`
    a: [
       # two
      z # three
    ]
  `, 'with the blanks before them'],
  [yaml`
    a: [
      x, # one
      y # two
    ]
  `, (e) => e.clear('a'), yaml`
    a: [
       # one # two
    ]
  `],
  [yaml`
    a: [
      x
      # about y
      , y, z
    ]
  `, (e) => e.remove('a', 1), yaml`
    a: [
      x
      # about y
      , z
    ]
  `],
])

rows('an entry is replaced where it is', [
  ['a: {x: 1}', (e) => e.replace('a.x', 'p'), 'a: {x: p}'],
  ['a: {x: }', (e) => e.replace('a.x', 'p'), 'a: {x: p }'],
  ['a: {"x":}', (e) => e.replace('a.x', 'p'), 'a: {"x": p}', 'with a blank where none is'],
  ['a: {x: 1}', (e) => e.replace('a.x', { p: 1 }), 'a: {x: {p: 1}}'],
  ['a: {x: &it 1}', (e) => e.replace('a.x', 2), 'a: {x: 2}', 'an anchor goes with its value'],
  ['a: {x: null}', (e) => e.fill('a.x', [1]), 'a: {x: [1]}'],
  ['a: {x: []}', (e) => e.fill('a.x', { p: 1 }), 'a: {x: {p: 1}}'],
  ['{"a":{"x":null}}', (e) => e.fill('a.x', { p: [1] }), '{"a":{"x": {"p":[1]}}}'],
  ['{"a": 1}', (e) => e.replace('a', { p: 1 }), '{"a": {"p": 1}}'],
  ['a: [x, y]', (e) => e.replace('a.1', { p: 1 }), 'a: [x, {p: 1}]'],
  ['a: [&it x, y]', (e) => e.replace('a.0', 'p'), 'a: [p, y]'],
  ['a: {x: 1}', (e) => e.replace('a.x', 'yes'), 'a: {x: "yes"}', 'quoted where it needs to be'],
  ['a: [p]', (e) => e.replace('a.0', '-x'), 'a: ["-x"]', 'between brackets more words are quoted'],
  [yaml`
    {
      "a": {
        "x": 1
      }
    }
  `, (e) => e.replace('a.x', { p: 1 }), yaml`
    {
      "a": {
        "x": {
          "p": 1
        }
      }
    }
  `],
  [yaml`
    a: [
      {
        x: 1
      }
    ]
  `, (e) => e.replace('a.0', { p: 1 }), yaml`
    a: [
      {
        p: 1
      }
    ]
  `],
])

rows('all entries give way to others', [
  ['a: [x, y]', (e) => e.refill('a', ['p', 'q']), 'a: [p, q]'],
  ['a: { x: 1, b: 2 }', (e) => e.refill('a', { p: 1, q: 2 }), 'a: { p: 1, q: 2 }'],
  ['{"a":{"x":1}}', (e) => e.refill('a', { p: 1, q: 2 }), '{"a":{"p":1,"q":2}}'],
  [yaml`
    a: [
      x,
      y,
    ]
  `, (e) => e.refill('a', ['p', 'q', 'r']), yaml`
    a: [
      p,
      q,
      r,
    ]
  `],
  [yaml`
    {
      "a": [
        {
          "x": 1
        }
      ]
    }
  `, (e) => e.refill('a', [{ p: 1 }, { q: 2 }]), yaml`
    {
      "a": [
        {
          "p": 1
        },
        {
          "q": 2
        }
      ]
    }
  `],
])

rows('an alias gives way to the value on its line', [
  ['b: &it [1]\na: *it # why\n', (e) => e.writeOut('a', { p: [1, 'x'] }), 'b: &it [1]\na: {p: [1, x]} # why\n'],
  ['b: &it [1]\na: [*it , 2]\n', (e) => e.writeOut('a.0', { p: 1 }), 'b: &it [1]\na: [{p: 1} , 2]\n'],
])
