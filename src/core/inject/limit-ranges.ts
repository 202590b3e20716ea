import { emptyObject, isObject, mapsOf, type Json, type JsonObject } from '../json/json.ts'
import {
  compareQuantities,
  MAX_MILLI_VALUE,
  milliValue,
  parseQuantity,
  type Quantity,
  wholeValue,
} from '../kube/quantity.ts'
import { valueAt } from '../kube/workload.ts'
import { nameOf } from '../desired/pod-paths.ts'
import { formatAmount, totalAmounts, type Amounts } from '../desired/resource-overhead.ts'

const CONTAINER_LISTS = ['containers', 'initContainers'] as const

/** The pod spec of a workload without and with its sidecars. */
export interface SpecPair {
  before: JsonObject
  after: JsonObject
  isSidecar: (container: ContainerAmounts) => boolean
  /** Whether the API server supports resources of the whole pod (feature gate PodLevelResources). */
  hasPodLevel: boolean
}

/**
 * The messages of the admission plugin LimitRanger about pods with sidecars that it would not give without them, by the
 * LimitRange that each is about. Defaults of all LimitRanges of the namespace are filled in first; pods that are
 * invalid then are reported with the LimitRanges that have defaults. Source: plugin/pkg/admission/limitranger.
 * @param ranges `spec.limits` of each LimitRange of the namespace
 */
export function limitRangeProblems(ranges: readonly (Json | undefined)[], pair: SpecPair): string[][] {
  const items = ranges.map(mapsOf)
  const was = admittedPod(pair.before, ranges, pair.hasPodLevel)
  const is = admittedPod(pair.after, ranges, pair.hasPodLevel)
  const caused = (known: readonly Problem[], found: readonly Problem[]): string[] => {
    const same = new Set(known.map(({ about }) => about))
    return found
      .filter(({ about, container }) => !same.has(about) || (container !== undefined && pair.isSidecar(container)))
      .map(({ message }) => message)
  }
  const without = new Set(invalidPods(admittedPod(pair.after, [], pair.hasPodLevel)).map(({ about }) => about))
  const invalid = invalidPods(is).filter(({ about }) => !without.has(about))
  const byDefaults = caused(invalidPods(was), invalid)
  return items.map((own) =>
    caused(problemsOf(own, was), problemsOf(own, is)).concat(own.some(hasDefaults) ? byDefaults : []),
  )
}

/** Amounts by resource name. */
interface Asked {
  requests: Amounts
  limits: Amounts
}

export interface ContainerAmounts extends Asked {
  list: 'containers' | 'initContainers'
  name: string
}

/** A pod with the defaults of LimitRanges. */
interface Pod {
  containers: readonly ContainerAmounts[]
  /** The sum of the containers. */
  sum: Asked
  /** `spec.resources`, which counts instead of the sum. */
  own: Asked
}

interface Problem {
  /** Equal in two pods that are rejected for the same reason. */
  about: string
  container: ContainerAmounts | undefined
  message: string
}

function mapOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : emptyObject()
}

function amountsIn(map: JsonObject): Map<string, Quantity> {
  return new Map(
    Object.entries(map).flatMap(([name, text]) => {
      const quantity = parseQuantity(text)
      return quantity === undefined ? [] : [[name, quantity] as const]
    }),
  )
}

/** Source: `SetDefaults_LimitRangeItem`, which fills limits, then requests. */
function itemDefaults(item: JsonObject): { limits: JsonObject; requests: JsonObject } {
  const limits = { ...mapOf(item['max']), ...mapOf(item['default']) }
  return { limits, requests: { ...mapOf(item['min']), ...limits, ...mapOf(item['defaultRequest']) } }
}

function hasDefaults(item: JsonObject): boolean {
  const { limits, requests } = itemDefaults(item)
  return item['type'] === 'Container' && Object.keys({ ...limits, ...requests }).length > 0
}

