import {
  countFiles,
  hasChanged,
  workloadsOf,
  type FileResult,
  type RunResult,
  type SidecarOutcome,
  type WorkloadOutcome,
} from '../core/inject/result.ts'
import { hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { resourceName, type ReportEnv } from './diagnostics.ts'
import { lineAt } from './origin.ts'
import { escapeText } from './escape.ts'
import { createColors, type Colors } from './colors.ts'
import { plural } from './plural.ts'
import { serviceDrifts, servicesOf } from './services.ts'
import { NOT_READ, SKIP_REASONS } from './summary.ts'

/** A difference between a workload or Service and what `inject` would make of it. */
export interface Drift {
  file: FileResult
  subject: Pick<WorkloadOutcome, 'resource' | 'offset'>
  isService?: true
  kind: 'missing' | 'outdated' | 'edited' | 'left over' | 'no record' | 'outdated record'
  /** The difference as text. */
  text: string
  /** Whether `inject` would discard edits by hand, for which it needs --force. */
  isEdited: boolean
}

function outdatedText({ name, found, version }: SidecarOutcome): string {
  if (found !== version) return `${name} ${found ?? ''} is outdated: its template is now ${version}`
  return `${name} is outdated: its parameters, its place, its template or the workload has changed`
}

/** The text for each state of a sidecar; none if it is up to date. */
const TEXTS: Record<Drift['kind'], (sidecar: SidecarOutcome) => string> = {
  missing: ({ name }) => `${name} is missing`,
  outdated: outdatedText,
  edited: ({ name }) => `${name} was edited by hand`,
  'left over': ({ name, reason, isEdited }) => {
    const why = reason === undefined ? 'nothing requests it here' : SKIP_REASONS[reason]
    return `${name} is left over: ${why}${isEdited === true ? ', and it was edited by hand' : ''}`
  },
  'no record': ({ name }) => `${name} has no record`,
  'outdated record': () => 'the record of what was injected is not up to date',
}

function driftsOf(file: FileResult, workload: WorkloadOutcome): Drift[] {
  const found = workload.sidecars.flatMap((sidecar): Drift[] => {
    const { state } = sidecar
    if (state === undefined || state === 'up to date') return []
    const isEdited = state === 'edited' || sidecar.isEdited === true
    return [{ file, subject: workload, kind: state, text: TEXTS[state](sidecar), isEdited }]
  })
  if (found.length > 0 || !hasChanged(workload)) return found
  const text = 'the record of what was injected is not up to date'
  return [{ file, subject: workload, kind: 'outdated record', text, isEdited: false }]
}

/** All differences between manifests and what `inject` would make of them, in input order. */
export function drifts(result: RunResult): Drift[] {
  return result.files.flatMap((file) => {
    const services = servicesOf(file).flatMap((service) =>
      serviceDrifts(service).map(({ kind, text }): Drift => ({
        file,
        subject: service,
        isService: true,
        kind,
        text,
        isEdited: false,
      })),
    )
    const found = [...file.workloads.flatMap((workload) => driftsOf(file, workload)), ...services]
    const [workload] = file.workloads
    if (found.length > 0 || workload === undefined || file.output === file.source.text) return found
    const text = 'an object that a sidecar added is not up to date'
    return [{ file, subject: workload, kind: 'edited', text, isEdited: true }]
  })
}

/** A line per difference: `k8s/web.yaml:3: Deployment shop/web: logging is missing`. */
export function driftLines(found: readonly Drift[], color: boolean): string {
  const style = createColors(color)
  return found
    .map(({ file, subject, kind, text }) => {
      const place = style.bold(lineAt(file.source, subject.offset))
      const colour = kind === 'edited' ? style.red : style.yellow
      return `${place}: ${resourceName(subject.resource)}: ${colour(escapeText(text))}\n`
    })
    .join('')
}

/**
 * `2 sidecars missing, 1 outdated`; empty for none.
 * @param what what is counted, in the singular
 */
function countsOf(found: readonly Drift[], what: string): string {
  const counts = (Object.keys(TEXTS) as Drift['kind'][])
    .map((kind) => ({ kind, count: found.filter((one) => one.kind === kind).length }))
    .filter(({ count }) => count > 0)
  return counts
    .map(({ kind, count }, n) => {
      if (kind === 'outdated record') return plural(count, kind)
      return `${n === 0 ? plural(count, what) : count} ${kind === 'no record' ? 'without a record' : kind}`
    })
    .join(', ')
}

/** False for a workload at which the run was not to look. */
function isCompared({ reason }: WorkloadOutcome): boolean {
  return reason === undefined || (reason !== 'not-injected' && !NOT_READ.has(reason))
}

/** How to choose sidecars, where nobody did and nothing is injected. */
function unchosenHint(workloads: readonly WorkloadOutcome[], style: Colors): string {
  if (workloads.some(isCompared) || !workloads.some(({ reason }) => reason === 'not-injected')) return ''
  return `${style.bold('hint:')} no sidecar is injected here, and none is selected: use -s NAME or a policy file (sidecarctl init)\n`
}

/** How to update what is not up to date, without edits by hand and with them. */
export interface FixHints {
  update: string
  discard: string
}

/**
 * One line of totals, and how to go on.
 * @param diagnostics all findings, also those of inputs that could not be read
 */
export function driftSummary(
  result: RunResult,
  found: readonly Drift[],
  diagnostics: readonly Diagnostic[],
  env: ReportEnv,
  hints: FixHints,
): string {
  if (env.verbosity === 'quiet') return ''
  const isFailing = hasErrors(diagnostics)
  const style = createColors(env.color)
  const workloads = workloadsOf(result)
  const failed = workloads.filter(({ status }) => status === 'failed').length
  const files = plural(countFiles(result), 'file')
  const where = `${plural(workloads.length, 'workload')} in ${files}`
  const failures = failed === 0 ? '' : `, ${failed} failed`
  if (found.length === 0) {
    const compared = workloads.filter(isCompared).length
    const left = workloads.length - compared
    const rest = left === 0 ? '' : `; ${plural(left, 'workload')} not compared`
    const upToDate = `up to date: ${plural(compared, 'workload')} in ${files}${rest}`
    const said = isFailing ? where + failures : upToDate
    return (
      style.bold(compared > 0 ? said : `nothing compared: ${where}`) +
      '\n' +
      (diagnostics.some(({ code }) => code === 'KIND_UNDECLARED') ? '' : unchosenHint(workloads, style))
    )
  }
  const [ours, services] = [
    found.filter((one) => one.isService !== true),
    found.filter((one) => one.isService === true),
  ]
  const odd = [
    [ours, 'workload'],
    [services, 'Service'],
  ] as const
  const subjects = odd
    .map(([drifts, word]) => ({ word, count: new Set(drifts.map(({ subject }) => subject)).size }))
    .filter(({ count }) => count > 0)
  const counts = [countsOf(ours, 'sidecar'), countsOf(services, 'port')].filter((text) => text !== '').join('; ')
  const line = `${subjects.map(({ word, count }) => plural(count, word)).join(' and ')} not up to date: ${counts}${failures} (${where})`
  // With an error no file is written.
  const first = isFailing ? 'fix the errors first; ' : ''
  const hint = first + (ours.some(({ isEdited }) => isEdited) ? hints.discard : hints.update)
  return `${style.bold(line)}\n${style.bold('hint:')} ${escapeText(hint)}\n`
}
