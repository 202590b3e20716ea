/** One Service and where its ports should lead: what is written into it, and what is said. */
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/json/json.ts'
import { DocumentEditor } from '../../../src/core/patch/document-editor.ts'
import { planService, type ServiceTask } from '../../../src/core/services/plan-service.ts'
import { readServices } from '../../../src/core/services/read-services.ts'
import { formatRetargets, type RetargetedPort } from '../../../src/core/services/retarget-record.ts'
import type { Route } from '../../../src/core/services/route.ts'
import type { Service } from '../../../src/core/services/service.ts'
import { applyEdits } from '../../../src/core/text/edit.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { table, type Row } from '../../helpers/table.ts'

const of = ['Deployment/web']
const proxy = (target: number | string, by = ['gate']): Route => ({ to: 'proxy', target, app: 8080, by, of })
const nowhere = (reason: string): Route => ({ to: 'nowhere', app: 8080, by: ['gate', 'wall'], of: ['Deployment/web', 'Pod/a'], reason, hint: 'do this' })
const app: Route = { to: 'app' }
const there: Route = { to: 'there' }

/** A Service whose only line of interest is that of its ports; with `record`, one that was retargeted. */
function service(ports: string, record?: { [port: string]: Partial<RetargetedPort> }): string {
  const entries = Object.entries(record ?? {}).map(([key, entry]): [string, RetargetedPort] =>
    [key, { text: '8080', from: 8080, to: 9090, by: ['gate'], of, ...entry }])
  const annotation = record === undefined ? '' : `, annotations: {sidecarctl.dev/retargeted: '${formatRetargets({ ports: new Map(entries), created: true, was: new Map() })}'}`
  return `apiVersion: v1\nkind: Service\nmetadata: {name: web${annotation}}\nspec:\n  selector: {app: web}\n  ports: [${ports}]\n`
}

interface Task {
  /** Where the ports lead, in order; the last counts for all others. */
  routes: Route[]
  retarget?: boolean
  /** Whether a workload of the run proves what the record says; it does unless a row says otherwise. */
  isProven?: boolean
}

function taskOf({ routes, retarget, isProven = true }: Task): ServiceTask {
  return {
    request: { retarget, origin: undefined },
    adopted: new Set(),
    isProven: () => isProven,
    routeOf: (service_, port) => routes[service_.ports.indexOf(port)] ?? (routes.at(-1) as Route),
  }
}

/** The ports after it, the record of them, what happened, and what is said. */
function planned(text: string, what: Task, task = taskOf(what)): string[] {
  const [first] = readServices(new SourceText('in.yaml', text)).services as [Service]
  const editor = new DocumentEditor(first.doc)
  const { outcome, diagnostics } = planService(first, editor, task)
  const after = applyEdits(text, editor.edits())
  const again = readServices(new SourceText('in.yaml', after)).services[0] as Service
  const annotations = (again.data['metadata'] as { annotations?: { [key: string]: string } }).annotations ?? {}
  const record = JSON.parse(outcome === undefined ? '{}' : (annotations['sidecarctl.dev/retargeted'] ?? '{}')) as { ports?: { [key: string]: { was?: string; from?: Json; to: Json; by: string[] } } }
  const shown = (value: Json | undefined): string => (value === undefined ? 'none' : JSON.stringify(value))
  return [
    `${outcome?.status ?? 'nothing'}: ${/ports: \[(.*)\]/.exec(after)?.[1]}`,
    ...(outcome?.ports ?? []).map(({ port, action, from, to }) => `${port} ${action} ${shown(from)} -> ${shown(to)}`),
    ...Object.entries(record.ports ?? {}).map(([key, { was, to, by }]) => `record ${key} was ${was ?? 'absent'} to ${shown(to)} by ${by.join()}`),
    ...diagnostics.map(({ code, message, hint }) => `${code}: ${message}; ${hint}`),
  ]
}
const rows = (rule: string, list: readonly Row<string, Task, string[]>[]): void => { table(rule, (text, task: Task) => planned(text, task), list) }

