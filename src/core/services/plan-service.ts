import { atField } from '../kube/object-place.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isEqual } from '../json/equality.ts'
import { refusedEdit } from '../patch/refused-edit.ts'
import { textOf as written, type JsonPath, type Json } from '../json/json.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import type { ServiceOutcome, ServicePortOutcome } from './service-outcome.ts'
import { EditLayoutError, EditError } from '../yaml/edit/edit-error.ts'
import { planAnnotation } from './retarget-annotation.ts'
import { RETARGET_ANNOTATION } from './service-prefilter.ts'
import { serviceProblems } from './read-services.ts'
import {
  aliasIn,
  emptyRetargetRecord,
  isScalarText,
  parseRetargets,
  retargetText,
  type RetargetedPort,
  type RetargetRecord,
} from './retarget-record.ts'
import type { Route } from './route.ts'
import type { Service, ServicePort, RetargetRequest } from './service.ts'

/** What is asked of the Services of an input. */
export interface ServiceTask {
  request: RetargetRequest
  /** Where a port should lead, by its own value and the record of it; undefined to leave it as it is. */
  routeOf: (service: Service, port: ServicePort, value: Json | undefined, entry: RetargetedPort | undefined) => Route
  /** True when a workload of the run has a proxy by which a port can have come to lead where its record says. */
  isProven: (service: Service, entry: RetargetedPort) => boolean
  /** Ports, as `adoptionKey` names them, that were changed by hand to what is right now, and are ours again. */
  adopted: Set<string>
}

/** What became of a Service, with what is to be said of it. */
export interface PlannedService {
  outcome: ServiceOutcome | undefined
  diagnostics: Diagnostic[]
}

/** One port with its record, and what is to be written. */
interface PortPlan {
  outcome?: ServicePortOutcome
  /** The record of the port afterwards. */
  entry?: RetargetedPort
  /** The edit of its `targetPort`. */
  edit?: { put: number | string } | RetargetedPort
  diagnostic?: Diagnostic
  /** Set where the sidecar that it leads to, or the Service itself, is not part of the run. */
  isOutside?: true
}

/** Plans the edits of one Service into the editor of its document. */
export function planService(service: Service, editor: DocumentEditor, task: ServiceTask): PlannedService {
  const text = retargetText(service.data)
  const before = text === undefined ? undefined : parseRetargets(text)
  if (text !== undefined && before === undefined) return { outcome: undefined, diagnostics: [badRecord(service)] }
  try {
    const plans = planPorts(service, before, editor, task)
    const after: RetargetRecord =
      before === undefined ? emptyRetargetRecord() : { ...before, was: new Map(before.was), ports: new Map() }
    for (const { key, plan } of plans) if (plan.entry !== undefined) after.ports.set(key, plan.entry)
    const diagnostics = plans.flatMap(({ plan }) => plan.diagnostic ?? [])
    const edits = plans.filter(({ plan }) => plan.edit !== undefined)
    const problems = edits.length > 0 ? serviceProblems(service) : []
    if (hasErrors(problems)) return { outcome: undefined, diagnostics: [...diagnostics, ...problems] }
    for (const { path, plan } of edits) {
      const edit = plan.edit as NonNullable<PortPlan['edit']>
      if ('put' in edit) editor.putScalar(path, 'targetPort', edit.put, 'port')
      else restorePort(editor, path, edit)
    }
    const isWritten = planAnnotation(service, before, after, editor)
    const all = plans.map(({ plan }) => plan)
    return { outcome: outcomeOf(service, all, task.request, isWritten), diagnostics }
  } catch (error) {
    if (!(error instanceof EditError)) throw error
    return { outcome: undefined, diagnostics: [refusedEdit(error, service)] }
  }
}

/** Restores the text of a port; in place of an alias without its anchor, as where the file was rewritten, its value. */
function restorePort(editor: DocumentEditor, path: JsonPath, { text, from = null }: RetargetedPort): void {
  const alias = text === undefined ? undefined : aliasIn(text)
  if (alias === undefined || isEqual(from, editor.aliases.anchored(alias, [...path, 'targetPort'])))
    return editor.restoreScalar(path, 'targetPort', text)
  editor.putScalar(path, 'targetPort', from, 'port')
}

