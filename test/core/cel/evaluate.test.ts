import { describe, expect, it } from 'vitest'
import { Evaluator } from '../../../src/core/cel/evaluate.ts'
import { parseCel } from '../../../src/core/cel/parse.ts'
import { toCel } from '../../../src/core/cel/schema-value.ts'
import { Budget, CelError, CelNotChecked } from '../../../src/core/cel/values.ts'
import { patternCompiler } from '../../../src/core/common/re2.ts'
import { SchemaNode } from '../../../src/core/schema/custom/schema-node.ts'

const SELF = new SchemaNode({
  type: 'object',
  properties: {
    name: { type: 'string' }, n: { type: 'integer' }, f: { type: 'number' }, missing: { type: 'string' }, none: { type: 'string', nullable: true },
    list: { type: 'array', items: { type: 'integer' } }, set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    byName: {
      type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', properties: { name: { type: 'string' }, v: { type: 'integer' } } },
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } }, namespace: { type: 'string' }, 'a-b.c/d__e': { type: 'string' },
    nothing: { type: 'array', items: { type: 'number' } }, never: { type: 'array', items: { type: 'string', format: 'duration' } }, data: { type: 'string', format: 'byte' },
    open: { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    any: { type: 'array', items: { type: 'object', properties: { v: { 'x-kubernetes-preserve-unknown-fields': true } } } },
    port: { 'x-kubernetes-int-or-string': true }, when: { type: 'string', format: 'date-time' }, wait: { type: 'string', format: 'duration' },
  },
})
const DATA = {
  name: 'web', n: 3, f: 2, none: null, list: [3, 1, 2], set: ['a', 'b'], byName: [{ name: 'x', v: 1 }, { name: 'y', v: 2 }],
  nothing: [], never: [], data: 'AP-_', open: [{ a: 1 }, { a: 2 }, { a: 2 }, { b: 1 }], any: [{ v: 1 }, { v: { a: 1, b: 2 } }, { v: { b: 2, a: 1 } }],
  labels: { app: 'web', 'a.b/c': 'd' }, namespace: 'ns', 'a-b.c/d__e': 'odd', port: 'http', when: '2024-02-29T10:20:30.5Z', wait: '90m',
}

/** The value of an expression as JSON, or `error: ...` or `not checked: ...`. */
function value(text: string, steps = 1_000_000): unknown {
  const expression = parseCel(text)
  if ('kind' in expression) return `${expression.kind}: ${expression.message}`
  const budget = new Budget(steps)
  try {
    const result = new Evaluator({ budget, compilePattern: patternCompiler() }).run(expression.expr, new Map([['self', toCel(DATA, SELF, true, budget)]]))
    return typeof result === 'bigint' ? Number(result) : result
  } catch (error) {
    if (error instanceof CelError) return `error: ${error.message}`
    if (error instanceof CelNotChecked) return `not checked: ${error.message}`
    throw error
  }
}

