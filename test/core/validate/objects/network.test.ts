import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../src/core/json/json.ts'
import { changed, errors, findings, warnings } from './check.ts'

type Row = [name: string, changes: Record<string, Json | undefined>, expected: string[]]

const twoPorts = (one: JsonObject, other: JsonObject): Record<string, Json> => ({
  'spec.type': 'NodePort',
  'spec.ports': [{ name: 'a', ...one }, { name: 'b', ...other }],
})
const local = { 'spec.type': 'LoadBalancer', 'spec.externalTrafficPolicy': 'Local' }

describe('Service', () => {
  const service: JsonObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } }
  const port0 = 'spec.ports[0]'
  test.each<Row>([
    ['valid', {}, []],
    ['no ports', { 'spec.ports': [] }, ['FIELD_REQUIRED spec.ports']],
    ['headless without ports', { 'spec.ports': undefined, 'spec.clusterIP': 'None' }, []],
    ['type', { 'spec.type': 'nodePort' }, ['SERVICE_TYPE spec.type']],
    ['port 0', { 'spec.ports.0.port': 0 }, [`SERVICE_PORT ${port0}.port`]],
    ['no port', { 'spec.ports.0.port': undefined }, [`SERVICE_PORT ${port0}.port`]],
    ['protocol', { 'spec.ports.0.protocol': 'tcp' }, [`SERVICE_PORT ${port0}.protocol`]],
    ['target name', { 'spec.ports.0.targetPort': 'http' }, []],
    ['bad target name', { 'spec.ports.0.targetPort': 'Http_Port' }, [`SERVICE_PORT ${port0}.targetPort`]],
    ['target number', { 'spec.ports.0.targetPort': 70000 }, [`SERVICE_PORT ${port0}.targetPort`]],
    ['several, unnamed', { 'spec.ports': [{ port: 1 }, { port: 2 }] }, [`FIELD_REQUIRED ${port0}.name`, 'FIELD_REQUIRED spec.ports[1].name']],
    ['same name', { 'spec.ports': [{ name: 'a', port: 1 }, { name: 'a', port: 2 }] }, ['SERVICE_PORT spec.ports[1].name']],
    ['same port', { 'spec.ports': [{ name: 'a', port: 1 }, { name: 'b', port: 1 }] }, ['SERVICE_PORT spec.ports[1]']],
    ['same port, other protocol', { 'spec.ports': [{ name: 'a', port: 1 }, { name: 'b', port: 1, protocol: 'UDP' }] }, []],
    ['node port', { 'spec.type': 'NodePort', 'spec.ports.0.nodePort': 30080 }, []],
    ['node port out of range', { 'spec.type': 'NodePort', 'spec.ports.0.nodePort': 80 }, [`SERVICE_PORT ${port0}.nodePort`]],
    ['node port of ClusterIP', { 'spec.ports.0.nodePort': 30080 }, [`SERVICE_PORT ${port0}.nodePort`]],
    ['external name', { 'spec.type': 'ExternalName', 'spec.externalName': 'db.example.com.', 'spec.ports': undefined }, []],
    ['no external name', { 'spec.type': 'ExternalName' }, ['FIELD_REQUIRED spec.externalName']],
    ['external name with address', { 'spec.type': 'ExternalName', 'spec.externalName': 'a.b', 'spec.clusterIP': '10.0.0.1' }, ['SERVICE_TYPE spec.clusterIPs']],
    ['headless load balancer', { 'spec.type': 'LoadBalancer', 'spec.clusterIP': 'None' }, ['SERVICE_TYPE spec.clusterIPs']],
    ['address', { 'spec.clusterIP': '10.0.0.300' }, ['SERVICE_ADDRESS spec.clusterIPs[0]']],
    ['addresses differ', { 'spec.clusterIP': '10.0.0.1', 'spec.clusterIPs': ['10.0.0.2'] }, ['SERVICE_ADDRESS spec.clusterIPs']],
    ['two of one family', { 'spec.clusterIP': '10.0.0.1', 'spec.clusterIPs': ['10.0.0.1', '10.0.0.2'] }, ['SERVICE_ADDRESS spec.clusterIPs']],
    ['other family', { 'spec.clusterIP': '10.0.0.1', 'spec.clusterIPs': ['10.0.0.1'], 'spec.ipFamilies': ['IPv6'] }, ['SERVICE_ADDRESS spec.clusterIPs[0]']],
    ['families', { 'spec.ipFamilies': ['IPv4', 'IPv4'] }, ['SERVICE_ADDRESS spec.ipFamilies[1]']],
    ['single stack of two', { 'spec.ipFamilies': ['IPv4', 'IPv6'], 'spec.ipFamilyPolicy': 'SingleStack' }, ['SERVICE_ADDRESS spec.ipFamilyPolicy']],
    ['loopback', { 'spec.externalIPs': ['127.0.0.1'] }, ['SERVICE_ADDRESS spec.externalIPs[0]']],
    ['affinity', { 'spec.sessionAffinity': 'clientip' }, ['SERVICE_TRAFFIC spec.sessionAffinity']],
    ['affinity timeout', { 'spec.sessionAffinity': 'ClientIP', 'spec.sessionAffinityConfig': { clientIP: { timeoutSeconds: 0 } } }, ['SERVICE_TRAFFIC spec.sessionAffinityConfig.clientIP.timeoutSeconds']],
    ['external policy', { 'spec.externalTrafficPolicy': 'Local' }, ['SERVICE_TRAFFIC spec.externalTrafficPolicy']],
    ['external policy of NodePort', { 'spec.type': 'NodePort', 'spec.externalTrafficPolicy': 'Local' }, []],
    ['source ranges', { 'spec.loadBalancerSourceRanges': ['10.0.0.0/8'] }, ['SERVICE_TYPE spec.LoadBalancerSourceRanges']],
    ['bad source range', { 'spec.type': 'LoadBalancer', 'spec.loadBalancerSourceRanges': [' 10.0.0.0/8 ', '10.0.0.0'] }, ['SERVICE_ADDRESS spec.loadBalancerSourceRanges[1]']],
    ['selector', { 'spec.selector': { app: 'a b' } }, ['METADATA_LABEL spec.selector']],
    ['class', { 'spec.loadBalancerClass': 'x' }, ['SERVICE_TYPE spec.loadBalancerClass']],
    ['distribution', { 'spec.trafficDistribution': 'Near' }, ['SERVICE_TRAFFIC spec.trafficDistribution']],
    ['one node port of two ports', twoPorts({ port: 80, nodePort: 30080 }, { port: 81, nodePort: 30080, protocol: 'UDP' }), ['SERVICE_PORT spec.ports[1].nodePort']],
    ['one node port of one port in two protocols', twoPorts({ port: 80, nodePort: 30080 }, { port: 80, nodePort: 30080, protocol: 'UDP' }), []],
    ['two node ports of one port', twoPorts({ port: 80, nodePort: 30080 }, { port: 80, nodePort: 30081, protocol: 'UDP' }), []],
    ['a node port that the second protocol asks for', twoPorts({ port: 80 }, { port: 80, nodePort: 80, protocol: 'UDP' }), ['SERVICE_PORT spec.ports[1].nodePort']],
    ['node port without allocation', { 'spec.type': 'LoadBalancer', 'spec.allocateLoadBalancerNodePorts': false, 'spec.ports.0.nodePort': 80 }, ['SERVICE_PORT spec.ports[0].nodePort']],
    ['one node port twice without a type that has them', { 'spec.type': 'ExternalName', 'spec.externalName': 'a.b', 'spec.ports': [{ name: 'a', port: 1, nodePort: 80 }, { name: 'b', port: 2, nodePort: 80 }] }, ['SERVICE_PORT spec.ports[1].nodePort']],
    ['health check', { ...local, 'spec.healthCheckNodePort': 30100 }, []],
    ['health check out of range', { ...local, 'spec.healthCheckNodePort': 8080 }, ['SERVICE_PORT spec.healthCheckNodePort']],
    ['health check on a node port', { ...local, 'spec.healthCheckNodePort': 30080, 'spec.ports.0.nodePort': 30080 }, ['SERVICE_PORT spec.healthCheckNodePort']],
    ['two families', { 'spec.ipFamilies': ['IPv4', 'IPv6'] }, ['SERVICE_ADDRESS spec.ipFamilyPolicy']],
    ['two families, headless', { 'spec.ipFamilies': ['IPv4', 'IPv6'], 'spec.clusterIP': 'None' }, []],
    ['two families, headless with a selector', { 'spec.ipFamilies': ['IPv4', 'IPv6'], 'spec.clusterIP': 'None', 'spec.selector': { a: 'b' } }, ['SERVICE_ADDRESS spec.ipFamilyPolicy']],
    ['hints of null', { 'metadata.annotations': { 'service.kubernetes.io/topology-aware-hints': null, 'service.kubernetes.io/topology-mode': 'Auto' } }, ['SERVICE_TRAFFIC metadata.annotations[service.kubernetes.io/topology-mode]']],
    ['ranges between blanks as Go has them', { 'spec.type': 'LoadBalancer', 'spec.loadBalancerSourceRanges': ['\u008510.0.0.0/8 '] }, []],
    ['ranges behind a byte order mark', { 'spec.type': 'LoadBalancer', 'spec.loadBalancerSourceRanges': ['\ufeff10.0.0.0/8'] }, ['SERVICE_ADDRESS spec.loadBalancerSourceRanges[0]']],
    ['ranges of null', { 'metadata.annotations': { 'service.beta.kubernetes.io/load-balancer-source-ranges': null } }, ['SERVICE_TYPE metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]']],
  ])('%s', (_name, changes, expected) => {
    expect(errors(changed(service, changes))).toEqual(expected)
  })
  test('distribution by version', () => {
    const object = changed(service, { 'spec.trafficDistribution': 'PreferSameNode' })
    expect(errors(object, 33)).toEqual(['SERVICE_TRAFFIC spec.trafficDistribution'])
    expect(errors(object, 34)).toEqual([])
  })
  test('what has no effect', () => {
    expect(warnings(changed(service, { 'spec.externalName': 'a.b' }))).toEqual(['IGNORED_FIELD spec.externalName'])
    const headless = changed(service, { 'spec.clusterIP': 'None', 'spec.sessionAffinity': 'ClientIP', 'spec.externalIPs': ['1.2.3.4'] })
    expect(warnings(headless, 34)).toEqual(['IGNORED_FIELD spec.externalIPs', 'IGNORED_FIELD spec.sessionAffinity'])
    expect(warnings(headless, 33)).toEqual([])
  })
  test('forms of addresses', () => {
    const odd = changed(service, { 'spec.clusterIP': '010.0.0.1', 'spec.externalIPs': ['2001:DB8::1'], 'spec.type': 'LoadBalancer', 'spec.loadBalancerSourceRanges': ['10.0.0.1/8'] })
    const all = ['SERVICE_ADDRESS spec.externalIPs[0]', 'SERVICE_ADDRESS spec.clusterIP', 'SERVICE_ADDRESS spec.loadBalancerSourceRanges[0]']
    expect([errors(odd, 31), warnings(odd, 31), warnings(odd, 35)]).toEqual([[], all, all])
    expect(warnings(odd, 36)).toEqual(['SERVICE_ADDRESS spec.externalIPs[0]', 'DEPRECATED_FIELD spec.externalIPs'])
    expect(errors(odd, 36)).toEqual(['SERVICE_ADDRESS spec.clusterIPs[0]', 'SERVICE_ADDRESS spec.loadBalancerSourceRanges[0]'])
  })
  test('what is deprecated', () => {
    const external = changed(service, { 'spec.externalIPs': ['1.2.3.4'] })
    expect([warnings(external, 35), warnings(external, 36)]).toEqual([[], ['DEPRECATED_FIELD spec.externalIPs']])
    expect(warnings(changed(external, { 'spec.clusterIP': 'None' }))).toEqual(['IGNORED_FIELD spec.externalIPs'])
    const close = changed(service, { 'spec.trafficDistribution': 'PreferClose' })
    expect([warnings(close, 34), warnings(close, 35)]).toEqual([[], ['DEPRECATED_FIELD spec.trafficDistribution']])
  })
})

