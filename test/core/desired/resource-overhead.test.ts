import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { resourceOverheadOf, formatAmount, qosOf, times, type Amounts } from '../../../src/core/desired/resource-overhead.ts'

const c = (cpu: string | undefined, memory: string | undefined, limits: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  name: 'c',
  resources: { requests: { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) }, limits },
  ...more,
})
const native = (cpu: string): JsonObject => c(cpu, undefined, {}, { restartPolicy: 'Always' })
const pod = (containers: JsonObject[], initContainers: JsonObject[] = []): JsonObject => ({ spec: { containers, initContainers } })
const text = (of: Amounts): string => [...of].map(([name, amount]) => `${name} ${formatAmount(name, amount)}`).join(' ')

describe('what sidecars cost', () => {
  const app = c('100m', '64Mi')
  it.each([
    ['a container adds what it asks for', pod([app]), pod([app, c('10m', '64Mi')]), 'cpu 10m memory 64Mi'],
    ['a native one too', pod([app]), pod([app], [native('10m')]), 'cpu 10m'],
    ['a limit is a request where none is given', pod([app]), pod([app, { name: 's', resources: { limits: { cpu: '1' } } }]), 'cpu 1'],
    ['an init container below the sum adds nothing', pod([app]), pod([app], [c('50m', '1Mi')]), ''],
    ['one above it adds the rest', pod([app]), pod([app], [c('150m', '64Mi')]), 'cpu 50m'],
    ['native ones in front of it count with it', pod([app], [c('150m', '1Mi')]), pod([app], [native('10m'), c('150m', '1Mi')]), 'cpu 10m'],
    ['native ones behind it do not', pod([app], [c('150m', '1Mi')]), pod([app], [c('150m', '1Mi'), native('10m')]), ''],
    ['nothing asked for adds nothing', pod([app]), pod([app, { name: 's' }]), ''],
  ])('%s', (_, before, after, expected) => {
    expect(text(resourceOverheadOf(before, after, 'Pod', {}).requests)).toBe(expected)
  })

  it.each([
    ['Pod', {}, 1],
    ['Deployment', { spec: { replicas: 3 } }, 3],
    ['StatefulSet', { spec: {} }, 1],
    ['Deployment', { spec: { replicas: 0 } }, 0],
    ['Job', { spec: { parallelism: 4 } }, 4],
    ['CronJob', { spec: { jobTemplate: { spec: { parallelism: 2 } } } }, 2],
    ['DaemonSet', { spec: {} }, undefined],
  ])('counts the pods of a %s %j', (kind, data, expected) => {
    expect(resourceOverheadOf(pod([]), pod([]), kind, data).pods).toBe(expected)
  })

  it.each([
    ['BestEffort', [{ name: 'a' }]],
    ['BestEffort', [c('0', undefined)]],
    ['Burstable', [c('1', '1Gi')]],
    ['Guaranteed', [c('1', '1Gi', { cpu: '1000m', memory: '1024Mi' })]],
    ['Guaranteed', [c(undefined, undefined, { cpu: '1', memory: '1Gi' })]],
    ['Burstable', [c('1', '1Gi', { cpu: '1', memory: '1Gi' }), { name: 's' }]],
    ['Burstable', [c('1', '1Gi', { cpu: '1', memory: '2Gi' })]],
  ])('finds the class %s', (expected, containers) => {
    expect(qosOf({ containers })).toBe(expected)
  })

  it('writes amounts as people do, times the pods', () => {
    const { requests } = resourceOverheadOf(pod([]), pod([c('250m', '96Mi')]), 'Pod', {})
    expect([text(requests), text(times(requests, 4))]).toEqual(['cpu 250m memory 96Mi', 'cpu 1 memory 384Mi'])
  })
})
