import { addQuantities } from '../core/kube/quantity.ts'
import { formatAmount, times, type Amounts, type Cost } from '../core/plan/cost.ts'
import type { RunResult } from '../core/result.ts'

function list(of: Amounts): string {
  return [...of].map(([name, amount]) => `${name} ${formatAmount(name, amount)}`).join(', ')
}

function amountsText(requests: Amounts, limits: Amounts): string {
  const parts = [['requests', list(requests)], ['limits', list(limits)]].filter(([, text]) => text !== '')
  return parts.length === 0 ? 'nothing that is counted' : parts.map(([what, text]) => `${what} ${text}`).join('; ')
}

/** What the sidecars add to one workload, in a line. */
export function costText({ requests, limits, pods, qosBefore, qosAfter }: Cost): string {
  const often = pods === undefined ? ' on each node' : pods === 1 ? '' : `, times ${pods}: ${amountsText(times(requests, pods), times(limits, pods))}`
  const qos = qosBefore === qosAfter ? `QoS class ${qosAfter} as before` : `QoS class ${qosAfter}, ${qosBefore} before`
  return `sidecars add ${amountsText(requests, limits)}${often} (${qos})`
}

/** What all sidecars of a run add together; pods on each node count once and are said to. */
export function totalCost({ files }: RunResult): string[] {
  const costs = files.flatMap((file) => file.workloads).flatMap((workload) => workload.cost ?? [])
  if (costs.length < 2) return []
  const sum = (list: 'requests' | 'limits'): Amounts => {
    const out = new Map<string, { nanos: bigint }>()
    for (const cost of costs) {
      for (const [name, amount] of times(cost[list], cost.pods ?? 1)) out.set(name, addQuantities(out.get(name) ?? { nanos: 0n }, amount))
    }
    return out
  }
  const nodes = costs.some((cost) => cost.pods === undefined) ? ', with one node counted for each DaemonSet' : ''
  return [`all sidecars add ${amountsText(sum('requests'), sum('limits'))}${nodes}`]
}
