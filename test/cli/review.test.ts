import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordLines } from '../helpers/record-lines.ts'
import { deployment } from '../core/selection/support.ts'
import { POLICY, sidecarctl, template } from './gitops.ts'
import { folder } from './fake.ts'

/** A repository whose policy gives every workload the sidecar `sleeper`. */
function repository(files: Record<string, string> = {}): string {
  return folder({
    'sidecarctl.yaml': POLICY,
    'sidecars/sleeper.yaml': template(),
    'k8s/web.yaml': deployment(),
    ...files,
  })
}

async function injected(files: Record<string, string> = {}): Promise<string> {
  const cwd = repository(files)
  expect(await sidecarctl(cwd, ['inject', '-R', '.', '-w'])).toMatchObject({ code: 0 })
  return cwd
}

function edit(cwd: string, file: string, change: (text: string) => string): void {
  const path = join(cwd, file)
  const before = readFileSync(path, 'utf8')
  expect(change(before)).not.toBe(before)
  writeFileSync(path, change(before))
}

describe('check', () => {
  it('names what is missing', async () => {
    const result = await sidecarctl(repository(), ['check', '-R', '.'])
    expect(result).toMatchObject({ code: 1, stdout: './k8s/web.yaml:1: Deployment web: sleeper is missing\n' })
    expect(result.stderr).toContain('1 sidecar missing (1 workload in 1 file)')
  })

  it('prints nothing but a summary when all is well', async () => {
    expect(await sidecarctl(await injected(), ['check', '-R', '.'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'up to date: 1 workload in 1 file\n',
    })
  })

  it.each([
    [
      'no workloads',
      { 'a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n' },
      [],
      0,
      'nothing compared: 0 workloads in 1 file',
    ],
    ['none that is selected', { 'a.yaml': deployment() }, ['-n', 'other'], 0, 'nothing compared: 1 workload in 1 file'],
    [
      'objects that a change does not reach',
      {
        'pod.yaml':
          'apiVersion: v1\nkind: Pod\nmetadata: {name: a, uid: u}\nspec: {containers: [{name: a, image: a}]}\n',
        'rs.yaml': deployment()
          .replace('Deployment', 'ReplicaSet')
          .replace(
            '  name: web\n',
            '  name: web\n  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: d, uid: u, controller: true}]\n',
          ),
        'hook.yaml': deployment({ annotations: '{helm.sh/hook: pre-install}' }),
      },
      ['-s', 'logging'],
      0,
      'nothing compared: 3 workloads in 3 files',
    ],
    [
      'a file that cannot be read',
      { 'a.yaml': 'apiVersion: v1\n<<<<<<< HEAD\nkind: Pod\n=======\n>>>>>>> b\n' },
      [],
      1,
      'nothing compared: 0 workloads in 1 file',
    ],
  ])('is not clean where nothing was compared: %s', async (_, files, argv, code, line) => {
    const ran = await sidecarctl(folder(files), ['check', '-R', '.', ...argv])
    expect([ran.code, ran.stdout, ran.stderr.trimEnd().split('\n').at(-1)]).toEqual([code, '', line])
    if (code === 1) expect(ran.stderr).toContain('git conflict markers')
  })

  const cases: [string, (cwd: string) => void, RegExp][] = [
    [
      'a new version',
      (cwd) => edit(cwd, 'sidecars/sleeper.yaml', () => template('1.1.0')),
      /sleeper 1\.0\.0 is outdated: its template is now 1\.1\.0\n$/,
    ],
    ['another default', (cwd) => edit(cwd, 'sidecars/sleeper.yaml', () => template('1.0.0', 2)), /sleeper is outdated/],
    [
      'another parameter',
      (cwd) =>
        edit(cwd, 'sidecarctl.yaml', (t) => t.replace('[sleeper]', '[{name: sleeper, parameters: {seconds: 3}}]')),
      /sleeper is outdated/,
    ],
    [
      'an edit by hand',
      (cwd) => edit(cwd, 'k8s/web.yaml', (t) => t.replace('busybox:1.37', 'busybox:2')),
      /edited by hand\n--- a\/k8s\/web\.yaml\n[^]*-.*busybox:2\n\+.*busybox:1\.37\n/,
    ],
    [
      'a removal by hand',
      (cwd) => edit(cwd, 'k8s/web.yaml', (t) => t.replace(/ +initContainers:\n(?: {8,}.*\n)*/, '')),
      /sleeper was edited by hand/,
    ],
    [
      'no rule any more',
      (cwd) => edit(cwd, 'sidecarctl.yaml', (t) => t.replace('[sleeper]', '[]')),
      /sleeper is left over/,
    ],
    [
      'an opt-out',
      (cwd) =>
        edit(cwd, 'k8s/web.yaml', (t) =>
          t.replace('name: web\n', 'name: web\n  labels: {sidecarctl.dev/inject: "false"}\n'),
        ),
      /sleeper is left over/,
    ],
    [
      'another sidecar asked for',
      (cwd) =>
        edit(cwd, 'k8s/web.yaml', (t) =>
          t.replace('name: web\n', 'name: web\n  labels: {sidecarctl.dev/inject: logging}\n'),
        ),
      /logging is missing\n.*sleeper is left over/,
    ],
  ]
  it.each(cases)('sees %s, and --fix puts it right', async (_, change, stdout) => {
    const cwd = await injected()
    change(cwd)
    const before = readFileSync(join(cwd, 'k8s/web.yaml'), 'utf8')
    const result = await sidecarctl(cwd, ['check', '-R', '.'])
    expect(result.stdout).toMatch(stdout)
    expect(result.code).toBe(1)
    expect(readFileSync(join(cwd, 'k8s/web.yaml'), 'utf8')).toBe(before)
    const force = _ === 'an edit by hand' ? ['--force'] : []
    if (force.length > 0) {
      const refused = await sidecarctl(cwd, ['check', '-R', '.', '--fix'])
      expect([refused.code, refused.stdout]).toEqual([1, ''])
      expect(refused.stderr).toMatch(/INJECTED_MODIFIED[^]*--force/)
      expect(readFileSync(join(cwd, 'k8s/web.yaml'), 'utf8')).toBe(before)
    }
    expect(await sidecarctl(cwd, ['check', '-R', '.', '--fix', ...force])).toMatchObject({ code: 0, stdout: '' })
    expect(await sidecarctl(cwd, ['check', '-R', '.'])).toMatchObject({ code: 0, stdout: '' })
  })

  it('does not mind changes outside our part', async () => {
    const cwd = await injected()
    edit(cwd, 'k8s/web.yaml', (t) => t.replace('nginx:1.29', 'nginx:1.30').replace('args:', '# why\n          args:'))
    expect(await sidecarctl(cwd, ['check', '-R', '.'])).toMatchObject({ code: 0, stdout: '' })
  })

  it('has errors of manifests as errors', async () => {
    const cwd = await injected({ 'k8s/b.yaml': 'kind: Deployment\na: [\n' }).catch(() =>
      repository({ 'k8s/b.yaml': 'kind: Deployment\na: [\n' }),
    )
    const result = await sidecarctl(cwd, ['check', '-R', 'k8s'])
    expect(result.code).toBe(1)
    expect(result.stderr).toContain('YAML_SYNTAX')
  })

  it.each([
    [['check', '-', '--fix'], 'kind: x', /--fix needs files/],
    [['status', '-', '-o', 'yaml'], 'kind: x', /use one of: table, wide, json/],
    [['check', '.', '--config', 'no.yaml'], undefined, /CONFIG_NOT_FOUND/],
    [['check', '.', '--since=--output=x'], undefined, /is not a git revision/],
  ])('refuses %j', async (argv, stdin, stderr) => {
    const result = await sidecarctl(repository(), argv, stdin === undefined ? {} : { stdin })
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(stderr) })
  })
})

