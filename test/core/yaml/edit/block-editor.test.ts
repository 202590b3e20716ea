/** What an edit in block style does: whole lines come and go, and nothing else moves. */
import { table, type Row } from '../../../helpers/table.ts'
import { yaml } from '../../../helpers/yaml-text.ts'
import { edited, type Edit } from './editing.ts'

type EditRow = Row<string, (edit: Edit) => unknown, string>
const rows = (rule: string, list: readonly EditRow[]): void => { table(rule, edited, list) }

rows('new items go below the last one, in its column', [
  [yaml`
    list:
    - a
    other: 1
  `, (e) => e.insert('list', ['b', 'c']), yaml`
    list:
    - a
    - b
    - c
    other: 1
  `],
  [yaml`
    list:
        - a
  `, (e) => e.insert('list', ['b']), yaml`
    list:
        - a
        - b
  `],
  [yaml`
    list:
    - a:
        deep: 1
    - b: 1
      c:
      - x
    other: 1
  `, (e) => e.insert('list', ['d']), yaml`
    list:
    - a:
        deep: 1
    - b: 1
      c:
      - x
    - d
    other: 1
  `, 'below all lines of the last item'],
  [yaml`
    list:
    - a
    -
    other: 1
  `, (e) => e.insert('list', ['b']), yaml`
    list:
    - a
    -
    - b
    other: 1
  `, 'below a dash without a value'],
  [yaml`
    - a
    - b
  `, (e) => e.insert('', ['c']), yaml`
    - a
    - b
    - c
  `, 'in a document that is a list'],
])

rows('a new item keeps the distance from dash to value of the last map in the list', [
  [yaml`
    list:
    -   a: 1
        b: 2
  `, (e) => e.insert('list', [{ c: 1, d: 2 }]), yaml`
    list:
    -   a: 1
        b: 2
    -   c: 1
        d: 2
  `],
  [yaml`
    list:
    - a: 1
    -        b: 2
  `, (e) => e.insert('list', [{ c: 1, d: 2 }]), yaml`
    list:
    - a: 1
    -        b: 2
    - c: 1
      d: 2
  `, 'up to eight columns'],
  [yaml`
    list:
    -       b: 2
  `, (e) => e.insert('list', [{ c: 1, d: 2 }]), yaml`
    list:
    -       b: 2
    -       c: 1
            d: 2
  `, 'eight columns are still a choice'],
  [yaml`
    list:
    -
      a: 1
  `, (e) => e.insert('list', [{ c: 1, d: 2 }]), yaml`
    list:
    -
      a: 1
    - c: 1
      d: 2
  `, 'not where the dash stands alone'],
  [yaml`
    maps:
    -   a: 1
    words:
    - a
  `, (e) => e.insert('words', [{ c: 1, d: 2 }]), yaml`
    maps:
    -   a: 1
    words:
    - a
    -   c: 1
        d: 2
  `, 'a list of words has none, so the document\'s counts'],
  [yaml`
    other:
    - a: 1
    - a: 2
    - a: 3
    - a: 4
    list:
    - a: 1
    - b: 2
    -   c: 3
  `, (e) => e.insert('list', [{ d: 1, e: 2 }]), yaml`
    other:
    - a: 1
    - a: 2
    - a: 3
    - a: 4
    list:
    - a: 1
    - b: 2
    -   c: 3
    -   d: 1
        e: 2
  `, 'the last of several, whatever the document does elsewhere'],
])