describe('expressions that are true', () => {
  it.each([
    // Values of a schema
    "self.name == 'web'", 'self.n + 1 == 4', 'self.f / 2.0 == 1.0', "self.__namespace__ == 'ns'", "self.a__dash__b__dot__c__slash__d__underscores__e == 'odd'",
    '!has(self.missing)', '!has(self.none)', 'has(self.name)', "self.labels['a.b/c'] == 'd'", "'app' in self.labels", "self.labels.all(k, k.size() > 2)",
    "type(self.port) == string", "self.set == ['b', 'a']", "self.byName == [{'name': 'y', 'v': 2}, {'name': 'x', 'v': 1}]", "(self.set + ['b', 'c']).size() == 3",
    "(self.byName + [{'name': 'x', 'v': 9}]).size() == 2", "self.when.getFullYear() == 2024", "self.when < timestamp('2024-03-01T00:00:00Z')",
    "self.wait == duration('1h30m')", 'self.wait.getMinutes() == 90', "self.size() == 18",
    "self.namespace == 'ns'", 'has(self.namespace)', "self.data == b'\\x00\\xff\\xbf'", 'self.nothing.sum() + 1.5 == 1.5', "self.never.sum() == duration('0s')", '[].sum() == 0',
    'self.open[0] != self.open[1]', 'self.open[1] == self.open[2]', 'self.open[0] == self.open[3]', 'self.any[0] != self.any[1]', 'self.any[1] == self.any[2]',
    // Errors beside what decides
    'self.missing == "x" || true', 'true || self.missing == "x"', '!(self.missing == "x" && false)', 'self.list.exists(x, 1 / (x - 3) == 0 || x == 1)',
    // Macros
    'self.list.all(x, x > 0)', 'self.list.exists(x, x == 2)', 'self.list.exists_one(x, x > 2)', 'self.list.map(x, x * 2) == [6, 2, 4]',
    'self.list.map(x, x > 1, x * 2) == [6, 4]', 'self.list.filter(x, x != 3) == [1, 2]', 'self.list.all(i, x, x == self.list[i])',
    "self.labels.exists(k, v, k == 'app' && v == 'web')", 'self.list.transformList(i, x, i + x) == [3, 2, 4]', "self.labels.transformMap(k, v, v.size())['app'] == 3",
    '[].all(x, false)', '![].exists(x, true)', 'self.list.exists_one(i, x, i > 0 && x > 1)', 'self.list.existsOne(i, x, x == 3)', '!self.list.exists_one(i, x, x > 1)',
    "self.labels.transformMapEntry(k, v, {v: k})['web'] == 'app'", "self.labels.transformMapEntry(k, v, k == 'app', {v: k, 'all': v}) == {'web': 'app', 'all': 'web'}",
    // Numbers
    '1 == 1.0 || true', 'dyn(1) == dyn(1.0)', '1 < 1.5', '7 / 2 == 3', '-7 % 3 == -1', '1u + 2u == 3u', "int('42') == 42", 'int(2.9) == 2', "double('1.5') == 1.5",
    'string(1.0) == "1"', 'string(1000000.0) == "1e+06"', 'string(0.1) == "0.1"', '[1, 2] + [3] == [1, 2, 3]', "dyn(1) != dyn('1')", '{1: "a"}[1] == "a"',
    // Texts
    "'abc'.contains('b')", "'abc'.startsWith('a')", "'abc'.endsWith('c')", "'abc'.matches('^[a-c]+$')", "matches('abc', 'b')", "'a,b'.split(',') == ['a', 'b']",
    "'a,b,c'.split(',', 2) == ['a', 'b,c']", "['a', 'b'].join('-') == 'a-b'", "'abc'.indexOf('c') == 2", "'abcb'.lastIndexOf('b') == 3", "'abc'.substring(1) == 'bc'",
    "'abc'.substring(0, 1) == 'a'", "'abc'.charAt(3) == ''", "'aBc'.lowerAscii() == 'abc'", "'aBc'.upperAscii() == 'ABC'", "' a '.trim() == 'a'", "'aaa'.replace('a', 'b', 2) == 'bba'",
    "size('\u{1f600}') == 1", "'\u{1f600}b'.indexOf('b') == 1", "'%s has %d'.format(['a', 1]) == 'a has 1'", "'ab12'.find('[0-9]+') == '12'", "'1a2b3'.findAll('[0-9]') == ['1', '2', '3']",
    "'1a2'.findAll('[0-9]', 1) == ['1']", "'a\\tb'.size() == 3", "r'\\d' == '\\\\d'",
    // Lists
    '[1, 2].isSorted()', '![2, 1].isSorted()', '[1, 2].sum() == 3', '[3, 1].min() == 1', '[3, 1].max() == 3', '[1, 2, 1].indexOf(1) == 0', '[1, 2, 1].lastIndexOf(1) == 2',
    '[1, 1].distinct() == [1]', '[[1], [2]].flatten() == [1, 2]', '[1, 2].reverse() == [2, 1]', '[1, 2, 3].slice(1, 2) == [2]', '[2, 1].sort() == [1, 2]',
    '[{"a": 2}, {"a": 1}].sortBy(x, x.a)[0].a == 1', 'lists.range(3) == [0, 1, 2]', 'sets.contains([1, 2], [1])', 'sets.equivalent([1, 2], [2, 1, 1])', 'sets.intersects([1], [1, 2])',
    // Optional values
    "self.?missing.orValue('x') == 'x'", "self.labels[?'app'].hasValue()", "!self.labels[?'no'].hasValue()", "self.?name.optMap(x, x + '!').value() == 'web!'",
    "optional.none().or(optional.of(1)).value() == 1", "self.?labels.?app.orValue('') == 'web'", "self.?labels.app.orValue('') == 'web'", 'self.list[?9].orValue(0) == 0',
    // Kubernetes
    "quantity('1Gi').isGreaterThan(quantity('1G'))", "quantity('500m').add(quantity('0.5')) == quantity('1')", "quantity('1k').asInteger() == 1000", "isQuantity('1Mi')", "!isQuantity('1Zi')",
    "quantity('2').sub(1).compareTo(quantity('1')) == 0", "ip('10.0.0.1').family() == 4", "isIP('::1')", "!isIP('010.0.0.1')", "ip('127.0.0.1').isLoopback()", "ip.isCanonical('2001:db8::1')",
    "!ip.isCanonical('2001:DB8::1')", "cidr('10.0.0.0/8').containsIP('10.1.2.3')", "cidr('10.0.0.0/8').containsCIDR(cidr('10.1.0.0/16'))", "!cidr('10.0.0.0/8').containsIP('11.0.0.1')",
    "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')", "cidr('10.0.0.0/8').prefixLength() == 8", "string(ip('2001:db8:0:0::1')) == '2001:db8::1'", "url('https://a.example:8443/p?q=1&q=2').getPort() == '8443'",
    "url('https://[::1]:80/').getHostname() == '::1'", "url('https://a/p?q=1&q=2').getQuery()['q'] == ['1', '2']", "url('/p').getScheme() == ''", "isURL('https://a/b')", "!isURL('a b')",
    "!format.dns1123Label().validate('a-b').hasValue()", "format.dns1123Label().validate('A').hasValue()", "!format.named('nope').hasValue()", "semver('1.2.3').isLessThan(semver('1.10.0'))",
    "semver('1.0.0-a').isLessThan(semver('1.0.0'))", "semver('v1.2', true).minor() == 2", "isSemver('1.0.0')", "!isSemver('v1.0.0')",
    // Times
    "duration('1h') + duration('1m') == duration('61m')", "timestamp('2024-01-01T00:00:00Z') + duration('24h') == timestamp('2024-01-02T00:00:00Z')", "string(duration('1.5s')) == '1.5s'",
    "timestamp('2024-01-01T00:00:00Z').getDayOfWeek() == 1", "timestamp('2024-01-01T00:00:00Z').getHours('+02:00') == 2", "string(timestamp('2024-01-01T00:00:00.5Z')) == '2024-01-01T00:00:00.5Z'",
    "int(duration('1s')) == 1000000000", `duration('${'1s'.repeat(100)}') == duration('100s')`, "duration('0.3333333333333333333h') == duration('20m')", "int(duration('-9223372036854775808ns')) == -9223372036854775808", '-9223372036854775808 < -0x7fffffffffffffff', "b'\\303\\251' == bytes('\u00e9')",
    "int('-0000000000000000000012') == -12", "uint('0000000000000000000000012') == 12u", "timestamp(253402300799) == timestamp('9999-12-31T23:59:59Z')",
    "timestamp('2024-01-01T00:00:00Z').getHours('Europe/Berlin') == 1", "timestamp('2024-07-01T00:00:00Z').getHours('Europe/Berlin') == 2", "timestamp('2009-02-13T02:00:00Z').getMinutes('America/St_Johns') == 30",
    "timestamp('2024-01-01T00:30:00Z').getHours('-1:30') == 23", "timestamp('2024-01-01T00:00:00Z').getDayOfYear('US/Central') == 364",
    "string(timestamp('2024-01-01T00:30:00.50+01:30')) == '2024-01-01T00:30:00.5+01:30'", "string(timestamp('2024-01-01T00:00:00-08:00') + duration('1h')) == '2024-01-01T01:00:00-08:00'",
    "timestamp('2024-01-01T01:00:00+01:00') == timestamp('2024-01-01T00:00:00Z')", "!optional.ofNonZeroValue(timestamp('0001-01-01T00:00:00Z')).hasValue()",
    "url('https://a/b c/%7e[d]').getEscapedPath() == '/b%20c/~%5Bd%5D'", "url('https://a/%7e[d]').getEscapedPath() == '/%7e[d]'", "url('https://a/\u00e9').getEscapedPath() == '/%C3%A9'",
    // Bytes, doubles and optional entries
    "string(b'\\303\\251') == '\u00e9'", "b'\u00e9' == b'\\xc3\\xa9'", "'\ufeffa\u0085'.trim() == '\ufeffa'", "double('-inf') < 0.0", "dyn(9223372036854775807) >= 9223372036854775808.0",
    '[?optional.of(1), ?self.?missing, ?optional.of(2)].size() == 2', "{?'a': self.?name, ?'b': self.?missing} == {'a': 'web'}", '.5 + .5e1 == 5.5',
    'type(1) == int', "type(duration('1s')) == google.protobuf.Duration", "b'a' == bytes('a')",
  ])('%s', (text) => {
    expect(value(text)).toBe(true)
  })
})

