import { embeddedResourceFindings } from '../../../src/core/validate/embedded-resources.ts'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { customSchemas } from '../../../src/core/schema/custom-kinds.ts'
import { brief, plain, schemaOf } from './schemas.ts'

function definition(spec: string, more = ''): JsonObject {
  return plain(`{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
    "spec":{"group":"example.com","scope":"Namespaced","names":{"kind":"Widget","plural":"widgets"},"versions":[
      {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"${more},
        "properties":{"spec":{"type":"object",${spec}}}}}},
      {"name":"v1alpha1","served":false,"storage":false}]}}`)
}

function check(spec: string, object: string, more = '') {
  const kinds = customSchemas(schemaOf(36), [definition(spec, more)], CHECKS)
  return kinds.find('example.com/v1', 'Widget')!.check(plain(object))
}

const OBJECT = (spec: string, more = '') => `{"apiVersion":"example.com/v1","kind":"Widget"${more},"spec":${spec}}`

const CHECKS = { embeddedResources: embeddedResourceFindings }

describe('customSchemas', () => {
  it('finds kinds by group, version and kind', () => {
    const kinds = customSchemas(schemaOf(36), [definition('"properties":{}')], CHECKS)
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
    const kinds = customSchemas(schemaOf(36), [definition('"properties":{"a":{"type":"string","default":"x"}}')], CHECKS)
    kinds.find('example.com/v1', 'Widget')!.check(object)
    expect(JSON.stringify(object)).toBe(OBJECT('{"a":null}'))
  })

  it('passes over definitions that are none', () => {
    const kinds = customSchemas(schemaOf(36), [plain('{"spec":{"names":{}}}'), plain('{}'), plain('{"spec":{"names":{},"versions":[1]}}')])
    expect(kinds.find('undefined/undefined', 'undefined')).toBeUndefined()
  })
})

const ONE = (schema: string) => `"properties":{"a":${schema}}`
const PATTERN = (pattern: string) => ONE(`{"type":"string","pattern":${JSON.stringify(pattern)}}`)

describe('patterns', () => {
  it('each property has its own', () => {
    const spec = '"properties":{"a":{"type":"string","pattern":"^a$"},"b":{"type":"string","pattern":"^b$"}}'
    expect(brief(check(spec, OBJECT('{"a":"a","b":"b"}')))).toEqual([])
    expect(brief(check(spec, OBJECT('{"a":"b","b":"a"}')))).toEqual(['FIELD_RULE spec.a', 'FIELD_RULE spec.b'])
  })

  it.each<[string, string, boolean]>([
    ['a+', 'bab', true],
    ['^a+$', 'b', false],
    ['(?i)^abc$', 'ABC', true],
    ['^a(?i)bc$', 'aBC', true],
    ['\\Aab\\z', 'ab', true],
    ['\\Aab\\z', 'ab\n', false],
    ['^[[:alpha:]]+$', 'abc', true],
    ['^[[:alpha:]]+$', 'a1', false],
    ['^(?P<x>a)$', 'a', true],
    ['^\\_$', '_', true],
    ['(', 'anything', true],
    ['^(a+)+$', `${'a'.repeat(10_000)}b`, false],
    ['^(a|a|a)*b$', 'a'.repeat(10_000), false],
    ['^a*a*a*a*a*a*a*a*b$', 'a'.repeat(10_000), false],
  ])('%s on %s', (pattern, text, expected) => {
    expect(brief(check(PATTERN(pattern), OBJECT(JSON.stringify({ a: text }))))).toEqual(expected ? [] : ['FIELD_RULE spec.a'])
  })
})

describe('hostile schemas', () => {
  it('come to an end', () => {
    const pattern = (i: number): object => ({ pattern: `^(a|b|c|d${i})*(a|b|c)*x$` })
    const spec = ONE(JSON.stringify({ type: 'array', items: { type: 'string', anyOf: Array.from({ length: 3000 }, (_, i) => pattern(i)) } }))
    const text = JSON.stringify({ a: Array.from({ length: 100 }, () => 'ab'.repeat(5000)) })
    const start = performance.now()
    expect(brief(check(spec, OBJECT(text)))).toEqual(['RULE_NOT_CHECKED '])
    expect(performance.now() - start).toBeLessThan(20_000)
  })
})

