import { parseAllDocuments } from 'yaml'
import { describe, expect, it } from 'vitest'
import { joinStreams } from '../../../src/core/text/join.ts'
import { folder } from '../../cli/fake.ts'
import { HAS_KUBECTL, readByKubectl } from '../../kubectl.ts'

function map(name: string, data?: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${data === undefined ? '' : `data:\n  k: ${data}\n`}`
}

function json(name: string, k = ''): string {
  return `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "${name}"}, "data": {"k": "${k}"}}`
}

const crlf = (text: string): string => text.replaceAll('\n', '\r\n')

/** Texts of files, the joined stream, and the names kubectl and a YAML reader must find in it. */
const CASES: { name: string; texts: string[]; joined: string; names: string[] }[] = [
  { name: 'one file as it is', texts: [json('a')], joined: json('a'), names: ['a'] },
  { name: 'two plain files', texts: [map('a'), map('b')], joined: `${map('a')}---\n${map('b')}`, names: ['a', 'b'] },
  { name: 'no final newline', texts: [map('a').trim(), map('b').trim()], joined: `${map('a')}---\n${map('b').trim()}`, names: ['a', 'b'] },
  { name: 'CRLF', texts: [crlf(map('a')).trim(), crlf(map('b'))], joined: crlf(`${map('a')}---\n${map('b')}`), names: ['a', 'b'] },
  { name: 'own marker', texts: [`---\n${map('a')}`, `---\n${map('b')}`], joined: `---\n${map('a')}---\n${map('b')}`, names: ['a', 'b'] },
  { name: 'marker after comments', texts: [map('a'), `# x\n\n--- # y\n${map('b')}`], joined: `${map('a')}# x\n\n--- # y\n${map('b')}`, names: ['a', 'b'] },
  { name: 'comments before content', texts: [map('a'), `# x\n${map('b')}`], joined: `${map('a')}---\n# x\n${map('b')}`, names: ['a', 'b'] },
  { name: 'ends with a marker', texts: [`${map('a')}---\n`, map('b')], joined: `${map('a')}---\n${map('b')}`, names: ['a', 'b'] },
  { name: 'ends with a marker and comments', texts: [`${map('a')}--- # x\n# y\n`, map('b')], joined: `${map('a')}--- # x\n# y\n${map('b')}`, names: ['a', 'b'] },
  { name: 'ends with dots', texts: [`${map('a')}...\n`, map('b')], joined: `${map('a')}...\n---\n${map('b')}`, names: ['a', 'b'] },
  { name: 'a directive', texts: [map('a'), `%YAML 1.1\n---\n${map('b')}`], joined: `${map('a')}...\n%YAML 1.1\n---\n${map('b')}`, names: ['a', 'b'] },
  { name: 'a directive after dots', texts: [`${map('a')}...\n`, `%YAML 1.1\n---\n${map('b')}`], joined: `${map('a')}...\n%YAML 1.1\n---\n${map('b')}`, names: ['a', 'b'] },
  { name: 'empty files', texts: ['', map('a'), '\n', ' \r\n', map('b')], joined: `${map('a')}---\n${map('b')}`, names: ['a', 'b'] },
  { name: 'only empty files', texts: ['', ''], joined: '', names: [] },
  { name: 'comment file first', texts: ['# x\n', map('a')], joined: `# x\n${map('a')}`, names: ['a'] },
  { name: 'comment file between', texts: [map('a'), '# x', map('b')], joined: `${map('a')}# x\n---\n${map('b')}`, names: ['a', 'b'] },
  { name: 'comment file last', texts: [map('a'), '# x\n'], joined: `${map('a')}# x\n`, names: ['a'] },
  { name: 'indented comment after a block scalar', texts: [map('a', '|\n    text'), `    # x\n${map('b')}`], joined: `${map('a', '|\n    text')}---\n    # x\n${map('b')}`, names: ['a', 'b'] },
  { name: 'JSON after YAML', texts: [map('a'), json('b')], joined: `${map('a')}---\n${json('b')}`, names: ['a', 'b'] },
  { name: 'JSON first', texts: [json('a'), map('b')], joined: `---\n${json('a')}\n---\n${map('b')}`, names: ['a', 'b'] },
  { name: 'all JSON', texts: [`${json('a')}\n`, `\n${json('b')}`], joined: `---\n${json('a')}\n---\n\n${json('b')}`, names: ['a', 'b'] },
  { name: 'JSON with tabs', texts: [map('a'), json('b').replaceAll(', ', ',\n\t')], joined: `${map('a')}---\n${json('b').replaceAll(', ', ',\n\t')}`, names: ['a', 'b'] },
  { name: 'a stream of JSON objects', texts: [`${json('a', '}{')}${json('b')}\n`, map('c')], joined: `---\n${json('a', '}{')}\n---\n${json('b')}\n---\n${map('c')}`, names: ['a', 'b', 'c'] },
  { name: 'JSON escapes that YAML has not', texts: [map('a'), json('b', '\\ud83d\\ude00\\/\\\\/\\\\ud83d')], joined: `${map('a')}---\n${json('b', '\u{1F600}/\\\\/\\\\ud83d')}`, names: ['a', 'b'] },
  { name: 'JSON characters that YAML has not', texts: [map('a'), json('b', '\u007F\u2028\\ud83d')], joined: `${map('a')}---\n${json('b', '\\u007f\\u2028\\ufffd')}`, names: ['a', 'b'] },
  { name: 'flow YAML is no JSON', texts: [map('a'), '{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}'], joined: `${map('a')}---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}`, names: ['a', 'b'] },
]

interface Named {
  metadata?: { name?: string }
}

interface Read {
  errors: unknown
  names: (string | undefined)[]
}

function readByYaml(stream: string): Read {
  const documents = parseAllDocuments<never>(stream)
  const list = Array.isArray(documents) ? documents : []
  const objects = list.map((document) => document.toJS() as Named | null)
  const names = objects.filter((value) => value !== null).map((value) => value.metadata?.name)
  return { errors: list.flatMap((document) => document.errors), names }
}

/** What kubectl reads of the streams of all cases in one run: the end of each is known by an object after it. */
function readAllByKubectl(): Read[] {
  const { objects, failed } = readByKubectl(CASES.flatMap(({ texts }) => [joinStreams(texts), map('end')]), folder())
  const names = objects.map((object) => (object as Named).metadata?.name)
  return CASES.map((_, n) => ({ errors: failed.get(2 * n) ?? '', names: names.splice(0, names.indexOf('end') + 1).slice(0, -1) }))
}
let read: Read[] | undefined

describe('joinStreams', () => {
  it.each(CASES)('$name', ({ texts, joined }) => {
    expect(joinStreams(texts)).toBe(joined)
  })

  it.each(CASES)('$name: read by a YAML reader', ({ texts, names }) => {
    expect(readByYaml(joinStreams(texts))).toEqual({ errors: [], names })
  })

  it.skipIf(!HAS_KUBECTL).each(CASES.map(({ name, names }, n) => ({ name, names, n })))(
    '$name: read by kubectl (skipped without kubectl)',
    ({ names, n }) => {
      read ??= readAllByKubectl()
      expect(read[n]).toEqual({ errors: '', names })
    },
  )
})