const ONE = '{port: 80, targetPort: 8080}'
const OURS = '{port: 80, targetPort: 9090}'
const PAST = 'SERVICE_BYPASSES_PROXY: this Service sends to port 8080 of Deployment web, bypassing the sidecar "gate"'

rows('a port is sent to the proxy where that is wanted, and what was there is recorded as it is written', [
  [service(ONE), { routes: [proxy(9090)], retarget: true }, ['updated: {port: 80, targetPort: 9090}', '80 retargeted 8080 -> 9090', 'record 80/TCP was 8080 to 9090 by gate']],
  [service('{port: 80, targetPort: 0x1F90}'), { routes: [proxy('gate')], retarget: true }, ['updated: {port: 80, targetPort: gate}', '80 retargeted 8080 -> "gate"', 'record 80/TCP was 0x1F90 to "gate" by gate']],
  [service('{port: 80}'), { routes: [proxy(9090)], retarget: true }, ['updated: {port: 80, targetPort: 9090}', '80 retargeted none -> 9090', 'record 80/TCP was absent to 9090 by gate']],
  [service('{port: 53, protocol: UDP, targetPort: 8080}'), { routes: [proxy(9090)], retarget: true }, ['updated: {port: 53, protocol: UDP, targetPort: 9090}', '53/UDP retargeted 8080 -> 9090', 'record 53/UDP was 8080 to 9090 by gate']],
  [service(`${ONE}, {port: 81}`), { routes: [proxy(9090), app], retarget: true }, ['updated: {port: 80, targetPort: 9090}, {port: 81}', '80 retargeted 8080 -> 9090', 'record 80/TCP was 8080 to 9090 by gate']],
  [service(`${ONE}, {port: 80, targetPort: 7}`), { routes: [proxy(9090)], retarget: true }, ['updated: {port: 80, targetPort: 9090}, {port: 80, targetPort: 7}', '80 retargeted 8080 -> 9090', 'record 80/TCP was 8080 to 9090 by gate'], 'of two ports of one number the first counts'],
  [service(ONE), { routes: [app], retarget: true }, ['nothing: {port: 80, targetPort: 8080}']],
  [service(ONE), { routes: [there], retarget: true }, ['nothing: {port: 80, targetPort: 8080}']],
])

rows('where nobody asks for it, a port that leads past a proxy is told', [
  [service(ONE), { routes: [proxy(9090)] }, ['left: {port: 80, targetPort: 8080}', '80 bypasses 8080 -> 8080', `${PAST}; set targetPort to 9090, or use --retarget-services`]],
  [service(ONE), { routes: [proxy(9090)], retarget: false }, ['left: {port: 80, targetPort: 8080}', '80 bypasses 8080 -> 8080', `${PAST}; set targetPort to 9090, or use --retarget-services`]],
  [service(ONE), { routes: [nowhere('of this')] }, ['left: {port: 80, targetPort: 8080}', '80 bypasses 8080 -> 8080', 'SERVICE_BYPASSES_PROXY: this Service sends to port 8080 of Deployment web, Pod a, bypassing the sidecars "gate", "wall"; do this']],
  [service(ONE), { routes: [nowhere('of this')], retarget: true }, ['left: {port: 80, targetPort: 8080}', '80 bypasses 8080 -> 8080', 'SERVICE_BYPASSES_PROXY: this Service sends to port 8080 of Deployment web, Pod a, bypassing the sidecars "gate", "wall"; it is not retargeted because of this; do this'], 'with the reason where it was asked for'],
])