describe('unknown fields', () => {
  it.each<[string, string, string, string[]]>([
    ['preserved on a list reaches its items', '{"type":"array","x-kubernetes-preserve-unknown-fields":true,"items":{"type":"object","properties":{"b":{"type":"object","properties":{}}}}}', '[{"x":1,"b":{"y":1}}]', ['FIELD_UNKNOWN spec.a[0].b.y']],
    ['preserved on a list of lists', '{"type":"array","x-kubernetes-preserve-unknown-fields":true,"items":{"type":"array","items":{"type":"object"}}}', '[[{"x":1}]]', []],
    ['of values that may be anything', '{"type":"object","additionalProperties":true}', '{"b":1,"c":{"x":1}}', ['FIELD_UNKNOWN spec.a.c.x']],
    ['with a null', '{"type":"object","properties":{}}', '{"x":null}', ['FIELD_UNKNOWN spec.a.x']],
    ['beside additionalProperties: false', '{"type":"object","additionalProperties":false}', '{"x":1}', ['FIELD_RULE spec.a.x']],
    ['in an embedded resource that preserves them', '{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}', '{"apiVersion":"v1","kind":"Pod","spec":{}}', []],
  ])('%s', (_name, schema, value, expected) => {
    expect(brief(check(ONE(schema), OBJECT(`{"a":${value}}`)))).toEqual(expected)
  })

  it('in a status, which is not validated where it is a subresource', () => {
    const version = '"status":{"type":"object","properties":{"n":{"type":"integer"}}}'
    const crd = definition('"properties":{}')
    const v1 = ((crd['spec'] as JsonObject)['versions'] as JsonObject[])[0] as JsonObject
    const schema = plain(`{"type":"object","properties":{"spec":{"type":"object"},${version}}}`)
    v1['schema'] = { openAPIV3Schema: schema }
    const run = () => brief(customSchemas(schemaOf(36), [crd], CHECKS).find('example.com/v1', 'Widget')!.check(plain('{"apiVersion":"example.com/v1","kind":"Widget","status":{"n":"x","m":1}}')))
    expect(run()).toEqual(['FIELD_UNKNOWN status.m', 'FIELD_TYPE status.n'])
    v1['subresources'] = plain('{"status":{}}')
    expect(run()).toEqual(['FIELD_UNKNOWN status.m'])
  })
})

describe('lists by their type', () => {
  const MAP = '{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["n","p"],"items":{"type":"object","properties":{"n":{"type":"string"},"p":{"type":"integer","default":1}}}}'
  it.each<[string, string, string, string[]]>([
    ['a set', '{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}}', '["a","b","a","a"]', ['FIELD_RULE spec.a[2]']],
    ['a set of integers and text', '{"type":"array","x-kubernetes-list-type":"set","items":{"x-kubernetes-int-or-string":true}}', '["1",1]', []],
    ['an atomic list', '{"type":"array","x-kubernetes-list-type":"atomic","items":{"type":"string"}}', '["a","a"]', []],
    ['a map by its keys', MAP, '[{"n":"a","p":2},{"n":"a","p":3}]', []],
    ['a map with a default', MAP, '[{"n":"a"},{"n":"a","p":1}]', ['FIELD_RULE spec.a[1]']],
    ['a map in a map of maps', `{"type":"object","additionalProperties":${MAP}}`, '{"x":[{"n":"a"},{"n":"a"}]}', ['FIELD_RULE spec.a.x[1]']],
  ])('%s', (_name, schema, value, expected) => {
    expect(brief(check(ONE(schema), OBJECT(`{"a":${value}}`)))).toEqual(expected)
  })
})

