import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { addQuantities, compareQuantities, parseQuantity, type Quantity } from '../kube/quantity.ts'
import { valueAt } from '../kube/workload.ts'

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort'

/** Amounts by resource name. */
export type Amounts = ReadonlyMap<string, Quantity>

/** What sidecars add to a workload. */
export interface ResourceOverhead {
  /** For one pod. */
  requests: Amounts
  limits: Amounts
  /** Pods of the workload as the manifest has them; undefined for one on each node. */
  pods: number | undefined
  qosBefore: QosClass
  qosAfter: QosClass
}

/** Compares a pod template without and with sidecars. */
export function resourceOverheadOf(
  before: JsonObject,
  after: JsonObject,
  kind: string,
  data: JsonObject,
): ResourceOverhead {
  const [was, is] = [specOf(before), specOf(after)]
  const requests = difference(totalAmounts(was, 'requests'), totalAmounts(is, 'requests'))
  const limits = difference(totalAmounts(was, 'limits'), totalAmounts(is, 'limits'))
  return shared({ requests, limits, pods: podsOf(kind, data), qosBefore: qosOf(was), qosAfter: qosOf(is) })
}

/** Overheads by their content: many workloads of a run have the same, which is kept once. */
const SHARED = new Map<string, ResourceOverhead>()
/** At this many entries the cache is cleared, which bounds what stays in memory after a run. */
const MOST_SHARED = 1000

function shared(cost: ResourceOverhead): ResourceOverhead {
  const texts = [cost.requests, cost.limits].map((of) => [...of].map(([name, { nanos }]) => `${name}=${nanos}`).join())
  const key = [cost.pods, cost.qosBefore, cost.qosAfter, ...texts].join(' ')
  const known = SHARED.get(key) ?? cost
  if (SHARED.size >= MOST_SHARED) SHARED.clear()
  SHARED.set(key, known)
  return known
}

/** The path of the number of pods, of kinds that have it elsewhere than at `spec.replicas`. */
const PODS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Job', ['spec', 'parallelism']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'parallelism']],
])

/**
 * Pods of a workload as the manifest has them, also of kinds of other projects with one pod template at the usual place,
 * such as a Rollout; undefined for one on each node.
 */
export function podsOf(kind: string, data: JsonObject): number | undefined {
  if (kind === 'DaemonSet') return undefined
  const usual = valueAt(data, ['spec', 'template']) === undefined ? undefined : ['spec', 'replicas']
  const path = PODS.get(kind) ?? usual
  const said = path && valueAt(data, path)
  return typeof said === 'number' ? said : 1
}

function specOf(template: JsonObject): JsonObject {
  return isObject(template['spec']) ? template['spec'] : {}
}

function containersOf(spec: JsonObject, list: string): JsonObject[] {
  return Array.isArray(spec[list]) ? spec[list].filter(isObject) : []
}

/** Cached amounts, which are asked for more than once. */
const COUNTED = { requests: new WeakMap<JsonObject, Amounts>(), limits: new WeakMap<JsonObject, Amounts>() }

/** A container's amounts; a missing request is the limit. */
function amounts(container: JsonObject, list: 'requests' | 'limits'): Amounts {
  const known = COUNTED[list].get(container) ?? count(container, list)
  COUNTED[list].set(container, known)
  return known
}

function count(container: JsonObject, list: 'requests' | 'limits'): Amounts {
  const read = (key: string): [string, Json][] => {
    const map = valueAt(container, ['resources', key])
    return isObject(map) ? Object.entries(map) : []
  }
  const entries = list === 'limits' ? read('limits') : [...read('limits'), ...read('requests')]
  return new Map(
    entries.flatMap(([name, text]) => {
      const quantity = parseQuantity(text)
      return quantity === undefined ? [] : [[name, quantity] as const]
    }),
  )
}

function add(to: Map<string, Quantity>, from: Amounts): void {
  for (const [name, quantity] of from) to.set(name, addQuantities(to.get(name) ?? { nanos: 0n }, quantity))
}

/**
 * What the scheduler counts for a pod: all containers and native sidecars together, or more where an init container
 * needs more together with the native sidecars before it. Source: `resource.PodRequests` and KEP-753.
 */
export function totalAmounts(spec: JsonObject, list: 'requests' | 'limits'): Map<string, Quantity> {
  const sum = new Map<string, Quantity>()
  const sidecars = new Map<string, Quantity>()
  const peak = new Map<string, Quantity>()
  for (const container of containersOf(spec, 'initContainers')) {
    const own = new Map(amounts(container, list))
    if (container['restartPolicy'] === 'Always') {
      add(sidecars, own)
      continue
    }
    add(own, sidecars)
    for (const [name, quantity] of own) peak.set(name, larger(peak.get(name), quantity))
  }
  add(sum, sidecars)
  for (const container of containersOf(spec, 'containers')) add(sum, amounts(container, list))
  for (const [name, quantity] of peak) sum.set(name, larger(sum.get(name), quantity))
  return sum
}

function larger(a: Quantity | undefined, b: Quantity): Quantity {
  return a !== undefined && compareQuantities(a, b) > 0 ? a : b
}

function difference(before: Amounts, after: Amounts): Map<string, Quantity> {
  const out = new Map<string, Quantity>()
  for (const [name, quantity] of after) {
    const nanos = quantity.nanos - (before.get(name)?.nanos ?? 0n)
    if (nanos !== 0n) out.set(name, { nanos })
  }
  return out
}

/** An amount other than zero; undefined otherwise, as zero does not count for the QoS class. */
export function given(of: Amounts, name: string): Quantity | undefined {
  return of.get(name)?.nanos === 0n ? undefined : of.get(name)
}

/** The QoS class, which decides which pods are evicted first. Source: `GetPodQOS`, without pod-level resources. */
export function qosOf(spec: JsonObject): QosClass {
  const all = [...containersOf(spec, 'containers'), ...containersOf(spec, 'initContainers')]
  const counted = all.map((c) => ({ requests: amounts(c, 'requests'), limits: amounts(c, 'limits') }))
  const names = ['cpu', 'memory']
  if (counted.every(({ requests }) => names.every((name) => given(requests, name) === undefined))) return 'BestEffort'
  const isFull = counted.every(({ requests, limits }) =>
    names.every((name) => {
      const [request, limit] = [given(requests, name), given(limits, name)]
      return limit !== undefined && request !== undefined && compareQuantities(request, limit) === 0
    }),
  )
  return isFull ? 'Guaranteed' : 'Burstable'
}

/** Amounts times a number of pods. */
export function times(of: Amounts, pods: number): Amounts {
  return new Map([...of].map(([name, { nanos }]) => [name, { nanos: nanos * BigInt(Math.trunc(pods)) }]))
}

const UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti']

/**
 * Formats an amount as people write it: with `m` where it is a fraction, other resources than cpu with a binary suffix
 * where that is exact.
 */
export function formatAmount(name: string, { nanos }: Quantity): string {
  const millis = nanos / 1_000_000n
  if (name === 'cpu' || millis % 1000n !== 0n) return millis % 1000n === 0n ? String(millis / 1000n) : `${millis}m`
  let value = millis / 1000n
  let unit = 0
  while (value !== 0n && value % 1024n === 0n && unit < UNITS.length - 1) {
    value /= 1024n
    unit++
  }
  return `${value}${UNITS[unit]}`
}
