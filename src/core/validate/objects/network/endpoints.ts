import type { Field } from '../field.ts'
import { gatedField } from '../gated.ts'
import { dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from '../../../kube/names.ts'
import { parseIp } from '../../../kube/ip.ts'
import { atMost, distinct, stringOf } from '../lists.ts'
import { requiredPort } from '../numbers.ts'
import { endpointIp } from './endpoint-ip.ts'

const CODE = 'ENDPOINTS_FIELD'
const PROTOCOLS = ['SCTP', 'TCP', 'UDP']
/** Source: discovery validation constants. */
const MAX = { endpoints: 1000, ports: 20_000, addresses: 100 }
/** The API server warns of Endpoints since 1.33 (KEP-4974). */
const DEPRECATED_MINOR = 33

/** Source: core validation validateEndpointSubsets. */
export function endpoints(object: Field): void {
  if (object.ctx.kubeVersion.minor >= DEPRECATED_MINOR) {
    const hint = 'use a discovery.k8s.io/v1 EndpointSlice'
    object.get('kind').report('DEPRECATED_FIELD', 'v1 Endpoints is deprecated in v1.33+', { hint })
  }
  for (const subset of object.get('subsets').items()) {
    const lists = [subset.get('addresses'), subset.get('notReadyAddresses')]
    if (lists.every((list) => list.empty))
      subset.required('FIELD_REQUIRED', 'must specify `addresses` or `notReadyAddresses`')
    for (const address of lists.flatMap((list) => list.items())) oneAddress(address)
    const ports = subset.get('ports').items()
    for (const port of ports) onePort(port, ports.length > 1)
  }
}

function oneAddress(address: Field): void {
  endpointIp(address.get('ip'), CODE)
  if (address.get('ip').empty) address.get('ip').invalid(CODE, 'must be a valid IP address', { shown: '' })
  address.get('hostname').format(CODE, dns1123Label)
  address.get('nodeName').formatStrict(CODE, dns1123Subdomain)
}

function onePort(port: Field, nameRequired: boolean): void {
  const name = port.get('name')
  if (name.empty && nameRequired) name.required('FIELD_REQUIRED')
  name.format(CODE, dns1123Label)
  requiredPort(port.get('port'), CODE)
  port.get('protocol').oneOf(CODE, PROTOCOLS)
  port.get('appProtocol').formatStrict(CODE, qualifiedName)
}

/**
 * `deprecatedTopology` is not validated, as the API server drops it.
 * Source: discovery validation ValidateEndpointSlice; registry endpointslice strategy dropTopologyOnV1.
 */
export function endpointSlice(object: Field): void {
  const type = object.get('addressType')
  type.requiredOneOf(CODE, ['FQDN', 'IPv4', 'IPv6'])
  const list = object.get('endpoints')
  atMost(list, MAX.endpoints, CODE)
  for (const endpoint of list.items()) sliceEndpoint(endpoint, type.text ?? '')
  slicePorts(object.get('ports'))
}

function sliceEndpoint(endpoint: Field, type: string): void {
  const addresses = endpoint.get('addresses')
  addresses.nonEmpty('must contain at least 1 address')
  atMost(addresses, MAX.addresses, CODE)
  for (const address of addresses.items()) {
    if (type === 'FQDN') domain(address)
    else if (type === 'IPv4' || type === 'IPv6') sliceIp(address, type)
  }
  endpoint.get('hostname').formatStrict(CODE, dns1123Label)
  endpoint.get('nodeName').formatStrict(CODE, dns1123Subdomain)
  hints(endpoint.get('hints'))
}

/** A domain of two parts or more, which may end with a dot. Source: util/validation IsFullyQualifiedDomainName. */
function domain(address: Field): void {
  const { text } = address
  if (text === '') return address.required('FIELD_REQUIRED')
  if (text === undefined) return
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  const parts = name.split('.')
  const faults = [
    ...dns1123Subdomain(name),
    ...(parts.length < 2 ? ['should be a domain with at least two segments separated by dots'] : []),
  ]
  if (faults.length === 0 && parts.some((part) => part.length > 63))
    faults.push('must have labels of no more than 63 characters')
  if (faults.length > 0) address.invalid(CODE, faults.join('; '))
}

const MAX_HINTS = 8

/**
 * Zones and nodes that an endpoint is meant for, each once.
 * Source: discovery validation validateHints; registry endpointslice strategy dropDisabledFieldsOnCreate.
 */
function hints(field: Field): void {
  const nodes = gatedField(field.get('forNodes'), 'PreferSameTrafficDistribution', 33)
  for (const [list, format] of [
    [field.get('forZones'), labelValue],
    [nodes, dns1123Subdomain],
  ] as const) {
    atMost(list, MAX_HINTS, CODE)
    const names = list.items().map((hint) => hint.get('name'))
    distinct(names, CODE, stringOf)
    for (const name of names) {
      const text = stringOf(name)
      if (text !== undefined) name.reportFaults(CODE, format(text), { shown: text })
    }
  }
}

function sliceIp(address: Field, type: string): void {
  if (address.text === undefined) return
  const ip = parseIp(address.text)
  if (ip === undefined || `IPv${ip.family}` !== type) address.invalid(CODE, `must be a valid ${type} address`)
  else endpointIp(address, CODE)
}

/** Names of ports are unique; one may be empty. */
function slicePorts(ports: Field): void {
  atMost(ports, MAX.ports, CODE)
  const names = ports.items().map((port) => port.get('name'))
  for (const name of names) name.format(CODE, dns1123Label)
  distinct(names, CODE, ({ text }) => text ?? '')
  for (const port of ports.items()) {
    port.get('protocol').oneOfStrict(CODE, PROTOCOLS)
    port.get('appProtocol').formatStrict(CODE, qualifiedName)
  }
}