describe('values', () => {
  it.each<[string, string, string, string[]]>([
    ['an enum of objects', '{"type":"object","properties":{"x":{"type":"string"}},"enum":[{"x":"1"}]}', '{"x":"2"}', ['FIELD_RULE spec.a']],
    ['null in an enum', '{"type":"string","nullable":true,"enum":["x"]}', 'null', ['FIELD_RULE spec.a']],
    ['null in a list', '{"type":"array","items":{"type":"string"}}', '[null]', ['FIELD_TYPE spec.a[0]']],
    ['null in a list of nullable items', '{"type":"array","items":{"type":"string","nullable":true}}', '[null]', []],
    ['null in a list with a default', '{"type":"array","items":{"type":"string","default":"x"}}', '[null]', []],
    ['a list for text with a format, as the server takes it', '{"type":"string","format":"date"}', '[1]', []],
    ['a list for text with an unknown format', '{"type":"string","format":"nonsense"}', '[1]', ['FIELD_TYPE spec.a']],
    ['a whole number for a number', '{"type":"number"}', '1', []],
    ['a fraction for an integer', '{"type":"integer"}', '1.5', ['FIELD_TYPE spec.a']],
    ['an integer past int64', '{"type":"integer"}', '1e300', ['FIELD_TYPE spec.a']],
    ['the largest int64', '{"type":"integer","format":"int64"}', '9223372036854775807', []],
    ['an int32', '{"type":"integer","format":"int32"}', '2147483648', ['FIELD_RULE spec.a']],
    ['length in characters, not bytes', '{"type":"string","maxLength":2}', '"\u{1f600}\u{1f600}"', []],
    ['too long', '{"type":"string","maxLength":2}', '"abc"', ['FIELD_RULE spec.a']],
    ['a nested default counts for required', '{"type":"object","default":{},"required":["x"],"properties":{"x":{"type":"string","default":"d"}}}', 'null', []],
    ['an integer against a bound with a fraction', '{"type":"integer","minimum":0.5}', '3', ['FIELD_RULE spec.a']],
    ['a fraction in an enum of integers', '{"type":"number","enum":[1,2]}', '1.5', []],
    ['a fraction past an enum of integers', '{"type":"number","enum":[1,2]}', '3.5', ['FIELD_RULE spec.a']],
    ['an integer in an enum of fractions', '{"type":"number","enum":[1.5]}', '1', ['FIELD_RULE spec.a']],
    ['a code point in an enum of text', '{"x-kubernetes-int-or-string":true,"enum":["A"]}', '65', []],
    ['no code point in an enum of text', '{"x-kubernetes-int-or-string":true,"enum":["A"]}', '-1', ['FIELD_RULE spec.a']],
    ['a multiple that rounding makes too large', '{"type":"number","multipleOf":0.1}', '1.1', []],
    ['a multiple that rounding makes too small', '{"type":"number","multipleOf":0.01}', '4.02', ['FIELD_RULE spec.a']],
    ['a multiple but for a little', '{"type":"number","multipleOf":0.1}', '1.10001', ['FIELD_RULE spec.a']],
    ['not', '{"type":"string","not":{"enum":["x"]}}', '"x"', ['FIELD_RULE spec.a']],
    ['allOf', '{"type":"string","allOf":[{"minLength":2},{"maxLength":3}]}', '"a"', ['FIELD_RULE spec.a']],
    ['anyOf', '{"type":"string","anyOf":[{"minLength":2},{"enum":["x"]}]}', '"x"', []],
    ['oneOf with two that fit', '{"type":"string","oneOf":[{"minLength":1},{"maxLength":3}]}', '"a"', ['FIELD_RULE spec.a']],
  ])('%s', (_name, schema, value, expected) => {
    expect(brief(check(ONE(schema), OBJECT(`{"a":${value}}`)))).toEqual(expected)
  })

  it('numbers had no formats, and whole numbers no bounds with fractions, before 1.36', () => {
    const kinds = customSchemas(schemaOf(35), [definition('"properties":{"a":{"type":"integer","format":"int32","minimum":0.5}}')], CHECKS)
    const find = (value: string) => brief(kinds.find('example.com/v1', 'Widget')!.check(plain(OBJECT(`{"a":${value}}`))))
    expect(find('2147483648')).toEqual([])
    expect(find('0')).toEqual([])
    expect(find('-1')).toEqual(['FIELD_RULE spec.a'])
  })
})