describe('the policy file', () => {
  it('is found upward, up to the repository', async () => {
    const cwd = repository({ 'other/.git/HEAD': '', 'other/k8s/web.yaml': deployment() })
    expect((await sidecarctl(join(cwd, 'k8s'), ['check', 'web.yaml'])).stdout).toContain('sleeper is missing')
    expect((await sidecarctl(join(cwd, 'other/k8s'), ['diff', 'web.yaml'])).stdout).toContain('name: logging')
    expect((await sidecarctl(join(cwd, 'k8s'), ['diff', '--no-config', 'web.yaml'])).stdout).toContain('name: logging')
    expect(
      (await sidecarctl(join(cwd, 'other/k8s'), ['check', '--config', '../../sidecarctl.yaml', 'web.yaml'])).stdout,
    ).toContain('sleeper is missing')
  })

  it('is no manifest, and neither are its templates', async () => {
    const { stdout } = await sidecarctl(repository(), ['inject', '-R', '.'])
    expect(stdout).not.toContain('sidecarctl.dev/v1')
  })

  it('decides the version of Kubernetes unless a flag does', async () => {
    const cwd = repository({ 'sidecarctl.yaml': `${POLICY}  kubernetesVersion: "1.32"\n` })
    expect((await sidecarctl(cwd, ['inject', 'k8s'])).stdout).not.toContain('initContainers')
    expect((await sidecarctl(cwd, ['inject', 'k8s', '--kubernetes-version', '1.36'])).stdout).toContain(
      'initContainers',
    )
  })

  it('matches paths from its own folder', async () => {
    const rules = POLICY.replace('- name: all', '- match: {paths: [k8s/web.yaml]}')
    const cwd = repository({ 'sidecarctl.yaml': rules, 'k8s/b.yaml': deployment({ name: 'b' }) })
    const { stdout } = await sidecarctl(join(cwd, 'k8s'), ['check', '.'])
    expect(stdout).toBe('./web.yaml:1: Deployment web: sleeper is missing\n')
  })
})

