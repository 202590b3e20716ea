import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../src/core/json/json.ts'
import { errors, warnings } from './check.ts'
import { type Changes, object, suite, type Row } from './suite.ts'

const MIB = 1024 * 1024
suite('ConfigMap', object('v1', 'ConfigMap', { data: { 'key.name': 'a' } }), [
  ['key', { data: { 'a b': 'x' } }, ['CONFIG_KEY data[a b]']],
  ['twice', { data: { a: 'x' }, binaryData: { a: 'eA==' } }, ['CONFIG_KEY data[a]']],
  ['twice, once with null', { data: { a: null }, binaryData: { a: null } }, ['CONFIG_KEY data[a]']],
  ['as large as can be', { data: { a: 'x'.repeat(MIB) } }, []],
  ['too large', { data: { a: 'x'.repeat(MIB), b: 'y' } }, ['CONFIG_SIZE ']],
])

suite('Secret', object('v1', 'Secret', { stringData: { a: 'x' } }), [
  ['key', { stringData: { '../a': 'x' } }, ['CONFIG_KEY stringData[../a]']],
  ['tls', { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }, ['SECRET_TYPE data[tls.key]']],
  ['tls in stringData', { type: 'kubernetes.io/tls', stringData: { 'tls.crt': '', 'tls.key': '' } }, []],
  ['basic auth', { type: 'kubernetes.io/basic-auth' }, ['SECRET_TYPE data[username]', 'SECRET_TYPE data[password]']],
  ['one of basic auth', { type: 'kubernetes.io/basic-auth', data: { password: 'eA==' } }, []],
  ['empty ssh', { type: 'kubernetes.io/ssh-auth', data: { 'ssh-privatekey': '' } }, ['SECRET_TYPE data[ssh-privatekey]']],
  ['docker', { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'e30=' } }, []],
  ['docker without JSON', { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'eA==' } }, ['SECRET_TYPE data[.dockerconfigjson]']],
  ['token', { type: 'kubernetes.io/service-account-token' }, ['SECRET_TYPE metadata.annotations[kubernetes.io/service-account.name]']],
  ['own type', { type: 'example.com/any' }, []],
  ['null over a key of ssh', { type: 'kubernetes.io/ssh-auth', data: { 'ssh-privatekey': 'eA==' }, stringData: { 'ssh-privatekey': null } }, ['SECRET_TYPE data[ssh-privatekey]']],
  ['docker in numbers', { type: 'kubernetes.io/dockercfg', data: { '.dockercfg': [123, 125] } }, []],
  ['docker in numbers without JSON', { type: 'kubernetes.io/dockercfg', data: { '.dockercfg': [123, null] } }, ['SECRET_TYPE data[.dockercfg]']],
  ['docker of null', { type: 'kubernetes.io/dockercfg', data: { '.dockercfg': null } }, ['SECRET_TYPE data[.dockercfg]']],
  ['docker of null over JSON', { type: 'kubernetes.io/dockercfg', data: { '.dockercfg': 'e30=' }, stringData: { '.dockercfg': null } }, ['SECRET_TYPE data[.dockercfg]']],
  ['null over what is too large', { data: { a: 'AAAA'.repeat(MIB / 2) }, stringData: { a: null } }, []],
])

