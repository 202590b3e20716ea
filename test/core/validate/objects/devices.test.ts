import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../src/core/json/json.ts'
import { changed, warnings } from './check.ts'
import { object, suite } from './suite.ts'

const request = { name: 'a', exactly: { deviceClassName: 'gpu.example.com', count: 2 } }
suite('ResourceClaim', object('resource.k8s.io/v1', 'ResourceClaim', { spec: { devices: { requests: [request], constraints: [{ requests: ['a'], matchAttribute: 'a.b/c' }] } } }), [
  ['mode', { 'spec.devices.requests.0.exactly.allocationMode': 'Some' }, ['DEVICE_FIELD spec.devices.requests[0].exactly.allocationMode']],
  ['all of some', { 'spec.devices.requests.0.exactly.allocationMode': 'All' }, ['DEVICE_FIELD spec.devices.requests[0].exactly.count']],
  ['count', { 'spec.devices.requests.0.exactly.count': -1 }, ['DEVICE_FIELD spec.devices.requests[0].exactly.count']],
  ['the default count', { 'spec.devices.requests.0.exactly.count': 0 }, []],
  ['neither', { 'spec.devices.requests.0': { name: 'a' } }, ['FIELD_REQUIRED spec.devices.requests[0]']],
  ['both', { 'spec.devices.requests.0.firstAvailable': [{ name: 'b', deviceClassName: 'c' }] }, ['DEVICE_FIELD spec.devices.requests[0]']],
  ['twice', { 'spec.devices.requests.1': request }, ['DEVICE_FIELD spec.devices.requests[1]']],
  ['unknown request', { 'spec.devices.constraints.0.requests': ['b'] }, ['DEVICE_FIELD spec.devices.constraints[0].requests[0]']],
  ['an alternative', { 'spec.devices.requests.0': { name: 'a', firstAvailable: [{ name: 'b', deviceClassName: 'c' }] }, 'spec.devices.constraints.0.requests': ['a/b'] }, []],
  ['attribute with several slashes', { 'spec.devices.constraints.0.matchAttribute': 'a//b' }, []],
  ['attribute', { 'spec.devices.constraints.0.matchAttribute': 'c' }, ['DEVICE_FIELD spec.devices.constraints[0].matchAttribute']],
  ['both attributes, of which the first counts', { 'spec.devices.constraints.0.distinctAttribute': 'c' }, []],
  ['distinct attribute', { 'spec.devices.constraints.0': { distinctAttribute: 'c' } }, ['DEVICE_FIELD spec.devices.constraints[0].distinctAttribute']],
  ['no attribute', { 'spec.devices.constraints.0': {} }, ['FIELD_REQUIRED spec.devices.constraints[0]']],
  ['selector', { 'spec.devices.requests.0.exactly.selectors': [{}] }, ['FIELD_REQUIRED spec.devices.requests[0].exactly.selectors[0].cel']],
  ['parameters', { 'spec.devices.config': [{ opaque: { driver: 'a', parameters: 'x' } }, {}] }, ['DEVICE_FIELD spec.devices.config[0].opaque.parameters', 'FIELD_REQUIRED spec.devices.config[1].opaque']],
  ['toleration', { 'spec.devices.requests.0.exactly.tolerations': [{ key: 'a', operator: 'Exists', value: 'b' }] }, ['DEVICE_FIELD spec.devices.requests[0].exactly.tolerations[0].value']],
])
suite('ResourceClaim v1beta1', object('resource.k8s.io/v1beta1', 'ResourceClaim', { spec: { devices: { requests: [{ name: 'a', deviceClassName: 'b' }] } } }), [
  ['mode', { 'spec.devices.requests.0.allocationMode': 'Some' }, ['DEVICE_FIELD spec.devices.requests[0].allocationMode']],
  ['neither', { 'spec.devices.requests.0.deviceClassName': '' }, ['FIELD_REQUIRED spec.devices.requests[0]']],
])
suite('ResourceClaimTemplate', object('resource.k8s.io/v1', 'ResourceClaimTemplate', { spec: { metadata: { labels: { a: 'b' } }, spec: { devices: { requests: [request] } } } }), [
  ['a name', { 'spec.metadata.name': 'a' }, ['DEVICE_FIELD spec.metadata.name']],
  ['zero values', { 'spec.metadata.name': '', 'spec.metadata.creationTimestamp': null, 'spec.metadata.generation': 0 }, []],
  ['an empty list', { 'spec.metadata.finalizers': [] }, ['DEVICE_FIELD spec.metadata.finalizers']],
  ['mode', { 'spec.spec.devices.requests.0.exactly.allocationMode': 'Some' }, ['DEVICE_FIELD spec.spec.devices.requests[0].exactly.allocationMode']],
])
const selector = (size: number): JsonObject => ({ cel: { expression: `device.driver == '${'é'.repeat((size - 19) / 2)}'` } })
suite('DeviceClass', object('resource.k8s.io/v1', 'DeviceClass', { spec: { extendedResourceName: 'a.b/c', config: [{ opaque: { driver: 'a', parameters: {} } }] } }), [
  ['resource name', { 'spec.extendedResourceName': 'cpu' }, ['DEVICE_FIELD spec.extendedResourceName']],
  ['an expression of 10 KiB', { 'spec.selectors': [selector(10_239)] }, []],
  ['an expression of more bytes', { 'spec.selectors': [selector(10_241)] }, ['DEVICE_FIELD spec.selectors[0].cel.expression']],
  ['parameters of 10 KiB', { 'spec.config.0.opaque.parameters': { a: 'é'.repeat(5116) } }, []],
  ['parameters of more bytes', { 'spec.config.0.opaque.parameters': { a: 'é'.repeat(5117) } }, ['DEVICE_FIELD spec.config[0].opaque.parameters']],
  ['parameters that kubectl escapes', { 'spec.config.0.opaque.parameters': { a: '<'.repeat(1706) } }, ['DEVICE_FIELD spec.config[0].opaque.parameters']],
  ['driver', { 'spec.config.0.opaque.driver': 'a_b' }, ['DEVICE_FIELD spec.config[0].opaque.driver']],
])

