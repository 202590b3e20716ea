import { expect, test } from 'vitest'
import { cidr, hasHostBits, ipAddress, parseCidr, parseIp } from '../../../src/core/kube/ip.ts'

test.each([
  ['10.9.8.7', 4, true],
  ['010.9.8.7', 4, false],
  ['::', 6, true],
  ['::1', 6, true],
  ['2001:db8::ffff', 6, true],
  ['1:2:3:4:5:6:7:8', 6, true],
  ['1:2:3:4:5:6:7::', 6, true],
  ['::ffff:1.2.3.4', 4, false],
  ['64:ff9b::1.2.3.4', 6, true],
])('%s is an address', (text, family, strict) => {
  expect(parseIp(text)).toMatchObject({ family, strict })
  expect(ipAddress(text)).toEqual([])
})

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '1.2.3.a',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  'fe80::1%eth0',
  '12345::',
  '1.2.3.4::',
])('%j is no address', (text) => expect(ipAddress(text)).toHaveLength(1))

test.each([
  ['10.0.0.0/8', false],
  ['10.0.0.1/8', true],
  ['0.0.0.0/0', false],
  ['2001:db8::/64', false],
  ['2001:db8::1/64', true],
])('%s is a CIDR, host bits %s', (text, host) => {
  expect(hasHostBits(parseCidr(text)!)).toBe(host)
})

test.each(['', '10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '::/129', '10.0.0.0/-1', '10.0.0/8'])(
  '%j is no CIDR',
  (text) => {
    expect(cidr(text)).toHaveLength(1)
  },
)