const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] }
suite('Role', object('rbac.authorization.k8s.io/v1', 'Role', { rules: [rule] }), [
  ['verbs', { 'rules.0.verbs': [] }, ['RBAC_RULE rules[0].verbs']],
  ['groups', { 'rules.0.apiGroups': undefined }, ['RBAC_RULE rules[0].apiGroups']],
  ['URLs', { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] }, ['RBAC_RULE rules[0].nonResourceURLs']],
])
suite('ClusterRole', object('rbac.authorization.k8s.io/v1', 'ClusterRole', { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] }), [
  ['both', { rules: [{ ...rule, nonResourceURLs: ['/x'] }] }, ['RBAC_RULE rules[0].nonResourceURLs']],
  ['aggregation', { rules: null, aggregationRule: {} }, ['FIELD_REQUIRED aggregationRule.clusterRoleSelectors']],
])
const account = { kind: 'ServiceAccount', name: 'app', namespace: 'shop' }
suite('ClusterRoleBinding', object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { roleRef: { kind: 'ClusterRole', name: 'r' }, subjects: [account] }), [
  ['no namespace', { 'subjects.0.namespace': undefined }, ['RBAC_BINDING subjects[0].namespace']],
  ['account with group', { 'subjects.0.apiGroup': 'rbac.authorization.k8s.io' }, ['RBAC_BINDING subjects[0].apiGroup']],
  ['user', { subjects: [{ kind: 'User', name: 'A B' }] }, []],
  ['user of the core group', { subjects: [{ kind: 'User', name: 'a', apiGroup: 'v1' }] }, ['RBAC_BINDING subjects[0].apiGroup']],
  ['kind', { subjects: [{ kind: 'Pod', name: 'a' }] }, ['RBAC_BINDING subjects[0].kind']],
  ['role', { 'roleRef.kind': 'Role' }, ['RBAC_BINDING roleRef.kind']],
  ['no role', { roleRef: undefined }, ['RBAC_BINDING roleRef.kind', 'FIELD_REQUIRED roleRef.name']],
])

const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }
const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }
function ofContainer(name: string): JsonObject {
  return { type: 'ContainerResource', containerResource: { name, container: 'a', target: { type: 'Utilization', averageUtilization: 50 } } }
}
function ofObject(apiVersion: string, amounts: JsonObject): JsonObject {
  const describedObject = { apiVersion, kind: 'Service', name: 'a' }
  return { type: 'Object', object: { metric: { name: 'a' }, describedObject, target: { type: 'Value', ...amounts } } }
}
suite('HorizontalPodAutoscaler', object('autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { scaleTargetRef: target, maxReplicas: 3, metrics: [cpu] } }), [
  ['no maximum', { 'spec.maxReplicas': undefined }, ['AUTOSCALER_FIELD spec.maxReplicas', 'AUTOSCALER_FIELD spec.maxReplicas']],
  ['minimum above', { 'spec.minReplicas': 4 }, ['AUTOSCALER_FIELD spec.maxReplicas']],
  ['to zero', { 'spec.minReplicas': 0 }, ['AUTOSCALER_FIELD spec.minReplicas']],
  ['target', { 'spec.scaleTargetRef': { apiVersion: 'apps/v1' } }, ['FIELD_REQUIRED spec.scaleTargetRef.kind', 'FIELD_REQUIRED spec.scaleTargetRef.name']],
  ['target without group', { 'spec.scaleTargetRef.apiVersion': 'v1' }, ['AUTOSCALER_FIELD spec.scaleTargetRef.apiVersion']],
  ['replication controller', { 'spec.scaleTargetRef': { apiVersion: 'v1', kind: 'ReplicationController', name: 'a' } }, []],
  ['type', { 'spec.metrics.0.type': 'resource' }, ['AUTOSCALER_FIELD spec.metrics[0].type', ]],
  ['two sources', { 'spec.metrics.0.pods': { metric: { name: 'a' }, target: { type: 'AverageValue', averageValue: '1' } } }, ['AUTOSCALER_FIELD spec.metrics[0].pods']],
  ['two amounts from outside', { 'spec.metrics': [{ type: 'External', external: { metric: { name: 'm' }, target: { type: 'Value', value: 1, averageValue: 2 } } }] }, ['AUTOSCALER_FIELD spec.metrics[0].external.target.value']],
  ['a resource of containers', { 'spec.metrics.0': { type: 'ContainerResource', containerResource: { name: 'example.com/gpu', container: 'c', target: cpu.resource.target } } }, []],
  ['no resource of containers', { 'spec.metrics.0': { type: 'ContainerResource', containerResource: { name: 'gpu', container: 'c', target: cpu.resource.target } } }, ['AUTOSCALER_FIELD spec.metrics[0].containerResource.name']],
  ['any resource of pods', { 'spec.metrics.0.resource.name': 'gpu' }, []],
  ['no amount', { 'spec.metrics.0.resource.target': { type: 'Utilization' } }, ['FIELD_REQUIRED spec.metrics[0].resource.target.averageUtilization']],
  ['amount 0', { 'spec.metrics.0.resource.target': { type: 'AverageValue', averageValue: 0 } }, ['AUTOSCALER_FIELD spec.metrics[0].resource.target.averageValue']],
  ['period', { 'spec.behavior': { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 1801 }] } } }, ['AUTOSCALER_FIELD spec.behavior.scaleUp.policies[0].periodSeconds']],
  ['window', { 'spec.behavior': { scaleDown: { stabilizationWindowSeconds: 3601 } } }, ['AUTOSCALER_FIELD spec.behavior.scaleDown.stabilizationWindowSeconds']],
  ['tolerance', { 'spec.behavior': { scaleDown: { tolerance: '-1' } } }, ['AUTOSCALER_FIELD spec.behavior.scaleDown.tolerance']],
  ['resource of a container', { 'spec.metrics': [ofContainer('cpu')] }, []],
  ['resource that containers have not', { 'spec.metrics': [ofContainer('pods')] }, ['AUTOSCALER_FIELD spec.metrics[0].containerResource.name']],
  ['object of the core group', { 'spec.metrics': [ofObject('v1', { value: '1' })] }, []],
  ['object of no version', { 'spec.metrics': [ofObject('a/b/c', { value: '1' })] }, ['AUTOSCALER_FIELD spec.metrics[0].object.describedObject.apiVersion']],
  ['both amounts of an object', { 'spec.metrics': [ofObject('v1', { value: '1', averageValue: '1' })] }, []],
  ['no amount of an object', { 'spec.metrics': [ofObject('v1', {})] }, ['FIELD_REQUIRED spec.metrics[0].object.target.averageValue']],
])
suite('HorizontalPodAutoscaler of 1.33', object('autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { scaleTargetRef: target, maxReplicas: 3 } }), [
  ['target of no version', { 'spec.scaleTargetRef.apiVersion': 'a/b/c' }, []],
  ['tolerance, which is dropped', { 'spec.behavior': { scaleDown: { tolerance: '-1' } } }, []],
], 33)

