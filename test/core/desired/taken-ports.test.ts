/** Ports of a sidecar that another container of the pod uses. */
import type { JsonObject } from '../../../src/core/json/json.ts'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import type { ApplyContext, PlanProblem } from '../../../src/core/desired/pod-paths.ts'
import { reportTakenPorts } from '../../../src/core/desired/taken-ports.ts'
import { formatFieldPath } from '../../../src/core/field-path/field-path.ts'
import { emptyRecord } from '../../../src/core/ownership/record.ts'
import type { Sidecar } from '../../../src/core/template/template.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { table, type Row } from '../../helpers/table.ts'

interface Task {
  /** The sidecar's ports. */
  ports?: unknown
  /** The name of its container. */
  name?: string
  isRecorded?: boolean
  /** A container that a sidecar before it added. */
  added?: JsonObject
}

/** The problems of a sidecar in a pod, each with the field that it is about. */
function taken(spec: JsonObject, { ports, name = 'x', isRecorded = false, added }: Task): string[] {
  const draft = new DesiredPod({ spec }, emptyRecord(), new Set())
  if (added !== undefined) draft.set('other', ['spec', 'containers', { id: String(added['name']) }], added)
  const found: PlanProblem[] = []
  const source = new SourceText('ship.yaml', '')
  reportTakenPorts(draft, { name: 'ship' } as Sidecar, { name, ports } as JsonObject, {
    isRecorded,
    report: (problem: PlanProblem) => found.push(problem),
    place: () => ({ source, range: { start: 0, end: 0 } }),
  } as unknown as ApplyContext)
  return found.map(({ code, message, hint, address }) => {
    const isUsual = code === 'PORT_TAKEN' && hint === 'give the sidecar another port; to list its parameters: sidecarctl templates docs ship -t ship.yaml'
    return `${isUsual ? '' : `${code} ${hint} `}${message.replace(/^sidecar "ship" and container "(.*)" both use/, '$1 uses')} at ${formatFieldPath(address)}`
  })
}

const app = (...ports: object[]): JsonObject => ({ containers: [{ name: 'app', ports } as unknown as JsonObject] })
const probed = (probe: object): JsonObject => ({ containers: [{ name: 'app', ...probe } as unknown as JsonObject] })
const ONE: Task = { ports: [{ containerPort: 1 }] }
const port1 = (pod: JsonObject, probe: string): Row<JsonObject, Task, string[]> => [pod, ONE, [`app uses port 1/TCP at spec.containers[app].${probe}.httpGet.port`]]

table<JsonObject, Task, string[]>('a port is taken where a container declares it', taken, [
  [app({ containerPort: 1 }), ONE, ['app uses port 1/TCP at spec.containers[app].ports[1/TCP]']],
  [app({ containerPort: 2 }), ONE, []],
  [app(), ONE, []],
  [{}, ONE, []],
  [app({ containerPort: 1 }), {}, []],
  [app({ containerPort: 2 }, { containerPort: 1, protocol: 'TCP' }), ONE, ['app uses port 1/TCP at spec.containers[app].ports[1/TCP]']],
  [app({ containerPort: 1, protocol: 'UDP' }), ONE, [], 'another protocol is another port'],
  [app({ containerPort: 1, protocol: 'UDP' }), { ports: [{ containerPort: 1, protocol: 'UDP' }] }, ['app uses port 1/UDP at spec.containers[app].ports[1/UDP]']],
  [app({ containerPort: 2, hostPort: 9 }), { ports: [{ containerPort: 1, hostPort: 9 }] }, ['app uses port 9 of the node at spec.containers[app].ports[2/TCP]']],
  [app({ containerPort: 2, hostPort: 9 }), { ports: [{ containerPort: 1, hostPort: 9, protocol: 'UDP' }] }, []],
  [app({ containerPort: 2, name: 'http' }), { ports: [{ containerPort: 1, name: 'http' }] }, ['app uses port name "http" at spec.containers[app].ports[2/TCP]']],
  [app({ containerPort: 2, name: 'http' }), { ports: [{ containerPort: 1, name: 'http', protocol: 'UDP' }] }, ['app uses port name "http" at spec.containers[app].ports[2/TCP]']],
  [app({ containerPort: 2, name: 'http', hostPort: 9 }), { ports: [{ containerPort: 1, name: 'web', hostPort: 9 }] }, ['app uses port 9 of the node at spec.containers[app].ports[2/TCP]']],
  [app({ containerPort: 2, name: 'http' }), { ports: [{ containerPort: 1, name: 'web' }] }, []],
  [{ containers: [{ name: 'app', ports: [null, { containerPort: 1 }] }] }, { ports: [null, { containerPort: 1 }] }, ['app uses port 1/TCP at spec.containers[app].ports[1/TCP]']],
  [app({ containerPort: '1' }), { ports: [{ containerPort: '1' }] }, [], 'what is no number is left to validation'],
  [{ containers: [{ name: 'app', ports: 1 }] }, { ports: 1 }, []],
  [app({ containerPort: 1 }), { ...ONE, name: 'app' }, [], 'a container of its name is its own'],
  [{ initContainers: [{ name: 'i', ports: [{ containerPort: 1 }] }] }, ONE, ['i uses port 1/TCP at spec.initContainers[i].ports[1/TCP]']],
  [app({ containerPort: 1 }, { containerPort: 2 }), { ports: [{ containerPort: 2 }, { containerPort: 1 }] }, ['app uses port 1/TCP at spec.containers[app].ports[1/TCP]', 'app uses port 2/TCP at spec.containers[app].ports[2/TCP]'], 'each is reported'],
  [app({ containerPort: 1 }), { ...ONE, isRecorded: true }, ['app uses port 1/TCP at spec.containers[app].ports[1/TCP]'], 'with a record, too'],
])

