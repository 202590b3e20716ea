import { describe, expect, it } from 'vitest'
import { output, put, take, templates } from './run.ts'

const TAIL = { ...templates({ tail: 'container: {image: t}' }), sidecars: ['tail'] }
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app, image: a}]}\n'
const SET = 'apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: a}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n' +
  '    spec: {containers: [{name: app, image: a}]}\n'
const meta = (text: string, more: string): string => text.replace('{name: a}', `{name: a, ${more}}`)
const OWNER = 'ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: o, uid: u, controller: true}]'

describe('what a change does not reach', () => {
  it.each([
    ['a Pod that exists', meta(POD, 'uid: u'), 'pod-exists'],
    ['a Pod with an owner', meta(POD, OWNER), 'has-owner'],
    ['the ReplicaSet of a Deployment', meta(SET, OWNER), 'has-owner'],
  ])('%s is skipped unless asked for', async (_, text, reason) => {
    const result = await put(text, TAIL)
    expect(result.files[0]?.workloads[0]).toMatchObject({ status: 'skipped', reason })
    expect(output(result)).toBe(text)
    const asked = await put(text, { ...TAIL, includeOwned: true })
    expect(asked.files[0]?.workloads[0]).toMatchObject({ status: 'injected' })
    expect(output(await take(output(asked), TAIL))).toBe(text)
  })

  it.each([
    ['a Pod for a node', POD.replace('spec: {', 'spec: {nodeName: n, ')],
    ['a live ReplicaSet of its own', meta(SET, 'uid: u')],
    ['one with an owner that does not control it', meta(SET, OWNER.replace('controller: true', 'controller: false'))],
    ['one with no owners', meta(SET, 'ownerReferences: null')],
  ])('%s is within reach', async (_, text) => {
    expect((await put(text, TAIL)).files[0]?.workloads[0]).toMatchObject({ status: 'injected' })
  })
})
