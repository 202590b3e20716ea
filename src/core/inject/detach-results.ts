import { detachString } from '../text/detach.ts'
import { StringDetacher } from '../diagnostics/detach-diagnostic.ts'
import { emptyObject } from '../json/json.ts'
import type { SidecarOutcome, WorkloadOutcome } from './result.ts'
import type { Selection } from '../selection/selection.ts'
import type { WorkloadSummary } from '../services/workload-summary.ts'
import type { ExtraObjectOwner } from './extra-object-conflicts.ts'

/** The number of different lists that are kept to be shared. */
const MOST_LISTS = 1000

/**
 * Copies the results that are kept of workloads, and shares what many of them have in common. Outcomes of single fields
 * are left out: reports that show them have whole inputs.
 */
export class ResultDetacher extends StringDetacher {
  readonly #lists = new Map<string, readonly SidecarOutcome[]>()
  /** The last list: workloads with the same plan have the same one. */
  #last: { given: readonly SidecarOutcome[]; kept: readonly SidecarOutcome[] } | undefined
  #selection: Selection | undefined

  outcome(outcome: WorkloadOutcome): WorkloadOutcome {
    const { resource, document, offset, status, reason, sidecars, objects, foreign, cost, others, selection } = outcome
    return {
      resource: this.resource(resource),
      document,
      offset,
      status,
      sidecars: this.#sidecars(sidecars),
      ...(reason !== undefined && { reason }),
      ...(objects !== undefined && { objects: objects.map(({ id, action }) => ({ id: detachString(id), action })) }),
      ...(foreign !== undefined && { foreign: foreign.map(detachString) }),
      ...(cost !== undefined && { cost }),
      ...(others !== undefined && others.length > 0 && { others: this.#sidecars(others) }),
      ...(selection?.origin.level === 'default' && {
        selection: (this.#selection ??= { ...selection, chosen: [], diagnostics: [] }),
      }),
    }
  }

  /** @param outcome the copy that is kept */
  summary(summary: WorkloadSummary, outcome: WorkloadOutcome): WorkloadSummary {
    const { labels, ports, fronts, record, extraObjects } = summary
    const own = Object.entries(labels).map(
      ([key, value]) => [key, typeof value === 'string' ? detachString(value) : value] as const,
    )
    return {
      ...summary,
      outcome,
      labels: Object.assign(emptyObject(), Object.fromEntries(own)),
      ports: ports.map(({ name, number, protocol }) => ({ name: detachString(name), number, protocol })),
      fronts: fronts.map(({ sidecar, number, name }) => ({
        sidecar: detachString(sidecar),
        number,
        name: detachString(name),
      })),
      record: record?.map(detachString),
      extraObjects: extraObjects.map(detachString),
    }
  }

  owner({ workload: { doc, node, ref }, wanted, gone }: ExtraObjectOwner): ExtraObjectOwner {
    const names = wanted.map(({ id, name }) => ({ id: detachString(id), name: detachString(name) }))
    return { workload: { doc, node, ref: this.resource(ref) }, wanted: names, gone: gone.map(detachString) }
  }

  #sidecars(given: readonly SidecarOutcome[]): readonly SidecarOutcome[] {
    if (this.#last?.given === given) return this.#last.kept
    const text = JSON.stringify(given.map(({ parameters: _values, overrides: _fields, ...rest }) => rest))
    const kept = this.#lists.get(text) ?? (JSON.parse(text) as SidecarOutcome[])
    if (this.#lists.size < MOST_LISTS) this.#lists.set(text, kept)
    this.#last = { given, kept }
    return kept
  }
}
