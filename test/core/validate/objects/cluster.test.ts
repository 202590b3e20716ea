import { describe, expect, test } from 'vitest'
import { errors } from './check.ts'
import { object, suite } from './suite.ts'

const policy = object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', {
  spec: {
    matchConstraints: { resourceRules: [{ operations: ['CREATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] }] },
    variables: [{ name: 'r', expression: 'object.spec.replicas' }],
    validations: [{ expression: 'variables.r <= 5', message: 'too many' }],
  },
})
suite('ValidatingAdmissionPolicy', policy, [
  ['no rules', { 'spec.matchConstraints.resourceRules': [] }, ['FIELD_REQUIRED spec.matchConstraints.resourceRules']],
  ['no constraints', { 'spec.matchConstraints': null }, ['FIELD_REQUIRED spec.matchConstraints']],
  ['nothing to check', { 'spec.validations': [] }, ['FIELD_REQUIRED spec.validations', 'FIELD_REQUIRED spec.auditAnnotations']],
  ['failure policy', { 'spec.failurePolicy': 'fail' }, ['POLICY_FIELD spec.failurePolicy']],
  ['blank expression', { 'spec.validations.0.expression': '  ' }, ['FIELD_REQUIRED spec.validations[0].expression']],
  ['message of two lines', { 'spec.validations.0.message': 'a\nb' }, ['POLICY_FIELD spec.validations[0].message']],
  ['blank message', { 'spec.validations.0.message': ' ' }, ['POLICY_FIELD spec.validations[0].message']],
  ['reason', { 'spec.validations.0.reason': 'Unauthorized' }, ['POLICY_FIELD spec.validations[0].reason']],
  ['reserved variable', { 'spec.variables.0.name': 'in' }, ['POLICY_FIELD spec.variables[0].name']],
  ['kind of parameters', { 'spec.paramKind': { apiVersion: 'a/b/c', kind: 'X y' } }, ['POLICY_FIELD spec.paramKind.apiVersion', 'POLICY_FIELD spec.paramKind.kind']],
  ['audit annotation', { 'spec.auditAnnotations': [{ key: 'a b', valueExpression: '' }] }, ['POLICY_FIELD spec.auditAnnotations[0].key', 'FIELD_REQUIRED spec.auditAnnotations[0].valueExpression']],
  ['audit annotation of a policy with a name made for it', { metadata: { generateName: 'x-' }, 'spec.auditAnnotations': [{ key: 'a', valueExpression: "'x'" }] }, []],
  ['audit annotation twice', { 'spec.auditAnnotations': [{ key: 'a', valueExpression: "'x'" }, { key: 'a', valueExpression: "'x'" }] }, ['POLICY_FIELD spec.auditAnnotations[1].key']],
  ['names of resources', { 'spec.matchConstraints.resourceRules.0.resourceNames': ['a/b', 'c', 'c'] }, ['POLICY_FIELD spec.matchConstraints.resourceRules[0].resourceNames[0]', 'POLICY_FIELD spec.matchConstraints.resourceRules[0].resourceNames[2]']],
])

suite('ValidatingAdmissionPolicyBinding', object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', { spec: { policyName: 'a', validationActions: ['Deny'] } }), [
  ['no actions', { 'spec.validationActions': null }, ['FIELD_REQUIRED spec.validationActions']],
  ['deny and warn', { 'spec.validationActions': ['Deny', 'Warn'] }, ['POLICY_FIELD spec.validationActions']],
  ['twice', { 'spec.validationActions': ['Audit', 'Audit'] }, ['POLICY_FIELD spec.validationActions[1]']],
  ['parameters', { 'spec.paramRef': { name: 'a' } }, ['FIELD_REQUIRED spec.paramRef.parameterNotFoundAction']],
  ['deletions', { 'spec.matchResources': { resourceRules: [{ operations: ['DELETE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }] } }, []],
  ['two ways to parameters', { 'spec.paramRef': { name: 'a', selector: {}, parameterNotFoundAction: 'Deny' } }, ['POLICY_FIELD spec.paramRef.name', 'POLICY_FIELD spec.paramRef.selector']],
])

const mutating = object('admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy', {
  spec: {
    reinvocationPolicy: 'Never',
    matchConstraints: { resourceRules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }] },
    mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
  },
})
suite('MutatingAdmissionPolicy', mutating, [
  ['no mutations', { 'spec.mutations': [] }, ['FIELD_REQUIRED spec.mutations']],
  ['no reinvocation policy', { 'spec.reinvocationPolicy': undefined }, ['FIELD_REQUIRED spec.reinvocationPolicy']],
  ['another patch', { 'spec.mutations.0.patchType': 'JSONPatch' }, ['POLICY_FIELD spec.mutations[0].applyConfiguration', 'FIELD_REQUIRED spec.mutations[0].jsonPatch']],
  ['unknown patch', { 'spec.mutations.0.patchType': 'Merge' }, ['POLICY_FIELD spec.mutations[0].patchType']],
  ['deletions', { 'spec.matchConstraints.resourceRules.0.operations': ['UPDATE', 'DELETE'] }, ['POLICY_FIELD spec.matchConstraints.resourceRules[0].operations[1]']],
  ['all operations', { 'spec.matchConstraints.resourceRules.0.operations': ['*'] }, []],
  ['deletions that are excluded', { 'spec.matchConstraints.excludeResourceRules': [{ operations: ['DELETE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }] }, []],
])

const deleted = { resourceRules: [{ operations: ['DELETE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }] }
suite('MutatingAdmissionPolicyBinding', object('admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicyBinding', { spec: { policyName: 'a' } }), [
  ['deletions', { 'spec.matchResources': deleted }, ['POLICY_FIELD spec.matchResources.resourceRules[0].operations[0]']],
])

const webhook = { name: 'a.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'], clientConfig: { url: 'https://a/' } }
const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }
// As Go's url.Parse reads them; see apiserver util/webhook ValidateWebhookURL.
describe('URLs of webhooks', () => {
  const found = (url: string, minor = 36) => errors(object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', { webhooks: [{ ...webhook, clientConfig: { url } }] }), minor)
  test.each([
    'https://a', 'https://a/', 'HTTPS://A.example/p', 'hTTps://a', 'https://a/b c', 'https://a/ ', 'https://a/b?', 'https://a?', 'https://a/#', 'https://a/?#', 'https://a/%2f%C3%a9', 'https://a/\u00e9', 'https://\u00e9.example/',
    'https://a:8443/', 'https://a:/', 'https://:443/', 'https://a:99999/', 'https://[::1]', 'https://[::1]:443/', 'https://[fe80::1%25en0]/', 'https://[fe80::1%25%20%41%25]:1/', 'https://[::ffff:1.2.3.4]/', 'https://%C3%A9/', 'https://a%25b/',
    'https://a_b!$&\'()*+,;=~<>"/', 'https://a/@', 'https://a//b', 'https://a/{}|\\^`"<>',
  ])('%j is valid', (url) => {
    expect(found(url)).toEqual([])
  })
  test.each([
    '', 'https', 'https:', 'https:a', 'https:/a', 'https://', 'https:///a', '//a/b', '/a', 'a', 'http://a/', 'ftp://a/', ' https://a/', 'https ://a/', '1https://a/', ':https://a/', '*',
    'https://a/?b', 'https://a/??', 'https://a?b=c', 'https://a/#b', 'https://a/#?', 'https://a/##', 'https://a/#%zz', 'https://u@a/', 'https://u:p@a/', 'https://@a/', 'https://:@a/',
    'https://a/%', 'https://a/%2', 'https://a/%zz', 'https://a b/', 'https://a\\b/', 'https://a^/', 'https://{a}/', 'https://%41/', 'https://%zz/', 'https://a/\t', 'https://a/\u007f', 'https://a/\n#',
    'https://a:b/', 'https://a:-1/', 'https://a:80 /', 'https://a:1:b/', 'https://a:%31/', 'https://[::1', 'https://[::1]a/', 'https://[::1]:b/', 'https://[]/', 'https://[a]/', 'https://[1.2.3.4]/', 'https://a[::1]/', 'https://[[::1]]/', 'https://[::1.2.3.04]/',
    'https://[fe80::1%en0]/', 'https://[fe80::1%25]/', 'https://[fe80::1%25%C3]/', 'https://[fe80::1%25%2f]/', 'https://[fe80::1%25a b]/',
  ])('%j is invalid', (url) => {
    expect(found(url)).toEqual(['WEBHOOK_FIELD webhooks[0].clientConfig.url'])
  })
  test('hosts have one colon from Kubernetes 1.36', () => {
    for (const url of ['https://a:1:2/', 'https://::1/']) {
      expect(found(url, 36)).toEqual(['WEBHOOK_FIELD webhooks[0].clientConfig.url'])
      expect(found(url, 35)).toEqual([])
    }
    expect(found('https://a:b:1/', 35)).toEqual([])
  })
  test.each([`https://a/${'%2f'.repeat(300_000)}`, `https://${'a:'.repeat(300_000)}`, `https://[fe80::1%25${'%20'.repeat(300_000)}`, `https://[${':'.repeat(500_000)}]`, `https://${'@'.repeat(500_000)}`])('a long text (%#) takes no more than a moment', (url) => {
    const start = performance.now()
    found(url)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

suite('webhooks', object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', { webhooks: [{ ...webhook, rules: [rule] }] }), [
  ['star and more', { 'webhooks.0.rules.0.resources': ['*', 'pods'] }, ['WEBHOOK_FIELD webhooks[0].rules[0].resources']],
  ['star and subresource', { 'webhooks.0.rules.0.resources': ['*', 'pods/status'] }, []],
  ['the last plain resource counts', { 'webhooks.0.rules.0.resources': ['pods', '*'] }, []],
  ['all and more', { 'webhooks.0.rules.0.resources': ['*/*', 'pods'] }, ['WEBHOOK_FIELD webhooks[0].rules[0].resources']],
  ['all subresources', { 'webhooks.0.rules.0.resources': ['pods/*', 'pods/log'] }, ['WEBHOOK_FIELD webhooks[0].rules[0].resources[1]']],
  ['a subresource of all', { 'webhooks.0.rules.0.resources': ['*/log', 'pods/log'] }, ['WEBHOOK_FIELD webhooks[0].rules[0].resources[1]']],
  ['empty resource', { 'webhooks.0.rules.0.resources': [null] }, ['FIELD_REQUIRED webhooks[0].rules[0].resources[0]']],
  ['versions twice', { 'webhooks.0.admissionReviewVersions': ['v1', 'v1'] }, ['WEBHOOK_FIELD webhooks[0].admissionReviewVersions[1]']],
  ['conditions', { 'webhooks.0.matchConditions': [{ name: 'a b', expression: 'true' }, { name: '', expression: ' ' }] }, ['WEBHOOK_FIELD webhooks[0].matchConditions[0].name', 'FIELD_REQUIRED webhooks[0].matchConditions[1].name', 'FIELD_REQUIRED webhooks[0].matchConditions[1].expression']],
  ['conditions twice', { 'webhooks.0.matchConditions': [{ name: 'a', expression: 'true' }, { name: 'a', expression: 'true' }] }, ['WEBHOOK_FIELD webhooks[0].matchConditions[1].name']],
  ['empty path of a service', { 'webhooks.0.clientConfig': { service: { name: 'a', namespace: 'b', path: '' } } }, []],
  ['path of a service', { 'webhooks.0.clientConfig': { service: { name: 'a', namespace: 'b', path: '/a_b//c' } } }, ['WEBHOOK_FIELD webhooks[0].clientConfig.service.path', 'WEBHOOK_FIELD webhooks[0].clientConfig.service.path']],
])

const schema = object('flowcontrol.apiserver.k8s.io/v1', 'FlowSchema', {
  spec: {
    priorityLevelConfiguration: { name: 'a' },
    rules: [{ subjects: [{ kind: 'User', user: { name: '*' } }], nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/a/*'] }] }],
  },
})
const all = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
}
const catchAll = {
  priorityLevelConfiguration: { name: 'catch-all' },
  matchingPrecedence: 10_000,
  distinguisherMethod: { type: 'ByUser' },
  rules: [{ subjects: ['unauthenticated', 'authenticated'].map((name) => ({ kind: 'Group', group: { name: `system:${name}` } })), ...all }],
}
suite('FlowSchema', schema, [
  ['precedence', { 'spec.matchingPrecedence': 1 }, ['FLOW_CONTROL_FIELD spec.matchingPrecedence']],
  ['star and more', { 'spec.rules.0.nonResourceRules.0.verbs': ['*', 'get'] }, ['FLOW_CONTROL_FIELD spec.rules[0].nonResourceRules[0].verbs']],
  ['verb', { 'spec.rules.0.nonResourceRules.0.verbs': ['read'] }, ['FLOW_CONTROL_FIELD spec.rules[0].nonResourceRules[0].verbs']],
  ['star in the middle', { 'spec.rules.0.nonResourceRules.0.nonResourceURLs': ['/a*'] }, ['FLOW_CONTROL_FIELD spec.rules[0].nonResourceRules[0].nonResourceURLs[0]']],
  ['no subject', { 'spec.rules.0.subjects': [] }, ['FIELD_REQUIRED spec.rules[0].subjects']],
  ['another subject', { 'spec.rules.0.subjects.0.kind': 'Group' }, ['FLOW_CONTROL_FIELD spec.rules[0].subjects[0].user', 'FIELD_REQUIRED spec.rules[0].subjects[0].group']],
  ['the mandatory schema', { 'metadata.name': 'catch-all', spec: catchAll }, []],
  ['the mandatory schema, with zero values', { 'metadata.name': 'catch-all', spec: catchAll, 'spec.rules.0.resourceRules.0.namespaces': ['*'], 'spec.rules.0.subjects.0.user': null }, []],
  ['the mandatory schema, changed', { 'metadata.name': 'catch-all', spec: catchAll, 'spec.matchingPrecedence': 9999 }, ['FLOW_CONTROL_FIELD spec']],
  ['exempt', { 'metadata.name': 'exempt', 'spec.matchingPrecedence': 1 }, ['FLOW_CONTROL_FIELD spec']],
  ['a status, which is dropped', { status: { conditions: [{ type: 'Dangling' }, { type: 'Dangling' }] } }, []],
  ['resources without namespaces', { 'spec.rules.0.resourceRules': [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] }, ['FIELD_REQUIRED spec.rules[0].resourceRules[0].namespaces']],
])

const limited = { nominalConcurrencyShares: 1, limitResponse: { type: 'Queue', queuing: { queues: 16, handSize: 4 } } }
suite('PriorityLevelConfiguration', object('flowcontrol.apiserver.k8s.io/v1', 'PriorityLevelConfiguration', { spec: { type: 'Limited', limited } }), [
  ['no limits', { 'spec.limited': null }, ['FIELD_REQUIRED spec.limited']],
  ['exempt', { 'spec.type': 'Exempt' }, ['FLOW_CONTROL_FIELD spec.type', 'FLOW_CONTROL_FIELD spec.limited']],
  ['more than the queues', { 'spec.limited.limitResponse.queuing': { queues: 2, handSize: 3 } }, ['FLOW_CONTROL_FIELD spec.limited.limitResponse.queuing.handSize']],
  ['the default hand', { 'spec.limited.limitResponse.queuing': { queues: 7 } }, ['FLOW_CONTROL_FIELD spec.limited.limitResponse.queuing.handSize']],
  ['too many bits', { 'spec.limited.limitResponse.queuing': { queues: 1024, handSize: 7 } }, ['FLOW_CONTROL_FIELD spec.limited.limitResponse.queuing.handSize']],
  ['queues to reject', { 'spec.limited.limitResponse.type': 'Reject' }, ['FLOW_CONTROL_FIELD spec.limited.limitResponse.queuing']],
  ['lent', { 'spec.limited.lendablePercent': 101 }, ['FLOW_CONTROL_FIELD spec.limited.lendablePercent']],
  ['no shares', { 'spec.limited.nominalConcurrencyShares': 0 }, []],
  ['the mandatory level', { 'metadata.name': 'catch-all', 'spec.limited': { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' } } }, []],
  ['the mandatory level, changed', { 'metadata.name': 'catch-all', 'spec.limited': { nominalConcurrencyShares: 6, limitResponse: { type: 'Reject' } } }, ['FLOW_CONTROL_FIELD spec']],
  ['the mandatory level, exempt', { 'metadata.name': 'exempt', spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 7 } } }, []],
])

suite('Namespace', object('v1', 'Namespace', { metadata: { name: 'x', labels: { 'pod-security.kubernetes.io/enforce': 'baseline', 'pod-security.kubernetes.io/enforce-version': 'v1.30' } } }), [
  ['version', { 'metadata.labels': { 'pod-security.kubernetes.io/warn-version': '1.30' } }, ['CLUSTER_FIELD metadata.labels[pod-security.kubernetes.io/warn-version]']],
  ['level', { 'metadata.labels': { 'pod-security.kubernetes.io/audit': 'Baseline' } }, ['CLUSTER_FIELD metadata.labels[pod-security.kubernetes.io/audit]']],
  ['nulls', { 'metadata.labels': { 'pod-security.kubernetes.io/audit': null, 'pod-security.kubernetes.io/warn-version': null } }, ['CLUSTER_FIELD metadata.labels[pod-security.kubernetes.io/audit]', 'CLUSTER_FIELD metadata.labels[pod-security.kubernetes.io/warn-version]']],
  ['the label that is overwritten', { 'metadata.labels': { 'kubernetes.io/metadata.name': '/' } }, []],
])

suite('Node', object('v1', 'Node', { spec: { podCIDR: '10.0.0.0/24', podCIDRs: ['10.0.0.0/24', 'fd00::/64'], taints: [{ key: 'a', effect: 'NoSchedule' }] } }), [
  ['effect', { 'spec.taints.0.effect': 'Never' }, ['CLUSTER_FIELD spec.taints[0].effect']],
  ['twice', { 'spec.taints.1': { key: 'a', value: 'b', effect: 'NoSchedule' } }, ['CLUSTER_FIELD spec.taints[1]']],
  ['one family', { 'spec.podCIDRs.1': '10.1.0.0/24' }, ['CLUSTER_FIELD spec.podCIDRs']],
  ['host bits', { 'spec.podCIDRs.1': 'fd00::1/64' }, ['CLUSTER_FIELD spec.podCIDRs[1]']],
  ['capacity', { status: { capacity: { cpu: '-1' } } }, ['CLUSTER_FIELD status.capacity[cpu]']],
  ['swap', { status: { nodeInfo: { swap: { capacity: 1 } } } }, []],
  ['no swap', { status: { nodeInfo: { swap: { capacity: 0 } } } }, ['CLUSTER_FIELD status.nodeInfo.swap.capacity']],
  ['features', { status: { declaredFeatures: ['A/b', 'Bc1'] } }, []],
  ['names of features', { status: { declaredFeatures: ['A-b', 'b', null] } }, ['CLUSTER_FIELD status.declaredFeatures[0]', 'CLUSTER_FIELD status.declaredFeatures[1]', 'CLUSTER_FIELD status.declaredFeatures[2]', 'CLUSTER_FIELD status.declaredFeatures[2]']],
  ['order of features', { status: { declaredFeatures: ['B', 'A', 'A'] } }, ['CLUSTER_FIELD status.declaredFeatures[1]', 'CLUSTER_FIELD status.declaredFeatures[2]']],
  ['taints in an annotation', { 'metadata.annotations': { 'scheduler.alpha.kubernetes.io/taints': '[{"Key":"a","effect":"NoSchedule"}]' } }, []],
  ['bad taints in an annotation', { 'metadata.annotations': { 'scheduler.alpha.kubernetes.io/taints': '[{"key":"a"}]' } }, ['FIELD_REQUIRED metadata.annotations[scheduler.alpha.kubernetes.io/taints][0].effect']],
  ['taints that are no JSON', { 'metadata.annotations': { 'scheduler.alpha.kubernetes.io/taints': 'a' } }, ['CLUSTER_FIELD metadata.annotations[scheduler.alpha.kubernetes.io/taints]']],
  ['taints that are no list', { 'metadata.annotations': { 'scheduler.alpha.kubernetes.io/taints': '{}' } }, ['CLUSTER_FIELD metadata.annotations[scheduler.alpha.kubernetes.io/taints]']],
  ['pods to avoid', { 'metadata.annotations': { 'scheduler.alpha.kubernetes.io/preferAvoidPods': '{"preferAvoidPods":[{"podSignature":{"podController":{"controller":true}}}]}' } }, []],
  ['pods to avoid without a controller', { 'metadata.annotations': { 'scheduler.alpha.kubernetes.io/preferAvoidPods': '{"preferAvoidPods":[{}]}' } }, ['FIELD_REQUIRED metadata.annotations[scheduler.alpha.kubernetes.io/preferAvoidPods].preferavoidpods[0]']],
])

suite('ServiceCIDR', object('networking.k8s.io/v1', 'ServiceCIDR', { spec: { cidrs: ['10.0.0.0/8', 'fd00::/64'] } }), [
  ['one family', { 'spec.cidrs.1': '11.0.0.0/8' }, ['CLUSTER_FIELD spec.cidrs']],
  ['host bits', { 'spec.cidrs': ['10.0.0.1/8'] }, ['CLUSTER_FIELD spec.cidrs[0]']],
  ['leading zeros', { 'spec.cidrs': ['010.0.0.0/8'] }, ['CLUSTER_FIELD spec.cidrs[0]']],
  ['none', { 'spec.cidrs': [] }, ['FIELD_REQUIRED spec.cidrs']],
  ['zeros that are written out', { 'spec.cidrs.1': 'fd00:0::/64' }, ['CLUSTER_FIELD spec.cidrs[1]']],
  ['capitals', { 'spec.cidrs.1': 'FD00::/64' }, ['CLUSTER_FIELD spec.cidrs[1]']],
  ['a single zero', { 'spec.cidrs.1': 'fd00:1:0:2:3:4:5:0/112' }, []],
  ['a single zero left out', { 'spec.cidrs.1': 'fd00:1::2:3:4:5:0/112' }, ['CLUSTER_FIELD spec.cidrs[1]']],
  ['the first of two runs of zeros', { 'spec.cidrs.1': 'fd00::1:0:0:1:0/112' }, []],
  ['the second of two runs of zeros', { 'spec.cidrs.1': 'fd00:0:0:1::1:0/112' }, ['CLUSTER_FIELD spec.cidrs[1]']],
])
suite('IPAddress', { ...object('networking.k8s.io/v1', 'IPAddress', { spec: { parentRef: { resource: 'services', name: 'a' } } }), metadata: { name: '10.0.0.1' } }, [
  ['no parent', { spec: {} }, ['FIELD_REQUIRED spec.parentRef']],
  ['no resource', { 'spec.parentRef.resource': '' }, ['FIELD_REQUIRED spec.parentRef.resource']],
  ['IPv6', { 'metadata.name': '2001:db8::1' }, []],
  ['IPv6 with zeros that are written out', { 'metadata.name': '2001:db8:0::1' }, ['CLUSTER_FIELD metadata.name']],
  ['IPv6 in capitals', { 'metadata.name': '2001:DB8::1' }, ['CLUSTER_FIELD metadata.name']],
  ['IPv4 inside IPv6', { 'metadata.name': '::ffff:10.0.0.1' }, ['CLUSTER_FIELD metadata.name']],
  ['leading zeros', { 'metadata.name': '010.0.0.1' }, ['CLUSTER_FIELD metadata.name']],
  ['leading zeros inside IPv6', { 'metadata.name': '64:ff9b::010.0.0.1' }, ['CLUSTER_FIELD metadata.name']],
  ['generated', { metadata: { generateName: '10.0.0.1' } }, ['CLUSTER_FIELD metadata.generateName']],
])

suite('Event', object('v1', 'Event', { involvedObject: { namespace: 'default' } }), [
  ['another namespace', { 'involvedObject.namespace': 'other' }, ['CLUSTER_FIELD involvedObject.namespace']],
  ['a time needs more', { eventTime: '2030-01-02T15:04:05.000000Z' }, ['FIELD_REQUIRED reportingComponent', 'FIELD_REQUIRED reportingInstance', 'FIELD_REQUIRED action', 'FIELD_REQUIRED reason']],
])
const timed = { eventTime: '2030-01-02T15:04:05.000000Z', action: 'a', reason: 'b', reportingComponent: 'c', reportingInstance: 'd' }
suite('a text of an Event', object('v1', 'Event', { ...timed, involvedObject: { namespace: 'default' } }), [
  ['of 128 bytes', { action: 'é'.repeat(64), reason: 'é'.repeat(64), reportingInstance: 'é'.repeat(64), message: '€'.repeat(341) }, []],
  ['of more bytes than characters', { action: 'é'.repeat(65), reason: 'é'.repeat(65), reportingInstance: 'é'.repeat(65) }, ['CLUSTER_FIELD reportingInstance', 'CLUSTER_FIELD action', 'CLUSTER_FIELD reason']],
  ['as the message', { message: '€'.repeat(342) }, ['CLUSTER_FIELD message']],
])
const event = { eventTime: '2030-01-02T15:04:05.000000Z', type: 'Normal', action: 'a', reason: 'b', reportingController: 'c', reportingInstance: 'd', regarding: {} }
suite('Event of events.k8s.io', object('events.k8s.io/v1', 'Event', event), [
  ['type', { type: 'Error' }, ['CLUSTER_FIELD type']],
  ['series', { series: { count: 1 } }, ['CLUSTER_FIELD series.count', 'FIELD_REQUIRED series.lastObservedTime']],
  ['count', { deprecatedCount: 1 }, ['CLUSTER_FIELD deprecatedCount']],
])

// A sequence of two empty sequences and an empty bit string: the form of a request, and nothing in it.
const pem = (type: string, body = 'MAYwADAAAwA='): string => btoa(`-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n`)
// The first of the two sequences holds the organization system:masters.
const MASTERS = btoa('\x30\x1b\x30\x15\x06\x03\x55\x04\x0a\x0c\x0esystem:masters\x30\x00\x03\x00')
suite('CertificateSigningRequest', object('certificates.k8s.io/v1', 'CertificateSigningRequest', { spec: { request: pem('CERTIFICATE REQUEST', 'MAYwADAAAwA='), signerName: 'a.b/c', usages: ['client auth'] } }), [
  ['request of no bytes', { 'spec.request': [] }, ['CLUSTER_FIELD spec.request']],
  ['no PEM', { 'spec.request': btoa('hi') }, ['CLUSTER_FIELD spec.request']],
  ['another block', { 'spec.request': pem('CERTIFICATE') }, ['CLUSTER_FIELD spec.request']],
  ['not DER', { 'spec.request': pem('CERTIFICATE REQUEST', 'aGk=') }, ['CLUSTER_FIELD spec.request']],
  ['signer', { 'spec.signerName': 'abc' }, ['CLUSTER_FIELD spec.signerName']],
  ['signer without a dot', { 'spec.signerName': 'abc/d' }, ['CLUSTER_FIELD spec.signerName']],
  ['legacy', { 'spec.signerName': 'kubernetes.io/legacy-unknown' }, ['CLUSTER_FIELD spec.signerName']],
  ['usages', { 'spec.usages': ['client', 'signing', 'signing'] }, ['CLUSTER_FIELD spec.usages[0]', 'CLUSTER_FIELD spec.usages[2]']],
  ['no usages', { 'spec.usages': [] }, ['FIELD_REQUIRED spec.usages']],
  ['masters', { 'spec.request': pem('CERTIFICATE REQUEST', MASTERS), 'spec.signerName': 'kubernetes.io/kube-apiserver-client' }, ['CLUSTER_FIELD spec.request']],
  ['masters of another signer', { 'spec.request': pem('CERTIFICATE REQUEST', MASTERS) }, []],
  ['short', { 'spec.expirationSeconds': 599 }, ['CLUSTER_FIELD spec.expirationSeconds']],
])

const candidate = { leaseName: 'a', binaryVersion: '1.36.0', emulationVersion: '1.35.0', strategy: 'OldestEmulationVersion' }
suite('LeaseCandidate', object('coordination.k8s.io/v1beta1', 'LeaseCandidate', { spec: candidate }), [
  ['older than what it emulates', { 'spec.binaryVersion': '1.34.0' }, ['CLUSTER_FIELD spec.binaryVersion']],
  ['no version', { 'spec.binaryVersion': 'v1' }, ['CLUSTER_FIELD spec.binaryVersion']],
  ['no strategy', { 'spec.strategy': '' }, ['FIELD_REQUIRED spec.strategy']],
])

const item = { type: 'Container', max: { cpu: '2' }, min: { cpu: '1' } }
suite('LimitRange', object('v1', 'LimitRange', { spec: { limits: [item] } }), [
  ['ratio over the bounds', { 'spec.limits.0.maxLimitRequestRatio': { cpu: '5' } }, ['QUOTA_FIELD spec.limits[0].maxLimitRequestRatio.cpu']],
  ['ratio', { 'spec.limits.0.maxLimitRequestRatio': { cpu: '2' } }, []],
  ['default over the bound', { 'spec.limits.0.default': { cpu: '3' } }, ['QUOTA_FIELD spec.limits[0].defaultRequest.cpu', 'QUOTA_FIELD spec.limits[0].default.cpu']],
  ['a bound passed by less than a thousandth', { 'spec.limits.0.default': { cpu: '1.9999' }, 'spec.limits.0.max': { cpu: '1.9991' } }, []],
  ['a device that differs', { 'spec.limits.0': { type: 'Container', default: { 'a.b/c': 2 }, defaultRequest: { 'a.b/c': 1 } } }, ['QUOTA_FIELD spec.limits[0].defaultRequest[a.b/c]']],
])

suite('ControllerRevision', object('apps/v1', 'ControllerRevision', { data: {}, revision: 1 }), [
  ['no data', { data: null }, ['FIELD_REQUIRED data']],
  ['no map', { data: ['a'] }, ['FIELD_REQUIRED data']],
  ['negative', { revision: -1 }, ['NUMBER_NEGATIVE revision']],
])

const review = { user: 'a', resourceAttributes: { verb: 'get' } }
suite('TokenReview', object('authentication.k8s.io/v1', 'TokenReview', { spec: { token: 'a' } }), [
  ['no token', { 'spec.token': '' }, ['FIELD_REQUIRED spec.token']],
])
suite('SubjectAccessReview', object('authorization.k8s.io/v1', 'SubjectAccessReview', { metadata: { labels: {} }, spec: review }), [
  ['nobody', { 'spec.user': '' }, ['CLUSTER_FIELD spec.user']],
  ['groups', { 'spec.user': '', 'spec.groups': ['b'] }, []],
  ['nothing', { 'spec.resourceAttributes': null }, ['CLUSTER_FIELD spec.resourceAttributes']],
  ['both', { 'spec.nonResourceAttributes': {} }, ['CLUSTER_FIELD spec.nonResourceAttributes']],
  ['a name', { 'metadata.name': 'a' }, ['CLUSTER_FIELD metadata']],
  ['no selector', { 'spec.resourceAttributes.fieldSelector': {} }, ['FIELD_REQUIRED spec.resourceAttributes.fieldSelector.requirements']],
  ['two selectors', { 'spec.resourceAttributes.labelSelector': { rawSelector: 'a', requirements: [{ key: 'a', operator: 'Exists' }] } }, ['CLUSTER_FIELD spec.resourceAttributes.labelSelector.rawSelector']],
])
suite('SelfSubjectAccessReview', object('authorization.k8s.io/v1', 'SelfSubjectAccessReview', { metadata: {}, spec: { nonResourceAttributes: {} } }), [
  ['nothing', { spec: {} }, ['CLUSTER_FIELD spec.resourceAttributes']],
])
suite('LocalSubjectAccessReview', object('authorization.k8s.io/v1', 'LocalSubjectAccessReview', { metadata: { namespace: 'a' }, spec: { ...review, resourceAttributes: { namespace: 'a' } } }), [
  ['another namespace', { 'spec.resourceAttributes.namespace': 'b' }, ['CLUSTER_FIELD spec.resourceAttributes.namespace']],
  ['the default namespace', { metadata: {}, 'spec.resourceAttributes.namespace': 'default' }, []],
  ['no resource', { 'spec.resourceAttributes': null, 'spec.nonResourceAttributes': {} }, ['CLUSTER_FIELD spec.nonResourceAttributes']],
])
