import { byteLength, dns1123Subdomain, dns1123SubdomainWithUnderscore } from '../../kube/names.ts'
import { parseIp } from '../../kube/ip.ts'
import type { PodPlace } from '../place.ts'
import { gateOn } from './gates.ts'
import { at, invalid, named, type PodRule, type PodScope, required } from './scope.ts'
import { isSet, itemsOf, type Part, partOf, textOf, textsOf } from './values.ts'

/** Limits of name resolution in the C library of Linux: entries, and bytes with the spaces between them. */
const MAX_NAMESERVERS = 3
const MAX_SEARCHES = 32
const MAX_SEARCH_CHARS = 2048

/**
 * An IP address. Leading zeros, and IPv4 inside IPv6, are rejected since 1.36 (KEP-4858).
 * Source: `IsValidIPForLegacyField`.
 */
function checkIp(value: string, path: PodPlace, pod: PodScope): void {
  const ip = parseIp(value)
  const example = 'such as 10.9.8.7 or 2001:db8::ffff'
  if (ip === undefined) invalid(pod, 'IP_INVALID', path, value, [`must be a valid IP address (${example})`])
  else if (!ip.strict) {
    const strict = gateOn('StrictIPCIDRValidation', pod.minor)
    const message = `Invalid value: "${value}": must not have leading 0s, nor be an IPv4 address inside IPv6`
    pod.report({ code: 'IP_INVALID', ...(strict ? {} : { severity: 'warning' as const }), path, message })
  }
}

/** Source: `validatePodDNSConfig`. */
export const dnsConfig: PodRule = (pod) => {
  const config = partOf(pod.spec, 'dnsConfig')
  const none = textOf(pod.spec.data, 'dnsPolicy') === 'None'
  const path = at(pod.spec.path, 'dnsConfig')
  if (none && !isSet(pod.spec.data, 'dnsConfig'))
    required(pod, path, 'must provide `dnsConfig` when `dnsPolicy` is None')
  if (config === undefined) return
  const servers = textsOf(config, 'nameservers')
  if (none && servers.length === 0) {
    required(pod, at(path, 'nameservers'), 'must provide at least one DNS nameserver when `dnsPolicy` is None')
  }
  if (servers.length > MAX_NAMESERVERS) {
    const fault = `must not have more than ${MAX_NAMESERVERS} nameservers`
    invalid(pod, 'DNS_CONFIG_INVALID', at(path, 'nameservers'), servers.length, [fault])
  }
  for (const server of servers) checkIp(server.value, server.path, pod)
  checkSearches(config, pod)
  for (const option of itemsOf(config, 'options')) {
    if (textOf(option.data, 'name') === '')
      required(named(pod, option.path), at(option.path, 'name'), 'a DNS option needs a name')
  }
}

function checkSearches(config: Part, pod: PodScope): void {
  const searches = textsOf(config, 'searches')
  const path = at(config.path, 'searches')
  const faults: string[] = []
  if (searches.length > MAX_SEARCHES) faults.push(`must not have more than ${MAX_SEARCHES} search paths`)
  if (byteLength(searches.map((search) => search.value).join(' ')) > MAX_SEARCH_CHARS) {
    faults.push(`must not have more than ${MAX_SEARCH_CHARS} characters (including spaces) in the search list`)
  }
  invalid(pod, 'DNS_CONFIG_INVALID', path, searches.length, faults)
  const relaxed = gateOn('RelaxedDNSSearchValidation', pod.minor)
  for (const search of searches) {
    if (relaxed && search.value === '.') continue
    const name = search.value.endsWith('.') ? search.value.slice(0, -1) : search.value
    const check = relaxed ? dns1123SubdomainWithUnderscore : dns1123Subdomain
    invalid(pod, 'DNS_CONFIG_INVALID', search.path, search.value, check(name))
  }
}

/** Lines of the hosts file. Source: `ValidateHostAliases`. */
export const hostAliases: PodRule = (pod) => {
  for (const alias of itemsOf(pod.spec, 'hostAliases')) {
    const ip = textOf(alias.data, 'ip')
    if (ip === '') required(pod, at(alias.path, 'ip'), 'a host alias needs an ip')
    else if (ip !== undefined) checkIp(ip, at(alias.path, 'ip'), pod)
    for (const host of textsOf(alias, 'hostnames')) {
      invalid(pod, 'HOST_ALIAS_INVALID', host.path, host.value, dns1123Subdomain(host.value))
    }
  }
}
