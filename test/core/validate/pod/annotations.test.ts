// Small builders stand beside the table that uses them.
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../src/core/json/json.ts'
import { check, container, type Options } from './check.ts'

const SECCOMP = 'container.seccomp.security.alpha.kubernetes.io/web'
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/web'
const COST = 'controller.kubernetes.io/pod-deletion-cost'
const TOLERATIONS = 'scheduler.alpha.kubernetes.io/tolerations'

describe('annotations', () => {
  test.each<[string, string, string[]]>([
    [COST, '-10', []],
    [COST, '+10', ['POD_ANNOTATION_INVALID']],
    [COST, '010', ['POD_ANNOTATION_INVALID']],
    [COST, '2147483647', []],
    [COST, '2147483648', ['POD_ANNOTATION_INVALID']],
    [COST, '-2147483648', []],
    [COST, '', ['POD_ANNOTATION_INVALID']],
    ['kubernetes.io/config.mirror', 'x', ['POD_ANNOTATION_INVALID']],
    [TOLERATIONS, '', []],
    [TOLERATIONS, '[{"key":"a","operator":"Exists"}]', []],
    [TOLERATIONS, '[{"key":"a","operator":"Is"}]', ['TOLERATION_INVALID']],
    [TOLERATIONS, '[{"Key":"a","OPERATOR":"Exists","tolerationSeconds":null,"x":1}]', []],
    [TOLERATIONS, '[{"Key":"a","OPERATOR":"Is"}]', ['TOLERATION_INVALID']],
    [TOLERATIONS, '[null]', ['TOLERATION_INVALID']],
    [TOLERATIONS, '["a"]', ['POD_ANNOTATION_INVALID']],
    [TOLERATIONS, '[{"key":1,"operator":"Exists"}]', ['POD_ANNOTATION_INVALID']],
    [TOLERATIONS, '[{"operator":"Exists","tolerationSeconds":"1"}]', ['POD_ANNOTATION_INVALID']],
    [TOLERATIONS, '{', ['POD_ANNOTATION_INVALID']],
    [SECCOMP, 'runtime/default', ['~ANNOTATION_DEPRECATED']],
    [SECCOMP, 'localhost/../a', ['POD_ANNOTATION_INVALID', '~ANNOTATION_DEPRECATED']],
    [SECCOMP, 'on', ['POD_ANNOTATION_INVALID', '~ANNOTATION_DEPRECATED']],
    [APPARMOR, 'localhost/a', ['~ANNOTATION_DEPRECATED']],
    [APPARMOR, 'on', ['POD_ANNOTATION_INVALID', '~ANNOTATION_DEPRECATED']],
    [`${APPARMOR}x`, 'unconfined', ['POD_ANNOTATION_INVALID']],
    ['scheduler.alpha.kubernetes.io/critical-pod', '', ['~ANNOTATION_DEPRECATED']],
    ['example.com/a', 'anything', []],
  ])('%s: %j', (key, value, expected) => {
    const found = check(container(), { metadata: { annotations: { [key]: value } } })
    expect(found).toEqual(expected.map((code) => `${code} metadata.annotations[${key}]`))
  })
})

describe('profiles in annotations and fields', () => {
  const both = (annotation: string, value: string, security: JsonObject): string[] =>
    check(container({ securityContext: security }), { metadata: { annotations: { [annotation]: value } } })
  test.each<[string, string, JsonObject, string[]]>([
    [SECCOMP, 'runtime/default', { seccompProfile: { type: 'RuntimeDefault' } }, []],
    [SECCOMP, 'docker/default', { seccompProfile: { type: 'RuntimeDefault' } }, []],
    [
      SECCOMP,
      'unconfined',
      { seccompProfile: { type: 'RuntimeDefault' } },
      ['POD_PROFILE_MISMATCH containers[0].securityContext.seccompProfile.type'],
    ],
    [
      SECCOMP,
      'localhost/a',
      { seccompProfile: { type: 'Localhost', localhostProfile: 'b' } },
      ['POD_PROFILE_MISMATCH containers[0].securityContext.seccompProfile.localhostProfile'],
    ],
    [APPARMOR, 'unconfined', { appArmorProfile: { type: 'Unconfined' } }, []],
    [
      APPARMOR,
      'unconfined',
      { appArmorProfile: { type: 'RuntimeDefault' } },
      ['POD_PROFILE_MISMATCH containers[0].securityContext.appArmorProfile.type'],
    ],
  ])('%s %s', (key, value, security, expected) => expect(both(key, value, security)).toEqual(expected))
})

describe('the AppArmor profile of an annotation', () => {
  const spec = container({}, { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } })
  const mismatch = ['POD_PROFILE_MISMATCH securityContext.appArmorProfile.type']
  const bad = [`POD_ANNOTATION_INVALID metadata.annotations[${APPARMOR}]`]
  test.each<[string, string, JsonObject, string[]]>([
    ['Deployment', 'unconfined', spec, mismatch],
    ['Pod', 'unconfined', spec, []],
    ['Pod', 'localhost/a', spec, []],
    ['Pod', 'localhost/', spec, mismatch],
    ['Pod', '', spec, mismatch],
    ['Pod', 'localhost/a ', spec, bad],
    ['Pod', 'localhost/ ', container(), bad],
    ['Pod', `localhost/${'a'.repeat(4096)}`, container(), bad],
    ['Deployment', 'localhost/a ', container(), []],
  ])('in a %s: %j', (kind, value, own, expected) => {
    const found = check(own, { kind, metadata: { annotations: { [APPARMOR]: value } } })
    expect(found.filter((finding) => !finding.startsWith('~'))).toEqual(expected)
  })
})