const METRICS = 'autoscaling.alpha.kubernetes.io/metrics'
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior'
const annotated = (key: string, value: Json): { [path: string]: Json } => ({ 'metadata.annotations': { [key]: JSON.stringify(value) } })
suite('HorizontalPodAutoscaler of autoscaling/v1', object('autoscaling/v1', 'HorizontalPodAutoscaler', { spec: { scaleTargetRef: target, maxReplicas: 3 } }), [
  ['utilization', { 'spec.targetCPUUtilizationPercentage': 0 }, ['AUTOSCALER_FIELD spec.targetCPUUtilizationPercentage']],
  ['metrics in an annotation', annotated(METRICS, [
    { type: 'Resource', resource: { name: 'memory', targetAverageUtilization: 50 } },
    { type: 'Pods', pods: { metricName: 'a', targetAverageValue: '1' } },
    { type: 'External', external: { metricName: 'a', targetValue: '1' } },
    { type: 'Object', object: { target: { kind: 'Service', name: 'a' }, metricName: 'a', targetValue: '1' } },
    { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'c', targetAverageValue: 1 } },
  ]), []],
  ['a metric of no type in it', annotated(METRICS, [null]), [`FIELD_REQUIRED metadata.annotations[${METRICS}][0].type`]],
  ['a share of 0 in it', annotated(METRICS, [{ type: 'Resource', Resource: { name: 'memory', targetAverageUtilization: 0 } }]), [`AUTOSCALER_FIELD metadata.annotations[${METRICS}][0].resource.target.averageUtilization`]],
  ['no amount for pods in it', annotated(METRICS, [{ type: 'Pods', pods: { metricName: 'a' } }]), [`AUTOSCALER_FIELD metadata.annotations[${METRICS}][0].pods.target.averageValue`]],
  ['metrics of a wrong type, which are ignored', annotated(METRICS, [{ type: 5 }]), []],
  ['metrics that are not JSON, which are ignored', { 'metadata.annotations': { [METRICS]: '[' } }, []],
  ['a behavior in an annotation', annotated(BEHAVIOR, { ScaleUp: { Policies: [{ Type: 'Pods', Value: 1, PeriodSeconds: 1 }] } }), []],
  ['a window in it', annotated(BEHAVIOR, { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 1 }], stabilizationWindowSeconds: 3601 } }), [`AUTOSCALER_FIELD metadata.annotations[${BEHAVIOR}].scaleUp.stabilizationWindowSeconds`]],
  ['no policies in it, which have no default', annotated(BEHAVIOR, { scaleDown: {} }), [`FIELD_REQUIRED metadata.annotations[${BEHAVIOR}].scaleDown.policies`]],
  ['conditions, which are ignored', { 'metadata.annotations': { 'autoscaling.alpha.kubernetes.io/conditions': 'x' } }, []],
])