describe('status', () => {
  const files = {
    'k8s/b.yaml': deployment({ name: 'b', annotations: '{sidecarctl.dev/inject: "false"}' }),
    'k8s/c.yaml': deployment({ name: 'c' }).replace(
      /$/,
      '        - {name: istio-proxy, image: "docker.io/istio/proxyv2:1.29"}\n',
    ),
  }

  it('is a table of workloads and sidecars', async () => {
    const cwd = await injected(files)
    edit(cwd, 'sidecars/sleeper.yaml', () => template('2.0.0'))
    edit(cwd, 'k8s/web.yaml', (t) => t.replace('busybox:1.37', 'busybox:2'))
    writeFileSync(join(cwd, 'k8s/d.yaml'), deployment({ name: 'd' }))
    const { code, stdout } = await sidecarctl(cwd, ['status', '-R', '.'])
    expect(code).toBe(0)
    expect(stdout).toBe(`WORKLOAD         SIDECAR       VERSION   TEMPLATE   STATUS
Deployment b     -                                  none
Deployment c     sleeper       1.0.0     2.0.0      outdated
Deployment c     istio-proxy                        foreign
Deployment d     sleeper                 2.0.0      missing
Deployment web   sleeper       1.0.0     2.0.0      edited
`)
  })

  it('is JSON', async () => {
    const cwd = await injected(files)
    const status = JSON.parse((await sidecarctl(cwd, ['status', '-R', '.', '-o', 'json'])).stdout) as {
      workloads: object[]
      summary: object
    }
    expect(status.summary).toEqual({ 'up to date': 2, foreign: 1 })
    expect(status.workloads[2]).toEqual({
      file: './k8s/web.yaml',
      policy: 'sidecarctl.yaml',
      line: 1,
      document: 0,
      status: 'up to date',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: '',
      name: 'web',
      origin: { level: 'policy', text: 'rule "all"', file: 'sidecarctl.yaml', line: 7 },
      sidecars: [{ name: 'sleeper', state: 'up to date', version: '1.0.0', templateVersion: '1.0.0', mode: 'native' }],
      cost: {
        requests: {},
        limits: {},
        pods: 1,
        total: { requests: {}, limits: {} },
        qosBefore: 'BestEffort',
        qosAfter: 'BestEffort',
      },
    })
  })

  it('has in JSON what the sidecars cost, in each workload and in all', async () => {
    const asks = template().replace(
      'image:',
      'resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 128Mi}}\n    image:',
    )
    const cwd = await injected({
      'sidecars/sleeper.yaml': asks,
      'k8s/three.yaml': deployment({ name: 'three' }).replace('spec:', 'spec:\n  replicas: 3'),
      'k8s/node.yaml': deployment({ name: 'node' }).replace('kind: Deployment', 'kind: DaemonSet'),
      'k8s/out.yaml': deployment({ name: 'out', annotations: '{sidecarctl.dev/inject: "false"}' }),
    })
    const status = JSON.parse((await sidecarctl(cwd, ['status', '-R', '.', '-o', 'json'])).stdout) as {
      workloads: Record<string, object>[]
      cost: object
    }
    const one = { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '128Mi' } }
    const qos = { qosBefore: 'BestEffort', qosAfter: 'Burstable' }
    expect(Object.fromEntries(status.workloads.map(({ name, cost }) => [name, cost]))).toEqual({
      node: { ...one, pods: null, ...qos },
      out: undefined,
      three: {
        ...one,
        pods: 3,
        total: { requests: { cpu: '30m', memory: '192Mi' }, limits: { memory: '384Mi' } },
        ...qos,
      },
      web: { ...one, pods: 1, total: one, ...qos },
    })
    expect(status.cost).toEqual({
      requests: { cpu: '40m', memory: '256Mi' },
      limits: { memory: '512Mi' },
      perNode: one,
    })
  })

  it('says who asked, in the wide form', async () => {
    const { stdout } = await sidecarctl(await injected(), ['status', '-R', '.', '-o', 'wide'])
    expect(stdout).toMatch(/^FILE .*\n\.\/k8s\/web\.yaml:1 .* native +rule "all" \(sidecarctl\.yaml:7\)\n$/)
  })
})