rows('an item at a place goes below the item before it, or below the key', [
  [yaml`
    list: # why
    - a
    - b
  `, (e) => e.insert('list', ['new'], 0), yaml`
    list: # why
    - new
    - a
    - b
  `],
  [yaml`
    list:
    - a
    - b
  `, (e) => e.insert('list', ['new'], 1), yaml`
    list:
    - a
    - new
    - b
  `],
  [yaml`
    list:
    # about a
    - a
  `, (e) => e.insert('list', ['new'], 0), yaml`
    list:
    - new
    # about a
    - a
  `, 'above the comment of the first item'],
  [yaml`
    list: &all
    - a
  `, (e) => e.insert('list', ['new'], 0), yaml`
    list: &all
    - new
    - a
  `],
  [yaml`
    list:
      &all
      # about a
      - a
  `, (e) => e.insert('list', ['new'], 0), yaml`
    list:
      &all
      - new
      # about a
      - a
  `, 'below an anchor on a line of its own'],
  [yaml`
    list:
      # no &anchor
      !!seq # no !tag
      - a
  `, (e) => e.insert('list', ['new'], 0), yaml`
    list:
      # no &anchor
      !!seq # no !tag
      - new
      - a
  `, 'a comment is no anchor'],
  [yaml`
    - - a
      - b
  `, (e) => e.insert('0', ['new', 'one\ntwo\n'], 0), yaml`
    - - new
      - |
        one
        two
      - a
      - b
  `, 'on the line of a dash a new first item takes that line'],
  [yaml`
    ? list
    :   - a # why
  `, (e) => e.insert('list', [{ x: 1, z: 2 }], 0), yaml`
    ? list
    :   - x: 1
          z: 2
        - a # why
  `],
  [yaml`
    list: &all
      # then the tag
      !!seq
      - a
  `, (e) => e.insert('list', ['new'], 0), yaml`
    list: &all
      # then the tag
      !!seq
      - new
      - a
  `, 'below the tag that follows an anchor'],
])

rows('a new pair goes below the last one, in its column', [
  [yaml`
    map:
      a: 1
    other: 1
  `, (e) => e.insert('map', { b: 2, c: [1] }), yaml`
    map:
      a: 1
      b: 2
      c:
      - 1
    other: 1
  `],
  [yaml`
    map:
        a: 1
  `, (e) => e.insert('map', { b: { c: 1 } }), yaml`
    map:
        a: 1
        b:
            c: 1
  `, 'nested as deep as the document nests'],
  [yaml`
    map:
      list:
        - a
  `, (e) => e.insert('map', { b: ['c'] }), yaml`
    map:
      list:
        - a
      b:
        - c
  `, 'dashes where the document has them'],
  [yaml`
    a: 1 # one

    # the end
  `, (e) => e.insert('', { b: 2 }), yaml`
    a: 1 # one
    b: 2

    # the end
  `, 'right below the last pair, above comments that follow'],
  [yaml`
    list:
    - a: 1
  `, (e) => e.insert('list.0', { b: 2 }), yaml`
    list:
    - a: 1
      b: 2
  `, 'in the column of a first pair behind a dash'],
  [yaml`
    a: 1
  `, (e) => e.insert('', { b: 2 }, 0), yaml`
    a: 1
    b: 2
  `, 'above the first pair of a document there is no line, so it goes last'],
  [yaml`
    map:
      a: 1
      c: 3
  `, (e) => e.insert('map', { b: 2 }, 1), yaml`
    map:
      a: 1
      b: 2
      c: 3
  `],
  [yaml`
    map:
      ? a
      : 1
  `, (e) => e.insert('map', { b: 2 }), yaml`
    map:
      ? a
      : 1
      b: 2
  `, 'in the column of a question mark'],
  [yaml`
    map:
      a: |
        text
      # deep
  `, (e) => e.insert('map', { b: 2 }), yaml`
    map:
      a: |
        text
      b: 2
      # deep
  `],
])

rows('lines end as the line above ends', [
  [yaml`
    list:␍
    - a␍
  `, (e) => e.insert('list', ['b', 'c']), yaml`
    list:␍
    - a␍
    - b␍
    - c␍
  `],
  [yaml`
    list:
    - a`, (e) => e.insert('list', ['b', 'c']), yaml`
    list:
    - a
    - b
    - c`, 'a file without a final line break gets none'],
  [yaml`
    list:␍
    - a`, (e) => e.insert('list', ['b', 'c']), yaml`
    list:␍
    - a␍
    - b␍
    - c`],
  ['list:\r- a\r', (e) => e.insert('list', ['b']), 'list:␍- a␍- b␍'],
])

