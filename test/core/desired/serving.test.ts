/** What Knative and KServe want of a sidecar: its mode, names of containers, and fields that they reject. */
import { describe, expect, it } from 'vitest'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import { fittedTo, modeIn, nameHint, servingProblems } from '../../../src/core/desired/knative.ts'
import { formatFieldPath } from '../../../src/core/field-path/field-path.ts'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { inlineKindRow, workloadKindRow, type WorkloadKind } from '../../../src/core/kube/kinds.ts'
import type { Workload } from '../../../src/core/kube/workload.ts'
import { emptyRecord } from '../../../src/core/ownership/record.ts'
import type { Sidecar } from '../../../src/core/template/template.ts'
import { resolved } from '../template/support.ts'

const KNATIVE = workloadKindRow('serving.knative.dev', 'Service')
const KSERVE = inlineKindRow('serving.kserve.io', 'InferenceService', ['spec', 'predictor'])
const DEPLOYMENT = workloadKindRow('apps', 'Deployment')

it.each<['auto' | 'native' | 'classic', string, WorkloadKind, string]>([
  ['auto', 'Knative', KNATIVE, 'classic'], ['native', 'Knative', KNATIVE, 'native'], ['classic', 'Knative', KNATIVE, 'classic'],
  ['auto', 'KServe', KSERVE, 'classic'], ['native', 'KServe', KSERVE, 'native'],
  ['auto', 'a Deployment', DEPLOYMENT, 'auto'], ['native', 'a Deployment', DEPLOYMENT, 'native'],
])('the mode %s in %s is %s', (wish, _, kind, expected) => expect(modeIn(kind, wish)).toBe(expected))

it.each<[string, WorkloadKind, string | undefined]>([
  ['Knative', KNATIVE, "set one; Knative's default is user-container"],
  ['KServe', KSERVE, "set one; KServe's default is kserve-container"],
  ['a Deployment', DEPLOYMENT, undefined],
])('a container without a name in %s is told of its default', (_, kind, expected) => expect(nameHint(kind)).toBe(expected))

const sidecarOf = (spec: string): Sidecar => resolved(spec).sidecar as Sidecar

describe('a sidecar that starts first', () => {
  const first = sidecarOf('container: {image: a}\nclassic: {startFirst: true, minTerminationGracePeriodSeconds: 5}')
  it.each<[string, WorkloadKind, boolean]>([['KServe', KSERVE, false], ['Knative', KNATIVE, true], ['a Deployment', DEPLOYMENT, true]])('in %s: %s', (_, workloadKind, expected) => {
    const fitted = fittedTo({ workloadKind } as Workload, first)
    expect(fitted.classic).toEqual({ ...first.classic, startFirst: expected })
    expect(fitted === first).toBe(expected)
  })
  it('is the same object where it starts as it is', () => {
    const other = sidecarOf('container: {image: a}')
    expect(fittedTo({ workloadKind: KSERVE } as Workload, other)).toBe(other)
  })
})

interface Serving {
  kind?: WorkloadKind
  annotations?: JsonObject
  component?: JsonObject
  mode?: 'native' | 'classic'
  containers?: JsonObject[]
}

/** What is warned of, in short. */
function warnings(spec: string, { kind = KNATIVE, annotations = {}, component = {}, mode = 'classic', containers = [{ name: 'kserve-container' }] }: Serving): string[] {
  const workload = { workloadKind: kind, templatePath: kind.templatePath, data: { metadata: { annotations }, spec: { predictor: component } } } as unknown as Workload
  const draft = new DesiredPod({ spec: { containers } }, emptyRecord(), new Set())
  return servingProblems(workload, draft, sidecarOf(spec), mode).map(({ code, message, hint, address }) => `${code} at ${formatFieldPath(address)}: ${message} | ${hint}`)
}

const PLAIN = 'container: {image: a}'
const FEATURES = 'enable the features in the ConfigMap config-features of knative-serving, or use a template without them'
const WAY_OUT = ', or make KServe run without Knative with the annotation serving.kserve.io/deploymentMode: Standard'
const refused = (what: string, more = ''): string[] => [`KNATIVE_REFUSES at : sidecar "demo" uses fields that Knative rejects by default: ${what} | ${FEATURES}${more}`]

