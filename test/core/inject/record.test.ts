import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/core/text/source.ts'
import { checkPromises } from '../../cases/promises.ts'
import { asked, findings, output, put, take, templates } from './run.ts'

const TAIL = templates({ tail: 'container: {image: t}\nvolumes: [{name: state, emptyDir: {}}]\npod: {labels: {tail: "yes"}}' })
const OTHER = templates({ tail: 'container: {image: t}\nvolumes: [{name: other, emptyDir: {}}]\npod: {labels: {other: "yes"}}' }, '2')

const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: app\n      image: a\n'

interface Raw { version: string; own: Record<string, string>; new: string[]; was?: Record<string, string>; objects?: Record<string, string> }

async function mangled(change: (record: Raw) => unknown): Promise<string> {
  const text = output(await put(POD, TAIL))
  const raw = /injected\.sidecarctl\.dev\/tail: >-\n +(.*)/.exec(text)?.[1] as string
  const record = JSON.parse(raw) as Raw
  change(record)
  return text.replace(raw, () => JSON.stringify(record))
}

const claim = (...addresses: string[]) => ({ own }: Raw): void => { for (const address of addresses) own[address] = '' }

describe('a record that was changed by hand', () => {
  it.each<[string, (record: Raw) => unknown, string]>([
    ['the only container of the app', claim('spec.containers[app]'), 'says that every container came with a sidecar'],
    ['a whole list', claim('spec.containers'), 'says that spec.containers came with sidecar "tail"'],
    ['all labels', claim('metadata.labels'), 'says that metadata.labels came with'],
    ['the name of a container', claim('spec.containers[app].name'), 'says that spec.containers[app].name came with'],
    ['a part of an item', claim('spec.containers[app].env[A].value'), 'says that spec.containers[app].env[A].value came with'],
    ['the record itself', claim('metadata.annotations[injected.sidecarctl.dev/tail]'), 'says that metadata.annotations[injected.sidecarctl.dev/tail] came'],
    ['the record of the old form', claim('metadata.annotations[sidecarctl.dev/injected]'), 'says that metadata.annotations[sidecarctl.dev/injected] came'],
    ['the same twice', claim('spec[volumes][state]'), 'says twice that spec.volumes[state] came with'],
    ['a field of what is ours already', claim('spec.initContainers[tail].image'), 'says that spec.initContainers[tail].image came with a sidecar, and also a field that contains it'],
    ['a workload as an object that came along', (r) => (r.objects = { 'v1/Pod/a': '' }), 'says that the object v1/Pod/a came'],
    ['a container as made for another', (r) => r.new.push('spec.containers[app]'), 'says that spec.containers[app] was created'],
    ['a number in place of a list', (r) => (r.was = { 'spec.volumes': ' 30' }), 'records an original value of spec.volumes that cannot be restored'],
    ['an alias without anchor', (r) => (r.was = { 'spec.volumes': ' *x' }), 'says that the original value of spec.volumes was *x, but no anchor &x precedes it'],
  ])('is refused at its place when it claims %s', async (_, change, message) => {
    const text = await mangled(change)
    for (const result of [await take(text), await put(text, TAIL), await put(text, OTHER)]) {
      expect(findings(result)).toEqual(['RECORD_INVALID in.yaml:8:35'])
      expect(result.diagnostics[0]?.message).toContain(message)
      expect(result.diagnostics[0]?.hint).toContain('restore it from version control')
      expect(output(result)).toBe(text)
    }
  })

  it('is refused at its place when it claims an alias without anchor under the new name of a container', async () => {
    const app = templates({ tail: 'container: {image: t}\napp: {env: [{name: LEVEL, value: "1"}]}' })
    const text = output(await put(POD, app))
      .replace('- name: app\n', '- name: main\n')
      .replace('"new":', '"was":{"spec.containers[main].env[LEVEL]":" *x"},"new":')
    for (const result of [await take(text), await put(text, app)]) {
      expect(findings(result)).toEqual(['RECORD_INVALID in.yaml:6:35'])
      expect(result.diagnostics[0]?.message).toContain('the original value of spec.containers[main].env[LEVEL] was *x')
      expect(output(result)).toBe(text)
    }
  })

  it.each<[string, (record: Raw) => unknown]>([
    ['claims what is not there', claim('spec.volumes[none]')],
    ['made what is not there', (r) => r.new.push('spec.imagePullSecrets')],
  ])('is followed where it %s', async (_, change) => {
    expect(output(await take(await mangled(change)))).toBe(POD)
  })
})

