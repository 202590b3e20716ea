import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import { emptyRecord, type OwnershipRecord } from '../../../src/core/ownership/record.ts'

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath

function recordOf(own: { [sidecar: string]: string[] }, created: string[] = [], was: { [address: string]: string } = {}): OwnershipRecord {
  const record = emptyRecord()
  for (const [name, list] of Object.entries(own)) record.sidecars.set(name, { version: '1', digests: new Map(), own: list.map(at) })
  record.created = created.map(at)
  record.was = new Map(Object.entries(was))
  return record
}

describe('a desired pod', () => {
  const user: JsonObject = { spec: { containers: [{ name: 'app' }], volumes: [{ name: 'v', emptyDir: {} }] } }

  it.each<[string, string, JsonObject, string]>([
    ['what is new', 'spec.volumes[w]', { name: 'w', emptyDir: {} }, 'added'],
    ['what is there in the same way', 'spec.volumes[v]', { emptyDir: {}, name: 'v' }, 'reused'],
    ['what is there in another way', 'spec.volumes[v]', { name: 'v', hostPath: { path: '/' } }, 'conflict'],
    ['below something that is missing', 'metadata.annotations[a/b]', { c: 'd' }, 'added'],
  ])('puts %s', (_, address, value, result) => {
    const draft = new DesiredPod(user, emptyRecord(), new Set())
    expect(draft.set('x', at(address), value)).toBe(result)
    expect(draft.isOurs(at(address))).toBe(result === 'added')
    expect(user).toEqual({ spec: { containers: [{ name: 'app' }], volumes: [{ name: 'v', emptyDir: {} }] } })
  })

  it('shares between sidecars', () => {
    const draft = new DesiredPod(user, emptyRecord(), new Set())
    draft.set('x', at('spec.volumes[w]'), { name: 'w' })
    expect(draft.set('y', at('spec.volumes[w]'), { name: 'w' })).toBe('shared')
    expect(draft.set('y', at('spec.volumes[w]'), { name: 'w', z: 1 })).toBe('conflict')
    expect([...(draft.ownedFields.get('spec.volumes[w]')?.owners ?? [])]).toEqual(['x', 'y'])
  })

  it('starts without the fields of sidecars to plan from scratch, and with those that others keep', () => {
    const template = { metadata: { annotations: { a: '1' } }, spec: { containers: [{ name: 'app' }, { name: 'x' }, { name: 'y' }], volumes: [{ name: 'both' }] } }
    const record = recordOf(
      { x: ['spec.containers[x]', 'spec.volumes[both]', 'metadata.annotations.a'], y: ['spec.containers[y]', 'spec.volumes[both]'] },
      ['metadata', 'metadata.annotations', 'spec.volumes'],
    )
    expect(new DesiredPod(template, record, new Set(['x'])).data).toEqual({ spec: { containers: [{ name: 'app' }, { name: 'y' }], volumes: [{ name: 'both' }] } })
    expect(new DesiredPod(template, record, new Set(['x', 'y'])).data).toEqual({ spec: { containers: [{ name: 'app' }] } })
  })

  it('gives back the null and the number that stood there', () => {
    const template = { spec: { volumes: [{ name: 'w' }], terminationGracePeriodSeconds: 45 } }
    const record = recordOf({ x: ['spec.volumes[w]', 'spec.terminationGracePeriodSeconds'] }, ['spec.volumes'], { 'spec.volumes': '', 'spec.terminationGracePeriodSeconds': ' &a 10' })
    expect(new DesiredPod(template, record, new Set(['x'])).data).toEqual({ spec: { volumes: null, terminationGracePeriodSeconds: 10 } })
  })

  it.each<[string, JsonObject, string[], { [address: string]: string }, JsonObject]>([
    ['an empty list goes', { volumes: [] }, ['spec.volumes'], {}, {}],
    ['an empty map goes', { securityContext: {} }, ['spec.securityContext'], {}, {}],
    ['null goes', { volumes: null }, ['spec.volumes'], {}, {}],
    ['the empty list of before comes back', { volumes: [] }, ['spec.volumes'], { 'spec.volumes': ' [ ]' }, { volumes: [] }],
    ['where an alias was, null is', { volumes: [] }, ['spec.volumes'], { 'spec.volumes': ' *it' }, { volumes: null }],
    ['what the user put in stays', { volumes: [{ name: 'users' }] }, ['spec.volumes'], { 'spec.volumes': ' ~' }, { volumes: [{ name: 'users' }] }],
    ['a value in its place stays', { volumes: 1, initContainers: '' }, ['spec.volumes', 'spec.initContainers'], {}, { volumes: 1, initContainers: '' }],
    ['what is inside goes first', { securityContext: { a: {} } }, ['spec.securityContext', 'spec.securityContext.a'], {}, {}],
  ])('gives up what was made: %s', (_, spec, created, was, after) => {
    const containers = [{ name: 'app' }]
    expect(new DesiredPod({ spec: { containers, ...spec } }, recordOf({ x: [] }, created, was), new Set(['x'])).data).toEqual({ spec: { containers, ...after } })
  })

  it('knows what sidecars have that are not part of the run', () => {
    const draft = new DesiredPod(user, recordOf({ x: ['spec.volumes[v]'], y: ['spec.volumes[v]', 'spec.hostIPC'] }), new Set())
    expect(['spec.volumes[v]', 'spec.hostIPC', 'spec.volumes'].map((address) => draft.isOurs(at(address)))).toEqual([true, true, false])
    expect(draft.set('z', at('spec.volumes[v]'), { name: 'v', emptyDir: {} })).toBe('shared')
    expect([...(draft.ownedFields.get('spec.volumes[v]')?.owners ?? [])]).toEqual(['z'])
  })

  it('puts in the place of null, at the front where that is wanted, and over the user\'s where that is asked for', () => {
    const draft = new DesiredPod({ spec: { containers: [{ name: 'app' }], volumes: null, terminationGracePeriodSeconds: 10 } }, emptyRecord(), new Set())
    expect(draft.set('x', at('spec.volumes'), [])).toBe('added')
    expect(draft.set('x', at('spec.containers[x]'), { name: 'x' }, 'first')).toBe('added')
    expect(draft.set('x', at('spec.containers[y]'), { name: 'y' })).toBe('added')
    draft.override('x', at('spec.terminationGracePeriodSeconds'), 45)
    draft.override('y', at('spec.terminationGracePeriodSeconds'), 60)
    expect(draft.data).toEqual({ spec: { containers: [{ name: 'x' }, { name: 'app' }, { name: 'y' }], volumes: [], terminationGracePeriodSeconds: 60 } })
    const wants = [...draft.ownedFields].map(([key, { value, place, owners }]) => `${key} ${JSON.stringify(value)} ${place} ${[...owners].join()}`)
    expect(wants).toEqual(['spec.volumes [] last x', 'spec.containers[x] {"name":"x"} first x', 'spec.containers[y] {"name":"y"} last x', 'spec.terminationGracePeriodSeconds 60 last x,y'])
  })

  it('lets a claim on something that is not there be', () => {
    const record = recordOf({ x: ['spec.containers[gone]', 'spec.nothing.here', 'metadata.labels[constructor]'] }, ['spec.none'])
    expect(new DesiredPod(user, record, new Set(['x'])).data).toEqual(user)
  })
})


it('what was made and is empty again gives way to what stood there: null, or something empty', () => {
  const template: JsonObject = { spec: { containers: [{ name: 'app' }], imagePullSecrets: [{ name: 's' }] } }
  const after = (text: string) => {
    const record = recordOf({ x: ['spec.imagePullSecrets[s]'] }, ['spec.imagePullSecrets'], { 'spec.imagePullSecrets': text })
    return new DesiredPod(template, record, new Set(['x'])).get(at('spec.imagePullSecrets'))
  }
  expect([after(' ~'), after(' []'), after(' *a')]).toEqual([null, [], null])
})
