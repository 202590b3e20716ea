/** What sidecars add to the resources of a pod, and to its class. */
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { formatAmount, podsOf, qosOf, resourceOverheadOf, times, totalAmounts, type Amounts } from '../../../src/core/desired/resource-overhead.ts'
import { parseQuantity, type Quantity } from '../../../src/core/kube/quantity.ts'

const text = (of: Amounts): string => [...of].map(([name, amount]) => `${name} ${formatAmount(name, amount)}`).join(' ')

describe('an amount is written', () => {
  it.each([
    ['cpu', '1', '1'], ['cpu', '100m', '100m'], ['cpu', '1500m', '1500m'], ['cpu', '2000m', '2'], ['cpu', '1024', '1024'], ['cpu', '0', '0'],
    ['memory', '0', '0'], ['memory', '1', '1'], ['memory', '1000', '1000'], ['memory', '1023', '1023'], ['memory', '1024', '1Ki'], ['memory', '1536Ki', '1536Ki'], ['memory', '1024Ki', '1Mi'],
    ['memory', '3Gi', '3Gi'], ['memory', '1Ti', '1Ti'], ['memory', '1Pi', '1024Ti'], ['memory', '1500m', '1500m'], ['memory', '1M', '1000000'], ['example.com/gpu', '2', '2'], ['memory', '-1Ki', '-1Ki'],
  ])('%s %s as %s', (name, written, expected) => expect(formatAmount(name, parseQuantity(written) as Quantity)).toBe(expected))
})

describe('what the scheduler counts for a pod of', () => {
  const c = (cpu: string, more: JsonObject = {}): JsonObject => ({ name: 'c', resources: { requests: { cpu } }, ...more })
  const NATIVE = { restartPolicy: 'Always' }
  it.each<[string, JsonObject, string]>([
    ['nothing', {}, ''],
    ['what is no list', { containers: 'c', initContainers: {} }, ''],
    ['what is no container', { containers: ['c', c('1')] }, 'cpu 1'],
    ['containers', { containers: [c('1'), c('2')] }, 'cpu 3'],
    ['a smaller init container', { containers: [c('2')], initContainers: [c('1')] }, 'cpu 2'],
    ['a larger init container', { containers: [c('1')], initContainers: [c('2'), c('1')] }, 'cpu 2'],
    ['init containers alone', { initContainers: [c('2'), c('3')] }, 'cpu 3'],
    ['a native sidecar', { containers: [c('1')], initContainers: [c('2', NATIVE)] }, 'cpu 3'],
    ['an init container after a native sidecar', { containers: [c('1')], initContainers: [c('2', NATIVE), c('5')] }, 'cpu 7'],
    ['an init container before a native sidecar', { containers: [c('1')], initContainers: [c('5'), c('2', NATIVE)] }, 'cpu 5'],
    ['an init container with another resource', { containers: [c('1')], initContainers: [{ name: 'i', resources: { requests: { memory: '1Mi' } } }] }, 'cpu 1 memory 1Mi'],
    ['an invalid amount', { containers: [c('many'), c('1')] }, 'cpu 1'],
    ['amounts that are no map', { containers: [{ name: 'c', resources: { requests: ['cpu'] } }] }, ''],
  ])('%s', (_, spec, expected) => expect(text(totalAmounts(spec, 'requests'))).toBe(expected))

  it('limits are counted alone, and requests are limits where there are none', () => {
    const spec = { containers: [{ name: 'c', resources: { limits: { cpu: '2', memory: '1Mi' }, requests: { cpu: '1' } } }] }
    expect([text(totalAmounts(spec, 'limits')), text(totalAmounts(spec, 'requests'))]).toEqual(['cpu 2 memory 1Mi', 'cpu 1 memory 1Mi'])
  })
})

describe('the class of a pod is', () => {
  const full = { limits: { cpu: '1', memory: '1Gi' } }
  const c = (resources: object): JsonObject => ({ name: 'c', resources }) as JsonObject
  it.each<[string, JsonObject[], JsonObject[]]>([
    ['BestEffort', [], []],
    ['BestEffort', [c({ limits: { 'example.com/gpu': '1' } })], []],
    ['BestEffort', [c({ limits: { cpu: '0', memory: '0' } })], []],
    ['Burstable', [c({ requests: { cpu: '1' } })], []],
    ['Burstable', [c({ requests: { memory: '1' } })], []],
    ['Burstable', [c({ limits: { cpu: '1' } })], []],
    ['Burstable', [c({ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } })], []],
    ['Burstable', [c({ limits: { cpu: '1', memory: '1Gi' }, requests: { memory: '1Mi' } })], []],
    ['Burstable', [c({ requests: { cpu: '1', memory: '1Gi' } })], []],
    ['Burstable', [c({ ...full, requests: { cpu: '0' } })], []],
    ['Burstable', [c(full)], [c({})]],
    ['Guaranteed', [c(full)], []],
    ['Guaranteed', [c(full)], [c(full)]],
  ])('%s: %j, init containers %j', (expected, containers, initContainers) => expect(qosOf({ containers, initContainers })).toBe(expected))
})

const asking = (cpu: string | undefined, memory: string | undefined, limits: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  name: 'c',
  resources: { requests: { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) }, limits },
  ...more,
})
const native = (cpu: string): JsonObject => asking(cpu, undefined, {}, { restartPolicy: 'Always' })
const pod = (containers: JsonObject[], initContainers: JsonObject[] = []): JsonObject => ({ spec: { containers, initContainers } })