suite('PodDisruptionBudget', object('policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: '50%', selector: {} } }), [
  ['both', { 'spec.maxUnavailable': 1 }, ['DISRUPTION_BUDGET spec']],
  ['text', { 'spec.minAvailable': 'half' }, ['DISRUPTION_BUDGET spec.minAvailable']],
  ['policy', { 'spec.unhealthyPodEvictionPolicy': 'Never' }, ['DISRUPTION_BUDGET spec.unhealthyPodEvictionPolicy']],
])

const other = { apiGroup: 'a.b', kind: 'Other', name: 'a' }
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
suite('PersistentVolumeClaim', object('v1', 'PersistentVolumeClaim', { spec: claim }), [
  ['no modes', { 'spec.accessModes': [] }, ['FIELD_REQUIRED spec.accessModes']],
  ['mode', { 'spec.accessModes': ['RWO'] }, ['CLAIM_FIELD spec.accessModes']],
  ['modes', { 'spec.accessModes': ['ReadWriteOnce', 'ReadWriteOncePod'] }, ['CLAIM_FIELD spec.accessModes']],
  ['no size', { 'spec.resources': undefined }, ['FIELD_REQUIRED spec.resources.storage']],
  ['size 0', { 'spec.resources.requests.storage': '0' }, ['CLAIM_FIELD spec.resources.storage']],
  ['class', { 'spec.storageClassName': 'Fast_SSD' }, ['CLAIM_FIELD spec.storageClassName']],
  ['no class', { 'spec.storageClassName': '' }, []],
  ['volume mode', { 'spec.volumeMode': 'block' }, ['CLAIM_FIELD spec.volumeMode']],
  ['source that is dropped', { 'spec.dataSource': { kind: 'Other', name: 'a' } }, []],
  ['source of another kind', { 'spec.dataSourceRef': { kind: 'Other', name: 'a' } }, ['CLAIM_FIELD spec.dataSourceRef']],
  ['the same source of another kind twice', { 'spec.dataSource': other, 'spec.dataSourceRef': other }, []],
  ['two sources of another kind', { 'spec.dataSource': other, 'spec.dataSourceRef': { ...other, name: 'b' } }, ['CLAIM_FIELD spec']],
  ['source in another namespace, which is dropped', { 'spec.dataSourceRef': { kind: 'Other', namespace: 'N_' } }, []],
  ['source beside one in another namespace', { 'spec.dataSource': { kind: 'PersistentVolumeClaim', name: 'a' }, 'spec.dataSourceRef': { ...other, namespace: 'n' } }, []],
])
suite('PersistentVolume', object('v1', 'PersistentVolume', { spec: { accessModes: ['ReadWriteMany'], capacity: { storage: '1Gi' }, nfs: { server: 'a', path: '/' } } }), [
  ['no source', { 'spec.nfs': undefined }, ['FIELD_REQUIRED spec']],
  ['two sources', { 'spec.hostPath': { path: '/a' } }, ['VOLUME_FIELD spec.nfs']],
  ['no server', { 'spec.nfs.server': '' }, ['FIELD_REQUIRED spec.nfs.server']],
  ['capacity', { 'spec.capacity': { cpu: 1 } }, ['VOLUME_FIELD spec.capacity']],
  ['reclaim', { 'spec.persistentVolumeReclaimPolicy': 'Keep' }, ['VOLUME_FIELD spec.persistentVolumeReclaimPolicy']],
  ['local', { 'spec.nfs': undefined, 'spec.local': { path: '/a' } }, ['FIELD_REQUIRED spec.nodeAffinity']],
  ...['/', '//', '/.', '/./', '//.//./'].map((path): Row => [`recycling ${path}`, { 'spec.nfs': undefined, 'spec.hostPath': { path }, 'spec.persistentVolumeReclaimPolicy': 'Recycle' }, ['VOLUME_FIELD spec.persistentVolumeReclaimPolicy']]),
  ...['/a', '/.a', '/..a', '.'].map((path): Row => [`recycling ${path}`, { 'spec.nfs': undefined, 'spec.hostPath': { path }, 'spec.persistentVolumeReclaimPolicy': 'Recycle' }, []]),
])
suite('StorageClass', object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'kubernetes.io/no-provisioner' }), [
  ['no provisioner', { provisioner: '' }, ['FIELD_REQUIRED provisioner']],
  ['empty reclaim policy', { reclaimPolicy: '' }, []],
  ['reclaim policy', { reclaimPolicy: 'Recycle' }, ['STORAGE_FIELD reclaimPolicy']],
  ['empty binding mode', { volumeBindingMode: '' }, ['STORAGE_FIELD volumeBindingMode']],
])