describe('Knative rejects by default', () => {
  const INIT = 'init containers (feature kubernetes.podspec-init-containers)'
  const FIELD_REF = 'env from a fieldRef (feature kubernetes.podspec-fieldref)'
  it.each<[string, Serving, string | undefined]>([
    [PLAIN, {}, undefined],
    [PLAIN, { mode: 'native' }, INIT],
    ['initContainers: [{name: i, image: a}]', {}, INIT],
    ['pod: {labels: {a: b}}', { mode: 'native' }, undefined],
    ...['startupProbe', 'readinessProbe', 'livenessProbe'].map((probe): [string, Serving, string] => [`container: {image: a, ${probe}: {grpc: {port: 1}}}`, {}, 'probes of a second container (feature multi-container-probing)']),
    ['container: {image: a, livenessProbe: {grpc: {port: 1}}}', { mode: 'native' }, `${INIT}; probes of an init container`],
    ['container: {image: a, ports: [{containerPort: 1}]}', {}, 'ports of a second container'],
    ['container: {image: a, ports: [{containerPort: 1}]}', { mode: 'native' }, INIT],
    ['container: {image: a, ports: []}', {}, undefined],
    ['container: {image: a, lifecycle: {preStop: {}}}', {}, 'lifecycle hooks'],
    ['initContainers: [{name: i, image: a, lifecycle: {preStop: {}}}]', {}, `${INIT}; lifecycle hooks`],
    ['container: {image: a}\nclassic: {lifecycle: {preStop: {sleep: {seconds: 1}}}}', {}, 'lifecycle hooks'],
    ['container: {image: a}\nclassic: {lifecycle: {preStop: {sleep: {seconds: 1}}}}', { mode: 'native' }, INIT],
    ['container: {image: a, env: [{name: A, valueFrom: {fieldRef: {fieldPath: x}}}]}', {}, FIELD_REF],
    ['container: {image: a, env: [{name: B, value: x}, {name: A, valueFrom: {resourceFieldRef: {resource: x}}}]}', {}, FIELD_REF],
    ['container: {image: a, env: [{name: A, valueFrom: {secretKeyRef: {name: s}}}, {name: B, value: x}]}', {}, undefined],
    ['pod: {fsGroup: 1}', {}, 'fsGroup (feature kubernetes.podspec-securitycontext)'],
    ['pod: {shareProcessNamespace: false}', {}, 'shareProcessNamespace'],
    ['pod: {minTerminationGracePeriodSeconds: 1}', {}, 'terminationGracePeriodSeconds'],
    ['container: {image: a}\nclassic: {minTerminationGracePeriodSeconds: 1}', {}, 'terminationGracePeriodSeconds'],
    ['container: {image: a}\nclassic: {minTerminationGracePeriodSeconds: 1}', { mode: 'native' }, INIT],
  ])('%s %j: %s', (spec, serving, expected) => expect(warnings(spec, serving)).toEqual(expected === undefined ? [] : refused(expected)))
})

describe('elsewhere', () => {
  const PORTS = 'container: {image: a, ports: [{containerPort: 1}]}'
  const KEPT = ['KSERVE_SERVER_NAME at spec.containers[server].name: with sidecar "demo", KServe does not recognize its model server in container "server" | name that container kserve-container, as KServe does when it is the only one']
  const server: Serving = { kind: KSERVE, containers: [{ name: 'server' }] }
  it.each<[string, string, Serving, string[]]>([
    ['a Deployment takes all of it', PORTS, { kind: DEPLOYMENT }, []],
    ['KServe with Knative does not', PORTS, { kind: KSERVE }, refused('ports of a second container', WAY_OUT)],
    ['KServe in another mode neither', PORTS, { kind: KSERVE, annotations: { 'serving.kserve.io/deploymentMode': 'Serverless' } }, refused('ports of a second container', WAY_OUT)],
    ['KServe without Knative does', PORTS, { kind: KSERVE, annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } }, []],
    ['and with the former name of that mode', PORTS, { kind: KSERVE, annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } }, []],
    ['KServe finds its model server by its name', PLAIN, { kind: KSERVE }, []],
    ['KServe does not find one of another name', PLAIN, server, KEPT],
    ['except beside no other container', 'pod: {labels: {a: b}}', server, []],
    ['or beside an init container', PLAIN, { ...server, mode: 'native' }, refused('init containers (feature kubernetes.podspec-init-containers)', WAY_OUT)],
    ['or where there were several before', PLAIN, { ...server, containers: [{ name: 'server' }, { name: 'other' }] }, []],
    ['or none', PLAIN, { ...server, containers: [] }, []],
    ...['model', 'sklearn', 'xgboost', 'tensorflow', 'pytorch', 'triton', 'onnx', 'huggingface', 'pmml', 'lightgbm', 'paddle'].map((model): [string, string, Serving, string[]] =>
      [`or where it makes one for the model ${model}`, PLAIN, { ...server, component: { [model]: {} } }, []]),
    ['which a field without a map does not name', PLAIN, { ...server, component: { model: null } }, KEPT],
    ['or in another component', PLAIN, { ...server, kind: inlineKindRow('serving.kserve.io', 'InferenceService', ['spec', 'transformer']) }, []],
  ])('%s', (_, spec, serving, expected) => expect(warnings(spec, serving)).toEqual(expected))
})