describe('Ingress', () => {
  const backend = { service: { name: 'web', port: { number: 80 } } }
  const ingress: JsonObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'i' },
    spec: { rules: [{ host: 'a.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
  }
  const path = 'spec.rules[0].http.paths[0]'
  const in0 = 'spec.rules.0.http.paths.0'
  test.each<Row>([
    ['valid', {}, []],
    ['nothing', { spec: {} }, ['INGRESS_FIELD spec']],
    ['default backend', { spec: { defaultBackend: backend } }, []],
    ['wildcard', { 'spec.rules.0.host': '*.example.com' }, []],
    ['bad wildcard', { 'spec.rules.0.host': 'a.*.com' }, ['INGRESS_FIELD spec.rules[0].host']],
    ['address', { 'spec.rules.0.host': '10.0.0.1' }, ['INGRESS_FIELD spec.rules[0].host']],
    ['no paths', { 'spec.rules.0.http': {} }, ['FIELD_REQUIRED spec.rules[0].http.paths']],
    ['no path type', { [`${in0}.pathType`]: undefined }, [`FIELD_REQUIRED ${path}.pathType`]],
    ['path type', { [`${in0}.pathType`]: 'prefix' }, [`INGRESS_FIELD ${path}.pathType`]],
    ['relative', { [`${in0}.path`]: 'a' }, [`INGRESS_FIELD ${path}.path`]],
    ['no path', { [`${in0}.path`]: undefined }, [`INGRESS_FIELD ${path}.path`]],
    ['no path, own type', { [`${in0}.path`]: undefined, [`${in0}.pathType`]: 'ImplementationSpecific' }, []],
    ['double slash', { [`${in0}.path`]: '/a//b' }, [`INGRESS_FIELD ${path}.path`]],
    ['old backend', { [`${in0}.backend`]: { serviceName: 'web', servicePort: 80 } }, [`INGRESS_FIELD ${path}.backend`]],
    ['no port', { [`${in0}.backend`]: { service: { name: 'web' } } }, [`INGRESS_FIELD ${path}.backend`]],
    ['both ports', { [`${in0}.backend`]: { service: { name: 'web', port: { name: 'http', number: 80 } } } }, [`INGRESS_FIELD ${path}.backend`]],
    ['no service name', { [`${in0}.backend`]: { service: { port: { number: 80 } } } }, [`FIELD_REQUIRED ${path}.backend.service.name`]],
    ['tls', { 'spec.tls': [{ hosts: ['A.com'], secretName: 'S' }] }, ['INGRESS_FIELD spec.tls[0].hosts[0]', 'INGRESS_FIELD spec.tls[0].secretName']],
    ['class', { 'spec.ingressClassName': 'N_X' }, ['INGRESS_FIELD spec.ingressClassName']],
    ['class twice', { 'spec.ingressClassName': 'a', 'metadata.annotations': { 'kubernetes.io/ingress.class': 'b' } }, ['INGRESS_FIELD annotations[kubernetes.io/ingress.class]']],
    ['class of null', { 'spec.ingressClassName': 'a', 'metadata.annotations': { 'kubernetes.io/ingress.class': null } }, ['INGRESS_FIELD annotations[kubernetes.io/ingress.class]']],
  ])('%s', (_name, changes, expected) => {
    expect(errors(changed(ingress, changes))).toEqual(expected)
  })
  test('the old annotation warns', () => {
    const object = changed(ingress, { 'metadata.annotations': { 'kubernetes.io/ingress.class': 'nginx' } })
    expect(warnings(object)).toEqual(['DEPRECATED_FIELD metadata.annotations[kubernetes.io/ingress.class]'])
  })
})

const from = (peer: Json): Record<string, Json> => ({ 'spec.ingress': [{ from: [peer] }] })
const port = (value: Json): Record<string, Json> => ({ 'spec.egress': [{ ports: [value] }] })

describe('NetworkPolicy', () => {
  const policy: JsonObject = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'n' }, spec: { podSelector: {} } }
  test.each<Row>([
    ['valid', {}, []],
    ['peers', from({ podSelector: {}, namespaceSelector: {} }), []],
    ['no peer', from({}), ['FIELD_REQUIRED spec.ingress[0].from[0]']],
    ['block and selector', from({ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }), ['NETWORK_POLICY_FIELD spec.ingress[0].from[0]']],
    ['block', from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }), []],
    ['outside', from({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.1.0.0/16'] } }), ['NETWORK_POLICY_FIELD spec.ingress[0].from[0].ipBlock.except[0]']],
    ['the same', from({ ipBlock: { cidr: '::/0', except: ['::/0'] } }), ['NETWORK_POLICY_FIELD spec.ingress[0].from[0].ipBlock.except[0]']],
    ['no block', from({ ipBlock: { cidr: '10.0.0.1' } }), ['NETWORK_POLICY_FIELD spec.ingress[0].from[0].ipBlock.cidr']],
    ['named port', port({ port: 'http' }), []],
    ['protocol', port({ port: 80, protocol: 'HTTP' }), ['NETWORK_POLICY_FIELD spec.egress[0].ports[0].protocol']],
    ['range', port({ port: 80, endPort: 90 }), []],
    ['backwards', port({ port: 80, endPort: 70 }), ['NETWORK_POLICY_FIELD spec.egress[0].ports[0].endPort']],
    ['end alone', port({ endPort: 70 }), ['NETWORK_POLICY_FIELD spec.egress[0].ports[0].endPort']],
    ['type', { 'spec.policyTypes': ['ingress'] }, ['NETWORK_POLICY_FIELD spec.policyTypes[0]']],
  ])('%s', (_name, changes, expected) => {
    expect(errors(changed(policy, changes))).toEqual(expected)
  })
})

