import { append } from '../common/append.ts'
import { addSidecar } from '../desired/add-sidecar.ts'
import { resolveConflicts } from '../desired/conflicts.ts'
import type { DesiredPod } from '../desired/desired-pod.ts'
import { hostPortsProblem, portsOnNode } from '../desired/host-network.ts'
import { fittedTo, modeIn, servingProblems } from '../desired/knative.ts'
import { adoptUnrecorded, setApartUnrecorded } from '../desired/lost-record.ts'
import { decideMode, modeProblem } from '../desired/mode.ts'
import { keptFields, overridePlace, ownFields, placedMode } from '../desired/override.ts'
import { nameOf } from '../desired/pod-paths.ts'
import { volumeClaims } from '../desired/shared-folder.ts'
import { extraObjectsOf } from '../desired/sidecar-objects.ts'
import { formatFieldPath, pathOf } from '../field-path/field-path.ts'
import type { JsonObject } from '../json/json.ts'
import { pathInObject, templateOf } from '../kube/pod-template.ts'
import type { Workload } from '../kube/workload.ts'
import type { ChosenSidecar } from '../selection/selection.ts'
import type { Proxy } from '../services/service.ts'
import { containerName, type Sidecar } from '../template/template.ts'
import { locate } from '../yaml/read/construct.ts'
import { adoptedProblem } from './lost-record-problems.ts'
import { proxyOf } from './proxies.ts'
import { resolveSidecar } from './resolve-sidecar.ts'
import type { SidecarOutcome } from './result.ts'
import { reportStart } from './start-problems.ts'
import type { WorkloadContext } from './workload-context.ts'

/** The result of adding the chosen sidecars to a desired pod. */
export interface AppliedSidecars {
  /** One for each sidecar without errors; the errors of the others are in the report. */
  outcomes: SidecarOutcome[]
  /** Versions of the sidecars that were added, by name and in order. */
  versions: Map<string, string>
  proxies: Proxy[]
  /** The extra objects of each sidecar, by its name. */
  objects: Map<string, readonly JsonObject[]>
}

/** Adds the chosen sidecars, in order, to a desired pod. */
export function applyChosen(
  chosen: readonly ChosenSidecar[],
  draft: DesiredPod,
  context: WorkloadContext,
): AppliedSidecars {
  const applied: AppliedSidecars = { outcomes: [], versions: new Map(), proxies: [], objects: new Map() }
  for (const one of chosen) {
    const outcome = applyOne(one, draft, context, applied)
    if (outcome === undefined) continue
    applied.outcomes.push(outcome)
    if (outcome.action !== 'skipped') applied.versions.set(outcome.name, outcome.version)
  }
  for (const { name, mode } of applied.outcomes) {
    const one = chosen.find(({ template }) => template.name === name)
    if (one !== undefined && applied.versions.has(name)) reportStart(one, mode, draft, context.report)
  }
  return applied
}

/** The fields that every outcome has. */
type OutcomeBase = Pick<SidecarOutcome, 'name' | 'version' | 'details'>

function applyOne(
  chosen: ChosenSidecar,
  draft: DesiredPod,
  context: WorkloadContext,
  applied: AppliedSidecars,
): SidecarOutcome | undefined {
  const { template } = chosen
  const { workload, report, record } = context
  const base: OutcomeBase = { name: template.name, version: template.version, details: [] }
  const mode = modeOf(chosen, draft, context)
  if (mode === undefined) return undefined
  const { sidecar, diagnostics } = resolveSidecar(chosen, workload, draft, mode, context.selection?.settings)
  report.addAll(diagnostics)
  if (sidecar === undefined) return undefined
  const unfit = unfitOutcome(base, sidecar, draft, context)
  if (unfit !== undefined) return unfit
  if (!isInRange(sidecar, context)) return undefined
  const isRecorded = record.sidecars.has(template.name)
  const onConflict = context.options.onConflict ?? 'fail'
  const settled = resolveConflicts(draft, fittedTo(workload, sidecar), onConflict, isRecorded)
  if ('taken' in settled) return { ...base, action: 'skipped', reason: 'container-name-taken' }
  for (const problem of servingProblems(workload, draft, settled, mode)) report.problem(problem)
  if (!isRecorded) setApartUnrecorded(draft, settled)
  const overrides = overridesOf(settled, draft, workload)
  addSidecar(draft, settled, {
    mode,
    start: chosen.start?.place ?? 'first',
    isRecorded,
    claims: volumeClaims(workload.data),
    report: report.problem,
    place: template.place,
  })
  const isAdopted = !isRecorded && adoptUnrecorded(draft, settled)
  if (isAdopted) report.problem(adoptedProblem(templateOf(workload) as JsonObject, settled))
  append(applied.proxies, proxyOf(settled, mode, draft))
  noteObjects(settled, draft, context, applied)
  const action = isAdopted ? 'updated' : 'added'
  const outcome: SidecarOutcome = { name: base.name, version: base.version, details: [], action }
  if (isAdopted) outcome.state = 'no record'
  if (hasContainer(chosen)) outcome.mode = mode
  outcome.parameters = sidecar.parameters
  if (settled.proxies !== undefined) outcome.proxies = settled.proxies
  return Object.assign(outcome, overrides)
}

