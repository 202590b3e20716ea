import { describe, expect, it } from 'vitest'
import { KNOWN_KINDS } from '../../../src/core/inject/read-input.ts'
import { neighbourProblems } from '../../../src/core/inject/neighbours.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { put } from './run.ts'

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n'
const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'

const ROWS: [string, string, string[]][] = [
  ['text that is no YAML', `${MAP}data:\n  a: b: c\n`, ['YAML_SYNTAX 6']],
  ['an unrendered template', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n', ['TEMPLATE_TEXT 5']],
  ['an unrendered block', `{{- if .Values.x }}\n${MAP}{{- end }}\n`, ['TEMPLATE_TEXT 2']],
  ['text behind a separator', `--- text\n${MAP}`, ['YAML_SYNTAX 2']],
  ['no apiVersion', 'kind: ConfigMap\nmetadata: {name: a}\n', ['DOCUMENT_NO_KIND 2']],
  ['text behind the end', `${MAP}...\na: b\n`, ['DOCUMENT_IGNORED 6']],
  ['an unknown alias', `${MAP}data: *a\n`, ['YAML_ALIAS 5']],
  ['an open bracket', `${MAP}data: [a\n`, ['YAML_SYNTAX 5']],
  ['text in quotes', `${MAP}data: {a: "{{ b }}"}\n`, []],
  ['a duplicate key', `${MAP}data: {a: b, a: c}\n`, []],
  ['nothing', '# nothing\n', []],
  ['null', 'null\n', []],
]

describe('documents beside those of workloads', () => {
  it.each(ROWS)('%s', (_, text, found) => {
    const source = new SourceText('a.yaml', `${text.startsWith('---') ? '' : '---\n'}${text}---\n${POD}`)
    const problems = neighbourProblems(source, KNOWN_KINDS)
    expect(problems.map(({ code, at }) => `${code} ${at?.source.position(at.range.start).line}`)).toEqual(
      text.startsWith('---') ? found.map((one) => one.replace(' 2', ' 1')) : found)
  })

  it('what was read for workloads is not read again', () => {
    expect(neighbourProblems(new SourceText('a.yaml', `${POD}a: b: c\n`), KNOWN_KINDS)).toEqual([])
  })
})

describe('an input without workloads', () => {
  const said = async (text: string) => (await put(text, { sidecars: ['logging'] })).diagnostics
    .map(({ code, severity, at }) => `${severity} ${code} ${at?.source.position(at.range.start).line}`)

  it.each([
    ['that cannot be read is a note', `${MAP}data:\n  a: b: c\n`, ['info YAML_SYNTAX 5']],
    ['with several errors is one note', `${MAP}data:\n  a: b: c\n---\n${MAP}data: [a\n`, ['info YAML_SYNTAX 5']],
    ['that can be read is none', `${MAP}data: {a: b}\n`, []],
    ['of some length is not read for it', `${MAP}data:\n  a: b: c\n# ${'x'.repeat(300_000)}\n`, []],
    ['with a workload has its errors', `${MAP}data:\n  a: b: c\n---\n${POD}`, ['error YAML_SYNTAX 5']],
  ])('%s', async (_, text, found) => {
    expect(await said(text)).toEqual(found)
  })
})
