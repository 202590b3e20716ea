/** The last look at a result, read again: nothing of the user's may differ from what was there. */
import { describe, expect, it } from 'vitest'
import { readInput, type ReadDocument } from '../../../src/core/inject/read.ts'
import { unsafe, verifyDocument, verifyResult } from '../../../src/core/inject/verify.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { table, type Row } from '../../helpers/table.ts'
import { output, put, take, templates } from './run.ts'

const read = (text: string, label = 'in.yaml'): ReturnType<typeof readInput> => readInput(new SourceText(label, text))
const MORE = 'the result would change more than what is added'
const COUNT = 'the result has another number of documents'

/** What is said of a result. */
const verified = (before: string, after: string): string[] => verifyResult(read(before).documents, read(after)).map(({ message }) => message)
const verifiedAlone = (before: string, after: string): string[] => verifyDocument(read(before).documents[0] as ReadDocument, read(after)).map(({ message }) => message)
const rows = (rule: string, list: readonly Row<string, string, string[]>[]): void => {
  table(rule, verified, list)
  table(`${rule}: a document by itself`, verifiedAlone, list.filter(([before]) => !before.includes('---')))
}

const pod = (spec: string, annotations = ''): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n${annotations}spec:\n${spec.replaceAll(/^(?=.)/gm, '  ')}`
const APP = 'containers:\n- name: app\n  image: a\n'
const WITH = `${APP}- name: x\n  image: x\n`
const MADE = ['metadata.annotations']

/** A record that says what was made, too. */
function made(own: string[], fields: string[]): string {
  return `  annotations:\n    sidecarctl.dev/injected: '${JSON.stringify({ sidecars: { x: { v: '1', h: '', own } }, new: fields })}'\n`
}

rows('what the record says is ours may come, go and change', [
  [pod(APP), pod(APP), []],
  [pod(APP), pod(WITH, made(['spec.containers[x]'], MADE)), []],
  [pod(WITH, made(['spec.containers[x]'], MADE)), pod(APP), []],
  [pod(WITH, made(['spec.containers[x]'], MADE)), pod(WITH.replace('image: x', 'image: z'), made(['spec.containers[x]'], MADE)), []],
  [pod(APP), pod(APP.replace('image: a', '"image": "a" # same')), []],
  [pod(APP), pod(`${APP}volumes:\n- name: v\n`, made(['spec.volumes[v]'], [...MADE, 'spec.volumes'])), []],
])

rows('anything else is a fault of the program', [
  [pod(APP), pod(WITH), [MORE]],
  [pod(APP), pod(APP.replace('image: a', 'image: b')), [MORE]],
  [pod(APP), pod(WITH, made([], MADE)), [MORE]],
  [pod(APP), pod(WITH, made(['spec.containers[x]'], [])), [MORE], 'a map that was made and is not said to be'],
  [pod(WITH, made(['spec.containers[x]'], MADE)), pod(APP.replace('app', 'b')), [MORE]],
  [pod(APP), pod(APP).replace('name: a\n', 'name: b\n'), [MORE], 'outside of the pod, too'],
  [pod(APP), pod(APP).replace('kind: Pod', 'kind: PodTemplate').replace('spec:\n', 'template:\n  spec:\n').replaceAll(/^ {2}(?=containers|-| {2}(?:name|image))/gm, '    '), [MORE], 'another kind'],
  [pod(APP), `${pod(APP)}---\n${pod(APP)}`, [COUNT]],
  [pod(APP), 'kind: ConfigMap\napiVersion: v1\n', [COUNT]],
])

table('a result that cannot be read is a fault, too', (before: string, after: string) => [...verified(before, after), ...verifiedAlone(before, after)].map((message) => message.replace(/:.*/, '')), [
  [pod(APP), pod(APP).replace('spec:', 'spec: }'), ['the result could not be read again', 'the result could not be read again']],
  [pod(APP), `${pod(APP)}metadata: {}\n`, ['the result could not be read again', 'the result could not be read again']],
] satisfies Row<string, string, string[]>[])

table('documents keep their order and number; those of ours do not count', verified, [
  [`${pod(APP)}---\nkind: Service\napiVersion: v1\n---\n${pod(WITH)}`, `${pod(APP)}---\nkind: Service\napiVersion: v1\n---\n${pod(WITH)}`, []],
  [`${pod(APP)}---\n${pod(WITH)}`, `${pod(APP)}---\nkind: Service\napiVersion: v1\n---\n${pod(WITH)}`, [MORE], 'one came between'],
  [`${pod(APP)}---\n${pod(WITH)}`, `${pod(WITH)}---\n${pod(APP)}`, [MORE, MORE]],
  [`${pod(APP)}---\n${pod(WITH)}`, `${pod(APP)}---\n${pod(APP)}`, [MORE]],
] satisfies Row<string, string, string[]>[])

const OBJECT = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n'
const owning = (ids: string[]): string => `  annotations:\n    sidecarctl.dev/injected: '${JSON.stringify({ sidecars: { x: { v: '1', h: '', own: [], objs: ids } }, new: MADE })}'\n`
const item = (text: string): string => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`
const list = (...items: string[]): string => `apiVersion: v1\nkind: List\nitems:\n${items.map(item).join('')}`

