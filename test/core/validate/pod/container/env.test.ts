// Small builders stand beside the table that uses them.
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../src/core/json/json.ts'
import { check, container, type Options } from '../check.ts'

const env = (variable: JsonObject, spec: JsonObject = {}): JsonObject => container({ env: [variable] }, spec)
const from = (source: JsonObject): JsonObject => env({ name: 'A', valueFrom: source })
const field = (fieldPath: string, more: JsonObject = {}): JsonObject =>
  from({ fieldRef: { fieldPath, ...more } })
const resource = (ref: JsonObject): JsonObject => from({ resourceFieldRef: ref })
const here = 'containers[0].env[0]'
const ref = `${here}.valueFrom`

describe('environment variables', () => {
  test.each<[string, JsonObject, string[], Options?]>([
    ['a value', env({ name: 'A', value: 'b' }), []],
    ['nothing', env({ name: 'A' }), []],
    ['no name', env({ value: 'b' }), [`FIELD_REQUIRED ${here}.name`]],
    ['a dot', env({ name: 'a.b-c' }), []],
    ['a digit first, relaxed', env({ name: '1A' }), []],
    ['a digit first, before', env({ name: '1A' }), [`ENV_NAME_INVALID ${here}.name`], { minor: 31 }],
    ['an equals sign', env({ name: 'A=B' }), [`ENV_NAME_INVALID ${here}.name`]],
    ['no source', from({}), [`ENV_SOURCE_INVALID ${ref}`]],
    [
      'two sources',
      from({ fieldRef: { fieldPath: 'metadata.name' }, secretKeyRef: { name: 's', key: 'k' } }),
      [`ENV_SOURCE_INVALID ${ref}`],
    ],
    [
      'value and source',
      env({ name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }),
      [`ENV_SOURCE_INVALID ${ref}`],
    ],
    [
      'an empty value and a source',
      env({ name: 'A', value: '', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }),
      [],
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('fields of the pod', () => {
  test.each<[string, JsonObject, string[]]>([
    ['a name', field('metadata.name'), []],
    ['an old name', field('spec.host'), []],
    [
      'all labels have no place in a variable',
      field('metadata.labels'),
      [`FIELD_REF_INVALID ${ref}.fieldRef.fieldPath`],
    ],
    ['one label', field("metadata.labels['app.kubernetes.io/name']"), []],
    [
      'a label that cannot be',
      field("metadata.labels['a/b/c']"),
      [`FIELD_REF_INVALID ${ref}.fieldRef.fieldPath`],
    ],
    ['an annotation in capitals', field("metadata.annotations['Example.com/A']"), []],
    ['a subscript elsewhere', field("spec.nodeName['a']"), [`FIELD_REF_INVALID ${ref}.fieldRef.fieldPath`]],
    ['an unknown field', field('spec.nodename'), [`FIELD_REF_INVALID ${ref}.fieldRef.fieldPath`]],
    ['nothing', field(''), [`FIELD_REQUIRED ${ref}.fieldRef.fieldPath`]],
    [
      'another version',
      field('metadata.name', { apiVersion: 'v2' }),
      [`FIELD_REF_INVALID ${ref}.fieldRef.apiVersion`],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('resources of a container', () => {
  const at = `${ref}.resourceFieldRef`
  test.each<[string, JsonObject, string[]]>([
    ['memory', resource({ resource: 'limits.memory', divisor: '1Mi' }), []],
    ['a divisor written otherwise', resource({ resource: 'limits.memory', divisor: '1024Ki' }), []],
    [
      'a divisor that is not printed so',
      resource({ resource: 'limits.memory', divisor: '1024' }),
      [`RESOURCE_REF_INVALID ${at}.divisor`],
    ],
    ['cpu', resource({ resource: 'requests.cpu', divisor: '1m' }), []],
    ['cpu as a fraction', resource({ resource: 'requests.cpu', divisor: '0.001' }), []],
    [
      'a divisor that does not fit',
      resource({ resource: 'requests.cpu', divisor: '2m' }),
      [`RESOURCE_REF_INVALID ${at}.divisor`],
    ],
    ['no divisor', resource({ resource: 'requests.cpu', divisor: 0 }), []],
    ['huge pages', resource({ resource: 'limits.hugepages-2Mi' }), []],
    ['nothing', resource({}), [`FIELD_REQUIRED ${at}.resource`]],
    ['unknown', resource({ resource: 'memory' }), [`RESOURCE_REF_INVALID ${at}.resource`]],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('keys', () => {
  const secret = (selector: JsonObject): JsonObject => from({ secretKeyRef: selector })
  const file = (selector: JsonObject, volume: JsonObject): JsonObject =>
    env({ name: 'A', valueFrom: { fileKeyRef: selector } }, { volumes: [{ name: 'v', ...volume }] })
  const good = { key: 'A', volumeName: 'v', path: 'a/b' }
  test.each<[string, JsonObject, string[], Options?]>([
    ['a secret', secret({ name: 's', key: 'a.b' }), []],
    ['no name', secret({ key: 'a' }), [`FIELD_REQUIRED ${ref}.secretKeyRef.name`]],
    ['a bad name', secret({ name: 'S_', key: 'a' }), [`KEY_REF_INVALID ${ref}.secretKeyRef.name`]],
    ['no key', secret({ name: 's' }), [`FIELD_REQUIRED ${ref}.secretKeyRef.key`]],
    ['a bad key', secret({ name: 's', key: 'a/b' }), [`KEY_REF_INVALID ${ref}.secretKeyRef.key`]],
    ['a file', file(good, { emptyDir: {} }), []],
    [
      'a file elsewhere',
      file(good, { hostPath: { path: '/a' } }),
      [`KEY_REF_INVALID ${ref}.fileKeyRef.volumeName`],
    ],
    [
      'a file nowhere',
      file({ ...good, volumeName: 'w' }, {}),
      [`MOUNT_VOLUME_UNKNOWN ${ref}.fileKeyRef.volumeName`],
    ],
    ['a file outside', file({ ...good, path: '../a' }, {}), [`KEY_REF_INVALID ${ref}.fileKeyRef.path`]],
    [
      'files while the gate is off',
      file(good, {}),
      [`~FIELD_DROPPED ${ref}.fileKeyRef`, `ENV_SOURCE_INVALID ${ref}`],
      { minor: 34 },
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('envFrom', () => {
  const source = (one: JsonObject): JsonObject => container({ envFrom: [one] })
  const at = 'containers[0].envFrom[0]'
  test.each<[string, JsonObject, string[]]>([
    ['a secret', source({ secretRef: { name: 's' }, prefix: 'A_' }), []],
    ['neither', source({ prefix: 'A' }), [`ENV_SOURCE_INVALID ${at}`]],
    ['both', source({ secretRef: { name: 's' }, configMapRef: { name: 'c' } }), [`ENV_SOURCE_INVALID ${at}`]],
    ['no name', source({ secretRef: {} }), [`FIELD_REQUIRED ${at}.secretRef.name`]],
    ['a name as of a prefix', source({ secretRef: { name: 'a-' } }), []],
    ['a bad name', source({ secretRef: { name: 'A' } }), [`KEY_REF_INVALID ${at}.secretRef.name`]],
    ['a bad prefix', source({ secretRef: { name: 'a' }, prefix: '=' }), [`ENV_NAME_INVALID ${at}.prefix`]],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})