/**
 * A pod as it is checked on admission. Missing requests are the limits (`SetDefaults_Pod`). Missing requests of the
 * whole pod, if it has some amounts, are the containers' requests or its own limits (`defaultPodRequests`). Then
 * LimitRanges fill in their defaults.
 * @param ranges `spec.limits` of each LimitRange of the namespace
 */
export function admittedPod(spec: JsonObject, ranges: readonly (Json | undefined)[], hasPodLevel: boolean): Pod {
  const items = ranges.flatMap(mapsOf).filter(({ type }) => type === 'Container')
  const given = withContainers(spec, ({ requests, limits }) => ({ limits, requests: { ...limits, ...requests } }))
  const filled = items
    .map(itemDefaults)
    .reduce(
      (pod, item) =>
        withContainers(pod, ({ requests, limits }) => ({
          limits: { ...item.limits, ...limits },
          requests: { ...item.requests, ...requests },
        })),
      given,
    )
  const own = asked(hasPodLevel ? spec : undefined)
  if (own.requests.size + own.limits.size > 0)
    for (const [name, quantity] of [...totalAmounts(given, 'requests'), ...own.limits])
      if (isPodLevel(name) && !own.requests.has(name)) own.requests.set(name, quantity)
  return {
    containers: CONTAINER_LISTS.flatMap((list) =>
      mapsOf(filled[list]).map((container) => Object.assign({ list, name: nameOf(container) }, asked(container))),
    ),
    sum: { requests: totalAmounts(filled, 'requests'), limits: totalAmounts(filled, 'limits') },
    own,
  }
}

function resourcesOf(of: Json | undefined): { requests: JsonObject; limits: JsonObject } {
  return {
    requests: mapOf(valueAt(of, ['resources', 'requests'])),
    limits: mapOf(valueAt(of, ['resources', 'limits'])),
  }
}

type Resources = ReturnType<typeof resourcesOf>

function asked(of: Json | undefined): { requests: Map<string, Quantity>; limits: Map<string, Quantity> } {
  const { requests, limits } = resourcesOf(of)
  return { requests: amountsIn(requests), limits: amountsIn(limits) }
}

function withContainers(spec: JsonObject, change: (resources: Resources) => Resources): JsonObject {
  const out = Object.assign(emptyObject(), spec)
  for (const list of CONTAINER_LISTS)
    out[list] = mapsOf(spec[list]).map((container) =>
      Object.assign(emptyObject(), container, { resources: change(resourcesOf(container)) }),
    )
  return out
}

/** Source: `IsSupportedPodLevelResource` of the plugin, without huge pages. */
function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory'
}

/** What the items of a LimitRange reject. Source: `PodValidateLimitFunc`. */
function problemsOf(items: readonly JsonObject[], { containers, sum, own }: Pod): Problem[] {
  const over = (list: 'requests' | 'limits'): Amounts =>
    new Map([...sum[list], ...[...own[list]].filter(([name]) => isPodLevel(name))])
  const pod = { requests: over('requests'), limits: over('limits') }
  return items.flatMap((item) => {
    if (item['type'] === 'Pod') return itemProblems(item, 'the pod', pod)
    if (item['type'] !== 'Container') return []
    return containers.flatMap((container) => itemProblems(item, `container ${container.name}`, container, container))
  })
}

/** Checks the amounts of one resource and returns a message, or undefined if they are valid. */
type Constraint = (whose: string, amounts: Asked, resource: string, edge: Quantity, shown: string) => string | undefined

const CONSTRAINTS: Readonly<Record<string, Constraint>> = {
  max: bound('limits', 'requests', 'maximum', (order) => order > 0),
  min: bound('requests', 'limits', 'minimum', (order) => order < 0),
  maxLimitRequestRatio: ratio,
}

function itemProblems(item: JsonObject, whose: string, amounts: Asked, container?: ContainerAmounts): Problem[] {
  return Object.entries(CONSTRAINTS).flatMap(([key, constraint]) =>
    Object.entries(mapOf(item[key])).flatMap(([resource, value]) => {
      const edge = parseQuantity(value)
      const message = edge && constraint(whose, amounts, resource, edge, String(value))
      return message === undefined ? [] : [{ about: `${key} ${resource} of ${whose}`, container, message }]
    }),
  )
}

