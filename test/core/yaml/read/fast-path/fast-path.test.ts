import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { decodeText } from '../../../../../src/core/text/decode.ts'
import { SourceText } from '../../../../../src/core/text/source.ts'
import { DataBuilder } from '../../../../../src/core/yaml/read/construct.ts'
import { splitDocuments } from '../../../../../src/core/yaml/read/split.ts'
import { readFastPath, type FastPathResult } from '../../../../../src/core/yaml/read/fast-path/fast-path.ts'
import { parseYaml } from '../../../../../src/core/yaml/read/parse.ts'
import type { SourceSlice } from '../../../../../src/core/yaml/read/source-slice.ts'
import { bytesOf } from '../../../../fuzz/fuzz.ts'
import { manifestsIn } from '../../../../fuzz/seeds.ts'
import { randomOf } from '../../../../fuzz/mutate.ts'
import { ManifestWriter } from '../../../../property/manifest.ts'
import { missing, SHARED } from '../../../../shared.ts'

/** What texts are made of that come near the edges of what is ordinary. */
const PIECES = [
  'a', 'b', 'key: ', 'k:\n', 'a: b\n', '- ', '-', '\n', '\n', '\n  ', '\n ', '\n    ', '  ', ' ', ':', ': ', '#', ' #', ' # c\n', '"', "'", '"x"', "'y'", '"x": ', '{', '}', '[', ']', ',', ', ',
  '|', '>', '|\n', '|-\n', '>+\n', '|2\n', '?', '1', '0x', '.5', '\r\n', '.', '---', '\t', '<<: ', '{}', '[]', '{a: b}', '[c, d]', '%', 'é', '~', 'yes', "''", '\\', '\\n', '\u2028', '- a\n',
  '- a: b\n', '  - c\n', '  d: e\n', '*', '&', '!', '@', '\r',
]

const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url))

/** Longer runs by hand: `SIDECARCTL_RUNS=200000`. */
const RUNS = Number(process.env['SIDECARCTL_RUNS'] ?? 3000)

/** What the full reader makes of a window; an error where it refuses it. */
function readFully(window: SourceSlice): FastPathResult {
  const { root, anchors } = parseYaml(window)
  const builder = new DataBuilder()
  const data = root === undefined ? undefined : builder.build(root)
  return { root, data, format: 'yaml', anchors: anchors as false, duplicates: builder.duplicates }
}

/** Both readers agree on a window if the fast one reads it; whether it does. */
function agreesOn(window: SourceSlice): boolean {
  const found = readFastPath(window)
  if (found === undefined) return false
  const full = readFully(window)
  // As quick as it is strict; the assertion behind it, which is slow, shows what differs.
  if (!isDeepStrictEqual(found, full)) expect(found).toStrictEqual(full)
  expect(JSON.stringify(found.data), 'the order of keys').toBe(JSON.stringify(full.data))
  return true
}

/** How many documents of a text there are, and how many of them the fast reader reads. */
function count(texts: readonly string[]): { all: number; ordinary: number } {
  const out = { all: 0, ordinary: 0 }
  for (const text of texts) {
    for (const { start, end } of splitDocuments(new SourceText('a', text))) {
      out.all++
      if (agreesOn({ text, start, end })) out.ordinary++
    }
  }
  return out
}

function decoded(bytes: readonly Uint8Array[]): string[] {
  return bytes.flatMap((b) => {
    const result = decodeText('a', b)
    return result.ok ? [result.source.text] : []
  })
}

