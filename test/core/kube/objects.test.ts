import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/core/text/source.ts'
import { brief, config, validate } from '../validate/support.ts'

const deployment = (spec: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
${spec}`

describe('objects', () => {
  it('schema, rules of the object and rules of its pod, in the order of the text', async () => {
    const text = deployment('      containers:\n      - name: Web\n        imagePulPolicy: Always\n        image: x\n').replace('{app: web}', '{app: w}')
    expect(brief(await validate(text))).toEqual([
      '0 Deployment web: invalid',
      '  10:7 error SELECTOR_MISMATCH spec.template.metadata.labels',
      '  13:15 error CONTAINER_NAME_INVALID spec.template.spec.containers[0].name',
      '  14:9 error FIELD_UNKNOWN spec.template.spec.containers[0].imagePulPolicy',
    ])
  })

  it('what is missing is told once, and what follows from it not at all', async () => {
    expect(brief(await validate('apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  selector: {matchLabels: {a: b}}\n'))).toEqual([
      '0 Deployment a: invalid',
      '  4:1 error FIELD_REQUIRED spec.template',
    ])
    expect(brief(await validate(deployment('      containers:\n      - image: x\n')))).toEqual([
      '0 Deployment web: invalid',
      '  13:9 error FIELD_REQUIRED spec.template.spec.containers[0].name',
    ])
  })

  it('a value of a wrong type is told once', async () => {
    expect(brief(await validate(deployment('      containers: web\n')))).toEqual([
      '0 Deployment web: invalid',
      '  12:19 error FIELD_TYPE spec.template.spec.containers',
    ])
  })

  it('apiVersions that are gone, too new or to be turned on', async () => {
    const text = 'apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: a}\n---\napiVersion: v2\nkind: Service\n'
    expect(brief(await validate(text))).toEqual([
      '0 Deployment a: invalid', '  1:13 error API_REMOVED apiVersion',
      '1 Service : invalid', '  5:13 error KIND_UNKNOWN apiVersion',
    ])
  })

  it('goes by the version asked for', async () => {
    const text = deployment('      hostnameOverride: a\n      containers: [{name: a, image: x}]\n')
    const old = brief(await validate(text, { kubeVersion: { minor: 31 } }))
    expect(old).toEqual(['0 Deployment web: invalid', '  12:7 error FIELD_UNKNOWN spec.template.spec.hostnameOverride'])
    expect(brief(await validate(text))).toEqual(['0 Deployment web: valid'])
  })
})

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: foos, singular: foo, kind: Foo, listKind: FooList}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
`
const FOO = 'apiVersion: example.com/v1\nkind: Foo\nmetadata: {name: a}\nspec: {size: big}\n'

describe('custom resources', () => {
  it('are skipped without a definition', async () => {
    expect(brief(await validate(FOO))).toEqual(['0 Foo a: skipped', '  2:7 info KIND_NOT_CHECKED kind'])
  })

  it('are errors without a definition when that is asked for', async () => {
    expect(brief(await validate(FOO, { strictKinds: true }))).toEqual(['0 Foo a: invalid', '  2:7 error KIND_NOT_CHECKED kind'])
  })

  it.each([
    ['of the same input', `${FOO}---\n${CRD}`, {}, ['1 CustomResourceDefinition foos.example.com: valid']],
    ['of its own input', FOO, { definitions: [new SourceText('crd.yaml', CRD)] }, []],
  ])('are held against a definition %s', async (_name, text, options, rest) => {
    expect(brief(await validate(text, options))).toEqual(['0 Foo a: invalid', '  4:14 error FIELD_TYPE spec.size', ...rest])
  })

  it('have metadata like other objects', async () => {
    const text = FOO.replace('big', '1').replace('{name: a}', '{name: A_b}')
    expect(brief(await validate(text, { definitions: [new SourceText('crd.yaml', CRD)] }))).toEqual([
      '0 Foo A_b: invalid', '  3:18 error METADATA_NAME metadata.name',
    ])
  })

  it('definitions that are none, or cannot be read, are told', async () => {
    const definitions = [new SourceText('a.yaml', config('a')), new SourceText('b.yaml', 'a: [')]
    expect(brief(await validate('', { definitions }))).toEqual(['  1:1 warning CRD_NONE', '  1:5 error YAML_SYNTAX'])
  })
})

describe('Pod Security Standards', () => {
  const text = deployment('      hostNetwork: true\n      containers:\n      - name: a\n        image: x\n      - name: b\n        image: x\n')

  it('are not asked for by default', async () => {
    expect(brief(await validate(text))).toEqual(['0 Deployment web: valid'])
  })

  it('have a finding per control, with its places', async () => {
    const { objects } = await validate(text, { podSecurity: 'restricted' })
    const found = objects[0]?.diagnostics ?? []
    expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'POD_SECURITY violates PodSecurity "restricted:v1.36": host namespaces (hostNetwork=true)',
      'POD_SECURITY violates PodSecurity "restricted:v1.36": allowPrivilegeEscalation != false (containers "a", "b" must set securityContext.allowPrivilegeEscalation=false)',
      'POD_SECURITY violates PodSecurity "restricted:v1.36": unrestricted capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"])',
      'POD_SECURITY violates PodSecurity "restricted:v1.36": runAsNonRoot != true (pod or containers "a", "b" must set securityContext.runAsNonRoot=true)',
      'POD_SECURITY violates PodSecurity "restricted:v1.36": seccompProfile (pod or containers "a", "b" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ])
    expect(found[1]?.related?.map(({ at }) => at.source.position(at.range.start).line)).toEqual([16])
  })

  it('reach into CronJobs and leave other kinds alone', async () => {
    const job = 'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {schedule: "* * * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, hostPID: true, containers: [{name: a, image: x}]}}}}}\n'
    expect(brief(await validate(`${job}---\n${config('c')}`, { podSecurity: 'baseline' }))).toEqual([
      '0 CronJob a: invalid', '  4:101 error POD_SECURITY spec.jobTemplate.spec.template.spec.hostPID', '1 ConfigMap c: valid',
    ])
  })
})

describe('workloads of other projects', () => {
  const rollout = (pod: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a}\nspec: {template: {metadata: {}, spec: ${pod}}}\n`

  it('are warned of pods that the API server would refuse, without a definition, too', async () => {
    expect(brief(await validate(rollout('{containers: [{name: A_b, image: x, ports: [{containerPort: 0}]}]}')))).toEqual([
      '0 Rollout a: skipped', '  2:7 info KIND_NOT_CHECKED kind',
      '  4:60 warning CONTAINER_NAME_INVALID spec.template.spec.containers[0].name',
      '  4:99 warning FIELD_REQUIRED spec.template.spec.containers[0].ports[0].containerPort',
    ])
    expect(brief(await validate(rollout('{containers: [{name: a, image: x}], hostNetwork: "yes"}')))).toContain('  4:88 warning FIELD_TYPE spec.template.spec.hostNetwork')
    expect(brief(await validate(rollout('{containers: [{name: a, image: x}], custom: 1}')))).toEqual(['0 Rollout a: skipped', '  2:7 info KIND_NOT_CHECKED kind'])
  })

  it('are said to be checked in part', async () => {
    const [rolled, other] = await Promise.all([rollout('{containers: [{name: a, image: x}]}'), FOO].map(async (text) => (await validate(text)).objects[0]?.diagnostics[0]?.message))
    expect(rolled).toBe('no schema for Rollout in argoproj.io/v1alpha1: only its pods were checked')
    expect(other).toBe('no schema for Foo in example.com/v1: the object was not checked')
  })

  it('may leave to the project what it fills in', async () => {
    const text = 'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\nspec: {template: {spec: {initContainers: [{image: x}], containers: [{image: x, readinessProbe: {httpGet: {path: /}}}]}}}\n'
    expect(brief(await validate(text))).toEqual(['0 Service a: skipped', '  2:7 info KIND_NOT_CHECKED kind'])
  })

  it('must satisfy the Pod Security Standards', async () => {
    expect(brief(await validate(rollout('{hostNetwork: true, containers: [{name: a, image: x}]}'), { podSecurity: 'baseline' }))).toEqual([
      '0 Rollout a: invalid', '  2:7 info KIND_NOT_CHECKED kind', '  4:53 error POD_SECURITY spec.template.spec.hostNetwork',
    ])
    const inline = 'apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: a}\nspec: {predictor: {hostPID: true, containers: [{name: a, image: x}]}}\n'
    expect(brief(await validate(inline, { podSecurity: 'baseline' }))).toContain('  4:29 error POD_SECURITY spec.predictor.hostPID')
  })
})
