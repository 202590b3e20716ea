import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deployment } from '../core/selection/support.ts'
import { folder } from './fake.ts'
import { sidecarctl, template } from './gitops.ts'

const policy = (spec: string): string => `apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n${spec}`

/** Two parts of a repository, each with its own policy and template, and one without. */
function repository(files: Record<string, string> = {}): string {
  return folder({
    '.git/HEAD': '',
    'shop/sidecarctl.yaml': policy('  templates: [own]\n  rules: [{add: [sleeper]}]\n  exclude: {paths: [old]}\n'),
    'shop/own/sleeper.yaml': template(),
    'shop/k8s/web.yaml': deployment({ name: 'web' }),
    'shop/old/web.yaml': deployment({ name: 'old' }),
    'infra/sidecarctl.yaml': policy(
      '  kubernetesVersion: "1.31"\n  rules: [{add: [{name: logging, parameters: {folder: /x}}]}]\n',
    ),
    'infra/db.yaml': deployment({ name: 'db' }),
    'other/job.yaml': deployment({ name: 'job' }),
    ...files,
  })
}

const WEB = 'shop/k8s/web.yaml:1: Deployment web: sleeper is missing\n'
const DB = 'infra/db.yaml:1: Deployment db: logging is missing\n'

describe('the policy of each file', () => {
  it.each<[string, string, string[], string]>([
    ['from the top', '.', ['-R', '.'], `./${DB}./${WEB}`],
    ['from a sibling', 'other', ['-R', '../shop', '../infra/db.yaml'], `../${WEB}../${DB}`],
    ['from below', 'shop/k8s', ['web.yaml'], 'web.yaml:1: Deployment web: sleeper is missing\n'],
    ['of files in an order', '.', ['shop/k8s/web.yaml', 'infra/db.yaml'], WEB + DB],
  ])('is looked for from its folder: %s', async (_, cwd, argv, stdout) => {
    expect((await sidecarctl(join(repository(), cwd), ['check', ...argv])).stdout).toBe(stdout)
  })

  it('of standard input is looked for from the working folder', async () => {
    const stdin = deployment({ name: 'web' })
    const inShop = await sidecarctl(join(repository(), 'shop/old'), ['check', '-'], { stdin })
    expect(inShop.stdout).toBe('<stdin>:1: Deployment web: sleeper is missing\n')
    expect((await sidecarctl(repository(), ['check', '-'], { stdin })).stdout).toBe('')
  })

  it('is overridden for all files by --config and --no-config', async () => {
    const cwd = repository()
    const one = await sidecarctl(cwd, ['check', '-R', '.', '--config', 'shop/sidecarctl.yaml'])
    expect(one.stdout.match(/sleeper is missing/g)).toHaveLength(3)
    expect((await sidecarctl(cwd, ['check', '-R', '.', '--no-config'])).stdout).toBe('')
  })

  it('decides the Kubernetes version, also for validate', async () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a:1}], resources: {limits: {cpu: 1}}}\n'
    const cwd = repository({ 'infra/pod.yaml': pod, 'other/pod.yaml': pod })
    const { stdout } = await sidecarctl(cwd, ['validate', 'infra/pod.yaml', 'other/pod.yaml'])
    expect(stdout).toContain('infra/pod.yaml:4')
    expect(stdout).not.toContain('other/pod.yaml')
    const written = await sidecarctl(cwd, ['inject', 'infra/db.yaml', 'shop/k8s/web.yaml'])
    const [db, web] = written.stdout.split('---\n')
    expect(db).not.toContain('restartPolicy: Always')
    expect(web).toContain('restartPolicy: Always')
  })

  it('takes paths from its own folder', async () => {
    const { stdout } = await sidecarctl(repository(), ['status', '-R', 'shop', '-o', 'json'])
    const { workloads } = JSON.parse(stdout) as { workloads: Record<string, unknown>[] }
    expect(workloads.map(({ file, policy: by, reason }) => [file, by, reason])).toEqual([
      ['shop/k8s/web.yaml', 'shop/sidecarctl.yaml', undefined],
      ['shop/old/web.yaml', 'shop/sidecarctl.yaml', 'excluded-path'],
    ])
  })

  it('is named by the report where there are several, and with -v', async () => {
    const cwd = repository()
    expect((await sidecarctl(cwd, ['check', '-R', '.'])).stderr).toContain(
      'policies: infra/sidecarctl.yaml (1 file), shop/sidecarctl.yaml (2 files), none (1 file)\n',
    )
    expect((await sidecarctl(cwd, ['inject', 'infra/db.yaml'])).stderr).not.toContain('polic')
    expect((await sidecarctl(cwd, ['inject', '-v', 'infra/db.yaml'])).stderr).toContain(
      '\npolicy: infra/sidecarctl.yaml (1 file)\n',
    )
    expect((await sidecarctl(cwd, ['validate', '-R', '-v', 'shop'])).stderr).toContain('policy: shop/sidecarctl.yaml')
  })

  it('excludes files from validate, which says so', async () => {
    const cwd = repository()
    expect(await sidecarctl(cwd, ['validate', 'shop/old/web.yaml'])).toMatchObject({
      code: 0,
      stderr: '0 valid (0 objects in 0 files)\n1 file skipped: its path is excluded by the policy\n',
    })
    expect((await sidecarctl(cwd, ['validate', '-R', 'shop'])).stderr).toContain(
      '1 valid (1 object in 1 file)\n1 file skipped: its path is excluded by the policy\n',
    )
    expect((await sidecarctl(cwd, ['validate', '-q', 'shop/old/web.yaml'])).stderr).toBe('')
  })

  it('is the nearest alone, but what one further up excludes stays excluded', async () => {
    const cwd = repository({ 'sidecarctl.yaml': policy('  exclude: {paths: [infra]}\n  rules: [{add: [metrics]}]\n') })
    const { stdout } = await sidecarctl(cwd, ['check', '-R', '.'])
    expect(stdout).toBe(`./other/job.yaml:1: Deployment job: metrics is missing\n./${WEB}`)
  })

  it('that cannot be read stops the run, wherever it is', async () => {
    const cwd = repository({ 'infra/sidecarctl.yaml': policy('  rulez: []\n') })
    const before = readFileSync(join(cwd, 'shop/k8s/web.yaml'), 'utf8')
    expect(await sidecarctl(cwd, ['inject', '-w', '-R', '.'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('infra/sidecarctl.yaml:4:3 error CONFIG_INVALID'),
    })
    expect(readFileSync(join(cwd, 'shop/k8s/web.yaml'), 'utf8')).toBe(before)
  })

  it('ends at the root of a repository, and does not lead out of it', async () => {
    const outside = folder({ 'evil.yaml': policy('  rules: [{add: [metrics]}]\n') })
    const cwd = repository({ 'sub/.git/HEAD': '', 'sub/a.yaml': deployment({ name: 'a' }) })
    mkdirSync(join(cwd, 'linked'))
    symlinkSync(join(outside, 'evil.yaml'), join(cwd, 'linked/sidecarctl.yaml'))
    symlinkSync('../shop/k8s/web.yaml', join(cwd, 'linked/web.yaml'))
    expect(await sidecarctl(cwd, ['check', 'linked/web.yaml'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('linked/sidecarctl.yaml error CONFIG_OUTSIDE'),
    })
    const top = repository({
      'sidecarctl.yaml': policy('  rules: [{add: [metrics]}]\n'),
      'sub/.git/HEAD': '',
      'sub/a.yaml': deployment(),
    })
    expect((await sidecarctl(top, ['check', 'sub/a.yaml'])).stdout).toBe('')
  })

  it('applies to sidecars of its own templates only', async () => {
    const annotated = deployment({ name: 'job', annotations: '{sidecarctl.dev/inject: sleeper}' })
    const cwd = repository({ 'other/job.yaml': annotated })
    expect((await sidecarctl(cwd, ['check', '-R', '.'])).stderr).toContain('unknown sidecar "sleeper"')
    expect((await sidecarctl(cwd, ['uninject', '-R', '.', '-w'])).code).toBe(0)
  })

  it('reports templates that do not exist at the place where the policy names them', async () => {
    const spec = '  templates: [own, none, own/none.yaml, own/sleeper.yaml/x]\n  rules: [{add: [sleeper]}]\n'
    const cwd = repository({ 'shop/sidecarctl.yaml': policy(spec) })
    const hint = '  hint: paths in a policy are relative to its folder; create it, or remove it from templates\n'
    for (const command of ['inject', 'check', 'status', 'explain']) {
      const { code, stderr } = await sidecarctl(cwd, [command, 'shop/k8s'])
      expect(code).toBe(2)
      const found = stderr.matchAll(
        /^shop\/sidecarctl\.yaml:4:(\d+) error IO_NOT_FOUND: (.*): no such file or folder\n/gm,
      )
      expect([...found].map(([, column, path]) => `${column} ${path}`)).toEqual([
        '20 none',
        '26 own/none.yaml',
        '41 own/sleeper.yaml/x',
      ])
      expect(stderr).toContain(hint)
    }
  })

  it('keeps Services and the proxies of another policy together', async () => {
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}\n'
    const app = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: app, image: "app:1", ports: [{containerPort: 8080}]}
`
    const cwd = folder({
      '.git/HEAD': '',
      'apps/sidecarctl.yaml': policy('  rules: [{add: [proxy]}]\n'),
      'apps/web.yaml': app,
      'net/sidecarctl.yaml': policy('  services: {retarget: true}\n  rules: []\n'),
      'net/web.yaml': service,
    })
    expect(await sidecarctl(cwd, ['inject', '-R', '.', '-w'])).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'net/web.yaml'), 'utf8')).not.toContain('targetPort: 8080')
    expect((await sidecarctl(cwd, ['check', '-R', '.'])).code).toBe(0)
    expect(await sidecarctl(cwd, ['uninject', '-R', '.', '-w'])).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'net/web.yaml'), 'utf8')).toBe(service)
  })
})

describe('without policy and -s', () => {
  const files = { '.git/HEAD': '', 'k8s/a.yaml': deployment({ name: 'a' }), 'k8s/b.yaml': deployment({ name: 'b' }) }

  it('inject and diff of a folder are an error that says how to choose; nothing is written', async () => {
    const cwd = folder(files)
    for (const argv of [
      ['inject', 'k8s'],
      ['inject', '-w', '-R', '.'],
      ['diff', 'k8s'],
    ]) {
      const { code, stdout, stderr } = await sidecarctl(cwd, argv)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(
        'error SIDECAR_NOT_CHOSEN Deployment a: no sidecar is selected for this workload and 1 more',
      )
      expect(stderr).toContain('-s NAME')
      expect(stderr).toContain('sidecarctl init')
    }
    expect(readFileSync(join(cwd, 'k8s/a.yaml'), 'utf8')).toBe(files['k8s/a.yaml'])
  })

  it('a folder whose workloads all say by annotation what they get is none', async () => {
    const annotations = '{sidecarctl.dev/inject: logging}'
    const cwd = folder({
      'k8s/a.yaml': deployment({ annotations }),
      'k8s/b.yaml': deployment({ annotations: '{sidecarctl.dev/inject: "false"}' }),
    })
    expect(await sidecarctl(cwd, ['inject', 'k8s', '-o', 'name'])).toMatchObject({ code: 0 })
  })

  it.each([
    ['a file', ['k8s/a.yaml'], {}],
    ['standard input', ['-'], { stdin: files['k8s/a.yaml'] }],
    ['a pattern', ['k8s/a*.yaml'], {}],
  ])('inject of %s uses logging', async (_, argv, setup) => {
    const { code, stdout } = await sidecarctl(folder(files), ['inject', ...argv], setup)
    expect(code).toBe(0)
    expect(stdout).toContain('injected.sidecarctl.dev/logging')
  })

  it('check and status judge only what is injected', async () => {
    const cwd = folder(files)
    expect(await sidecarctl(cwd, ['check', '-R', '.'])).toEqual({
      code: 0,
      stdout: '',
      stderr:
        'nothing compared: 2 workloads in 2 files\nhint: no sidecar is injected here, and none is selected: use -s NAME or a policy file (sidecarctl init)\n',
    })
    await sidecarctl(cwd, ['inject', 'k8s/b.yaml', '-w', '-s', 'metrics'])
    expect(await sidecarctl(cwd, ['check', '-R', '.'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'up to date: 1 workload in 2 files; 1 workload not compared\n',
    })
    const { stdout } = await sidecarctl(cwd, ['status', '-R', '.'])
    expect(stdout).not.toContain('missing')
    expect(stdout).toMatch(/Deployment b +metrics .*up to date/)
    expect(await sidecarctl(cwd, ['check', '--fix', '-R', '.'])).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'k8s/a.yaml'), 'utf8')).toBe(files['k8s/a.yaml'])
  })

  it('check finds what was edited by hand, what is outdated, and what has lost its record', async () => {
    const cwd = folder(files)
    await sidecarctl(cwd, ['inject', 'k8s/a.yaml', '-w', '-s', 'logging'])
    const injected = readFileSync(join(cwd, 'k8s/a.yaml'), 'utf8')
    const check = async (text: string) => await sidecarctl(folder({ 'a.yaml': text }), ['check', 'a.yaml'])
    expect((await check(injected.replace(/memory: \S+/, 'memory: 1Mi'))).stdout).toContain('logging was edited by hand')
    const older = await check(injected.replace(/"version":"[^"]*"/, '"version":"0.0.1"'))
    expect(older.stdout).toContain('logging 0.0.1 is outdated')
    const lost = await check(injected.replace(/^.*injected.sidecarctl.dev.*\n/m, ''))
    expect(lost.stderr).toContain('RECORD_MISSING')
    expect(lost.stderr).not.toMatch(/^up to date/m)
  })
})

describe('a rule that matches nothing', () => {
  const pod = (name: string, namespace: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}\nspec: {containers: [{name: app, image: a}]}\n`
  const policy = (rules: string) =>
    `apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n  exclude: {namespaces: [kube-system]}\n  rules:\n${rules}`
  const files = (rules: string) => ({
    'sidecarctl.yaml': policy(rules),
    'k8s/a.yaml': pod('a', 'shop'),
    'k8s/b.yaml': pod('b', 'kube-system'),
  })
  const warned = async (rules: string, ...argv: string[]) =>
    (await sidecarctl(folder(files(rules)), argv)).stderr.match(/.*RULE_UNUSED.*\n|hint: it asks.*\n/g) ?? []
  const MISSPELT = '  - match: {namespaces: [shpo]}\n    add: [logging]\n'

  it.each([['inject'], ['diff'], ['check'], ['status']])('is warned of by %s', async (command) => {
    expect(await warned(MISSPELT, command, '-R', '.')).toEqual([
      'sidecarctl.yaml:6:5 warning RULE_UNUSED: rule 1 matches no workload\n',
      'hint: it asks for namespaces shpo; namespaces found: kube-system, shop\n',
    ])
  })

  it.each([
    ['  - match: {labels: {app: c}}\n    add: [logging]\n', 'it asks for labels app=c'],
    [
      '  - match: {labels: "app in (c,d)", names: ["x*"]}\n    add: [logging]\n',
      'it asks for labels app in (c,d); names x*',
    ],
    ['  - name: web\n    match: {paths: ["apps/**"]}\n    add: [logging]\n', 'it asks for paths apps/**'],
  ])('is warned of: %j', async (rules, hint) => {
    expect((await warned(rules, 'check', '-R', '.')).join('')).toContain(hint)
  })

  it.each([
    ['it matches', '  - match: {namespaces: [shop]}\n    add: [logging]\n'],
    ['what it matches is excluded', '  - match: {names: [b]}\n    add: [logging]\n'],
    ['it is general', '  - match: {kinds: [Deployment]}\n    add: [logging]\n'],
    ['others ask for it', '  - match: {annotations: {logs: "yes"}}\n    add: [logging]\n'],
    ['it keeps sidecars out', '  - match: {namespaces: [test]}\n    exclude: all\n'],
  ])('is not warned of where %s', async (_, rules) => {
    expect(await warned(rules, 'check', '-R', '.')).toEqual([])
  })

  it.each([
    ['k8s/a.yaml'],
    ['k8s'],
    ['-R', 'k8s'],
    ['-R', '.', '-n', 'shop'],
    ['-R', '.', '-s', 'logging'],
    ['-R', '.', '--exclude', 'k8s/b.yaml'],
  ])('is not warned of where the run does not look at all: %s %s %s %s', async (...argv) => {
    expect(await warned(MISSPELT, 'check', ...argv)).toEqual([])
  })

  it('is not warned of where something failed', async () => {
    const cwd = folder({ ...files(MISSPELT), 'k8s/c.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: c\n' })
    expect((await sidecarctl(cwd, ['check', '-R', '.'])).stderr).not.toContain('RULE_UNUSED')
  })
})
