import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/json/json.ts'
import { formatFieldPath, parseFieldPath, pathOf, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import { isEqual } from '../../../src/core/json/equality.ts'
import { mergeKeyOf } from '../../../src/core/field-path/merge-keys.ts'
import { digestOf, emptyRecord, recordAnnotations, shortHash, type OwnershipRecord } from '../../../src/core/ownership/record.ts'
import { formatRecord, readRecord, saysTheSame } from '../../../src/core/ownership/record-text.ts'

const ADDRESSES: [FieldPath, string][] = [
  [['spec'], 'spec'],
  [['spec', 'containers', { id: 'web' }], 'spec.containers[web]'],
  [['spec', 'containers', { id: 'a' }, 'volumeMounts', { id: '/var/log' }], 'spec.containers[a].volumeMounts[/var/log]'],
  [['spec', 'containers', { id: 'a' }, 'ports', { id: '80/TCP' }, 'name'], 'spec.containers[a].ports[80/TCP].name'],
  [['metadata', 'annotations', 'example.com/a.b'], 'metadata.annotations[example.com/a.b]'],
  [['metadata', 'annotations', 'odd]%[key'], 'metadata.annotations[odd%5D%25[key]'],
  [['metadata', 'labels', '__proto__'], 'metadata.labels[__proto__]'],
  [['metadata', 'labels', '%5D'], 'metadata.labels[%255D]'],
  [['metadata', 'labels', ''], 'metadata.labels[]'],
]

describe('addresses', () => {
  it.each(ADDRESSES)('%j as %s and back', (address, text) => {
    expect(formatFieldPath(address)).toBe(text)
    expect(parseFieldPath(text)).toEqual(address)
  })

  it.each(['', '[', 'a[', 'a]b', '.', 'a..b', 'a b', '1', 'a[x', '\u00e9'])('%j is none', (text) => {
    expect(parseFieldPath(text)).toBeUndefined()
  })

  const pod = {
    spec: { containers: [{ name: 'a', ports: [{ containerPort: 53, protocol: 'UDP' }, { containerPort: 53 }] }, { name: 'b', volumeMounts: [{ mountPath: '/x' }] }, null, 'c'] },
  } as Json
  it.each<[string, (string | number)[] | undefined]>([
    ['spec.containers[a]', ['spec', 'containers', 0]],
    ['spec.containers[b].volumeMounts[/x]', ['spec', 'containers', 1, 'volumeMounts', 0]],
    ['spec.containers[a].ports[53/TCP]', ['spec', 'containers', 0, 'ports', 1]],
    ['spec.containers[a].ports[53/UDP]', ['spec', 'containers', 0, 'ports', 0]],
    ['spec.containers[c]', undefined],
    ['spec.volumes', undefined],
    ['spec.constructor', undefined],
    ['spec.containers.name', undefined],
  ])('%s leads to %j', (text, path) => {
    expect(pathOf(pod, parseFieldPath(text) as FieldPath)).toEqual(path)
  })

  it('knows what tells items apart', () => {
    expect(mergeKeyOf('env', { name: 'A' })).toBe('A')
    expect(mergeKeyOf('volumeMounts', { mountPath: '/a', name: 'v' })).toBe('/a')
    expect(mergeKeyOf('ports', { containerPort: 80 })).toBe('80/TCP')
    expect([mergeKeyOf('env', {}), mergeKeyOf('env', null), mergeKeyOf('env', { name: 1 }), mergeKeyOf('args', { name: 'a' })]).toEqual([undefined, undefined, undefined, undefined])
  })

  it.each<[Json | undefined, Json | undefined, boolean]>([
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true], [[1, 2], [2, 1], false], [{ a: undefined as never }, {}, false], [null, undefined, false], [{}, [], false],
    [{ a: 1 }, Object.assign(Object.create(null) as object, { a: 1 }) as Json, true], [1, '1', false],
  ])('%j and %j: equal is %s', (a, b, equal) => {
    expect(isEqual(a, b)).toBe(equal)
  })
})

