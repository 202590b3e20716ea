import { addQuantities, compareQuantities, type Quantity } from '../../../kube/quantity.ts'
import { isNativeSidecar } from '../container/restart.ts'
import { at, forbidden, type PodRule, type PodScope, show } from '../scope.ts'
import { childOf, isSet, type Part, partOf, textOf } from '../values.ts'
import { isHugePages, isPodLevel, podResourceName } from './names.ts'
import { type Amount, amountsOf, checkRequirements } from './requirements.ts'

type Totals = Map<string, Quantity>

/** Resources of the pod as a whole (KEP-2837). Source: `validatePodResources`. */
export const podLevelResources: PodRule = (pod) => {
  const resources = partOf(pod.spec, 'resources')
  if (resources === undefined) return
  const os = childOf(pod.spec.data, 'os')
  if (os !== undefined && textOf(os, 'name') === 'windows') {
    return forbidden(pod, 'RESOURCE_POD_LEVEL', resources.path, 'resources may not be set for a windows pod')
  }
  if (isSet(resources.data, 'claims')) {
    forbidden(
      pod,
      'RESOURCE_POD_LEVEL',
      at(resources.path, 'claims'),
      'claims may not be set for Resources at pod-level',
    )
  }
  checkRequirements(resources, podResourceName, pod)
  checkConsistency(resources, pod)
}

/** The pod's resources must cover those of its containers. Source: `validatePodResourceConsistency`. */
function checkConsistency(resources: Part, pod: PodScope): void {
  const limits = byName(amountsOf(resources, 'limits'))
  const requests = byName(amountsOf(resources, 'requests'))
  for (const [name, total] of totals('requests', pod)) {
    // Requests of a Pod default to those of its containers (`defaultPodRequests`), then meet its limits.
    const bound = requests.get(name) ?? (pod.isPod && isPodLevel(name) ? limits.get(name) : undefined)
    if (bound !== undefined && compareQuantities(total, bound.quantity) > 0) tooSmall(bound, 'requests', pod)
  }
  for (const [name, total] of totals('limits', pod)) {
    const bound = isHugePages(name) ? limits.get(name) : undefined
    if (bound !== undefined && compareQuantities(total, bound.quantity) > 0) tooSmall(bound, 'limits', pod)
  }
  for (const container of pod.containers) {
    for (const amount of listed(container, 'limits', false)) tooMuch(amount, limits.get(amount.name), pod)
  }
}

function byName(amounts: readonly Amount[]): Map<string, Amount> {
  return new Map(amounts.map((amount) => [amount.name, amount]))
}

function tooMuch(amount: Amount, bound: Amount | undefined, pod: PodScope): void {
  if (bound === undefined || compareQuantities(amount.quantity, bound.quantity) <= 0) return
  pod.report({
    code: 'RESOURCE_POD_LEVEL',
    path: amount.path,
    message: `limit ${show(amount.text)} must be less than or equal to the pod's limit of ${show(bound.text)}`,
    related: [{ path: bound.path, message: "the pod's limit" }],
  })
}

function tooSmall(bound: Amount, list: string, pod: PodScope): void {
  const message = `${show(bound.text)} must be greater than or equal to the ${list} of all containers together`
  pod.report({ code: 'RESOURCE_POD_LEVEL', path: bound.path, message })
}

/** A container's amounts; with defaults, requests that are not given equal the limits (`SetDefaults_Pod`). */
function listed(container: Part, list: string, withDefaults: boolean): Amount[] {
  const resources = partOf(container, 'resources')
  if (resources === undefined) return []
  const amounts = amountsOf(resources, list)
  if (!withDefaults) return amounts
  const names = new Set(amounts.map((amount) => amount.name))
  return [...amounts, ...amountsOf(resources, 'limits').filter((limit) => !names.has(limit.name))]
}

/**
 * The most that containers use at one time: all regular containers and native sidecars together, or an init container
 * with the sidecars started before it.
 * Source: `AggregateContainerRequests`, `AggregateContainerLimits`.
 */
function totals(list: 'requests' | 'limits', pod: PodScope): Totals {
  const defaults = pod.isPod && list === 'requests'
  const running: Totals = new Map()
  const sidecars: Totals = new Map()
  const peak: Totals = new Map()
  for (const container of pod.containers) addAll(running, listed(container, list, defaults))
  for (const container of pod.initContainers) {
    const own: Totals = new Map(sidecars)
    addAll(own, listed(container, list, defaults))
    if (isNativeSidecar(container)) {
      addAll(running, listed(container, list, defaults))
      addAll(sidecars, listed(container, list, defaults))
    }
    raise(peak, own)
  }
  raise(running, peak)
  return running
}

function addAll(sums: Totals, amounts: readonly Amount[]): void {
  for (const { name, quantity } of amounts) sums.set(name, addQuantities(sums.get(name) ?? { nanos: 0n }, quantity))
}

function raise(highest: Totals, others: Totals): void {
  for (const [name, quantity] of others) {
    const known = highest.get(name)
    if (known === undefined || compareQuantities(quantity, known) > 0) highest.set(name, quantity)
  }
}
