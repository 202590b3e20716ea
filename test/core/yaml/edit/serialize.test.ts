import { parse } from 'yaml'
import { array, assert, oneof, property, constantFrom, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/core/json/json.ts'
import { DataBuilder } from '../../../../src/core/yaml/read/construct.ts'
import { parseYaml } from '../../../../src/core/yaml/read/parse.ts'
import { blockLines, DEFAULT_STYLE, flowText, linesOfPairs, scalarText, type FlowStyle } from '../../../../src/core/yaml/edit/serialize.ts'

function read(text: string): unknown {
  const { root } = parseYaml({ text, start: 0, end: text.length })
  return root === undefined ? undefined : new DataBuilder().build(root)
}

/** What readers of YAML make of a text: ours, which is kubectl's, and the two versions of another. */
function readings(text: string): unknown[] {
  return [read(text), ...(['1.1', '1.2'] as const).map((version) => parse(text, { version, logLevel: 'silent' }) as unknown)]
}

function thrice(value: Json): Json[] {
  return [value, value, value]
}

const STRINGS = [
  '', ' ', 'a', 'a b', ' a', 'a ', 'on', 'On', 'yes', 'NO', 'y', 'N', 'true', 'null', '~', 'Null', '0644', '0o644', '0x1F', '0b1', '12', '-1', '+1', '1.5', '1e3', '.5',
  '.inf', '.nan', '-.Inf', '12:30', '12:30:45', '190:20:30', '1_000', '2001-01-01', '2001-12-14t21:59:43.10-05:00', '=', '<<', '-', '--', '---', '...', '?', ':', '- a', '? a',
  'a:', 'a: b', 'a :b', ':a', 'a #b', '#a', 'a#b', '*a', '&a', '!a', '!!str a', '%a', '@a', '`a`', '|', '>', '[a]', '{a}', 'a,b', ', a', "'", '"', "it's", 'say "x"', `'"`, '\\', 'a\\b',
  '{{ x }}', '$(VAR)', '--flag=x', '1.2.3', '1.2.3-rc', '64Mi', '100m', '5s', '/var/log', 'example.com/a:1.0', 'http://x:80/y?z=1#w', '*.log', '--match=*', 'a\nb', 'a\nb\n', 'a\n\nb\n\n', '\na', '\n',
  ' a\nb', 'a \nb', 'a\n\tb', '\t', 'a\tb', 'a\r\nb', '\u0000', '\u0007', '\u0085', '\u00a0', '\u2028', '\ufeff', '\u{1F600}', '\u4e2d', 'über', 'x'.repeat(1000), '__proto__',
  'a ? b', 'a?', '?a', '-a', 'a-', 'a:b', 'null ', 'nullx', 'infinity', '0.', '08', '0_8', '1__', '+.5', '0x', 'e3', '1e', '-0', '00', '# a\nb', '- a\n- b\n', '---\na\n', 'a: b\n', '%YAML\n',
]

describe('scalarText', () => {
  it.each(STRINGS)('%j in a block and in brackets', (text) => {
    expect(readings(`k: ${scalarText(text)}\n`)).toEqual(thrice({ k: text }))
    expect(readings(`[${scalarText(text, true)}, ${scalarText(text, true)}]\n`)).toEqual(thrice([text, text]))
    if (text.length < 900) expect(readings(`${scalarText(text, true)}: x\n`)).toEqual(thrice({ [text]: 'x' }))
    if (text.length < 900) expect(readings(`{${scalarText(text, true)}: ${scalarText(text, true)}}\n`)).toEqual(thrice({ [text]: text }))
  })

  it.each<[Json, string]>([
    [null, 'null'], [true, 'true'], [0, '0'], [-1.5, '-1.5'], [1e21, '1e+21'], [420, '420'],
    ['on', '"on"'], ['12:30', '"12:30"'], ['0644', '"0644"'], ['app', 'app'], ['$(VAR)', '$(VAR)'], ['--flag=x', '--flag=x'],
    ['"x" y', `'"x" y'`], ['e3', '"e3"'], ["it's", `it's`], ['a\nb', '"a\\nb"'], ['{{ x }}', '"{{ x }}"'],
  ])('%j is written %s', (value, text) => {
    expect(scalarText(value)).toBe(text)
  })

  it('holds for any text', () => {
    const piece = oneof(constantFrom(...STRINGS.filter((s) => s.length < 20)), string({ maxLength: 6, unit: 'binary' }))
    assert(property(array(piece, { maxLength: 4 }), (pieces) => {
      const text = pieces.join('')
      expect(readings(`k: ${scalarText(text)}\n`)).toEqual(thrice({ k: text }))
      expect(readings(`[${scalarText(text, true)}]\n`)).toEqual(thrice([text]))
    }), { numRuns: 300 })
  })
})

const DATA: Json[] = [
  { a: 1, b: [true, null, 'on'] },
  { a: {}, b: [], c: { d: {} }, e: [[]], f: [{}] },
  [{ name: 'x', env: [{ name: 'A', value: '0644' }, { name: 'B', value: null }] }],
  [['a', ['b', 'c']], [['d']]],
  { text: 'one\ntwo\n', strip: 'one\ntwo', deep: [{ script: '# a\nb:\n  - c\n' }, 'x\ny\n'] },
  { keep: 'a\n\n', odd: ' a\nb', tab: 'a\n\tb\n', 'a: b': '- c' },
  [{ a: [{ b: [{ c: 'd\ne\n' }] }] }],
]

describe('blockLines', () => {
  const styles = [DEFAULT_STYLE, { indent: 4, dashIndent: 4, dashGap: 4 }, { indent: 1, dashIndent: 0, dashGap: 2 }, { indent: 3, dashIndent: 2, dashGap: 3 }]
  it.each(DATA.flatMap((data) => styles.map((style) => ({ data, style }))))('$data with $style', ({ data, style }) => {
    for (const column of [0, 5]) expect(readings(`${blockLines(data, column, style).join('\n')}\n`)).toEqual(thrice(data))
  })

  const folded = { ...DEFAULT_STYLE, foldedPrefix: 'f/' }
  it.each<[string, string[]]>([
    ['{"a":1}', ['  f/k: >-', '    {"a":1}']], ['a', ['  f/k: >-', '    a']], ['# a: b', ['  f/k: >-', '    # a: b']], ['---', ['  f/k: >-', '    ---']],
    ['', ['  f/k: ""']], [' a', ['  f/k: " a"']], ['a ', ['  f/k: "a "']], ['a\tb', ['  f/k: "a\\tb"']], ['\u0085', ['  f/k: "\\u0085"']], ['a\u2028b', ['  f/k: "a\\u2028b"']],
    ['a\ufeffb', ['  f/k: "a\\ufeffb"']], ['a\rb', ['  f/k: "a\\rb"']], ['a\nb', ['  f/k: |-', '    a', '    b']],
  ])('folds %j where its key says so', (text, lines) => {
    expect(linesOfPairs([['f/k', text]], 2, folded)).toEqual(lines)
    expect(linesOfPairs([['f/k', text]], 2, { ...folded, noBlockScalars: true })).toEqual([`  f/k: ${scalarText(text)}`])
  })

  it('folds text of other keys never', () => {
    const data = { f: { k: '{}' }, 'xf/k': '{}', 'f/n': 1, 'f/k': '{}' }
    expect(blockLines(data, 0, folded)).toEqual(['f:', '  k: "{}"', 'xf/k: "{}"', 'f/n: 1', 'f/k: >-', '  {}'])
    expect(blockLines(data, 0, DEFAULT_STYLE)).toEqual(['f:', '  k: "{}"', 'xf/k: "{}"', 'f/n: 1', 'f/k: "{}"'])
  })

  it('gives folded text back, whatever it is', () => {
    const check = (text: string): void => {
      for (const eol of ['\n', '\r\n']) {
        const lines = blockLines({ 'f/a': text, 'f/b': text }, 3, { ...folded, indent: 1 })
        expect(readings(lines.join(eol) + eol)).toEqual(thrice({ 'f/a': text, 'f/b': text }))
      }
    }
    STRINGS.forEach(check)
    assert(property(array(oneof(constantFrom('{', '"', '}', ' ', '#', ...STRINGS.filter((s) => s.length < 20)), string({ maxLength: 6, unit: 'binary' })), { maxLength: 4 }), (pieces) => {
      check(pieces.join(''))
      check(JSON.stringify(pieces))
    }), { numRuns: 300 })
  })

  it('lays out as asked', () => {
    const value = { a: [{ b: 'c', d: ['e'] }], f: { g: 'h' } }
    expect(blockLines(value, 0, DEFAULT_STYLE)).toEqual(['a:', '- b: c', '  d:', '  - e', 'f:', '  g: h'])
    expect(blockLines(value, 1, { indent: 4, dashIndent: 2, dashGap: 4 }))
      .toEqual([' a:', '   -   b: c', '       d:', '         -   e', ' f:', '     g: h'])
  })
})

describe('flowText', () => {
  const yaml: FlowStyle = { json: false, colon: ' ', comma: ' ', unit: undefined, eol: '\n' }
  const styles: FlowStyle[] = [yaml, { ...yaml, unit: '  ' }, { ...yaml, json: true }, { ...yaml, json: true, colon: '', comma: '' }, { ...yaml, json: true, unit: '\t', eol: '\r\n' }]
  it.each(DATA.flatMap((data) => styles.map((style) => ({ data, style }))))('$data with $style', ({ data, style }) => {
    const text = `${flowText(data, style)}\n`
    expect(style.json ? JSON.parse(text) : read(text)).toEqual(data)
    if (style.unit !== '\t') expect(readings(text)).toEqual(thrice(data))
  })

  it('writes JSON that JSON readers and kubectl read as the same', () => {
    for (const text of STRINGS) {
      const json = flowText([text], { ...yaml, json: true })
      expect([JSON.parse(json), read(json)]).toEqual([[text], [text]])
    }
  })
})
