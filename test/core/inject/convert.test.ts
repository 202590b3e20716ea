import { describe, expect, it } from 'vitest'
import { conversionErrors, toJson, toYaml } from '../../../src/core/inject/convert.ts'
import type { FileResult } from '../../../src/core/inject/result.ts'
import { SourceText } from '../../../src/core/text/source.ts'

const file = (text: string): FileResult => ({ source: new SourceText('a.yaml', text), output: text, workloads: [] })

/** Codes with line and column. */
function errors(text: string): string[] {
  return conversionErrors([file(text)]).map(({ code, at }) => {
    const { line, column } = at!.source.position(at!.range.start)
    return `${line}:${column} ${code}`
  })
}

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n'

describe('what cannot be converted', () => {
  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['comments and empty documents', `# a\n---\n~\n---\n${CONFIG}`, []],
    ['a broken document', `${CONFIG}data: [\n---\n${CONFIG}`, ['6:1 YAML_SYNTAX']],
    ['base64 that is none', `${CONFIG}data: {a: !!binary x}\n`, ['5:20 YAML_SYNTAX']],
    ['a list', `${CONFIG}---\n- a\n`, ['6:1 DOCUMENT_NOT_OBJECT']],
    ['a scalar', 'a\n', ['1:1 DOCUMENT_NOT_OBJECT']],
    ['a map that is no object', 'a: b\n', ['1:1 DOCUMENT_NO_KIND']],
    ['text behind ---', `${CONFIG}--- x\n${CONFIG}`, ['5:1 YAML_SYNTAX']],
    ['text behind JSON', '{"apiVersion":"v1","kind":"ConfigMap"}\nx\n', ['2:1 YAML_SYNTAX']],
    ['a directive', `%YAML 1.1\n---\n${CONFIG}`, ['1:1 YAML_SYNTAX']],
  ])('%s', (_name, text, expected) => {
    expect(errors(text)).toEqual(expected)
  })
})

describe('integers beyond 2^53', () => {
  const json = '{"apiVersion":"v1","kind":"X","spec":{"a":9007199254740993,"b":[-9223372036854775808],"c":18446744073709551615,"d":1.5,"e":123}}'

  it('are exact in JSON made of YAML, behind aliases and merges, too', () => {
    const text = 'apiVersion: v1\nkind: X\na: &a 0x20000000000001\nb: *a\nc: &m {d: 9007199254740995}\ne: {<<: *m, f: -9007199254740993}\ng: [9_007_199_254_740_993, 1e3]\n'
    const made = toJson([file(text)])
    expect([...made.matchAll(/-?\d{5,}/g)].map(([digits]) => digits)).toEqual([
      '9007199254740993', '9007199254740993', '9007199254740995', '9007199254740995', '-9007199254740993', '9007199254740993',
    ])
    expect(JSON.parse(made)).toMatchObject({ g: [9007199254740992, 1000] })
  })

  it('are exact in JSON made of JSON', () => {
    expect(toJson([file(json)]).replaceAll(/\s/g, '')).toBe(json)
  })

  it('are exact in YAML made of JSON', () => {
    expect(toYaml(file(json))).toBe('apiVersion: v1\nkind: X\nspec:\n  a: 9007199254740993\n  b:\n  - -9223372036854775808\n  c: 18446744073709551615\n  d: 1.5\n  e: 123\n')
  })

  it('are not confused with text that looks like them', () => {
    expect(toJson([file(`${CONFIG}data: {a: "9007199254740993"}\n`)])).toContain('"a": "9007199254740993"')
  })

  it('leaves odd keys as they are', () => {
    expect(toJson([file('apiVersion: v1\nkind: X\n__proto__: {constructor: 9007199254740993}\nx: "\\u2028"\n')]))
      .toBe('{\n    "apiVersion": "v1",\n    "kind": "X",\n    "__proto__": {\n        "constructor": 9007199254740993\n    },\n    "x": "\\u2028"\n}\n')
  })
})