describe('admission', () => {
  const pod = (fields: JsonObject): JsonObject => container({}, fields)
  test.each<[string, JsonObject, string[], Options]>([
    ['a class', pod({ priorityClassName: 'high' }), [], { kind: 'Pod' }],
    [
      'a class of the system',
      pod({ priorityClassName: 'system-node-critical', priority: 2000001000 }),
      [],
      { kind: 'Pod' },
    ],
    [
      'another priority',
      pod({ priorityClassName: 'system-node-critical', priority: 1 }),
      ['PRIORITY_CLASS_INVALID priority'],
      { kind: 'Pod' },
    ],
    [
      'another preemption',
      pod({ priorityClassName: 'system-node-critical', preemptionPolicy: 'Never' }),
      ['PRIORITY_CLASS_INVALID preemptionPolicy'],
      { kind: 'Pod' },
    ],
    [
      'a class that cannot be',
      pod({ priorityClassName: 'system-mine' }),
      ['PRIORITY_CLASS_INVALID priorityClassName'],
      { kind: 'Pod' },
    ],
    [
      'a class that cannot be, in a template',
      pod({ priorityClassName: 'system-mine' }),
      ['~PRIORITY_CLASS_INVALID priorityClassName'],
      { kind: 'Job' },
    ],
    [
      'a malformed class',
      pod({ priorityClassName: 'A' }),
      ['POD_NAME_INVALID priorityClassName'],
      { kind: 'Job' },
    ],
    ['a priority alone', pod({ priority: 5 }), ['PRIORITY_WITHOUT_CLASS priority'], { kind: 'Pod' }],
    ['a priority alone, in a template', pod({ priority: 5 }), ['~PRIORITY_WITHOUT_CLASS priority'], { kind: 'Job' }],
    ['no preemption without a class', pod({ preemptionPolicy: 'Never' }), ['PRIORITY_WITHOUT_CLASS preemptionPolicy'], { kind: 'Pod' }],
    ['the preemption policy of no class', pod({ preemptionPolicy: 'PreemptLowerPriority' }), [], { kind: 'Pod' }],
    ['no preemption in a class', pod({ preemptionPolicy: 'Never', priorityClassName: 'a' }), [], { kind: 'Pod' }],
    ['overhead alone', pod({ overhead: { cpu: 1 } }), ['OVERHEAD_WITHOUT_CLASS overhead'], { kind: 'Pod' }],
    [
      'overhead alone, in a template',
      pod({ overhead: { cpu: 1 } }),
      ['~OVERHEAD_WITHOUT_CLASS overhead'],
      { kind: 'Job' },
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('a mirror pod', () => {
  const MIRROR = 'kubernetes.io/config.mirror'
  const pod = (spec: JsonObject, fields: JsonObject = {}): JsonObject => container(fields, { nodeName: 'n', ...spec })
  const volume = (source: JsonObject): JsonObject => pod({ volumes: [{ name: 'v', ...source }] })
  const ref = { name: 's' }
  const rows: [string, JsonObject, string[]][] = [
    ['nothing of the kind', pod({ volumes: [{ name: 'v', configMap: ref }] }), []],
    ['an account', pod({ serviceAccountName: 'a' }), ['serviceAccountName']],
    ['an account by its old name', pod({ serviceAccount: 'a' }), ['serviceAccount']],
    ['a secret to pull with', pod({ imagePullSecrets: [ref] }), ['imagePullSecrets[0].name']],
    [
      'a variable',
      pod({}, { env: [{ name: 'A', valueFrom: { secretKeyRef: { ...ref, key: 'k' } } }] }),
      ['containers[0].env[0].valueFrom.secretKeyRef.name'],
    ],
    ['all variables', pod({}, { envFrom: [{ secretRef: ref }] }), ['containers[0].envFrom[0].secretRef.name']],
    ['a volume', volume({ secret: { secretName: 's' } }), ['volumes[0].secret.secretName']],
    [
      'the secret of a volume',
      volume({ csi: { driver: 'd', nodePublishSecretRef: ref } }),
      ['volumes[0].csi.nodePublishSecretRef.name'],
    ],
    [
      'a projected volume',
      volume({ projected: { sources: [{ secret: ref }, { serviceAccountToken: { path: 'p' } }] } }),
      ['volumes[0].projected.sources[0].secret.name', 'volumes[0].projected.sources[1].serviceAccountToken'],
    ],
    [
      'a resource claim',
      pod({ resourceClaims: [{ name: 'c', resourceClaimName: 'c' }] }),
      ['resourceClaims'],
    ],
  ]
  test.each(rows)('with %s', (_, spec, fields) => {
    const metadata = { annotations: { [MIRROR]: 'x' } }
    const refused = fields.map((field) => `POD_MIRROR_FIELD ${field}`)
    expect(check(spec, { kind: 'Pod', metadata })).toEqual(refused)
    expect(check(spec, { kind: 'Pod' })).toEqual([])
    expect(check(spec, { metadata })).toEqual([])
  })
})
