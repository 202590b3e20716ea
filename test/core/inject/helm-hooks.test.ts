import { describe, expect, it } from 'vitest'
import { decide } from '../../../src/core/selection/decide.ts'
import { objectsOf } from '../../../src/core/kube/objects.ts'
import { asWorkloads } from '../../../src/core/kube/workload.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { readRawDocument, splitDocuments } from '../../../src/core/yaml/read/split.ts'
import type { Selection } from '../../../src/core/selection/selection.ts'

const job = (annotations: string, template = ''): string => `apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {${annotations}}}
spec:
  template:
    ${template}
    spec: {restartPolicy: Never, containers: [{name: migrate, image: migrate}]}
`

describe('Helm hooks', () => {
  it.each([
    ['a hook', job('helm.sh/hook: pre-install'), false, 'helm-hook'],
    ['a test', job('helm.sh/hook: test'), false, 'helm-hook'],
    ['a hook with --helm-hooks', job('helm.sh/hook: test'), true, undefined],
    ['a hook that asks for sidecars', job('helm.sh/hook: test, sidecarctl.dev/inject: logging'), false, undefined],
    ['a hook whose pod asks', job('helm.sh/hook: test', 'metadata: {annotations: {sidecarctl.dev/inject: logging}}'), false, undefined],
    ['a hook with sidecars of ours', job('helm.sh/hook: test', "metadata: {annotations: {injected.sidecarctl.dev/logging: '{}'}}"), false, undefined],
    ['an empty annotation', job("helm.sh/hook: ''"), false, undefined],
    ['another annotation', job('helm.sh/hook-weight: "1"'), false, undefined],
  ])('%s', (_, text, helmHooks, skip) => {
    const [doc] = splitDocuments(new SourceText('a.yaml', text)).flatMap(readRawDocument)
    const [workload] = doc !== undefined && 'root' in doc ? objectsOf(doc).flatMap((object) => asWorkloads(object)) : []
    if (workload === undefined) throw new Error('no workload')
    expect(decide(workload, () => ({}) as Selection, { parameters: [], helmHooks }).skip).toBe(skip)
    expect(decide(workload, undefined, { parameters: [] }).skip).toBeUndefined()
  })
})
