import { type JsonObject, isObject } from '../json/json.ts'
import { templateOf } from '../kube/pod-template.ts'
import type { Workload } from '../kube/workload.ts'
import { applyPatch } from '../field-path/patch-op.ts'
import { resourceOverheadOf } from '../desired/resource-overhead.ts'
import { containerName, type Sidecar } from '../template/template.ts'
import { nameOf } from '../desired/pod-paths.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'
import { ownedBy, type OwnershipRecord } from '../ownership/record.ts'
import type { WorkloadOutcome } from './result.ts'
import type { Selection } from '../selection/selection.ts'
import { contextNames } from '../template/resolve-template.ts'
import type { TextRange } from '../text/source.ts'
import { inOrder, type PendingEdit } from '../yaml/edit/pending-edits.ts'
import { bareTemplate } from './aside.ts'
import { unionReadSets, EMPTY_READ_SET, fingerprintOf, type ReadSet } from './fingerprint.ts'
import type { Operation, WorkloadResult } from './workload-result.ts'

/** A plan for one workload that holds for every workload with the same skeleton. */
interface Plan {
  worked: WorkloadResult
  /** With offsets in the skeleton, in the order in which they are applied. */
  edits: readonly PendingEdit[]
}

/** What is known of the workloads of one kind that are to get the same. */
interface Group {
  looks: ReadSet
  /** By the skeleton's text. */
  plans: Map<string, Plan>
}

/** Plans that are kept of one group; workloads that need more are too different. */
const MOST_PLANS = 2000

/**
 * The plans that were made in a run, or in a list. Most workloads of a file come from one hand, and differ in names, images and
 * numbers at which no plan looks: their skeleton is the same. The plan for one of them, once made and checked, is the
 * plan for all, with other offsets. At what a plan looks is learnt from the sidecars that were put in.
 */
export class PlanCache {
  readonly #groups = new Map<string, Group>()
  readonly #signatures = new WeakMap<object, string>()

  /**
   * Where the plans for the like of a workload are kept; undefined for one that must be planned by itself.
   * @param stretch of the text that the workload has for itself
   */
  shelf(workload: Workload, stretch: TextRange, task: Operation, selection: Selection | undefined): PlanCacheEntry | undefined {
    // A skeleton is cut along `metadata` and `spec`.
    if (workload.workloadKind.inline === true) return undefined
    const { ref: { apiVersion, kind }, templatePath } = workload
    const key = [apiVersion, kind, templatePath.join('.'), this.#signature(task, selection)].join(' ')
    const group = this.#groups.get(key) ?? { looks: EMPTY_READ_SET, plans: new Map() }
    this.#groups.set(key, group)
    return new PlanCacheEntry(group, workload, stretch, selection)
  }

  /** A text that tells what is asked for from everything else that can be. */
  #signature(task: Operation, selection: Selection | undefined): string {
    const asked = selection ?? task
    const known = this.#signatures.get(asked)
    if (known !== undefined) return known
    const names = task.command === 'uninject' && task.names !== undefined ? [...task.names] : null
    const made = JSON.stringify(selection === undefined ? names : [selection.exclusive, selection.reason ?? '', selection.overrides.map(({ name }) => name), selection.chosen.map(
      ({ template, mode, values }) => [template.name, mode?.mode ?? '', values.map(({ name, value, data }) => [name, value, data === true])])])
    this.#signatures.set(asked, made)
    return made
  }
}

/** The place of a workload among the plans for its like. */
export class PlanCacheEntry {
  readonly #group: Group
  readonly #workload: Workload
  readonly #stretch: TextRange
  readonly #selection: Selection | undefined

  constructor(group: Group, workload: Workload, stretch: TextRange, selection: Selection | undefined) {
    this.#group = group
    this.#workload = workload
    this.#stretch = stretch
    this.#selection = selection
  }

