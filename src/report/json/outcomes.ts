import type { FieldSource, FileResult, SidecarOutcome, WorkloadOutcome } from '../../core/inject/result.ts'
import { formatJsonPath, type Json, type JsonObject } from '../../core/json/json.ts'
import type { ChosenSidecar, Origin } from '../../core/selection/selection.ts'
import type { ServiceOutcome } from '../../core/services/service-outcome.ts'
import { provenanceOf } from '../../core/template/provenance.ts'
import { costJson } from '../cost.ts'
import { rowsOf, type Row } from '../sidecar-rows.ts'

/** How much is told of each sidecar: `brief` its state, `full` also what it adds and its parameters, `reasons` also why. */
export type Detail = 'brief' | 'full' | 'reasons'

/** Where a decision or a value comes from: a flag, an annotation, a rule, with its place in a file if it has one. */
function originJson({ level, text, at }: Origin): JsonObject {
  return present({ level, text, file: at?.source.label, line: at?.source.position(at.range.start).line })
}

/** The fields that have a value. */
export function present(fields: Record<string, Json | undefined>): JsonObject {
  const out: JsonObject = {}
  for (const [key, value] of Object.entries(fields)) if (value !== undefined && value !== '') out[key] = value
  return out
}

/** A workload with its sidecars, and what happened or would happen to it. */
export function workloadJson(
  file: FileResult,
  workload: WorkloadOutcome,
  detail: Detail,
  policy?: string | undefined,
): JsonObject {
  const { resource, status, reason, selection, document, offset, objects } = workload
  const { line } = file.source.position(offset)
  return {
    ...present({ file: file.source.label, line, document, policy, status, reason }),
    ...resource,
    ...(selection !== undefined && { origin: originJson(selection.origin) }),
    sidecars: rowsOf(file, workload)
      .filter((row) => row.sidecar !== '-')
      .map((row) => sidecarJson(row, workload, detail)),
    ...(detail !== 'brief' && objects !== undefined && { objects: objects.map(({ id, action }) => ({ id, action })) }),
    ...(workload.cost !== undefined && { cost: costJson(workload.cost) }),
  }
}

function sidecarJson(
  { sidecar, state, found, template, mode, outcome }: Row,
  workload: WorkloadOutcome,
  detail: Detail,
) {
  const brief = present({ name: sidecar, state, version: found, templateVersion: template, mode })
  if (detail === 'brief') return brief
  const chosen = workload.selection?.chosen.find((one) => one.template.name === sidecar)
  return {
    ...brief,
    ...(outcome !== undefined && outcomeJson(outcome)),
    ...(detail === 'reasons' && chosen !== undefined && reasonsJson(chosen, outcome, workload)),
  }
}

function outcomeJson({ action, reason, details, removed, parameters }: SidecarOutcome): JsonObject {
  return {
    ...present({ action, reason }),
    details: [...details],
    ...(removed !== undefined && { removed: [...removed] }),
    ...(parameters !== undefined && { parameters: { ...parameters } }),
  }
}

/** What selected a sidecar and its mode, where its values come from, and which part of the template makes each field. */
function reasonsJson(
  chosen: ChosenSidecar,
  outcome: SidecarOutcome | undefined,
  workload: WorkloadOutcome,
): JsonObject {
  const names = Object.keys(outcome?.parameters ?? {})
  const fields = (workload.fields ?? []).filter(({ sidecars }) => sidecars.includes(chosen.template.name))
  return {
    origin: originJson(chosen.origin),
    ...(chosen.mode !== undefined && { modeOrigin: originJson(chosen.mode.from) }),
    ...(chosen.start !== undefined && { start: chosen.start.place, startOrigin: originJson(chosen.start.from) }),
    parameterOrigins: Object.fromEntries(names.map((name) => [name, valueOrigin(chosen, name)])),
    fields: fields.map((field) => fieldJson(field, chosen, outcome)),
  }
}

function valueOrigin({ values, template }: ChosenSidecar, name: string): JsonObject {
  const given = values.findLast((value) => value.name === name)
  if (given !== undefined) return originJson(given.from)
  return originJson({
    level: 'default',
    text: 'default of the template',
    at: template.place(['spec', 'parameters', name]),
  })
}

function fieldJson(
  { field }: FieldSource,
  { template }: ChosenSidecar,
  outcome: SidecarOutcome | undefined,
): JsonObject {
  const part = provenanceOf(template, field, outcome?.parameters)
  if (part === undefined) return { field }
  const at = template.place(part.path)
  return {
    field,
    template: formatJsonPath(part.path),
    ...present({ file: at.source.label, line: at.source.position(at.range.start).line }),
    parameters: [...part.parameters],
  }
}

/** A Service that leads, or should lead, to a proxy. */
export function serviceJson(
  file: FileResult,
  { resource, document, offset, ports, origin, status }: ServiceOutcome,
): JsonObject {
  const { line } = file.source.position(offset)
  return {
    ...present({ file: file.source.label, line, document, status }),
    ...resource,
    ...(origin !== undefined && { origin: originJson(origin) }),
    ports: ports.map(({ port, action, from, to, app, sidecars, workloads, reason }) => ({
      ...present({ port, action, targetPort: to, was: from, appPort: app, reason }),
      sidecars: [...sidecars],
      workloads: [...workloads],
    })),
  }
}
