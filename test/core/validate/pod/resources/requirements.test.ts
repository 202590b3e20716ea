// Small builders stand beside the table that uses them.
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../src/core/json/json.ts'
import { check, container, type Options } from '../check.ts'

const res = (limits: JsonObject, requests: JsonObject = {}): JsonObject =>
  container({ resources: { limits, requests } })
const here = 'containers[0].resources'

describe('requests and limits', () => {
  test.each<[string, JsonObject, string[]]>([
    ['plain', res({ cpu: 1, memory: '1Gi' }, { cpu: '500m', memory: '1Gi' }), []],
    ['an exponent', res({ memory: '1e9' }, { memory: '500e6' }), []],
    [
      'a request over its limit',
      res({ cpu: 1 }, { cpu: '1001m' }),
      [`RESOURCE_REQUEST_OVER_LIMIT ${here}.requests[cpu]`],
    ],
    ['equal when rounded to thousandths', res({ cpu: '1.0001' }, { cpu: '1.0005' }), []],
    ['huge pages rounded to bytes', res({ cpu: 1, 'hugepages-2Mi': '2097151.5' }), []],
    ['equal in other units', res({ memory: '1Gi' }, { memory: '1024Mi' }), []],
    [
      'one byte over',
      res({ memory: '1Gi' }, { memory: '1073741825' }),
      [`RESOURCE_REQUEST_OVER_LIMIT ${here}.requests[memory]`],
    ],
    ['negative', res({ cpu: -1 }), [`RESOURCE_QUANTITY_INVALID ${here}.limits[cpu]`]],
    ['no quantity is left to the schema', res({ cpu: 'lots' }), []],
    ['a bare name', res({ gpu: 1 }), [`RESOURCE_NAME_INVALID ${here}.limits[gpu]`]],
    ['a name of a namespace', res({ pods: 1 }), [`RESOURCE_NAME_INVALID ${here}.limits[pods]`]],
    ['a device', res({ 'example.com/gpu': 1 }), []],
    ['a device requested as much', res({ 'example.com/gpu': 2 }, { 'example.com/gpu': 2 }), []],
    [
      'a device requested less',
      res({ 'example.com/gpu': 2 }, { 'example.com/gpu': 1 }),
      [`RESOURCE_REQUEST_OVER_LIMIT ${here}.requests[example.com/gpu]`],
    ],
    [
      'a device without a limit',
      res({}, { 'example.com/gpu': 1 }),
      [`FIELD_REQUIRED ${here}.limits[example.com/gpu]`],
    ],
    [
      'half a device',
      res({ 'example.com/gpu': '500m' }),
      [`RESOURCE_QUANTITY_INVALID ${here}.limits[example.com/gpu]`],
    ],
    [
      'a reserved prefix',
      res({ 'requests.example.com/gpu': 1 }),
      [`RESOURCE_NAME_INVALID ${here}.limits[requests.example.com/gpu]`],
    ],
    ['huge pages', res({ cpu: 1, 'hugepages-2Mi': '4Mi' }), []],
    ['huge pages alone', res({ 'hugepages-2Mi': '4Mi' }), [`RESOURCE_HUGE_PAGES ${here}`]],
    [
      'half a page',
      res({ cpu: 1, 'hugepages-2Mi': '1Mi' }),
      [`RESOURCE_QUANTITY_INVALID ${here}.limits[hugepages-2Mi]`],
    ],
    [
      'pages requested less',
      res({ cpu: 1, 'hugepages-2Mi': '4Mi' }, { 'hugepages-2Mi': '2Mi' }),
      [`RESOURCE_REQUEST_OVER_LIMIT ${here}.requests[hugepages-2Mi]`],
    ],
    ['a fraction of a byte', res({ memory: '128m' }), [`~RESOURCE_FRACTIONAL_BYTES ${here}.limits[memory]`]],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('claims', () => {
  const claims = (own: JsonObject[], ...used: JsonObject[]): JsonObject =>
    container({ resources: { claims: used } }, { resourceClaims: own })
  const gpu = { name: 'gpu', resourceClaimName: 'c' }
  test.each<[string, JsonObject, string[], Options?]>([
    ['used', claims([gpu], { name: 'gpu' }), []],
    ['two requests', claims([gpu], { name: 'gpu', request: 'a' }, { name: 'gpu', request: 'b' }), []],
    ['unknown', claims([], { name: 'gpu' }), [`RESOURCE_CLAIM_INVALID ${here}.claims[0].name`]],
    [
      'twice',
      claims([gpu], { name: 'gpu' }, { name: 'gpu' }),
      [`RESOURCE_CLAIM_INVALID ${here}.claims[1].name`],
    ],
    [
      'all after one',
      claims([gpu], { name: 'gpu', request: 'a' }, { name: 'gpu' }),
      [`RESOURCE_CLAIM_INVALID ${here}.claims[1].name`],
    ],
    ['no name', claims([gpu], {}), [`FIELD_REQUIRED ${here}.claims[0].name`]],
    ['defined twice', claims([gpu, gpu]), ['RESOURCE_CLAIM_INVALID resourceClaims[1].name']],
    ['of nothing', claims([{ name: 'a' }]), ['RESOURCE_CLAIM_INVALID resourceClaims[0]']],
    [
      'of both',
      claims([{ ...gpu, resourceClaimTemplateName: 't' }]),
      ['RESOURCE_CLAIM_INVALID resourceClaims[0]'],
    ],
    ['a bad name', claims([{ ...gpu, name: 'A' }]), ['RESOURCE_CLAIM_INVALID resourceClaims[0].name']],
    [
      'dropped together',
      claims([{ name: 'A' }], { name: 'b' }),
      ['~FIELD_DROPPED resourceClaims', `~FIELD_DROPPED ${here}.claims`],
      { minor: 33 },
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('resources of the pod', () => {
  const pod = (resources: JsonObject, own: JsonObject = {}, more: JsonObject = {}): JsonObject =>
    container({ resources: own }, { resources, ...more })
  const init = (cpu: number, fields: JsonObject = {}): JsonObject => ({
    name: `i${cpu}`,
    image: 'i',
    resources: { requests: { cpu } },
    ...fields,
  })
  test.each<[string, JsonObject, string[], Options?]>([
    ['enough', pod({ requests: { cpu: 2 } }, { requests: { cpu: 2 } }), []],
    [
      'too little',
      pod({ requests: { cpu: 1 } }, { requests: { cpu: 2 } }),
      ['RESOURCE_POD_LEVEL resources.requests[cpu]'],
    ],
    [
      'storage has no place there',
      pod({ limits: { 'ephemeral-storage': 1 } }),
      ['RESOURCE_NAME_INVALID resources.limits[ephemeral-storage]'],
    ],
    ['claims have none', pod({ claims: [] }), ['RESOURCE_POD_LEVEL resources.claims']],
    [
      'a container over the limit',
      pod({ limits: { cpu: 1 } }, { limits: { cpu: 2 } }),
      ['RESOURCE_POD_LEVEL containers[0].resources.limits[cpu]'],
    ],
    [
      'an init container at its peak',
      pod({ requests: { cpu: 2 } }, {}, { initContainers: [init(3)] }),
      ['RESOURCE_POD_LEVEL resources.requests[cpu]'],
    ],
    [
      'init containers run one by one',
      pod({ requests: { cpu: 3 } }, {}, { initContainers: [init(3), init(2)] }),
      [],
    ],
    [
      'sidecars stay',
      pod(
        { requests: { cpu: 3 } },
        { requests: { cpu: 2 } },
        { initContainers: [init(2, { restartPolicy: 'Always' })] },
      ),
      ['RESOURCE_POD_LEVEL resources.requests[cpu]'],
    ],
    [
      'requests of a Pod default to its containers',
      pod({ limits: { cpu: 1 } }, { requests: { cpu: 2 } }),
      ['RESOURCE_POD_LEVEL resources.limits[cpu]'],
      { kind: 'Pod' },
    ],
    ['those of a template do not', pod({ limits: { cpu: 1 } }, { requests: { cpu: 2 } }), []],
    [
      'dropped',
      pod({ requests: { cpu: 1 } }, { requests: { cpu: 2 } }),
      ['~FIELD_DROPPED resources'],
      { minor: 33 },
    ],
    ['for windows', pod({}, {}, { os: { name: 'windows' } }), ['RESOURCE_POD_LEVEL resources']],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

test('overhead is checked as limits are', () => {
  const spec = container({}, { runtimeClassName: 'kata', overhead: { cpu: -1, gpu: 1 } })
  expect(check(spec)).toEqual(['RESOURCE_QUANTITY_INVALID overhead[cpu]', 'RESOURCE_NAME_INVALID overhead[gpu]'])
})
