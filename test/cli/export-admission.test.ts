import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { captureHost, folder } from './fake.ts'

async function run(argv: string[], files: Record<string, string> = {}) {
  const captured = captureHost({ cwd: folder(files) })
  const code = await main(['export', ...argv], captured.host, loadEngine)
  return { code, stdout: captured.stdout(), stderr: captured.stderr() }
}

interface Policy {
  apiVersion: string
  kind: string
  metadata: object
  spec: { mutations: object[]; matchConditions: object[]; matchResources: { namespaceSelector: object } }
}

const MAP = ['--to', 'mutating-admission-policy']
const objects = (text: string) => parseAllDocuments(text).map((one) => one.toJS() as Policy)
const POLICY = 'apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n'
const OWN = (spec: string): string =>
  `apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: own, version: "2", description: x.}\nspec:\n${spec.replaceAll(/^/gm, '  ')}\n`

describe('export --to mutating-admission-policy', () => {
  it('writes a policy and its binding, and nothing else', async () => {
    const { code, stdout, stderr } = await run([
      ...MAP,
      '-s',
      'logging',
      '--name',
      'logs.example.com',
      '--failure-policy',
      'ignore',
    ])
    expect([code, stderr]).toEqual([0, ''])
    const [policy, binding] = objects(stdout)
    expect([policy?.kind, policy?.apiVersion, policy?.metadata]).toEqual([
      'MutatingAdmissionPolicy',
      'admissionregistration.k8s.io/v1',
      { name: 'logs.example.com' },
    ])
    expect(policy?.spec).toMatchObject({ failurePolicy: 'Ignore', reinvocationPolicy: 'IfNeeded' })
    expect(policy?.spec.mutations).toHaveLength(1)
    expect(binding).toEqual({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name: 'logs.example.com' },
      spec: {
        policyName: 'logs.example.com',
        matchResources: { namespaceSelector: { matchLabels: { 'admission.sidecarctl.dev/inject': 'enabled' } } },
      },
    })
  })

  it('prints nothing that GitHub Actions would run as a command', async () => {
    const own = OWN('container: {image: "a:1", command: [sh, -c, "##[error]x"]}')
    const { host, stdout, stderr } = captureHost({ cwd: folder({ 'own.yaml': own }), env: { GITHUB_ACTIONS: 'true' } })
    expect(await main(['export', ...MAP, '-t', 'own.yaml', '-s', 'own'], host, loadEngine)).toBe(2)
    expect(stdout()).toBe('')
    expect(stderr()).toContain('error IO_WORKFLOW_COMMAND: ')
  })

  it('chooses namespaces by any labels', async () => {
    const { stdout } = await run([...MAP, '-s', 'logging', '--namespace-selector', 'a=b,c in (d,e),!f,g'])
    expect(objects(stdout)[1]?.spec.matchResources.namespaceSelector).toEqual({
      matchExpressions: [
        { key: 'a', operator: 'In', values: ['b'] },
        { key: 'c', operator: 'In', values: ['d', 'e'] },
        { key: 'f', operator: 'DoesNotExist' },
        { key: 'g', operator: 'Exists' },
      ],
    })
  })

  it('follows the policy file, and -v tells how it differs', async () => {
    const { code, stdout, stderr } = await run([...MAP, '-v'], {
      'sidecarctl.yaml': `${POLICY}  exclude: {namespaces: [x]}\n  rules: [{match: {labels: {tier: web}}, add: [logging]}]\n`,
    })
    expect(code).toBe(0)
    expect(stdout).toContain("'tier' in variables.pod_labels")
    expect(stdout).toContain("!(request.namespace in ['x'])")
    expect(stderr).toContain('note: rule 1: labels are those of the Pod, not of the workload that created it\n')
  })

  it.each<[string, string[], string]>([
    ['1.36', [], 'admissionregistration.k8s.io/v1'],
    ['1.35', ['--beta'], 'admissionregistration.k8s.io/v1beta1'],
    ['1.34', ['--beta'], 'admissionregistration.k8s.io/v1beta1'],
  ])('for Kubernetes %s %j: %s', async (version, flags, apiVersion) => {
    const { stdout } = await run([...MAP, '-s', 'logging', '--kubernetes-version', version, ...flags])
    expect(objects(stdout).map((one) => one.apiVersion)).toEqual([apiVersion, apiVersion])
  })

  it.each([
    [['-s', 'logging'], '--to is required'],
    [['--to', 'x'], "--to: unknown value 'x'"],
    [
      [...MAP, '-s', 'logging', '--kubernetes-version', '1.35'],
      'Kubernetes 1.35 has no MutatingAdmissionPolicy in v1\nhint: --beta',
    ],
    [
      [...MAP, '-s', 'logging', '--kubernetes-version', '1.33', '--beta'],
      'Kubernetes 1.33 has no MutatingAdmissionPolicy in v1beta1',
    ],
    [[...MAP, '-s', 'logging', 'pod.yaml'], 'policies are not made from manifests'],
    [[...MAP, '-s', 'logging', '-n', 'a'], '-n/--namespace cannot be used with policies'],
    [[...MAP, '-s', 'logging', '-l', 'a=b'], '-l/--selector cannot be used with policies'],
    [[...MAP, '-s', 'logging', '--containers', 'a'], '--containers cannot be used with policies'],
    [[...MAP, '-s', 'logging', '--on-conflict', 'keep'], '--on-conflict cannot be used with policies'],
    [[...MAP, '-s', 'logging', '--name', 'A'], "--name 'A' is not a valid name"],
    [[...MAP, '-s', 'logging', '--namespace-selector', 'a>3'], '--namespace-selector does not support < and >'],
    [[...MAP, '-s', 'logging', '--failure-policy', 'x'], "--failure-policy: unknown value 'x'"],
  ])('%j is bad usage', async (argv, message) => {
    const { code, stdout, stderr } = await run(argv)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  it.each([
    [
      'it depends on app.image',
      'parameters: {i: {type: string, description: x., default: "${{ app.image }}"}}\ncontainer: {image: "a"}\napp: {env: [{$when: {i: {set: true}}, name: I, value: "${{ params.i }}"}]}',
    ],
    ['it depends on workload.namespace', 'container: {image: a, env: [{name: N, value: "${{ workload.namespace }}"}]}'],
    [
      'it adds extra objects',
      'container: {image: a}\nobjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}]',
    ],
    ['it sets the service account', 'container: {image: a}\npod: {serviceAccountName: s}'],
    ['it is only for DaemonSet', 'container: {image: a}\nrequires: {kinds: [DaemonSet]}'],
    ['it is to start last', 'container: {image: a}\nstart: last'],
    ['it does not work with Kubernetes 1.36', "container: {image: a}\nrequires: {kubernetes: '<1.36'}"],
    [
      'one of its shared folders is inside another',
      'container: {image: a}\nsharedFolders: [{volume: x, path: /a}, {volume: z, path: /a/b, sidecarPath: /b}]',
    ],
    ['Unsupported value', 'container: {image: a, restartPolicy: Sometimes}'],
    ['Pod Security level', 'container: {image: a, securityContext: {privileged: true}}'],
    ['unknown field', 'container: {image: a, imagePulPolicy: Always}'],
  ])('refuses a sidecar where %s', async (message, spec) => {
    const { code, stdout, stderr } = await run([...MAP, '-s', 'own', '-t', 'own.yaml'], { 'own.yaml': OWN(spec) })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(message)
  })

  it('refuses another place among the init containers than the first', async () => {
    const start = (place: string): ReturnType<typeof run> => run([...MAP, '-s', 'logging', '--start', place])
    expect(await start('after:migrate')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('sidecar "logging" cannot be exported: it is to start after:migrate'),
    })
    expect((await start('first')).stdout).toBe((await run([...MAP, '-s', 'logging'])).stdout)
    const policy = `${POLICY}  rules: [{add: [{name: logging, start: last}]}]\n`
    expect((await run(MAP, { 'sidecarctl.yaml': policy })).stderr).toMatch(
      /sidecarctl\.yaml:\d+:\d+ error EXPORT_IMPOSSIBLE/,
    )
  })

  it('refuses parameters that a Pod would have to give, and unknown sidecars', async () => {
    expect(await run([...MAP, '-s', 'proxy'])).toMatchObject({ code: 1, stdout: '' })
    expect((await run([...MAP, '-s', 'proxy'])).stderr).toContain('--set proxy.appPort=8080')
    expect((await run([...MAP, '-s', 'loging'])).stderr).toContain('did you mean logging?')
    expect((await run(MAP)).stderr).toContain('no sidecars to export')
  })
})

