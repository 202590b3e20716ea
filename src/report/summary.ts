import {
  countFiles,
  workloadsOf,
  type FileResult,
  type RunResult,
  type WorkloadOutcome,
} from '../core/inject/result.ts'
import type { ServiceOutcome } from '../core/services/service-outcome.ts'
import type { SkipReason } from '../core/selection/selection.ts'
import { groupParts } from '../core/text/parts.ts'
import { resourceName, type ReportEnv } from './diagnostics.ts'
import { costText, totalCost } from './cost.ts'
import { escapeText } from './escape.ts'
import { createColors, type Colors } from './colors.ts'
import { lineAt } from './origin.ts'
import { plural } from './plural.ts'
import { serviceChanges, servicesOf, SERVICE_SKIPPED } from './services.ts'

/** Why a workload or a sidecar was skipped, as text. */
export const SKIP_REASONS: Record<SkipReason, string> = {
  'not-selected': 'not selected',
  'opted-out': 'opted out by annotation or label',
  'excluded-namespace': 'its namespace is excluded by the policy',
  'excluded-path': 'its path is excluded by the policy',
  'host-network': 'it uses the host network',
  'container-name-taken': 'a container with its name already exists',
  'kind-not-supported-by-template': 'the template does not support this kind',
  'not-injected': 'it has no sidecars added by sidecarctl',
  'record-lost': 'it looks injected but has no record; nothing was compared or removed',
  'template-unknown': 'its template is unknown here, so it was not compared',
  'sidecar-not-injected': 'it has none of the named sidecars',
  'no-sidecars': 'no sidecar is selected for it',
  'pod-exists': 'the containers of an existing Pod cannot be changed; use --include-owned to inject it anyway',
  'has-owner': 'its owner would undo the change, so change the owner; use --include-owned to inject it anyway',
  'helm-hook': 'it is a Helm hook; use --helm-hooks or its annotation sidecarctl.dev/inject to inject it',
  failed: 'it has errors',
}

/** The reasons for which a workload is skipped whatever sidecars it has. */
export const NOT_READ: ReadonlySet<SkipReason> = new Set([
  'not-selected',
  'excluded-namespace',
  'excluded-path',
  'record-lost',
  'pod-exists',
  'has-owner',
  'helm-hook',
])

const STATUS: Record<WorkloadOutcome['status'], { text: string; style: keyof Colors }> = {
  injected: { text: 'injected', style: 'green' },
  updated: { text: 'updated', style: 'green' },
  'up to date': { text: 'up to date', style: 'dim' },
  removed: { text: 'removed', style: 'green' },
  skipped: { text: 'skipped', style: 'yellow' },
  failed: { text: 'failed', style: 'red' },
}

/** The text for the action on a sidecar, next to the workload's status. */
function sidecarText(sidecar: WorkloadOutcome['sidecars'][number], status: WorkloadOutcome['status']): string {
  const name = escapeText(sidecar.name)
  if (sidecar.action === 'skipped') {
    // Of a sidecar that is skipped, details are the ports that it would open on the node.
    const ports =
      sidecar.details.length === 0 ? '' : `, where it would open ${sidecar.details.map(escapeText).join(', ')}`
    return `${name} skipped (${sidecar.reason ? SKIP_REASONS[sidecar.reason] : 'not selected for it'}${ports})`
  }
  const expected = { injected: 'added', updated: 'updated', 'up to date': 'kept', removed: 'removed' } as const
  const plain = status in expected && expected[status as keyof typeof expected] === sidecar.action
  return plain ? name : `${name} (${sidecar.action})`
}

function workloadLines(file: FileResult, workload: WorkloadOutcome, env: ReportEnv, style: Colors): string[] {
  const status = STATUS[workload.status]
  const sidecars = workload.sidecars.map((sidecar) => sidecarText(sidecar, workload.status)).join(', ')
  const why = workload.reason === undefined ? '' : `: ${SKIP_REASONS[workload.reason]}`
  const head = `${lineAt(file.source, workload.offset)} ${resourceName(workload.resource)}: `
  const lines = [head + style[status.style](status.text) + (sidecars === '' ? '' : ` ${sidecars}`) + why]
  if (workload.foreign !== undefined)
    lines.push(style.dim(`  not changed, added by other tools: ${workload.foreign.map(escapeText).join(', ')}`))
  if (env.verbosity === 'verbose') {
    for (const sidecar of workload.sidecars.filter(({ action }) => action !== 'skipped')) {
      for (const detail of sidecar.details)
        lines.push(style.dim(`  ${escapeText(`${sidecar.name} ${sidecar.version}: ${detail}`)}`))
      for (const detail of sidecar.removed ?? [])
        lines.push(style.dim(`  ${escapeText(`${sidecar.name} ${sidecar.version}: removed ${detail}`)}`))
    }
    for (const { id, action } of workload.objects ?? []) lines.push(style.dim(`  ${escapeText(`${action} ${id}`)}`))
    if (workload.cost !== undefined) lines.push(style.dim(`  ${escapeText(costText(workload.cost))}`))
  }
  return lines
}

