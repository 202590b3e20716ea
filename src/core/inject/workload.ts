import { append } from '../common/append.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject, type Json, type JsonPath, type JsonObject } from '../json/json.ts'
import { pathInObject, templateOf } from '../kube/pod-template.ts'
import { valueAt, type Workload } from '../kube/workload.ts'
import type { InjectOptions } from './options.ts'
import { formatFieldPath, pathOf, type FieldPath } from '../field-path/field-path.ts'
import { addSidecar } from '../desired/add-sidecar.ts'
import { DesiredPod } from '../desired/desired-pod.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { decideMode, modeProblem } from '../desired/mode.ts'
import { extraObjectsOf } from '../desired/sidecar-objects.ts'
import { resolveConflicts } from '../desired/conflicts.ts'
import { containerName, type Sidecar } from '../template/template.ts'
import type { Reconciled, ReconcileInput } from '../desired/reconcile.ts'
import {
  emptyRecord,
  type OwnedSidecar,
  type OwnershipRecord,
  annotationAddress,
  OLD_RECORD,
  recordAnnotations,
} from '../ownership/record.ts'
import { keptFields, overridePlace, ownFields, placedMode } from '../desired/override.ts'
import { appContainers, claimNames, nameOf, type PlanProblem } from '../desired/pod-paths.ts'
import { CONTAINERS, INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import { unprovenClaims } from '../desired/ownership-proof.ts'
import { followRenames, leftBehind } from '../desired/renamed-containers.ts'
import { adoptUnrecorded, setApart, setApartUnrecorded, unrecordedSidecars } from '../desired/lost-record.ts'
import { validateRecord } from '../ownership/validate-record.ts'
import { hasConflictMarkers, readRecord } from '../ownership/record-text.ts'
import { hostPortsProblem, portsOnNode } from '../desired/host-network.ts'
import { volumeClaims } from '../desired/shared-folder.ts'
import { isVolume } from '../desired/volume-use.ts'
import type { SidecarOutcome, WorkloadOutcome } from './result.ts'
import { OVERRIDE } from '../selection/annotations.ts'
import type { SkipReason, ChosenSidecar, Picked, Selection } from '../selection/selection.ts'
import type { Proxy } from '../services/service.ts'
import { locate } from '../yaml/read/construct.ts'
import type { YamlNode } from '../yaml/read/node.ts'
import { workloadSideNotes, extraObjectsBetween, proxyOf } from './aside.ts'
import { claimProblem, leftProblem } from './claim-problem.ts'
import { adoptedProblem, incompleteProblems, unrecordedProblems } from './lost-record-problems.ts'
import type { WorkloadDecision } from '../selection/decide.ts'
import { duplicateItems } from '../desired/duplicate-keys.ts'
import { isSettledBy, planEdits, plannedTemplate, templateText } from './plan-edits.ts'
import { fittedTo, modeIn, nameHint, servingProblems } from '../desired/knative.ts'
import { fieldsOf, removedOutcome, sidecarOutcome, statusOf } from './outcomes.ts'
import { fieldTypeProblems } from '../desired/field-types.ts'
import { resolveSidecar } from './resolve-sidecar.ts'
import type { Operation, TemplateFinder, WorkloadResult } from './workload-result.ts'

/** Plans the changes of one workload into the editor of its document. */
export function processWorkload(
  workload: Workload,
  decision: WorkloadDecision,
  editor: DocumentEditor,
  task: Operation,
  options: InjectOptions,
): WorkloadResult {
  const work = new WorkloadPlanner(workload, options, task.silent === true)
  if (decision.skip !== undefined) return work.skipped(decision.skip)
  const { selection } = decision
  if (selection !== undefined && !work.accepts(selection)) return work.failed()
  if (selection?.reason !== undefined && !work.isInjected())
    return work.skipped(selection.reason === 'not-injected' ? work.reportUnrecorded(task) : selection.reason)
  const template = work.template()
  if (template === undefined) return work.failed()
  const read = readRecord(template)
  const claimed = read === undefined ? emptyRecord() : 'record' in read ? read.record : undefined
  const broken =
    claimed === undefined
      ? 'cannot be read'
      : validateRecord(template, claimed, templateText(editor, workload, template).anchored)
  if (claimed === undefined || (read !== undefined && broken !== undefined)) {
    const key = read !== undefined && 'broken' in read ? read.broken : (recordAnnotations(template)[0]?.[0] ?? '')
    const isConflicted = hasConflictMarkers(valueAt(template, annotationAddress(key) as JsonPath))
    work.problem({
      code: 'RECORD_INVALID',
      message: isConflicted
        ? 'this annotation records what sidecarctl added, but it has git conflict markers in it'
        : `this annotation records what sidecarctl added, but it was edited and ${broken}`,
      hint: isConflicted
        ? 'resolve the conflict: keep what either branch says, one annotation for each sidecar'
        : 'restore it from version control, or remove it together with the sidecars',
      address: annotationAddress(key),
    })
    return work.failed()
  }
  const record = followRenames(template, claimed)
  if (task.command === 'uninject') return work.uninject(template, record, task, editor)
  return selection === undefined ? work.failed() : work.inject(template, record, selection, task, editor)
}

class WorkloadPlanner {
  readonly #workload: Workload
  readonly #options: InjectOptions
  readonly #isSilent: boolean
  readonly #diagnostics: Diagnostic[] = []
  #record: OwnershipRecord = emptyRecord()
  #selection: Selection | undefined
  readonly #proxies: Proxy[] = []
  readonly #objects = new Map<string, readonly JsonObject[]>()

  constructor(workload: Workload, options: InjectOptions, isSilent: boolean) {
    this.#workload = workload
    this.#options = options
    this.#isSilent = isSilent
  }

  /** Takes a choice of sidecars; false when someone asks for what does not exist. */
  accepts(selection: Selection): boolean {
    this.#selection = selection
    append(this.#diagnostics, selection.diagnostics)
    return !hasErrors(selection.diagnostics)
  }

  /** True when something of ours is in the workload already, or what claims to be. */
  isInjected(): boolean {
    const template = templateOf(this.#workload)
    return isObject(template) && recordAnnotations(template).length > 0
  }

  /** Reports what looks injected in a workload without any record; nobody asked for sidecars in it. */
  reportUnrecorded(task: Operation): SkipReason {
    const template = templateOf(this.#workload)
    const found = isObject(template) ? unrecordedProblems(template, this.#record, task, undefined) : []
    if (!this.#isSilent) for (const one of found) this.problem(one)
    return found.length > 0 ? 'record-lost' : 'not-injected'
  }

  /** The pod template, when it can hold a sidecar at all. */
  template(): JsonObject | undefined {
    const { ref, workloadKind } = this.#workload
    const template = templateOf(this.#workload)
    const spec = isObject(template) ? template['spec'] : undefined
    const containers = isObject(spec) ? spec['containers'] : undefined
    if (isObject(template) && Array.isArray(containers) && containers.length > 0) {
      for (const found of fieldTypeProblems(template)) {
        const hint = found.path.at(-1) === 'name' ? nameHint(workloadKind) : undefined
        this.#report('WORKLOAD_MALFORMED', found.message, pathInObject(this.#workload, found.path), hint)
      }
      return hasErrors(this.#diagnostics) ? undefined : template
    }
    const hint =
      ref.kind === 'Pod'
        ? "add the app's container under spec.containers"
        : "add the app's container to the pod template"
    this.#report(
      'WORKLOAD_NO_CONTAINERS',
      `this ${ref.kind} has no containers`,
      pathInObject(this.#workload, CONTAINERS),
      hint,
    )
    return undefined
  }

  inject(
    template: JsonObject,
    record: OwnershipRecord,
    selection: Selection,
    templates: TemplateFinder,
    editor: DocumentEditor,
  ): WorkloadResult {
    this.#record = record
    const { chosen, exclusive } = selection
    const names = new Set(chosen.map((one) => one.template.name))
    const others = [...record.sidecars.keys()].filter((name) => !names.has(name))
    const renew = new Set([...names, ...(exclusive ? others : [])])
    const { containers } = selection
    const draft = new DesiredPod(
      template,
      record,
      renew,
      this.#declaredOverrides(template, selection),
      containers && new Set(containers.map(({ name }) => name)),
    )
    claimNames(draft, [...chosen.map((one) => containerName(one.template)), ...record.sidecars.keys()])
    const find = (name: string) => chosen.find((one) => containerName(one.template) === name)?.template
    for (const { address } of unrecordedSidecars(template, record, find))
      setApart(draft, (address.at(-1) as { id: string }).id)
    if (chosen.length > 0) this.#validateChosen(draft, containers ?? [])
    if (hasErrors(this.#diagnostics)) return this.failed()
    const outcomes: SidecarOutcome[] = []
    const versions = new Map<string, string>()
    for (const one of chosen) {
      const outcome = this.#apply(one, draft)
      if (outcome === undefined) continue
      outcomes.push(outcome)
      if (outcome.action !== 'skipped') versions.set(outcome.name, outcome.version)
    }
    if (hasErrors(this.#diagnostics)) return this.failed()
    const input = { template, record, draft, versions, renew, objects: this.#objects }
    const done = this.#reconcile(input, templates, editor)
    if (done === undefined) return this.failed()
    const extraObjects = extraObjectsBetween(record, done.record, this.#objects)
    if (this.#isSilent) return { ...this.#worked([], 'up-to-date'), extraObjects }
    const planned = plannedTemplate(template, record, done)
    const isSettled = isSettledBy(input, done, planned, selection, editor.hasAnchors)
    const settled = outcomes.map((o) => sidecarOutcome(o, done, record, template))
    const rest = others.map((name) =>
      removedOutcome(name, record, template, exclusive ? undefined : (templates.find(name)?.version ?? '')),
    )
    const worked = this.#worked(
      exclusive ? [...settled, ...rest] : settled,
      statusOf(done, record, outcomes),
      selection.reason,
    )
    const hasCost = done.record.sidecars.size > 0 && this.#options.costs !== false
    const aside = {
      ...workloadSideNotes(this.#workload, template, draft, record, hasCost),
      fields: fieldsOf(done.record),
    }
    const outcome = { ...worked.outcome, ...aside, others: exclusive ? [] : rest }
    return {
      ...worked,
      outcome,
      extraObjects,
      ...(draft.adopted.length > 0 && { isAdopted: true }),
      ...(planned !== undefined && { planned }),
      isSettled,
      proxies: this.#proxies,
    }
  }

  #apply(chosen: ChosenSidecar, draft: DesiredPod): SidecarOutcome | undefined {
    const { template } = chosen
    const { ref, workloadKind } = this.#workload
    const { kubeVersion } = this.#options
    // What adds no container keeps no Job from finishing, and has no mode.
    const hasContainer = template.spec['container'] !== undefined
    const wish = placedMode(draft, containerName(template)) ?? chosen.mode?.mode ?? template.mode
    const decision = hasContainer
      ? decideMode(modeIn(workloadKind, wish), workloadKind.kind, kubeVersion)
      : ({ mode: 'classic' } as const)
    if ('refused' in decision) {
      const { message, hint } = modeProblem(decision.refused, template.name, ref.kind, kubeVersion)
      this.#report(decision.refused, message, [], hint)
      return undefined
    }
    const { sidecar, diagnostics } = resolveSidecar(
      chosen,
      this.#workload,
      draft,
      decision.mode,
      this.#selection?.settings,
    )
    append(this.#diagnostics, diagnostics)
    if (sidecar === undefined) return undefined
    const base = { name: template.name, version: template.version, details: [] }
    const { requires } = sidecar
    if (requires.kinds.length > 0 && !requires.kinds.includes(ref.kind)) {
      return { ...base, action: 'skipped', reason: 'kind-not-supported-by-template' }
    }
    const ports = draft.get(['spec', 'hostNetwork']) === true ? portsOnNode(sidecar) : undefined
    if (ports !== undefined && requires.hostNetwork === 'skip')
      return { ...base, details: ports, action: 'skipped', reason: 'host-network' }
    if (ports !== undefined && ports.length > 0) this.problem(hostPortsProblem(template.name, ports))
    if (!this.#isInRange(sidecar)) return undefined
    const isRecorded = this.#record.sidecars.has(template.name)
    const settled = resolveConflicts(
      draft,
      fittedTo(this.#workload, sidecar),
      this.#options.onConflict ?? 'fail',
      isRecorded,
    )
    if ('taken' in settled) return { ...base, action: 'skipped', reason: 'container-name-taken' }
    servingProblems(this.#workload, draft, settled, decision.mode).forEach((p) => {
      this.problem(p)
    })
    if (!isRecorded) setApartUnrecorded(draft, settled)
    const overrides = this.#overrides(draft, settled)
    addSidecar(draft, settled, {
      mode: decision.mode,
      isRecorded,
      claims: volumeClaims(this.#workload.data),
      report: (p) => {
        this.problem(p)
      },
      place: template.place,
    })
    const isAdopted = !isRecorded && adoptUnrecorded(draft, settled)
    if (isAdopted) this.problem(adoptedProblem(templateOf(this.#workload) as JsonObject, settled))
    append(this.#proxies, proxyOf(settled, decision.mode))
    const extraObjects = extraObjectsOf(draft, settled, ref)
    if ('objects' in extraObjects) this.#objects.set(template.name, extraObjects.objects)
    else
      this.#report(
        'EXTRA_OBJECT_INVALID',
        `the objects of sidecar "${template.name}" cannot be added with this ${ref.kind}: ${extraObjects.problem}`,
        [],
      )
    return {
      ...base,
      action: isAdopted ? 'updated' : 'added',
      ...(isAdopted && { state: 'unrecorded' }),
      ...(hasContainer && { mode: decision.mode }),
      parameters: sidecar.parameters,
      ...(settled.proxies !== undefined && { proxies: settled.proxies }),
      ...overrides,
    }
  }

  /** What the manifest's own container has of what the sidecar's would have, where there is one. */
  #overrides(draft: DesiredPod, { container }: Sidecar): Pick<SidecarOutcome, 'overrides'> {
    const place = container === undefined ? undefined : overridePlace(draft, nameOf(container))
    if (container === undefined || place === undefined) return {}
    const { doc, node } = this.#workload
    const template = templateOf(this.#workload) as JsonObject
    const address = [...place, { id: nameOf(container) }]
    const kept = keptFields(ownFields(draft.get(address) as JsonObject), container, address)
    return {
      overrides: kept.map((field) => ({
        field: formatFieldPath(field),
        at: {
          source: doc.source,
          range: locate(node, pathInObject(this.#workload, pathOf(template, field) ?? []), 'key'),
        },
      })),
    }
  }

  /** Names of the containers that annotations call overrides; one that is not there is reported. */
  #declaredOverrides(template: JsonObject, { overrides }: Selection): ReadonlySet<string> {
    const isThere = (name: string): boolean =>
      [CONTAINERS, INIT_CONTAINERS].some((list) => pathOf(template, [...list, { id: name }]) !== undefined)
    for (const {
      name,
      origin: { at },
    } of overrides.filter((one) => !isThere(one.name))) {
      const names = [CONTAINERS, INIT_CONTAINERS].flatMap((list) => containerNames(valueAt(template, list)))
      this.#diagnostics.push(
        diagnostic('ANNOTATION_INVALID', `${OVERRIDE} names a container "${name}" that does not exist`, {
          ...(at !== undefined && { at }),
          document: this.#workload.doc.index,
          resource: this.#workload.ref,
          hint: didYouMeanHint(name, names) ?? `containers: ${names.join(', ')}`,
        }),
      )
    }
    return new Set(overrides.map(({ name }) => name))
  }

  /** Reports chosen containers that are none of the app's. */
  #validateChosen(draft: DesiredPod, containers: readonly Picked[]): void {
    const names = appContainers(draft).map(nameOf)
    for (const { name, origin } of containers.filter((one) => !names.includes(one.name))) {
      const { at = { source: this.#workload.doc.source, range: locate(this.#workload.node, []) } } = origin
      const hint = didYouMeanHint(name, names)
      this.#diagnostics.push(
        diagnostic('CONTAINER_UNKNOWN', `${origin.text} chooses the container "${name}", which the app does not have`, {
          at,
          document: this.#workload.doc.index,
          resource: this.#workload.ref,
          ...(hint !== undefined && { hint }),
        }),
      )
    }
  }

  /** Whether the target version is one that the template says it works with. */
  #isInRange({ name, requires: { minMinor = 0, maxMinor = Infinity } }: Sidecar): boolean {
    const { minor } = this.#options.kubeVersion
    if (minor >= minMinor && minor <= maxMinor) return true
    const wanted = minor < minMinor ? `1.${minMinor} or later` : `1.${maxMinor} or earlier`
    this.#report(
      'TEMPLATE_VERSION',
      `sidecar "${name}" requires Kubernetes ${wanted}, but the target version is 1.${minor}`,
      [],
      'use another --kubernetes-version, or omit that sidecar',
    )
    return false
  }

  uninject(
    template: JsonObject,
    record: OwnershipRecord,
    task: Extract<Operation, { command: 'uninject' }>,
    editor: DocumentEditor,
  ): WorkloadResult {
    this.#record = record
    const { names } = task
    const gone = new Set([...record.sidecars.keys()].filter((name) => names?.has(name) ?? true))
    const others = [...record.sidecars]
      .filter(([name]) => !gone.has(name))
      .map(([name, { version, own }]): SidecarOutcome => ({
        name,
        version,
        action: 'kept',
        details: own.map(formatFieldPath),
      }))
    const unrecorded = unrecordedProblems(template, record, task, names)
    for (const found of unrecorded) this.problem(found)
    if (gone.size === 0)
      return this.#skippedWith(
        unrecorded.length > 0 ? 'record-lost' : others.length > 0 ? 'sidecar-not-injected' : 'not-injected',
        others,
      )
    const draft = new DesiredPod(template, record, gone)
    const done = this.#reconcile(
      { template, record, draft, versions: new Map(), renew: gone, objects: this.#objects },
      task,
      editor,
    )
    if (done === undefined) return this.failed()
    const extraObjects = extraObjectsBetween(record, done.record, this.#objects)
    if (this.#isSilent) return { ...this.#worked([], 'removed'), extraObjects }
    for (const found of incompleteProblems(template, record, gone)) this.problem(found)
    const outcomes = [...gone].map((name): SidecarOutcome => {
      const { version, own } = record.sidecars.get(name) as OwnedSidecar
      const details = own
        .filter((a) => pathOf(template, a) !== undefined && !done.left.some(({ volume }) => isVolume(a, volume)))
        .map(formatFieldPath)
      return { name, version, action: 'removed', details }
    })
    const planned = plannedTemplate(template, record, done)
    const worked = this.#worked(outcomes, 'removed')
    return {
      ...worked,
      outcome: { ...worked.outcome, others },
      extraObjects,
      ...(planned !== undefined && { planned }),
    }
  }

  /** Reports what would be lost, or taken from someone, by following the record of sidecars that are put in again or go. */
  #prove(
    { template, record, renew, draft, versions }: Omit<ReconcileInput, 'text'>,
    { find, isOwn }: TemplateFinder,
  ): void {
    const { force } = this.#options
    const wanted = (address: FieldPath) => draft.ownedFields.get(formatFieldPath(address))?.value
    for (const left of leftBehind(template, record)) {
      const asides = versions.size === 0 ? [] : left.others.filter((name) => !renew.has(name))
      if (renew.has(left.sidecar)) this.problem(leftProblem(left, force, asides))
    }
    for (const [name, owned] of record.sidecars) {
      if (!renew.has(name)) continue
      const claims = unprovenClaims(name, owned, { template, find, isOwn, wanted })
      // The old form has one digest for all: what no run would put there can only be told as a whole.
      const vague =
        owned.hash === undefined
          ? []
          : claims.filter(({ why, address }) => why === 'modified' && wanted(address) === undefined)
      for (const claim of claims) {
        if (!vague.includes(claim) && (claim.why !== 'modified' || force !== 'silent'))
          this.problem(claimProblem(claim, force))
      }
      if (vague.length > 0 && force !== 'silent')
        this.problem(claimProblem({ sidecar: name, address: annotationAddress(OLD_RECORD), why: 'modified' }, force))
    }
  }

  #reconcile(
    input: Omit<ReconcileInput, 'text'>,
    templates: TemplateFinder,
    editor: DocumentEditor,
  ): Reconciled | undefined {
    const doubled = duplicateItems(input)
    for (const { code, message, first, second } of doubled) {
      const at = {
        source: this.#workload.doc.source,
        range: locate(this.#workload.node, pathInObject(this.#workload, first)),
      }
      this.#report(code, message, pathInObject(this.#workload, second), 'remove or rename one of them', [
        { message: 'first defined here', at },
      ])
    }
    if (doubled.length > 0) return undefined
    this.#prove(input, templates)
    if (hasErrors(this.#diagnostics)) return undefined
    const planned = planEdits(this.#workload, input, editor)
    if ('refused' in planned) {
      this.#diagnostics.push(planned.refused)
      return undefined
    }
    for (const { volume, container, address } of planned.done.left) {
      this.problem({
        code: 'VOLUME_LEFT',
        message: `volume "${volume}" was added by a sidecar, but is kept because container "${container}" uses it; it now belongs to the manifest`,
        hint: 'remove it by hand when nothing uses it',
        address,
      })
    }
    return planned.done
  }

  /** Reports trouble at an address of the pod template. */
  problem({ code, message, hint, address, related }: PlanProblem): void {
    const template = templateOf(this.#workload) as JsonObject
    let known: FieldPath = address
    while (known.length > 0 && pathOf(template, known) === undefined) known = known.slice(0, -1)
    this.#report(code, message, pathInObject(this.#workload, pathOf(template, known) ?? []), hint, related)
  }

  #report(
    code: PlanProblem['code'],
    message: string,
    path: JsonPath,
    hint?: string,
    related?: Diagnostic['related'],
  ): void {
    const { doc, ref, node } = this.#workload
    this.#diagnostics.push(
      diagnostic(code, message, {
        at: { source: doc.source, range: locate(node as YamlNode, path) },
        document: doc.index,
        resource: ref,
        path,
        ...(hint !== undefined && { hint }),
        ...(related !== undefined && { related }),
      }),
    )
  }

  #worked(sidecars: SidecarOutcome[], status: WorkloadOutcome['status'], reason?: SkipReason): WorkloadResult {
    const { doc, ref, node } = this.#workload
    return {
      outcome: {
        resource: ref,
        document: doc.index,
        offset: node.propertiesStart,
        status,
        sidecars,
        ...(reason !== undefined && { reason }),
        ...(this.#selection !== undefined && { selection: this.#selection }),
      },
      diagnostics: this.#diagnostics,
      record: this.#record,
    }
  }

  #skippedWith(reason: SkipReason, others: readonly SidecarOutcome[]): WorkloadResult {
    const worked = this.skipped(reason)
    return { ...worked, outcome: { ...worked.outcome, others } }
  }

  skipped(reason: SkipReason): WorkloadResult {
    return this.#worked([], 'skipped', reason)
  }

  failed(): WorkloadResult {
    return this.#worked([], 'failed')
  }
}

function containerNames(list: Json | undefined): string[] {
  return Array.isArray(list)
    ? list
        .filter(isObject)
        .map(nameOf)
        .filter((name) => name !== '')
    : []
}