describe('export --check', () => {
  const argv = [...MAP, '-s', 'logging']
  it('compares a file with what would be written', async () => {
    const { stdout } = await run(argv)
    expect(await run([...argv, '--check', 'p.yaml'], { 'p.yaml': stdout })).toEqual({
      code: 0,
      stdout: '',
      stderr: 'p.yaml is up to date\n',
    })
    expect(await run([...argv, '-q', '--check', 'p.yaml'], { 'p.yaml': stdout })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })

  it.each([
    [
      'another image',
      (text: string) => text.replace('fluent/fluent-bit:', 'evil/fluent-bit:'),
      /^p\.yaml:\d+:1 error EXPORT_OUTDATED/,
    ],
    ['a line more', (text: string) => `${text}# x\n`, /^p\.yaml:\d+:1 error EXPORT_OUTDATED/],
    ['lines less', (text: string) => text.slice(0, 2000), /^p\.yaml:\d+:1 error EXPORT_OUTDATED/],
    ['nothing', () => '', /^p\.yaml error EXPORT_OUTDATED/],
  ])('finds %s', async (_name, edit, message) => {
    const { stdout } = await run(argv)
    const checked = await run([...argv, '--check', 'p.yaml'], { 'p.yaml': edit(stdout) })
    expect([checked.code, checked.stdout]).toEqual([1, ''])
    expect(checked.stderr).toMatch(message)
  })

  it('fails on a file that is not there', async () => {
    const { code, stdout, stderr } = await run([...argv, '--check', 'no.yaml'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('no.yaml')
  })
})

describe('export --to kyverno', () => {
  it('writes one policy, for Pods only', async () => {
    const { code, stdout } = await run(['--to', 'kyverno', '-s', 'logging', '--kubernetes-version', '1.33'])
    const [policy, ...more] = objects(stdout)
    expect([code, more]).toEqual([0, []])
    expect(policy).toMatchObject({
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'MutatingPolicy',
      spec: {
        autogen: { podControllers: { controllers: [] } },
        evaluation: { mutateExisting: { enabled: false } },
        matchConstraints: { namespaceSelector: { matchLabels: { 'admission.sidecarctl.dev/inject': 'enabled' } } },
      },
    })
    expect(policy?.spec.matchConditions[0]).toEqual({ name: 'object-is-a-pod', expression: "object.kind == 'Pod'" })
  })
})