  /** The plan for this workload, when one was made for its like. */
  recall(): { worked: WorkloadResult; edits: PendingEdit[] } | undefined {
    const { looks, plans } = this.#group
    if (plans.size === 0) return undefined
    const skeleton = fingerprintOf(this.#workload, this.#stretch, looks)
    const plan = plans.get(skeleton.text)
    if (plan === undefined) return undefined
    const edits = plan.edits.map((edit) => ({ ...edit, start: skeleton.toText(edit.start), end: skeleton.toText(edit.end) }))
    return { worked: { ...plan.worked, outcome: this.#outcome(plan.worked) }, edits }
  }

  /** Keeps a plan that was made for this workload, unless it is for this one alone. */
  keep(worked: WorkloadResult, edits: readonly PendingEdit[]): void {
    const { extraObjects, changes, diagnostics, isRenamed } = worked
    const { start, end } = this.#stretch
    if (edits.some((edit) => edit.start < start || edit.end > end)) return
    if (changes === undefined || extraObjects === undefined || diagnostics.length > 0 || isRenamed === true) return
    if (extraObjects.wanted.length > 0 || extraObjects.recorded.size > 0) return
    // What is put back is known as text, and not as data.
    if (changes.some(({ type }) => type === 'restore' || type === 'write-out')) return
    const group = this.#group
    const looks = unionReadSets(group.looks, looksOf(worked, this.#selection))
    if (looks !== group.looks || group.plans.size >= MOST_PLANS) group.plans.clear()
    group.looks = looks
    const skeleton = fingerprintOf(this.#workload, this.#stretch, looks)
    const kept = inOrder(edits)
    for (const edit of kept) Object.assign(edit, { start: skeleton.fromText(edit.start), end: skeleton.fromText(edit.end) })
    group.plans.set(skeleton.text, { worked, edits: kept })
  }

  /** Forgets what was kept, for a plan that was found wrong. */
  clear(): void {
    this.#group.plans.clear()
  }

  #outcome({ outcome, record, changes = [] }: WorkloadResult): WorkloadOutcome {
    const { doc, ref, node, data } = this.#workload
    const selection = this.#selection === undefined ? {} : { selection: this.#selection }
    const own = { ...outcome, resource: ref, document: doc.index, offset: node.propertiesStart, ...selection }
    if (outcome.cost === undefined) return own
    const template = templateOf(this.#workload) as JsonObject
    return { ...own, cost: resourceOverheadOf(bareTemplate(template, record), applyPatch(template, changes, ownedBy(record)), ref.kind, data) }
  }
}

function looksOf({ record, sidecars = [] }: WorkloadResult, selection: Selection | undefined): ReadSet {
  const chosen = selection?.chosen ?? []
  const containers = sidecars.flatMap(containersOf)
  const ports = [...containers.flatMap((container) => portsOf(container['ports'])), ...sidecars.flatMap(({ app }) => portsOf(app.ports))]
  const names = [...chosen.map(({ template }) => containerName(template)), ...containers.map(nameOf), ...ownedContainers(record)]
  return {
    context: new Set(chosen.flatMap(({ template, values }) => Array.from(contextNames(template, values)))),
    ports: new Set(ports),
    containers: new Set(names),
    env: sidecars.some(({ app }) => app.env.length > 0),
    labels: sidecars.some(({ pod }) => Object.keys(pod.labels).length > 0),
  }
}

function containersOf({ container, initContainers }: Sidecar): JsonObject[] {
  return container === undefined ? initContainers : [container, ...initContainers]
}

function portsOf(ports: unknown): number[] {
  if (!Array.isArray(ports)) return []
  return ports.filter(isObject).flatMap((port) => [port['containerPort'], port['hostPort']]).filter((n) => typeof n === 'number')
}

/** Names of the containers that a record claims, or more of them than mounts, and those by which its sidecars may go. */
function ownedContainers({ sidecars }: OwnershipRecord): string[] {
  const owned = [...sidecars.values()].flatMap(({ own }) => own.flatMap(([spec, list, item, field]) =>
    spec === CONTAINERS[0] && list === CONTAINERS[1] && typeof item === 'object' && field !== 'volumeMounts' ? [item.id] : []))
  return [...sidecars.keys(), ...owned]
}