/** The first list must have the resource, and both must be in bounds. Source: `maxConstraint`, `minConstraint`. */
function bound(
  first: 'requests' | 'limits',
  second: 'requests' | 'limits',
  word: string,
  isOut: (order: number) => boolean,
): Constraint {
  return (whose, amounts, resource, edge, shown) => {
    const rest = `the ${word} is ${shown}`
    if (!amounts[first].has(resource)) return `${first}.${resource} of ${whose} is not set, ${rest}`
    for (const list of [first, second]) {
      const found = amounts[list].get(resource)
      if (found === undefined) continue
      const [value, limit] = atOnePrecision([found, edge]) as [bigint, bigint]
      if (isOut(value < limit ? -1 : Number(value > limit)))
        return `${list}.${resource} of ${whose} is ${formatAmount(resource, found)}, ${rest}`
    }
    return undefined
  }
}

/** Source: `limitRequestRatioConstraint`. */
function ratio(whose: string, amounts: Asked, resource: string, edge: Quantity, shown: string): string | undefined {
  const rest = `the maximum ratio of limit to request is ${shown}`
  const [request, limit] = [amounts.requests.get(resource), amounts.limits.get(resource)]
  if (request === undefined || request.nanos === 0n) return `requests.${resource} of ${whose} is not set or 0, ${rest}`
  if (limit === undefined || limit.nanos === 0n) return `limits.${resource} of ${whose} is not set or 0, ${rest}`
  const [, low, high] = atOnePrecision([edge, request, limit]) as [bigint, bigint, bigint]
  const found = Number(high) / Number(low)
  if (found * 1000 <= Number(milliValue(edge))) return undefined
  const shownAmounts = `${formatAmount(resource, limit)} to ${formatAmount(resource, request)}`
  return `limits.${resource} of ${whose} is ${Number(found.toFixed(3))} times its request (${shownAmounts}), ${rest}`
}

/**
 * The quantities in thousandths, or in whole units where one of them is too large. Source:
 * `requestLimitEnforcedValues`.
 */
function atOnePrecision(quantities: readonly Quantity[]): bigint[] {
  const whole = quantities.map(wholeValue)
  return whole.every((value) => value <= MAX_MILLI_VALUE) ? quantities.map(milliValue) : whole
}

/**
 * Amounts that are invalid in any pod. Source: core validation, `validatePodResources` and
 * `ValidateContainerResourceRequirements`.
 */
function invalidPods({ containers, sum, own }: Pod): Problem[] {
  const found: Problem[] = []
  for (const container of containers) {
    const { name, requests, limits } = container
    for (const [resource, limit] of limits) {
      const request = requests.get(resource)
      // Limits of init containers are not compared.
      const most = container.list === 'containers' ? own.limits.get(resource) : undefined
      const shown = formatAmount(resource, limit)
      if (request !== undefined && compareQuantities(request, limit) > 0) {
        const message = `requests.${resource} of container ${name} is ${formatAmount(resource, request)}, above the default limit of ${shown}`
        found.push({ about: `request ${resource} of ${name}`, container, message })
      }
      if (most !== undefined && compareQuantities(limit, most) > 0) {
        const message = `limits.${resource} of container ${name} is ${shown} by default, above the pod's limit of ${formatAmount(resource, most)}`
        found.push({ about: `limit ${resource} of ${name}`, container, message })
      }
    }
  }
  for (const [resource, total] of sum.requests) {
    const most = own.requests.get(resource)
    if (most === undefined || compareQuantities(total, most) <= 0) continue
    const message = `the containers with default requests ask for ${formatAmount(resource, total)} of ${resource}, above the pod's request of ${formatAmount(resource, most)}`
    found.push({ about: `sum of ${resource}`, container: undefined, message })
  }
  return found
}
