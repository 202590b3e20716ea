import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/json/json.ts'
import { parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import { annotationAddress, digestOf, digestsIn, emptyRecord, ownedBy, recordAnnotations, shortHash, type OwnershipRecord } from '../../../src/core/ownership/record.ts'
import { table } from '../../helpers/table.ts'
import { aliasName, formatRecord, isSameAround, readRecord, recordOf, saysTheSame } from '../../../src/core/ownership/record-text.ts'

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

  it('keep the order of the new form, so that what is written is read in the same order', () => {
    const one = (volume: string): string => JSON.stringify({ version: '1', own: { [`spec.volumes[${volume}]`]: '' } })
    const old = JSON.stringify({ sidecars: { b: { v: '1', h: 'x', own: ['spec.volumes[b]'] } } })
    const found = read({ [OLD]: old, [NEW]: one('a'), 'injected.sidecarctl.dev/b': one('b') })
    expect([...found?.sidecars.keys() ?? []]).toEqual(['a', 'b'])
  })

  it('are read from the old form, alone and beside the new one, which wins', () => {
    const old = '{"sidecars":{"a":{"v":"1","h":"12345678","own":["spec.volumes[x]"],"objs":["v1/ConfigMap/x"]},"b":{"v":"1","h":"","own":[]}},"new":["spec.volumes"],"was":{"spec.volumes":" ~"}}'
    const alone = readOld(old) as OwnershipRecord
    expect(alone.sidecars.get('a')).toEqual({ version: '1', hash: '12345678', own: [['spec', 'volumes', { id: 'x' }]], digests: new Map(), objects: new Map([['v1/ConfigMap/x', '']]) })
    expect(alone.sidecars.get('b')).toEqual({ version: '1', hash: '', own: [], digests: new Map() })
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
    ['a digest as number of eight digits', '{"version":"1","own":{"spec.volumes[x]":12345678}}'], ['was as number', '{"version":"1","own":{},"was":{"spec.volumes":30}}'],
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
    ['sidecars a list', '{"sidecars":[]}'], ['an entry that is none', sidecar(1)], ['no version', sidecar({ h: '', own: [] })], ['no hash', sidecar({ v: '', own: [] })], ['an object that is none', sidecar({ v: '', h: '', own: [], objs: [1] })], ['a version that is none', sidecar({ v: 1, h: '', own: [] })],
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
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: 2 }))
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ b: 1 }))
    expect(digestOf(null)).toBe(shortHash('null'))
    expect(Array.from({ length: 200 }, (_, n) => shortHash(`${n}`)).filter((hash) => !/^[0-9a-f]{8}$/.test(hash))).toEqual([])
  })
})

interface Said {
  /** The addresses of each sidecar. */
  own: { [sidecar: string]: string[] }
  created?: string[]
  was?: { [address: string]: string }
  uses?: string[]
  objects?: string[]
  version?: string
}

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath

/** A record; the objects came with each sidecar. */
function saying({ own, created = [], was = {}, uses = [], objects = [], version = '1' }: Said): OwnershipRecord {
  const sidecars = Object.entries(own).map(([name, addresses]) =>
    [name, { version, own: addresses.map(at), digests: new Map<string, string>(), objects: new Map(objects.map((id) => [id, 'aaaaaaaa'])) }] as const)
  return { sidecars: new Map(sidecars), created: created.map(at), was: new Map(Object.entries(was)), uses: uses.map(at) }
}

const V = 'spec.volumes[v]'
const E = 'spec.containers[app].env[E]'