rows('text of several lines at the end of an insertion does not swallow a comment that follows', [
  [yaml`
    map:
      a: 1
          # deep
    other: 1
  `, (e) => e.insert('map', { text: 'x\ny\n' }), yaml`
    map:
      a: 1
      text: "x\ny\n"
          # deep
    other: 1
  `],
  [yaml`
    map:
      a: 1
      # same column
    other: 1
  `, (e) => e.insert('map', { text: 'x\ny\n' }), yaml`
    map:
      a: 1
      text: |
        x
        y
      # same column
    other: 1
  `, 'in its own column the comment ends the text'],
  [yaml`
    map:
      a: 1
          # deep
    other: 1
  `, (e) => e.insert('map', { text: 'x\ny\n', last: 1 }), yaml`
    map:
      a: 1
      text: |
        x
        y
      last: 1
          # deep
    other: 1
  `, 'only the last value is next to it'],
  [yaml`
    list:
    - a
        # deep
  `, (e) => e.insert('list', ['x\ny\n']), yaml`
    list:
    - a
    - "x\ny\n"
        # deep
  `],
  [yaml`
    a: 1
    b: 2 # why
  `, (e) => e.insert('', { text: 'x\ny\n' }, 1), yaml`
    a: 1
    text: |
      x
      y
    b: 2 # why
  `, 'a comment behind the next value is none that could be swallowed'],
  [yaml`
    map:
      a: 1
          # deep
  `, (e) => e.insert('map', { text: 'x\ny\n', b: 2, c: 3, d: 4 }), yaml`
    map:
      a: 1
      text: |
        x
        y
      b: 2
      c: 3
      d: 4
          # deep
  `],
])

rows('an entry goes with all its lines, and comments inside it stay in its column', [
  [yaml`
    list:
    - a
    - b # gone with it
    - c
  `, (e) => e.remove('list', 1), yaml`
    list:
    - a
    - c
  `],
  [yaml`
    list:
    - a
    - b
    - c
  `, (e) => e.remove('list', 0, 2), yaml`
    list:
    - b
  `],
  [yaml`
    list:
    - a
    -
    - c
  `, (e) => e.remove('list', 1), yaml`
    list:
    - a
    - c
  `],
  [yaml`
    map:
      a: 1
      b:
        # about c
        c: 1
      # about d
      d: 1
  `, (e) => e.remove('map', 'b'), yaml`
    map:
      a: 1
      # about c
      # about d
      d: 1
  `],
  [yaml`
    map:
      a: 1
      b:
        c:
        # shallow
          d: 1
            # deep
          e: 2
  `, (e) => e.remove('map', 'b'), yaml`
    map:
      a: 1
      # shallow
      # deep
  `, 'moved left, where they were deeper'],
  [yaml`
    map:
      a: 1
      b:
        c: 1
     # left
        d: 2
      e: 1
  `, (e) => e.remove('map', 'b'), yaml`
    map:
      a: 1
     # left
      e: 1
  `, 'and never moved right'],
  [yaml`
    map:
      a: 1
      b: |
        # no comment
        text
      c: 1
  `, (e) => e.remove('map', 'b'), yaml`
    map:
      a: 1
      c: 1
  `, 'a line of a text that looks like one is none'],
  [yaml`
    map:
      a: 1
      b:
      - x: "one
        # no comment
        two"
        ? |
          # no comment
        : y
      c: 1
  `, (e) => e.remove('map', 'b'), yaml`
    map:
      a: 1
      c: 1
  `, 'in quotes and keys neither'],
  [yaml`
    a: 1
    b: 2`, (e) => e.remove('', 'b'), yaml`
    a: 1`, 'at the end of a file without a final line break, with the break before it'],
  [yaml`
    a: 1␍
    b: 2␍
    c: 3␍
  `, (e) => e.remove('', 'b'), yaml`
    a: 1␍
    c: 3␍
  `],
  [yaml`
    list:
    - a
    - b: 1
      c:
      - |
        # no comment
      # about d
      d: 2
    - e
  `, (e) => e.remove('list', 1), yaml`
    list:
    - a
    # about d
    - e
  `, 'an item of several lines'],
  [yaml`
    map:
      a:
      - x
      - |
        # no comment
      b: 1
  `, (e) => e.remove('map', 'a'), yaml`
    map:
      b: 1
  `],
])

