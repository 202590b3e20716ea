import type { FileResult, RunResult, SidecarOutcome, WorkloadOutcome } from '../core/inject/result.ts'
import type { ServiceOutcome } from '../core/services/service-outcome.ts'
import { originText } from './origin.ts'
import { serviceDrifts, servicesOf, SERVICE_SKIPPED } from './services.ts'
import { NOT_READ, SKIP_REASONS } from './summary.ts'

/** The state of a sidecar in a workload, as in the table. */
export type State = NonNullable<SidecarOutcome['state']> | 'foreign' | 'skipped' | 'failed' | 'none'

/** One cell of workloads × sidecars. */
export interface Row {
  file: FileResult
  workload: Pick<WorkloadOutcome, 'resource' | 'offset'>
  sidecar: string
  state: State
  found: string
  template: string
  mode: string
  why: string
  /** What happened to the sidecar; absent for a container that is not ours, and for one of a workload that failed. */
  outcome?: SidecarOutcome
}

/** The rows of a workload: its sidecars, those of others, and one without a sidecar where there is none. */
export function rowsOf(file: FileResult, workload: WorkloadOutcome): Row[] {
  const { selection } = workload
  const row = (sidecar: string, state: State, rest: Partial<Row> = {}): Row => ({
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
    return row(sidecar.name, sidecar.state ?? 'skipped', {
      found: sidecar.found ?? '',
      template: sidecar.reason === 'template-unknown' ? '' : sidecar.version,
      mode: sidecar.mode ?? '',
      why: sidecar.reason === undefined ? origin : SKIP_REASONS[sidecar.reason],
      outcome: sidecar,
    })
  })
  const failed =
    workload.status !== 'failed'
      ? []
      : (selection?.chosen ?? []).map(({ template, origin }) =>
          row(template.name, 'failed', { template: template.version, why: originText(origin) }),
        )
  const rows = [...ours, ...failed, ...(workload.foreign ?? []).map((name) => row(name, 'foreign'))]
  if (rows.length > 0) return rows
  const why = workload.reason === undefined ? '' : SKIP_REASONS[workload.reason]
  const state = workload.reason !== undefined && NOT_READ.has(workload.reason) ? 'skipped' : 'none'
  return [row('-', workload.status === 'failed' ? 'failed' : state, { why })]
}

/** A row for a Service that is, or should be, retargeted to a proxy. */
function serviceRows(file: FileResult, service: ServiceOutcome): Row[] {
  const [drift] = serviceDrifts(service)
  const isEdited = service.ports.some(({ action }) => action === 'edited')
  if (service.status === 'left' && !isEdited) return []
  const isSkipped = service.status === 'skipped' && !isEdited
  const same = isSkipped ? 'skipped' : isEdited ? 'edited' : 'up to date'
  const state = drift === undefined ? same : drift.kind === 'left over' ? 'left over' : 'outdated'
  const sidecar = [...new Set(service.ports.flatMap(({ sidecars }) => sidecars))].join(', ')
  const origin = service.origin === undefined ? '' : originText(service.origin)
  const why = isSkipped ? SERVICE_SKIPPED : origin
  return [{ file, workload: service, sidecar, state, found: '', template: '', mode: '', why }]
}

/** All rows, in the order of the inputs. */
export function allRows(result: RunResult): Row[] {
  return result.files.flatMap((file) => [
    ...file.workloads.flatMap((workload) => rowsOf(file, workload)),
    ...servicesOf(file).flatMap((service) => serviceRows(file, service)),
  ])
}