table<Said, null, string[]>('each sidecar\'s annotation has what was made around what it owns, and what stood there', (said) =>
  [...formatRecord(saying(said))].map(([key, text]) => `${key.replace(/.*\//, '')} ${text.replace('"version":"1",', '')}`), [
  [{ own: { x: [V], w: [E] }, created: ['spec.volumes', 'spec.containers[app].env'] }, null, [
    `x {"own":{"${V}":""},"new":["spec.volumes"]}`, `w {"own":{"${E}":""},"new":["spec.containers[app].env"]}`,
  ]],
  [{ own: { x: [V], w: [V] }, created: ['spec.volumes'], was: { 'spec.volumes': ' ~' } }, null, [
    `x {"own":{"${V}":""},"new":["spec.volumes"],"was":{"spec.volumes":" ~"}}`, `w {"own":{"${V}":""},"new":["spec.volumes"],"was":{"spec.volumes":" ~"}}`,
  ], 'what matters to two is in both'],
  [{ own: { x: [E], w: [V] }, created: ['metadata', 'metadata.annotations'] }, null, [
    `x {"own":{"${E}":""},"new":["metadata","metadata.annotations"]}`, `w {"own":{"${V}":""},"new":["metadata","metadata.annotations"]}`,
  ], 'the records themselves matter to all'],
  [{ own: { x: [E], w: [V] }, created: ['spec.imagePullSecrets'] }, null, [
    `x {"own":{"${E}":""},"new":["spec.imagePullSecrets"]}`, `w {"own":{"${V}":""}}`,
  ], 'what matters to none is in the first'],
  [{ own: { x: ['metadata.labels.a'] }, created: ['metadata.labels'], was: { 'metadata.labels.a': ' ~' } }, null, [
    'x {"own":{"metadata.labels.a":""},"new":["metadata.labels"],"was":{"metadata.labels.a":" ~"}}',
  ], 'what stood at its own address, too'],
  [{ own: { x: [E], w: ['metadata.labels.a'] }, was: { 'metadata.labels.a': ' ~' } }, null, [`x {"own":{"${E}":""}}`, 'w {"own":{"metadata.labels.a":""},"was":{"metadata.labels.a":" ~"}}']],
  [{ own: { x: [E], w: [V], u: [V, E], t: ['spec.imagePullSecrets[s]'] }, uses: ['spec.containers[app].volumeMounts[/v]'] }, null, [
    `x {"own":{"${E}":""},"uses":["spec.containers[app].volumeMounts[/v]"]}`,
    `w {"own":{"${V}":""},"uses":["spec.containers[app].volumeMounts[/v]"]}`,
    `u {"own":{"${E}":"","${V}":""},"uses":["spec.containers[app].volumeMounts[/v]"]}`,
    't {"own":{"spec.imagePullSecrets[s]":""}}',
  ], 'uses of volumes are with each that has one'],
  [{ own: { x: ['spec.volumes[b]', 'spec.volumes[a]'] }, created: ['spec.volumes', 'metadata'], was: { 'spec.volumes': ' ~', metadata: '' }, uses: ['spec.containers[b].volumeMounts[/v]', 'spec.containers[a].volumeMounts[/v]'], objects: ['v1/Secret/a', 'v1/ConfigMap/a'] }, null, [
    'x {"own":{"spec.volumes[a]":"","spec.volumes[b]":""},"new":["metadata","spec.volumes"],"was":{"metadata":"","spec.volumes":" ~"},"uses":["spec.containers[a].volumeMounts[/v]","spec.containers[b].volumeMounts[/v]"],"objects":{"v1/ConfigMap/a":"aaaaaaaa","v1/Secret/a":"aaaaaaaa"}}',
  ], 'all in order'],
  [{ own: { x: [V] }, was: { b: '', c: '', a: '' }, objects: ['v1/Secret/b', 'v1/Secret/c', 'v1/Secret/a'] }, null, [
    `x {"own":{"${V}":""},"was":{"a":"","b":"","c":""},"objects":{"v1/Secret/a":"aaaaaaaa","v1/Secret/b":"aaaaaaaa","v1/Secret/c":"aaaaaaaa"}}`,
  ]],
])

const BOTH: Said = { own: { x: ['spec.volumes[a]', 'spec.volumes[b]'] }, created: ['spec.volumes', 'metadata'], was: { 'spec.volumes': ' ~', metadata: '' }, uses: ['spec.containers[a].volumeMounts[/v]', 'spec.containers[b].volumeMounts[/v]'], objects: ['v1/Secret/a', 'v1/ConfigMap/a'] }

