import { describe, expect, it } from 'vitest'
import { folder } from './fake.ts'
import { sidecarctl } from './gitops.ts'

/** A Deployment with lines added to its pod spec, and to its container. */
function deployment({ pod = '', container = '', name = 'web' } = {}): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:${pod === '' ? '' : `\n      ${pod}`}
      containers:
      - name: app
        image: nginx:1${container === '' ? '' : `\n        ${container}`}
        ports: [{containerPort: 8080}]
`
}

/** What the program says of one manifest. */
async function said(text: string, ...argv: string[]) {
  const [command = '', ...rest] = argv
  return await sidecarctl(folder({ 'in.yaml': text }), [command, 'in.yaml', ...rest])
}

describe('a value that must be in quotes is shown as it is written', () => {
  const written = ['81111e1', '1.10', '0755', 'yes', 'off', '12345678901234567890123', '0x1F', '-1_000', '1e3']
  const rows: [string, (value: string) => string, string[]][] = [
    [
      'validate',
      (value) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: ${value}\n`,
      ['validate'],
    ],
    ['inject', (value) => deployment({ container: `env: [{name: A, value: ${value}}]` }), ['inject', '-s', 'logging']],
    [
      'an annotation of ours',
      (value) =>
        deployment().replace('{name: web}', `{name: web, annotations: {sidecarctl.dev/logging.folder: ${value}}}`),
      ['inject', '-s', 'logging'],
    ],
  ]
  it.each(rows)('by %s', async (_, text, argv) => {
    for (const value of written) {
      const { code, stdout, stderr } = await said(text(value), ...argv)
      expect(code).toBe(1)
      expect(stdout + stderr).toContain(`hint: put it in quotes: "${value}"\n`)
    }
  })

  it('in a policy and a template', async () => {
    const policy = 'apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec: {kubernetesVersion: 1.30}\n'
    const template =
      'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: t, version: 1.0.0, description: 1.10}\nspec: {container: {image: a}}\n'
    const cwd = folder({ 'sidecarctl.yaml': policy, 't.yaml': template, 'in.yaml': deployment() })
    expect((await sidecarctl(cwd, ['check', 'in.yaml'])).stderr).toContain('hint: put it in quotes: "1.30"\n')
    expect((await sidecarctl(cwd, ['templates', 'validate', 't.yaml'])).stderr).toContain(
      'hint: put it in quotes: "1.10"\n',
    )
  })

  it('in a custom resource', async () => {
    const cwd = folder({
      'crd.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: as.x.io}
spec:
  group: x.io
  scope: Namespaced
  names: {plural: as, singular: a, kind: A, listKind: AList}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {a: {type: string}}}}}}
`,
      'in.yaml': 'apiVersion: x.io/v1\nkind: A\nmetadata: {name: a}\nspec: {a: 1.10}\n',
    })
    const found = await sidecarctl(cwd, ['validate', 'in.yaml', '--crd', 'crd.yaml'])
    expect(found.stdout).toContain('hint: put it in quotes: "1.10"\n')
  })
})

describe('RESULT_INVALID', () => {
  it('points at the resources of the pod, and names sidecars and parameters', async () => {
    const pod = 'resources: {requests: {cpu: 10m}}'
    const { code, stderr } = await said(deployment({ pod }), 'inject', '-s', 'logging,metrics')
    expect(code).toBe(1)
    expect(stderr).toContain(
      'in.yaml:9:35 error RESULT_INVALID Deployment web: spec.template.spec.resources.requests[cpu]: with sidecars "logging" and "metrics", Kubernetes would reject it: "10m" must be greater than or equal to the requests of all containers together\n',
    )
    expect(stderr).toContain(
      'hint: raise the resources of the pod, or lower logging.cpuRequest or metrics.cpuRequest\n',
    )
    expect(stderr.match(/error/g)).toHaveLength(1)
  })

  const systems: [string, string, string][] = [
    ['os: {name: windows}', '9:18', 'Kubernetes would reject it'],
    // As the API server accepts it, validate does.
    ['nodeSelector: {kubernetes.io/os: windows}', '9:40', 'its nodes would not run it'],
  ]
  it.each(systems)('is one error in a pod for Windows: %s', async (pod, place, who) => {
    const text = deployment({ pod })
    const { code, stderr } = await said(text, 'inject', '-s', 'logging,metrics')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      new RegExp(
        `^in.yaml:${place} error RESULT_INVALID Deployment web: .*with sidecars "logging" and "metrics", ${who}: a windows pod cannot set .*runAsUser`,
      ),
    )
    expect(stderr.match(/ error /g)).toHaveLength(1)
    expect((await said(text, 'validate')).code).toBe(0)
  })

  it('is no error for a sidecar that runs there', async () => {
    const pod = 'nodeSelector: {kubernetes.io/os: windows}'
    const cwd = folder({
      'in.yaml': deployment({ pod }),
      't.yaml':
        'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: t, version: 1.0.0, description: t}\nspec: {container: {image: a}}\n',
    })
    expect(await sidecarctl(cwd, ['inject', 'in.yaml', '-t', 't.yaml', '-s', 't'])).toMatchObject({ code: 0 })
  })
})

describe('the grace period', () => {
  it.each(['native', 'classic'])('is raised for a proxy in mode %s', async (mode) => {
    const text = deployment({ pod: 'terminationGracePeriodSeconds: 2' })
    const { code, stdout } = await said(text, 'inject', '-s', 'proxy', '--mode', mode)
    expect(code).toBe(0)
    expect(Number(/terminationGracePeriodSeconds: (\d+)/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(5)
  })
})