const OWN_TEMPLATE = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: own, version: 1.0.0, description: Own.}
spec:
  parameters:
    extra: {type: string, description: More., default: ""}
    more: {type: boolean, description: More., default: true}
  app:
    env: [{name: A, value: app}]
  container:
    image: busybox:1.37
    args: [run,
      "--x=\${{ params.extra }}",
      # There by a condition.
      {$when: {more: true}, $spread: [a, "\${{ params.extra }}"]},
      {$when: {more: false}, $value: "\${{ params.extra }}"}]
    env:
      - {name: A, value: "\${{ params.extra }}"}
      - {name: B, value: "1"}
    resources: {limits: {memory: 1Mi}}
`

describe('explain', () => {
  it('names what decided, and where each value and field came from', async () => {
    const cwd = repository({
      'k8s/web.yaml': deployment({
        annotations:
          '{sidecarctl.dev/sleeper.seconds: "5", sidecarctl.dev/sleeper.mode: classic, sidecarctl.dev/sleeper.start: last}',
      }),
      'k8s/b.yaml': `${deployment({ name: 'b', annotations: '{sidecarctl.dev/inject: "false"}' })}---\napiVersion: v1\nkind: Service\nmetadata: {name: b}\n`,
    })
    const { code, stdout } = await sidecarctl(cwd, ['explain', '-R', '.'])
    expect(code).toBe(0)
    expect(stdout)
      .toBe(`./k8s/b.yaml:1 Deployment b: skipped: opted out by annotation or label, by annotation sidecarctl.dev/inject (./k8s/b.yaml:5)
./k8s/b.yaml:19 Service b: not changed: this kind has no pod template
./k8s/web.yaml:1 Deployment web: to be injected
  sleeper 1.0.0: selected by rule "all" (sidecarctl.yaml:7)
    runs as a classic sidecar, by annotation sidecarctl.dev/sleeper.mode (./k8s/web.yaml:5)
    to start last, by annotation sidecarctl.dev/sleeper.start (./k8s/web.yaml:5)
    parameters
      seconds = 5, from annotation sidecarctl.dev/sleeper.seconds (./k8s/web.yaml:5)
    fields
      spec.containers[sleeper] from spec.container of the template (sidecars/sleeper.yaml:10)
        spec.container.args[1] (sidecars/sleeper.yaml:12), by seconds
