/** Addresses of fields: how they are written, where they lead, and which lies in which. */
import { describe, expect, it } from 'vitest'
import type { Json, JsonPath } from '../../../src/core/json/json.ts'
import { valueAt } from '../../../src/core/kube/workload.ts'
import { fieldAt, formatFieldPath, formatParents, isInsideOf, isWithin, parseFieldPath, pathOf, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import { hasMergeKey, mergeKeyOf } from '../../../src/core/field-path/merge-keys.ts'

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
    spec: { containers: [{ name: 'a', env: { E: 1 }, ports: [{ containerPort: 53, protocol: 'UDP' }, { containerPort: 53 }] }, { name: 'b', volumeMounts: [{ mountPath: '/x' }] }, null, 'c'] },
  } as Json
  it.each<[string, (string | number)[] | undefined]>([
    ['spec.containers[a]', ['spec', 'containers', 0]],
    ['spec.containers[b].volumeMounts[/x]', ['spec', 'containers', 1, 'volumeMounts', 0]],
    ['spec.containers[a].ports[53/TCP]', ['spec', 'containers', 0, 'ports', 1]],
    ['spec.containers[a].ports[53/UDP]', ['spec', 'containers', 0, 'ports', 0]],
    ['spec.containers[c]', undefined],
    ['spec.volumes', undefined],
    ['spec.volumes[a]', undefined],
    ['spec.containers[a].env[E]', undefined],
    ['spec.constructor', undefined],
    ['spec.containers.name', undefined],
  ])('%s leads to %j', (text, path) => {
    const address = parseFieldPath(text) as FieldPath
    expect(pathOf(pod, address)).toEqual(path)
    expect(fieldAt(pod, address)).toEqual(path === undefined ? undefined : valueAt(pod, path as JsonPath))
  })

  it('knows what tells items apart', () => {
    expect(mergeKeyOf('env', { name: 'A' })).toBe('A')
    expect(mergeKeyOf('volumeMounts', { mountPath: '/a', name: 'v' })).toBe('/a')
    expect(mergeKeyOf('ports', { containerPort: 80 })).toBe('80/TCP')
    expect([mergeKeyOf('env', {}), mergeKeyOf('env', null), mergeKeyOf('env', { name: 1 }), mergeKeyOf('args', { name: 'a' }), mergeKeyOf('env', { name: '' })]).toEqual([undefined, undefined, undefined, undefined, undefined])
    expect(mergeKeyOf('ports', { containerPort: 80, protocol: 5 })).toBe('80/TCP')
    expect(['containers', 'initContainers', 'volumes', 'env', 'imagePullSecrets', 'volumeMounts', 'hostAliases', 'ports', 'args'].filter((list) => !hasMergeKey(list))).toEqual(['args'])
    expect([mergeKeyOf('hostAliases', { ip: '::1' }), mergeKeyOf('imagePullSecrets', { name: 'a' }), mergeKeyOf('initContainers', { name: 'a' })]).toEqual(['::1', 'a', 'a'])
  })
})

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath

describe('what an address stands in', () => {
  it.each([
    ['spec.containers[web].env[A]', ['spec', 'spec.containers', 'spec.containers[web]', 'spec.containers[web].env']],
    ['metadata.annotations[a/b]', ['metadata', 'metadata.annotations']],
    ['spec', []],
  ])('%s', (written, parents) => {
    expect(formatParents(at(written))).toEqual(parents)
  })
})

describe('one address in another', () => {
  const others = new Set(['spec.containers[web]', 'metadata.annotations[a/b]'])
  it.each([
    ['spec.containers[web]', false, true],
    ['spec.containers[web].env[A]', true, true],
    ['spec.containers[website].env[A]', false, false],
    ['spec.containers', false, false],
    ['metadata.annotations[a/b]', false, true],
  ])('%s', (written, inside, within) => {
    expect([isInsideOf(at(written), others), isWithin(at(written), others)]).toEqual([inside, within])
  })
})
