/** The fast reader of YAML agrees with the full one on random texts. */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { agreesOn, count, decoded } from '../core/yaml/read/fast-path/both-readers.ts'
import { bytesOf } from '../fuzz/fuzz.ts'
import { randomOf } from '../fuzz/mutate.ts'
import { manifestsIn } from '../fuzz/seeds.ts'

/** What texts are made of that come near the edges of what is supported. */
const PIECES = [
  'a',
  'b',
  'key: ',
  'k:\n',
  'a: b\n',
  '- ',
  '-',
  '\n',
  '\n',
  '\n  ',
  '\n ',
  '\n    ',
  '  ',
  ' ',
  ':',
  ': ',
  '#',
  ' #',
  ' # c\n',
  '"',
  "'",
  '"x"',
  "'y'",
  '"x": ',
  '{',
  '}',
  '[',
  ']',
  ',',
  ', ',
  '|',
  '>',
  '|\n',
  '|-\n',
  '>+\n',
  '|2\n',
  '?',
  '1',
  '0x',
  '.5',
  '\r\n',
  '.',
  '---',
  '\t',
  '<<: ',
  '{}',
  '[]',
  '{a: b}',
  '[c, d]',
  '%',
  'é',
  '~',
  'yes',
  "''",
  '\\',
  '\\n',
  '\u2028',
  '- a\n',
  '- a: b\n',
  '  - c\n',
  '  d: e\n',
  '*',
  '&',
  '!',
  '@',
  '\r',
]

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url))

/** Longer runs by hand: `SIDECARCTL_RUNS=200000`. */
const RUNS = Number(process.env['SIDECARCTL_RUNS'] ?? 3000)

describe('the fast reader', () => {
  it('agrees on pieces thrown together, in any window', () => {
    let supported = 0
    for (let n = 0; n < 20 * RUNS; n++) {
      const random = randomOf(n)
      const text = Array.from({ length: 1 + random(14) }, () => PIECES[random(PIECES.length)]).join('')
      const start = random(4) === 0 ? Math.min(text.length, random(3)) : 0
      const end = random(4) === 0 ? Math.max(start, text.length - random(3)) : text.length
      if (agreesOn({ text, start, end })) supported++
    }
    expect(supported).toBeGreaterThan(RUNS)
  })

  it('agrees on spoilt texts', () => {
    const seeds = manifestsIn(FIXTURES)
    const texts = decoded(Array.from({ length: RUNS }, (_, n) => bytesOf(n, seeds)))
    expect(count(texts).supported).toBeGreaterThan(RUNS / 5)
  })
})
