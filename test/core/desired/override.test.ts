/** A user's own container of a sidecar's name: what it is taken for, and what of the sidecar's goes into it. */
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { formatFieldPath, parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import { keptFields, missingFields, overlay, overridePlace, placedMode } from '../../../src/core/desired/override.ts'
import { emptyRecord } from '../../../src/core/ownership/record.ts'
import { table } from '../../helpers/table.ts'

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath
const BASE = at('spec.containers[x]')
const X: JsonObject = { name: 'x' }

interface Lists { containers?: JsonObject[]; initContainers?: JsonObject[]; ours?: string[] }

table<Lists, string, unknown>('a container of the name overrides a sidecar\'s, and decides how it runs', ({ ours = [], ...spec }, name) => {
  const record = emptyRecord()
  record.sidecars.set('old', { version: '1', own: ours.map(at), digests: new Map() })
  const draft = new DesiredPod({ spec: spec as JsonObject }, record, new Set())
  draft.sidecarNames.add('x').add('istio-proxy')
  const place = overridePlace(draft, name)
  return [place === undefined ? undefined : formatFieldPath(place), placedMode(draft, name)]
}, [
  [{ containers: [X] }, 'x', ['spec.containers', 'classic']],
  [{ initContainers: [{ ...X, restartPolicy: 'Always', image: 'auto' }] }, 'x', ['spec.initContainers', 'native'], 'with the image that stands for the sidecar\'s'],
  [{ containers: [{ ...X, image: 'a' }] }, 'x', [undefined, undefined], 'a container with an image of its own is the user\'s'],
  [{ initContainers: [X] }, 'x', ['spec.initContainers', 'native'], 'without an image it does no work of its own'],
  [{ initContainers: [{ ...X, image: 'a' }] }, 'x', [undefined, undefined], 'with one it does, and ends'],
  [{ initContainers: [{ ...X, image: 'a', restartPolicy: 'OnFailure' }] }, 'x', [undefined, undefined]],
  [{ containers: [X], initContainers: [X] }, 'x', ['spec.containers', 'classic']],
  [{ containers: [X], ours: ['spec.containers[x]'] }, 'x', [undefined, undefined], 'not one of ours'],
  [{ containers: [{ name: 'istio-proxy' }] }, 'istio-proxy', [undefined, undefined], 'nor one of another injector'],
  [{ containers: [{ name: 'app' }] }, 'app', [undefined, undefined], 'nor one that no sidecar is called'],
  [{ containers: [] }, 'x', [undefined, undefined]],
])

table<JsonObject, JsonObject, Json>('the user\'s fields win over the sidecar\'s', overlay, [
  [{ image: 'a', tty: true }, { image: 'b' }, { image: 'b', tty: true }],
  [{ image: 'a' }, { image: null }, { image: 'a' }, 'null counts as nothing'],
  [{ args: ['a'] }, { args: ['b', 'c'] }, { args: ['b', 'c'] }, 'lists as a whole'],
  [{ env: [{ name: 'A', value: '1' }, { name: 'B' }] }, { env: [{ name: 'C' }, { name: 'A', value: '2' }] }, { env: [{ name: 'C' }, { name: 'A', value: '2' }, { name: 'B' }] }, 'but for those whose items are known by name'],
  [{ env: [{ name: 'A' }] }, { env: 'none' }, { env: 'none' }],
  [{ env: 'none' }, { env: [{ name: 'A' }] }, { env: [{ name: 'A' }] }],
  [{ a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }, 'maps field by field'],
  [{ a: { b: 1 } }, { a: 1 }, { a: 1 }],
  [{ a: 1 }, { a: { b: 1 } }, { a: { b: 1 } }],
  [{ securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'p' } } }, { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }, { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }, 'what is one choice as a whole'],
  [{ securityContext: { appArmorProfile: { a: 1 }, seLinuxOptions: { a: 1 }, windowsOptions: { a: 1 } } }, { securityContext: { appArmorProfile: {}, seLinuxOptions: {}, windowsOptions: {} } }, { securityContext: { appArmorProfile: {}, seLinuxOptions: {}, windowsOptions: {} } }],
])

const probe = (handler: JsonObject): JsonObject => ({ livenessProbe: handler })