describe('records in block style', () => {
  const annotated = POD.replace('  name: a\n', '  name: a\n  annotations:\n    mine: x # mine\n')
  const two = templates({ tail: 'container: {image: t}', ship: 'container: {image: s}' })
  const oneLine = (text: string): string => text.replaceAll(/>-(\r?\n) +(\{.*\})(?=\1)/g, "'$2'")

  it.each<[string, string]>([
    ['a plain file', POD], ['annotations of its own', annotated], ['Windows line ends', annotated.replaceAll('\n', '\r\n')], ['a byte order mark', `\ufeff${annotated}`],
    ['annotations at the end of the file', 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: app\n      image: a\nmetadata:\n  name: a\n  annotations:\n    mine: x\n'],
    ['annotations at the end of a file without a last break', 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: app\n      image: a\nmetadata:\n  name: a\n  annotations:\n    mine: x'],
    ['annotations at the end of a document', 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: app\n      image: a\nmetadata:\n  name: a\n  annotations:\n    mine: x\n\n---\n# next\n'],
    ['a deep comment behind them', annotated.replace('# mine\n', '# mine\n\n      # mine, too\n')], ['deep blanks behind them', annotated.replace('# mine\n', '# mine\n        \n')],
    ['an anchor', annotated.replace('annotations:', 'annotations: &own')],
    ['text over several lines before them', annotated.replace('mine: x # mine', 'mine: |+\n      x\n')],
  ])('come and go without a trace in %s', async (_, text) => {
    const one = output(await put(text, { ...two, sidecars: ['tail'] }))
    const both = output(await put(one, two))
    expect(output(await put(text, two))).toBe(both)
    expect(findings(await put(both, two))).toEqual([])
    expect(output(await put(both, two))).toBe(both)
    expect(output(await take(both, { sidecars: ['ship'] }))).toBe(one)
    expect(output(await take(both))).toBe(text)
    // As they were written before.
    expect(output(await put(oneLine(both), two))).toBe(oneLine(both))
    expect(output(await take(oneLine(both)))).toBe(text)
    // One is rewritten, then the other goes, at once and later.
    const newer = templates({ tail: 'container: {image: u}' }, '2')
    const next = await put(oneLine(both), { ...newer, sidecars: ['tail'] })
    expect(findings(next)).toEqual([])
    expect(findings(await take(output(next), { sidecars: ['ship'] }))).toEqual([])
    expect(output(await take(output(await take(output(next), { sidecars: ['ship'] }))))).toBe(text)
  })

  it('stay on one line until they say something else', async () => {
    const old = oneLine(output(await put(POD, two)))
    expect(old).not.toContain('>-')
    const next = output(await put(old, { ...templates({ tail: 'container: {image: u}' }, '2'), sidecars: ['tail'] }))
    expect(next).toMatch(/^ {4}injected\.sidecarctl\.dev\/tail: >-\n {6}\{"version":"2".*\}\n {4}injected\.sidecarctl\.dev\/ship: '\{.*\}'\n/m)
  })
})

describe('what the user took away beside ours', () => {
  const own = `${POD}  volumes:\n    - name: mine\n      emptyDir: {}\n`
  it.each([
    ['block', own, '    - name: mine\n      emptyDir: {}\n', `${POD}  volumes: []\n`],
    ['flow', `${POD}  volumes: [{name: mine, emptyDir: {}}]\n`, '{name: mine, emptyDir: {}}, ', `${POD}  volumes: []\n`],
  ])('leaves an empty list of its own in %s style', async (_, text, mine, expected) => {
    const without = output(await put(text, TAIL)).replace(mine, '')
    expect(findings(await take(without))).toEqual([])
    expect(output(await take(without))).toBe(expected)
    expect(output(await put(without, OTHER))).toContain('other')
    expect(output(await take(output(await put(without, OTHER))))).toBe(expected)
  })
})

describe('a list or map that was made for us and emptied by hand', () => {
  const first = async (): Promise<string> => output(await put(POD, TAIL))
  it.each<[string, (text: string) => string]>([
    ['a list', (text) => text.replace(/(initContainers:\n)(?:    .*\n)+/, '$1')],
    ['a list with null and a comment', (text) => text.replace(/(initContainers:)\n(?:    .*\n)+/, '$1 ~ # none\n')],
    ['an empty list', (text) => text.replace(/(volumes:)\n(?:    .*\n)+/, '$1 []\n')],
    ['a map', (text) => text.replace('    tail: "yes"\n', '')],
  ])('goes with the rest: %s', async (_, empty) => {
    const changed = empty(await first())
    expect(changed).not.toBe(await first())
    expect(output(await take(changed))).toBe(POD)
    for (const options of [TAIL, OTHER]) {
      const again = await put(changed, options)
      expect(findings(again)).toEqual([])
      expect(output(again)).not.toBe(changed)
      expect(output(await take(output(again)))).toBe(POD)
    }
  })

  it('is null again where it was null', async () => {
    const text = `${POD}  volumes: # mine\n`
    const changed = output(await put(text, TAIL)).replace(/(volumes: # mine\n)(?:    .*\n)+/, '$1')
    expect(output(await take(changed))).toBe(text)
  })
})

describe('lists and maps of ours alone in flow style', () => {
  it.each([
    ['YAML', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {}}\nspec: {containers: [{name: app, image: a}], volumes: []}\n', '{name: other, emptyDir: {}}'],
    ['JSON', `${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'app', image: 'a' }] } }, undefined, 2)}\n`,
      '    "volumes": [\n      {\n        "name": "other",\n        "emptyDir": {}\n      }\n    ]'],
  ])('change whole in %s', async (_, text, expected) => {
    const second = output(await put(output(await put(text, TAIL)), OTHER))
    expect(second).toContain(expected)
    expect(second).not.toContain('state')
    expect(output(await take(second))).toBe(text)
  })
})

it.each([
  ['a null that the sidecar does not fill', `${POD}    - name: tail\n      resources: # mine\n`],
  ['a null where an account goes', `${POD}  serviceAccountName:\n`],
])('puts %s back', async (_, text) => {
  const options = templates({ tail: 'container: {image: t}\npod: {serviceAccountName: ship}' })
  const result = output(await put(text, options))
  expect(result).not.toBe(text)
  await checkPromises(new SourceText('in.yaml', text), result, asked(options))
})

it('is refused where the anchor of an alias that stood there has no meaning in JSON', async () => {
  const record = { sidecars: { tail: { v: '1.0.0', h: 'x', own: ['spec.containers[tail]', 'spec.volumes[q]'] } }, new: ['spec.volumes'], was: { 'spec.volumes': ' *a' } }
  const overridden = '- apiVersion: example.com/v1\n  kind: X\n  metadata: {name: b}\n  spec: &a [.nan]\n  spec: 1\n'
  const pod = `- apiVersion: v1\n  kind: Pod\n  metadata: {name: a, annotations: {sidecarctl.dev/injected: '${JSON.stringify(record)}'}}\n  spec: {containers: [{name: app, image: x}, {name: tail, image: y}]}\n`
  const result = await take(`apiVersion: v1\nkind: List\nitems:\n${overridden}${pod}`)
  expect(findings(result)).toEqual([expect.stringMatching(/^RECORD_INVALID /)])
})