rows('an entry on the line of a dash gives its place to the next one', [
  [yaml`
    list:
    - a: 1
      b: 2
  `, (e) => e.remove('list.0', 'a'), yaml`
    list:
    - b: 2
  `],
  [yaml`
    - - a
      - b
  `, (e) => e.remove('0', 0), yaml`
    - - b
  `],
  [yaml`
    list:
    - a: 1
      b:
        deep: 2
      c: 3
      d: 4
    - e
  `, (e) => e.remove('list.0', 'a', 'b', 'd'), yaml`
    list:
    - c: 3
    - e
  `, 'and so do several'],
  [yaml`
    list:
    - a: 1
      # about b
      b: |
        # no comment
        # of the user's
      # about c
      c: 3
  `, (e) => e.remove('list.0', 'a', 'b'), yaml`
    list:
    # about b
    # about c
    - c: 3
  `, 'comments between them stay, above that line'],
  [yaml`
    list:␍
    - a: 1␍
      # about b␍
      b: 2␍
  `, (e) => e.remove('list.0', 'a'), yaml`
    list:␍
    # about b␍
    - b: 2␍
  `],
  [yaml`
    list:
    - a: 1
      # about b
      b: 2
      c: 3
    - d
  `, (e) => e.clear('list.0'), yaml`
    list:
    -
      # about b
    - d
  `, 'without a next one, the dash stays alone'],
  [yaml`
    ? map
    : a:
      - x
      b: 1
    other: 1
  `, (e) => e.empty('map'), yaml`
    ? map
    : {}
    other: 1
  `],
  [yaml`
    ? list
    : - a
      - b
  `, (e) => e.remove('list', 0), yaml`
    ? list
    : - b
  `, 'below a colon as below a dash'],
])

rows('an emptied collection leaves its key, and where it stays a collection, brackets', [
  [yaml`
    map: # why
      a: 1
      # about b
      b: 2
    other: 1
  `, (e) => e.clear('map'), yaml`
    map: # why
      # about b
    other: 1
  `],
  [yaml`
    list:
    - a: 1
      b: 2
    - c
    other: 1
  `, (e) => e.clear('list'), yaml`
    list:
    other: 1
  `],
  [yaml`
    list: # why
    - a
    other: 1
  `, (e) => e.empty('list'), yaml`
    list: [] # why
    other: 1
  `],
  [yaml`
    map:
      a: 1
  `, (e) => e.empty('map'), yaml`
    map: {}
  `],
  [yaml`
    map: &it !!map # why
      a: 1
  `, (e) => e.empty('map'), yaml`
    map: &it !!map {} # why
  `, 'behind anchor and tag'],
  [yaml`
    list:
    -
      a: 1
    - b
  `, (e) => e.empty('list.0'), yaml`
    list:
    - {}
    - b
  `],
  [yaml`
    map:
      a: |
        # no comment
      # about b
      b: 2
  `, (e) => e.clear('map'), yaml`
    map:
      # about b
  `],
  [yaml`
    map:   &it
      a: 1
  `, (e) => e.empty('map'), yaml`
    map:   &it {}
  `],
])

rows('a value goes below a key that has none', [
  [yaml`
    a:
    b: 1
  `, (e) => e.fill('a', { x: 1 }), yaml`
    a:
      x: 1
    b: 1
  `],
  [yaml`
    a: null # why
    b: 1
  `, (e) => e.fill('a', ['x']), yaml`
    a: # why
    - x
    b: 1
  `],
  [yaml`
    a: {}
  `, (e) => e.fill('a', { x: { z: [1] } }), yaml`
    a:
      x:
        z:
        - 1
  `],
  [yaml`
    a: ~`, (e) => e.fill('a', { x: 1 }), yaml`
    a:
      x: 1`],
  [yaml`
    a:
      ~
    b: 1
  `, (e) => e.fill('a', { x: 1 }), yaml`
    a:
      x: 1
    b: 1
  `, 'null on a line of its own goes with that line\'s break'],
  [yaml`
    a: null
    b: 1
  `, (e) => e.fill('a', 'text'), yaml`
    a: text
    b: 1
  `],
  [yaml`
    a: [] # why
  `, (e) => e.fill('a', {}), yaml`
    a: {} # why
  `],
  [yaml`
    a:
        # deep
    b: 1
  `, (e) => e.fill('a', { x: 'one\ntwo\n' }), yaml`
    a:
      x: "one\ntwo\n"
        # deep
    b: 1
  `, 'a comment below it stays a comment'],
  [yaml`
    m:
      a: null
      b: 1
  `, (e) => e.fill('m.a', 'text'), yaml`
    m:
      a: text
      b: 1
  `],
])

