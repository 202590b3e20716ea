/** The last look at a result, read again: nothing of the user's may differ from what was there. */
import { describe, expect, it } from 'vitest'
import { readInput, type ReadDocument } from '../../../src/core/inject/read-input.ts'
import { objectKey, readObjects } from '../../../src/core/inject/input-objects.ts'
import type { WorkloadResult } from '../../../src/core/inject/workload-result.ts'
import { isAsPlanned, unsafe, verifyResult } from '../../../src/core/inject/verify.ts'
import type { Json } from '../../../src/core/json/json.ts'
import { templateOf } from '../../../src/core/kube/pod-template.ts'
import type { Workload } from '../../../src/core/kube/workload.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { table, type Row } from '../../helpers/table.ts'
import { output, put, take, templates } from './run.ts'

const read = (text: string, label = 'in.yaml'): ReturnType<typeof readInput> => readInput(new SourceText(label, text))
const MORE = 'the result would change more than was planned'
const COUNT = 'the result has a different number of documents'

const NO_OBJECTS = { changed: [], put: new Set<string>() }

/** The documents of an input, all of them or one of many. */
const group = (text: string, isWhole = true): Parameters<typeof verifyResult>[0] => ({ documents: read(text).documents, isWhole })

/** What is said of a result. */
const verified = (before: string, after: string): string[] => verifyResult(group(before), read(after), NO_OBJECTS).map(({ message }) => message)
const verifiedAlone = (before: string, after: string): string[] => verifyResult(group(before, false), read(after), NO_OBJECTS).map(({ message }) => message)
const rows = (rule: string, list: readonly Row<string, string, string[]>[]): void => {
  table(rule, verified, list)
  table(`${rule}: a document by itself`, verifiedAlone, list.filter(([before]) => !before.includes('---')))
}

const pod = (spec: string, annotations = ''): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n${annotations}spec:\n${spec.replaceAll(/^(?=.)/gm, '  ')}`
const APP = 'containers:\n- name: app\n  image: a\n'
const WITH = `${APP}- name: x\n  image: x\n`
const USED = `${APP}  volumeMounts:\n  - {name: v, mountPath: /v}\n`
const VOLUME = 'volumes:\n- {name: v, emptyDir: {}}\n'
const MADE = ['metadata.annotations']

/** A record that says what was made, too. */
function made(own: string[], fields: string[]): string {
  return `  annotations:\n    injected.sidecarctl.dev/x: '${JSON.stringify({ version: '1', own: Object.fromEntries(own.map((address) => [address, ''])), new: fields })}'\n`
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
  [pod(`${APP}volumes: []\n`), pod(APP, made([], [...MADE, 'spec.volumes'])), [MORE], 'an empty list of the user, said to be made'],
  ['', pod(APP), [COUNT]],
])

rows('a sidecar that the user had is taken over as it is', [
  [pod(WITH), pod(WITH, made(['spec.containers[x]'], MADE)), []],
  [pod(WITH), pod(WITH.replace('image: x', 'image: z'), made(['spec.containers[x]'], MADE)), [MORE], 'not with another content'],
  [pod(APP), pod(WITH, made(['spec.containers[x]', 'spec.containers[app]'], MADE)), [], 'beside what is new'],
  [pod(APP + VOLUME), pod(APP + VOLUME, made(['spec.volumes[v]'], [...MADE, 'spec.volumes'])), [], 'with the list around it'],
  [pod(WITH), pod(APP, made(['spec.containers[x]'], MADE)), [MORE], 'never so that it goes'],
  [pod(`${WITH}- name: z\n  image: z\n`, made(['spec.containers[x]'], MADE)), pod(`${WITH}- name: z\n  image: z\n`, made(['spec.containers[x]', 'spec.containers[z]'], MADE)), [MORE], 'not by a sidecar that has a record already'],
])

table('a result that cannot be read is a fault, too', (before: string, after: string) => [...verified(before, after), ...verifiedAlone(before, after)].map((message) => message.replace(/:.*/, '')), [
  [pod(APP), pod(APP).replace('spec:', 'spec: }'), ['the result could not be read', 'the result could not be read']],
  [pod(APP), `${pod(APP)}metadata: {}\n`, ['the result could not be read', 'the result could not be read']],
] satisfies Row<string, string, string[]>[])

table('documents keep their order and number; those of ours do not count', verified, [
  [`${pod(APP)}---\nkind: Service\napiVersion: v1\n---\n${pod(WITH)}`, `${pod(APP)}---\nkind: Service\napiVersion: v1\n---\n${pod(WITH)}`, []],
  [`${pod(APP)}---\n${pod(WITH)}`, `${pod(APP)}---\nkind: Service\napiVersion: v1\n---\n${pod(WITH)}`, [MORE], 'one came between'],
  [`${pod(APP)}---\n${pod(WITH)}`, `${pod(WITH)}---\n${pod(APP)}`, [MORE, MORE]],
  [`${pod(APP)}---\n${pod(WITH)}`, `${pod(APP)}---\n${pod(APP)}`, [MORE]],
] satisfies Row<string, string, string[]>[])

const OBJECT = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n'
const OTHER = OBJECT.replace('c}', 'd}')
const NOTED = made([], MADE)
const item = (text: string): string => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`
const list = (...items: string[]): string => `apiVersion: v1\nkind: List\nitems:\n${items.map(item).join('')}`

