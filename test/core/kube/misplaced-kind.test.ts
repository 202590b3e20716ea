import { describe, expect, it } from 'vitest'
import { KNOWN_KINDS, kindsWith, readInput } from '../../../src/core/inject/read-input.ts'
import { workloadKindRow } from '../../../src/core/kube/kinds.ts'
import { SourceText } from '../../../src/core/text/source.ts'

const read = (apiVersion: string, kind: string, kinds = KNOWN_KINDS) =>
  readInput(new SourceText('a.yaml', `kind: ${kind}\napiVersion: ${apiVersion}\nmetadata: {name: a}\n`), kinds).diagnostics.map(({ severity, message, hint, at }) =>
    `${severity} ${message}, ${hint}: ${at?.source.position(at.range.start).line}`)

describe('a workload kind in a group that does not have it', () => {
  it.each([
    ['apps/v1', 'Pod', 'v1'],
    ['v1', 'Deployment', 'apps/v1'],
    ['v1', 'CronJob', 'batch/v1'],
    ['batch/v1', 'StatefulSet', 'apps/v1'],
    ['apps/v1', 'Job', 'batch/v1'],
    ['policy/v1', 'DaemonSet', 'apps/v1'],
    ['networking.k8s.io/v1', 'Deployment', 'apps/v1'],
  ])('%s %s is an error', (apiVersion, kind, right) => {
    expect(read(apiVersion, kind)).toEqual([`error no ${kind} in ${apiVersion}, use ${right}: 2`])
  })

  it.each([
    ['batch.volcano.sh/v1alpha1', 'Job'],
    ['apps.kruise.io/v1beta1', 'StatefulSet'],
    ['extensions/v1beta1', 'Deployment'],
    ['apps/v1beta1', 'Deployment'],
    ['serving.knative.dev/v1', 'Service'],
    ['v1', 'Service'],
    ['leaderworkerset.x-k8s.io/v1', 'Job'],
  ])('%s %s is none', (apiVersion, kind) => {
    expect(read(apiVersion, kind)).toEqual([])
  })

  it('nor is one that a policy names', () => {
    expect(read('policy/v1', 'Job', kindsWith([workloadKindRow('policy', 'Job')]))).toEqual([])
  })
})