suite('ResourceQuota', object('v1', 'ResourceQuota', { spec: { hard: { pods: 10, 'requests.cpu': '1', 'count/jobs.batch': 2, 'requests.nvidia.com/gpu': 1 } } }), [
  ['name', { 'spec.hard': { gpu: 1 } }, ['QUOTA_FIELD spec.hard[gpu]']],
  ['negative', { 'spec.hard': { cpu: -1 } }, ['QUOTA_FIELD spec.hard[cpu]']],
  ['fraction', { 'spec.hard': { pods: '1500m' } }, ['QUOTA_FIELD spec.hard[pods]']],
  ['scope', { 'spec.scopes': ['Best'] }, ['QUOTA_FIELD spec.scopes']],
  ['scope of another resource', { 'spec.scopes': ['BestEffort'] }, ['QUOTA_FIELD spec.scopes']],
  ['conflict', { 'spec.hard': { pods: 1 }, 'spec.scopes': ['BestEffort', 'NotBestEffort'] }, ['QUOTA_FIELD spec.scopes']],
  ['conflict of selectors', { 'spec.hard': { pods: 1 }, 'spec.scopeSelector': { matchExpressions: [{ scopeName: 'Terminating', operator: 'Exists' }, { scopeName: 'NotTerminating', operator: 'Exists' }] } }, ['QUOTA_FIELD spec.scopes']],
  ['scope and selector that exclude each other', { 'spec.hard': { pods: 1 }, 'spec.scopes': ['Terminating'], 'spec.scopeSelector': { matchExpressions: [{ scopeName: 'NotTerminating', operator: 'Exists' }] } }, []],
])
const storageQuota: Changes = { 'spec.hard': { 'requests.storage': '1Gi' }, 'spec.scopeSelector': { matchExpressions: [{ scopeName: 'VolumeAttributesClass', operator: 'In', values: ['a'] }] } }
suite('ResourceQuota in 1.32', object('v1', 'ResourceQuota', { spec: { hard: { pods: 10 } } }), [
  ['scope of 1.33', storageQuota, ['QUOTA_FIELD spec.scopeSelector.matchExpressions.scopeName']],
  ['scope of 1.33 in the list', { 'spec.scopes': ['VolumeAttributesClass'] }, ['QUOTA_FIELD spec.scopes']],
], 32)
suite('ResourceQuota in 1.33', object('v1', 'ResourceQuota', { spec: { hard: { pods: 10 } } }), [['scope of 1.33', storageQuota, []]], 33)
suite('LimitRange', object('v1', 'LimitRange', { spec: { limits: [{ type: 'Container', max: { cpu: 2 }, min: { cpu: '100m' }, default: { cpu: 1 } }] } }), [
  ['type', { 'spec.limits.0.type': 'Containers' }, ['QUOTA_FIELD spec.limits[0].type']],
  ['resource', { 'spec.limits.0.max': { gpu: 1 } }, ['QUOTA_FIELD spec.limits[0].max.gpu']],
  ['huge pages', { 'spec.limits.0.max': { 'hugepages-2Mi': '2Mi' } }, []],
  ['requests of huge pages', { 'spec.limits.0.max': { 'requests.hugepages-2Mi': '2Mi' } }, ['QUOTA_FIELD spec.limits[0].max[requests.hugepages-2Mi]']],
  ['requests of a device', { 'spec.limits.0.max': { 'requests.a.b/c': 2 } }, ['QUOTA_FIELD spec.limits[0].max[requests.a.b/c]']],
  ['resources of claims', { 'spec.limits.0': { type: 'PersistentVolumeClaim', min: { storage: null }, max: { 'requests.hugepages-2Mi': 2 } } }, []],
  ['order', { 'spec.limits.0.min.cpu': 3 }, ['QUOTA_FIELD spec.limits[0].min.cpu', 'QUOTA_FIELD spec.limits[0].defaultRequest.cpu', 'QUOTA_FIELD spec.limits[0].default.cpu']],
  ['defaults of pods', { 'spec.limits.0.type': 'Pod' }, ['QUOTA_FIELD spec.limits[0].default']],
  ['ratio', { 'spec.limits.0.maxLimitRequestRatio': { cpu: '500m' } }, ['QUOTA_FIELD spec.limits[0].maxLimitRequestRatio.cpu']],
])

