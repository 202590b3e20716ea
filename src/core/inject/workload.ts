import { diagnostic, hasErrors, type Diagnostic } from '../diagnostic.ts'
import { isObject, type FieldPath, type Json, type JsonObject } from '../json.ts'
import { matchesSelector } from '../kube/selector.ts'
import { templatePathOf, valueAt, type Workload } from '../kube/workload.ts'
import type { InjectOptions } from '../options.ts'
import { formatAddress, pathOf, type Address } from '../plan/address.ts'
import { applySidecar } from '../plan/apply.ts'
import { PodDraft } from '../plan/draft.ts'
import { SharedNodeError, type DocumentEditor } from '../plan/edits.ts'
import { decideMode } from '../plan/mode.ts'
import { companionsOf } from '../plan/companion.ts'
import { settleConflicts } from '../plan/conflict.ts'
import { containerName, placedMode } from '../plan/override.ts'
import { claimNames, CONTAINERS, type PlanProblem } from '../plan/pod.ts'
import type { Change } from '../plan/change.ts'
import { RECORD_ADDRESS, reconcile, recordText, type Reconciled, type TemplateText } from '../plan/reconcile.ts'
import { emptyRecord, parseRecord, type OwnedSidecar, type Record } from '../plan/record.ts'
import { exclusion } from '../policy/match.ts'
import type { FieldSource, SidecarOutcome, SkipReason, WorkloadOutcome } from '../result.ts'
import type { ChosenSidecar, Selection } from '../select/types.ts'
import type { Sidecar, Template } from '../template/types.ts'
import { locate } from '../yaml/data.ts'
import { SpliceError } from '../yaml/splice.ts'
import type { YamlNode } from '../yaml/node.ts'
import { asideOf, companionsBetween, proxyOf } from './aside.ts'
import { isEdited } from './drift.ts'
import { resolveFor, textMap } from './sidecars.ts'
import type { Proxy, Task, Worked } from './types.ts'

/** Plans the changes of one workload into the editor of its document. */
export function workOn(workload: Workload, editor: DocumentEditor, task: Task, options: InjectOptions): Worked {
  const work = new WorkloadTask(workload, options)
  const skip = work.skipReason()
  if (skip !== undefined) return work.skipped(skip)
  const selection = task.command === 'inject' ? work.select(task.select) : undefined
  if (selection?.reason !== undefined && !work.isInjected()) return work.skipped(selection.reason)
  const template = work.template()
  if (template === undefined) return work.failed()
  const raw = recordText(template)
  const record = raw === undefined ? emptyRecord() : parseRecord(raw)
  if (record === undefined) {
    work.problem({
      code: 'RECORD_INVALID',
      message: 'this annotation says what sidecarctl put in, but it was changed and cannot be read',
      hint: 'restore it from version control, or remove it together with the sidecars',
      address: RECORD_ADDRESS,
    })
    return work.failed()
  }
  if (task.command === 'uninject') return work.uninject(template, record, task.names, editor)
  return selection === undefined ? work.failed() : work.inject(template, record, selection, task.find, editor)
}

class WorkloadTask {
  readonly #workload: Workload
  readonly #options: InjectOptions
  readonly #diagnostics: Diagnostic[] = []
  #record: Record = emptyRecord()
  #selection: Selection | undefined
  readonly #proxies: Proxy[] = []
  readonly #objects = new Map<string, readonly JsonObject[]>()

  constructor(workload: Workload, options: InjectOptions) {
    this.#workload = workload
    this.#options = options
  }

  skipReason(): SkipReason | undefined {
    const { ref, data } = this.#workload
    const { namespace, selector } = this.#options
    if (namespace !== undefined && namespace !== (ref.namespace || 'default')) return 'not-selected'
    if (selector !== undefined && !matchesSelector(selector, textMap(data, ['metadata', 'labels']))) return 'not-selected'
    return this.#options.policy === undefined ? undefined : exclusion(this.#options.policy, this.#workload)
  }

