import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/json/json.ts'
import { formatFieldPath, parseFieldPath, pathOf, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import { isEqual } from '../../../src/core/json/equality.ts'
import { mergeKeyOf } from '../../../src/core/field-path/merge-keys.ts'
import { emptyRecord, formatRecord, parseRecord, shortHash } from '../../../src/core/ownership/record.ts'

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

describe('records', () => {
  const record = emptyRecord()
  record.sidecars.set('logging', { version: '1.0.0', hash: '12345678', own: [['spec', 'containers', { id: 'logging' }]] })
  record.created.push(['spec', 'volumes'])
  record.was.set('spec.volumes', ' ~')

  it('are short and read back', () => {
    const text = formatRecord(record)
    expect(text).toBe('{"sidecars":{"logging":{"v":"1.0.0","h":"12345678","own":["spec.containers[logging]"]}},"new":["spec.volumes"],"was":{"spec.volumes":" ~"}}')
    expect(parseRecord(text)).toEqual(record)
    expect(parseRecord(formatRecord(emptyRecord()))).toEqual(emptyRecord())
  })

  it.each<[string, Json]>([
    ['a number', 1], ['null', null], ['a map', { sidecars: {} }], ['no JSON', '{'], ['a list', '[]'], ['a word', '"a"'], ['JSON null', 'null'], ['without sidecars', '{}'],
    ['sidecars a list', '{"sidecars":[]}'], ['an entry that is none', sidecar(1)], ['no version', sidecar({ h: '', own: [] })], ['a version that is none', sidecar({ v: 1, h: '', own: [] })],
    ['no addresses', sidecar({ v: '', h: '' })], ['an address that is none', sidecar({ v: '', h: '', own: [1] })], ['an address that cannot be read', sidecar({ v: '', h: '', own: ['['] })],
    ['the whole spec', sidecar({ v: '', h: '', own: ['spec'] })], ['something else', sidecar({ v: '', h: '', own: ['status.x'] })], ['the prototype', sidecar({ v: '', h: '', own: ['__proto__.x'] })],
    ['a name that no template has', '{"sidecars":{"__proto__":{"v":"","h":"","own":[]}}}'], ['new that is none', '{"sidecars":{},"new":{}}'], ['was that is none', '{"sidecars":{},"was":[]}'], ['uses that are none', '{"sidecars":{},"uses":[1]}'],
    ...['\nhostNetwork: true', ' a: b', ' {a: b}', ' # c', ' "a"', ' a\n  b: c', ' |', ' [*a]', ' &a &b c', ' !!binary YQ=='].map(
      (text): [string, Json] => [`was with ${JSON.stringify(text)}`, JSON.stringify({ sidecars: {}, was: { 'spec.volumes': text } })]),
  ])('are not read from %s', (_, value) => {
    expect(parseRecord(value)).toBeUndefined()
  })

  it.each(['', ' &a', ' ~', ' null', ' []', ' { }', ' *a', ' 30', ' &a 30', ' !!null', '\n    ~'])('may put back %j', (text) => {
    expect(parseRecord(JSON.stringify({ sidecars: {}, was: { 'spec.volumes': text } }))?.was.get('spec.volumes')).toBe(text)
  })

  it('have hashes of eight digits', () => {
    expect(shortHash('')).toBe('811c9dc5')
    expect(shortHash('a')).not.toBe(shortHash('b'))
  })
})
