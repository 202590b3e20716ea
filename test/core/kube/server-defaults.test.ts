import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/json/json.ts'
import { withoutServerDefaults } from '../../../src/core/kube/server-defaults.ts'

const CONTAINER = { name: 'a', image: 'b:1' }
const ROWS: readonly [name: string, list: string, applied: Json, stored: Json][] = [
  ['termination messages', 'containers', CONTAINER, { ...CONTAINER, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' }],
  ['a pull policy', 'containers', CONTAINER, { ...CONTAINER, imagePullPolicy: 'IfNotPresent' }],
  ['that of latest', 'containers', { name: 'a', image: 'r:5000/b' }, { name: 'a', image: 'r:5000/b', imagePullPolicy: 'Always' }],
  ['that of a digest', 'containers', { name: 'a', image: 'b@sha256:0' }, { name: 'a', image: 'b@sha256:0', imagePullPolicy: 'IfNotPresent' }],
  ['resources', 'initContainers', CONTAINER, { ...CONTAINER, resources: {} }],
  ['requests of limits', 'containers', { ...CONTAINER, resources: { limits: { cpu: 0.5 } } }, { ...CONTAINER, resources: { limits: { cpu: '500m' }, requests: { cpu: '500m' } } }],
  ['a probe', 'containers', { ...CONTAINER, livenessProbe: { httpGet: { port: 1 } } }, { ...CONTAINER, livenessProbe: { failureThreshold: 3, httpGet: { path: '/', port: 1, scheme: 'HTTP' }, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 } }],
  ['a token', 'containers', CONTAINER, { ...CONTAINER, volumeMounts: [{ name: 'kube-api-access-abcde', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }] }],
  ['the order of keys', 'containers', { name: 'a', image: 'b:1', securityContext: { runAsUser: 1, privileged: false } }, { image: 'b:1', imagePullPolicy: 'IfNotPresent', name: 'a', securityContext: { privileged: false, runAsUser: 1 } }],
  ['a port', 'ports', { containerPort: 1 }, { containerPort: 1, protocol: 'TCP' }],
  ['a field', 'env', { name: 'a', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, { name: 'a', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } }],
  ['a resource', 'env', { name: 'a', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }, { name: 'a', valueFrom: { resourceFieldRef: { divisor: '0', resource: 'limits.cpu' } } }],
  ['an empty value', 'env', { name: 'a', value: '' }, { name: 'a' }],
  ['a mount', 'volumeMounts', { name: 'a', mountPath: '/a', readOnly: false }, { name: 'a', mountPath: '/a' }],
  ['a secret', 'volumes', { name: 'a', secret: { secretName: 'b' } }, { name: 'a', secret: { secretName: 'b', defaultMode: 420 } }],
  ['a token with an audience', 'volumes', { name: 'a', projected: { sources: [{ serviceAccountToken: { path: 'b' } }] } }, { name: 'a', projected: { defaultMode: 420, sources: [{ serviceAccountToken: { expirationSeconds: 3600, path: 'b' } }] } }],
  ['an empty folder', 'volumes', { name: 'a' }, { name: 'a', emptyDir: {} }],
  ['a limit of one', 'volumes', { name: 'a', emptyDir: { sizeLimit: '1024Mi' } }, { name: 'a', emptyDir: { sizeLimit: '1Gi' } }],
  ['a path of the host', 'volumes', { name: 'a', hostPath: { path: '/a' } }, { name: 'a', hostPath: { path: '/a', type: '' } }],
]

const DIFFERENT: readonly [name: string, list: string, one: Json, other: Json][] = [
  ['another pull policy', 'containers', CONTAINER, { ...CONTAINER, imagePullPolicy: 'Always' }],
  ['a privilege that is refused', 'containers', CONTAINER, { ...CONTAINER, securityContext: { allowPrivilegeEscalation: false } }],
  ['another threshold', 'containers', { ...CONTAINER, livenessProbe: { httpGet: { port: 1 } } }, { ...CONTAINER, livenessProbe: { failureThreshold: 5, httpGet: { port: 1 } } }],
  ['a request below the limit', 'containers', { ...CONTAINER, resources: { limits: { cpu: 1 } } }, { ...CONTAINER, resources: { limits: { cpu: 1 }, requests: { cpu: '500m' } } }],
  ['a mount of the same path', 'containers', CONTAINER, { ...CONTAINER, volumeMounts: [{ name: 'own', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }] }],
  ['another mode', 'volumes', { name: 'a', secret: { secretName: 'b' } }, { name: 'a', secret: { secretName: 'b', defaultMode: 256 } }],
  ['another protocol', 'ports', { containerPort: 1 }, { containerPort: 1, protocol: 'UDP' }],
  ['a value', 'env', { name: 'a' }, { name: 'a', value: 'b' }],
  ['more arguments', 'containers', { ...CONTAINER, args: ['a', 'b'] }, { ...CONTAINER, args: ['b', 'a'] }],
]

describe('what an API server adds to a part of a pod', () => {
  it.each(ROWS)('%s is no difference', (_name, list, applied, stored) => {
    expect(JSON.stringify(withoutServerDefaults(list, stored))).toBe(JSON.stringify(withoutServerDefaults(list, applied)))
  })
  it.each(DIFFERENT)('%s is one', (_name, list, one, other) => {
    expect(withoutServerDefaults(list, one)).not.toEqual(withoutServerDefaults(list, other))
  })
  it('changes nothing', () => {
    const container = { ...CONTAINER, resources: { limits: { cpu: 1 }, requests: { cpu: 1 } }, volumeMounts: [{ name: 'a', mountPath: '/a', readOnly: false }] }
    const before = structuredClone(container)
    withoutServerDefaults('containers', container)
    expect(container).toEqual(before)
  })
})