/** A line per Service that changed; with -v also for those that are up to date or skipped. */
function serviceLines(file: FileResult, service: ServiceOutcome, env: ReportEnv, style: Colors): string[] {
  const { status, resource, offset } = service
  if (status === 'left' || (status !== 'updated' && env.verbosity !== 'verbose')) return []
  const head = `${lineAt(file.source, offset)} ${resourceName(resource)}: `
  if (status === 'up to date') return [head + style.dim(STATUS[status].text)]
  if (status === 'skipped') return [`${head}${style[STATUS[status].style](STATUS[status].text)}: ${SERVICE_SKIPPED}`]
  const changes = serviceChanges(service)
  return [head + style.green('updated') + (changes.length === 0 ? '' : `: ${changes.join('; ')}`)]
}

/** Workloads that the run did not touch are counted in the totals. */
function isListed({ verbosity }: ReportEnv): (workload: WorkloadOutcome) => boolean {
  return ({ status }) => verbosity === 'verbose' || (status !== 'up to date' && status !== 'skipped')
}

/** `2 skipped (1 not selected, 1 opted out by annotation or label)` */
function skippedTotal(workloads: readonly WorkloadOutcome[]): string {
  const skipped = workloads.filter(({ status }) => status === 'skipped')
  const reasons = new Map<string, number>()
  for (const workload of skipped) {
    const text = skipText(workload)
    reasons.set(text, (reasons.get(text) ?? 0) + 1)
  }
  const [only] = reasons.keys()
  const why =
    reasons.size === 1 ? `: ${only}` : ` (${[...reasons].map(([text, count]) => `${count} ${text}`).join('; ')})`
  return `${skipped.length} ${STATUS.skipped.text}${why}`
}

/** Why a workload was skipped; where it has no reason of its own, why each of its sidecars was. */
function skipText({ reason, sidecars }: WorkloadOutcome): string {
  if (reason !== undefined) return SKIP_REASONS[reason]
  const skipped = sidecars.flatMap(({ name, reason: why }) =>
    why === undefined ? [] : `${escapeText(name)}: ${SKIP_REASONS[why]}`,
  )
  return skipped.length === 0 ? 'not selected' : skipped.join(', ')
}

const ORDER = ['injected', 'updated', 'removed', 'up to date', 'skipped', 'failed'] as const

/**
 * One line of totals.
 * @param outcome what is added to it, such as the number of files written
 */
export function totals(result: RunResult, outcome: string): string {
  const workloads = workloadsOf(result)
  const files = plural(countFiles(result), 'file')
  const services = result.files.flatMap(servicesOf).filter(({ status }) => status === 'updated').length
  const objects = workloads.flatMap((workload) => workload.objects ?? [])
  const changed = (['added', 'updated', 'removed'] as const).reduce(
    (text, action) => {
      const count = objects.filter((object) => object.action === action).length
      return count === 0 ? text : `${text}, ${plural(count, 'object')} ${action}`
    },
    services === 0 ? '' : `, ${plural(services, 'Service')} updated`,
  )
  if (workloads.length === 0) return `no workloads in ${files}${changed}`
  const counts = ORDER.map((status) => ({ status, count: workloads.filter((w) => w.status === status).length }))
  const parts = counts
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => (status === 'skipped' ? skippedTotal(workloads) : `${count} ${STATUS[status].text}`))
  return `${parts.join(', ')} (${plural(workloads.length, 'workload')} in ${files}${changed}${outcome})`
}

/**
 * The short report of a run: a line per workload that changed (with -v, per workload), then totals.
 * @param written number of files changed on disk; undefined when the run does not write
 */
export function summaryText(result: RunResult, env: ReportEnv, written?: number): string {
  if (env.verbosity === 'quiet') return ''
  const style = createColors(env.color)
  const lines = groupParts(result.files).flatMap((files) =>
    files
      .flatMap((file) => file.workloads.filter(isListed(env)).flatMap((w) => workloadLines(file, w, env, style)))
      .concat(files.flatMap((file) => servicesOf(file).flatMap((service) => serviceLines(file, service, env, style)))),
  )
  const outcome = written === undefined ? '' : `, ${written === 0 ? 'none' : written} written`
  const cost = env.verbosity === 'verbose' ? totalCost(result) : []
  return `${[...lines, ...cost, style.bold(totals(result, outcome))].join('\n')}\n`
}
