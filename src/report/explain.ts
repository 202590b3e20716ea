import type { OtherObject } from '../core/inject/other-objects.ts'
import { formatJsonPath, type JsonPath } from '../core/json/json.ts'
import { splitApiVersion } from '../core/kube/kinds.ts'
import type { FileResult, RunResult, SidecarOutcome, WorkloadOutcome } from '../core/inject/result.ts'
import type { ServiceOutcome } from '../core/services/service-outcome.ts'
import type { ChosenSidecar } from '../core/selection/selection.ts'
import { provenanceOf, type ProvenancePart, type Provenance } from '../core/template/provenance.ts'
import type { Template } from '../core/template/template.ts'
import { resourceName } from './diagnostics.ts'
import { escapeText } from './escape.ts'
import { createColors, type Colors } from './colors.ts'
import { lineAt, lineOf, originText } from './origin.ts'
import { serviceReasons, servicesOf, SERVICE_SKIPPED } from './services.ts'
import { SKIP_REASONS } from './summary.ts'

const VERBS: Record<WorkloadOutcome['status'], string> = {
  injected: 'to be injected',
  updated: 'to be updated',
  'up to date': 'up to date',
  removed: 'sidecars to be removed',
  skipped: 'skipped',
  failed: 'failed',
}

const SERVICE_VERBS: Record<ServiceOutcome['status'], string> = {
  updated: 'to be updated',
  'up to date': 'up to date',
  left: 'not changed',
  skipped: `skipped: ${SERVICE_SKIPPED}`,
}

const SHORT = 60

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return escapeText(text.length > SHORT ? `${text.slice(0, SHORT - 3)}...` : text)
}

/** Where a parameter's value comes from. */
function valueOrigin({ values, template }: ChosenSidecar, name: string): string {
  const given = values.findLast((value) => value.name === name)
  if (given !== undefined) return originText(given.from)
  const at = template.place(['spec', 'parameters', name])
  return `default of the template (${lineOf(at)})`
}

function parameterLines(sidecar: SidecarOutcome, chosen: ChosenSidecar): string[] {
  return Object.entries(sidecar.parameters ?? {}).map(
    ([name, value]) => `      ${name} = ${shown(value)}, from ${valueOrigin(chosen, name)}`,
  )
}

function byText({ parameters }: ProvenancePart): string {
  return parameters.length === 0 ? '' : `, by ${parameters.map(escapeText).join(', ')}`
}

/** A field that a sidecar added, with the part of the template it comes from, and the values that parameters set in it. */
function sourceLines(field: string, section: Provenance | undefined, { place }: Template): string[] {
  if (section === undefined) return [`      ${escapeText(field)}`]
  const { path, decided } = section
  const lineAt = (part: JsonPath): string => lineOf(place(part))
  const head = `      ${escapeText(field)} from ${escapeText(formatJsonPath(path))} of the template (${lineAt(path)})`
  const [only, ...more] = decided
  const isWhole = only === undefined || (more.length === 0 && only.path.length === path.length)
  if (isWhole) return [head + byText(section)]
  return [head].concat(
    decided.map((part) => `        ${escapeText(formatJsonPath(part.path))} (${lineAt(part.path)})${byText(part)}`),
  )
}

function fieldLines(workload: WorkloadOutcome, sidecar: SidecarOutcome, { template }: ChosenSidecar): string[] {
  const own = (workload.fields ?? []).filter(({ sidecars }) => sidecars.includes(template.name))
  return own.flatMap(({ field }) => sourceLines(field, provenanceOf(template, field, sidecar.parameters), template))
}

function overrideLines({ overrides = [] }: SidecarOutcome): string[] {
  return overrides.map(
    ({ field, at }) => `      ${escapeText(field)} from the manifest (${lineOf(at)}), overriding the template`,
  )
}

/** Explains a sidecar: what selected it, how it runs, its parameter values, and what it adds. */
function sidecarLines(sidecar: SidecarOutcome, workload: WorkloadOutcome, style: Colors): string[] {
  const chosen = workload.selection?.chosen.find((one) => one.template.name === sidecar.name)
  const version =
    sidecar.found !== undefined && sidecar.found !== sidecar.version
      ? `${sidecar.found} -> ${sidecar.version}`
      : sidecar.version
  const head = `  ${style.bold(escapeText(sidecar.name))} ${escapeText(version)}`
  if (chosen === undefined) {
    if (sidecar.reason !== undefined) return [`${head}: not changed: ${SKIP_REASONS[sidecar.reason]}`]
    return [
      `${head}: ${sidecar.action === 'removed' ? 'to be removed: nothing requests it' : 'not changed: not part of this run'}`,
    ]
  }
  if (sidecar.reason !== undefined)
    return [`${head}: skipped: ${SKIP_REASONS[sidecar.reason]}; selected by ${originText(chosen.origin)}`]
  const mode =
    chosen.mode === undefined ? 'by the template and the Kubernetes version' : `by ${originText(chosen.mode.from)}`
  const parameters = parameterLines(sidecar, chosen)
  const fields = [...overrideLines(sidecar), ...fieldLines(workload, sidecar, chosen)]
  return [
    `${head}: selected by ${originText(chosen.origin)}`,
    ...(sidecar.mode === undefined ? [] : [`    runs as a ${sidecar.mode} sidecar, ${mode}`]),
    ...(chosen.start === undefined ? [] : [`    to start ${chosen.start.place}, by ${originText(chosen.start.from)}`]),
    ...(parameters.length === 0 ? [] : [style.dim('    parameters'), ...parameters]),
    ...(fields.length === 0 ? [] : [style.dim('    fields'), ...fields]),
  ]
}

