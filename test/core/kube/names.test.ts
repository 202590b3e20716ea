import { describe, expect, test } from 'vitest'
import * as names from '../../../src/core/kube/names.ts'

const long = (n: number): string => 'a'.repeat(n)

const FORMATS: { check: (value: string) => string[]; good: string[]; bad: string[] }[] = [
  {
    check: names.dns1123Label,
    good: ['a', '0', 'my-name', '123-abc', long(63)],
    bad: ['', 'A', '-a', 'a-', 'a.b', 'a_b', long(64), 'ä', 'a\n'],
  },
  {
    check: names.dns1123Subdomain,
    good: ['a', 'a.b', '1.2', long(253)],
    bad: ['', '.', 'a..b', 'a.', 'a.-b', 'A.b', long(254)],
  },
  { check: names.dns1123SubdomainWithUnderscore, good: ['_tcp.a', 'a_b.c'], bad: ['', '__a', 'a_', 'a._'] },
  { check: names.dns1035Label, good: ['a', 'a-1'], bad: ['', '1a', 'a.b', long(64)] },
  { check: names.wildcardDns1123Subdomain, good: ['*.a', '*.a.b'], bad: ['*', '*a.b', 'a.*.b', '*.'] },
  {
    check: names.qualifiedName,
    good: ['a', 'A.b_c-1', 'example.com/MyName', long(63), `${long(253)}/a`],
    bad: ['', 'a/b/c', '/a', 'a/', '-a', 'A.com/a', long(64), 'a b'],
  },
  { check: names.labelValue, good: ['', 'a', 'A_b.1', long(63)], bad: ['-', 'a b', long(64), 'a-', 'ü'] },
  {
    check: names.portName,
    good: ['http', 'a', '80a', 'a-b'],
    bad: ['', '80', 'HTTP', 'a--b', '-a', 'a-', 'a_b', long(16)],
  },
  { check: names.envVarName, good: ['A', '_a.b-c', '-a'], bad: ['', '1A', 'A=B', 'a b', '.', '..', '..a'] },
  { check: names.relaxedEnvVarName, good: ['A', '1', 'a b', '..', '~!"#'], bad: ['', 'A=B', 'ä', 'a\tb'] },
  {
    check: names.configMapKey,
    good: ['key.name', 'A-1_b', '.a'],
    bad: ['', 'a/b', '.', '..', '..a', long(254)],
  },
  { check: names.cIdentifier, good: ['_a1'], bad: ['', '1a', 'a-b'] },
  { check: names.httpHeaderName, good: ['X-Name', '1'], bad: ['', 'a_b', 'a b'] },
  { check: names.percent, good: ['0%', '100%'], bad: ['', '%', '5', '5.5%', '-1%'] },
  {
    check: names.domainPrefixedPath,
    good: ['acme.io/foo', 'a/b/c%20'],
    bad: ['', 'a', '/a', 'a/', 'A.io/b', 'a/b c'],
  },
]

describe.each(FORMATS)('$check.name', ({ check, good, bad }) => {
  test.each(good)('takes %j', (value) => expect(check(value)).toEqual([]))
  test.each(bad)('refuses %j', (value) => expect(check(value)).not.toEqual([]))
})

test('lengths count bytes', () => {
  expect(names.byteLength('aä€😀')).toBe(1 + 2 + 3 + 4)
})

test('ports and user ids have bounds', () => {
  expect([0, 1, 65535, 65536].map((n) => names.portNumber(n).length)).toEqual([1, 0, 0, 1])
  expect([-1, 0, 2147483647, 2147483648].map((n) => names.unixId(n).length)).toEqual([1, 0, 0, 1])
})

test('a label that is a subdomain is told of its dots', () => {
  expect(names.dns1123Label('a.b')).toEqual(['must not contain dots'])
})

test('time stays linear on a hostile name', () => {
  expect(names.dns1123Subdomain(`${long(200_000)}!`)).toHaveLength(2)
  expect(names.dns1123Subdomain(`${'a.'.repeat(200_000)}!`)).toHaveLength(2)
  expect(names.dns1123Subdomain(`${'a.'.repeat(499)}a`)).toHaveLength(1)
  expect(names.dns1123Subdomain(`${'a.'.repeat(5000)}a`)).toHaveLength(1)
})