describe('formats', () => {
  it.each<[format: string, good: string[], bad: string[]]>([
    ['date-time', ['2024-02-29T01:02:03Z', '2024-01-01t00:00:00.5+01:00'], ['2023-02-29T01:02:03Z', '2024-01-01', '2024-01-01T24:00:00Z', '2024-01-01T00:00:00']],
    ['datetime', ['2024-01-01T00:00:00Z'], ['x']],
    ['date', ['2024-02-29', '2000-01-01'], ['2023-02-29', '2024-13-01', '24-01-01']],
    ['duration', ['1h30m', '-1.5h', '0', '5 min', '2 weeks', 'about 3 days'], ['', 'x', '5', '5x']],
    ['uri', ['https://a.example/b?c#d', '/x', 'urn:x', 'http://[::1]:80/', '*', 'HTTP://a/b c', 'http://[fe80::1%25a%20b]/'], ['', 'a', 'http://a b/', 'http://x/%zz', ':x', 'http://a:b/', 'http://[a]/', 'http://a[::1]/']],
    ['email', ['a@b', 'A B <a.b@c.d>', '"a b"@c', '"A, B" <a@b>', '<a@b>'], ['a@b <c@d>', 'A, B <a@b>', 'a', '@b', 'a@', 'a b@c', 'a..b@c']],
    ['hostname', ['a', 'a-b', 'a.example', '1.example.com'], ['a-b-c', 'a_b', 'a.', '-a.example', 'a.b1']],
    ['ipv4', ['1.2.3.4', '01.2.3.4', '::ffff:1.2.3.4'], ['1.2.3', '::1', '256.1.1.1']],
    ['ipv6', ['::1', '2001:db8::1'], ['1.2.3.4', ':::', 'fe80::1%eth0']],
    ['cidr', ['10.0.0.0/8', '10.0.0.1/8', '::/0'], ['10.0.0.0', '10.0.0.0/33']],
    ['mac', ['01:23:45:67:89:ab', '0123.4567.89AB', '01-23-45-67-89-ab-cd-ef'], ['01:23:45:67:89', '01:23-45:67:89:ab']],
    ['uuid', ['123e4567-e89b-12d3-a456-426614174000', '123E4567E89B12D3A456426614174000'], ['123']],
    ['uuid4', ['123e4567-e89b-42d3-a456-426614174000'], ['123e4567-e89b-12d3-a456-426614174000']],
    ['byte', ['aGk=', 'YWJj'], ['', 'aGk', 'a-_=']],
    ['hexcolor', ['#fff', 'FFFFFF'], ['#ffff']],
    ['rgbcolor', ['rgb( 1, 2,255)'], ['rgb(1,2)', 'rgb(1,2,256)']],
    ['isbn', ['0321751043', '978-0321751041'], ['0321751044']],
    ['creditcard', ['4111 1111 1111 1111'], ['4111 1111 1111 1112']],
    ['ssn', ['123-45-6789'], ['123456789']],
    ['bsonobjectid', ['507f1f77bcf86cd799439011'], ['507f']],
    ['password', ['anything'], []],
    ['k8s-short-name', ['a-b'], ['a.b', 'A', 'a'.repeat(64)]],
    ['k8s-long-name', ['a.b-c'], ['a..b', 'A']],
    ['nonsense', ['anything'], []],
  ])('%s', (format, good, bad) => {
    const found = (text: string) => check(ONE(`{"type":"string","format":"${format}"}`), OBJECT(JSON.stringify({ a: text }))).length === 0
    expect(good.filter((text) => !found(text))).toEqual([])
    expect(bad.filter(found)).toEqual([])
  })

  it('of URLs allow one colon only in hosts of HTTP from 1.36', () => {
    const found = (text: string, minor: number) => customSchemas(schemaOf(minor), [definition(ONE('{"type":"string","format":"uri"}'))], CHECKS).find('example.com/v1', 'Widget')!.check(plain(OBJECT(JSON.stringify({ a: text })))).length
    expect([found('http://a:1:2/', 35), found('http://a:1:2/', 36), found('mongodb://a:1,b:2/', 36)]).toEqual([0, 1, 0])
  })

  it('of names are validated from 1.35', () => {
    const kinds = customSchemas(schemaOf(34), [definition(ONE('{"type":"string","format":"k8s-short-name"}'))], CHECKS)
    expect(kinds.find('example.com/v1', 'Widget')!.check(plain(OBJECT('{"a":"A"}')))).toEqual([])
  })

  it('cost no more than a moment on a long text', () => {
    const text = JSON.stringify({ a: `${'1 '.repeat(200_000)}${'9'.repeat(400_000)}` })
    const start = performance.now()
    for (const format of ['duration', 'email', 'uri', 'hostname', 'rgbcolor', 'byte', 'isbn', 'creditcard', 'mac']) check(ONE(`{"type":"string","format":"${format}"}`), OBJECT(text))
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('resources', () => {
  const EMBEDDED = ONE('{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}')
  it.each<[string, string, string[]]>([
    ['complete', '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"A_b"}}', []],
    ['without apiVersion and kind', '{}', ['FIELD_REQUIRED spec.a.apiVersion', 'FIELD_REQUIRED spec.a.kind']],
    ['with wrong ones', '{"apiVersion":"a/b/c","kind":"a b"}', ['FIELD_RULE spec.a.apiVersion', 'FIELD_RULE spec.a.kind']],
    ['of wrong types', '{"apiVersion":1,"kind":"a"}', ['FIELD_TYPE spec.a.apiVersion']],
    ['with metadata', '{"apiVersion":"v1","kind":"a","metadata":{"name":"a/b","labels":{"a b":"c"}}}', ['METADATA_NAME spec.a.metadata.name', 'METADATA_LABEL spec.a.metadata.labels']],
  ])('embedded, %s', (_name, value, expected) => {
    expect(brief(check(EMBEDDED, OBJECT(`{"a":${value}}`)))).toEqual(expected)
  })

  it('with a scale subresource have whole replicas', () => {
    const crd = definition('"properties":{"n":{"x-kubernetes-preserve-unknown-fields":true}}')
    const v1 = ((crd['spec'] as JsonObject)['versions'] as JsonObject[])[0] as JsonObject
    v1['subresources'] = plain('{"scale":{"specReplicasPath":".spec.n","statusReplicasPath":".status.n"}}')
    const find = (value: string) => brief(customSchemas(schemaOf(36), [crd], CHECKS).find('example.com/v1', 'Widget')!.check(plain(OBJECT(`{"n":${value}}`))))
    expect(['1', '-1', '2147483648', '"1"'].map(find)).toEqual([[], ['FIELD_RULE spec.n'], ['FIELD_RULE spec.n'], ['FIELD_TYPE spec.n']])
  })
})

describe('definitions', () => {
  const define = (schema: string) => brief(customSchemas(schemaOf(36), [], CHECKS).checkDefinition(definition(ONE(schema))))
    .map((line) => line.replace('spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.a', ''))
  const embedded = (properties: string, more = '') => `{"type":"object","x-kubernetes-embedded-resource":true,"properties":{${properties}}${more}}`
  const deflt = (value: string) => embedded('"spec":{"type":"object"}', `,"default":${value}`)

  it.each<[string, string, string[]]>([
    ['an unknown keyword in items', '{"type":"array","items":{"type":"string","x":1}}', []],
    ['a wrong type in items', '{"type":"array","items":{"type":"string","maxLength":"1"}}', ['FIELD_TYPE .items.maxLength']],
    ['a wrong type in the values of a map', '{"type":"object","additionalProperties":{"type":"object","properties":{"b":{"type":1}}}}', ['FIELD_TYPE .additionalProperties.properties.b.type']],
    ['a wrong type in items of items', '{"type":"array","items":{"type":"array","items":{"type":"string","enum":{}}}}', ['FIELD_TYPE .items.items.enum']],
    ['a map of text', '{"type":"object","additionalProperties":"string"}', ['FIELD_TYPE .additionalProperties']],
    ['a wrong default', '{"type":"string","default":1}', ['CRD_FIELD .default']],
    ['a default with an unknown field', '{"type":"object","properties":{},"default":{"b":1}}', ['CRD_FIELD .default']],
    ['a wrong default in the values of a map', '{"type":"object","additionalProperties":{"type":"object","properties":{"b":{"type":"string","default":1}}}}', []],
    ['a wrong default in items', '{"type":"array","items":{"type":"object","properties":{"b":{"type":"string","default":1}}}}', ['CRD_FIELD .items.properties.b.default']],
    ['an embedded default', deflt('{"apiVersion":"v1","kind":"Pod"}'), []],
    ['an embedded default without a kind', deflt('{"apiVersion":"v1"}'), ['CRD_FIELD .default']],
    ['an embedded default with an unknown field of metadata', deflt('{"apiVersion":"v1","kind":"Pod","metadata":{"x":1}}'), []],
    ['an embedded default with a wrong label', deflt('{"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"a":1}}}'), ['CRD_FIELD .default']],
    ['a default of an embedded name', embedded('"metadata":{"type":"object","properties":{"name":{"type":"string","default":"b"}}}'), []],
    ['a wrong default of an embedded name', embedded('"metadata":{"type":"object","properties":{"name":{"type":"string","default":"b/c"}}}'), ['CRD_FIELD .properties.metadata.properties.name.default']],
    ['a wrong default of embedded labels', embedded('"metadata":{"type":"object","properties":{"labels":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"default":{"b":1}}}}'), ['CRD_FIELD .properties.metadata.properties.labels[default]']],
    ['a wrong default of an embedded kind', embedded('"kind":{"type":"string","default":"a b"}'), ['CRD_FIELD .properties.kind.default']],
  ])('with %s', (_name, schema, expected) => {
    expect(define(schema)).toEqual(expected)
  })

  it.each<[string, string[]]>([
    ['{}', ['CRD_FIELD spec.versions[0].schema.openAPIV3Schema.default']],
    ['{"apiVersion":"a/v1","kind":"A","spec":{}}', []],
    ['{"apiVersion":"a/v1","kind":"A","x":{}}', ['CRD_FIELD spec.versions[0].schema.openAPIV3Schema.default']],
  ])('with the default %s at the root', (value, expected) => {
    const found = customSchemas(schemaOf(36), [], CHECKS).checkDefinition(definition('"properties":{}', `,"default":${value}`))
    expect(brief(found)).toEqual(expected)
  })
})