table<JsonObject, JsonObject, Json>('what cannot stand together is the user\'s alone', overlay, [
  [probe({ httpGet: { port: 1 }, periodSeconds: 5 }), probe({ exec: { command: ['a'] } }), probe({ exec: { command: ['a'] }, periodSeconds: 5 }), 'two handlers of a probe'],
  [probe({ tcpSocket: {} }), probe({ httpGet: {} }), probe({ httpGet: {} })],
  [probe({ grpc: {} }), probe({ tcpSocket: {} }), probe({ tcpSocket: {} })],
  [probe({ exec: {} }), probe({ grpc: {} }), probe({ grpc: {} })],
  [{ lifecycle: { preStop: { sleep: {} } } }, { lifecycle: { preStop: { exec: {} } } }, { lifecycle: { preStop: { exec: {} } } }],
  [{ lifecycle: { preStop: { exec: {} } } }, { lifecycle: { preStop: { sleep: {} } } }, { lifecycle: { preStop: { sleep: {} } } }],
  [probe({ httpGet: { port: 1, path: '/a' } }), probe({ httpGet: { port: 2 } }), probe({ httpGet: { port: 2, path: '/a' } }), 'the same handler is merged'],
  [probe({ httpGet: { port: 1 } }), probe({ periodSeconds: 5 }), probe({ httpGet: { port: 1 }, periodSeconds: 5 }), 'without one the sidecar\'s counts'],
  [{ resources: { requests: { cpu: '2', memory: '1' } } }, { resources: { limits: { cpu: '1' } } }, { resources: { requests: { memory: '1' }, limits: { cpu: '1' } } }, 'a request above a limit'],
  [{ resources: { limits: { cpu: '500m', memory: '1' } } }, { resources: { requests: { cpu: 1 } } }, { resources: { requests: { cpu: 1 }, limits: { memory: '1' } } }],
  [{ resources: { limits: { cpu: 1 } } }, { resources: { requests: { cpu: '1000m' } } }, { resources: { requests: { cpu: '1000m' }, limits: { cpu: 1 } } }, 'one of the same stays'],
  [{ resources: { limits: { cpu: 1 } } }, { resources: { requests: { cpu: 'x' } } }, { resources: { requests: { cpu: 'x' }, limits: { cpu: 1 } } }, 'and one that is none'],
  [{ resources: { limits: { cpu: 'x' } } }, { resources: { requests: { cpu: 1 } } }, { resources: { requests: { cpu: 1 }, limits: { cpu: 'x' } } }],
  [{ resources: { limits: { memory: 1 } } }, { resources: { requests: { cpu: 2 } } }, { resources: { requests: { cpu: 2 }, limits: { memory: 1 } } }],
  [{ securityContext: { runAsNonRoot: true, a: 1 } }, { securityContext: { runAsUser: 0 } }, { securityContext: { runAsUser: 0, a: 1 } }, 'root where none is allowed'],
  [{ securityContext: { runAsNonRoot: true } }, { securityContext: { runAsUser: 1 } }, { securityContext: { runAsUser: 1, runAsNonRoot: true } }],
  [{ securityContext: { runAsNonRoot: true } }, { securityContext: { runAsUser: 0, runAsNonRoot: true } }, { securityContext: { runAsUser: 0, runAsNonRoot: true } }, 'what the user says is not ours to judge'],
  [{}, { securityContext: null }, { securityContext: null }],
])

table<JsonObject, JsonObject, string[]>('fields of the user\'s that stand in the place of the sidecar\'s are told', (user, sidecar) => keptFields(user, sidecar, BASE).map(formatFieldPath), [
  [{ name: 'x', image: 'b', tty: true }, { name: 'x', image: 'a' }, ['spec.containers[x].image'], 'but its name'],
  [{ image: null }, { image: 'a' }, []],
  [{ a: { name: 'b', c: 1 } }, { a: { name: 'd' } }, ['spec.containers[x].a.name']],
  [{ env: [{ name: 'A' }, { name: 'B' }, {}] }, { env: [{ name: 'B' }, {}] }, ['spec.containers[x].env[B]']],
  [{ env: 1 }, { env: [] }, ['spec.containers[x].env']],
  [{ env: [] }, { env: 1 }, ['spec.containers[x].env']],
  [{ args: ['a'] }, { args: ['a'] }, ['spec.containers[x].args']],
  [{ a: { b: 1 } }, { a: 1 }, ['spec.containers[x].a']],
  [{ a: 1 }, { a: { b: 1 } }, ['spec.containers[x].a']],
  [{ securityContext: { seccompProfile: { type: 'a' } } }, { securityContext: { seccompProfile: { type: 'b' } } }, ['spec.containers[x].securityContext.seccompProfile']],
])

table<JsonObject, JsonObject, string[]>('fields that the user\'s lacks are put in', (user, merged) => missingFields(user, merged, BASE).map(({ address, value }) => `${formatFieldPath(address)} ${JSON.stringify(value)}`), [
  [{ a: 1 }, { a: 1, b: { c: 2 } }, ['spec.containers[x].b {"c":2}']],
  [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, ['spec.containers[x].a.c 2']],
  [{ a: null }, { a: { b: 1 } }, ['spec.containers[x].a.b 1'], 'below a null'],
  [{ a: null }, { a: 1 }, ['spec.containers[x].a 1']],
  [{}, { a: null }, [], 'null is nothing to put in'],
  [{ a: null }, { a: null }, []],
  [{ env: [{ name: 'A' }] }, { env: [{ name: 'A' }, { name: 'B' }, {}] }, ['spec.containers[x].env[B] {"name":"B"}']],
  [{ env: [{ name: 'A' }] }, { env: [{ name: 'A' }] }, []],
  [{ a: 1 }, { a: [1, 2] }, []],
  [{ a: [1] }, { a: 2 }, []],
])