table<JsonObject, Task, string[]>('or where its probes and hooks connect to it', taken, [
  ...['livenessProbe', 'readinessProbe', 'startupProbe'].map((key) =>
    port1(probed({ [key]: { httpGet: { port: 1 } } }), key)),
  ...['postStart', 'preStop'].map((key) =>
    port1(probed({ lifecycle: { [key]: { httpGet: { port: 1 } } } }), `lifecycle.${key}`)),
  [probed({ livenessProbe: { tcpSocket: { port: 1 } } }), ONE, ['app uses port 1/TCP at spec.containers[app].livenessProbe.tcpSocket.port']],
  [probed({ livenessProbe: { grpc: { port: 1 } } }), ONE, ['app uses port 1/TCP at spec.containers[app].livenessProbe.grpc.port']],
  [probed({ livenessProbe: { exec: { port: 1 } } }), ONE, []],
  [probed({ livenessProbe: { httpGet: { port: 'http' } } }), { ports: [{ containerPort: 1, name: 'http' }] }, [], 'a name is one of its own ports'],
  [probed({ livenessProbe: { httpGet: { port: 1, host: 'db' } } }), ONE, [], 'on another host it is another port'],
  [probed({ livenessProbe: { httpGet: { port: 1, host: '' } } }), ONE, ['app uses port 1/TCP at spec.containers[app].livenessProbe.httpGet.port']],
  [probed({ livenessProbe: { httpGet: { port: 1, host: null } } }), ONE, ['app uses port 1/TCP at spec.containers[app].livenessProbe.httpGet.port']],
  [probed({ livenessProbe: { httpGet: { port: 1 } }, readinessProbe: { httpGet: { port: 1 } } }), ONE, ['app uses port 1/TCP at spec.containers[app].livenessProbe.httpGet.port'], 'once'],
  [probed({ livenessProbe: { httpGet: { port: 2 } }, readinessProbe: { httpGet: { port: 1 } } }), ONE, ['app uses port 1/TCP at spec.containers[app].readinessProbe.httpGet.port']],
  [probed({ ports: [{ containerPort: 1 }], livenessProbe: { httpGet: { port: 1 } } }), ONE, ['app uses port 1/TCP at spec.containers[app].ports[1/TCP]'], 'a port that is declared is reported there'],
  [probed({ livenessProbe: { httpGet: { port: 1 } } }), { ports: [{ containerPort: 1, protocol: 'UDP' }] }, [], 'they connect by TCP'],
  [probed({ livenessProbe: { httpGet: { port: 1 } } }), { ...ONE, isRecorded: true }, [], 'with a record the probe may be for the sidecar'],
  [app(), { ...ONE, added: { name: 'other', livenessProbe: { httpGet: { port: 1 } } } }, [], 'nor do probes of other sidecars count'],
  [app(), { ...ONE, added: { name: 'other', ports: [{ containerPort: 1 }] } }, ['other uses port 1/TCP at spec.containers[other].ports[1/TCP]'], 'but their ports do'],
])
