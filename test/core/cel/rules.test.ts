import { describe, expect, it } from 'vitest'
import * as cel from '../../../src/core/cel/support.ts'
import { formatJsonPath, type JsonObject } from '../../../src/core/json/json.ts'
import { customSchemas } from '../../../src/core/schema/custom-kinds.ts'
import { plain, schemaOf } from '../schema/schemas.ts'

function crd(spec: object): JsonObject {
  return plain(JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition',
    spec: {
      group: 'example.com', scope: 'Namespaced', names: { kind: 'Widget', plural: 'widgets' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec } } } }],
    },
  }))
}

/** `CODE path: message` for each finding in an object. */
function check(spec: object, value: unknown): string[] {
  const kinds = customSchemas(schemaOf(36), [crd(spec)], { cel })
  const object = plain(JSON.stringify({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a' }, spec: value }))
  return kinds.find('example.com/v1', 'Widget')!.check(object).map(({ code, path, message }) => `${code} ${formatJsonPath(path)}: ${message}`)
}

/** `path: message` for each finding in a definition. */
function define(spec: object, minor = 36): string[] {
  const definition = crd(spec)
  const found = customSchemas(schemaOf(minor), [], { cel }).checkDefinition(definition)
  return found.map(({ path, message }) => `${formatJsonPath(path.slice(5))}: ${message}`)
}

const size = { type: 'object', properties: { min: { type: 'integer' }, max: { type: 'integer' }, name: { type: 'string' } } }
const withRule = (rule: object, schema: object = size) => ({ ...schema, 'x-kubernetes-validations': [rule] })

describe('rules in an object', () => {
  it.each<[string, object, unknown, string[]]>([
    ['met', { rule: 'self.min <= self.max' }, { min: 1, max: 2 }, []],
    ['not met', { rule: 'self.min <= self.max' }, { min: 3, max: 2 }, ['FIELD_RULE spec: Invalid value: failed rule: self.min <= self.max']],
    ['with a message', { rule: 'self.min <= self.max', message: ' min over max ' }, { min: 3, max: 2 }, ['FIELD_RULE spec: Invalid value: min over max']],
    ['with an expression for the message', { rule: 'self.min <= self.max', message: 'x', messageExpression: "'at most ' + string(self.max)" }, { min: 3, max: 2 }, ['FIELD_RULE spec: Invalid value: at most 2']],
    ['with an expression that fails', { rule: 'self.min <= self.max', message: 'x', messageExpression: 'self.name' }, { min: 3, max: 2 }, ['FIELD_RULE spec: Invalid value: x']],
    ['with an expression for a message of 5 KiB', { rule: 'false', message: 'x', messageExpression: `'${'é'.repeat(2560)}'` }, {}, [`FIELD_RULE spec: Invalid value: ${'é'.repeat(2560)}`]],
    ['with an expression for a message of more bytes', { rule: 'false', message: 'x', messageExpression: `'${'é'.repeat(2561)}'` }, {}, ['FIELD_RULE spec: Invalid value: x']],
    ['at a field', { rule: 'false', fieldPath: '.min', reason: 'FieldValueForbidden', message: 'no' }, {}, ['FIELD_RULE spec.min: Forbidden: no']],
    ['for a required field', { rule: 'has(self.name)', fieldPath: '.name', reason: 'FieldValueRequired', message: 'give a name' }, {}, ['FIELD_REQUIRED spec.name: Required value: give a name']],
    ['that fails', { rule: 'self.min > 0' }, {}, ['FIELD_RULE spec: Invalid value: "object": no such key: min evaluating rule: self.min > 0']],
    ['about a URL with several colons', { rule: "isURL('http://a:1:2/')", message: 'no' }, {}, ['FIELD_RULE spec: Invalid value: no']],
    ['about a change', { rule: 'self.min == oldSelf.min' }, { min: 1 }, []],
    ['about a change or none', { rule: 'oldSelf.hasValue()', optionalOldSelf: true, message: 'new' }, { min: 1 }, ['FIELD_RULE spec: Invalid value: new']],
    ['that cannot be evaluated', { rule: 'unknownFunction(self.min)' }, { min: 1 }, ['RULE_NOT_CHECKED spec: a rule in CEL was not checked, as the function unknownFunction is not known: unknownFunction(self.min)']],
    ['left out where the object is broken', { rule: 'false' }, { min: 'x' }, ['FIELD_TYPE spec.min: expected integer, got string "x"']],
  ])('%s', (_name, rule, value, expected) => {
    expect(check(withRule(rule), value)).toEqual(expected)
  })

  it('show a plain value', () => {
    const schema = { type: 'object', properties: { s: { type: 'string', 'x-kubernetes-validations': [{ rule: "self != 'x'", message: 'not x' }] } } }
    expect(check(schema, { s: 'x' })).toEqual(['FIELD_RULE spec.s: Invalid value: "x": not x'])
  })

  it('are found in items, in values of maps and at the root', () => {
    const item = withRule({ rule: "self.name != ''", message: 'name' }, { type: 'object', properties: { name: { type: 'string' } } })
    const schema = { type: 'object', properties: { list: { type: 'array', items: item }, map: { type: 'object', additionalProperties: item } } }
    expect(check(schema, { list: [{ name: 'a' }, { name: '' }], map: { k: { name: '' } } })).toEqual([
      'FIELD_RULE spec.list[1]: Invalid value: name', 'FIELD_RULE spec.map.k: Invalid value: name',
    ])
  })

  it('see defaults, and the name of the object', () => {
    const definition = crd({ type: 'object', default: {}, properties: { n: { type: 'integer', default: 5 } } })
    const version = ((definition['spec'] as JsonObject)['versions'] as JsonObject[])[0] as JsonObject
    const root = (version['schema'] as JsonObject)['openAPIV3Schema'] as JsonObject
    root['x-kubernetes-validations'] = [plain(`{"rule":"self.spec.n == 5 && self.metadata.name == 'a' && self.kind == 'Widget'"}`)]
    const object = plain('{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"}}')
    expect(customSchemas(schemaOf(36), [definition], { cel }).find('example.com/v1', 'Widget')!.check(object)).toEqual([])
  })

  it('end in time however many objects there are', () => {
    const slow = withRule({ rule: `${Array.from({ length: 10 }, (_, i) => `lists.range(1000).all(x${i}, `).join('')}true${')'.repeat(10)}` })
    const kinds = customSchemas(schemaOf(36), [crd(slow)], { cel })
    const object = plain('{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"},"spec":{}}')
    // The time of the processor, as others may use it too.
    const start = process.cpuUsage()
    const found = Array.from({ length: 200 }, () => kinds.find('example.com/v1', 'Widget')!.check(object))
    expect(found.every(([one]) => one?.code === 'RULE_NOT_CHECKED')).toBe(true)
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(15_000)
  })
})

describe('rules in a definition', () => {
  const at = (index: number, field = 'rule') => `properties.spec.x-kubernetes-validations[${index}].${field}`
  it.each<[string, object, string[]]>([
    ['good', { rule: "self.min < 3 && self.name.startsWith('a') && has(self.max)" }, []],
    ['no CEL', { rule: 'self ===' }, ['rule']],
    ['a field that is not there', { rule: 'self.c == 1' }, ['rule']],
    ['has of a field that is not there', { rule: 'has(self.c)' }, ['rule']],
    ['an unknown name', { rule: 'object.min == 1' }, ['rule']],
    ['an unknown function', { rule: 'self.name.nothing()' }, ['rule']],
    ['types that do not go together', { rule: "self.min == 'x'" }, ['rule']],
    ['no bool', { rule: 'self.min' }, ['rule']],
    ['a bool of no bool', { rule: 'self.min && true' }, ['rule']],
    ['text of a number', { rule: "self.min.startsWith('a')" }, ['rule']],
    ['a message that is no text', { rule: 'true', messageExpression: 'self.min' }, ['messageExpression']],
    ['optionalOldSelf without oldSelf', { rule: 'true', optionalOldSelf: true }, ['optionalOldSelf']],
    ['oldSelf', { rule: 'self == oldSelf' }, []],
    ['a format of values of several types', { rule: 'true', messageExpression: "'%s is %d, not %s'.format([self.name, self.min, true])" }, []],
    ['a format of too many values', { rule: 'true', messageExpression: "'%s%%'.format([self.name, self.min])" }, ['messageExpression']],
    ['a format of too few values', { rule: 'true', messageExpression: "'%s %s'.format([self.name])" }, ['messageExpression']],
    ['a format of a text as a number', { rule: 'true', messageExpression: "'%d'.format([self.name])" }, ['messageExpression']],
    ['a format of what is no text', { rule: 'true', messageExpression: "'%s'.format([[quantity('1')]])" }, ['messageExpression']],
    ['a format of all kinds', { rule: 'true', messageExpression: "'%s %s %d %.2f %e %b %x %X %o'.format([[1], {'a': null}, 1u, 1.5, 1.5, true, 'a', 1, 1])" }, []],
    ['a list of several types', { rule: "['a', 1].size() == 2" }, ['rule']],
    ['a list of texts and of what is not known', { rule: "['a', dyn('b')].size() == 2" }, ['rule']],
    ['functions of optionals', { rule: "strings.quote(self.name) != '' && optional.unwrap([self.?name]).size() == 1 && [self.?min].unwrapOpt().first().hasValue()" }, []],
    ['existsOne with one name', { rule: "[1].existsOne(x, x == 1)" }, ['rule']],
    ['exists_one with two names', { rule: '[1].exists_one(i, x, x == 1)' }, []],
    ['one name twice', { rule: '[1].all(x, x, x == 1)' }, ['rule']],
    ['one name twice for a map', { rule: "{'a': 1}.transformMap(x, x, x) == {}" }, ['rule']],
    ["the name of a macro's result", { rule: '[1].all(__result__, __result__ == 1)' }, ['rule']],
    ["the name of a macro's result beside another", { rule: '[1].exists(i, __result__, i == 0)' }, ['rule']],
    ['a global function as a member', { rule: "quantity('1').sign() == 1" }, ['rule']],
    ['a result of no known type', { rule: 'dyn(self.min)' }, ['rule']],
    ['null for a number', { rule: 'self.min == null' }, ['rule']],
    ['an index of another type', { rule: "['a'][self.name] == 'a'" }, ['rule']],
    ['a field of a list', { rule: '[self].min == 1' }, ['rule']],
    ['a double for an int', { rule: 'self.min == 1.0' }, ['rule']],
    ['a double and an int that are compared', { rule: 'self.min > 1.0' }, []],
    ['a duration that is none', { rule: "duration('x') > duration('1s')" }, ['rule']],
    ['a time that is none', { rule: "timestamp('x') > timestamp('2020-01-01T00:00:00Z')" }, ['rule']],
    ['a pattern that is none', { rule: "self.name.matches('(')" }, ['rule']],
    ['as many characters as an expression may have', { rule: `self.name != '${'\u{1f600}'.repeat(99_985)}'` }, []],
    ['one more', { rule: `self.name != '${'\u{1f600}'.repeat(99_986)}'` }, ['rule']],
    ['a number that is none', { rule: "self.min == int('abc')" }, ['rule']],
    ['a number that is none in a branch that is never taken', { rule: "true || [{'a': self.min < int('1' + 'x')}, {'a': has(self.name) && self.min < int(dyn('1x'))}].size() == 1" }, ['rule']],
    ['a number that is computed', { rule: "self.min == int('a' + 'b')" }, []],
    ['a message of a number that is none', { rule: 'true', messageExpression: "string(int('abc'))" }, ['messageExpression']],
    ['conversions that are possible', { rule: "self.min == int('5') && uint(2.9) == 2u && bool('T') && double('1e3') == 1e3 && string(dyn(1)) == '1'" }, []],
    ['a conversion of bytes that is not decided here', { rule: "string(b'a') == 'a'" }, []],
    ['a pattern to find that is none', { rule: "self.name.find('(') == ''" }, ['rule']],
    ['a pattern to find all that is none', { rule: "self.name.findAll('(', 1).size() == 0" }, ['rule']],
    ['a pattern that is converted', { rule: "matches(self.name, string('('))" }, ['rule']],
    ['the name of a type', { rule: 'type(self.min) == int && type(timestamp(self.name)) == google.protobuf.Timestamp' }, []],
  ])('%s', (_name, rule, fields) => {
    expect(define(withRule(rule)).map((line) => line.split(':')[0])).toEqual(fields.map((field) => at(0, field)))
  })

  it('oldSelf cannot be told in items of a list', () => {
    const items = withRule({ rule: 'self == oldSelf' })
    expect(define({ type: 'object', properties: { l: { type: 'array', items } } })).toHaveLength(1)
    expect(define({ type: 'object', properties: { l: { type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] } } })).toEqual([])
  })

  it('functions came with versions', () => {
    const since = (rule: string, minor: number): void => {
      expect([minor - 1, minor].map((one) => define(withRule({ rule }), one).length)).toEqual([1, 0])
    }
    since("format.uuid().validate('a').hasValue()", 32)
    since('[1].all(i, x, x > i)', 33)
    since('[1].first().hasValue()', 33)
    since('isSemver(self.name)', 34)
    since('[1].sort() == [1]', 35)
    since('[1].sortBy(x, x) == [1]', 35)
  })
})

describe('rules for a default', () => {
  const at = 'properties.spec.default'
  it.each<[string, object, unknown, string[]]>([
    ['met', { rule: 'self.min > 0' }, { min: 1 }, []],
    ['not met', { rule: 'self.min > 0' }, { min: 0 }, [`${at}: Invalid value: Invalid value: failed rule: self.min > 0`]],
    ['at a field', { rule: 'false', fieldPath: '.min', message: 'no' }, {}, [`${at}: Invalid value: min: Invalid value: no`]],
    ['about a change, met', { rule: 'self == oldSelf' }, { min: 1 }, []],
    ['about a change, not met', { rule: 'self.min > oldSelf.min', message: 'no' }, { min: 1 }, [`${at}: Invalid value: Invalid value: no`]],
    ['about a change or none, not met by a change', { rule: '!oldSelf.hasValue()', optionalOldSelf: true, message: 'no' }, { min: 1 }, [`${at}: Invalid value: Invalid value: no`]],
    ['about a change or none, not met by none', { rule: 'oldSelf.hasValue()', optionalOldSelf: true, message: 'no' }, { min: 1 }, [`${at}: Invalid value: Invalid value: no`]],
    ['about a change or none, met', { rule: 'oldSelf.orValue(self) == self', optionalOldSelf: true }, { min: 1 }, []],
  ])('%s', (_name, rule, value, expected) => {
    expect(define({ ...withRule(rule), default: value })).toEqual(expected)
  })

  it('see no defaults of its fields', () => {
    const fields = { type: 'object', properties: { min: { type: 'integer', default: 1 } } }
    expect(define({ ...withRule({ rule: 'has(self.min)', message: 'min' }, fields), default: {} })).toEqual([`${at}: Invalid value: Invalid value: min`])
  })
})

describe('definitions', () => {
  it.each<[string, object, string[]]>([
    ['a pattern', { type: 'string', pattern: '^(?i)a\\z' }, []],
    ['no pattern', { type: 'string', pattern: '(a' }, ['properties.spec.pattern: Invalid value: "(a": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(a`']],
    ['a pattern in an alternative', { type: 'string', anyOf: [{ pattern: '(?=a)' }] }, ['properties.spec.anyOf[0].pattern: ']],
    ['a default', { type: 'object', properties: { n: { type: 'integer', default: 3, minimum: 1 } } }, []],
    ['a default of another type', { type: 'object', properties: { n: { type: 'integer', default: 'x' } } }, ['properties.spec.properties.n.default: Invalid value: expected integer, got string "x"']],
    ['a default out of bounds', { type: 'object', properties: { n: { type: 'integer', default: 0, minimum: 1 } } }, ['properties.spec.properties.n.default: ']],
    ['a default with unknown fields', { type: 'object', properties: { o: { type: 'object', default: { x: 1 }, properties: {} } } }, ['properties.spec.properties.o.default: Invalid value: must not have unknown fields']],
    ['a default with what it lacks as default', { type: 'object', properties: { o: { type: 'object', default: { x: 'a' }, properties: { x: { type: 'string' } } } } }, []],
  ])('%s', (_name, spec, expected) => {
    const found = define(spec)
    expect(found.map((line, i) => line.slice(0, expected[i]?.length))).toEqual(expected)
  })
})

describe('fields', () => {
  const resource = (metadata: object, rule: string) => ({
    'x-kubernetes-embedded-resource': true, type: 'object', 'x-kubernetes-validations': [{ rule }],
    properties: { kind: { type: 'string' }, apiVersion: { type: 'string' }, metadata: { type: 'object', properties: metadata }, if: { type: 'string' }, port: { type: 'integer' } },
  })
  const NAMES = { name: { type: 'string' }, generateName: { type: 'string' } }
  const value = { kind: 'A', apiVersion: 'v1', metadata: { name: 'a', namespace: 'b' }, if: 'c' }

  it.each<[string, object, string, string[]]>([
    ['named by reserved words', { ...NAMES, namespace: { type: 'string' } }, "self.if == 'c' && self.__if__ == 'c' && self.metadata.namespace == 'b'", []],
    ['of metadata that a schema has whole', { ...NAMES, namespace: { type: 'string' } }, 'has(self.metadata.namespace)', []],
    ['of metadata that a schema has in part', { name: { type: 'string' }, namespace: { type: 'string' } }, 'has(self.metadata.namespace)', ["undefined field 'namespace'"]],
  ])('%s', (_name, metadata, rule, faults) => {
    const schema = resource(metadata, rule)
    expect(define(schema).map((line) => line.replace(/.*compilation failed: /, ''))).toEqual(faults)
    expect(check(schema, value)).toEqual(faults.length === 0 ? [] : [`FIELD_RULE spec: Invalid value: failed rule: ${rule}`])
  })

  it('could not be named by reserved words before 1.32', () => {
    expect(define(resource(NAMES, "self.if == 'c'"), 31).map((line) => line.replace(/.*compilation failed: /, ''))).toEqual(["undefined field 'if'"])
  })
})