describe('expressions that fail as they do in Kubernetes', () => {
  it.each([
    ['self.missing', 'no such key: missing'], ['self.list[9]', 'index out of bounds: 9'], ['1 / 0 == 1', 'division by zero'], ['9223372036854775807 + 1', 'integer overflow'],
    ['dyn(1) + dyn("a") == 2', 'no such overload'], ['self.port < 3', 'no such overload'], ["quantity('x')", 'quantities must match the regular expression'], ['[].max()', 'max called on empty list'],
    ["self.labels.transformMapEntry(k, v, {'one': v}).size() == 1", 'insert failed: key one already exists'], ["{'a': 1, 'a': 2}.size() == 1", 'Failed with repeated key'],
    ['self.list.exists_one(i, x, self.labels[string(x)] == "")', 'no such key: 3'], ["dyn([1]).transformMapEntry(i, x, dyn(x)).size() == 1", 'no such overload'],
    ["duration('x')", "type conversion error from 'string' to 'google.protobuf.Duration'"], ["int('abc')", "type conversion error from 'string' to 'int'"],
    ["int('9223372036854775808')", "type conversion error from 'string' to 'int'"], ["uint('-1')", "type conversion error from 'string' to 'uint'"], ['uint(-1)', 'unsigned integer overflow'],
    ['uint(-0.5)', 'unsigned integer overflow'], ['int(1e19)', 'integer overflow'], ["double('1e999')", "type conversion error from 'string' to 'double'"],
    ["bool('yes')", "type conversion error from 'string' to 'bool'"], ["timestamp('x')", "type conversion error from 'string' to 'google.protobuf.Timestamp'"],
    ['timestamp(253402300800)', 'timestamp overflow'], ["timestamp('9999-12-31T23:59:59Z') + duration('1s')", 'timestamp overflow'],
    // cel-go adds durations as int64; its "duration overflow" is not used.
    ["duration('2562047h') + duration('2562047h')", 'integer overflow'], ["duration('-2562047h') - duration('2562047h')", 'integer overflow'], ["timestamp('9999-01-01T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')", 'integer overflow'],
    ["timestamp('2024-01-01T00:00:00Z') - duration('-9223372036854775808ns')", 'integer overflow'],
    ["timestamp('2024-01-01t00:00:00z')", "type conversion error from 'string' to 'google.protobuf.Timestamp'"],
    ['[[1]].flatten(-1)', 'level must be non-negative'], ["[[1]].flatten(dyn('1'))", 'no such overload'],
    ['optional.none().value()', 'optional.none() dereference'], ["string(b'\\xff')", 'invalid UTF-8 in bytes, cannot convert to string'],
    ["timestamp('2024-01-01T00:00:00Z').getHours('Mars/Base')", 'unknown time zone Mars/Base'], ['[?dyn(1)]', 'no such overload'],
  ])('%s', (text, message) => {
    expect(value(text)).toBe(`error: ${message}`)
  })
})

