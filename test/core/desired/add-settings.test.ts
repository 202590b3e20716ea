/** What a sidecar sets in the app's containers and in the pod, beside its own container. */
import { addToApp, addToPod } from '../../../src/core/desired/add-settings.ts'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import type { ApplyContext, PlanProblem } from '../../../src/core/desired/pod-paths.ts'
import { formatFieldPath, parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { emptyRecord } from '../../../src/core/ownership/record.ts'
import type { Sidecar } from '../../../src/core/template/template.ts'
import { table, type Row } from '../../helpers/table.ts'
import { resolved } from '../template/support.ts'

interface Task {
  /** The spec of its template. */
  spec: string
  mode?: 'native' | 'classic'
  /** What a sidecar `other` has set before, by field path. */
  other?: { [address: string]: Json }
}

/** The fields that a sidecar sets, and what it reports. */
function set(pod: JsonObject, { spec, mode = 'native', other = {} }: Task, add: (draft: DesiredPod, sidecar: Sidecar, context: ApplyContext) => void): string[] {
  const draft = new DesiredPod(pod, emptyRecord(), new Set())
  for (const [address, value] of Object.entries(other)) draft.override('other', parseFieldPath(address) as FieldPath, value)
  const found: PlanProblem[] = []
  add(draft, resolved(spec).sidecar as Sidecar, { mode, report: (problem: PlanProblem) => found.push(problem) } as unknown as ApplyContext)
  return [
    ...[...draft.ownedFields.values()].filter(({ owners }) => owners.has('demo')).map(({ address, value }) => `${formatFieldPath(address)} = ${JSON.stringify(value)}`),
    ...found.map(({ code, message, hint, address }) => `${code} at ${formatFieldPath(address)}: ${message}${hint === undefined ? '' : ` | ${hint}`}`),
  ]
}
const rows = (rule: string, add: Parameters<typeof set>[2], list: readonly Row<JsonObject, Task, string[]>[]): void => {
  table(rule, (pod, task) => set(pod, task, add), list)
}
const APP: JsonObject = { spec: { containers: [{ name: 'app' }, { name: 'web' }] } }
const app = (more: object): JsonObject => ({ spec: { containers: [{ name: 'app', ...more } as JsonObject] } })

rows('a container of the app gets', (draft, sidecar, context) => addToApp(draft, sidecar, 'app', context), [
  [APP, { spec: 'container: {image: a}' }, [], 'nothing where none is asked for'],
  [APP, { spec: 'app: {env: [{name: A, value: x}, {name: B, value: z}]}' }, ['spec.containers[app].env[A] = {"name":"A","value":"x"}', 'spec.containers[app].env[B] = {"name":"B","value":"z"}']],
  [APP, { spec: 'app: {volumeMounts: [{name: v, mountPath: /v}]}' }, ['spec.containers[app].volumeMounts[/v] = {"name":"v","mountPath":"/v"}']],
  [APP, { spec: 'app: {ports: [{containerPort: 1}, {containerPort: 1, protocol: UDP}]}' }, ['spec.containers[app].ports[1/TCP] = {"containerPort":1}', 'spec.containers[app].ports[1/UDP] = {"containerPort":1,"protocol":"UDP"}']],
  [APP, { spec: 'app: {lifecycle: {preStop: {sleep: {seconds: 1}}}}' }, ['spec.containers[app].lifecycle = {"preStop":{"sleep":{"seconds":1}}}']],
  [app({ env: [{ name: 'A', value: 'x' }] }), { spec: 'app: {env: [{name: A, value: x}]}' }, [], 'not what it has'],
  [app({ env: [{ name: 'A', value: 'own' }] }), { spec: 'app: {env: [{name: A, value: x}]}' }, ['SETTING_KEPT at spec.containers[app].env[A]: sidecar "demo" requests a value for A that differs from the one that the manifest has; the existing value is kept']],
  [app({ lifecycle: { postStart: {} } }), { spec: 'app: {lifecycle: {preStop: {}}}' }, ['SETTING_KEPT at spec.containers[app].lifecycle: sidecar "demo" requests a value for lifecycle that differs from the one that the manifest has; the existing value is kept']],
  [APP, { spec: 'app: {env: [{name: A, value: x}]}', other: { 'spec.containers[app].env[A]': { name: 'A', value: 'y' } } }, ['SETTING_KEPT at spec.containers[app].env[A]: sidecar "demo" requests a value for A that differs from the one that sidecar "other" has set; the existing value is kept']],
  [app({ env: [{ name: 'A', value: 'own' }] }), { spec: 'app: {env: [{name: A, value: x}, {name: B, value: y}, {name: C, value: z}], volumeMounts: [{name: B, mountPath: B}]}\ntogether: [{env: [A, B]}]' }, [
    'spec.containers[app].env[C] = {"name":"C","value":"z"}', 'spec.containers[app].volumeMounts[B] = {"name":"B","mountPath":"B"}',
    'SETTING_KEPT at spec.containers[app].env[A]: container "app" has its own A, so sidecar "demo" sets none of A, B | to use the values of the sidecar, remove A from the manifest'], 'variables that belong together, all or none'],
])

const POD: JsonObject = { spec: { containers: [] } }
const pod = (spec: object, metadata?: object): JsonObject => ({ ...(metadata !== undefined && { metadata }), spec: { containers: [], ...spec } }) as unknown as JsonObject

rows('a pod gets', addToPod, [
  [POD, { spec: 'container: {image: a}' }, []],
  [POD, { spec: 'pod: {labels: {a: b}, annotations: {c: d}}' }, ['metadata.labels.a = "b"', 'metadata.annotations.c = "d"']],
  [POD, { spec: 'pod: {imagePullSecrets: [{name: s}], shareProcessNamespace: true, fsGroup: 0}' }, ['spec.imagePullSecrets[s] = {"name":"s"}', 'spec.shareProcessNamespace = true', 'spec.securityContext.fsGroup = 0']],
  [pod({ securityContext: { fsGroup: 1 } }), { spec: 'pod: {fsGroup: 2}' }, ['SETTING_KEPT at spec.securityContext.fsGroup: sidecar "demo" requests a value for fsGroup that differs from the one that the manifest has; the existing value is kept']],
  [POD, { spec: 'pod: {serviceAccountName: own}' }, ['spec.serviceAccountName = "own"']],
  [pod({ serviceAccountName: 'other' }), { spec: 'pod: {serviceAccountName: own}' }, [], 'no service account where it has one'],
  [pod({ serviceAccountName: null }), { spec: 'pod: {serviceAccountName: own}' }, ['spec.serviceAccountName = "own"']],
  [pod({}, { annotations: { a: '1' } }), { spec: 'pod: {annotations: {a: "2", b: "3", c: "4"}}\ntogether: [{annotations: [a, b]}]' }, ['metadata.annotations.c = "4"',
    'SETTING_KEPT at metadata.annotations.a: the pod template has its own a, so sidecar "demo" sets none of a, b | to use the values of the sidecar, remove a from the manifest']],
])

const GRACE = 'spec.terminationGracePeriodSeconds'
const NEEDS_60 = 'container: {image: a}\npod: {minTerminationGracePeriodSeconds: 60}'
const CLASSIC_60 = 'container: {image: a}\nclassic: {minTerminationGracePeriodSeconds: 60}'
const SLEEPS_60 = 'container: {image: a, lifecycle: {preStop: {sleep: {seconds: 60}}}}'

rows('its grace period is raised, never lowered', addToPod, [
  [POD, { spec: NEEDS_60 }, [`${GRACE} = 60`]],
  [pod({ terminationGracePeriodSeconds: 59 }), { spec: NEEDS_60 }, [`${GRACE} = 60`]],
  [pod({ terminationGracePeriodSeconds: 60 }), { spec: NEEDS_60 }, []],
  [pod({ terminationGracePeriodSeconds: 90 }), { spec: NEEDS_60 }, []],
  [pod({ terminationGracePeriodSeconds: null }), { spec: NEEDS_60 }, [`${GRACE} = 60`]],
  [pod({ terminationGracePeriodSeconds: '5' }), { spec: NEEDS_60 }, [], 'what is no number is left to validation'],
  [POD, { spec: NEEDS_60.replace('60', '30') }, [], 'the default is 30 seconds'],
  [POD, { spec: NEEDS_60.replace('60', '31') }, [`${GRACE} = 31`]],
  [POD, { spec: NEEDS_60, other: { [GRACE]: 90 } }, [`${GRACE} = 90`], 'what another sidecar set is enough for this one, too'],
  [POD, { spec: NEEDS_60, other: { [GRACE]: 45 } }, [`${GRACE} = 60`]],
  [POD, { spec: 'container: {image: a}', other: { [GRACE]: 45 } }, []],
  [POD, { spec: CLASSIC_60 }, []],
  [POD, { spec: CLASSIC_60, mode: 'classic' }, [`${GRACE} = 60`], 'for a classic container what that needs'],
  [POD, { spec: CLASSIC_60.replace('container: {image: a}\n', ''), mode: 'classic' }, []],
  [POD, { spec: SLEEPS_60 }, [`${GRACE} = 60`], 'for a container that sleeps before it stops'],
  [POD, { spec: SLEEPS_60, mode: 'classic' }, [`${GRACE} = 60`]],
  [POD, { spec: 'container: {image: a}\nclassic: {lifecycle: {preStop: {sleep: {seconds: 60}}}}' }, []],
  [POD, { spec: 'container: {image: a}\nclassic: {lifecycle: {preStop: {sleep: {seconds: 60}}}}', mode: 'classic' }, [`${GRACE} = 60`]],
])