const webhook = {
  name: 'a.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'], clientConfig: { service: { name: 's', namespace: 'n' } },
  rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
}
suite('MutatingWebhookConfiguration', object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', { webhooks: [webhook] }), [
  ['name', { 'webhooks.0.name': 'a.b' }, ['WEBHOOK_FIELD webhooks[0].name']],
  ['effects', { 'webhooks.0.sideEffects': undefined }, ['FIELD_REQUIRED webhooks[0].sideEffects']],
  ['versions', { 'webhooks.0.admissionReviewVersions': ['v2'] }, ['WEBHOOK_FIELD webhooks[0].admissionReviewVersions']],
  ['timeout', { 'webhooks.0.timeoutSeconds': 31 }, ['WEBHOOK_FIELD webhooks[0].timeoutSeconds']],
  ['operation', { 'webhooks.0.rules.0.operations': ['create'] }, ['WEBHOOK_FIELD webhooks[0].rules[0].operations[0]']],
  ['url', { 'webhooks.0.clientConfig': { url: 'http://a.b/c' } }, ['WEBHOOK_FIELD webhooks[0].clientConfig.url']],
  ['both', { 'webhooks.0.clientConfig.url': 'https://a.b/c' }, ['FIELD_REQUIRED webhooks[0].clientConfig']],
  ['twice', { webhooks: [webhook, webhook] }, ['WEBHOOK_FIELD webhooks[1].name']],
])

