import { describe, expect, it } from 'vitest'
import { DEPRECATIONS } from '../../../src/core/validate/deprecations.ts'
import { findKind } from '../../../src/core/validate/served-kinds.ts'
import { KNOWN_MINORS } from '../../../src/core/kube/version.ts'
import { brief, schemaOf } from '../schema/schemas.ts'

describe('findKind', () => {
  it.each<[string, string, number, string, string[]]>([
    ['apps/v1', 'Deployment', 36, 'served', []],
    ['v1', 'Pod', 31, 'served', []],
    ['v1', 'List', 36, 'list', []],
    ['apps/v1', 'DeploymentList', 36, 'list', []],
    ['example.com/v1', 'Deployment', 36, 'foreign', []],
    ['batch.volcano.sh/v1alpha1', 'Job', 36, 'foreign', []],
    ['gateway.networking.k8s.io/v1', 'Gateway', 36, 'foreign', []],
    ['extensions/v1beta1', 'Deployment', 36, 'refused', ['API_REMOVED apiVersion']],
    ['extensions/v1beta1', 'Job', 36, 'refused', ['API_REMOVED apiVersion']],
    ['policy/v1beta1', 'PodSecurityPolicy', 36, 'refused', ['API_REMOVED apiVersion']],
    ['resource.k8s.io/v1', 'ResourceClaim', 33, 'refused', ['API_TOO_NEW apiVersion']],
    ['resource.k8s.io/v1', 'ResourceClaim', 34, 'served', []],
    ['coordination.k8s.io/v1alpha1', 'LeaseCandidate', 32, 'refused', ['API_REMOVED apiVersion']],
    ['v1', 'ComponentStatus', 36, 'served', ['API_DEPRECATED apiVersion', 'KIND_READ_ONLY kind']],
    ['v1', 'Endpoints', 32, 'served', []],
    ['v1', 'Endpoints', 33, 'served', ['API_DEPRECATED apiVersion']],
    ['networking.k8s.io/v1beta1', 'IPAddress', 33, 'served', ['API_NOT_DEFAULT apiVersion']],
    ['networking.k8s.io/v1beta1', 'IPAddress', 34, 'served', ['API_DEPRECATED apiVersion', 'API_NOT_DEFAULT apiVersion']],
    ['coordination.k8s.io/v1beta1', 'LeaseCandidate', 35, 'served', ['API_NOT_DEFAULT apiVersion']],
    ['coordination.k8s.io/v1beta1', 'LeaseCandidate', 36, 'served', ['API_DEPRECATED apiVersion', 'API_NOT_DEFAULT apiVersion']],
    ['certificates.k8s.io/v1alpha1', 'ClusterTrustBundle', 34, 'served', ['API_DEPRECATED apiVersion', 'API_NOT_DEFAULT apiVersion']],
    ['storage.k8s.io/v1alpha1', 'VolumeAttributesClass', 32, 'served', ['API_DEPRECATED apiVersion', 'API_NOT_DEFAULT apiVersion']],
    ['authentication.k8s.io/v1beta1', 'SelfSubjectReview', 32, 'served', ['API_DEPRECATED apiVersion', 'API_NOT_DEFAULT apiVersion']],
    ['storagemigration.k8s.io/v1alpha1', 'StorageVersionMigration', 34, 'served', ['API_DEPRECATED apiVersion', 'API_NOT_DEFAULT apiVersion']],
    ['v1', 'Deployment', 36, 'refused', ['KIND_UNKNOWN apiVersion']],
    ['v2', 'Service', 36, 'refused', ['KIND_UNKNOWN apiVersion']],
    ['app/v1', 'Deployment', 36, 'refused', ['KIND_UNKNOWN apiVersion']],
    ['apps/v1', 'deployment', 36, 'refused', ['KIND_UNKNOWN kind']],
    ['apps/v1', 'constructor', 36, 'refused', ['KIND_UNKNOWN apiVersion']],
  ])('%s %s in 1.%i is %s', (apiVersion, kind, minor, state, expected) => {
    const verdict = findKind(schemaOf(minor), apiVersion, kind)
    expect(verdict.state).toBe(state)
    expect(brief('findings' in verdict ? verdict.findings : [])).toEqual(expected)
  })

  it('takes a version that is off by default where the cluster has it', () => {
    const kind = ['resource.k8s.io/v1beta1', 'DeviceClass'] as const
    const findings = (on?: Set<string>) => {
      const verdict = findKind(schemaOf(36), ...kind, on)
      return 'findings' in verdict ? verdict.findings : []
    }
    expect(findings().at(-1)?.hint).toBe('use resource.k8s.io/v1, or add --served resource.k8s.io/v1beta1 if the cluster serves it')
    expect(brief(findings(new Set([kind[0]])))).not.toContain('API_NOT_DEFAULT apiVersion')
  })

  it.each<[string, string, number, string, string | undefined]>([
    ['extensions/v1beta1', 'Deployment', 36, 'no Deployment in extensions/v1beta1 since Kubernetes 1.16', 'use apps/v1'],
    [
      'policy/v1beta1',
      'PodSecurityPolicy',
      36,
      'no PodSecurityPolicy in policy/v1beta1 since Kubernetes 1.25',
      'remove the object: it has no replacement',
    ],
    ['apps/v1', 'deployment', 36, 'no deployment in apps/v1', 'did you mean Deployment?'],
    ['v1', 'Deployment', 36, 'no Deployment in v1', 'use apps/v1'],
    ['v1', 'Deploymnet', 36, 'no Deploymnet in v1', 'did you mean Deployment in apps/v1?'],
    ['apps/v1', 'Event', 36, 'no Event in apps/v1', 'use v1'],
    ['resource.k8s.io/v1', 'DeviceClass', 33, 'no DeviceClass in resource.k8s.io/v1 before Kubernetes 1.34', 'use resource.k8s.io/v1beta2'],
    ['v1', 'Endpoints', 36, 'Endpoints in v1 is deprecated since Kubernetes 1.33', 'use discovery.k8s.io/v1 EndpointSlice'],
  ])('%s %s in 1.%i: %s', (apiVersion, kind, minor, message, hint) => {
    const verdict = findKind(schemaOf(minor), apiVersion, kind)
    const [finding] = 'findings' in verdict ? verdict.findings : []
    expect(finding?.message).toBe(message)
    expect(finding?.hint).toBe(hint)
  })

  it('returns plural, scope and definition of a served kind', () => {
    const verdict = findKind(schemaOf(36), 'batch/v1', 'CronJob')
    expect(verdict).toMatchObject({ kind: { definition: 'V1CronJob', plural: 'cronjobs', namespaced: true } })
    expect(findKind(schemaOf(36), 'v1', 'Namespace')).toMatchObject({ kind: { namespaced: false } })
    expect(findKind(schemaOf(36), 'v1', 'PodList')).toEqual({ state: 'list', item: { apiVersion: 'v1', kind: 'Pod' } })
  })
})