function hasContainer({ template }: ChosenSidecar): boolean {
  return template.spec['container'] !== undefined
}

/**
 * The mode of a sidecar in a workload. Where the requested one is not possible, reports an error and returns undefined.
 */
function modeOf(
  chosen: ChosenSidecar,
  draft: DesiredPod,
  { workload: { ref, workloadKind }, options: { kubeVersion }, report }: WorkloadContext,
): 'native' | 'classic' | undefined {
  // Without a container, a sidecar has no mode and cannot keep a Job from finishing.
  if (!hasContainer(chosen)) return 'classic'
  const { template } = chosen
  const asked = placedMode(draft, containerName(template)) ?? chosen.mode?.mode ?? template.mode
  const decision = decideMode(modeIn(workloadKind, asked), workloadKind.kind, kubeVersion)
  if (!('refused' in decision)) return decision.mode
  const { message, hint } = modeProblem(decision.refused, template.name, ref.kind, kubeVersion)
  report.at([], decision.refused, message, { hint })
  return undefined
}

/**
 * The outcome of a sidecar whose template excludes such a workload; undefined for others. Reports the ports that the
 * sidecar opens on the node.
 */
function unfitOutcome(
  base: OutcomeBase,
  sidecar: Sidecar,
  draft: DesiredPod,
  { workload: { ref }, report }: WorkloadContext,
): SidecarOutcome | undefined {
  const { requires } = sidecar
  if (requires.kinds.length > 0 && !requires.kinds.includes(ref.kind))
    return { ...base, action: 'skipped', reason: 'kind-not-supported-by-template' }
  if (draft.get(['spec', 'hostNetwork']) !== true) return undefined
  const ports = portsOnNode(sidecar)
  if (requires.hostNetwork === 'skip') return { ...base, details: ports, action: 'skipped', reason: 'host-network' }
  if (ports.length > 0) report.problem(hostPortsProblem(base.name, ports))
  return undefined
}

/** True where the template supports the target version; reports an error otherwise. */
function isInRange(
  { name, requires: { minMinor = 0, maxMinor = Infinity } }: Sidecar,
  { options: { kubeVersion }, report }: WorkloadContext,
): boolean {
  const { minor } = kubeVersion
  if (minor >= minMinor && minor <= maxMinor) return true
  const wanted = minor < minMinor ? `1.${minMinor} or later` : `1.${maxMinor} or earlier`
  report.at(
    [],
    'TEMPLATE_VERSION',
    `sidecar "${name}" requires Kubernetes ${wanted}, but the target version is 1.${minor}`,
    { hint: 'use another --kubernetes-version, or omit that sidecar' },
  )
  return false
}

/** The fields of the sidecar's container that the manifest's own container of its name overrides. */
function overridesOf({ container }: Sidecar, draft: DesiredPod, workload: Workload): Pick<SidecarOutcome, 'overrides'> {
  const place = container === undefined ? undefined : overridePlace(draft, nameOf(container))
  if (container === undefined || place === undefined) return {}
  const { doc, node } = workload
  const template = templateOf(workload) as JsonObject
  const address = [...place, { id: nameOf(container) }]
  const kept = keptFields(ownFields(draft.get(address) as JsonObject), container, address)
  return {
    overrides: kept.map((field) => ({
      field: formatFieldPath(field),
      at: { source: doc.source, range: locate(node, pathInObject(workload, pathOf(template, field) ?? []), 'key') },
    })),
  }
}

function noteObjects(
  sidecar: Sidecar,
  draft: DesiredPod,
  { workload: { ref }, report }: WorkloadContext,
  { objects }: AppliedSidecars,
): void {
  const found = extraObjectsOf(draft, sidecar, ref)
  if ('objects' in found) objects.set(sidecar.name, found.objects)
  else
    report.at(
      [],
      'EXTRA_OBJECT_INVALID',
      `the objects of sidecar "${sidecar.name}" cannot be added with this ${ref.kind}: ${found.problem}`,
    )
}
