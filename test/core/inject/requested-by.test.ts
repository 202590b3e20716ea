import { describe, expect, it } from 'vitest'
import { requestedBy } from '../../../src/core/inject/requested-by.ts'
import { readInput } from '../../../src/core/inject/read-input.ts'
import type { JsonPath } from '../../../src/core/json/json.ts'
import type { Workload } from '../../../src/core/kube/workload.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { findings, put, templates } from './run.ts'

const POD = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - name: app
      image: a
`

/** The findings of a template whose `spec` begins in line 5, with places in it. */
async function found(spec: string, mode: 'native' | 'classic' = 'native'): Promise<string[]> {
  return findings(await put(POD, { ...templates({ tail: spec }), modes: new Map([['', mode]]) }))
}

describe('what Kubernetes would refuse', () => {
  it.each([
    ['a field of the container', 'container:\n  image: t\n  imagePullpolicy: Always', '4:1', 'tail.yaml:7:22'],
    ['something deep in it', 'container:\n  image: t\n  ports:\n    - {name: a}', '4:1', 'tail.yaml:8:9'],
    ['a mount without a volume', 'container:\n  image: t\n  volumeMounts:\n    - {mountPath: /a, name: none}', '4:1', 'tail.yaml:8:31'],
    ['a volume', 'container: {image: t}\nvolumes:\n  - name: v\n    configMap: {nme: c}', '4:1', 'tail.yaml:8:24'],
    ['an init container', 'initContainers:\n  - {name: i, image: i, arg: [a]}', '4:1', 'tail.yaml:6:27'],
    ['a variable of the app', 'container: {image: t}\napp:\n  env:\n    - {name: A, valu: b}', '6:7', 'tail.yaml:8:25'],
    ['a label', 'container: {image: t}\npod:\n  labels: {a: "b c"}', '3:1', 'tail.yaml:7:17'],
  ])('is said with the place in the template: %s', async (_, spec, field, place) => {
    const [first] = await found(spec)
    // In the manifest the closest field that was there before.
    expect(first).toBe(`RESULT_INVALID in.yaml:${field} < ${place}`)
  })

  it('is said with the place in the template for an item of a list, too', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n${['a', 'b'].map((name) => `- ${POD.replace('name: a}', `name: ${name}}`).trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}`
    const spec = templates({ tail: 'container:\n  image: t\n  imagePullpolicy: Always' })
    const requester = 'tail.yaml:7:22'
    expect(findings(await put(list, spec))).toEqual([`RESULT_INVALID in.yaml:7:3 < ${requester}`, `RESULT_INVALID in.yaml:14:3 < ${requester}`])
  })

  it('is said with the place of what stands for a field that the template does not write itself', async () => {
    const spec = 'container:\n  image: t\nclassic:\n  lifecycle: {preStop: {exec: {command: []}}}'
    expect(await found(spec, 'classic')).toEqual(['RESULT_INVALID in.yaml:5:3 < tail.yaml:5:3'])
  })
})

describe('who asked for a field', () => {
  it.each<[JsonPath, boolean]>([
    [['spec', 'predictor', 'containers', 1, 'image'], true],
    [['spec', 'predictor', 'annotations', 'ours'], true],
    [['spec', 'predictor', 'labels', 'ours'], false],
    [['spec', 'predictor', 'containers', 0, 'image'], false],
  ])('is known where the pod spec is inline: %j, %s', (path, is) => {
    const text = 'apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nspec:\n  predictor:\n    labels: {ours: a}\n'
      + '    annotations: {ours: a}\n    containers: [{name: app, image: a}, {name: tail, image: t}]\n'
    const [workload] = readInput(new SourceText('in.yaml', text)).documents.flatMap(({ workloads }) => workloads)
    const fields = ['spec.containers[tail]', 'metadata.annotations.ours'].map((field) => ({ field, sidecars: ['tail'] }))
    const asked: string[] = []
    requestedBy(workload as Workload, path, fields, (name) => void asked.push(name))
    expect(asked).toEqual(is ? ['tail'] : [])
  })
})

it('nobody asked for a field of another pod template of the object', () => {
  const template = '{template: {spec: {containers: [{name: app, image: a}, {name: tail, image: t}]}}}'
  const text = `apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\nspec:\n  driver: ${template}\n  executor: ${template}\n`
  const workloads = readInput(new SourceText('in.yaml', text)).documents.flatMap((document) => document.workloads)
  const path = ['spec', 'executor', 'template', 'spec', 'containers', 1, 'image']
  const asked: string[] = []
  for (const workload of workloads) {
    requestedBy(workload, path, [{ field: 'spec.containers[tail]', sidecars: ['tail'] }], () => void asked.push(workload.templatePath.join('.')))
  }
  expect(asked).toEqual(['spec.executor.template'])
})

describe('what has no name', () => {
  it.each([
    ['an init container', 'initContainers:\n  - {image: i}', '6:7'],
    ['a volume', 'container: {image: t}\nvolumes:\n  - {emptyDir: {}}', '7:7'],
    ['a variable', 'container: {image: t}\napp: {env: [{value: a}]}', '6:15'],
    ['a mount', 'container: {image: t}\napp: {volumeMounts: [{name: a}]}', '6:24'],
    ['a port', 'container: {image: t}\napp: {ports: [{name: a}]}', '6:17'],
    ['a pull secret', 'container: {image: t}\npod: {imagePullSecrets: [{name: ""}]}', '6:35'],
  ])('is refused in the template: %s', async (_, spec, place) => {
    expect(await found(spec)).toEqual([`TEMPLATE_INVALID tail.yaml:${place}`])
  })
})