it('quoted texts', () => {
  expect(value(String.raw`strings.quote('a\a\b\f\n\r\t\v\\"\'é')`)).toBe(String.raw`"a\a\b\f\n\r\t\v\\\"'é"`)
})

describe('formats', () => {
  it.each([
    ['%d%%', '1u', '1%'], ['%s', '1.5', '1.5'], ['%s', 'null', 'null'], ['%s', 'int', 'int'], ['%s', "b'abc'", 'abc'], ['%s', "duration('90s')", '90s'],
    ['%s', "[dyn('a'), 1.5, null, [true], b'x', double('inf'), duration('1s'), timestamp('2024-01-01T00:00:00Z')]", '["a", 1.500000, null, [true], b"x", "+Inf", duration("1s"), timestamp("2024-01-01T00:00:00Z")]'],
    ['%b', '-5', '-101'], ['%b', 'true', '1'], ['%o', '65535u', '177777'], ['%x', '-30', '-1e'], ['%X', '30', '1E'], ['%x', "'é!'", 'c3a921'], ['%X', "b'\\x00k'", '006B'],
    ['%f', '2.71828', '2.718280'], ['%.2f', '-1234567.891', '-1,234,567.89'], ['%.0f', '999.6', '1,000'], ['%.3f', "'NaN'", 'NaN'], ['%f', "'-Infinity'", '-∞'],
  ])('%s of %s', (text, item, expected) => {
    expect(value(`'${text}'.format([${item}])`)).toBe(expected)
  })

  it.each([
    ['%d', "'a'"], ['%b', "'a'"], ['%o', 'true'], ['%x', '1.5'], ['%f', '1'], ['%f', "'1'"], ['%e', 'true'], ['%s', "quantity('1')"], ['%s', "ip('1.1.1.1')"], ['%s', 'optional.of(1)'],
    ['%E', '1.5'], ['%a', '1'], ['%5d', '1'], ['%.d', '1'], ['%', '1'], ['%.', '1'], ['%.2', '1'], ['%d %d', '1'],
  ])('%s of %s is an error', (text, item) => {
    expect(value(`'${text}'.format([${item}])`)).toMatch(/^error: /)
  })
})