rows('a value is replaced behind its colon, and comments stay', [
  [yaml`
    a: 1 # why
    b: 2
  `, (e) => e.replace('a', 'x'), yaml`
    a: x # why
    b: 2
  `],
  [yaml`
    a:
    b: 2
  `, (e) => e.replace('a', 'x'), yaml`
    a: x
    b: 2
  `],
  [yaml`
    a: 1 # why
    b: 2
  `, (e) => e.replace('a', { x: 1 }), yaml`
    a: # why
      x: 1
    b: 2
  `],
  [yaml`
    a: 1 # why
    b: 2
  `, (e) => e.replace('a', 'one\ntwo\n'), yaml`
    a: | # why
      one
      two
    b: 2
  `],
  [yaml`
    a: # why
      # about x
      x: 1
    b: 2
  `, (e) => e.replace('a', 'z'), yaml`
    a: z # why
      # about x
    b: 2
  `],
  [yaml`
    a: # why
      # about x
      x: 1
    b: 2
  `, (e) => e.replace('a', ['z']), yaml`
    a: # why
    - z
      # about x
    b: 2
  `],
  [yaml`
    a: # why
      # about x
      x: 1
    b: 2
  `, (e) => e.replace('a', 'one\ntwo\n'), yaml`
    a: | # why
      one
      two
    b: 2
  `, 'but for those that a text would swallow'],
  [yaml`
    a: | # why
      one
      two
    b: 2
  `, (e) => e.replace('a', 'x'), yaml`
    a: x # why
    b: 2
  `],
  [yaml`
    a: |
      one # no comment
    b: 2
  `, (e) => e.replace('a', { x: 1 }), yaml`
    a:
      x: 1
    b: 2
  `],
  [yaml`
    a: >- # why
      one
    b: 2
  `, (e) => e.replace('a', ['x']), yaml`
    a: # why
    - x
    b: 2
  `],
  [yaml`
    a: &it # why
      x: 1
    b: 2
  `, (e) => e.replace('a', { z: 1 }), yaml`
    a: # why
      z: 1
    b: 2
  `, 'an anchor goes with its value'],
  [yaml`
    a: {x: 1} # why
    b: 2
  `, (e) => e.replace('a', { z: 1 }), yaml`
    a: # why
      z: 1
    b: 2
  `],
  [yaml`
    a: 1␍
    b: 2␍
  `, (e) => e.replace('a', { x: 1, z: 2 }), yaml`
    a:␍
      x: 1␍
      z: 2␍
    b: 2␍
  `],
  [yaml`
    m:
      a: 1
  `, (e) => e.replace('m.a', 'x'), yaml`
    m:
      a: x
  `],
  [yaml`
    a:
    - x
    - z
    b: 2
  `, (e) => e.replace('a', 'w'), yaml`
    a: w
    b: 2
  `, 'a list, too'],
  [yaml`
    a: # why
      # about x
      x: 1
  `, (e) => e.replace('a', 'one\ntwo'), yaml`
    a: |- # why
      one
      two
  `],
  [yaml`
    a: |   # why
      one
  `, (e) => e.replace('a', 'x'), yaml`
    a: x   # why
  `, 'as far from the value as it was'],
])