describe('the table of deprecations', () => {
  const rows = DEPRECATIONS.flatMap((entry) => entry.kinds.map((kind) => ({ ...entry, kind })))

  it.each(rows)('$apiVersion $kind goes when the table says', ({ apiVersion, kind, removed = Infinity }) => {
    const served = KNOWN_MINORS.filter((minor) => schemaOf(minor).kind(apiVersion, kind) !== undefined)
    const until = KNOWN_MINORS.filter((minor) => minor < removed)
    expect(served.at(-1)).toBe(until.at(-1))
  })

  it.each(rows.filter(({ use }) => use !== undefined))('$apiVersion $kind names something that is served', ({ kind, use }) => {
    const [apiVersion, other = kind] = use!.split(' ')
    const newest = schemaOf(36)
    expect(newest.kind(apiVersion!, other)).toBeDefined()
  })

  it('speaks of every kind that the known minors have lost', () => {
    const gone = Object.entries(schemaOf(36).history().kinds).filter(([, [, last]]) => last < 36)
    for (const [key] of gone) {
      const [apiVersion, kind] = key.split(' ') as [string, string]
      expect(findKind(schemaOf(36), apiVersion, kind).state).toBe('refused')
    }
    expect(gone.length).toBeGreaterThan(5)
  })
})