function sidecar(entry: unknown): string {
  return JSON.stringify({ sidecars: { a: entry } })
}

const OLD = 'sidecarctl.dev/injected'
const NEW = 'injected.sidecarctl.dev/a'

function read(annotations: { [key: string]: Json }): OwnershipRecord | undefined {
  const found = readRecord({ metadata: { annotations } })
  return found !== undefined && 'record' in found ? found.record : undefined
}

function readOld(value: Json): OwnershipRecord | undefined {
  return read({ [OLD]: value })
}

const WAS_BAD = ['\nhostNetwork: true', ' a: b', ' {a: b}', ' # c', ' "a"', ' a\n  b: c', ' |', ' [*a]', ' &a &b c', ' !!binary YQ==']

describe('records', () => {
  const volume: FieldPath = ['spec', 'volumes', { id: 'logs' }]
  const container: FieldPath = ['spec', 'containers', { id: 'logging' }]
  const record: OwnershipRecord = {
    ...emptyRecord(),
    created: [['spec', 'volumes'], ['metadata', 'annotations']],
    was: new Map([['spec.volumes', ' ~']]),
    uses: [['spec', 'containers', { id: 'app' }, 'volumeMounts', { id: '/logs' }]],
  }
  record.sidecars.set('logging', { version: '1.0.0', own: [container, volume], digests: new Map([['spec.containers[logging]', '12345678'], ['spec.volumes[logs]', '']]) })
  record.sidecars.set('tail', { version: '2', own: [], digests: new Map(), objects: new Map([['v1/ConfigMap/x', 'aaaaaaaa']]) })

  it('are an annotation for each sidecar, sorted, with all that it needs, and read back', () => {
    const text = formatRecord(record)
    expect([...text]).toEqual([
      ['injected.sidecarctl.dev/logging', '{"version":"1.0.0","own":{"spec.containers[logging]":"12345678","spec.volumes[logs]":""},"new":["metadata.annotations","spec.volumes"],'
        + '"was":{"spec.volumes":" ~"},"uses":["spec.containers[app].volumeMounts[/logs]"]}'],
      ['injected.sidecarctl.dev/tail', '{"version":"2","own":{},"new":["metadata.annotations"],"objects":{"v1/ConfigMap/x":"aaaaaaaa"}}'],
    ])
    const back = read(Object.fromEntries(text)) as OwnershipRecord
    expect(back.sidecars).toEqual(record.sidecars)
    expect(saysTheSame(back, record)).toBe(true)
    expect(formatRecord(back)).toEqual(text)
  })

  it('are read from the old form, alone and beside the new one, which wins', () => {
    const old = '{"sidecars":{"a":{"v":"1","h":"12345678","own":["spec.volumes[x]"],"objs":["v1/ConfigMap/x"]},"b":{"v":"1","h":"","own":[]}},"new":["spec.volumes"],"was":{"spec.volumes":" ~"}}'
    const alone = readOld(old) as OwnershipRecord
    expect(alone.sidecars.get('a')).toEqual({ version: '1', hash: '12345678', own: [['spec', 'volumes', { id: 'x' }]], digests: new Map(), objects: new Map([['v1/ConfigMap/x', '']]) })
    expect([alone.created, [...alone.was]]).toEqual([[['spec', 'volumes']], [['spec.volumes', ' ~']]])
    for (const keys of [[OLD, NEW], [NEW, OLD]]) {
      const both = read(Object.fromEntries(keys.map((key) => [key, key === OLD ? old : '{"version":"2","own":{},"new":["spec.volumes"]}']))) as OwnershipRecord
      expect([...both.sidecars].map(([name, { version }]) => `${name} ${version}`).sort()).toEqual(['a 2', 'b 1'])
      expect(both.created).toEqual([['spec', 'volumes']])
    }
  })

  it.each<[string, Json]>([
    ['a number', 1], ['no JSON', '{'], ['a list', '[]'], ['no version', '{"own":{}}'], ['no addresses', '{"version":"1"}'], ['a list of addresses', '{"version":"1","own":[]}'],
    ['the whole spec', '{"version":"1","own":{"spec":""}}'], ['a digest that is none', '{"version":"1","own":{"spec.volumes[x]":"x"}}'], ['a digest as number', '{"version":"1","own":{"spec.volumes[x]":1}}'],
    ['objects that are none', '{"version":"1","own":{},"objects":[]}'], ['new that is none', '{"version":"1","own":{},"new":{}}'], ['uses that are none', '{"version":"1","own":{},"uses":[1]}'],
    ...WAS_BAD.map((text): [string, Json] => [`was with ${JSON.stringify(text)}`, JSON.stringify({ version: '1', own: {}, was: { 'spec.volumes': text } })]),
  ])('are not read from %s', (_, value) => {
    expect(readRecord({ metadata: { annotations: { [NEW]: value } } })).toEqual({ broken: NEW })
  })

  it.each(['', 'Logging', '__proto__', 'a/b'])('are not read under a name that no template has: %j', (name) => {
    expect(readRecord({ metadata: { annotations: JSON.parse(`{"injected.sidecarctl.dev/${name}": "{\\"version\\":\\"1\\",\\"own\\":{}}"}`) as Json } })).toHaveProperty('broken')
  })

  it.each<[string, Json]>([
    ['a number', 1], ['null', null], ['a map', { sidecars: {} }], ['no JSON', '{'], ['a list', '[]'], ['a word', '"a"'], ['JSON null', 'null'], ['without sidecars', '{}'],
    ['sidecars a list', '{"sidecars":[]}'], ['an entry that is none', sidecar(1)], ['no version', sidecar({ h: '', own: [] })], ['a version that is none', sidecar({ v: 1, h: '', own: [] })],
    ['no addresses', sidecar({ v: '', h: '' })], ['an address that is none', sidecar({ v: '', h: '', own: [1] })], ['an address that cannot be read', sidecar({ v: '', h: '', own: ['['] })],
    ['the whole spec', sidecar({ v: '', h: '', own: ['spec'] })], ['something else', sidecar({ v: '', h: '', own: ['status.x'] })], ['the prototype', sidecar({ v: '', h: '', own: ['__proto__.x'] })],
    ['a name that no template has', '{"sidecars":{"__proto__":{"v":"","h":"","own":[]}}}'], ['new that is none', '{"sidecars":{},"new":{}}'], ['was that is none', '{"sidecars":{},"was":[]}'], ['uses that are none', '{"sidecars":{},"uses":[1]}'],
    ...WAS_BAD.map((text): [string, Json] => [`was with ${JSON.stringify(text)}`, JSON.stringify({ sidecars: {}, was: { 'spec.volumes': text } })]),
  ])('are not read from the old form with %s', (_, value) => {
    expect(readRecord({ metadata: { annotations: { [OLD]: value } } })).toEqual({ broken: OLD })
  })

  it.each(['', ' &a', ' ~', ' null', ' []', ' { }', ' *a', ' 30', ' &a 30', ' !!null', '\n    ~'])('may put back %j', (text) => {
    expect(readOld(JSON.stringify({ sidecars: {}, was: { 'spec.volumes': text } }))?.was.get('spec.volumes')).toBe(text)
  })

  it('are no other annotations', () => {
    const annotations = { 'sidecarctl.dev/inject': 'a', 'xinjected.sidecarctl.dev/a': '', [NEW]: 'b' }
    expect(recordAnnotations({ metadata: { annotations } })).toEqual([[NEW, 'b']])
    expect(readRecord({})).toBeUndefined()
  })

  it('have digests of eight digits that do not hang on the order of keys', () => {
    expect(shortHash('')).toBe('811c9dc5')
    expect(shortHash('a')).not.toBe(shortHash('b'))
    expect(digestOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(digestOf({ b: [{ d: 3, c: 2 }], a: 1 }))
    expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]))
    expect(digestOf('1')).not.toBe(digestOf(1))
  })
})