`)
  })

  it('names what the manifest has over the template, and what is there by a condition', async () => {
    const cwd = folder({
      'own.yaml': OWN_TEMPLATE,
      'web.yaml': deployment({ annotations: '{sidecarctl.dev/override: own}' }).replace(
        'containers:',
        'containers:\n        - name: own\n          image: mine:1\n          env: [{name: B, value: "2"}]',
      ),
    })
    const { code, stdout } = await sidecarctl(cwd, [
      'explain',
      'web.yaml',
      '-t',
      'own.yaml',
      '-s',
      'own',
      '--set',
      'own.extra=x',
    ])
    expect(code).toBe(0)
    expect(stdout.split('    fields\n')[1])
      .toBe(`      spec.containers[own].image from the manifest (web.yaml:15), overriding the template
      spec.containers[own].env[B] from the manifest (web.yaml:16), overriding the template
      spec.containers[own].env[A] from spec.container.env[0] of the template (own.yaml:18)
        spec.container.env[0].value (own.yaml:18), by extra
      spec.containers[own].args from spec.container.args of the template (own.yaml:12)
        spec.container.args[1] (own.yaml:13), by extra
        spec.container.args[2] (own.yaml:15), by more, extra
      spec.containers[own].resources from spec.container.resources of the template (own.yaml:20)
      spec.containers[web].env[A] from spec.app.env[0] of the template (own.yaml:9)
