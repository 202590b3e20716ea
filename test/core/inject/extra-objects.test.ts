import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { hasErrors } from '../../../src/core/diagnostics/diagnostic.ts'
import { inject } from '../../../src/core/inject/run.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { checkPromises } from '../../cases/promises.ts'
import { asked, findings, output, put, take, templates } from './run.ts'

const config = (level: string): Partial<InjectOptions> => templates({
  ship: `
container:
  image: example.com/ship:1
  volumeMounts: [{name: config, mountPath: /etc/ship}]
volumes: [{name: config, configMap: {name: "\${{ workload.name }}-ship"}}]
objects:
  - apiVersion: v1
    kind: ConfigMap
    data:
      ship.conf: |
        # level
        level = ${level}
`,
})

const SHIP = config('info')

const pod = (name: string, namespace = ''): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}${namespace === '' ? '' : `\n  namespace: ${namespace}`}
spec:
  containers:
    - name: app
      image: a
`
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n'

/** The objects of a text in order, those of lists too. */
function objects(text: string): string[] {
  if (text.trimStart().startsWith('{') && !text.includes('\n---')) {
    const values = text.trim().split(/\n(?=\{)/).map((value) => JSON.parse(value) as Item)
    return values.flatMap(named)
  }
  return (parseAllDocuments(text) as { toJSON: () => Item | null }[]).flatMap((doc) => named(doc.toJSON()))
}

interface Item { kind: string; metadata: { name: string; namespace?: string }; items?: Item[] }

function named(item: Item | null): string[] {
  if (item === null) return []
  if (item.items !== undefined) return item.items.flatMap(named)
  return [[item.kind, item.metadata.namespace, item.metadata.name].filter((part) => part !== undefined).join('/')]
}

const json = (value: unknown, indent?: number): string => JSON.stringify(value, undefined, indent)
const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'app', image: 'a' }] } }
const OTHER = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'z' } }

describe('further objects', () => {
  it.each([
    ['behind the only document', pod('a'), ['Pod/a', 'ConfigMap/a-ship']],
    ['in its namespace', pod('a', 'shop'), ['Pod/shop/a', 'ConfigMap/shop/a-ship']],
    ['between documents', `${SERVICE}---\n${pod('a')}---\n${SERVICE}`, ['Service/s', 'Pod/a', 'ConfigMap/a-ship', 'Service/s']],
    ['of each workload', `${pod('a')}---\n${pod('b')}`, ['Pod/a', 'ConfigMap/a-ship', 'Pod/b', 'ConfigMap/b-ship']],
    ['with a separator in front', `---\n${pod('a')}`, ['Pod/a', 'ConfigMap/a-ship']],
    ['with a separator behind', `${pod('a')}---\n`, ['Pod/a', 'ConfigMap/a-ship']],
    ['with separators all around', `---\n---\n${pod('a')}---\n---\n# end\n`, ['Pod/a', 'ConfigMap/a-ship']],
    ['with comments around', `# before\n${pod('a')}# behind\n--- # next\n${pod('b')}\n\n# end\n`, ['Pod/a', 'ConfigMap/a-ship', 'Pod/b', 'ConfigMap/b-ship']],
    ['without a final line break', pod('a').trimEnd(), ['Pod/a', 'ConfigMap/a-ship']],
    ['without one behind another document', `${SERVICE}---\n${pod('a').trimEnd()}`, ['Service/s', 'Pod/a', 'ConfigMap/a-ship']],
    ['with CR LF', `${pod('a')}---\n${pod('b')}`.replaceAll('\n', '\r\n'), ['Pod/a', 'ConfigMap/a-ship', 'Pod/b', 'ConfigMap/b-ship']],
    ['behind a document end', `${pod('a')}...\n---\n${SERVICE}`, ['Pod/a', 'ConfigMap/a-ship', 'Service/s']],
    ['in a list', `apiVersion: v1\nkind: List\nitems:\n- ${pod('a').trimEnd().replaceAll('\n', '\n  ')}\n- ${SERVICE.replaceAll('\n', '\n  ').trimEnd()}\n`,
      ['Pod/a', 'ConfigMap/a-ship', 'Service/s']],
    ['behind a typed list', `apiVersion: v1\nkind: PodList\nitems:\n- ${pod('a').trimEnd().replaceAll('\n', '\n  ')}\n`, ['Pod/a', 'ConfigMap/a-ship']],
    ['in a stream of JSON', `${json(POD)}\n${json(OTHER)}\n`, ['Pod/a', 'ConfigMap/a-ship', 'Secret/z']],
    ['in a list as JSON', `${json({ apiVersion: 'v1', kind: 'List', items: [POD, OTHER] }, 2)}\n`, ['Pod/a', 'ConfigMap/a-ship', 'Secret/z']],
    ['in a list as JSON on one line', json({ apiVersion: 'v1', kind: 'List', items: [POD] }), ['Pod/a', 'ConfigMap/a-ship']],
    ['as JSON before a comment', `${json(POD)} # c\n`, ['Pod/a', 'ConfigMap/a-ship']],
    ['as JSON before a line with a comment', `${json(POD, 2)}\n# c\n`, ['Pod/a', 'ConfigMap/a-ship']],
    ['as JSON among documents', `${json(POD)}\n---\n${SERVICE}`, ['Pod/a', 'ConfigMap/a-ship', 'Service/s']],
  ])('stand %s', async (_, text, expected) => {
    const result = await put(text, SHIP)
    expect(findings(result)).toEqual([])
    expect(objects(output(result))).toEqual(expected)
    await checkPromises(new SourceText('in.yaml', text), output(result), asked(SHIP))
  })

  // Two JSON values in a row are a stream to kubectl and jq, and an error to readers of YAML.
  it.each([
    ['on one line', `${json(POD)}\n`],
    ['without a final line break', json(POD)],
    ['indented', `${json(POD, 4)}\n`],
    ['with CR LF', `${json(POD, 2)}\n`.replaceAll('\n', '\r\n')],
  ])('make a stream of one JSON object %s', async (_, text) => {
    const once = output(await put(text, SHIP))
    expect(objects(once.replaceAll('\r', ''))).toEqual(['Pod/a', 'ConfigMap/a-ship'])
    expect(once.replaceAll('\r\n', '').includes('\n')).toBe(!text.includes('\r'))
    expect(output(await put(once, SHIP))).toBe(once)
    expect(output(await take(once))).toBe(text)
  })

  it.each([
    ['', '\n'],
    ['that has no final line break', ''],
    ['that ends with blanks', '\n  '],
  ])('of two workloads go from the end of a file %s', async (_, end) => {
    const text = `${json(POD)}\n# c\n${json({ ...POD, metadata: { name: 'b' } })}${end}`
    const once = output(await put(text, SHIP))
    expect(once.match(/kind\W+ConfigMap/g)).toHaveLength(2)
    expect(output(await put(once, SHIP))).toBe(once)
    expect(output(await take(once))).toBe(text)
  })

  it('change in their place, with the checksum that rolls the pods', async () => {
    const text = `${pod('a')}---\n${SERVICE}`
    const first = output(await put(text, SHIP))
    const second = output(await put(first.replace('kind: ConfigMap', '# mine\nkind: ConfigMap'), config('debug')))
    expect(second).toContain('level = debug')
    expect(second).not.toContain('level = info')
    const checksum = (of: string): string | undefined => /config\.sidecarctl\.dev\/ship: (.*)/.exec(of)?.[1]
    expect(checksum(first)).toMatch(/^"?[0-9a-f]{8}"?$/)
    expect(checksum(second)).not.toBe(checksum(first))
    expect(second).toBe(output(await put(text, config('debug'))))
    expect(output(await take(second))).toBe(text)
  })

  it('come back when they are missing, and leave when the sidecar needs none any more', async () => {
    const first = output(await put(pod('a'), SHIP))
    const without = first.slice(0, first.indexOf('---\n'))
    expect(output(await put(without, SHIP))).toBe(first)
    const plain = output(await put(first, templates({ ship: 'container: {image: s}' }, '2')))
    expect(objects(plain)).toEqual(['Pod/a'])
    expect(output(await take(plain))).toBe(pod('a'))
  })

  it('of another sidecar stay', async () => {
    const two = templates({
      one: 'container: {image: o}\nobjects: [{apiVersion: v1, kind: ConfigMap, data: {a: b}}]',
      two: 'container: {image: t}\nobjects: [{apiVersion: v1, kind: Secret, metadata: {name: own}, stringData: {a: b}}]',
    })
    const text = pod('a').trimEnd()
    const both = output(await put(output(await put(text, { ...two, sidecars: ['one'] })), { ...two, sidecars: ['two'] }))
    expect(objects(both)).toEqual(['Pod/a', 'Secret/own', 'ConfigMap/a-one'])
    expect(objects(output(await take(both, { sidecars: ['one'] })))).toEqual(['Pod/a', 'Secret/own'])
    expect(objects(output(await take(both, { sidecars: ['two'] })))).toEqual(['Pod/a', 'ConfigMap/a-one'])
    expect(output(await take(both))).toBe(text)
  })

  it('leave comments that came later', async () => {
    const first = output(await put(`${pod('a')}---\n${SERVICE}`, SHIP))
    const noted = first.replace('---\napiVersion: v1\nkind: ConfigMap', '---\n# a note\napiVersion: v1\nkind: ConfigMap')
    expect(findings(await take(noted))).toEqual([])
    expect(output(await take(noted))).toBe(`${pod('a')}# a note\n---\n${SERVICE}`)
  })

  it.each([
    ['behind a value', '\n  name: a-ship', '\n  name: a-ship # mine', 'EXTRA_OBJECT_COMMENT in.yaml:28:16'],
    ['on a line', '\ndata:', '\n# mine\ndata:', 'EXTRA_OBJECT_COMMENT in.yaml:31:1'],
    ['behind a key', '\ndata:', '\ndata: # mine', 'EXTRA_OBJECT_COMMENT in.yaml:31:7'],
    ['behind the head of a text', 'ship.conf: |', 'ship.conf: | # mine', 'EXTRA_OBJECT_COMMENT in.yaml:32:16'],
  ])('say what comments inside are lost: %s', async (_, before, after, expected) => {
    const first = output(await put(pod('a'), SHIP))
    const noted = first.replace(before, after)
    expect(noted).not.toBe(first)
    expect(findings(await take(noted))).toEqual([expected])
    expect(findings(await put(noted, config('debug')))).toEqual([expected])
    expect(output(await take(noted))).toBe(pod('a'))
  })

  const TAKEN = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a-ship}\n'
  const bad = (object: string): Partial<InjectOptions> => templates({ ship: `container: {image: s}\nobjects: [${object}]` })

  it.each([
    ['one that is there', `${TAKEN}---\n${pod('a')}`, SHIP, ['EXTRA_OBJECT_TAKEN in.yaml:5:1 < in.yaml:1:1']],
    ['one of two workloads', `${pod('a')}---\n${pod('a').replace('kind: Pod', 'kind: Pod # 2')}`, SHIP, ['EXTRA_OBJECT_TAKEN in.yaml:10:1']],
    ['no name', pod('a').replace('name: a', 'generateName: a-'), SHIP, ['EXTRA_OBJECT_INVALID in.yaml:1:1']],
    ['another namespace', pod('a', 'shop'), bad('{apiVersion: v1, kind: ConfigMap, metadata: {namespace: other}}'), ['EXTRA_OBJECT_INVALID in.yaml:1:1']],
    ['a namespace that the workload does not have', pod('a'), bad('{apiVersion: v1, kind: ConfigMap, metadata: {namespace: shop}}'), ['EXTRA_OBJECT_INVALID in.yaml:1:1']],
    ['a workload', pod('a'), bad('{apiVersion: v1, kind: Pod}'), ['EXTRA_OBJECT_INVALID in.yaml:1:1']],
    ['no kind', pod('a'), bad('{apiVersion: v1}'), ['EXTRA_OBJECT_INVALID in.yaml:1:1']],
    ['two of one name', pod('a'), bad('{apiVersion: v1, kind: ConfigMap}, {apiVersion: v1, kind: ConfigMap}'), ['EXTRA_OBJECT_INVALID in.yaml:1:1']],
    ['what the API server refuses', pod('a'), bad('{apiVersion: v1, kind: ConfigMap, dta: {}}'), ['RESULT_INVALID in.yaml:1:1']],
  ])('are refused: %s', async (_, text, options, expected) => {
    const result = await put(text, options)
    expect(findings(result)).toEqual(expected)
  })

  it.each([['shop'], ['']])('may name the namespace of the workload, if it has one: %j', async (namespace) => {
    const object = '{apiVersion: v1, kind: ConfigMap, metadata: {namespace: "${{ workload.namespace }}"}}'
    expect(findings(await put(pod('a', namespace), bad(object)))).toEqual([])
  })

  describe('of an object with several pod templates', () => {
    const component = (name: string, image = 'a'): string => `  ${name}:\n    containers:\n    - {name: kserve-container, image: ${image}}\n`
    const service = (...components: string[]): string =>
      `apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata:\n  name: a\nspec:\n${components.join('')}`
    const [PREDICTOR, TRANSFORMER] = [component('predictor'), component('transformer')]
    const text = service(PREDICTOR, TRANSFORMER)

    it.each([
      ['a document', text],
      ['an item', `apiVersion: v1\nkind: List\nitems:\n- ${text.trimEnd().replaceAll('\n', '\n  ')}\n- ${SERVICE.trimEnd().replaceAll('\n', '\n  ')}\n`],
    ])('are shared: %s', async (__, whole) => {
      const result = await put(whole, SHIP)
      expect(findings(result)).toEqual([])
      expect(objects(output(result)).slice(0, 2)).toEqual(['InferenceService/a', 'ConfigMap/a-ship'])
      await checkPromises(new SourceText('in.yaml', whole), output(result), asked(SHIP))
      const changed = output(await put(output(result), config('debug')))
      expect(changed).toBe(output(await put(whole, config('debug'))))
    })

    it('are there for one that comes later, and stay for one that is left', async () => {
      const one = output(await put(service(PREDICTOR), SHIP))
      const later = output(await put(one.replace('---\n', `${TRANSFORMER}---\n`), SHIP))
      expect(objects(later)).toEqual(['InferenceService/a', 'ConfigMap/a-ship'])
      expect(output(await take(later))).toBe(text)
      const left = later.replace(/  transformer:[^]*(?=---)/, '')
      expect(output(await put(left, SHIP))).toBe(left)
      expect(output(await take(left))).toBe(service(PREDICTOR))
    })

    it('are refused where their content differs', async () => {
      const own = templates({ ship: 'container: {image: s}\nobjects: [{apiVersion: v1, kind: ConfigMap, data: {image: "${{ app.image }}"}}]' })
      expect(findings(await put(text, own))).toEqual([])
      const result = await put(service(PREDICTOR, component('transformer', 'b')), own)
      expect(findings(result)).toEqual(['EXTRA_OBJECT_TAKEN in.yaml:1:1'])
      expect(result.diagnostics[0]?.message).toContain('two sidecars of this InferenceService')
    })
  })

  describe('with one name, of two sidecars', () => {
    const spec = (level: string): string => `
container: {image: s}
objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: "\${{ workload.name }}-x"}, data: {level: ${level}}}]`
    const both = templates({ a: spec('info'), b: spec('info') })
    const differ = templates({ a: spec('info'), b: spec('debug') })
    it.each<[string, Partial<InjectOptions>, string[], string[]]>([
      ['at once', both, [], ['a', 'b']],
      ['one after the other', both, ['a'], ['b']],
      ['one after the other, with other content', differ, ['b'], ['a']],
      ['one after the other, with the first again', both, ['a'], ['a', 'b']],
    ])('are refused: %s', async (_, options, first, second) => {
      const text = first.length === 0 ? pod('w') : output(await put(pod('w'), { ...options, sidecars: first }))
      const result = await put(text, { ...options, sidecars: second })
      expect(findings(result)).toEqual(['EXTRA_OBJECT_TAKEN in.yaml:1:1'])
      expect(result.diagnostics[0]?.message).toMatch(/^the sidecars "[ab]" and "[ab]" of this Pod both add v1\/ConfigMap\/w-x$/)
      expect(result.diagnostics[0]?.hint).toBe('give one of the objects another name')
      expect(output(await take(text))).toBe(pod('w'))
    })

    it('are handed over where one replaces the other', async () => {
      const text = output(await put(pod('w'), { ...both, sidecars: ['a'] }))
      expect(output(await put(output(await take(text)), { ...both, sidecars: ['b'] }))).toContain('Pod/w/b')
    })
  })

  describe('in several inputs', () => {
    const run = async (...texts: string[]): Promise<string[]> => {
      const result = await inject(texts.map((text, n) => new SourceText(`${n}.yaml`, text)), asked(SHIP))
      if (hasErrors(result.diagnostics)) expect(result.files.filter((f) => f.output === f.source.text)).not.toEqual([])
      return findings(result)
    }
    it.each<[string, string[], string[]]>([
      ['one is there in a later one', [pod('a'), TAKEN], ['EXTRA_OBJECT_TAKEN 0.yaml:1:1 < 1.yaml:1:1']],
      ['one is there in an earlier one', [`${SERVICE}---\n${TAKEN}`, pod('a')], ['EXTRA_OBJECT_TAKEN 1.yaml:1:1 < 0.yaml:6:1']],
      ['two workloads bring the same', [pod('a'), SERVICE, pod('a')], ['EXTRA_OBJECT_TAKEN 2.yaml:1:1 < 0.yaml:1:1']],
      ['two workloads bring the same behind others', [`${SERVICE}---\n${pod('a')}`, pod('a'), pod('a')], ['EXTRA_OBJECT_TAKEN 1.yaml:1:1 < 0.yaml:6:1', 'EXTRA_OBJECT_TAKEN 2.yaml:1:1 < 0.yaml:6:1']],
      ['one is there in a list', [pod('a'), `apiVersion: v1\nkind: List\nitems:\n- ${TAKEN.replaceAll('\n', '\n  ').trimEnd()}\n`], ['EXTRA_OBJECT_TAKEN 0.yaml:1:1 < 1.yaml:4:3']],
      ['one of another kind', [pod('a'), TAKEN.replace('ConfigMap', 'Secret')], []],
      ['one of another namespace', [pod('a'), TAKEN.replace('}', ', namespace: other}')], []],
      ['its name elsewhere, in what cannot be read', [pod('a'), '# a-ship\nkind: ConfigMap\n a-ship: }'], ['YAML_SYNTAX 1.yaml:3:8']],
      ['others only', [pod('a'), pod('b'), TAKEN.replace('a-ship', 'c-ship')], []],
    ])('are compared: %s', async (_, texts, expected) => {
      expect(await run(...texts)).toEqual(expected)
    })

    it('are told once where a later input brings and has them', async () => {
      const injected = output(await put(pod('a'), SHIP))
      expect(await run(pod('a'), injected)).toEqual(['EXTRA_OBJECT_TAKEN 1.yaml:1:1 < 0.yaml:1:1'])
    })

    it('may have a name of other characters', async () => {
      const role = templates({ ship: 'container: {image: s}\nobjects: [{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: "a:ship"}}]' })
      const compared = async (...texts: string[]): Promise<string[]> =>
        findings(await inject(texts.map((text, n) => new SourceText(`${n}.yaml`, text)), { ...asked(role), validate: false }))
      const THERE = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: "a:ship"}\n'
      expect(await compared(pod('a'), THERE)).toEqual(['EXTRA_OBJECT_TAKEN 0.yaml:1:1 < 1.yaml:1:1'])
      expect(await compared(pod('a'), THERE.replace('a:ship', 'b:ship'))).toEqual([])
    })

    it('are those of a workload that was moved, when the old place loses them', async () => {
      const first = output(await put(pod('a'), SHIP))
      const opted = first.replace('  name: a\n', '  name: a\n  labels: {sidecarctl.dev/inject: "false"}\n')
      const { sidecars: _, ...unnamed } = asked(SHIP)
      const result = await inject([new SourceText('old.yaml', opted), new SourceText('new.yaml', pod('a').replace('  name: a\n', '  name: a\n  labels: {sidecarctl.dev/inject: ship}\n'))], unnamed)
      expect(findings(result)).toEqual([])
      expect(result.files.map((f) => objects(f.output))).toEqual([['Pod/a'], ['Pod/a', 'ConfigMap/a-ship']])
    })
  })

  it.each([`${pod('a')}\r`, pod('a').replaceAll('\n', '\r'), `${pod('a')}# c\r`])('find no place where a file ends in CR: %j', async (text) => {
    const result = await put(text, SHIP)
    expect(findings(result)).toEqual([expect.stringMatching(/^EDIT_LAYOUT /)])
  })

  it('have no slash in their names', async () => {
    const result = await put(pod('"/a"'), { ...SHIP, validate: false })
    expect(findings(result)).toEqual([expect.stringMatching(/^EXTRA_OBJECT_INVALID /)])
  })

  it('in another namespace are others', async () => {
    const result = await put(`${TAKEN.replace('}', ', namespace: other}')}---\n${pod('a')}`, SHIP)
    expect(findings(result)).toEqual([])
  })
})