describe('readOrdinary', () => {
  it.each([
    'a: 1\n', 'a:\n- b\n- c\nd: e\n', 'a:\n  - b: 1\n    c: 2\n  -\n    d: 3\n  -\n', '- - a\n  - b\n- c: -1\n', 'a: {b: [c, {d: "e"}], f: {}}\ng: []\n', 'a: [\n  b, # c\n  d\n]\n',
    'a: |\n  b\n\n  c\n# d\ne: >-\n  f\n  g\n', 'a: "b\\n\\x41" # c\nd: \'e\'\'f\'\n"g": \'h\'\n', 'a: b\r\nc:\r\n  d: e # f\r\n', '# a\n\n', '', 'a:', 'a: b  ', '- -1\n- --x\n- 1.5\n- 0x1f\n- yes\n- ~\n- 08\n',
    'a: 1\na: 2\nb: {c: 1, c: 2}\n', '1: a\ntrue: b\n1.50: c\n', '__proto__: 1\nconstructor: {a: 2}\n', '  a: b\n  c: |\n    d', 'a: b#c\nd: http://e:80/f#g\nh: i,j[k]{l}\n', 'a: über \u{1F600}\n',
    'a: b\n  c\n\n  d\ne: f\n', 'a: "b\n  c \\\n d"\n', '- a\n  b\n- \'c\n\n  d\'\n', 'a : b\n"c" : d\n',
  ])('reads %j as the full reader does', (text) => {
    expect(agreesOn({ text, start: 0, end: text.length })).toBe(true)
  })

  it.each([
    'a: &b c\n', 'a: *b\n', 'a: !!str 1\n', '? a\n: b\n', 'a: b\n  # c\n  d\n', 'a: b\n  c: d\n', '"a\n b": c\n', '"a":b\n', 'a:\tb\n', 'a:\n\tb: c\n', 'a: b\u2028\n', 'a: b\u0085\n', 'a: b\rc: d\n', 'a: \u0007\n', '%YAML 1.1\n---\na: b\n',
    'a: b\n...\nc\n', '<<: {a: b}\n', 'a: "\\q"\n', 'a:\n  b: c\n d: e\n', 'a: b: c\n', 'a\n', 'a: [b\n', 'a: [b]]\n', 'a: {b}\n', 'a: "b"c\n', '- a\nb: c\n', 'a: .inf\n', '~: a\n', `${'k'.repeat(1020)}: 1\n`,
    `${'- '.repeat(200)}a\n`, '\ufeffa: b\n', 'a: @b\n', 'a: %b\n', 'a: `b`\n', 'a: - b\n', 'a:\n  b\n', '"a"\n', '{a: b}\n', 'a: {b: }\n', 'a: [b: c]\n', 'a: "b\n',
  ])('leaves %j to the full reader', (text) => {
    expect(agreesOn({ text, start: 0, end: text.length })).toBe(false)
  })

  it('looks at nothing outside its window', () => {
    const text = 'x: "\na: b\ny: "\n'
    for (let end = 5; end <= 10; end++) agreesOn({ text, start: 5, end })
    expect(readFastPath({ text, start: 5, end: 9 })?.data).toEqual({ a: 'b' })
  })

  it('reads what kubectl reads of the recorded texts', () => {
    const readings = JSON.parse(readFileSync(new URL('../readings.json', import.meta.url), 'utf8')) as { text: string }[]
    expect(count(readings.map(({ text }) => text)).ordinary).toBeGreaterThan(50)
  })

  it('agrees on the fixtures, and reads most', () => {
    const { all, ordinary } = count(decoded(manifestsIn(join(ROOT, 'fixtures'))))
    // What the fuzzer finds is seldom ordinary.
    expect(ordinary / all).toBeGreaterThan(0.7)
  })

  it('agrees on manifests written in odd ways', () => {
    const random = randomOf(1)
    const texts = Array.from({ length: 500 }, () => new ManifestWriter(Array.from({ length: 400 }, () => random(10_000))).write().text)
    expect(count(texts).ordinary).toBeGreaterThan(10)
  })

  it('agrees on pieces thrown together, in any window', () => {
    let ordinary = 0
    for (let n = 0; n < 20 * RUNS; n++) {
      const random = randomOf(n)
      const text = Array.from({ length: 1 + random(14) }, () => PIECES[random(PIECES.length)]).join('')
      const start = random(4) === 0 ? Math.min(text.length, random(3)) : 0
      const end = random(4) === 0 ? Math.max(start, text.length - random(3)) : text.length
      if (agreesOn({ text, start, end })) ordinary++
    }
    expect(ordinary).toBeGreaterThan(RUNS)
  })

  it('agrees on spoilt texts', () => {
    const seeds = manifestsIn(join(ROOT, 'fixtures'))
    const texts = decoded(Array.from({ length: RUNS }, (_, n) => bytesOf(n, seeds)))
    expect(count(texts).ordinary).toBeGreaterThan(RUNS / 5)
  })
})

const WHY_NOT = missing('corpus/manifests')

describe.skipIf(WHY_NOT !== undefined)(`readOrdinary on manifests of others${WHY_NOT === undefined ? '' : ` (skipped: ${WHY_NOT})`}`, () => {
  it('agrees, and reads nearly all', () => {
    const { all, ordinary } = count(decoded(manifestsIn(join(SHARED, 'corpus', 'manifests'))))
    expect(ordinary / all).toBeGreaterThan(0.98)
  })
})