describe('expressions that are not checked', () => {
  it.each([
    ['nothing(1)', 'the function nothing is not known'], ['self.list.existsOne(x, x == 1)', 'x is not known'], ["'%e'.format([1.5])", 'it formats by %e'],
    ["'%.1f'.format([0.25])", 'it rounds a rare number'], ["'%f'.format([-0.0])", 'it rounds a rare number'], ["'%f'.format([1e300])", 'it rounds a rare number'], ["'%s'.format([{'a': 1}])", 'it formats a map'], ["'%s'.format([['é']])", 'it quotes a text with rare characters'],
  ])('%s', (text, message) => {
    expect(value(text)).toBe(`not checked: ${message}`)
  })

  it.each([
    ['nested lists', `${Array.from({ length: 12 }, (_, i) => `[0,1,2,3,4,5,6,7,8,9].all(x${i}, `).join('')}true${')'.repeat(12)}`],
    ['a long list', 'lists.range(1000000000000).size() > 0'],
    ['a text that grows', "lists.range(100000).map(x, 'a'.replace('', 'bbbbbbbbbbbbbbbb')).join('').replace('', 'cccccccccc').size() > 0"],
    ['a slow pattern', "lists.range(1000000).all(x, ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').matches('^(a|a|a)*(a|a|a)*b$'))"],
  ])('in bounded time: %s', (_name, text) => {
    const start = performance.now()
    expect(String(value(text))).toMatch(/^(?:not checked|unsupported)/)
    expect(performance.now() - start).toBeLessThan(3000)
  })
})
