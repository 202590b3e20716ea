import { jsonText, type Json, type JsonObject } from '../core/json/json.ts'
import {
  countFiles,
  type FileResult,
  type RunResult,
  type SidecarOutcome,
  type WorkloadOutcome,
} from '../core/inject/result.ts'
import type { ServiceOutcome } from '../core/services/service-outcome.ts'
import type { Origin } from '../core/selection/selection.ts'
import { costJson, totalCostJson } from './cost.ts'
import { resourceName } from './diagnostics.ts'
import { escapeText } from './escape.ts'
import { originText } from './origin.ts'
import { createColors, type Colors } from './colors.ts'
import { plural } from './plural.ts'
import { serviceDrifts, servicesOf } from './services.ts'
import { SKIP_REASONS } from './summary.ts'
import { textWidth } from './terminal-width.ts'

export const STATUS_FORMATS = ['table', 'wide', 'json', 'markdown'] as const
export type StatusFormat = Exclude<(typeof STATUS_FORMATS)[number], 'markdown'>

/** The state of a sidecar in a workload, as in the table. */
type State =
  | 'up to date'
  | 'missing'
  | 'outdated'
  | 'edited'
  | 'left over'
  | 'no record'
  | 'foreign'
  | 'skipped'
  | 'refused'
  | 'none'

const STATES: Record<NonNullable<SidecarOutcome['state']>, State> = {
  current: 'up to date',
  missing: 'missing',
  outdated: 'outdated',
  edited: 'edited',
  'left-over': 'left over',
  unrecorded: 'no record',
}

const COLOURS: Record<State, keyof Colors> = {
  'up to date': 'green',
  missing: 'yellow',
  outdated: 'yellow',
  edited: 'red',
  'left over': 'yellow',
  'no record': 'yellow',
  foreign: 'cyan',
  skipped: 'dim',
  refused: 'red',
  none: 'dim',
}

/** One cell of workloads × sidecars, or a Service that leads to a proxy. */
export interface StatusRow {
  file: FileResult
  workload: Pick<WorkloadOutcome, 'resource' | 'offset'>
  sidecar: string
  state: State
  found: string
  template: string
  mode: string
  why: string
}

function rowsOf(file: FileResult, workload: WorkloadOutcome): StatusRow[] {
  const { selection } = workload
  const row = (sidecar: string, state: State, rest: Partial<StatusRow> = {}): StatusRow => ({
    file,
    workload,
    sidecar,
    state,
    found: '',
    template: '',
    mode: '',
    why: '',
    ...rest,
  })
  const ours = [...workload.sidecars, ...(workload.others ?? [])].map((sidecar) => {
    const chosen = selection?.chosen.find((one) => one.template.name === sidecar.name)
    const origin = chosen === undefined ? '' : originText(chosen.origin)
    return row(sidecar.name, sidecar.state === undefined ? 'skipped' : STATES[sidecar.state], {
      found: sidecar.found ?? '',
      template: sidecar.version,
      mode: sidecar.mode ?? '',
      why: sidecar.reason === undefined ? origin : SKIP_REASONS[sidecar.reason],
    })
  })
  const refused =
    workload.status !== 'failed'
      ? []
      : (selection?.chosen ?? []).map(({ template, origin }) =>
          row(template.name, 'refused', { template: template.version, why: originText(origin) }),
        )
  const rows = [...ours, ...refused, ...(workload.foreign ?? []).map((name) => row(name, 'foreign'))]
  if (rows.length > 0) return rows
  const why = workload.reason === undefined ? '' : SKIP_REASONS[workload.reason]
  return [row('-', workload.status === 'failed' ? 'refused' : 'none', { why })]
}

/** A row for a Service that is, or should be, retargeted to a proxy. */
function serviceRows(file: FileResult, service: ServiceOutcome): StatusRow[] {
  const [drift] = serviceDrifts(service)
  const isEdited = service.ports.some(({ action }) => action === 'edited')
  if (service.status === 'left' && !isEdited) return []
  const state =
    drift === undefined ? (isEdited ? 'edited' : 'up to date') : drift.kind === 'left-over' ? 'left over' : 'outdated'
  const sidecar = [...new Set(service.ports.flatMap(({ sidecars }) => sidecars))].join(', ')
  const why = service.origin === undefined ? '' : originText(service.origin)
  return [{ file, workload: service, sidecar, state, found: '', template: '', mode: '', why }]
}

/** All sidecars of all workloads, in the order of the inputs. */
export function statusRows(result: RunResult): StatusRow[] {
  return result.files.flatMap((file) => [
    ...file.workloads.flatMap((workload) => rowsOf(file, workload)),
    ...servicesOf(file).flatMap((service) => serviceRows(file, service)),
  ])
}

function place({ file, workload }: StatusRow): string {
  return `${file.source.label}:${file.source.position(workload.offset).line}`
}

type Column = readonly [title: string, cell: (row: StatusRow) => string]

