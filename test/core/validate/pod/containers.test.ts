import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../src/core/json/json.ts'
import { check, container, findings, type Options } from './check.ts'

const long = (n: number): string => 'a'.repeat(n)

describe('containers', () => {
  test.each<[string, JsonObject, string[], Options?]>([
    ['a plain one', container(), []],
    ['none', {}, ['FIELD_REQUIRED containers']],
    ['null', { containers: null }, ['FIELD_REQUIRED containers']],
    ['an empty list', { containers: [] }, ['FIELD_REQUIRED containers']],
    [
      'a null item',
      { containers: [null] },
      ['FIELD_REQUIRED containers[0].name', 'FIELD_REQUIRED containers[0].image'],
    ],
    ['no name', { containers: [{ image: 'a' }] }, ['FIELD_REQUIRED containers[0].name']],
    ['no image', { containers: [{ name: 'a' }] }, ['FIELD_REQUIRED containers[0].image']],
    ['63 characters', container({ name: long(63) }), []],
    ['64 characters', container({ name: long(64) }), ['CONTAINER_NAME_INVALID containers[0].name']],
    ['upper case', container({ name: 'Web' }), ['CONTAINER_NAME_INVALID containers[0].name']],
    ['dots', container({ name: 'a.b' }), ['CONTAINER_NAME_INVALID containers[0].name']],
    [
      'a padded image of a template',
      container({ image: 'a ' }),
      ['~CONTAINER_IMAGE_BLANK containers[0].image'],
    ],
    [
      'a padded image of a Pod',
      container({ image: ' a' }),
      ['CONTAINER_IMAGE_BLANK containers[0].image'],
      { kind: 'Pod' },
    ],
    ['a byte order mark is not blank', container({ image: '\ufeffa' }), [], { kind: 'Pod' }],
    ['an empty pull policy', container({ imagePullPolicy: '' }), []],
    ['a pull policy', container({ imagePullPolicy: 'Never' }), []],
    [
      'an unknown pull policy',
      container({ imagePullPolicy: 'always' }),
      ['CONTAINER_FIELD_UNSUPPORTED containers[0].imagePullPolicy'],
    ],
    [
      'an unknown message policy',
      container({ terminationMessagePolicy: 'Log' }),
      ['CONTAINER_FIELD_UNSUPPORTED containers[0].terminationMessagePolicy'],
    ],
    [
      'ephemeral ones',
      container({}, { ephemeralContainers: [{ name: 'b', image: 'b' }] }),
      ['EPHEMERAL_CONTAINERS ephemeralContainers'],
    ],
    [
      'values of the wrong type',
      container({ name: 5, image: [], ports: {}, env: 'x', resources: [], livenessProbe: 1 }),
      [],
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('names are unique', () => {
  const a = { name: 'a', image: 'a' }
  test.each<[string, JsonObject, string[]]>([
    ['among containers', { containers: [a, a] }, ['CONTAINER_NAME_DUPLICATE containers[1].name']],
    [
      'with init containers, which are to blame',
      { containers: [a], initContainers: [a] },
      ['CONTAINER_NAME_DUPLICATE initContainers[0].name'],
    ],
    [
      'empty names are another fault',
      { containers: [{ image: 'a' }, { image: 'a' }] },
      ['FIELD_REQUIRED containers[0].name', 'FIELD_REQUIRED containers[1].name'],
    ],
    ['different ones', { containers: [a, { ...a, name: 'b' }] }, []],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))

  test('the first use is pointed at', () => {
    const [finding] = findings({ containers: [a, a] })
    expect(finding).toMatchObject({
      message: 'duplicate value "a": container names are unique over containers and initContainers',
      related: [{ path: ['containers', 0, 'name'] }],
    })
  })
})
