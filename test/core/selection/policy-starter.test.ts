import { describe, expect, it } from 'vitest'
import { excludePatterns } from '../../../src/core/selection/policy-starter.ts'

describe('excludePatterns', () => {
  const rows: [string, string[], string[], string[]][] = [
    // what                                  | invalid                       | valid              | patterns
    ['nothing',                                [],                             ['a.yaml'],          []],
    ['a file',                                 ['a.yaml'],                     ['b.yaml'],          ['a.yaml']],
    ['a file alone in a folder',               ['a/b.yaml'],                   [],                  ['a/b.yaml']],
    ['a folder of them',                       ['a/b.yaml', 'a/c.yaml'],       ['d.yaml'],          ['a/**']],
    ['the topmost folder',                     ['a/b/c.yaml', 'a/d/e.yaml'],   ['f/g.yaml'],        ['a/**']],
    ['folders beside a valid file',            ['a/b/c.yaml', 'a/b/d.yaml'],   ['a/e.yaml'],        ['a/b/**']],
    ['files beside a valid file',              ['a/b.yaml', 'a/c.yaml'],       ['a/d.yaml'],        ['a/b.yaml', 'a/c.yaml']],
    ['files of the top folder, never all',     ['a.yaml', 'b.yaml'],           [],                  ['a.yaml', 'b.yaml']],
  ]
  it.each(rows)('%s', (_, invalid, valid, patterns) => expect(excludePatterns(invalid, valid)).toEqual(patterns))
})