describe('what sidecars add for the scheduler', () => {
  const app = asking('100m', '64Mi')
  it.each([
    ['a container adds what it asks for', pod([app]), pod([app, asking('10m', '64Mi')]), 'cpu 10m memory 64Mi'],
    ['a native one too', pod([app]), pod([app], [native('10m')]), 'cpu 10m'],
    ['a limit is a request where none is given', pod([app]), pod([app, { name: 's', resources: { limits: { cpu: '1' } } }]), 'cpu 1'],
    ['an init container below the sum adds nothing', pod([app]), pod([app], [asking('50m', '1Mi')]), ''],
    ['one above it adds the rest', pod([app]), pod([app], [asking('150m', '64Mi')]), 'cpu 50m'],
    ['native ones in front of it count with it', pod([app], [asking('150m', '1Mi')]), pod([app], [native('10m'), asking('150m', '1Mi')]), 'cpu 10m'],
    ['native ones behind it do not', pod([app], [asking('150m', '1Mi')]), pod([app], [asking('150m', '1Mi'), native('10m')]), ''],
    ['nothing asked for adds nothing', pod([app]), pod([app, { name: 's' }]), ''],
  ])('%s', (_, before, after, expected) => {
    expect(text(resourceOverheadOf(before, after, 'Pod', {}).requests)).toBe(expected)
  })
})

describe('what sidecars add', () => {
  const c = (resources: object): JsonObject => ({ spec: { containers: [{ name: 'c', resources }] } }) as unknown as JsonObject
  it.each<[string, JsonObject, JsonObject, object]>([
    ['requests and limits', c({}), c({ limits: { cpu: '2' }, requests: { cpu: '1' } }), { requests: 'cpu 1', limits: 'cpu 2', before: 'BestEffort', after: 'Burstable' }],
    ['less than before', c({ requests: { cpu: '2' } }), c({ requests: { cpu: '1' } }), { requests: 'cpu -1', limits: '', before: 'Burstable', after: 'Burstable' }],
    ['nothing', c({ requests: { cpu: '1' } }), c({ requests: { cpu: '1' } }), { requests: '', limits: '', before: 'Burstable', after: 'Burstable' }],
    ['all where there was no pod', {}, c({ requests: { cpu: '1' } }), { requests: 'cpu 1', limits: '', before: 'BestEffort', after: 'Burstable' }],
  ])('%s', (_, before, after, expected) => {
    const { requests, limits, qosBefore, qosAfter } = resourceOverheadOf(before, after, 'Pod', {})
    expect({ requests: text(requests), limits: text(limits), before: qosBefore, after: qosAfter }).toEqual(expected)
  })

  it('is one object for equal overheads, and another for others', () => {
    const of = (cpu: string, kind = 'Pod', limits: object = {}): object => resourceOverheadOf(c({}), c({ requests: { cpu }, limits }), kind, {})
    const [three, four] = [of('3'), of('4')]
    expect([of('3'), of('4')]).toEqual([three, four])
    expect([of('3') === three, of('4') === four]).toEqual([true, true])
    expect(new Set([of('3'), of('4'), of('3', 'DaemonSet'), of('3', 'Pod', { memory: '1' }), of('3', 'Pod', { cpu: '3' })]).size).toBe(5)
  })

  it('is not the same for requests as for limits', () => {
    const cpu = { cpu: '3' }
    const [before, both] = [{ requests: { memory: '1' } }, { requests: { memory: '1', ...cpu } }]
    const requests = resourceOverheadOf(c(before), c(both), 'Pod', {})
    const limits = resourceOverheadOf(c(both), c({ ...both, limits: cpu }), 'Pod', {})
    expect([text(requests.requests), text(requests.limits), text(limits.requests), text(limits.limits)]).toEqual(['cpu 3', '', '', 'cpu 3'])
  })

  it('is remembered for 1,000 different overheads at most', () => {
    const of = (cpu: number): object => resourceOverheadOf(c({}), c({ requests: { cpu: String(cpu) } }), 'Pod', {})
    const first = of(1)
    for (let cpu = 2; cpu < 2000; cpu++) of(cpu)
    expect(of(1)).not.toBe(first)
  })
})

it.each<[string, JsonObject, number | undefined]>([
  ['Deployment', { template: {}, replicas: 3 }, 3], ['Deployment', { template: {}, replicas: 0 }, 0], ['StatefulSet', { template: {}, replicas: 2 }, 2],
  ['ReplicaSet', { template: {}, replicas: 2 }, 2], ['ReplicationController', { template: {}, replicas: 2 }, 2],
  ['Deployment', { template: {}, replicas: '2' }, 1], ['Deployment', { template: {} }, 1], ['Rollout', { template: {}, replicas: 4 }, 4],
  ['Job', { template: {}, parallelism: 4 }, 4], ['Job', { template: {}, replicas: 2 }, 1], ['CronJob', { jobTemplate: { spec: { parallelism: 2 } } }, 2],
  ['Pod', { replicas: 2 }, 1], ['DaemonSet', { template: {}, replicas: 2 }, undefined],
  // Groups of pods, not pods.
  ['LeaderWorkerSet', { leaderWorkerTemplate: {}, replicas: 2 }, 1],
])('the pods of a %s %j: %j', (kind, spec, expected) => expect(podsOf(kind, { spec })).toBe(expected))

it('amounts times pods', () => {
  const of: Amounts = new Map([['cpu', parseQuantity('100m') as Quantity], ['memory', parseQuantity('1Mi') as Quantity]])
  expect([0, 1, 3, 2.9].map((pods) => text(times(of, pods)))).toEqual(['cpu 0 memory 0', 'cpu 100m memory 1Mi', 'cpu 300m memory 3Mi', 'cpu 200m memory 2Mi'])
})