const schema = { type: 'object', properties: { spec: { type: 'object', properties: { port: { 'x-kubernetes-int-or-string': true } } } } }
const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }
const crd: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.example.com' },
  spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions: [version] },
}
const at = 'spec.versions[0].schema.openAPIV3Schema'
const in0 = 'spec.versions.0.schema.openAPIV3Schema'
suite('CustomResourceDefinition', crd, [
  ['name', { 'metadata.name': 'widget.example.com' }, ['CRD_FIELD metadata.name']],
  ['scope', { 'spec.scope': 'Namespace' }, ['CRD_FIELD spec.scope']],
  ['no schema', { 'spec.versions.0.schema': undefined }, [`FIELD_REQUIRED ${at}`]],
  ['no root type', { [`${in0}.type`]: undefined }, [`CRD_FIELD ${at}.type`]],
  ['no type', { [`${in0}.properties.spec.type`]: undefined }, [`CRD_FIELD ${at}.properties.spec.type`]],
  ['anything', { [in0]: { 'x-kubernetes-preserve-unknown-fields': true } }, []],
  ['array', { [`${in0}.properties.spec`]: { type: 'array' } }, [`CRD_FIELD ${at}.properties.spec.items`]],
  ['map list', { [`${in0}.properties.spec`]: { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map' } }, [`CRD_FIELD ${at}.properties.spec.x-kubernetes-list-map-keys`]],
  ['two stored', { 'spec.versions': [version, { ...version, name: 'v2' }] }, ['CRD_FIELD spec.versions']],
  ['protected', { 'metadata.name': 'widgets.x.k8s.io', 'spec.group': 'x.k8s.io' }, ['CRD_FIELD metadata.annotations[api-approved.kubernetes.io]']],
  ...['https://a.example/1', 'unapproved, an experiment', 'X://a b@c/', 'git+ssh://a', 'x://:1', 'https://a/%zz', 'https://a b/', 'https:a', 'https:///a', 'https://a:b', '/a', 'x://u@'].map(
    (text, i): Row => [`approved by ${text}`, { 'metadata.name': 'widgets.x.k8s.io', 'spec.group': 'x.k8s.io', 'metadata.annotations': { 'api-approved.kubernetes.io': text } }, [0, 1, 3, 4].includes(i) ? [] : ['CRD_FIELD metadata.annotations[api-approved.kubernetes.io]']],
  ),
])

suite('PriorityClass', object('scheduling.k8s.io/v1', 'PriorityClass', { value: 1_000_000_000 }), [
  ['too high', { value: 1_000_000_001 }, ['CLUSTER_FIELD value']],
  ['system', { 'metadata.name': 'system-own' }, ['CLUSTER_FIELD metadata.name']],
  ['critical', { 'metadata.name': 'system-node-critical', value: 2_000_001_000 }, []],
  ['critical with another value', { 'metadata.name': 'system-node-critical', value: 2_000_000_000 }, ['CLUSTER_FIELD metadata.name']],
  ['critical by default', { 'metadata.name': 'system-cluster-critical', value: 2_000_000_000, globalDefault: true }, ['CLUSTER_FIELD metadata.name']],
])
suite('APIService', object('apiregistration.k8s.io/v1', 'APIService', { metadata: { name: 'v1.example.com' }, spec: { group: 'example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10 } }), [
  ['name', { 'metadata.name': 'example.com' }, ['CLUSTER_FIELD metadata.name']],
  ['priority', { 'spec.versionPriority': 0 }, ['CLUSTER_FIELD spec.versionPriority']],
  ['group', { 'metadata.name': 'v1.Example', 'spec.group': 'Example' }, ['CLUSTER_FIELD spec.group']],
  ['no group', { 'metadata.name': 'v1.', 'spec.group': '' }, []],
  ['no group of another version', { 'metadata.name': 'v2.', 'spec.group': '', 'spec.version': 'v2' }, ['FIELD_REQUIRED spec.group']],
  ['generated name', { metadata: { generateName: 'v1.example.com' } }, ['CLUSTER_FIELD metadata.generateName']],
])
suite('IngressClass', object('networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'example.com/ingress' } }), [
  ['controller', { 'spec.controller': 'nginx' }, ['INGRESS_FIELD spec.controller']],
])
suite('Lease', object('coordination.k8s.io/v1', 'Lease', { spec: { leaseDurationSeconds: 10 } }), [
  ['duration', { 'spec.leaseDurationSeconds': 0 }, ['CLUSTER_FIELD spec.leaseDurationSeconds']],
])
suite('RuntimeClass', object('node.k8s.io/v1', 'RuntimeClass', { handler: 'runsc' }), [
  ['handler', { handler: 'a.b' }, ['CLUSTER_FIELD handler']],
])

test('versions that are no longer served are not judged by the rules of today', () => {
  expect(errors(object('policy/v1beta1', 'PodDisruptionBudget', { spec: { minAvailable: 1, maxUnavailable: 1 } }))).toEqual([])
  expect(warnings(object('extensions/v1beta1', 'Deployment', {}))).toEqual([])
})