function workloadLines(file: FileResult, workload: WorkloadOutcome, result: RunResult, style: Colors): string[] {
  const { selection, reason } = workload
  const because = selection !== undefined && reason !== undefined ? `, by ${originText(selection.origin)}` : ''
  const why = reason === undefined ? '' : `: ${SKIP_REASONS[reason]}${because}`
  const name = `${style.bold(lineAt(file.source, workload.offset))} ${resourceName(workload.resource)}`
  const failed = workload.status === 'failed' ? failureLines(workload, result, style) : []
  const sidecars = [...workload.sidecars, ...(workload.others ?? [])].flatMap((one) =>
    sidecarLines(one, workload, style),
  )
  const foreign = (workload.foreign ?? []).map(
    (one) => `  ${style.bold(escapeText(one))}: added by another injector, never changed`,
  )
  return [`${name}: ${VERBS[workload.status]}${why}`, ...failed, ...sidecars, ...foreign]
}

/** The errors of a workload, and the sidecars that it would have got. */
function failureLines({ resource, selection }: WorkloadOutcome, { diagnostics }: RunResult, style: Colors): string[] {
  const errors = diagnostics.filter((d) => d.severity === 'error' && d.resource === resource)
  return [
    ...errors.map((d) => `  ${d.code}: ${escapeText(d.message)}`),
    ...(selection?.chosen ?? []).map(
      ({ template, origin }) => `  ${style.bold(template.name)} ${template.version}: selected by ${originText(origin)}`,
    ),
  ]
}

function serviceLines(file: FileResult, service: ServiceOutcome, style: Colors): string[] {
  return [
    `${style.bold(lineAt(file.source, service.offset))} ${resourceName(service.resource)}: ${SERVICE_VERBS[service.status]}`,
    ...serviceReasons(service).map((line) => `  ${line}`),
  ]
}

function otherLines(file: FileResult, object: OtherObject, style: Colors): string[] {
  const head = `${style.bold(lineAt(file.source, object.offset))} ${resourceName(object.resource)}`
  return [`${head}: not changed: ${reasonOf(object)}`, ...declarationLines(object)]
}

function reasonOf({ isKnown, podSpecs }: OtherObject): string {
  if (isKnown) return 'this kind has no pod template'
  return podSpecs.length === 0
    ? 'unknown kind; if it has a pod template, declare it in the policy (workloadKinds)'
    : 'unknown kind with pod specs; declare it in the policy:'
}

/** The rows of `workloadKinds` that would make an object a workload. */
function declarationLines({ resource, podSpecs }: OtherObject): string[] {
  const { group } = splitApiVersion(resource.apiVersion)
  return podSpecs.map(({ path, inline }) =>
    escapeText(
      `  workloadKinds: [{group: ${group}, kind: ${resource.kind}, podTemplatePath: '${path}'${inline ? ', inline: true' : ''}}]`,
    ),
  )
}

/**
 * Explains for each object what it gets and why, in the order of the inputs.
 * @param others the objects of a file in which no pod template is known
 */
export function explainText(
  result: RunResult,
  others: (file: FileResult) => readonly OtherObject[],
  color: boolean,
): string {
  const style = createColors(color)
  const lines = result.files.flatMap((file) => {
    const objects = [
      ...file.workloads.map((workload) => ({
        offset: workload.offset,
        lines: workloadLines(file, workload, result, style),
      })),
      ...servicesOf(file).map((service) => ({ offset: service.offset, lines: serviceLines(file, service, style) })),
      ...others(file)
        .filter(({ offset }) => !servicesOf(file).some((service) => service.offset === offset))
        .map((object) => ({ offset: object.offset, lines: otherLines(file, object, style) })),
    ]
    return objects.sort((a, b) => a.offset - b.offset).flatMap((object) => object.lines)
  })
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
