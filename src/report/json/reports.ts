import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts'
import type { OtherObject } from '../../core/inject/other-objects.ts'
import { countFiles, workloadsOf, type FileResult, type RunResult } from '../../core/inject/result.ts'
import type { Json, JsonObject } from '../../core/json/json.ts'
import { totalCostJson } from '../cost.ts'
import { drifts, type Drift } from '../drift.ts'
import { servicesOf } from '../services.ts'
import { allRows } from '../sidecar-rows.ts'
import { diagnosticJson, severityCounts } from './diagnostics.ts'
import { reportText } from './header.ts'
import { present, serviceJson, workloadJson, type Detail } from './outcomes.ts'

/** The policy file of an input, by the input's label; undefined for none. */
export type PolicyFinder = (label: string) => string | undefined

/** The workloads of a run and the Services that lead to their proxies, in input order. */
function subjects(
  result: RunResult,
  detail: Detail,
  policyOf: PolicyFinder = () => undefined,
): { workloads: JsonObject[]; services?: JsonObject[] } {
  const workloads = result.files.flatMap((file) =>
    file.workloads.map((one) => workloadJson(file, one, detail, policyOf(file.source.label))),
  )
  const services = result.files.flatMap((file) => servicesOf(file).map((service) => serviceJson(file, service)))
  return { workloads, ...(services.length > 0 && { services }) }
}

function totals(result: RunResult, diagnostics: readonly Diagnostic[]): Record<string, number> {
  const workloads = workloadsOf(result)
  const byStatus: Record<string, number> = {}
  for (const { status } of workloads) byStatus[status] = (byStatus[status] ?? 0) + 1
  return { files: countFiles(result), workloads: workloads.length, ...byStatus, ...severityCounts(diagnostics) }
}

/** `status -o json`. */
export function statusJson(result: RunResult, policyOf: PolicyFinder): string {
  const summary: Record<string, Json> = {}
  for (const { state } of allRows(result)) if (state !== 'none') summary[state] = Number(summary[state] ?? 0) + 1
  return reportText('StatusReport', { ...subjects(result, 'brief', policyOf), summary, cost: totalCostJson(result) })
}

/**
 * `inject --report` and `uninject --report`: what happened to each workload.
 * @param changed number of files
 * @param applied false where errors kept the result from being printed or written
 */
export function editJson(
  kind: 'InjectReport' | 'UninjectReport',
  result: RunResult,
  diagnostics: readonly Diagnostic[],
  changed: number,
  applied: boolean,
): string {
  return reportText(kind, {
    applied,
    ...subjects(result, 'full'),
    diagnostics: diagnostics.map(diagnosticJson),
    summary: { ...totals(result, diagnostics), changed },
    cost: totalCostJson(result),
  })
}

/** `diff -o json`: a patch for each file that would change; none if there are errors. */
export function diffJson(
  result: RunResult,
  diagnostics: readonly Diagnostic[],
  files: readonly { file: string; patch: string }[],
): string {
  return reportText('DiffReport', {
    files,
    ...subjects(result, 'full'),
    diagnostics: diagnostics.map(diagnosticJson),
    summary: { ...totals(result, diagnostics), changed: files.length },
  })
}

/** A difference between a workload or Service and what `inject` would make of it. */
export function driftJson({ file, subject, kind, text }: Drift): JsonObject {
  const { line } = file.source.position(subject.offset)
  return {
    ...present({ file: file.source.label, line }),
    state: kind,
    message: text,
    resource: { ...subject.resource },
  }
}

/** `check -o json`: each difference between the manifests and what `inject` would make of them. */
export function checkJson(result: RunResult, diagnostics: readonly Diagnostic[]): string {
  const found = drifts(result)
  return reportText('CheckReport', {
    differences: found.map(driftJson),
    ...subjects(result, 'brief'),
    diagnostics: diagnostics.map(diagnosticJson),
    summary: { ...totals(result, diagnostics), differences: found.length },
  })
}

/** `explain -o json`: for every object what it gets, and what decided that. */
export function explainJson(
  result: RunResult,
  diagnostics: readonly Diagnostic[],
  others: (file: FileResult) => readonly OtherObject[],
): string {
  const objects = result.files.flatMap((file) =>
    others(file).map(({ resource, offset, isKnown, podSpecs }) => {
      const { line } = file.source.position(offset)
      const found = podSpecs.map(({ path, inline }) => ({ path, inline }))
      return Object.assign({ file: file.source.label, line }, resource, { isKnownKind: isKnown, podSpecs: found })
    }),
  )
  return reportText('ExplainReport', {
    ...subjects(result, 'reasons'),
    otherObjects: objects,
    diagnostics: diagnostics.map(diagnosticJson),
    summary: totals(result, diagnostics),
  })
}
