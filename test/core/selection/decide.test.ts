/** Why a workload is not changed, whatever is selected for it. */
import { describe, expect, it } from 'vitest'
import { readInput } from '../../../src/core/inject/read-input.ts'
import { parseSelector, type LabelSelector } from '../../../src/core/kube/selector.ts'
import type { Workload } from '../../../src/core/kube/workload.ts'
import { decide } from '../../../src/core/selection/decide.ts'
import type { Selection } from '../../../src/core/selection/selection.ts'
import type { SelectionOptions } from '../../../src/core/selection/selection-options.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { policy } from './support.ts'

const workload = (metadata: string, label = 'a.yaml'): Workload => {
  const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: a, ${metadata}}\nspec: {containers: [{name: app, image: a}]}\n`
  return readInput(new SourceText(label, text)).documents[0]?.workloads[0] as Workload
}
const withTemplate = (apiVersion: string, kind: string, metadata: string, ofPods = '{}'): Workload => {
  const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a, ${metadata}}\nspec:\n  template:\n    metadata: ${ofPods}\n    spec: {containers: [{name: app, image: a}]}\n`
  return readInput(new SourceText('a.yaml', text)).documents[0]?.workloads[0] as Workload
}
const RECORD = `injected.sidecarctl.dev/x: '{"version":"1","own":{"spec.initContainers[x]":""}}'`
const OWNER = (controller: boolean): string => `ownerReferences: [{apiVersion: v1, kind: X, name: x, uid: u, controller: ${controller}}]`
const selected = {} as Selection
const selector = (text: string): LabelSelector => {
  const found = parseSelector(text)
  if (!found.ok) throw new Error(text)
  return found.value
}

/** The reason for `inject`, and for `uninject`, which selects nothing. */
function reasons(one: Workload, options: Partial<SelectionOptions>): (string | undefined)[] {
  return [() => selected, undefined].map((select) => {
    const found = decide(one, select, { parameters: [], ...options } as SelectionOptions)
    if (found.skip === undefined) expect(found.selection).toBe(select?.())
    return found.skip
  })
}

describe('a workload', () => {
  it.each<[string, Partial<SelectionOptions>, string | undefined, string?]>([
    ['labels: {}', {}, undefined],
    ['labels: {}', { namespace: 'shop' }, 'not-selected'],
    ['labels: {}', { namespace: 'default' }, undefined],
    ['namespace: shop', { namespace: 'shop' }, undefined],
    ['namespace: shop', { namespace: 'default' }, 'not-selected'],
    ['labels: {}', { isFailing: () => true }, 'failed'],
    ['labels: {}', { isFailing: () => false }, undefined],
  ])('with %s and %o', (metadata, options, reason) => {
    expect(reasons(workload(metadata), options)).toEqual([reason, reason])
  })

  it('with labels is selected by them', () => {
    const one = workload('labels: {app: web}')
    expect(reasons(one, { selector: selector('app=web') })).toEqual([undefined, undefined])
    expect(reasons(one, { selector: selector('app=db') })).toEqual(['not-selected', 'not-selected'])
  })

  it('is excluded by namespace or path of the policy, whose rules count as used', async () => {
    const own = await policy('exclude: {namespaces: [infra], paths: [vendor]}\nrules: [{name: r, add: [logging]}]')
    expect(reasons(workload('namespace: infra'), { policy: own })).toEqual(['excluded-namespace', 'excluded-namespace'])
    expect(own.used.size).toBe(1)
    expect(reasons(workload('labels: {}', 'vendor/a.yaml'), { policy: own })).toEqual(['excluded-path', 'excluded-path'])
    expect(reasons(workload('labels: {}'), { policy: own })).toEqual([undefined, undefined])
  })

  it.each<[string, Partial<SelectionOptions>, string | undefined]>([
    ['uid: u', {}, 'pod-exists'],
    ['uid: u', { includeOwned: true }, undefined],
    [`uid: u, annotations: {${RECORD}}`, {}, undefined],
    ['uid: 1', {}, undefined],
    [OWNER(true), {}, 'has-owner'],
    [`uid: u, ${OWNER(true)}`, {}, 'has-owner'],
    [OWNER(false), {}, undefined],
    ['ownerReferences: {controller: true}', {}, undefined],
    ['ownerReferences: [null]', {}, undefined],
    ['annotations: {helm.sh/hook: test}', {}, 'helm-hook'],
    ['annotations: {helm.sh/hook: test}', { helmHooks: true }, undefined],
    ['annotations: {helm.sh/hook: ""}', {}, undefined],
    ['annotations: {helm.sh/hook: test, sidecarctl.dev/inject: logging}', {}, undefined],
    [`annotations: {helm.sh/hook: test, ${RECORD}}`, {}, undefined],
  ])('with %s and %o is skipped by inject alone', (metadata, options, reason) => {
    expect(reasons(workload(metadata), options)).toEqual([reason, undefined])
  })

  it.each<[string, string, string, string | undefined]>([
    ['batch/v1', 'Job', 'annotations: {helm.sh/hook: test}', 'helm-hook'],
    ['batch/v1', 'Job', 'annotations: {helm.sh/hook: test, sidecarctl.dev/inject: logging}', undefined],
    ['batch/v1', 'Job', 'uid: u', undefined],
    ['v1', 'ReplicationController', 'uid: u', undefined],
  ])('with a pod template, %s %s with %s, is not a Pod', (apiVersion, kind, metadata, reason) => {
    expect(reasons(withTemplate(apiVersion, kind, metadata), {})).toEqual([reason, undefined])
  })

  it('with a pod template is asked for by the annotations of that, too', () => {
    const hook = withTemplate('batch/v1', 'Job', 'annotations: {helm.sh/hook: test}', '{annotations: {sidecarctl.dev/inject: logging}}')
    expect(reasons(hook, {})).toEqual([undefined, undefined])
  })
})