rows('a port of ours stays so, follows its proxy, or goes back', [
  [service(OURS, { '80/TCP': {} }), { routes: [proxy(9090)] }, ['up to date: {port: 80, targetPort: 9090}', '80 kept 8080 -> 9090', 'record 80/TCP was 8080 to 9090 by gate']],
  [service(OURS, { '80/TCP': {} }), { routes: [there] }, ['skipped: {port: 80, targetPort: 9090}', '80 kept 8080 -> 9090', 'record 80/TCP was 8080 to 9090 by gate']],
  [service(OURS, { '80/TCP': {} }), { routes: [proxy(9191, ['wall'])] }, ['updated: {port: 80, targetPort: 9191}', '80 updated 9090 -> 9191', 'record 80/TCP was 8080 to 9191 by wall']],
  [service(OURS, { '80/TCP': {} }), { routes: [proxy(9090, ['wall'])] }, ['updated: {port: 80, targetPort: 9090}', '80 kept 8080 -> 9090', 'record 80/TCP was 8080 to 9090 by wall'], 'another proxy at the same port is recorded'],
  [service(OURS, { '80/TCP': {} }), { routes: [app] }, ['updated: {port: 80, targetPort: 8080}', '80 restored 9090 -> 8080']],
  [service(OURS, { '80/TCP': { text: '"http"', from: 'http' } }), { routes: [app] }, ['updated: {port: 80, targetPort: "http"}', '80 restored 9090 -> "http"']],
  [service(OURS, { '80/TCP': { text: undefined, from: undefined } }), { routes: [app] }, ['updated: {port: 80}', '80 restored 9090 -> none']],
  [service(OURS, { '80/TCP': {} }), { routes: [proxy(9090)], retarget: false }, ['updated: {port: 80, targetPort: 8080}', '80 restored 9090 -> 8080', `${PAST}; set targetPort to 9090, or use --retarget-services`], 'asked to, with what that means'],
  [service(OURS, { '80/TCP': {} }), { routes: [nowhere('of this')] }, ['updated: {port: 80, targetPort: 8080}', '80 restored 9090 -> 8080', 'SERVICE_BYPASSES_PROXY: this Service sends to port 8080 of Deployment web, Pod a, bypassing the sidecars "gate", "wall"; do this']],
  [service(`${OURS}, {port: 81}`, { '80/TCP': {}, '81/TCP': { to: 9191 } }), { routes: [proxy(9090), there] }, ['updated: {port: 80, targetPort: 9090}, {port: 81}', '80 kept 8080 -> 9090', '81 edited 9191 -> none', 'record 80/TCP was 8080 to 9090 by gate', 'record 81/TCP was 8080 to 9191 by gate', 'SERVICE_EDITED: sidecarctl set targetPort of port 81 to 9191, but it was removed; your change is kept; set it to 9191 again, or remove sidecarctl.dev/retargeted to keep your value'].map((line) => line.replace('updated:', 'up to date:'))],
  [service(OURS, { '70/TCP': {} }), { routes: [app] }, ['updated: {port: 80, targetPort: 8080}', '80 restored 9090 -> 8080'], 'a port that was renumbered by hand is known by its target'],
  [service('{port: 80, targetPort: 1}', { '70/TCP': {} }), { routes: [app] }, ['nothing: {port: 80, targetPort: 1}'], 'with another target it is another port'],
  [service(`${OURS}, {port: 81, targetPort: 9090}`, { '80/TCP': {}, '70/TCP': { text: '7', from: 7 } }), { routes: [app] }, ['updated: {port: 80, targetPort: 8080}, {port: 81, targetPort: 7}', '80 restored 9090 -> 8080', '81 restored 9090 -> 7'], 'each port takes one entry'],
])

rows('a value that was changed by hand since is the user\'s', [
  [service('{port: 80, targetPort: 1}', { '80/TCP': {} }), { routes: [proxy(9090)] }, ['left: {port: 80, targetPort: 1}', '80 edited 9090 -> 1', 'record 80/TCP was 8080 to 9090 by gate', 'SERVICE_EDITED: sidecarctl set targetPort of port 80 to 9090, but it is now 1; your change is kept; set it to 9090 again, or remove sidecarctl.dev/retargeted to keep your value']],
  [service('{port: 80, targetPort: 1}', { '80/TCP': {} }), { routes: [app] }, ['updated: {port: 80, targetPort: 1}', '80 edited 9090 -> 1', 'SERVICE_EDITED: sidecarctl set targetPort of port 80 to 9090, but it is now 1; your change is kept; make sure that this is intended'], 'the record goes when it is of no use'],
  [service(ONE, { '80/TCP': {} }), { routes: [app] }, ['updated: {port: 80, targetPort: 8080}', '80 restored 9090 -> 8080'], 'put back by hand, only the record is left to go'],
  [service('{port: 80, targetPort: 9191}', { '80/TCP': {} }), { routes: [proxy(9191)] }, ['updated: {port: 80, targetPort: 9191}', '80 kept 8080 -> 9191', 'record 80/TCP was 8080 to 9191 by gate'], 'what is right now is ours again'],
  [service('{port: 80, targetPort: 9191}', { '80/TCP': {} }), { routes: [there] }, ['left: {port: 80, targetPort: 9191}', '80 edited 9090 -> 9191', 'record 80/TCP was 8080 to 9090 by gate', 'SERVICE_EDITED: sidecarctl set targetPort of port 80 to 9090, but it is now 9191; your change is kept; set it to 9090 again, or remove sidecarctl.dev/retargeted to keep your value']],
])

