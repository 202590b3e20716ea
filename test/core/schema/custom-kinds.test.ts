import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { customSchemas } from '../../../src/core/schema/custom-kinds.ts'
import { patternTest } from '../../../src/core/schema/pattern.ts'
import { brief, plain, schemaOf } from './schemas.ts'

function definition(spec: string, more = ''): JsonObject {
  return plain(`{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
    "spec":{"group":"example.com","scope":"Namespaced","names":{"kind":"Widget","plural":"widgets"},"versions":[
      {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"${more},
        "properties":{"spec":{"type":"object",${spec}}}}}},
      {"name":"v1alpha1","served":false,"storage":false}]}}`)
}

function check(spec: string, object: string, more = '') {
  const kinds = customSchemas(schemaOf(36), [definition(spec, more)])
  return kinds.find('example.com/v1', 'Widget')!.check(plain(object))
}

const OBJECT = (spec: string, more = '') => `{"apiVersion":"example.com/v1","kind":"Widget"${more},"spec":${spec}}`

describe('customSchemas', () => {
  it('finds kinds by group, version and kind', () => {
    const kinds = customSchemas(schemaOf(36), [definition('"properties":{}')])
    expect(kinds.find('example.com/v1', 'Widget')).toMatchObject({ plural: 'widgets', namespaced: true })
    expect(kinds.find('example.com/v2', 'Widget')).toBeUndefined()
    expect(kinds.find('example.com/v1', 'Gadget')).toBeUndefined()
    expect(brief(kinds.find('example.com/v1alpha1', 'Widget')!.check(plain('{}')))).toEqual(['API_REMOVED apiVersion'])
  })

  it.each<[string, string, string, string[]]>([
    ['an unknown field', '"properties":{"size":{"type":"integer"}}', '{"sise":1}', ['FIELD_UNKNOWN spec.sise']],
    ['kept unknown fields', '"x-kubernetes-preserve-unknown-fields":true', '{"a":{"b":1}}', []],
    [
      'an unknown field under a known one that is inside kept ones',
      '"x-kubernetes-preserve-unknown-fields":true,"properties":{"a":{"type":"object","properties":{}}}',
      '{"a":{"b":1}}',
      ['FIELD_UNKNOWN spec.a.b'],
    ],
    ['a wrong type', '"properties":{"size":{"type":"integer"}}', '{"size":"1"}', ['FIELD_TYPE spec.size']],
    ['a wrong item', '"properties":{"l":{"type":"array","items":{"type":"string"}}}', '{"l":["a",1]}', ['FIELD_TYPE spec.l[1]']],
    ['a map', '"additionalProperties":{"type":"integer"}', '{"a":1,"b/c":"x"}', ['FIELD_TYPE spec[b/c]']],
    ['a missing field', '"required":["size"],"properties":{"size":{"type":"integer"}}', '{}', ['FIELD_REQUIRED spec.size']],
    ['a missing field with a default', '"required":["size"],"properties":{"size":{"type":"integer","default":3}}', '{}', []],
    ['null where it is not allowed counts as absent', '"properties":{"size":{"type":"integer"}}', '{"size":null}', []],
    ['null in a required field', '"required":["size"],"properties":{"size":{"type":"integer"}}', '{"size":null}', ['FIELD_REQUIRED spec.size']],
    ['null where it is allowed', '"required":["size"],"properties":{"size":{"type":"integer","nullable":true}}', '{"size":null}', []],
    ['an int or string', '"properties":{"p":{"x-kubernetes-int-or-string":true}}', '{"p":"http"}', []],
    ['neither int nor string', '"properties":{"p":{"x-kubernetes-int-or-string":true}}', '{"p":true}', ['FIELD_TYPE spec.p']],
    ['an enum', '"properties":{"m":{"type":"string","enum":["A","B"]}}', '{"m":"C"}', ['FIELD_RULE spec.m']],
    ['a bound', '"properties":{"n":{"type":"integer","minimum":1}}', '{"n":0}', ['FIELD_RULE spec.n']],
    ['an exclusive bound', '"properties":{"n":{"type":"number","minimum":1,"exclusiveMinimum":true}}', '{"n":1}', ['FIELD_RULE spec.n']],
    ['a pattern', '"properties":{"n":{"type":"string","pattern":"^[a-z]+$"}}', '{"n":"A1"}', ['FIELD_RULE spec.n']],
    ['a known format', '"properties":{"n":{"type":"string","format":"ipv4"}}', '{"n":"1.2.3"}', ['FIELD_RULE spec.n']],
    ['an unknown format', '"properties":{"n":{"type":"string","format":"nonsense"}}', '{"n":"1.2.3"}', []],
    [
      'alternatives, said once',
      '"properties":{"a":{"type":"string"},"b":{"type":"string"}},"oneOf":[{"required":["a"]},{"required":["b"]}]',
      '{"a":"x","b":"y"}',
      ['FIELD_RULE spec'],
    ],
    ['rules in CEL are passed over', '"x-kubernetes-validations":[{"rule":"false"}]', '{}', []],
    ['a schema that says nothing of types', '"properties":{"x":{"x-kubernetes-preserve-unknown-fields":true}}', '{"x":[1,{}]}', []],
  ])('%s', (_name, spec, object, expected) => {
    expect(brief(check(spec, OBJECT(object)))).toEqual(expected)
  })

  it('knows the fields of every object, and checks metadata', () => {
    const findings = check('"properties":{}', OBJECT('{}', ',"metadata":{"name":"x","labels":{"a":1},"nmae":"y"},"sepc":{}'))
    expect(brief(findings)).toEqual(['FIELD_TYPE metadata.labels[a]', 'FIELD_UNKNOWN metadata.nmae', 'FIELD_UNKNOWN sepc'])
  })

  it('checks embedded resources like objects', () => {
    const spec = '"properties":{"t":{"type":"object","x-kubernetes-embedded-resource":true,"properties":{}}}'
    const findings = check(spec, OBJECT('{"t":{"apiVersion":"v1","kind":"Pod","metadata":{"x":1},"spec":{}}}'))
    expect(brief(findings)).toEqual(['FIELD_UNKNOWN spec.t.metadata.x', 'FIELD_UNKNOWN spec.t.spec'])
  })

  it('leaves the object alone', () => {
    const object = plain(OBJECT('{"a":null}'))
    const kinds = customSchemas(schemaOf(36), [definition('"properties":{"a":{"type":"string","default":"x"}}')])
    kinds.find('example.com/v1', 'Widget')!.check(object)
    expect(JSON.stringify(object)).toBe(OBJECT('{"a":null}'))
  })

  it('warns of a schema that cannot be used', () => {
    expect(brief(check('"properties":{"a":{"type":"nonsense"}}', OBJECT('{}')))).toEqual(['CRD_SCHEMA kind'])
  })

  it('passes over definitions that are none', () => {
    const kinds = customSchemas(schemaOf(36), [plain('{"spec":{"names":{}}}'), plain('{}'), plain('{"spec":{"names":{},"versions":[1]}}')])
    expect(kinds.find('undefined/undefined', 'undefined')).toBeUndefined()
  })
})

describe('patternTest', () => {
  it.each<[string, string, boolean]>([
    ['^a+$', 'aaa', true],
    ['^a+$', 'b', false],
    ['(?i)^abc$', 'ABC', true],
    ['^\\_$', '_', true],
    ['(', 'anything', true],
    ['^(a+)+$', 'aab', false],
    ['^(a+)+$', `${'a'.repeat(60)}b`, true],
    ['^(a|a)*$', `${'a'.repeat(60)}b`, true],
    ['^((a)|(b*))*$', `${'a'.repeat(60)}c`, true],
    ['^[(a+)+]$', 'q', false],
  ])('%s on %s', (pattern, text, expected) => {
    expect(patternTest(pattern).test(text)).toBe(expected)
  })
})