function planPorts(service: Service, before: RetargetRecord | undefined, editor: DocumentEditor, task: ServiceTask) {
  const entries = before === undefined ? new Map<string, RetargetedPort>() : assign(before.ports, service.ports)
  const seen = new Set<string>()
  return service.ports
    .filter(({ key }) => seen.size < seen.add(key).size)
    .map((port) => {
      const path: JsonPath = [...service.path, 'spec', 'ports', port.index]
      const entry = entries.get(port.key)
      return { key: port.key, path, plan: planPort(service, port, entry, task, () => textOf(editor, path)) }
    })
}

/** The entries of a record by the ports that are there: one whose number was changed by hand is known by its target. */
function assign(entries: RetargetRecord['ports'], ports: readonly ServicePort[]): RetargetRecord['ports'] {
  const keys = new Set(ports.map(({ key }) => key))
  const out = new Map([...entries].filter(([key]) => keys.has(key)))
  for (const [key, entry] of entries) {
    const moved = keys.has(key) ? undefined : ports.find((port) => !out.has(port.key) && port.target === entry.to)
    if (moved !== undefined) out.set(moved.key, entry)
  }
  return out
}

/** The text of a `targetPort`, to be put back one day. */
function textOf(editor: DocumentEditor, path: JsonPath): string | undefined {
  const text = editor.scalarText(path, 'targetPort')
  if (text === undefined || isScalarText(text)) return text
  throw new EditLayoutError(
    'the original form of this targetPort could not be restored',
    editor.offsetOf(path),
    'write it on one line',
  )
}

function planPort(
  service: Service,
  port: ServicePort,
  entry: RetargetedPort | undefined,
  task: ServiceTask,
  text: () => string | undefined,
): PortPlan {
  const value = entry === undefined ? port.target : entry.from
  const route = task.routeOf(service, port, value, entry)
  const { retarget } = task.request
  const isWanted = route.to === 'proxy' && (retarget ?? entry !== undefined)
  if (entry === undefined) {
    if (!isWanted) return bypass(service, port, route, retarget === true)
    const { target, by, of } = route
    const outcome = outcomeOfPort(port, 'retargeted', { from: value, to: target }, route, by)
    return { outcome, entry: { text: text(), from: value, to: target, by, of }, edit: { put: target } }
  }
  const stays = isWanted || route.to === 'there'
  const target = isWanted ? route.target : entry.to
  if (port.target !== entry.to && !task.adopted.has(adoptionKey(service, port))) {
    if (!stays || port.target !== target) return editedByHand(service, port, entry, stays)
    task.adopted.add(adoptionKey(service, port))
  }
  if (!stays && !task.isProven(service, entry)) return { entry, diagnostic: unproven(service, port, entry) }
  if (!stays) {
    const told = bypass(service, port, route, retarget === true)
    const outcome = outcomeOfPort(port, 'restored', { from: entry.to, to: entry.from }, route, entry.by)
    return { ...told, outcome, edit: entry }
  }
  const { by, of } = route.to === 'proxy' ? route : entry
  const isSame = port.target === target
  const outcome = outcomeOfPort(
    port,
    isSame ? 'kept' : 'updated',
    { from: isSame ? entry.from : entry.to, to: target },
    route,
    by,
  )
  return {
    outcome,
    entry: { ...entry, to: target, by, of },
    ...(!isSame && { edit: { put: target } }),
    ...(!isWanted && { isOutside: true }),
  }
}

function adoptionKey({ namespace, ref }: Service, { key }: ServicePort): string {
  return [namespace, ref.name, key].join('\n')
}

/** A value that is no longer ours is the user's own, and stays; its record stays as long as it would be needed. */
function editedByHand(service: Service, port: ServicePort, entry: RetargetedPort, stays: boolean): PortPlan {
  const isBack = !stays && port.target === entry.from
  const outcome = outcomeOfPort(
    port,
    isBack ? 'restored' : 'edited',
    { from: entry.to, to: port.target },
    { to: 'there' },
    entry.by,
  )
  if (isBack) return { outcome }
  const shown = port.target === undefined ? 'was removed' : `is now ${written(port.target)}`
  const hint = stays
    ? `set it to ${entry.to} again, or remove ${RETARGET_ANNOTATION} to keep your value`
    : 'make sure that this is intended'
  return {
    outcome,
    ...(stays && { entry }),
    diagnostic: at(
      service,
      port,
      'SERVICE_EDITED',
      `sidecarctl set targetPort of port ${port.port} to ${entry.to}, but it ${shown}; your change is kept`,
      hint,
    ),
  }
}