  /** Which sidecars the workload gets; undefined when someone asks for what does not exist. */
  select(select: (workload: Workload) => Selection): Selection | undefined {
    const selection = select(this.#workload)
    this.#selection = selection
    this.#diagnostics.push(...selection.diagnostics)
    return hasErrors(selection.diagnostics) ? undefined : selection
  }

  /** True when something of ours is in the workload already, or what claims to be. */
  isInjected(): boolean {
    const template = valueAt(this.#workload.data, this.#workload.templatePath)
    return isObject(template) && recordText(template) !== undefined
  }

  /** The pod template, when it can hold a sidecar at all. */
  template(): JsonObject | undefined {
    const { data, templatePath, ref } = this.#workload
    const template = valueAt(data, templatePath)
    const spec = isObject(template) ? template['spec'] : undefined
    const containers = isObject(spec) ? spec['containers'] : undefined
    const path = [...templatePath, 'spec', 'containers']
    if (isObject(template) && Array.isArray(containers) && containers.length > 0) return this.#checkedLists(template)
    const hint = ref.kind === 'Pod' ? 'add the app\'s container under spec.containers' : 'add the app\'s container to the pod template'
    this.#report('WORKLOAD_NO_CONTAINERS', `this ${ref.kind} has no containers`, path, hint)
    return undefined
  }

  /** Lists and maps that are edited must be lists and maps. */
  #checkedLists(template: JsonObject): JsonObject | undefined {
    this.#checkTypes(template, EDITED, this.#workload.templatePath)
    const containers = valueAt(template, CONTAINERS) as Json[]
    for (const [n, container] of containers.entries()) {
      const path = [...this.#workload.templatePath, ...CONTAINERS, n]
      if (!isObject(container)) this.#report('WORKLOAD_MALFORMED', 'a container must be a map', path)
      else if (typeof container['name'] !== 'string') this.#report('WORKLOAD_MALFORMED', 'a container needs a name', [...path, 'name'])
      else this.#checkTypes(container, EDITED_OF_CONTAINER, path)
    }
    return hasErrors(this.#diagnostics) ? undefined : template
  }

  #checkTypes(object: JsonObject, fields: typeof EDITED, path: FieldPath): void {
    for (const [address, isList] of fields) {
      const value = valueAt(object, address)
      if (value === undefined || value === null || (isList ? Array.isArray(value) : isObject(value))) continue
      this.#report('WORKLOAD_MALFORMED', `this must be a ${isList ? 'list' : 'map'}`, [...path, ...address])
    }
  }

  inject(
    template: JsonObject,
    record: Record,
    selection: Selection,
    find: (name: string) => Template | undefined,
    editor: DocumentEditor,
  ): Worked {
    this.#record = record
    const { chosen, exclusive } = selection
    const names = new Set(chosen.map((one) => one.template.name))
    const others = [...record.sidecars.keys()].filter((name) => !names.has(name))
    const renew = new Set([...names, ...(exclusive ? others : [])])
    const draft = new PodDraft(template, record, renew)
    claimNames(draft, [...chosen.map((one) => containerName(one.template)), ...record.sidecars.keys()])
    const outcomes: SidecarOutcome[] = []
    const versions = new Map<string, string>()
    for (const one of chosen) {
      const outcome = this.#apply(one, draft)
      if (outcome === undefined) continue
      outcomes.push(outcome)
      if (outcome.action !== 'skipped') versions.set(outcome.name, outcome.version)
    }
    if (hasErrors(this.#diagnostics)) return this.failed()
    const done = this.#reconcile({ template, record, draft, versions, renew }, editor)
    if (done === undefined) return this.failed()
    const settled = outcomes.map((o) => settle(o, done, record, template))
    const rest = others.map((name) => leftOut(name, record, template, exclusive ? undefined : (find(name)?.version ?? '')))
    const worked = this.#worked(exclusive ? [...settled, ...rest] : settled, statusOf(done, record, outcomes), selection.reason)
    const aside = { ...asideOf(this.#workload, template, draft, record, done.record), fields: fieldsOf(done.record) }
    const outcome = { ...worked.outcome, ...aside, others: exclusive ? [] : rest }
    return { ...worked, outcome, companions: companionsBetween(record, done.record, this.#objects.values()), proxies: this.#proxies }
  }

  #apply(chosen: ChosenSidecar, draft: PodDraft): SidecarOutcome | undefined {
    const { template } = chosen
    const { ref, workloadKind } = this.#workload
    const { kubeVersion } = this.#options
    // What adds no container keeps no Job from finishing, and has no mode.
    const hasContainer = template.spec['container'] !== undefined
    const wish = placedMode(draft, containerName(template)) ?? chosen.mode?.mode ?? template.mode
    const decision = hasContainer ? decideMode(wish, workloadKind.kind, kubeVersion) : ({ mode: 'classic' } as const)
    if ('refused' in decision) {
      this.#refuseMode(decision.refused, template.name)
      return undefined
    }
    const { sidecar, diagnostics } = resolveFor(chosen, this.#workload, draft, decision.mode)
    this.#diagnostics.push(...diagnostics)
    if (sidecar === undefined) return undefined
    const base = { name: template.name, version: template.version, details: [] }
    const { requires } = sidecar
    if (requires.kinds.length > 0 && !requires.kinds.includes(ref.kind)) {
      return { ...base, action: 'skipped', reason: 'kind-not-supported-by-template' }
    }
    if (requires.hostNetwork === 'skip' && draft.get(['spec', 'hostNetwork']) === true) {
      return { ...base, action: 'skipped', reason: 'host-network' }
    }
    if (!this.#isInRange(sidecar)) return undefined
    const settled = settleConflicts(draft, sidecar, this.#options.onConflict ?? 'fail')
    if ('taken' in settled) return { ...base, action: 'skipped', reason: 'container-name-taken' }
    applySidecar(draft, settled, { mode: decision.mode, report: (p) => { this.problem(p) }, place: template.place })
    this.#proxies.push(...proxyOf(settled))
    const companions = companionsOf(draft, settled, ref)
    if ('objects' in companions) this.#objects.set(template.name, companions.objects)
    else this.#report('COMPANION_INVALID', `the objects of sidecar "${template.name}" cannot go with this ${ref.kind}: ${companions.problem}`, [])
    return { ...base, action: 'added', ...(hasContainer && { mode: decision.mode }), parameters: sidecar.parameters }
  }

  /** Whether the target version is one that the template says it works with. */
  #isInRange({ name, requires: { minMinor = 0, maxMinor = Infinity } }: Sidecar): boolean {
    const { minor } = this.#options.kubeVersion
    if (minor >= minMinor && minor <= maxMinor) return true
    const wanted = minor < minMinor ? `1.${minMinor} or later` : `1.${maxMinor} or earlier`
    this.#report('TEMPLATE_VERSION', `the sidecar "${name}" needs Kubernetes ${wanted}, and the manifests are for 1.${minor}`, [],
      'choose another --kubernetes-version, or leave that sidecar out')
    return false
  }

  #refuseMode(code: 'MODE_UNSUPPORTED' | 'JOB_NEVER_ENDS', name: string): void {
    const { kind } = this.#workload.ref
    const version = `1.${this.#options.kubeVersion.minor}`
    const message = code === 'JOB_NEVER_ENDS'
      ? `as an ordinary container the sidecar "${name}" would keep this ${kind} from finishing`
      : `native sidecars, which "${name}" asks for, do not exist in Kubernetes ${version}`
    const hint = code === 'JOB_NEVER_ENDS'
      ? 'use a native sidecar (Kubernetes 1.29 and later), or leave this workload out'
      : 'choose a later --kubernetes-version, or a classic sidecar'
    this.#report(code, message, [], hint)
  }

  uninject(template: JsonObject, record: Record, names: ReadonlySet<string> | undefined, editor: DocumentEditor): Worked {
    this.#record = record
    const gone = new Set([...record.sidecars.keys()].filter((name) => names?.has(name) ?? true))
    if (gone.size === 0) return this.skipped('not-injected')
    const draft = new PodDraft(template, record, gone)
    const done = this.#reconcile({ template, record, draft, versions: new Map(), renew: gone }, editor)
    if (done === undefined) return this.failed()
    const outcomes = [...gone].map((name): SidecarOutcome => {
      const owned = record.sidecars.get(name)
      return { name, version: owned?.version ?? '', action: 'removed', details: (owned?.own ?? []).map(formatAddress) }
    })
    return { ...this.#worked(outcomes, 'removed'), companions: companionsBetween(record, done.record, this.#objects.values()) }
  }

  /** Works out the changes and plans their edits; trouble with the text is reported. */
  #reconcile(
    input: { template: JsonObject; record: Record; draft: PodDraft; versions: Map<string, string>; renew: Set<string> },
    editor: DocumentEditor,
  ): Reconciled | undefined {
    const path = templatePathOf(this.#workload)
    const { template, record } = input
    const owned = new Set([...record.sidecars.values()].flatMap((s) => s.own.map(formatAddress)))
    try {
      const done = reconcile({ ...input, objects: this.#objects, text: templateText(editor, path, template) })
      editor.plan(path, template, done.changes, owned)
      return done
    } catch (error) {
      if (!(error instanceof SpliceError)) throw error
      const { source, index } = this.#workload.doc
      this.#diagnostics.push(diagnostic(error instanceof SharedNodeError ? 'EDIT_SHARED_NODE' : 'EDIT_UNSAFE', error.message, {
        at: { source, range: { start: error.offset, end: error.offset + 1 } },
        document: index,
        resource: this.#workload.ref,
        hint: error instanceof SharedNodeError
          ? 'write the value out in full here, without anchor, alias or merge key'
          : 'write this part in block style, or report it with the file',
      }))
      return undefined
    }
  }

  /** Reports trouble at an address of the pod template. */
  problem({ code, message, hint, address, related }: PlanProblem): void {
    const template = valueAt(this.#workload.data, this.#workload.templatePath) as JsonObject
    let known: Address = address
    while (known.length > 0 && pathOf(template, known) === undefined) known = known.slice(0, -1)
    this.#report(code, message, [...this.#workload.templatePath, ...(pathOf(template, known) ?? [])], hint, related)
  }

  #report(code: PlanProblem['code'], message: string, path: FieldPath, hint?: string, related?: Diagnostic['related']): void {
    const { doc, ref, node } = this.#workload
    this.#diagnostics.push(diagnostic(code, message, {
      at: { source: doc.source, range: locate(node as YamlNode, path) },
      document: doc.index,
      resource: ref,
      path,
      ...(hint !== undefined && { hint }),
      ...(related !== undefined && { related }),
    }))
  }

  #worked(sidecars: SidecarOutcome[], status: WorkloadOutcome['status'], reason?: SkipReason): Worked {
    const { doc, ref, node } = this.#workload
    return {
      outcome: {
        resource: ref,
        document: doc.index,
        offset: node.outerStart,
        status,
        sidecars,
        ...(reason !== undefined && { reason }),
        ...(this.#selection !== undefined && { selection: this.#selection }),
      },
      diagnostics: this.#diagnostics,
      record: this.#record,
    }
  }

  skipped(reason: SkipReason): Worked {
    return this.#worked([], 'skipped', reason)
  }

  failed(): Worked {
    return this.#worked([], 'failed')
  }
}

function templateText(editor: DocumentEditor, path: FieldPath, template: JsonObject): TemplateText {
  return {
    textAt: (address) => editor.textAt(path, pathOf(template, address) ?? []),
    aliasOn(address) {
      let known = address
      while (known.length > 0 && pathOf(template, known) === undefined) known = known.slice(0, -1)
      const alias = editor.aliasOn(path, pathOf(template, known) ?? [])
      return alias === undefined ? undefined : { address: address.slice(0, alias.steps), text: alias.text }
    },
    anchored: (name) => editor.anchored(name),
  }
}

/** Maps and lists of a pod template that sidecars add to. */
const EDITED: readonly (readonly [readonly string[], boolean])[] = [
  [['metadata'], false],
  [['metadata', 'annotations'], false],
  [['metadata', 'labels'], false],
  [['spec', 'initContainers'], true],
  [['spec', 'volumes'], true],
  [['spec', 'imagePullSecrets'], true],
  [['spec', 'securityContext'], false],
]

/** The same for the app's containers. */
const EDITED_OF_CONTAINER: typeof EDITED = [
  [['env'], true],
  [['volumeMounts'], true],
  [['ports'], true],
  [['lifecycle'], false],
]

/** What became of a sidecar, seen from the changes that were needed. */
function settle(outcome: SidecarOutcome, done: Reconciled, record: Record, template: JsonObject): SidecarOutcome {
  const before = record.sidecars.get(outcome.name)
  const found = before === undefined ? {} : { found: before.version }
  if (outcome.action === 'skipped') return before === undefined ? outcome : { ...outcome, ...found, state: 'left-over' }
  const own = (done.record.sidecars.get(outcome.name)?.own ?? []).map(formatAddress)
  const details = own.filter((address) => !address.includes('].'))
  if (before === undefined) return { ...outcome, details, state: 'missing' }
  const gone = before.own.map(formatAddress)
  const touched = done.changes.some((c) => isWithin(c, own) || isWithin(c, gone))
  if (!touched && before.version === outcome.version) return { ...outcome, ...found, details, action: 'kept', state: 'current' }
  return { ...outcome, ...found, details, action: 'updated', state: isEdited(template, before) ? 'edited' : 'outdated' }
}

/**
 * A sidecar of ours that is not chosen: it goes, or it stays as it is.
 * @param current the version of its template now, empty where there is none; undefined for a sidecar that goes
 */
function leftOut(name: string, record: Record, template: JsonObject, current: string | undefined): SidecarOutcome {
  const owned = record.sidecars.get(name) as OwnedSidecar
  const base = { name, found: owned.version, details: owned.own.map(formatAddress) }
  if (current === undefined) return { ...base, version: owned.version, action: 'removed', state: 'left-over' }
  const isOld = current !== '' && current !== owned.version
  const state = isEdited(template, owned) ? 'edited' : isOld ? 'outdated' : 'current'
  return { ...base, version: current || owned.version, action: 'kept', state }
}

/** The fields of a record, each with the sidecars that own it. */
function fieldsOf(record: Record): FieldSource[] {
  const owners = new Map<string, string[]>()
  for (const [name, { own }] of record.sidecars) {
    for (const field of own.map(formatAddress)) owners.set(field, [...(owners.get(field) ?? []), name])
  }
  return [...owners].map(([field, sidecars]) => ({ field, sidecars }))
}

function isWithin(change: Change, addresses: readonly string[]): boolean {
  return addresses.includes(formatAddress(change.address))
}

function statusOf(done: Reconciled, record: Record, outcomes: readonly SidecarOutcome[]): WorkloadOutcome['status'] {
  if (done.changes.length === 0) {
    return outcomes.every((o) => o.action === 'skipped') && record.sidecars.size === 0 ? 'skipped' : 'up-to-date'
  }
  if (record.sidecars.size === 0) return 'injected'
  return done.record.sidecars.size === 0 ? 'removed' : 'updated'
}