/** A result, and what was planned: names of ConfigMaps that go or are replaced, and of those that come or replace. */
interface Planned {
  text: string
  changed?: string
  put?: string
}

function verifiedObjects(before: string, { text, changed = '', put = '' }: Planned): string[] {
  const ids = (names: string): string[] => [...names].map((name) => `/v1/ConfigMap/${name}`)
  const objects = readObjects(new SourceText('in.yaml', before)).filter((object) => ids(changed).includes(objectKey(object)))
  return verifyResult(group(before), read(text), { changed: objects, put: new Set(ids(put)) }).map(({ message }) => message)
}

table('objects that were planned may come, go and change', verifiedObjects, [
  [`${pod(APP)}---\n${pod(WITH)}`, { text: `${pod(APP, NOTED)}---\n${OBJECT}---\n${pod(WITH)}`, put: 'c' }, []],
  [`${pod(APP, NOTED)}---\n${OBJECT}---\n${pod(WITH)}`, { text: `${pod(APP)}---\n${pod(WITH)}`, changed: 'c' }, []],
  [`${pod(APP, NOTED)}---\n${OBJECT}---\n${pod(WITH)}`, { text: `${pod(APP, NOTED)}---\n${OBJECT}data: {}\n---\n${pod(WITH)}`, changed: 'c', put: 'c' }, []],
  [`${pod(APP)}---\n${pod(WITH)}`, { text: `${pod(APP, NOTED)}---\n${OBJECT}---\n${pod(WITH)}`, put: 'd' }, [MORE], 'not one of another name'],
  [`${OTHER}---\n${pod(APP)}---\n${OBJECT}---\n${pod(WITH)}`, { text: `${OTHER}---\n${pod(APP)}---\n${pod(WITH)}`, changed: 'd' }, [MORE], 'one went, another was to'],
  [list(pod(APP)), { text: list(pod(APP, NOTED), OBJECT), put: 'c' }, []],
  [list(pod(APP, NOTED), OBJECT, OTHER), { text: list(pod(APP), OTHER), changed: 'c' }, []],
  [list(pod(APP), OBJECT), { text: list(pod(APP)) }, [MORE]],
  [list(pod(APP), OBJECT), { text: list(pod(APP), OTHER) }, [MORE]],
  [list(pod(APP, NOTED), OBJECT, OTHER), { text: list(pod(APP), OBJECT), changed: 'c' }, [MORE]],
  [list(OBJECT, pod(APP, NOTED), OTHER, pod(WITH)), { text: list(pod(APP), pod(WITH)), changed: 'cd' }, [], 'several items of one list'],
  [list(pod(APP)), { text: list(pod(APP, NOTED), OBJECT, OTHER), put: 'dc' }, [], 'several new items, in whatever order they were planned'],
  [`${pod(APP)}---\n${pod(WITH)}`, { text: `${OBJECT}---\n${pod(APP, NOTED)}---\n${OTHER}---\n${pod(WITH)}`, put: 'dc' }, [], 'and several documents'],
  [list(pod(APP)), { text: list(pod(APP), pod(WITH)) }, [MORE], 'a workload more'],
  [`${list(pod(APP))}---\n${list(pod(APP))}`, { text: `${list(pod(APP, NOTED), OBJECT)}---\n${list(pod(APP))}`, put: 'c' }, [], 'in one of two lists'],
] satisfies Row<string, Planned, string[]>[])

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
      code: 'EDIT_UNSAFE', severity: 'error', message: 'm', hint: 'this is a bug in sidecarctl: please report it with the file',
      document: 0, resource: { kind: 'Pod', name: 'a' }, at: { source: document.doc.source, range: { start: 0, end: 1 } },
    })
    expect(unsafe(undefined, 'm')).toMatchObject({ hint: 'this is a bug in sidecarctl: please report it with the file' })
    expect(unsafe(undefined, 'm').at).toBeUndefined()
    expect(verified('', '}')).toEqual([expect.stringContaining('the result could not be read: ')])
    expect(verifyResult(group(pod(APP)), read(pod(WITH)), NO_OBJECTS)[0]?.resource?.name).toBe('a')
    expect(verifyResult(group(''), read(''), NO_OBJECTS).length).toBe(0)
  })

  it('is looked for without a change to what is compared', () => {
    const job = `apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec:\n  template:\n${pod(WITH, made(['spec.containers[x]'], MADE)).replace(/^[^]*?(?=metadata:)/, '').replaceAll(/^(?=.)/gm, '    ')}`
    for (const text of [job, list(job, OBJECT), pod(WITH, made(['spec.containers[x]'], MADE))]) {
      const [before, after] = [group(text), read(text)]
      const changed = readObjects(new SourceText('in.yaml', text)).filter((object) => objectKey(object) === '/v1/ConfigMap/c')
      const data = (): Json[] => [...before.documents, ...after.documents].map(({ doc }) => doc.data as Json)
      const copy = structuredClone(data())
      expect(verifyResult(before, after, { changed, put: new Set(changed.map(objectKey)) })).toEqual([])
      expect(data()).toEqual(copy)
    }
  })

  it('is not seen where a container was renamed and what sidecars added to it goes', async () => {
    const own = templates({ x: 'container: {image: x}\napp: {env: [{name: X, value: "1"}]}' })
    const renamed = output(await put(pod(APP), own)).replace('name: app', 'name: web')
    const removed = output(await take(renamed))
    expect(removed).toBe(pod(APP).replace('app', 'web'))
    expect(verified(renamed, removed)).toEqual([])
    expect(verified(renamed, removed.replace('image: a', 'image: b'))).toEqual([MORE])
  })

  it('is not seen where sidecars come and go as they should', async () => {
    const own = templates({ x: 'container: {image: x}\nvolumes: [{name: v, emptyDir: {}}]' })
    const text = `${pod(APP)}---\n${pod(APP).replace('name: a\n', 'name: b\n')}`
    const once = output(await put(text, own))
    expect(verified(text, once)).toEqual([])
    expect(verified(once, output(await take(once)))).toEqual([])
    expect(output(await take(once))).toBe(text)
  })
})

describe('a pod template', () => {
  const workload = (text: string): Workload => read(text).documents[0]?.workloads[0] as Workload
  const [before, after] = [workload(pod(APP)), workload(pod(WITH))]
  it.each<[string, Json | undefined, Workload | undefined, boolean]>([
    ['nothing was planned', undefined, after, true],
    ['nothing was planned of one that cannot be found', undefined, undefined, true],
    ['it was planned so', templateOf(after), after, true],
    ['another was planned', templateOf(before), after, false],
    ['it cannot be found', templateOf(after), undefined, false],
  ])('reads back as planned or not: %s', (_, planned, found, expected) => {
    expect(isAsPlanned({ before, after: found, worked: { planned } as WorkloadResult, decision: { skip: 'not-selected' } })).toBe(expected)
  })
})