describe('endpoints', () => {
  const slice: JsonObject = {
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'e' }, addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ name: 'a', port: 80 }],
  }
  test.each<Row>([
    ['valid', {}, []],
    ['type', { addressType: 'ipv4' }, ['ENDPOINTS_FIELD addressType']],
    ['family', { 'endpoints.0.addresses': ['::1'] }, ['ENDPOINTS_FIELD endpoints[0].addresses[0]']],
    ['loopback', { 'endpoints.0.addresses': ['127.0.0.1'] }, ['ENDPOINTS_FIELD endpoints[0].addresses[0]']],
    ['none', { 'endpoints.0.addresses': [] }, ['FIELD_REQUIRED endpoints[0].addresses']],
    ['ports', { ports: [{ port: 1 }, { port: 2 }] }, ['ENDPOINTS_FIELD ports[1].name']],
    ['empty protocol', { 'ports.0.protocol': '' }, ['ENDPOINTS_FIELD ports[0].protocol']],
    ['no protocol', { 'ports.0.protocol': null }, []],
    ['topology, which is dropped', { 'endpoints.0.deprecatedTopology': { 'topology.kubernetes.io/zone': '/' } }, []],
  ])('%s', (_name, changes, expected) => {
    expect(errors(changed(slice, changes))).toEqual(expected)
  })
  test('an invalid port name is reported before its duplicate, as by the API server', () => {
    const found = findings(changed(slice, { ports: [{ name: 'A_', port: 1 }, { name: 'A_', port: 2 }] }))
    expect(found.flatMap(({ path, message }) => (path[1] === 1 ? [message.split(':')[0]] : []))).toEqual(['Invalid value', 'Duplicate value'])
  })
  test('forms of addresses', () => {
    const odd = changed(slice, { 'endpoints.0.addresses': ['10.0.0.01'] })
    expect([warnings(odd, 32), warnings(odd, 33), errors(odd, 35)]).toEqual([[], ['ENDPOINTS_FIELD endpoints[0].addresses[0]'], []])
    expect(errors(odd, 36)).toEqual(['ENDPOINTS_FIELD endpoints[0].addresses[0]'])
  })
  test('hints of nodes are dropped in 1.33', () => {
    const object = changed(slice, { 'endpoints.0.hints': { forNodes: [{ name: 'A_' }] } })
    expect([errors(object, 33), warnings(object, 33)]).toEqual([[], ['FIELD_DROPPED endpoints[0].hints.forNodes']])
    expect(errors(object, 34)).toEqual(['ENDPOINTS_FIELD endpoints[0].hints.forNodes[0].name'])
  })
  test('Endpoints are deprecated since 1.33', () => {
    const object = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'e' }, subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 0 }] }] }
    expect(errors(object)).toEqual(['ENDPOINTS_FIELD subsets[0].ports[0].port'])
    expect(warnings(object, 32)).toEqual([])
    expect(warnings(object, 33)).toEqual(['DEPRECATED_FIELD kind'])
  })
})