/** The warning of a port that leads past proxies. */
function bypass(service: Service, port: ServicePort, route: Route, tellsWhy: boolean): PortPlan {
  if (route.to !== 'proxy' && route.to !== 'nowhere') return {}
  const { app, by, of } = route
  const reason = route.to === 'nowhere' && tellsWhy ? route.reason : undefined
  const names = by.map((name) => `"${name}"`).join(', ')
  const workloads = of.map((id) => id.replace('/', ' ')).join(', ')
  const why = reason === undefined ? '' : `; it is not retargeted because ${reason}`
  const message = `this Service sends to port ${app} of ${workloads}, bypassing the ${by.length === 1 ? 'sidecar' : 'sidecars'} ${names}${why}`
  const hint = route.to === 'proxy' ? `set targetPort to ${route.target}, or use --retarget-services` : route.hint
  return {
    outcome: outcomeOfPort(port, 'bypasses', { from: port.target, to: port.target, reason }, route, by),
    diagnostic: at(service, port, 'SERVICE_BYPASSES_PROXY', message, hint),
  }
}

function at(
  service: Service,
  { index, target }: ServicePort,
  code: 'SERVICE_BYPASSES_PROXY' | 'SERVICE_EDITED',
  message: string,
  hint: string,
): Diagnostic {
  const path: JsonPath = ['spec', 'ports', index, target === undefined ? 'port' : 'targetPort']
  return diagnostic(code, message, { hint, ...atField(service, path), path })
}

function badRecord(service: Service): Diagnostic {
  return ofRecord(
    service,
    'RECORD_INVALID',
    'this annotation records what sidecarctl changed here, but it was edited and cannot be read',
    'restore it from version control, or remove it and set targetPort by hand',
  )
}

/** A port is put back only where a proxy of ours can have changed it. */
function unproven(service: Service, { port }: ServicePort, { to, by }: RetargetedPort): Diagnostic {
  const names = by.map((name) => `"${name}"`).join(', ')
  return ofRecord(
    service,
    'RECORD_UNPROVEN',
    `this annotation records that port ${port} was retargeted to ${to} of sidecar ${names}, but no workload in this run has that sidecar and port, so it is not changed`,
    'include the workload in the same run before its sidecar is removed, or restore the port with --force',
  )
}

function ofRecord(
  service: Service,
  code: 'RECORD_INVALID' | 'RECORD_UNPROVEN',
  message: string,
  hint: string,
): Diagnostic {
  const path: JsonPath = ['metadata', 'annotations', RETARGET_ANNOTATION]
  return diagnostic(code, message, { hint, ...atField(service, path), path })
}

function outcomeOfPort(
  { port, protocol }: ServicePort,
  action: ServicePortOutcome['action'],
  { from, to, reason }: { from: Json | undefined; to: Json | undefined; reason?: string | undefined },
  route: Route,
  sidecars: readonly string[],
): ServicePortOutcome {
  const known = route.to === 'proxy' || route.to === 'nowhere'
  return {
    port: protocol === 'TCP' ? String(port) : `${port}/${protocol}`,
    action,
    sidecars,
    workloads: known ? route.of : [],
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(known && { app: route.app }),
    ...(reason !== undefined && { reason }),
  }
}

function outcomeOf(
  { doc, ref, node }: Service,
  plans: readonly PortPlan[],
  { origin }: RetargetRequest,
  isChanged: boolean,
): ServiceOutcome | undefined {
  const ports = plans.flatMap(({ outcome }) => outcome ?? [])
  if (ports.length === 0) return undefined
  const isOutside = plans.some((plan) => plan.isOutside)
  const unchanged = ports.some(({ action }) => action === 'kept') ? 'up to date' : 'left'
  return {
    resource: ref,
    document: doc.index,
    offset: node.propertiesStart,
    status: isChanged ? 'updated' : isOutside ? 'skipped' : unchanged,
    ports,
    ...(origin !== undefined && { origin }),
  }
}