const COLUMNS: readonly Column[] = [
  ['WORKLOAD', (row) => resourceName(row.workload.resource)],
  ['SIDECAR', (row) => row.sidecar],
  ['VERSION', (row) => row.found],
  ['TEMPLATE', (row) => row.template],
  ['STATUS', (row) => row.state],
]

const WIDE: readonly Column[] = [
  ['FILE', place],
  ...COLUMNS,
  ['MODE', (row) => row.mode],
  ['BECAUSE', (row) => row.why],
]

function table(rows: readonly StatusRow[], columns: readonly Column[], color: boolean): string {
  if (rows.length === 0) return ''
  const style = createColors(color)
  const cells = rows.map((row) => columns.map(([, cell]) => escapeText(cell(row))))
  const widths = columns.map(([title], n) =>
    cells.reduce((most, line) => Math.max(most, textWidth(line[n] ?? '')), title.length),
  )
  const pad = (text: string, n: number): string => text + ' '.repeat((widths[n] ?? 0) - textWidth(text))
  const head = columns
    .map(([title], n) => pad(title, n))
    .join('   ')
    .trimEnd()
  const lines = cells.map((line, at) =>
    line
      .map((text, n) => {
        const padded = n === line.length - 1 ? text : pad(text, n)
        return columns[n]?.[0] === 'STATUS' ? style[COLOURS[(rows[at] as StatusRow).state]](padded) : padded
      })
      .join('   ')
      .trimEnd(),
  )
  return `${style.bold(head)}\n${lines.join('\n')}\n`
}

function originJson({ level, text, at }: Origin): Json {
  const { line } = at?.source.position(at.range.start) ?? { line: undefined }
  return present({ level, text, file: at?.source.label, line })
}

/** The fields that have a value. */
function present(fields: Record<string, Json | undefined>): JsonObject {
  const out: JsonObject = {}
  for (const [key, value] of Object.entries(fields)) if (value !== undefined && value !== '') out[key] = value
  return out
}

function sidecarJson({ sidecar, state, found, template, mode }: StatusRow): Json {
  return present({ name: sidecar, state, version: found, templateVersion: template, mode })
}

/** The policy file of an input, by the input's label. */
type PolicyFinder = (label: string) => string | undefined

function workloadJson(file: FileResult, workload: WorkloadOutcome, policyOf: PolicyFinder): Json {
  const { resource, status, reason, selection, document, offset } = workload
  const { line } = file.source.position(offset)
  return {
    ...present({ file: file.source.label, line, document, policy: policyOf(file.source.label), status, reason }),
    ...resource,
    ...(selection !== undefined && { origin: originJson(selection.origin) }),
    sidecars: rowsOf(file, workload)
      .filter((row) => row.sidecar !== '-')
      .map(sidecarJson),
    ...(workload.cost !== undefined && { cost: costJson(workload.cost) }),
  }
}

function serviceJson(file: FileResult, { resource, document, offset, ports, origin }: ServiceOutcome): Json {
  const { line } = file.source.position(offset)
  return {
    ...present({ file: file.source.label, line, document }),
    ...resource,
    ...(origin !== undefined && { origin: originJson(origin) }),
    ports: ports.map(({ port, action, from, to, app, sidecars, workloads, reason }) => ({
      ...present({ port, action, targetPort: to, was: from, appPort: app, reason }),
      sidecars: [...sidecars],
      workloads: [...workloads],
    })),
  }
}

function json(result: RunResult, policyOf: PolicyFinder): string {
  const workloads = result.files.flatMap((file) =>
    file.workloads.map((workload) => workloadJson(file, workload, policyOf)),
  )
  const services = result.files.flatMap((file) => servicesOf(file).map((service) => serviceJson(file, service)))
  const summary: Record<string, Json> = {}
  for (const { state } of statusRows(result)) if (state !== 'none') summary[state] = Number(summary[state] ?? 0) + 1
  const all = { workloads, ...(services.length > 0 && { services }), summary, cost: totalCostJson(result) }
  return `${jsonText(all, 2)}\n`
}

/** One line of totals: how many sidecars are in each state. */
export function statusSummary(result: RunResult): string {
  const counts = new Map<State, number>()
  for (const { state } of statusRows(result)) if (state !== 'none') counts.set(state, (counts.get(state) ?? 0) + 1)
  const workloads = result.files.flatMap((file) => file.workloads).length
  const where = `${plural(workloads, 'workload')} in ${plural(countFiles(result), 'file')}`
  const text = [...counts].map(([state, count]) => `${count} ${state}`).join(', ')
  return text === '' ? `no sidecars in ${where}` : `${text} (${where})`
}

/** The table of workloads × sidecars in one of its formats. */
export function statusText(
  result: RunResult,
  format: StatusFormat,
  color: boolean,
  policyOf: PolicyFinder = () => undefined,
): string {
  if (format === 'json') return json(result, policyOf)
  return table(statusRows(result), format === 'wide' ? WIDE : COLUMNS, color)
}
