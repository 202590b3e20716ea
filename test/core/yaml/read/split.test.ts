import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../../src/core/text/source.ts'
import { readRawDocument, splitDocuments } from '../../../../src/core/yaml/read/split.ts'

function rawDocuments(text: string): string[] {
  return splitDocuments(new SourceText('a', text)).map((c) => text.slice(c.start, c.end))
}

describe('splitDocuments', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', ['']],
    ['one', 'a: 1\n', ['a: 1\n']],
    ['two', 'a: 1\n---\nb: 2\n', ['a: 1\n', 'b: 2\n']],
    ['a marker first', '---\na: 1\n', ['a: 1\n']],
    ['comments are a document', '# c\n---\na: 1\n', ['# c\n', 'a: 1\n']],
    ['empty ones count', 'a: 1\n---\n---\nb: 2\n---\n', ['a: 1\n', '', 'b: 2\n', '']],
    ['CR LF', 'a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', 'b: 2\r\n']],
    ['no final newline', 'a: 1\n---', ['a: 1\n', '']],
    ['a marker cuts a block scalar', 'a: |\n  b\n---\nc: d\n', ['a: |\n  b\n', 'c: d\n']],
    ['a longer line of dashes', 'a: 1\n-----\nb: 2\n', ['a: 1\n', 'b: 2\n']],
    ['an indented marker is text', 'a: |\n ---\n', ['a: |\n ---\n']],
    ['a lone CR begins no line', 'a: 1\r---\rb: 2', ['a: 1\r---\rb: 2']],
    ['nor does LINE SEPARATOR', 'a: 1\u2028---\n', ['a: 1\u2028---\n']],
    ['a directive goes with its document', '%YAML 1.1\n---\na: 1\n', ['%YAML 1.1\n---\na: 1\n']],
    ['a banner of many hashes', `${'#'.repeat(80)}\n# a # b\n${'%'.repeat(80)}\na: 1\n---\nb: 2\n`, [`${'#'.repeat(80)}\n# a # b\n${'%'.repeat(80)}\na: 1\n`, 'b: 2\n']],
    ['dots are no separator', 'a: 1\n...\nb: 2\n', ['a: 1\n...\nb: 2\n']],
  ])('%s', (_, text, expected) => {
    expect(rawDocuments(text)).toEqual(expected)
  })

  it.each<[string, boolean]>([
    ['---\na: 1', false], ['--- # c\na: 1', false], ['---\t\na: 1', false], ['--- a: 1', true], ['b: 2\n--- |\n c', true], ['b: 2\n---- \na: 1', true],
    ['b: 2\n---#c\na: 1', false], ['---#c\na: 1', true], ['b: 2\n---\n---#c\na: 1', true],
  ])('%j has text behind its marker: %s', (text, bad) => {
    expect(splitDocuments(new SourceText('a', text)).some((c) => c.badSeparator !== undefined)).toBe(bad)
  })
})

function read(text: string): ReturnType<typeof readRawDocument> {
  return splitDocuments(new SourceText('a', text)).flatMap(readRawDocument)
}

describe('readChunk', () => {
  it.each<[string, string, unknown[]]>([
    ['JSON', '{"a": 1}', [{ a: 1 }]],
    ['a stream of JSON', '{"a": 1}\n{"b": 2} {"c": 3}', [{ a: 1 }, { b: 2 }, { c: 3 }]],
    ['flow YAML', '{a: 1}', [{ a: 1 }]],
    ['YAML after JSON', '{"a": 1}\n# c\nb: 2\n---\nc: 3\n', [{ a: 1 }, { b: 2 }, { c: 3 }]],
    ['flow YAML after JSON', '{"a": 1}{b: 2}', [{ a: 1 }, { b: 2 }]],
    ['a comment after JSON', '{"a": 1}\n# c\n', [{ a: 1 }]],
    ['YAML after JSON and a byte order mark', '{"a": 1}\n\ufeff\ufeffb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['flow YAML after a no-break space', '\u00a0{"a": 1}', [{ a: 1 }]],
    ['two byte order marks', '\ufeff\ufeffa: 1', [{ a: 1 }]],
    ['JSON escapes that YAML has not', '{"a": "\\ud83d\\ude00\\/"}', [{ a: '\u{1F600}/' }]],
    ['a long key in JSON', `{"${'k'.repeat(2000)}": 1}`, [{ ['k'.repeat(2000)]: 1 }]],
    ['an empty document', '# c\n', [undefined]],
    ['what follows dots is not read', 'a: 1\n...\n[', [{ a: 1 }]],
    ['own keys of any name', '__proto__: 1\nconstructor: 2\n', [{ ['__proto__']: 1, constructor: 2 }]],
  ])('%s', (_, text, data) => {
    const found = read(text).map((doc) => ('root' in doc ? doc.data : doc.error.message))
    expect(found.map((value) => JSON.stringify(value))).toEqual(data.map((value) => JSON.stringify(value)))
  })

  // Verdicts of apimachinery's YAMLOrJSONDecoder, version 1.36.
  it.each<[string, string | undefined]>([
    ['{"a": 1}\n#c\n', undefined], ['{"a": 1} ', undefined], ['{"a": 1}\n...\n', undefined],
    ['{"a": 1}\n#\n', '#'], ['{"a": 1}\u00a0\n', '\u00a0'], ['{"a": 1}...', '...'], ['{"a": 1}--- b: 2', '--- b: 2'],
    ['{"a": 1}\n"b": 2\n', '"b": 2'], ['{"a": 1}\n1: 2\n', '1: 2'], ['{"a": 1}{"b": 2}\n# c\n', '# c'], ['{"a": 1}{"b": 2}\n...\n', '...'], ['{"a": 1}{"b": 2}b: 2', 'b: 2'],
  ])('%j has text behind JSON that is rejected: %j', (text, rejected) => {
    const ignored = read(text).flatMap((doc) => ('ignored' in doc && doc.ignored !== undefined ? [text.slice(doc.ignored.start, doc.ignored.end)] : []))
    expect(ignored).toEqual(rejected === undefined ? [] : [rejected])
  })

  it('numbers the documents of a stream', () => {
    expect(read('{"a": 1}{"b": 2}').map((doc) => doc.index)).toEqual([0, 1])
  })

  it.each<[string, number, string]>([
    ['a: [1', 3, 'syntax'], ['a: *b', 3, 'alias'], ['a: &b [*b]', 7, 'alias'], ['? [a]\n: b', 2, 'unsupported'], ['a: .inf', 3, 'unsupported'], ['~: a', 0, 'unsupported'],
    ['{"a": 1e400}', 6, 'unsupported'], ['a: b\n\tc: d', 5, 'syntax'], ['a: "b', 3, 'syntax'],
  ])('%j is refused at %i for its %s', (text, offset, trouble) => {
    expect(read(text)).toMatchObject([{ error: { offset, trouble } }])
  })

  it('does not go deeper than it should', () => {
    for (const text of ['['.repeat(50_000), '{a: '.repeat(50_000), '- '.repeat(50_000), '{"a":'.repeat(50_000), '? '.repeat(50_000)]) {
      expect(read(text)).toMatchObject([{ error: { trouble: 'depth' } }])
    }
  })
})