`)
  })

  it('says why a workload is refused', async () => {
    const taken = deployment().replace('name: web\n          image', 'name: sleeper\n          image')
    const { code, stdout } = await sidecarctl(repository({ 'k8s/web.yaml': taken }), ['explain', 'k8s'])
    expect(code).toBe(1)
    expect(stdout).toContain('Deployment web: failed\n  CONTAINER_NAME_TAKEN: ')
  })
})

it('leaves files that are as they should be alone', async () => {
  const cwd = await injected()
  const before = statSync(join(cwd, 'k8s/web.yaml')).mtimeMs
  expect(await sidecarctl(cwd, ['check', '-R', '.', '--fix'])).toMatchObject({ code: 0 })
  expect(statSync(join(cwd, 'k8s/web.yaml')).mtimeMs).toBe(before)
})

it('check and status report a sidecar without its record, and inject writes it again', async () => {
  const cwd = await injected()
  const path = join(cwd, 'k8s/web.yaml')
  const text = readFileSync(path, 'utf8')
  const lost = text.replace(recordLines('sleeper'), '')
  expect(lost).not.toBe(text)
  writeFileSync(path, lost)
  const checked = await sidecarctl(cwd, ['check', '-R', '.'])
  expect(checked).toMatchObject({ code: 1, stdout: expect.stringContaining('sleeper has no record') })
  expect(checked.stderr).toContain('1 sidecar without a record')
  expect((await sidecarctl(cwd, ['check', '-R', '.', '-o', 'junit'])).stdout).toMatch(
    /to find out why: sidecarctl explain \.?\/?k8s\/web\.yaml\b/,
  )
  expect((await sidecarctl(cwd, ['status', '-R', '.'])).stdout).toMatch(/sleeper .* no record\n/)
  expect(await sidecarctl(cwd, ['inject', '-w', '-R', '.'])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('note RECORD_ADOPTED'),
  })
  expect(await sidecarctl(cwd, ['check', '-R', '.'])).toMatchObject({ code: 0 })
})

describe('what cannot be compared is not up to date', () => {
  const WITH_MAP = `${template()}  objects:\n  - {apiVersion: v1, kind: ConfigMap, data: {a: b}}\n`

  /** A folder with two injected workloads, one of them with a ConfigMap, and the options that injected them. */
  async function injected(): Promise<string> {
    const cwd = folder({
      'a.yaml': deployment({ name: 'a' }),
      'b.yaml': deployment({ name: 'b' }),
      't/sleeper.yaml': WITH_MAP,
    })
    const done = await sidecarctl(cwd, ['inject', '-q', '-w', 'a.yaml', 'b.yaml', '-t', 't', '-s', 'sleeper'])
    expect(done).toEqual({ code: 0, stdout: '', stderr: '' })
    return cwd
  }

  it('check and status say of which sidecars the template is unknown', async () => {
    const cwd = await injected()
    for (const argv of [['check'], ['status'], ['check', '--fix']]) {
      const { code, stderr } = await sidecarctl(cwd, [...argv, 'a.yaml', 'b.yaml'])
      expect(code).toBe(2)
      expect(stderr).toContain(
        'a.yaml:1:1 error SIDECAR_NOT_COMPARED Deployment a: sidecar "sleeper" cannot be compared, because its template is unknown here (2 workloads)\n',
      )
      expect(stderr).not.toContain('up to date: ')
    }
    const { stdout } = await sidecarctl(cwd, ['status', 'a.yaml'])
    expect(stdout).toMatch(/^Deployment a +sleeper +1.0.0 +skipped$/m)
    expect(await sidecarctl(cwd, ['status', '-t', 't', 'a.yaml'])).toMatchObject({ code: 0 })
    expect(await sidecarctl(cwd, ['graph', 'a.yaml'])).toMatchObject({ code: 0, stderr: '' })
  })

  it.each([['text'], ['markdown'], ['json']])(
    'check -o %s does not say so of a folder with a file that cannot be read',
    async (format) => {
      const cwd = await injected()
      symlinkSync('nowhere', join(cwd, 'link.yaml'))
      const options = ['-t', 't', '-s', 'sleeper', '-o', format, '.']
      const { code, stdout, stderr } = await sidecarctl(cwd, ['check', ...options])
      expect(code).toBe(2)
      expect(stdout + stderr).not.toContain('up to date: ')
      edit(cwd, 'a.yaml', (text) => text.replace('busybox:1.37', 'busybox:1.36'))
      expect((await sidecarctl(cwd, ['check', ...options])).stderr).toContain('hint: fix the errors first; ')
    },
  )

  it('a sidecar that is requested and no longer suits the workload is left over for that reason', async () => {
    const cwd = folder({ 'a.yaml': deployment({ name: 'a' }) })
    await sidecarctl(cwd, ['inject', '-q', '-w', 'a.yaml', '-s', 'logging'])
    edit(cwd, 'a.yaml', (text) => text.replace('    spec:\n', '    spec:\n      hostNetwork: true\n'))
    expect(await sidecarctl(cwd, ['check', 'a.yaml', '-s', 'logging'])).toMatchObject({
      code: 1,
      stdout: 'a.yaml:1: Deployment a: logging is left over: it uses the host network\n',
    })
  })

  describe('of an object whose kind was declared when it was injected, and is not any more', () => {
    const ODD =
      'apiVersion: example.com/v1\nkind: Odd\nmetadata: {name: odd}\nspec:\n  pod: {spec: {containers: [{name: o, image: x}]}}\n'
    const LIST = `apiVersion: v1\nkind: List\nitems:\n- ${ODD.replaceAll('\n', '\n  ').trimEnd()}\n`

    it.each([
      ['alone', ODD],
      ['behind a workload', `${deployment()}---\n${ODD}`],
      ['in a list', LIST],
    ])('%s, which is said', async (_, text) => {
      const policy =
        'apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n  workloadKinds: [{group: example.com, kind: Odd, podTemplatePath: spec.pod}]\n'
      const cwd = folder({ 'a.yaml': text, 'policy.yaml': policy })
      await sidecarctl(cwd, [
        'inject',
        '-q',
        '-w',
        '--config',
        'policy.yaml',
        '-s',
        'logging',
        '--no-validate',
        'a.yaml',
      ])
      const injected = readFileSync(join(cwd, 'a.yaml'), 'utf8')
      expect(injected).not.toBe(text)
      const warning =
        /warning KIND_UNDECLARED Odd odd: this Odd has sidecars that sidecarctl added, but its kind is unknown/
      for (const command of ['check', 'status', 'uninject']) {
        const { stderr } = await sidecarctl(cwd, [command, 'a.yaml'])
        expect(stderr).toMatch(warning)
        expect(stderr).not.toContain('no sidecar is injected here')
      }
      expect((await sidecarctl(cwd, ['check', '--config', 'policy.yaml', 'a.yaml'])).stderr).not.toMatch(warning)
      const exported = `apiVersion: example.com/v1\nkind: Other\nspec: {patch: ${JSON.stringify(injected)}}\n`
      expect((await sidecarctl(cwd, ['check', '-'], { stdin: exported })).stderr).not.toMatch(warning)
    })
  })

  it('status calls a workload skipped, not without sidecars, where it was not looked at', async () => {
    const cwd = await injected()
    const none = (await sidecarctl(cwd, ['status', '-n', 'prod', '-o', 'wide', 'a.yaml'])).stdout
    expect(none).toMatch(/^a.yaml:1 +Deployment a +- +skipped +not selected$/m)
    const { code, stderr } = await sidecarctl(cwd, ['uninject', '-s', 'sleeper', '-n', 'prod', 'a.yaml'])
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('hint: no sidecar is injected in the workloads that -n and -l select\n'),
    ])
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p, uid: x}\nspec: {containers: [{name: a, image: b}]}\n'
    expect((await sidecarctl(cwd, ['status', '-'], { stdin: pod })).stdout).toMatch(/^Pod p +- +skipped$/m)
    const plain = pod.replace(', uid: x', '')
    expect((await sidecarctl(cwd, ['status', '-'], { stdin: plain })).stdout).toMatch(/^Pod p +- +none$/m)
  })

  it('nor is one whose fields were edited', async () => {
    const cwd = await injected()
    const text = readFileSync(join(cwd, 'a.yaml'), 'utf8').replace('busybox:1.37', 'busybox:1.36')
    writeFileSync(join(cwd, 'a.yaml'), text)
    const { stdout } = await sidecarctl(cwd, ['status', 'a.yaml'])
    expect(stdout).toMatch(/^Deployment a +sleeper +1.0.0 +edited$/m)
  })

  it.each<[string, (text: string) => string]>([
    ['container', (text) => text.replace('busybox:1.37', 'busybox:1.36')],
    ['extra object', (text) => text.replace('  a: b\n', '  a: c\n')],
  ])('a sidecar that is left over and whose %s was edited needs --force', async (_, change) => {
    const cwd = await injected()
    edit(cwd, 'a.yaml', change)
    writeFileSync(
      join(cwd, 'policy.yaml'),
      POLICY.replace('[sidecars]', '[t]')
        .replace('[sleeper]', '[wait-for]')
        .replace('- name', '- match: {names: [other]}\n    name'),
    )
    const options = ['--config', 'policy.yaml', 'a.yaml']
    const { code, stdout, stderr } = await sidecarctl(cwd, ['check', ...options])
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^a.yaml:1: Deployment a: sleeper is left over: nothing requests it here, and it was edited by hand\n--- /,
    )
    expect(stderr).toContain(' --fix --force a.yaml\n')
    expect(await sidecarctl(cwd, ['check', '--fix', ...options])).toMatchObject({ code: 1 })
    expect(await sidecarctl(cwd, ['check', '-q', '--fix', '--force', ...options])).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(deployment({ name: 'a' }))
  })

  it.each<[string, (text: string) => string]>([
    ['edited', (text) => text.replace('  a: b\n', '  a: c\n')],
    ['edited, with an older template', (text) => text.replace('  a: b\n', '  a: c\n').replace('"1.0.0"', '"0.9.0"')],
    ['removed', (text) => text.slice(0, text.indexOf('---\n'))],
  ])('an extra object that was %s makes the sidecar edited', async (_, edit) => {
    const cwd = await injected()
    const before = readFileSync(join(cwd, 'a.yaml'), 'utf8')
    writeFileSync(join(cwd, 'a.yaml'), edit(before))
    expect(edit(before)).not.toBe(before)
    const options = ['-t', 't', '-s', 'sleeper', 'a.yaml']
    const { code, stdout, stderr } = await sidecarctl(cwd, ['check', ...options])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^a.yaml:1: Deployment a: sleeper was edited by hand\n--- /)
    expect(stderr).toContain(
      'to update the files and discard edits by hand: sidecarctl check -s sleeper -t t --fix --force a.yaml',
    )
    expect((await sidecarctl(cwd, ['status', ...options])).stdout).toMatch(/^Deployment a +sleeper .* edited$/m)
    expect(await sidecarctl(cwd, ['check', '-q', '--fix', '--force', ...options])).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(before)
  })
})
