import { fileArgument } from '../common/shell-word.ts'
import { DesiredPod } from '../desired/desired-pod.ts'
import { setApart, unrecordedSidecars } from '../desired/lost-record.ts'
import { claimNames } from '../desired/pod-paths.ts'
import type { JsonObject } from '../json/json.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import type { Selection } from '../selection/selection.ts'
import { containerName } from '../template/template.ts'
import { applyChosen } from './apply-chosen.ts'
import { extraObjectsBetween } from './extra-object-records.ts'
import { unrecordedProblems } from './lost-record-problems.ts'
import { declaredOverrides, reportUnknownContainers } from './named-containers.ts'
import { fieldsOf, foreignAndCost, removedOutcome, sidecarOutcome, statusOf } from './outcomes.ts'
import { isSettledBy, plannedTemplate } from './plan-edits.ts'
import { reconcileWorkload } from './reconcile-workload.ts'
import { failedResult, workloadResult, type WorkloadContext } from './workload-context.ts'
import type { TemplateFinder, WorkloadResult } from './workload-result.ts'

/** Adds the selected sidecars to a workload; an exclusive selection removes all other sidecars. */
export function injectWorkload(
  context: WorkloadContext,
  template: JsonObject,
  selection: Selection,
  templates: TemplateFinder,
  editor: DocumentEditor,
): WorkloadResult {
  const { report, record, isSilent } = context
  const { chosen, exclusive, containers = [] } = selection
  const names = new Set(chosen.map((one) => one.template.name))
  const others = [...record.sidecars.keys()].filter((name) => !names.has(name))
  const renew = new Set([...names, ...(exclusive ? others : [])])
  const draft = desiredPod(context, template, selection, renew)
  if (chosen.length > 0) reportUnknownContainers(draft, containers, report)
  if (report.hasErrors) return failedResult(context)
  const { outcomes, versions, proxies, objects } = applyChosen(chosen, draft, context)
  if (report.hasErrors) return failedResult(context)
  const input = { template, record, draft, versions, renew, objects }
  const done = reconcileWorkload(context, input, templates, editor)
  if (done === undefined) return failedResult(context)
  const extraObjects = extraObjectsBetween(record, done.record, objects)
  if (isSilent) return Object.assign(workloadResult(context, [], 'up to date'), { extraObjects })
  const file = fileArgument(context.workload.doc.source.label)
  const isOther = (name: string): boolean => !names.has(name)
  for (const found of unrecordedProblems(template, record, templates, 'compared', isOther, file)) report.problem(found)
  const planned = plannedTemplate(template, record, done)
  const settled = outcomes.map((o) => sidecarOutcome(o, done, record, template))
  const rest = others.map((name) =>
    removedOutcome(name, record, template, exclusive ? undefined : (templates.find(name)?.version ?? '')),
  )
  const result = workloadResult(
    context,
    exclusive ? [...settled, ...rest] : settled,
    statusOf(done, record, outcomes),
    selection.reason,
  )
  const after = planned ?? (done.changes.length === 0 ? template : draft.data)
  const hasCost = done.record.sidecars.size > 0 && context.options.costs !== false
  Object.assign(result.outcome, foreignAndCost(context.workload, template, draft, after, record, hasCost))
  result.outcome.fields = fieldsOf(done.record)
  result.outcome.others = exclusive ? [] : rest
  result.extraObjects = extraObjects
  if (draft.adopted.length > 0) result.isAdopted = true
  if (planned !== undefined) result.planned = planned
  result.isSettled = isSettledBy(input, done, planned, selection, editor.hasAnchors)
  result.proxies = proxies
  return result
}

/** The desired pod before the chosen sidecars are added, without the sidecars that are planned from scratch. */
function desiredPod(
  { record, report }: WorkloadContext,
  template: JsonObject,
  selection: Selection,
  renew: ReadonlySet<string>,
): DesiredPod {
  const { chosen, containers } = selection
  const overrides = declaredOverrides(template, selection, report)
  const draft = new DesiredPod(
    template,
    record,
    renew,
    overrides,
    containers && new Set(containers.map(({ name }) => name)),
  )
  claimNames(draft, [...chosen.map((one) => containerName(one.template)), ...record.sidecars.keys()])
  const find = (name: string) => chosen.find((one) => containerName(one.template) === name)?.template
  for (const { address } of unrecordedSidecars(template, record, find))
    setApart(draft, (address.at(-1) as { id: string }).id)
  return draft
}
