/** Objects that come with a sidecar: where they go in the text, and what becomes of them in the next run. */
import { describe, expect, it } from 'vitest'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import type { Row } from '../../helpers/table.ts'
import { visible } from '../../helpers/yaml-text.ts'
import { output, put, take, templates } from './run.ts'

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