table('objects that came with a sidecar may come, go and change', verified, [
  [`${pod(APP)}---\n${pod(WITH)}`, `${pod(APP, owning(['v1/ConfigMap/c']))}---\n${OBJECT}---\n${pod(WITH)}`, []],
  [`${pod(APP, owning(['v1/ConfigMap/c']))}---\n${OBJECT}---\n${pod(WITH)}`, `${pod(APP)}---\n${pod(WITH)}`, []],
  [`${pod(APP)}---\n${pod(WITH)}`, `${pod(APP, owning(['v1/ConfigMap/d']))}---\n${OBJECT}---\n${pod(WITH)}`, [MORE], 'not one of another name'],
  [list(pod(APP)), list(pod(APP, owning(['v1/ConfigMap/c'])), OBJECT), []],
  [list(pod(APP, owning(['v1/ConfigMap/c'])), OBJECT, OBJECT.replace('c}', 'd}')), list(pod(APP), OBJECT.replace('c}', 'd}')), []],
  [list(pod(APP), OBJECT), list(pod(APP)), [MORE]],
  [list(pod(APP), OBJECT), list(pod(APP), OBJECT.replace('c}', 'd}')), [MORE]],
  [list(pod(APP, owning(['v1/ConfigMap/c', 'v1/ConfigMap/d'])), OBJECT, OBJECT.replace('c}', 'd}'), pod(WITH)), list(pod(APP), pod(WITH)), [], 'several items of one list'],
  [`${list(pod(APP))}---\n${list(pod(APP))}`, `${list(pod(APP, owning(['v1/ConfigMap/c'])), OBJECT)}---\n${list(pod(APP))}`, [], 'in one of two lists'],
] satisfies Row<string, string, string[]>[])

const USED = `${APP}  volumeMounts:\n  - {name: v, mountPath: /v}\n`
const VOLUME = 'volumes:\n- {name: v, emptyDir: {}}\n'

table('a volume of ours that stays, since the user\'s containers use it, is given up as it is', verified, [
  [pod(USED + VOLUME, made(['spec.volumes[v]'], [...MADE, 'spec.volumes'])), pod(USED + VOLUME), []],
  [pod(USED + VOLUME, made(['spec.volumes[v]'], [...MADE, 'spec.volumes'])), pod(USED + VOLUME.replace('{}', '{medium: Memory}')), [MORE], 'not with another content'],
  [pod(APP + VOLUME, made(['spec.volumes[v]'], [...MADE, 'spec.volumes'])), pod(APP + VOLUME), [MORE], 'not where nothing uses it'],
  [pod(USED + VOLUME), pod(USED), [MORE], 'the user\'s own never goes'],
] satisfies Row<string, string, string[]>[])

describe('a fault', () => {
  it('asks for a report, and names the workload where there is one', () => {
    const [document] = read(pod(APP)).documents as [ReadDocument]
    expect(unsafe(document.workloads[0], 'm')).toMatchObject({
      code: 'EDIT_UNSAFE', severity: 'error', message: 'm', hint: 'this is a fault of sidecarctl: please report it with the file',
      document: 0, resource: { kind: 'Pod', name: 'a' }, at: { source: document.doc.source, range: { start: 0, end: 1 } },
    })
    expect(unsafe(undefined, 'm').at).toBeUndefined()
    expect(verifyResult(read(pod(APP)).documents, read(pod(WITH)))[0]?.resource?.name).toBe('a')
    expect(verifyResult([], read('')).length).toBe(0)
  })

  it('is not seen where sidecars come and go as they should', async () => {
    const own = templates({ x: 'container: {image: x}\nvolumes: [{name: v, emptyDir: {}}]\nobjects: [{apiVersion: v1, kind: ConfigMap}]' })
    const text = `${pod(APP)}---\n${pod(APP).replace('name: a\n', 'name: b\n')}`
    const once = output(await put(text, own))
    expect(verified(text, once)).toEqual([])
    expect(verified(once, output(await take(once)))).toEqual([])
    expect(output(await take(once))).toBe(text)
  })
})