table<Said, Said, boolean>('two records say the same where they differ in order alone, and in digests', (a, b) => saysTheSame(saying(a), saying(b)), [
  [BOTH, BOTH, true],
  [BOTH, { own: { x: ['spec.volumes[b]', 'spec.volumes[a]'] }, created: ['metadata', 'spec.volumes'], was: { metadata: '', 'spec.volumes': ' ~' }, uses: [...BOTH.uses ?? []].toReversed(), objects: ['v1/ConfigMap/a', 'v1/Secret/a'] }, true],
  [BOTH, { ...BOTH, own: { w: ['spec.volumes[a]', 'spec.volumes[b]'] } }, false],
  [BOTH, { ...BOTH, own: { x: ['spec.volumes[a]'] } }, false],
  [BOTH, { ...BOTH, version: '2' }, false],
  [BOTH, { ...BOTH, created: ['metadata'] }, false],
  [BOTH, { ...BOTH, was: { 'spec.volumes': ' null', metadata: '' } }, false],
  [BOTH, { ...BOTH, uses: [] }, false],
  [BOTH, { ...BOTH, objects: ['v1/Secret/a'] }, false],
])

table<Said, Said, boolean>('two records are the same around what they own where sidecars have the same order, whatever else differs in order', (a, b) => isSameAround(saying(a), saying(b)), [
  [BOTH, BOTH, true],
  [BOTH, { ...BOTH, own: { x: [V] }, version: '2', objects: [] }, true, 'what a sidecar owns makes no difference'],
  [BOTH, { ...BOTH, created: ['metadata', 'spec.volumes'], was: { metadata: '', 'spec.volumes': ' ~' }, uses: [...BOTH.uses ?? []].toReversed() }, true],
  [{ own: { x: [V], w: [E] } }, { own: { w: [E], x: [V] } }, false, 'what matters to none is in the first'],
  [{ own: { x: [V] } }, { own: { w: [V] } }, false],
  [{ own: { x: [V] } }, { own: { x: [V], w: [E] } }, false],
  [BOTH, { ...BOTH, created: ['metadata'] }, false],
  [BOTH, { ...BOTH, created: ['metadata', 'spec'] }, false],
  [BOTH, { ...BOTH, was: { 'spec.volumes': ' null', metadata: '' } }, false],
  [BOTH, { ...BOTH, was: { 'spec.volumes': ' ~' } }, false],
  [BOTH, { ...BOTH, uses: [] }, false],
])

table<string, null, string | undefined>('text of an alias is known by its star', (text) => aliasName(text), [
  [' *it', null, 'it'], ['*it', null, 'it'], ['\t *a-b_1', null, 'a-b_1'], [' it', null, undefined], [' *', null, undefined], [' *it x', null, undefined], [' x*it', null, undefined], ['', null, undefined],
])

describe('what a record claims', () => {
  it('is told by address', () => {
    const isOwned = ownedBy(saying({ own: { x: [V], w: [E] } }))
    expect([V, E, 'spec.volumes', 'spec.volumes[w]'].map((text) => isOwned(at(text)))).toEqual([true, true, false, false])
  })

  it('has digests as it is now, where it is there', () => {
    expect(digestsIn({ spec: { volumes: [{ name: 'v' }] } }, [at(V), at(E)])).toEqual(new Map([[V, digestOf({ name: 'v' })]]))
  })

  it('is nothing where there is no record, or none that can be read', () => {
    const template = (text: string): Json => ({ metadata: { annotations: { [NEW]: text } } })
    expect(recordOf(template('{"version":"1","own":{}}')).sidecars.size).toBe(1)
    for (const one of [null, [], {}, template('{')]) expect(recordOf(one)).toEqual(emptyRecord())
  })

  it('stands at an annotation', () => {
    expect(annotationAddress(NEW)).toEqual(['metadata', 'annotations', NEW])
  })
})
