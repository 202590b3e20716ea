import { addTo } from '../common/maps.ts'
import { textOf } from '../json/json.ts'
import { extraObjectId } from '../desired/sidecar-objects.ts'
import { idOf, type WorkloadSummary } from './workload-summary.ts'
import type { Service } from './service.ts'

/** The workloads of a run, found by what Services say of them without a look at all of them. */
export class ServiceWorkloads {
  readonly #byLabel = new Map<string, WorkloadSummary[]>()
  readonly #byId = new Map<string, WorkloadSummary[]>()
  readonly #extraObjects = new Set<string>()

  constructor(all: readonly WorkloadSummary[]) {
    for (const workload of all) {
      const namespace = workload.outcome.resource.namespace || 'default'
      addTo(this.#byId, keyOf(namespace, idOf(workload)), workload)
      for (const id of workload.extraObjects) this.#extraObjects.add(keyOf(namespace, id))
      for (const [key, value] of Object.entries(workload.labels)) {
        if (typeof value === 'string') addTo(this.#byLabel, keyOf(namespace, key, value), workload)
      }
    }
  }

  /** Those that a Service selects. */
  selectedBy(service: Service): WorkloadSummary[] {
    const { namespace, selector } = service
    const wanted = Object.entries(selector)
    if (wanted.length === 0) return []
    const found = wanted.map(([key, value]) => this.#byLabel.get(keyOf(namespace, key, textOf(value))) ?? [])
    const fewest = found.reduce((a, b) => (b.length < a.length ? b : a))
    return nearest(
      service,
      fewest.filter(({ labels }) =>
        wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value),
      ),
    )
  }

  /** True for a Service that came with a sidecar, which is written as its template says. */
  brings({ namespace, ref }: Service): boolean {
    return this.#extraObjects.size > 0 && this.#extraObjects.has(keyOf(namespace, extraObjectId(ref)))
  }

  /** Those of a record, by their ids. */
  named(service: Service, ids: readonly string[]): WorkloadSummary[] {
    return nearest(
      service,
      ids.flatMap((id) => this.#byId.get(keyOf(service.namespace, id)) ?? []),
    )
  }
}

function keyOf(...parts: string[]): string {
  return parts.join('\n')
}

/**
 * Two objects of one kind, namespace and name cannot be in one cluster: they are copies for several clusters, such as
 * `dev/` and `prod/`, and a Service is meant for the copy that its own path has most folders in common with.
 */
function nearest({ doc }: Service, workloads: readonly WorkloadSummary[]): WorkloadSummary[] {
  const best = new Map<string, number>()
  const rated = workloads.map((workload) => ({ workload, rank: closeness(doc.source.label, workload.label) }))
  for (const { workload, rank } of rated) best.set(idOf(workload), Math.max(rank, best.get(idOf(workload)) ?? 0))
  return rated.filter(({ workload, rank }) => rank === best.get(idOf(workload))).map(({ workload }) => workload)
}

/** How many folders two labels have in common from the left; more than any number for one input. */
function closeness(a: string, b: string): number {
  if (a === b) return Infinity
  const [left, right] = [a.split('/').slice(0, -1), b.split('/').slice(0, -1)]
  const end = left.findIndex((step, n) => step !== right[n])
  return end < 0 ? left.length : end
}
