import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/json/json.ts'
import type { FieldPath } from '../../../src/core/field-path/field-path.ts'
import { digestOf, emptyRecord, recordAnnotations, shortHash, type OwnershipRecord } from '../../../src/core/ownership/record.ts'
import { formatRecord, readRecord, saysTheSame } from '../../../src/core/ownership/record-text.ts'

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