const device = { name: 'a', attributes: { b: { string: 'c' }, 'a.b/c': { version: '1.0.0' } }, capacity: { memory: { value: '1Gi' } } }
const slice = { driver: 'a.b', pool: { name: 'a', resourceSliceCount: 1 }, nodeName: 'n', devices: [device] }
suite('ResourceSlice', object('resource.k8s.io/v1', 'ResourceSlice', { spec: slice }), [
  ['no node', { 'spec.nodeName': undefined }, ['FIELD_REQUIRED spec']],
  ['node and all', { 'spec.allNodes': true }, ['DEVICE_FIELD spec']],
  ['not all', { 'spec.allNodes': false }, ['DEVICE_FIELD spec.allNodes']],
  ['pool', { 'spec.pool': { name: 'a//b', resourceSliceCount: 0 } }, ['DEVICE_FIELD spec.pool.name', 'DEVICE_FIELD spec.pool.resourceSliceCount']],
  ['version', { 'spec.devices.0.attributes.b': { version: '1.0' } }, ['DEVICE_FIELD spec.devices[0].attributes.b.version']],
  ['a list, which is dropped', { 'spec.devices.0.attributes.b': { ints: [1] } }, ['DEVICE_FIELD spec.devices[0].attributes.b']],
  ['a value beside a list, which is dropped', { 'spec.devices.0.attributes.b': { int: 1, strings: [] } }, []],
  ['steps of whole units', { 'spec.devices.0.allowMultipleAllocations': true, 'spec.devices.0.capacity.memory.requestPolicy': { default: '2', validRange: { min: '1', step: '700m' } } }, []],
  ['options that are equal in whole units', { 'spec.devices.0.allowMultipleAllocations': true, 'spec.devices.0.capacity.memory.requestPolicy': { default: '2', validValues: ['1500m', '2'] } }, ['DEVICE_FIELD spec.devices[0].capacity[memory].requestPolicy.validValues[1]']],
  ['two values', { 'spec.devices.0.attributes.b': { int: 1, bool: true } }, ['DEVICE_FIELD spec.devices[0].attributes.b']],
  ['attribute with several slashes', { 'spec.devices.0.attributes': { 'a-b/c-d/': { int: 1 } } }, []],
  ['attribute', { 'spec.devices.0.attributes': { 'a-b': { int: 1 } } }, ['DEVICE_FIELD spec.devices[0].attributes.a-b']],
  ['taint', { 'spec.devices.0.taints': [{ key: 'a', effect: 'PreferNoSchedule' }] }, ['DEVICE_FIELD spec.devices[0].taints[0].effect']],
  ['counters', { 'spec.devices.0.consumesCounters': [{ counterSet: 'a' }] }, ['FIELD_REQUIRED spec.devices[0].consumesCounters[0].counters']],
  ['devices and counters', { 'spec.sharedCounters': [{ name: 'a', counters: { b: { value: 1 } } }] }, ['DEVICE_FIELD spec']],
  ['binding', { 'spec.devices.0.bindingConditions': ['a'] }, ['DEVICE_FIELD spec.devices[0].bindingFailureConditions']],
  ['policy alone', { 'spec.devices.0.capacity.memory.requestPolicy': {} }, ['DEVICE_FIELD spec.devices[0].capacity[memory].requestPolicy']],
  ['steps', { 'spec.devices.0.allowMultipleAllocations': true, 'spec.devices.0.capacity.memory.requestPolicy': { default: '10Mi', validRange: { min: '4Mi', step: '4Mi' } } }, ['DEVICE_FIELD spec.devices[0].capacity[memory].requestPolicy.validRange.step']],
  ['options', { 'spec.devices.0.allowMultipleAllocations': true, 'spec.devices.0.capacity.memory.requestPolicy': { default: '3Mi', validValues: ['2Mi', '1Mi'] } }, ['DEVICE_FIELD spec.devices[0].capacity[memory].requestPolicy.validValues[1]', 'DEVICE_FIELD spec.devices[0].capacity[memory].requestPolicy.validValues']],
])

