import type { JsonObject } from '../core/json/json.ts'
import { addQuantities, type Quantity } from '../core/kube/quantity.ts'
import { formatAmount, times, type Amounts, type ResourceOverhead } from '../core/desired/resource-overhead.ts'
import type { ResourceRef } from '../core/diagnostics/diagnostic.ts'
import { workloadsOf, type RunResult } from '../core/inject/result.ts'

function list(of: Amounts): string {
  return [...of].map(([name, amount]) => `${name} ${formatAmount(name, amount)}`).join(', ')
}

function amountsText(requests: Amounts, limits: Amounts): string {
  const parts = [
    ['requests', list(requests)],
    ['limits', list(limits)],
  ].filter(([, text]) => text !== '')
  return parts.length === 0 ? 'no counted resources' : parts.map(([what, text]) => `${what} ${text}`).join('; ')
}

/** The resources that sidecars add to one workload, as one line. */
export function costText({ requests, limits, pods, qosBefore, qosAfter }: ResourceOverhead): string {
  const often =
    pods === undefined
      ? ' on each node'
      : pods === 1
        ? ''
        : `, times ${pods}: ${amountsText(times(requests, pods), times(limits, pods))}`
  const qos = qosBefore === qosAfter ? `QoS class ${qosAfter}, unchanged` : `QoS class ${qosAfter}, was ${qosBefore}`
  return `sidecars add ${amountsText(requests, limits)}${often} (${qos})`
}

function costsOf(result: RunResult): ResourceOverhead[] {
  return workloadsOf(result).flatMap(({ cost }) => cost ?? [])
}

/** The resources that sidecars add in all pods, counting one pod for what runs on each node. */
function sum(costs: readonly ResourceOverhead[], list: 'requests' | 'limits'): Amounts {
  const out = new Map<string, Quantity>()
  for (const cost of costs) {
    for (const [name, amount] of times(cost[list], cost.pods ?? 1))
      out.set(name, addQuantities(out.get(name) ?? { nanos: 0n }, amount))
  }
  return out
}

/** The resources that all sidecars of a run add; a DaemonSet counts as one pod, which the line says. */
export function totalCost(result: RunResult): string[] {
  const costs = costsOf(result)
  if (costs.length < 2) return []
  const nodes = costs.some((cost) => cost.pods === undefined) ? ', with one node counted for each DaemonSet' : ''
  return [`all sidecars add ${amountsText(sum(costs, 'requests'), sum(costs, 'limits'))}${nodes}`]
}

function amountsJson(of: Amounts): JsonObject {
  return Object.fromEntries([...of].map(([name, amount]) => [name, formatAmount(name, amount)]))
}

function sumJson(costs: readonly ResourceOverhead[]): JsonObject {
  return { requests: amountsJson(sum(costs, 'requests')), limits: amountsJson(sum(costs, 'limits')) }
}

/** The resources that sidecars add to one workload, as Kubernetes quantities: per pod, and in total; `pods` is null for one pod on each node. */
export function costJson(cost: ResourceOverhead): JsonObject {
  const { requests, limits, pods = null, qosBefore, qosAfter } = cost
  const inAll = pods === null ? {} : { total: sumJson([cost]) }
  return { requests: amountsJson(requests), limits: amountsJson(limits), pods, ...inAll, qosBefore, qosAfter }
}

/** The resources that all sidecars of a run add: in counted pods, and on each node. */
export function totalCostJson(result: RunResult): JsonObject {
  const costs = costsOf(result)
  const perNode = costs.filter(({ pods }) => pods === undefined)
  return {
    ...sumJson(costs.filter(({ pods }) => pods !== undefined)),
    ...(perNode.length > 0 && { perNode: sumJson(perNode) }),
  }
}

/** Stands for all workloads of a run in `costRows`. */
export const TOTAL_COST = 'total'

/** What sidecars cost one workload, or all, as cells of a table. */
export interface CostRow {
  resource: ResourceRef | typeof TOTAL_COST
  /** Pods, requests and limits of one pod, requests and limits of all pods, QoS class. */
  cells: readonly string[]
}

/** A row for each workload with sidecars, and one for all where there are several. */
export function costRows(result: RunResult): CostRow[] {
  const rows = workloadsOf(result).flatMap(({ resource, cost }): CostRow[] =>
    cost === undefined ? [] : [{ resource, cells: cellsOf(cost) }],
  )
  if (rows.length < 2) return rows
  const costs = costsOf(result)
  const nodes = costs.some(({ pods }) => pods === undefined) ? 'one node counted' : ''
  const total = ['', '', '', list(sum(costs, 'requests')), list(sum(costs, 'limits')), nodes]
  return [...rows, { resource: TOTAL_COST, cells: total }]
}

function cellsOf({ requests, limits, pods, qosBefore, qosAfter }: ResourceOverhead): string[] {
  const all = (of: Amounts): string => (pods === undefined ? `${list(of)} on each node` : list(times(of, pods)))
  const qos = qosBefore === qosAfter ? qosAfter : `${qosBefore} → ${qosAfter}`
  return [String(pods ?? 'on each node'), list(requests), list(limits), all(requests), all(limits), qos]
}
