import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/core/text/source.ts'
import { validate } from './support.ts'

const object = (apiVersion: string, kind: string, rest: string): string => `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x}, ${rest}}\n`
const pod = (spec: string): string => object('v1', 'Pod', `spec: {containers: [{name: c, image: i}], ${spec}}`)
const deployment = (labels: string, metadata = '{labels: {app: ""}}'): string =>
  object('apps/v1', 'Deployment', `spec: {selector: {matchLabels: ${labels}}, template: {metadata: ${metadata}, spec: {containers: [{name: c, image: i}]}}}`)
const named = (metadata: string, kind = 'ConfigMap', apiVersion = 'v1'): string => `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: ${metadata}}\n`

const statefulSet = (volumes: string): string =>
  object('apps/v1', 'StatefulSet', `spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {volumes: ${volumes}, containers: [{name: c, image: i}]}}, volumeClaimTemplates: [{metadata: {name: d}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}`)

/** What a decoder in Go and the validation behind it make of values that YAML has more of than they look. */
const CASES: readonly [name: string, text: string, accepted: boolean, minor?: number][] = [
  ['a quantity with blanks', pod('volumes: [{name: v, emptyDir: {sizeLimit: " 1Gi "}}]'), true],
  ['a quantity with a line break', pod('volumes: [{name: v, emptyDir: {sizeLimit: "1Gi\\n"}}]'), false],
  ['a quantity with a tab', pod('volumes: [{name: v, emptyDir: {sizeLimit: "\\t1Gi"}}]'), false],
  ['null as a label to match, which is empty', deployment('{app: null}'), true],
  ['null as a label to match another', deployment('{app: null}', '{labels: {app: x}}'), false],
  ['null as an access mode', object('v1', 'PersistentVolumeClaim', 'spec: {accessModes: [null], resources: {requests: {storage: 1Gi}}}'), false],
  ['null as an external IP', object('v1', 'Service', 'spec: {ports: [{port: 1}], externalIPs: [null]}'), false],
  ['null as a host of TLS', object('networking.k8s.io/v1', 'Ingress', 'spec: {defaultBackend: {service: {name: a, port: {number: 1}}}, tls: [{hosts: [null]}]}'), false],
  ['null as a scope', object('v1', 'ResourceQuota', 'spec: {scopes: [null]}'), false],
  ['null as a policy type', object('networking.k8s.io/v1', 'NetworkPolicy', 'spec: {podSelector: {}, policyTypes: [null]}'), false],
  ['null as an exit code', object('batch/v1', 'Job', 'spec: {podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [null]}}]}, template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}'), false],
  ['a finalizer without a domain', named('{name: x, finalizers: [mine]}'), false],
  ['a finalizer of Kubernetes', named('{name: x, finalizers: [orphan]}'), true],
  ['a finalizer without a domain on a kind that is validated without core', named('{name: x, finalizers: [mine]}', 'Lease', 'coordination.k8s.io/v1'), true],
  ['a finalizer without a domain on an Event', named('{name: x, finalizers: [mine]}', 'Event', 'v1').replace('}\n', ', involvedObject: {namespace: default}}\n'), true],
  ['an owner of no version', named('{name: x, ownerReferences: [{apiVersion: a/b/c, kind: K, name: o, uid: u}]}'), false],
  ['an owner of an empty version', named('{name: x, ownerReferences: [{apiVersion: apps/, kind: K, name: o, uid: u}]}'), false],
  ['an owner', named('{name: x, ownerReferences: [{apiVersion: apps/v1, kind: K, name: o, uid: u}]}'), true],
  ['bytes as a list of numbers', object('v1', 'Secret', 'data: {k: [0, 255, null]}'), true],
  ['bytes as a list of texts', object('v1', 'Secret', 'data: {k: [x]}'), false],
  ['bytes as a list of more than bytes', object('v1', 'Secret', 'data: {k: [256]}'), false],
  ['the largest int64', pod('terminationGracePeriodSeconds: 9223372036854775807'), true],
  ['one more', pod('terminationGracePeriodSeconds: 9223372036854775808'), false],
  ['a priority', pod('priority: 5'), false],
  ['no preemption', pod('preemptionPolicy: Never'), false],
  ['a preference without a term', pod('affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1}]}}'), true],
  ['scaleIO without a secret', pod('volumes: [{name: v, scaleIO: {gateway: g, system: s, volumeName: v}}]'), true],
  ['a source of claims that is dropped', object('v1', 'PersistentVolumeClaim', 'spec: {accessModes: [ReadWriteOnce], dataSource: {name: a}, resources: {requests: {storage: 1Gi}}}'), true],
  ['a domain with a dot at its end', object('discovery.k8s.io/v1', 'EndpointSlice', 'addressType: FQDN, endpoints: [{addresses: [a.example.]}]'), true],
  ['a domain of one part', object('discovery.k8s.io/v1', 'EndpointSlice', 'addressType: FQDN, endpoints: [{addresses: [a]}]'), false],
  ['a hint for no zone', object('discovery.k8s.io/v1', 'EndpointSlice', 'addressType: IPv4, endpoints: [{addresses: [10.0.0.1], hints: {forZones: [{}]}}]'), true],
  ['a hint twice', object('discovery.k8s.io/v1', 'EndpointSlice', 'addressType: IPv4, endpoints: [{addresses: [10.0.0.1], hints: {forZones: [{name: a}, {name: a}]}}]'), false],
  ['a namespace of no format', named('{name: x, namespace: My_NS}'), false],
  ['a namespace on a Namespace, which is in none', named('{name: x, namespace: My_NS}', 'Namespace'), true],
  ['a namespace on a taint rule, which is in none', object('resource.k8s.io/v1alpha3', 'DeviceTaintRule', 'spec: {deviceSelector: {driver: a.b}, taint: {key: a, effect: NoExecute}}').replace('name: x', 'name: x, namespace: My_NS'), true],
  ['a namespace on a request for the status of pools, which is in none', object('resource.k8s.io/v1alpha3', 'ResourcePoolStatusRequest', 'spec: {driver: a.b}').replace('name: x', 'name: x, namespace: My_NS'), true],
  ...Object.entries({ SubjectAccessReview: '{user: a, resourceAttributes: {}}', SelfSubjectAccessReview: '{resourceAttributes: {}}', SelfSubjectRulesReview: '{namespace: a}' }).map(([kind, spec]): (typeof CASES)[number] => [
    `a namespace on a ${kind}, which is in none`, `{apiVersion: authorization.k8s.io/v1, kind: ${kind}, metadata: {namespace: My_NS}, spec: ${spec}}\n`, true,
  ]),
  ['a review in a namespace', '{apiVersion: authorization.k8s.io/v1, kind: LocalSubjectAccessReview, metadata: {namespace: x}, spec: {user: a, resourceAttributes: {namespace: x}}}\n', true],
  ['a namespace of no format on a review that is in one', '{apiVersion: authorization.k8s.io/v1, kind: LocalSubjectAccessReview, metadata: {namespace: My_NS}, spec: {user: a, resourceAttributes: {namespace: My_NS}}}\n', false],
  ['a review of rules in no namespace', '{apiVersion: authorization.k8s.io/v1, kind: SelfSubjectRulesReview, spec: {}}\n', false],
  ['the core group with a slash', named('{name: x}', 'ConfigMap', '/v1'), true],
  ['the core group with a slash, and a bad value', object('/v1', 'Pod', 'spec: {}'), false],
  ['a group with two slashes', named('{name: x}', 'Deployment', '/apps/v1'), false],
  ['a reference for data that is dropped', object('v1', 'PersistentVolumeClaim', 'spec: {accessModes: [ReadWriteOnce], dataSourceRef: {namespace: a}, resources: {requests: {storage: 1Gi}}}'), true],
  ['a reference for data without a name', object('v1', 'PersistentVolumeClaim', 'spec: {accessModes: [ReadWriteOnce], dataSourceRef: {apiGroup: a.b, kind: K}, resources: {requests: {storage: 1Gi}}}'), false],
  ['a volume that a claim template replaces', statefulSet('[{name: d, iscsi: {}}]'), true],
  ['an unknown field in a volume that a claim template replaces', statefulSet('[{name: d, iscsi: {x: y}}]'), false],
  ['a volume beside a claim template', statefulSet('[{name: e, iscsi: {}}]'), false],
  ['host bits', object('networking.k8s.io/v1', 'NetworkPolicy', 'spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.1/8}}]}]}'), false],
  ['host bits before 1.36', object('networking.k8s.io/v1', 'NetworkPolicy', 'spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.1/8}}]}]}'), true, 35],
  ['leading zeros', object('v1', 'Service', 'spec: {ports: [{port: 1}], externalIPs: [010.0.0.1]}'), false],
  ['leading zeros before 1.36', object('v1', 'Service', 'spec: {ports: [{port: 1}], externalIPs: [010.0.0.1]}'), true, 35],
]

describe('what the API server accepts', () => {
  it.each(CASES)('%s', async (_name, text, accepted, minor = 36) => {
    const { objects } = await validate(text, { kubeVersion: { minor }, served: new Set(['resource.k8s.io/v1alpha3']) })
    const errors = objects.flatMap(({ diagnostics }) => diagnostics).filter(({ severity }) => severity === 'error')
    expect(errors.length === 0, JSON.stringify(errors.map(({ code, message }) => `${code} ${message}`))).toBe(accepted)
  })
})

describe('a namespace of no format on a custom resource', () => {
  it.each([['Namespaced', ['METADATA_NAMESPACE']], ['Cluster', []]])('of scope %s', async (scope, expected) => {
    const versions = '[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]'
    const definition = `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: ks.a.b}, spec: {group: a.b, scope: ${scope}, names: {kind: K, plural: ks}, versions: ${versions}}}\n`
    const { objects } = await validate(named('{name: x, namespace: My_NS}', 'K', 'a.b/v1'), { definitions: [new SourceText('crd.yaml', definition)] })
    expect(objects.flatMap(({ diagnostics }) => diagnostics).map(({ code }) => code)).toEqual(expected)
  })
})
