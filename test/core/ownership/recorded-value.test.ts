import { describe, expect, it } from 'vitest'
import type { FieldPath } from '../../../src/core/field-path/field-path.ts'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { fieldDigest } from '../../../src/core/ownership/record.ts'
import { isAsRecorded, recordedText, saysTheSameAs } from '../../../src/core/ownership/recorded-value.ts'

const AT: FieldPath = ['spec', 'initContainers', { id: 'a' }]
const MOUNT = { name: 'v', mountPath: '/logs', subPath: 'x' }
const BARE: JsonObject = { name: 'a', image: 'i' }
const digest = fieldDigest(AT, BARE)
const said = (mounts: Json, of = digest): string => JSON.stringify({ digest: of, mounts })

describe('what a record may say of one address', () => {
  it.each<[Json, boolean]>([
    ['', true], ['0123abcd', true], ['0123ABCD', false], ['0123abcde', false], [null, false], [1, false], [[], false],
    [{ value: 'x' }, true], [{ value: 1 }, true], [{ value: true }, true], [{ value: null }, false], [{ value: {} }, false],
    [{ value: 1, more: 2 }, false], [{ digest, mounts: [MOUNT] }, true], [{ digest, mounts: [] }, false],
    [{ digest: 'x', mounts: [MOUNT] }, false], [{ digest, mounts: [{ name: 'v' }] }, false], [{ digest }, false], [{}, false],
  ])('%j: %s', (value, isText) => {
    expect(recordedText(value) !== undefined).toBe(isText)
  })
})

describe('what is there is what was recorded', () => {
  it.each<[string, string, FieldPath, Json, boolean]>([
    ['a digest', fieldDigest(['spec', 'x'], 1), ['spec', 'x'], 1, true],
    ['another digest', fieldDigest(['spec', 'x'], 1), ['spec', 'x'], 2, false],
    ['nothing', '', ['spec', 'x'], 1, false],
    ['a value', '{"value":60}', ['spec', 'x'], 60, true],
    ['another value', '{"value":60}', ['spec', 'x'], 61, false],
    ['a value of another type', '{"value":"60"}', ['spec', 'x'], 60, false],
    ['a container and its mount', said([MOUNT]), AT, { ...BARE, volumeMounts: [MOUNT] }, true],
    ['with what the API server adds', said([MOUNT]), AT, { ...BARE, terminationMessagePolicy: 'File', volumeMounts: [{ ...MOUNT, readOnly: false }] }, true],
    ['without the mount', said([MOUNT]), AT, BARE, false],
    ['with another mount as well', said([MOUNT]), AT, { ...BARE, volumeMounts: [MOUNT, { name: 'w', mountPath: '/w' }] }, false],
    ['with a changed mount', said([MOUNT]), AT, { ...BARE, volumeMounts: [{ ...MOUNT, subPath: 'y' }] }, false],
    ['with a changed image', said([MOUNT]), AT, { ...BARE, image: 'evil', volumeMounts: [MOUNT] }, false],
    ['a mount twice', said([MOUNT]), AT, { ...BARE, volumeMounts: [MOUNT, MOUNT] }, false],
    ['of what is no container', said([MOUNT]), ['spec', 'volumes', { id: 'a' }], { ...BARE, volumeMounts: [MOUNT] }, false],
    ['of a text', said([MOUNT]), AT, 'a', false],
  ])('%s', (_name, text, address, value, holds) => {
    expect(isAsRecorded(text, address, value)).toBe(holds)
  })
})

describe('a record that says the same', () => {
  const wanted = JSON.stringify({ version: '1', own: { 'spec.x': fieldDigest(['spec', 'x'], 60), b: '00000000' }, new: ['a', 'b'] })
  const content = (key: string) => (key === 'spec.x' ? { address: ['spec', 'x'], value: 60 } : undefined)
  it.each<[string, Json, boolean]>([
    ['the same text', wanted, true],
    ['another order', JSON.stringify({ new: ['b', 'a'], own: { b: '00000000', 'spec.x': fieldDigest(['spec', 'x'], 60) }, version: '1' }), true],
    ['in clear', JSON.stringify({ version: '1', own: { 'spec.x': { value: 60 }, b: '00000000' }, new: ['a', 'b'] }), true],
    ['another value in clear', JSON.stringify({ version: '1', own: { 'spec.x': { value: 61 }, b: '00000000' }, new: ['a', 'b'] }), false],
    ['in clear what is not known', JSON.stringify({ version: '1', own: { 'spec.x': { value: 60 }, b: { value: 1 } }, new: ['a', 'b'] }), false],
    ['another version', wanted.replace('"1"', '"2"'), false],
    ['less', wanted.replace(',"new":["a","b"]', ''), false],
    ['an address less', wanted.replace(',"b":"00000000"', ''), false],
    ['another address', wanted.replace('"b":"00000000"', '"c":"00000000"'), false],
    ['more', wanted.replace('"version"', '"was":{"x":"1"},"version"'), false],
    ['no JSON', '{', false],
    ['a list', '[]', false],
    ['no text', 1, false],
  ])('%s', (_name, present, same) => {
    expect(saysTheSameAs(present, wanted, content)).toBe(same)
  })
})