describe('an extra object that was moved to another file', () => {
  const parts = async (): Promise<[string, string]> => {
    const [workload = '', object = ''] = output(await put(pod('a'), SHIP)).split('---\n')
    return [workload, object]
  }

  it('is told by uninject, which does not remove it', async () => {
    const [workload] = await parts()
    const result = await take(workload, SHIP)
    expect(result.diagnostics).toMatchObject([
      { code: 'RECORD_INCOMPLETE', message: 'v1/ConfigMap/a-ship came with sidecar "ship" and is not here, so it is not removed' },
    ])
    expect(output(result)).toBe(pod('a'))
  })

  it('has another hint in the same file, where its workload lost the record', async () => {
    const [, object] = await parts()
    const { diagnostics } = await put(`${pod('a')}---\n${object}`, SHIP)
    expect(diagnostics).toMatchObject([
      { code: 'EXTRA_OBJECT_TAKEN', hint: 'it came with this workload: restore the record from version control, or remove the object' },
    ])
  })

  it('is an error of inject that says to move it back', async () => {
    const [workload, object] = await parts()
    const { diagnostics } = await inject([new SourceText('a.yaml', workload), new SourceText('b.yaml', object)], asked(SHIP))
    expect(diagnostics).toMatchObject([{ code: 'EXTRA_OBJECT_TAKEN', hint: 'it came with this workload: move it back into the same file' }])
    const other = object.replace('owned-by: Pod/a/', 'owned-by: Pod/b/')
    const taken = await inject([new SourceText('a.yaml', workload), new SourceText('b.yaml', other)], asked(SHIP))
    expect(taken.diagnostics).toMatchObject([{ code: 'EXTRA_OBJECT_TAKEN', hint: expect.stringContaining('rename it') }])
  })
})
