// Small builders stand beside the table that uses them.
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../src/core/json/json.ts'
import { check, container, volumes } from '../check.ts'

const env = (...list: JsonObject[]): JsonObject => container({ env: list })
const ports = (...list: JsonObject[]): JsonObject => container({ ports: list })

describe('variables set twice', () => {
  test.each<[string, JsonObject, string[]]>([
    [
      'another value',
      env({ name: 'A', value: '1' }, { name: 'A', value: '2' }),
      ['~ENV_DUPLICATE containers[0].env[1].name'],
    ],
    ['built on the first', env({ name: 'A', value: '1' }, { name: 'A', value: '$(A)2' }), []],
    [
      'the first itself',
      env({ name: 'A', value: '1' }, { name: 'A', value: '$(A)' }),
      ['~ENV_DUPLICATE containers[0].env[1].name'],
    ],
    [
      'another source',
      env({ name: 'A', value: '1' }, { name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }),
      ['~ENV_DUPLICATE containers[0].env[1].name'],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('ports declared twice', () => {
  const port = { containerPort: 80 }
  test.each<[string, JsonObject, string[]]>([
    ['the same', ports(port, port), ['~PORT_DUPLICATE containers[0].ports[1]']],
    ['another protocol', ports(port, { ...port, protocol: 'UDP' }), []],
    [
      'one with a host port',
      ports(port, { ...port, hostPort: 8080 }),
      ['~PORT_DUPLICATE containers[0].ports[1]'],
    ],
    ['other host ports', ports({ ...port, hostPort: 1 }, { ...port, hostPort: 2 }), []],
    [
      'one with an address',
      ports({ ...port, hostPort: 1 }, { ...port, hostPort: 1, hostIP: '1.1.1.1' }),
      ['~PORT_DUPLICATE containers[0].ports[1]'],
    ],
    [
      'an address alone',
      ports({ ...port, hostIP: '1.1.1.1' }),
      ['~PORT_HOST_IP_ALONE containers[0].ports[0].hostIP'],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('lists and files', () => {
  const items = (...paths: string[]): JsonObject =>
    volumes({ configMap: { name: 'c', items: paths.map((path) => ({ key: 'k', path })) } })
  const at = 'volumes[0].configMap.items[1].path'
  test.each<[string, JsonObject, string[]]>([
    [
      'pull secrets',
      container({}, { imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}] }),
      ['~LIST_DUPLICATE imagePullSecrets[1].name', '~PULL_SECRET_EMPTY imagePullSecrets[2].name'],
    ],
    [
      'host aliases',
      container({}, { hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }] }),
      ['~LIST_DUPLICATE hostAliases[1].ip'],
    ],
    ['other files', items('a', 'b/c'), []],
    ['names that only begin alike', items('ab', 'a'), []],
    ['the same file', items('a', 'a/'), [`~VOLUME_PATH_OVERLAP ${at}`]],
    ['a file in a file', items('a', 'a/b'), [`~VOLUME_PATH_OVERLAP ${at}`]],
    ['a file around a file', items('a/b', 'a'), [`~VOLUME_PATH_OVERLAP ${at}`]],
    [
      'memory of a pod',
      container({}, { runtimeClassName: 'a', overhead: { memory: '1500m' } }),
      ['~RESOURCE_FRACTIONAL_BYTES overhead[memory]'],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})