rows('the text of keys that are to be folded goes below them, where nothing that follows would become a part of it', [
  [yaml`
    m:
      a: x # why
    # end
  `, (e) => e.insert('m', { 'folded/b': '{"x":1}', 'folded/c': 'y' }), yaml`
    m:
      a: x # why
      folded/b: >-
        {"x":1}
      folded/c: >-
        y
    # end
  `],
  ['m:\r\n  a: x', (e) => e.insert('m', { 'folded/b': 'y' }), 'm:␍\n  a: x␍\n  folded/b: >-␍\n    y', 'at the end of a file without a last break'],
  ['a: x\n\n---\n', (e) => e.insert('', { 'folded/b': 'y' }), 'a: x\nfolded/b: >-\n  y\n\n---\n'],
  ['m:\n    a: x\n', (e) => e.insert('m', { 'folded/b': 'y' }), 'm:\n    a: x\n    folded/b: >-\n        y\n', 'as deep as maps are'],
  ['m: {a: x}\n', (e) => e.insert('m', { 'folded/b': 'z' }), 'm: {a: x, folded/b: z}\n', 'not between braces'],
  ['{"m": {"a": "x"}}\n', (e) => e.insert('m', { 'folded/b': 'y' }), '{"m": {"a": "x", "folded/b": "y"}}\n'],
  ['m:\n  a: x\n    # deep\n', (e) => e.insert('m', { 'folded/b': '{}', 'folded/c': '{}' }), 'm:\n  a: x\n  folded/b: "{}"\n  folded/c: "{}"\n    # deep\n'],
  ['m:\n  a: x\n  # here\n', (e) => e.insert('m', { 'folded/b': '{}' }), 'm:\n  a: x\n  folded/b: >-\n    {}\n  # here\n'],
  ['m:\n  a: x\n\n      # deep\nb: 1\n', (e) => e.insert('m', { 'folded/b': '{}' }), 'm:\n  a: x\n  folded/b: "{}"\n\n      # deep\nb: 1\n', 'a comment below a blank line'],
  ['m:\n  a: x\n\n  \nb: 1\n', (e) => e.insert('m', { 'folded/b': '{}' }), 'm:\n  a: x\n  folded/b: >-\n    {}\n\n  \nb: 1\n'],
  ['m:\n  a: x\n\n      \nb: 1\n', (e) => e.insert('m', { 'folded/b': '{}' }), 'm:\n  a: x\n  folded/b: "{}"\n\n      \nb: 1\n', 'blanks alone on a line'],
  ['m:\n  a: x\n      ', (e) => e.insert('m', { 'folded/b': '{}' }), 'm:\n  a: x\n  folded/b: "{}"\n      ', 'and at the end of the text'],
  ['m:\n  a: x\n\n      \nb: 1\n', (e) => e.insert('m', { b: 'one\ntwo' }), 'm:\n  a: x\n  b: "one\\ntwo"\n\n      \nb: 1\n', 'nor of text over several lines'],
  ['m:\n', (e) => e.fill('m', { 'folded/b': 'y' }), 'm:\n  folded/b: >-\n    y\n'],
  ['folded/b: # why\n', (e) => e.fill('folded/b', 'y'), 'folded/b: >- # why\n  y\n'],
  ['a: ~ # why\n', (e) => e.fill('a', 'one\ntwo'), 'a: |- # why\n  one\n  two\n'],
])

rows('the text of such a key is replaced, and what is around it stays', [
  [yaml`
    m:
      folded/a: '{"x":1}' # why
      folded/b: '{}'
  `, (e) => e.replace('m.folded/a', '{"x":2}'), yaml`
    m:
      folded/a: >- # why
        {"x":2}
      folded/b: '{}'
  `],
  [yaml`
    m:
      folded/a: >- # why
        {"x":1}

      # about b
      b: 1
  `, (e) => e.replace('m.folded/a', '{"x":2}'), yaml`
    m:
      folded/a: >- # why
        {"x":2}

      # about b
      b: 1
  `],
  ['m:\r\n  folded/a: >-\r\n    x', (e) => e.replace('m.folded/a', 'y'), 'm:␍\n  folded/a: >-␍\n    y'],
  ['m:\n  folded/a: &it x\n', (e) => e.replace('m.folded/a', 'y'), 'm:\n  folded/a: >-\n    y\n'],
  ['m:\n  folded/a:\n    # about it\n    x\n', (e) => e.replace('m.folded/a', 'z'), 'm:\n  folded/a:\n    # about it\n    z\n', 'where a comment is before it, in its place'],
  ['m:\n  folded/a:\n    x: 1\nb: 1\n', (e) => e.replace('m.folded/a', 'y'), 'm:\n  folded/a: >-\n    y\nb: 1\n'],
  ['m:\n  folded/a: "{}"\n    # deep\nb: 1\n', (e) => e.replace('m.folded/a', '[]'), 'm:\n  folded/a: "[]"\n    # deep\nb: 1\n'],
  ['m:\n  folded/a: "{}"\n  b: 1\n    # deep\nb: 1\n', (e) => e.replace('m.folded/a', '[]'), 'm:\n  folded/a: "[]"\n  b: 1\n    # deep\nb: 1\n', 'a comment below a key that may go'],
])

