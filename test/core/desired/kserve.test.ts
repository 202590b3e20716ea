import { describe, expect, it } from 'vitest'
import { folder } from '../../cli/fake.ts'
import { sidecarctl } from '../../cli/gitops.ts'

/** A template of one container with some fields, and more of its spec. */
function template(container = 'args: [a]', spec = ''): string {
  return `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: own, version: 1.0.0, description: Own.}
spec:
  container: {image: "busybox:1.37", ${container}}
${spec}`
}

function service(spec: string, annotations = '{}'): string {
  return `apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: iris, annotations: ${annotations}}\nspec:\n${spec}`
}

function component(name: string, container: string, more = ''): string {
  return `  ${name}:\n    containers:\n      - {name: ${container}, image: "example.com/a:1"}\n${more}`
}

const SERVER = component('predictor', 'kserve-container')

async function put(manifest: string, text = template(), ...flags: string[]): ReturnType<typeof sidecarctl> {
  const cwd = folder({ 'own.yaml': text, 'service.yaml': manifest })
  return await sidecarctl(cwd, ['inject', 'service.yaml', '-t', 'own.yaml', '-s', 'own', ...flags])
}

describe('a sidecar in an InferenceService', () => {
  it('is an ordinary container, unless it is asked for as a native one', async () => {
    expect((await put(service(SERVER))).stdout).not.toContain('initContainers')
    expect((await put(service(SERVER), template(), '--mode', 'native')).stdout).toContain('\n    initContainers:\n')
  })

  it('stands behind the model server, where it is to start first, too', async () => {
    const { stdout } = await put(service(SERVER), template('args: [a]', '  classic: {startFirst: true}\n'))
    expect([...stdout.matchAll(/name: (kserve-container|own)\b/g)].map(([, name]) => name)).toEqual(['kserve-container', 'own'])
  })

  it.each([
    ['{}', true],
    ['{serving.kserve.io/deploymentMode: Serverless}', true],
    ['{serving.kserve.io/deploymentMode: RawDeployment}', false],
    ['{serving.kserve.io/deploymentMode: Standard}', false],
  ])('with annotations %s: Knative refuses: %s', async (annotations, expected) => {
    const { code, stderr } = await put(service(SERVER, annotations), template('ports: [{containerPort: 9000}]'))
    expect([code, stderr.includes('KNATIVE_REFUSES')]).toEqual([0, expected])
  })

  it.each([
    ['a predictor with another name', component('predictor', 'server'), true],
    ['a predictor with the right name', SERVER, false],
    ['a predictor with several containers', component('predictor', 'server', '      - {name: kserve-container, image: a}\n'), false],
    ['a predictor with a model', component('predictor', 'helper', '    model: {modelFormat: {name: onnx}}\n'), false],
    ['a transformer', component('transformer', 'server'), false],
  ])('keeps KServe from finding the model server of %s: %s', async (_, spec, expected) => {
    const { code, stderr } = await put(service(spec))
    expect([code, stderr.includes('KSERVE_SERVER_NAME')]).toEqual([0, expected])
  })

  it('is no hindrance among the init containers', async () => {
    expect((await put(service(component('predictor', 'server')), template(), '--mode', 'native')).stderr).not.toContain('KSERVE_SERVER_NAME')
  })

  it('is selected by annotations and labels of the component', async () => {
    const spec = component('predictor', 'kserve-container', '    annotations: {sidecarctl.dev/inject: "false"}\n')
      + component('transformer', 'kserve-container', '    labels: {sidecarctl.dev/inject: own}\n')
    const cwd = folder({ 'own.yaml': template(), 'service.yaml': service(spec) })
    const ran = await sidecarctl(cwd, ['inject', 'service.yaml', '-t', 'own.yaml'])
    expect(ran.stdout.match(/name: own$/gm)?.length).toBe(1)
    expect(ran.stdout.indexOf('name: own')).toBeGreaterThan(ran.stdout.indexOf('transformer:'))
  })

  it('says where in the component something is wrong', async () => {
    const { code, stderr } = await put(service('  predictor:\n    containers: [{image: a}]\n'))
    expect([code, stderr]).toEqual([1, expect.stringMatching(/WORKLOAD_MALFORMED .*spec\.predictor\.containers\[0\]\.name: [^]*KServe's default is kserve-container/)])
    expect((await put(service(component('predictor', 'a', '    labels: [a]\n')))).stderr).toMatch(/WORKLOAD_MALFORMED .*spec\.predictor\.labels: /)
  })

  it('goes into an item of a list, and out of it again', async () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- ${service(SERVER + component('explainer', 'kserve-container', '    annotations:\n')).trim().replaceAll('\n', '\n  ')}\n`
    const cwd = folder({ 'own.yaml': template(), 'service.yaml': text })
    const put = await sidecarctl(cwd, ['inject', 'service.yaml', '-t', 'own.yaml', '-s', 'own', '-w'])
    expect([put.code, put.stderr]).toEqual([0, expect.stringContaining('2 injected')])
    expect((await sidecarctl(cwd, ['uninject', 'service.yaml'])).stdout).toBe(text)
  })

  it('is none where KServe makes the containers', async () => {
    const text = service('  predictor:\n    model: {modelFormat: {name: onnx}}\n')
    expect((await put(text)).stdout).toBe(text)
  })
})