const UNPROVEN = 'RECORD_UNPROVEN: this annotation records that port 80 was retargeted to 9090 of sidecar "gate", but no workload in this run has that sidecar and port, so it is not changed; include the workload in the same run before its sidecar is removed, or restore the port with --force'

rows('a port is put back only where a workload proves that it was ours', [
  [service(OURS, { '80/TCP': {} }), { routes: [app], isProven: false }, ['nothing: {port: 80, targetPort: 9090}', UNPROVEN]],
  [service(OURS, { '80/TCP': {} }), { routes: [proxy(9090)], retarget: false, isProven: false }, ['nothing: {port: 80, targetPort: 9090}', UNPROVEN]],
  [service(OURS, { '80/TCP': { by: ['gate', 'wall'] } }), { routes: [app], isProven: false }, ['nothing: {port: 80, targetPort: 9090}', UNPROVEN.replace('"gate"', '"gate", "wall"')]],
  [service(OURS, { '80/TCP': {} }), { routes: [proxy(9090)], isProven: false }, ['up to date: {port: 80, targetPort: 9090}', '80 kept 8080 -> 9090', 'record 80/TCP was 8080 to 9090 by gate'], 'one that stays needs no proof'],
  [service(ONE, { '80/TCP': {} }), { routes: [app], isProven: false }, ['updated: {port: 80, targetPort: 8080}', '80 restored 9090 -> 8080'], 'nor does one that was put back by hand'],
  [service(`${OURS}, {port: 81}`, { '80/TCP': {} }), { routes: [app, proxy(9191)], retarget: true, isProven: false }, ['updated: {port: 80, targetPort: 9090}, {port: 81, targetPort: 9191}', '81 retargeted none -> 9191', 'record 80/TCP was 8080 to 9090 by gate', 'record 81/TCP was absent to 9191 by gate', UNPROVEN], 'its record stays, too'],
])

rows('what cannot be read or put back is refused', [
  ['apiVersion: v1\nkind: Service\nmetadata: {name: web, annotations: {sidecarctl.dev/retargeted: "{"}}\nspec: {selector: {a: b}, ports: [{port: 80}]}\n', { routes: [proxy(9090)], retarget: true }, ['nothing: {port: 80}', 'RECORD_INVALID: this annotation records what sidecarctl changed here, but it was edited and cannot be read; restore it from version control, or remove it and set targetPort by hand']],
  [service('{port: 80, targetPort: "a\n    b"}'), { routes: [proxy(9090)], retarget: true }, ['nothing: undefined', 'EDIT_LAYOUT: the original form of this targetPort could not be restored; write it on one line']],
  [service('{port: 80, port: 80, targetPort: 8080}'), { routes: [proxy(9090)], retarget: true }, ['nothing: {port: 80, port: 80, targetPort: 8080}', saidOfTwice()]],
  [service('{port: 80, port: 80, targetPort: 8080}'), { routes: [app], retarget: true }, ['nothing: {port: 80, port: 80, targetPort: 8080}'], 'where nothing is to be done, nobody asks how it is written'],
])

