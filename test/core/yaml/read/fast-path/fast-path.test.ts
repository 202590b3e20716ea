import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFastPath } from '../../../../../src/core/yaml/read/fast-path/fast-path.ts'
import { manifestsIn } from '../../../../fuzz/seeds.ts'
import { randomOf } from '../../../../fuzz/mutate.ts'
import { ManifestWriter } from '../../../../property/manifest.ts'
import { missing, SHARED } from '../../../../shared.ts'
import { agreesOn, count, decoded } from './both-readers.ts'

const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url))

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

  it('looks at nothing outside its slice', () => {
    const text = 'x: "\na: b\ny: "\n'
    for (let end = 5; end <= 10; end++) agreesOn({ text, start: 5, end })
    expect(readFastPath({ text, start: 5, end: 9 })?.data).toEqual({ a: 'b' })
  })

  it('reads what kubectl reads of the recorded texts', () => {
    const readings = JSON.parse(readFileSync(new URL('../readings.json', import.meta.url), 'utf8')) as { text: string }[]
    expect(count(readings.map(({ text }) => text)).supported).toBeGreaterThan(50)
  })

  it('agrees on the fixtures, and reads most', () => {
    const { all, supported } = count(decoded(manifestsIn(join(ROOT, 'fixtures'))))
    // What the fuzzer finds is seldom supported.
    expect(supported / all).toBeGreaterThan(0.7)
  })

  it('agrees on manifests written in odd ways', () => {
    const random = randomOf(1)
    const texts = Array.from({ length: 500 }, () => new ManifestWriter(Array.from({ length: 400 }, () => random(10_000))).write().text)
    expect(count(texts).supported).toBeGreaterThan(10)
  })
})

const WHY_NOT = missing('corpus/manifests')

describe.skipIf(WHY_NOT !== undefined)(`readOrdinary on manifests of others${WHY_NOT === undefined ? '' : ` (skipped: ${WHY_NOT})`}`, () => {
  it('agrees, and reads nearly all', () => {
    const { all, supported } = count(decoded(manifestsIn(join(SHARED, 'corpus', 'manifests'))))
    expect(supported / all).toBeGreaterThan(0.98)
  })
})
