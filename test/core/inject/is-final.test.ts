/** Where a second run need not be planned, since it follows from what was read that it would find nothing to do. */
import { describe, expect, it } from 'vitest'
import { DocumentEditor } from '../../../src/core/patch/document-editor.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import { isFinal } from '../../../src/core/inject/is-final.ts'
import { readInput } from '../../../src/core/inject/read-input.ts'
import { processWorkload } from '../../../src/core/inject/workload.ts'
import type { Operation } from '../../../src/core/inject/workload-result.ts'
import { decide } from '../../../src/core/selection/decide.ts'
import { openCatalog } from '../../../src/core/selection/catalog.ts'
import { createSelector } from '../../../src/core/selection/selector.ts'
import { applyEdits } from '../../../src/core/text/edit.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { DEFAULTS, templates } from './run.ts'

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  terminationGracePeriodSeconds: 30
  containers:
  - name: web
    image: web:1
`
const PLAIN = 'container: {name: one, image: one:1}'
const options = (spec: string): InjectOptions => ({ ...DEFAULTS, ...templates({ one: spec }) })

async function final(text: string, spec: string): Promise<boolean> {
  const given = options(spec)
  const { catalog } = await openCatalog(given)
  const source = new SourceText('in.yaml', text)
  const { selector } = createSelector([source], catalog, given)
  const operation: Operation = { command: 'inject', select: selector.select, find: catalog.get, isOwn: catalog.isOwn }
  const [{ doc, workloads: [before] }] = readInput(source).documents as [ReturnType<typeof readInput>['documents'][number]]
  if (before === undefined) throw new Error('no workload')
  const editor = new DocumentEditor(doc)
  const decision = decide(before, selector.select, given)
  const worked = processWorkload(before, decision, editor, operation, given)
  expect(worked.diagnostics).toEqual([])
  const read = readInput(new SourceText('in.yaml', applyEdits(text, editor.edits()))).documents[0]
  const after = read?.workloads[0]
  const isSaid = isFinal({ before, after, worked, decision }, operation, given)
  if (!isSaid || read === undefined || after === undefined) return isSaid
  const again = new DocumentEditor(read.doc)
  processWorkload(after, decide(after, selector.select, given), again, operation, given)
  expect(again.edits(), 'the second run').toEqual([])
  return isSaid
}

describe('a result whose second run follows from it', () => {
  it.each([
    ['what is only added', true, POD, PLAIN],
    ['with volumes and mounts in the app', true, POD, `${PLAIN}\nsharedFolders: [{volume: v, path: /v}]`],
    ['a label of the pod, which a policy can ask for', false, POD, `${PLAIN}\npod: {labels: {team: a}}`],
    ['a value of the user that was replaced', true, POD, `${PLAIN}\npod: {minTerminationGracePeriodSeconds: 60}`],
    ['a null of the user that was replaced', true, POD.replace('labels: {app: web}', 'annotations: ~'), PLAIN],
    ['an empty list of the user that got an item', true, `${POD}  volumes: []\n`, `${PLAIN}\nsharedFolders: [{volume: v, path: /v}]`],
    ['with a place among the init containers', false, POD, `start: last\n${PLAIN}`],
    ['a text with anchors', false, POD.replace('labels: {app', 'labels: &a {app'), PLAIN],
    ['a container called as the sidecar is, but not as its container', false, `${POD}  - {name: one, image: b}\n`, 'container: {name: other, image: one:1}'],
  ])('%s: %s', async (_, expected, text, spec) => {
    expect(await final(text, spec)).toBe(expected)
  })
})
