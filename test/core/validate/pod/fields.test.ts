import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../src/core/json/json.ts'
import { check, container, type Options } from './check.ts'

const pod = (fields: JsonObject): JsonObject => container({}, fields)
const long = (n: number): string => 'a'.repeat(n)

describe('fields of the spec', () => {
  test.each<[string, JsonObject, string[], Options?]>([
    ['a restart policy', pod({ restartPolicy: 'Never' }), []],
    ['an empty one', pod({ restartPolicy: '' }), []],
    ['an unknown one', pod({ restartPolicy: 'always' }), ['POD_FIELD_UNSUPPORTED restartPolicy']],
    ['a DNS policy', pod({ dnsPolicy: 'ClusterFirstWithHostNet' }), []],
    ['an unknown DNS policy', pod({ dnsPolicy: 'Cluster' }), ['POD_FIELD_UNSUPPORTED dnsPolicy']],
    [
      'an unknown preemption policy',
      pod({ preemptionPolicy: 'Always' }),
      ['POD_FIELD_UNSUPPORTED preemptionPolicy'],
    ],
    [
      'names',
      pod({ nodeName: 'a.b', hostname: 'a', subdomain: 'b', runtimeClassName: 'c', serviceAccountName: 'd' }),
      [],
    ],
    ['a bad node', pod({ nodeName: 'A' }), ['POD_NAME_INVALID nodeName']],
    ['a hostname with dots', pod({ hostname: 'a.b' }), ['POD_NAME_INVALID hostname']],
    ['a bad subdomain', pod({ subdomain: 'a_b' }), ['POD_NAME_INVALID subdomain']],
    ['an empty runtime class', pod({ runtimeClassName: '' }), ['POD_NAME_INVALID runtimeClassName']],
    ['a bad account', pod({ serviceAccountName: 'A' }), ['POD_NAME_INVALID serviceAccountName']],
    ['a bad account by its old name', pod({ serviceAccount: 'A' }), ['POD_NAME_INVALID serviceAccount']],
    ['the new name wins', pod({ serviceAccount: 'A', serviceAccountName: 'a' }), []],
    ['a deadline', pod({ activeDeadlineSeconds: 1 }), []],
    ['none', pod({ activeDeadlineSeconds: 0 }), ['POD_NUMBER_RANGE activeDeadlineSeconds']],
    [
      'a negative grace period',
      pod({ terminationGracePeriodSeconds: -1 }),
      ['~GRACE_NEGATIVE terminationGracePeriodSeconds'],
    ],
    ['another hostname', pod({ hostnameOverride: 'a.b' }), []],
    [
      'another hostname as FQDN',
      pod({ hostnameOverride: 'a', setHostnameAsFQDN: true }),
      ['HOSTNAME_CONFLICT hostnameOverride'],
    ],
    [
      'another hostname on the host',
      pod({ hostnameOverride: 'a', hostNetwork: true }),
      ['HOSTNAME_CONFLICT hostnameOverride'],
    ],
    [
      'a long hostname',
      pod({ hostnameOverride: `${long(40)}.${long(40)}` }),
      ['POD_NAME_INVALID hostnameOverride'],
    ],
    [
      'another hostname, dropped',
      pod({ hostnameOverride: '' }),
      ['~FIELD_DROPPED hostnameOverride'],
      { minor: 34 },
    ],
    ['a scheduling group is dropped', pod({ schedulingGroup: {} }), ['~FIELD_DROPPED schedulingGroup']],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('DNS and hosts', () => {
  const dns = (dnsConfig: JsonObject, more: JsonObject = {}): JsonObject => pod({ dnsConfig, ...more })
  const alias = (fields: JsonObject): JsonObject =>
    pod({ hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'], ...fields }] })
  const search = (...searches: string[]): JsonObject => dns({ searches })
  test.each<[string, JsonObject, string[], Options?]>([
    ['a server', dns({ nameservers: ['1.1.1.1', '2001:db8::1'] }, { dnsPolicy: 'None' }), []],
    ['no configuration', pod({ dnsPolicy: 'None' }), ['FIELD_REQUIRED dnsConfig']],
    ['no server', dns({}, { dnsPolicy: 'None' }), ['FIELD_REQUIRED dnsConfig.nameservers']],
    [
      'four servers',
      dns({ nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] }),
      ['DNS_CONFIG_INVALID dnsConfig.nameservers'],
    ],
    ['no address', dns({ nameservers: ['dns'] }), ['IP_INVALID dnsConfig.nameservers[0]']],
    ['leading zeros', dns({ nameservers: ['01.1.1.1'] }), ['IP_INVALID dnsConfig.nameservers[0]']],
    [
      'leading zeros, before',
      dns({ nameservers: ['01.1.1.1'] }),
      ['~IP_INVALID dnsConfig.nameservers[0]'],
      { minor: 35 },
    ],
    ['a search', search('a.b.', '_tcp.a', '.'), []],
    ['a search, before', search('_tcp.a'), ['DNS_CONFIG_INVALID dnsConfig.searches[0]'], { minor: 32 }],
    ['a bad search', search('A'), ['DNS_CONFIG_INVALID dnsConfig.searches[0]']],
    [
      '33 searches',
      search(...Array.from({ length: 33 }, (_, i) => `a${i}`)),
      ['DNS_CONFIG_INVALID dnsConfig.searches'],
    ],
    [
      'a long list',
      search(...Array.from({ length: 32 }, (_, i) => `${long(62)}.a${i}`)),
      ['DNS_CONFIG_INVALID dnsConfig.searches'],
    ],
    ['an option', dns({ options: [{ name: 'ndots', value: '2' }] }), []],
    [
      'an option without a name',
      dns({ options: [{ value: '2' }] }),
      ['FIELD_REQUIRED dnsConfig.options[0].name'],
    ],
    ['an alias', alias({}), []],
    ['no address of a host', alias({ ip: '' }), ['FIELD_REQUIRED hostAliases[0].ip']],
    ['a bad address of a host', alias({ ip: '1.2.3' }), ['IP_INVALID hostAliases[0].ip']],
    ['a bad host', alias({ hostnames: ['a', 'b_c'] }), ['HOST_ALIAS_INVALID hostAliases[0].hostnames[1]']],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})