describe('a port that is right again', () => {
  it('is ours again in all Services of its name and namespace of a run', () => {
    const task = taskOf({ routes: [proxy(9191)] })
    const edited = service('{port: 80, targetPort: 9191}', { '80/TCP': {} })
    expect(planned(edited, { routes: [] }, task)[1]).toBe('80 kept 8080 -> 9191')
    expect([...task.adopted]).toEqual(['default\nweb\n80/TCP'])
    // The copy of another environment, which nobody changed, follows.
    expect(planned(service(OURS, { '80/TCP': {} }), { routes: [] }, task)[1]).toBe('80 updated 9090 -> 9191')
    expect(planned(service('{port: 80, targetPort: 1}', { '80/TCP': {} }), { routes: [] }, task)[1]).toBe('80 updated 9090 -> 9191')
    expect(planned(service('{port: 80, targetPort: 1}', { '80/TCP': {} }).replace('name: web', 'name: other'), { routes: [] }, task)[1]).toBe('80 edited 9090 -> 1')
  })
})

describe('the outcome', () => {
  const outcomeOf = (text: string, what: Task): ReturnType<typeof planService> => {
    const [first] = readServices(new SourceText('in.yaml', text)).services as [Service]
    return planService(first, new DocumentEditor(first.doc), { ...taskOf(what), request: { retarget: what.retarget, origin: { level: 'flag', text: '--retarget-services' } as never } })
  }

  it('names the Service, its ports with their sidecars and workloads, and who asked', () => {
    const { outcome } = outcomeOf(`# top\n${service(ONE)}`, { routes: [proxy(9090)], retarget: true })
    expect(outcome).toEqual({
      resource: expect.objectContaining({ kind: 'Service', name: 'web' }) as unknown, document: 0, offset: 6, status: 'updated',
      origin: { level: 'flag', text: '--retarget-services' },
      ports: [{ port: '80', action: 'retargeted', sidecars: ['gate'], workloads: of, from: 8080, to: 9090, app: 8080 }],
    })
  })

  it('has the reason of one that is not retargeted, and what of it is not known is left out', () => {
    expect(outcomeOf(service('{port: 80}'), { routes: [nowhere('of this')], retarget: true }).outcome?.ports)
      .toEqual([{ port: '80', action: 'bypasses', sidecars: ['gate', 'wall'], workloads: ['Deployment/web', 'Pod/a'], app: 8080, reason: 'of this' }])
    expect(outcomeOf(service(OURS, { '80/TCP': {} }), { routes: [there] }).outcome?.ports)
      .toEqual([{ port: '80', action: 'kept', sidecars: ['gate'], workloads: [], from: 8080, to: 9090 }])
  })

  it.each<[string, string, Task, string]>([
    ['at its targetPort', service(ONE), { routes: [proxy(9090)] }, 'SERVICE_BYPASSES_PROXY 6:34 spec.ports.0.targetPort'],
    ['at its port where it has none', service('{port: 80}'), { routes: [proxy(9090)] }, 'SERVICE_BYPASSES_PROXY 6:18 spec.ports.0.port'],
    ['of a value that was changed', service('{port: 80, targetPort: 1}', { '80/TCP': {} }), { routes: [app] }, 'SERVICE_EDITED 6:34 spec.ports.0.targetPort'],
    ['of what is not proved', service(OURS, { '80/TCP': {} }), { routes: [app], isProven: false }, 'RECORD_UNPROVEN 3:64 metadata.annotations.sidecarctl.dev/retargeted'],
    ['of what cannot be written back', service('{port: 80, targetPort: "a\n    b"}'), { routes: [proxy(9090)], retarget: true }, 'EDIT_LAYOUT 6:11 '],
  ])('is told %s', (_, text, task, expected) => {
    const { diagnostics } = outcomeOf(text, task)
    expect(diagnostics.map(({ code, at, path = [], document, resource }) => {
      const { line, column } = at?.source.position(at.range.start) ?? {}
      expect([document, resource?.name]).toEqual([0, 'web'])
      return `${code} ${line}:${column} ${path.join('.')}`
    })).toEqual([expected])
  })
})

/** Whatever is said of a key that is written twice: the reader's tests say what. */
function saidOfTwice(): string {
  return expect.stringMatching(/^YAML_DUPLICATE_KEY: /) as unknown as string
}