rows('such a key goes with the line below it', [
  [yaml`
    m:
      folded/a: >-
        {"x":1}
      # about b
      folded/b: >- # why
        {"x":1}

    c: 1
  `, (e) => e.remove('m', 'folded/b'), yaml`
    m:
      folded/a: >-
        {"x":1}
      # about b

    c: 1
  `],
  ['m:\r\n  a: x\r\n  folded/b: >-\r\n    {}', (e) => e.remove('m', 'folded/b'), 'm:␍\n  a: x'],
  ['a: x\nfolded/b: >-\n  {}\n---\n', (e) => e.remove('', 'folded/b'), 'a: x\n---\n'],
])

rows('an item is replaced on its line where it fits there, and else with its lines', [
  [yaml`
    list:
    - a # why
    - b
  `, (e) => e.replace('list.0', 'x'), yaml`
    list:
    - x # why
    - b
  `],
  [yaml`
    list:
    -   a
  `, (e) => e.replace('list.0', 2), yaml`
    list:
    -   2
  `],
  [yaml`
    list:
    -
    - b
  `, (e) => e.replace('list.0', 'x'), yaml`
    list:
    - x
    - b
  `],
  [yaml`
    list:
    -
      a
    - b
  `, (e) => e.replace('list.0', 'x'), yaml`
    list:
    - x
    - b
  `],
  [yaml`
    list:
    - "a
      b"
    - c
  `, (e) => e.replace('list.0', 'x'), yaml`
    list:
    - x
    - c
  `],
  [yaml`
    list:
    - a
    - b
  `, (e) => e.replace('list.0', { x: 1, z: 2 }), yaml`
    list:
    - x: 1
      z: 2
    - b
  `],
  [yaml`
    list:
    - a
    - b
  `, (e) => e.replace('list.0', 'one\ntwo\n'), yaml`
    list:
    - |
      one
      two
    - b
  `],
  [yaml`
    list:
      - a: 1
        # about b
        b: 2
      - c: 3
  `, (e) => e.replace('list.0', { d: 4 }), yaml`
    list:
      # about b
      - d: 4
      - c: 3
  `, 'a comment inside goes above it, in the dash\'s column'],
  [yaml`
    list:
    - |
      # no comment
    - b
  `, (e) => e.replace('list.0', { d: 4 }), yaml`
    list:
    - d: 4
    - b
  `],
  [yaml`
    list:
    - a: 1
    - b: 2`, (e) => e.replace('list.1', { c: 3, d: 4 }), yaml`
    list:
    - a: 1
    - c: 3
      d: 4`],
  [yaml`
    list:␍
    - a: 1␍
      # about b␍
      b: 2␍
  `, (e) => e.replace('list.0', { c: 3, d: 4 }), yaml`
    list:␍
    # about b␍
    - c: 3␍
      d: 4␍
  `],
  [yaml`
    list:
    - a: 1
        # deep
    - b
  `, (e) => e.replace('list.0', 'one\ntwo\n'), yaml`
    list:
    - "one\ntwo\n"
        # deep
    - b
  `],
  [yaml`
    - - a: 1
        # about b
        b: 2
      - c
  `, (e) => e.replace('0.0', { x: 1, z: 2 }), yaml`
    - - x: 1
        z: 2
      # about b
      - c
  `],
  [yaml`
    list:
    -   a: 1
    -   b: 1
  `, (e) => e.replace('list.0', { x: 1, z: 2 }), yaml`
    list:
    -   x: 1
        z: 2
    -   b: 1
  `],
])
