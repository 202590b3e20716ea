/** Objects that come with a sidecar: where they go in the text, and what becomes of them in the next run. */
import { describe, expect, it } from 'vitest'
import { planExtraObjects } from '../../../src/core/inject/extra-objects.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import { readInput } from '../../../src/core/inject/read-input.ts'
import { processWorkload } from '../../../src/core/inject/workload.ts'
import type { Operation } from '../../../src/core/inject/workload-result.ts'
import { DocumentEditor } from '../../../src/core/patch/document-editor.ts'
import { decide } from '../../../src/core/selection/decide.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import type { Row } from '../../helpers/table.ts'
import { visible } from '../../helpers/yaml-text.ts'
import { DEFAULTS, output, put, take, templates } from './run.ts'

const bringing = (object: string): Partial<InjectOptions> => ({ ...templates({ x: `container: {image: x}\nobjects: [${object}]` }), validate: false })
const CONFIG = bringing('{apiVersion: v1, kind: ConfigMap, data: {a: b}}')
const OTHER = bringing('{apiVersion: v1, kind: ConfigMap, data: {a: c}}')
const SECRET = bringing('{apiVersion: v1, kind: Secret}')

const pod = (name: string, more = ''): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n${more}spec:\n  containers:\n  - name: app\n`
const mark = (name: string): string => `  annotations:\n    sidecarctl.dev/owned-by: Pod/${name}/x\n`
const C = (name: string, value = 'b'): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}-x\n${mark(name)}data:\n  a: ${value}\n`
const S = (name: string): string => `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}-x\n${mark(name)}`
const item = (text: string): string => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`
const list = (...items: string[]): string => `apiVersion: v1\nkind: List\nitems:\n${items.map(item).join('')}`

/** The text without what goes into the pods. */
function objects(text: string): string {
  return visible(text
    .replaceAll(/^( *)annotations:\n(?:\1 {2}(?:config|injected)\.sidecarctl\.dev\S* (?:>-\n)?.*\n)+/gm, '')
    .replaceAll(/^( *)initContainers:\n(?:\1- name: x\n(?:\1 {2}.*\n)*)/gm, ''))
}

type Step = Partial<InjectOptions> | 'uninject'
type Steps = readonly Step[]

async function after(text: string, steps: Steps): Promise<string> {
  let at = text
  for (const step of steps) {
    const result = step === 'uninject' ? await take(at) : await put(at, step)
    if (result.diagnostics.length > 0) return result.diagnostics.map(({ code }) => code).join(' ')
    at = output(result)
  }
  return objects(at)
}

function rows(rule: string, list_: readonly Row<string, Steps, string>[]): void {
  describe(`${rule}`, () => {
    it.each(list_.map(([before, steps, expected, remark], n) => [`${n + 1}. ${remark ?? ''}`, before, steps, expected] as const))('%s', async (_, before, steps, expected) => {
      expect(await after(before, steps)).toBe(visible(expected))
    })
  })
}

rows('an object goes right behind its workload', [
  [pod('a'), [CONFIG], `${pod('a')}---\n${C('a')}`],
  [`${pod('a')}---\n${pod('b')}`, [CONFIG], `${pod('a')}---\n${C('a')}---\n${pod('b')}---\n${C('b')}`],
  [list(pod('a'), pod('b')), [CONFIG], list(pod('a'), C('a'), pod('b'), C('b')), 'in a List as an item'],
  [`${list(pod('a'))}---\n${pod('b')}`, [CONFIG], `${list(pod('a'), C('a'))}---\n${pod('b')}---\n${C('b')}`],
])

rows('a second run finds it again', [
  [pod('a'), [CONFIG, CONFIG], `${pod('a')}---\n${C('a')}`],
  [pod('a'), [CONFIG, OTHER], `${pod('a')}---\n${C('a', 'c')}`, 'changed in its place'],
  [pod('a'), [CONFIG, SECRET], `${pod('a')}---\n${S('a')}`, 'another in its place'],
  [list(pod('a')), [CONFIG, OTHER], list(pod('a'), C('a', 'c'))],
  [list(pod('a'), pod('b')), [CONFIG, SECRET], list(pod('a'), S('a'), pod('b'), S('b'))],
])

rows('it leaves with its sidecar', [
  [pod('a'), [CONFIG, 'uninject'], pod('a')],
  [`${pod('a')}---\n${pod('b')}`, [CONFIG, 'uninject'], `${pod('a')}---\n${pod('b')}`],
  [list(pod('a'), pod('b')), [CONFIG, 'uninject'], list(pod('a'), pod('b')), 'all items of a List at once'],
  [`${list(pod('a'))}---\n${list(pod('b'))}`, [CONFIG, 'uninject'], `${list(pod('a'))}---\n${list(pod('b'))}`, 'of each List its own'],
])

rows('what is there already is not ours', [
  [`${C('a')}---\n${pod('a')}`, [CONFIG], 'EXTRA_OBJECT_TAKEN'],
  [`${pod('a')}---\n${pod('a')}`, [CONFIG], 'EXTRA_OBJECT_TAKEN', 'nor what another workload brings'],
  [list(pod('a'), C('a')), [CONFIG], 'EXTRA_OBJECT_TAKEN'],
  [`${C('a').replace('  name: a-x\n', '  name: a-x\n  namespace: other\n')}---\n${pod('a')}`, [CONFIG], `${C('a').replace('  name: a-x\n', '  name: a-x\n  namespace: other\n')}---\n${pod('a')}---\n${C('a')}`, 'in another namespace it is another'],
])

rows('a typed list has room for its kind alone', [
  [list(pod('a')).replace('kind: List', 'kind: PodList'), [CONFIG], `${list(pod('a')).replace('kind: List', 'kind: PodList')}---\n${C('a')}`],
])

const moved = (text: string): string => text.replace('  name: a\n', '  name: a\n  namespace: shop\n')

describe('a pod that gets another namespace', () => {
  it('takes its object along', async () => {
    const first = output(await put(pod('a'), CONFIG))
    expect(objects(output(await put(moved(first), CONFIG)))).toBe(`${moved(pod('a'))}---\n${C('a').replace('  name: a-x\n', '  name: a-x\n  namespace: shop\n')}`)
  })

  it('leaves it to the pod from which it was copied', async () => {
    const first = output(await put(pod('a'), CONFIG))
    const [own] = first.split('---\n') as [string]
    const both = await put(`${moved(own)}---\n${first}`, CONFIG)
    expect(both.diagnostics).toEqual([])
    expect(objects(output(both))).toBe(`${moved(pod('a'))}---\n${C('a').replace('  name: a-x\n', '  name: a-x\n  namespace: shop\n')}---\n${pod('a')}---\n${C('a')}`)
  })
})

describe('what a host writes into an object', () => {
  const [MARKED, HOSTED] = ['    sidecarctl.dev/owned-by', "    internal.config.kubernetes.io/id: '2'\n    sidecarctl.dev/owned-by"]

  it('is no change, and stays', async () => {
    for (const text of [pod('a'), list(pod('a')).trimEnd()]) {
      const first = output(await put(text, CONFIG))
      const hosted = first.replace(new RegExp(`^( *)${MARKED.trim()}`, 'm'), (line) => `${HOSTED.split('\n')[0]?.trim().replace(/^/, /^ */.exec(line)?.[0] ?? '')}\n${line}`)
      expect(hosted).not.toBe(first)
      const again = await put(hosted, CONFIG)
      expect(again.diagnostics).toEqual([])
      expect(output(again)).toBe(hosted)
      const changed = await put(hosted, OTHER)
      expect(changed.diagnostics).toEqual([])
      expect(output(changed)).toMatch(/internal\.config\.kubernetes\.io\/id: '?"?2/)
      expect(output(changed)).toContain('a: c')
    }
  })

  it('gives a new object a place behind its pod that no other has', async () => {
    const at = (n: number): string => `  annotations: {config.kubernetes.io/path: f.yaml, config.kubernetes.io/index: '${n}'}\n`
    const result = output(await put(`${pod('a', at(0))}---\n${pod('b', at(1))}`, CONFIG))
    expect([...result.matchAll(/config\.kubernetes\.io\/index: ['"]?(\d)/g)].map(([, n]) => n)).toEqual(['0', '2', '1', '3'])
  })
})

describe('pod templates of one object with an object for each image', () => {
  const EACH = bringing('{apiVersion: v1, kind: ConfigMap, metadata: {name: "x-${{ app.image }}"}, data: {a: "${{ app.image }}"}}')
  const service = (one: string, two: string): string =>
    `apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: a}\nspec:\n  predictor: {containers: [{name: kserve-container, image: ${one}}]}\n  transformer: {containers: [{name: kserve-container, image: ${two}}]}\n`
  const names = (text: string): string[] => [...text.matchAll(/^ {2}name: (x-.*)$/gm)].map(([, name]) => name as string)

  // images first | images then | objects then
  it.each<[[string, string], [string, string], string[]]>([
    [['a', 'b'], ['b', 'a'], ['x-a', 'x-b']],
    [['a', 'b'], ['b', 'b'], ['x-b']],
    [['a', 'b'], ['a', 'a'], ['x-a']],
    [['a', 'a'], ['a', 'b'], ['x-a', 'x-b']],
    [['a', 'a'], ['b', 'b'], ['x-b']],
    [['a', 'b'], ['c', 'd'], ['x-c', 'x-d']],
  ])('%j, then %j', async (before, then, expected) => {
    const first = output(await put(service(...before), EACH))
    const edited = first.replace(`image: ${before[0]}}`, 'image: @}').replace(`image: ${before[1]}}`, `image: ${then[1]}}`).replace('image: @}', `image: ${then[0]}}`)
    const result = await put(edited, EACH)
    expect(result.diagnostics).toEqual([])
    expect(names(output(result)).sort()).toEqual(expected)
    expect(output(await take(output(result)))).toBe(service(...then))
  })
})

describe('the outcome of a workload', () => {
  const outcomes = async (text: string, options: Partial<InjectOptions> | 'uninject'): Promise<unknown[]> => {
    const { files } = options === 'uninject' ? await take(text) : await put(text, options)
    return (files[0]?.workloads ?? []).map(({ status, objects: some }) => [status as string].concat((some ?? []).map(({ id, action }) => `${id} ${action}`)))
  }

  it('has what became of its objects, in order', async () => {
    const text = `${pod('a')}---\n${pod('b')}`
    const first = output(await put(text, CONFIG))
    expect(await outcomes(text, CONFIG)).toEqual([['injected', 'v1/ConfigMap/a-x added'], ['injected', 'v1/ConfigMap/b-x added']])
    expect(await outcomes(first, CONFIG)).toEqual([['up to date'], ['up to date']])
    expect(await outcomes(first, OTHER)).toEqual([['updated', 'v1/ConfigMap/a-x updated'], ['updated', 'v1/ConfigMap/b-x updated']])
    expect(await outcomes(first, SECRET)).toEqual([['updated', 'v1/Secret/a-x added', 'v1/ConfigMap/a-x removed'], ['updated', 'v1/Secret/b-x added', 'v1/ConfigMap/b-x removed']])
    expect(await outcomes(first, 'uninject')).toEqual([['removed', 'v1/ConfigMap/a-x removed'], ['removed', 'v1/ConfigMap/b-x removed']])
  })

  it('is an update where an object alone is put back', async () => {
    const first = output(await put(pod('a'), CONFIG))
    expect(await outcomes(first.slice(0, first.indexOf('---\n')), CONFIG)).toEqual([['updated', 'v1/ConfigMap/a-x added']])
  })
})

describe('all that records name is found in a part of an input, or may be in another one', () => {
  const REMOVAL: Operation = { command: 'uninject', names: undefined, find: () => undefined, isOwn: () => false }

  /** Whether everything is found when all sidecars are taken out of a part. */
  function isComplete(text: string): boolean {
    const source = new SourceText('in.yaml', text)
    const planned = readInput(source).documents.flatMap(({ doc, workloads }) => {
      const editor = new DocumentEditor(doc)
      return workloads.map((workload) => ({
        workload,
        editor,
        worked: processWorkload(workload, decide(workload, undefined, DEFAULTS), editor, REMOVAL, DEFAULTS),
      }))
    })
    return planExtraObjects(source, planned, REMOVAL, undefined).isComplete
  }
  const injected = async (options: Partial<InjectOptions>): Promise<[pod: string, object: string]> =>
    output(await put(pod('a'), options)).split('---\n') as [string, string]

  it.each<[string, boolean, (pod: string, object: string) => string]>([
    ['the object beside its workload', true, (one, object) => `${one}---\n${object}`],
    ['the object before its workload', true, (one, object) => `${object}---\n${one}`],
    ['no object', false, (one) => one],
    ['an object without a mark', true, (one, object) => `${one}---\n${object.replace(mark('a'), '')}`],
    ['an object of another workload', false, (one, object) => `${one}---\n${object.replace(mark('a'), mark('b'))}`],
    ['an object of another sidecar', false, (one, object) => `${one}---\n${object.replace('Pod/a/x', 'Pod/a/w')}`],
    ['another object', false, (one, object) => `${one}---\n${object.replace('a-x', 'a-w')}`],
    ['two workloads, of which one has its object', false, (one, object) => `${one}---\n${object}---\n${one.replaceAll('name: a\n', 'name: b\n')}`],
  ])('%s: %s', async (_name, expected, text) => {
    expect(isComplete(text(...(await injected(CONFIG))))).toBe(expected)
  })

  it('two objects, of which one belongs to another workload', async () => {
    const text = output(await put(pod('a'), bringing('{apiVersion: v1, kind: ConfigMap}, {apiVersion: v1, kind: Secret}')))
    const at = text.lastIndexOf('Pod/a/x')
    expect(isComplete(text)).toBe(true)
    expect(isComplete(`${text.slice(0, at)}Pod/b/x${text.slice(at + 'Pod/a/x'.length)}`)).toBe(false)
  })

  it('a workload without objects', async () => {
    expect(isComplete(output(await put(pod('a'), templates({ x: 'container: {image: x}' }))))).toBe(true)
    expect(isComplete(pod('a'))).toBe(true)
  })
})
