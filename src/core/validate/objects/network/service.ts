import { trimSpace } from '../../../text/trim-space.ts'
import { dns1123Label, dns1123Subdomain, portName, qualifiedName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'
import { labels } from '../metadata/labels.ts'
import { portInRange, requiredPort } from '../numbers.ts'
import { legacyCidrFaults, unusualCidr, unusualIp } from './addresses.ts'
import { nodePorts } from './node-ports.ts'
import { serviceAddresses } from './service-addresses.ts'
import { serviceTraffic } from './service-traffic.ts'
import { isHeadless, serviceType } from './service-type.ts'

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const PROTOCOLS = ['SCTP', 'TCP', 'UDP']

/** Source: core validation ValidateServiceCreate and validateService. */
export function service(object: Field): void {
  const spec = object.get('spec')
  const type = serviceType(spec)
  spec.get('type').oneOf('SERVICE_TYPE', TYPES)
  if (type === 'ExternalName') externalName(spec)
  ports(spec, type)
  const taken = nodePorts(spec, type)
  labels(spec.get('selector'))
  serviceAddresses(spec, type)
  loadBalancer(object, type)
  serviceTraffic(spec, type, taken)
  topologyMode(object.get('metadata', 'annotations'))
  ignoredFields(spec, type)
  deprecatedFields(spec, type)
  unusualAddresses(spec)
}

/** The DNS name of an ExternalName Service, which may end with a dot; it has no addresses. */
function externalName(spec: Field): void {
  for (const key of ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
    const given = key === 'clusterIPs' && spec.get(key).empty ? spec.get('clusterIP') : spec.get(key)
    if (given.empty) continue
    spec
      .get(key)
      .report('SERVICE_TYPE', 'Forbidden: may not be set for ExternalName services', { at: given.path, on: 'key' })
  }
  const name = spec.get('externalName')
  const { text } = name
  if (name.empty || text === '.') name.required('FIELD_REQUIRED', '', 'name the host that the Service stands for')
  else if (text !== undefined) {
    name.reportFaults('SERVICE_TYPE', dns1123Subdomain(text.endsWith('.') ? text.slice(0, -1) : text))
  }
}

function ports(spec: Field, type: string): void {
  const list = spec.get('ports')
  const items = list.items()
  if (list.empty && !isHeadless(spec) && type !== 'ExternalName') list.required('FIELD_REQUIRED')
  const names = new Set<string>()
  const seen = new Set<string>()
  for (const port of items) {
    onePort(port, items.length > 1, names)
    const protocol = port.get('protocol').text || 'TCP'
    const key = `${protocol}/${port.get('port').number ?? ''}`
    if (port.get('port').number !== undefined && seen.has(key)) {
      const hint = 'each pair of protocol and port can be listed once'
      port.report('SERVICE_PORT', `Duplicate value: ${key}`, { hint })
    }
    seen.add(key)
  }
}

/** Source: core validation validateServicePort. */
function onePort(port: Field, nameRequired: boolean, names: Set<string>): void {
  const code = 'SERVICE_PORT'
  const name = port.get('name')
  if (name.empty) {
    if (nameRequired) name.required('FIELD_REQUIRED', '', 'name every port where a Service has several')
  } else {
    name.format(code, dns1123Label)
    if (name.text !== undefined && names.has(name.text)) name.duplicate(code)
    names.add(name.text ?? '')
  }
  requiredPort(port.get('port'), code)
  port.get('protocol').oneOf(code, PROTOCOLS)
  portOrName(port.get('targetPort'))
  port.get('appProtocol').formatStrict(code, qualifiedName)
}

/** Source: core validation ValidatePortNumOrName; 0 and empty default to the port. */
function portOrName(field: Field): void {
  if (field.number !== undefined && field.number !== 0) portInRange(field, 'SERVICE_PORT')
  field.format('SERVICE_PORT', portName)
}

const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges'

/** Fields that belong to load balancers. The API server prints `LoadBalancerSourceRanges` with a capital. */
function loadBalancer(object: Field, type: string): void {
  const spec = object.get('spec')
  const only = "may only be used when `type` is 'LoadBalancer'"
  const ranges = spec.get('loadBalancerSourceRanges')
  const annotation = object.get('metadata', 'annotations', SOURCE_RANGES)
  const listed = object.get('metadata', 'annotations').entryText(SOURCE_RANGES)
  if (!ranges.empty) {
    const printed = spec.get('LoadBalancerSourceRanges')
    if (type !== 'LoadBalancer') printed.report('SERVICE_TYPE', `Forbidden: ${only}`, { at: ranges.path, on: 'key' })
    for (const range of ranges.items()) sourceRange(range, range.text)
  } else if (listed !== undefined) {
    if (type !== 'LoadBalancer') annotation.forbidden('SERVICE_TYPE', only)
    const texts = trimSpace(listed)
    if (texts !== '') for (const text of texts.split(',')) sourceRange(annotation, text)
  }
  const loadBalancerClass = spec.get('loadBalancerClass')
  if (type === 'LoadBalancer') return loadBalancerClass.formatStrict('SERVICE_TYPE', qualifiedName)
  for (const field of [loadBalancerClass, spec.get('allocateLoadBalancerNodePorts')]) {
    if (field.present) field.forbidden('SERVICE_TYPE', only)
  }
}

function sourceRange(field: Field, text: string | undefined): void {
  field.reportFaults(
    'SERVICE_ADDRESS',
    text === undefined ? [] : legacyCidrFaults(trimSpace(text), field.ctx.kubeVersion),
    { shown: text ?? '' },
  )
}

/** External IPs are looked at with the rules of addresses. Source: GetWarningsForService. */
function unusualAddresses(spec: Field): void {
  const list = spec.get('clusterIPs')
  for (const ip of list.empty ? [spec.get('clusterIP')] : list.items()) unusualIp(ip, 'SERVICE_ADDRESS')
  unusualIp(spec.get('loadBalancerIP'), 'SERVICE_ADDRESS')
  for (const range of spec.get('loadBalancerSourceRanges').items()) unusualCidr(range, 'SERVICE_ADDRESS')
}

const HINTS = 'service.kubernetes.io/topology-aware-hints'
const MODE = 'service.kubernetes.io/topology-mode'

function topologyMode(annotations: Field): void {
  const hints = annotations.entryText(HINTS)
  const mode = annotations.entryText(MODE)
  if (hints === undefined) return
  annotations
    .get(HINTS)
    .report('DEPRECATED_FIELD', `annotation ${HINTS} is deprecated`, { on: 'key', hint: `use ${MODE} instead` })
  if (mode !== undefined && mode !== hints) {
    annotations.get(MODE).invalid('SERVICE_TRAFFIC', `must match annotations[${HINTS}] when both are specified`)
  }
}

/** The API server warns of what headless Services ignore since 1.34 (kubernetes/kubernetes#132214). */
const HEADLESS_MINOR = 34

/** Source: pkg/api/service/warnings.go GetWarningsForService. */
function ignoredFields(spec: Field, type: string): void {
  if (isClusterHeadless(spec, type) && spec.ctx.kubeVersion.minor >= HEADLESS_MINOR) {
    for (const key of ['loadBalancerIP', 'externalIPs']) {
      if (!spec.get(key).empty) spec.get(key).report('IGNORED_FIELD', `spec.${key} is ignored for headless services`)
    }
    const affinity = spec.get('sessionAffinity')
    if (affinity.text === 'ClientIP')
      affinity.report('IGNORED_FIELD', 'spec.sessionAffinity is ignored for headless services')
  }
  const external = type === 'ExternalName'
  const ignored = external ? spec.get('externalIPs') : spec.get('externalName')
  if (ignored.empty) return
  ignored.report('IGNORED_FIELD', `is ignored when spec.type is ${external ? '' : 'not '}"ExternalName"`)
}

function isClusterHeadless(spec: Field, type: string): boolean {
  return type === 'ClusterIP' && spec.get('clusterIP').text === 'None'
}

/** PreferClose is deprecated since 1.35 (KEP-3015), and externalIPs since 1.36 (KEP-5707). */
const CLOSE_DEPRECATED_MINOR = 35
const EXTERNAL_DEPRECATED_MINOR = 36

/** Source: pkg/api/service/warnings.go GetWarningsForService. */
function deprecatedFields(spec: Field, type: string): void {
  const { minor } = spec.ctx.kubeVersion
  const [ips, distribution] = [spec.get('externalIPs'), spec.get('trafficDistribution')]
  const counts = !ips.empty && type !== 'ExternalName' && !isClusterHeadless(spec, type)
  if (counts && minor >= EXTERNAL_DEPRECATED_MINOR) {
    const hint = 'use type: LoadBalancer, or a Gateway'
    ips.report('DEPRECATED_FIELD', 'spec.externalIPs is deprecated in v1.36+', { on: 'key', hint })
  }
  if (distribution.text === 'PreferClose' && minor >= CLOSE_DEPRECATED_MINOR) {
    const hint = 'use PreferSameZone instead, which means the same'
    distribution.report('DEPRECATED_FIELD', 'PreferClose is deprecated in v1.35+', { hint })
  }
}
