// Small builders stand beside the table that uses them.
import {
  assert as holds,
  type Arbitrary,
  array,
  constantFrom,
  dictionary,
  letrec,
  oneof,
  property,
  string,
} from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GATES } from '../../../../src/core/validate/pod/gates.ts'
import { LINUX_SIGNALS } from '../../../../src/core/validate/pod/container/probes.ts'
import { KNOWN_MINORS } from '../../../../src/core/kube/version.ts'
import type { Json, JsonObject } from '../../../../src/core/json/json.ts'
import { validatePodSpec } from '../../../../src/core/validate/pod/index.ts'
import { check, container, findings } from './check.ts'

describe('any data at all', () => {
  /** Field names as the rules know them, so that random data gets below the first level. */
  const known = (
    'containers initContainers volumes name image ports containerPort env valueFrom fieldRef ' +
    'fieldPath volumeMounts mountPath resources limits cpu securityContext livenessProbe httpGet port ' +
    'affinity nodeAffinity tolerations projected sources ephemeral dnsConfig __proto__'
  ).split(' ')
  const tree = letrec<{ json: Json }>((tie) => ({
    json: oneof(
      { depthSize: 'medium' },
      oneof(constantFrom(null, true, 0, -1, 1e21, '', 'a', '../a', 'constructor'), string({ maxLength: 5 })),
      array(tie('json'), { maxLength: 3 }),
      dictionary(constantFrom(...known), tie('json'), { maxKeys: 6 }),
    ) as Arbitrary<Json>,
  })).json

  test('never throws and is never changed', () => {
    const object = dictionary(constantFrom(...known), tree, { maxKeys: 8 }) as Arbitrary<JsonObject>
    holds(
      property(
        object,
        constantFrom(...KNOWN_MINORS),
        constantFrom('Pod', 'Deployment'),
        (spec, minor, kind) => {
          const before = JSON.stringify(spec)
          check(spec, { minor, kind })
          expect(JSON.stringify(spec)).toBe(before)
        },
      ),
      { numRuns: 300 },
    )
  })
})

test('paths begin at the root of the object', () => {
  const paths: unknown[] = []
  const ctx = {
    kubeVersion: { minor: 36 },
    kind: 'Deployment',
    metadata: undefined,
    metadataPath: ['spec', 'template', 'metadata'],
    extraVolumes: [],
  }
  validatePodSpec({}, ['spec', 'template', 'spec'], ctx, (finding) => paths.push(finding.path))
  expect(paths).toEqual([['spec', 'template', 'spec', 'containers']])
})

describe('a StatefulSet', () => {
  const spec = container({ name: 'A' })
  test('is checked since 1.34', () => {
    expect(check(spec, { kind: 'StatefulSet' })).toEqual(['CONTAINER_NAME_INVALID containers[0].name'])
  })
  test('was accepted before, though its pods were not', () => {
    expect(check(spec, { kind: 'StatefulSet', minor: 33 })).toEqual([
      '~CONTAINER_NAME_INVALID containers[0].name',
    ])
  })
  test.each([36, 33])('takes the place of names and volumes of its pod in 1.%i', (minor) => {
    const claimed = { name: 'data', hostPath: { path: '' } }
    const own = container({}, { hostname: 'A', subdomain: 'a_b', volumes: [claimed, claimed] })
    expect(check(own, { kind: 'StatefulSet', extraVolumes: ['data'], minor })).toEqual([])
  })
  test('had its annotations checked all the time', () => {
    const metadata = { annotations: { 'controller.kubernetes.io/pod-deletion-cost': 'x' } }
    const found = check(container(), { kind: 'StatefulSet', minor: 33, metadata })
    expect(found).toEqual([
      'POD_ANNOTATION_INVALID metadata.annotations[controller.kubernetes.io/pod-deletion-cost]',
    ])
  })
})

test('messages say what is wrong and what to do', () => {
  const spec = container({ ports: [{ containerPort: 80, protocol: 'tcp' }], imagePullPolicy: 'Sometimes' })
  expect(findings(spec).map(({ message, hint }) => [message, hint])).toEqual([
    [
      'Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
      'use one of "Always", "IfNotPresent", "Never"',
    ],
    ['Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"', 'write "TCP"'],
  ])
})

test('a long value is cut in messages', () => {
  const [finding] = findings(container({ name: 'A'.repeat(5000) }))
  expect(finding?.message.length).toBeLessThan(250)
})

test('gates come on in a known minor or not at all', () => {
  const minors = Object.values(GATES).filter((minor) => minor !== undefined)
  expect(minors.every((minor) => (KNOWN_MINORS as readonly number[]).includes(minor))).toBe(true)
})

test('every signal of Linux is there once', () => {
  expect(new Set(LINUX_SIGNALS).size).toBe(65)
  expect(LINUX_SIGNALS).toContain('SIGRTMIN+15')
  expect(LINUX_SIGNALS).toContain('SIGRTMAX-14')
})