const AT_36 = { 'spec.devices.0.taints': [{ key: 'a' }], 'spec.devices.0.consumesCounters': [{ counterSet: 'a' }], 'spec.devices.0.bindingConditions': ['a'], 'spec.devices.0.allNodes': true, 'spec.devices.0.capacity.memory.requestPolicy': {} }
suite('ResourceSlice while gates are off', object('resource.k8s.io/v1', 'ResourceSlice', { spec: slice }), [
  ['fields of devices', AT_36, []],
  ['shared counters', { 'spec.sharedCounters': [{ name: 'A' }] }, []],
  ['nodes of each device', { 'spec.perDeviceNodeSelection': false }, []],
  ['nodes of each device only', { 'spec.nodeName': undefined, 'spec.perDeviceNodeSelection': true, 'spec.devices.0.nodeName': 'n' }, ['FIELD_REQUIRED spec']],
  ['more devices than may have taints', { 'spec.devices': Array.from({ length: 65 }, (_, i) => ({ name: `a${i}`, taints: [{}] })) }, []],
], 35)
suite('ResourceClaim while gates are off', object('resource.k8s.io/v1', 'ResourceClaim', { spec: { devices: { requests: [request] } } }), [
  ['toleration', { 'spec.devices.requests.0.exactly.tolerations': [{ operator: 'x' }] }, []],
  ['distinct attribute', { 'spec.devices.constraints': [{ distinctAttribute: 'a.b/c' }] }, ['FIELD_REQUIRED spec.devices.constraints[0].matchAttribute']],
  ['an alternative, which is on', { 'spec.devices.requests.0': { name: 'a', firstAvailable: [{ name: 'b' }] } }, ['FIELD_REQUIRED spec.devices.requests[0].firstAvailable[0].deviceClassName']],
], 35)
suite('ResourceClaim in 1.34', object('resource.k8s.io/v1', 'ResourceClaim', { spec: { devices: { requests: [request] } } }), [
  ['distinct attribute, which is not dropped', { 'spec.devices.constraints': [{ distinctAttribute: 'a.b/c' }] }, []],
], 34)
suite('ResourceClaim of v1beta2 in 1.33', object('resource.k8s.io/v1beta2', 'ResourceClaim', { spec: { devices: { requests: [request] } } }), [
  ['an alternative', { 'spec.devices.requests.0': { name: 'a', firstAvailable: [{ name: 'b', deviceClassName: 'c' }] } }, ['FIELD_REQUIRED spec.devices.requests[0]']],
  ['an alternative beside the request', { 'spec.devices.requests.0.firstAvailable': [{ name: 'b' }] }, []],
], 33)
suite('DeviceClass while gates are off', object('resource.k8s.io/v1', 'DeviceClass', { spec: {} }), [
  ['resource name', { 'spec.extendedResourceName': 'cpu' }, []],
], 35)

test('fields that the API server drops', () => {
  const object35 = object('resource.k8s.io/v1', 'ResourceSlice', { spec: slice })
  expect(warnings(changed(object35, AT_36), 35)).toEqual([
    'FIELD_DROPPED spec.devices[0].capacity[memory].requestPolicy',
    'FIELD_DROPPED spec.devices[0].taints',
    'FIELD_DROPPED spec.devices[0].consumesCounters',
    'FIELD_DROPPED spec.devices[0].allNodes',
    'FIELD_DROPPED spec.devices[0].bindingConditions',
  ])
  expect(warnings(changed(object35, { 'spec.devices.0.allowMultipleAllocations': true }), 36)).toEqual([])
})
