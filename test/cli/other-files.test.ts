import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { captureHost, folder } from './fake.ts'

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.29
`
const PATCH = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        env: [{name: A, value: b}]
`

const REPOSITORY: Record<string, string> = {
  '.git/HEAD': '',
  '.gitignore': 'rendered/\n',
  'rendered/all.yaml': '{{ broken',
  'k8s/base/web.yaml': WEB,
  'k8s/base/kustomization.yml': 'resources: [web.yaml]\n',
  'k8s/prod/kustomization.yaml': `resources: [../base]
components: [../parts]
patches: [{path: patches/web.yaml}, {path: json.yaml, target: {kind: Deployment}}, {patch: "- op: remove"}]
patchesStrategicMerge: [old.yml, "apiVersion: v1\\nkind: Pod\\n"]
patchesJson6902: [{path: j6902.json, target: {kind: Deployment, name: web, version: v1}}]
configurations: [names.yaml]
transformers: [transform.yaml]
replacements: [{path: replace.yaml}]
helmCharts: [{name: x, valuesFile: x-settings.yaml, additionalValuesFiles: [more.yaml]}]
configMapGenerator: [{name: c, files: [app.yaml, key=other.yaml]}]
`,
  'k8s/prod/patches/web.yaml': PATCH,
  'k8s/prod/json.yaml': '- op: remove\n  path: /spec\n',
  'k8s/prod/old.yml': '$patch: delete\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n',
  'k8s/prod/j6902.json': '[{"op": "remove", "path": "/spec"}]',
  'k8s/prod/names.yaml': 'nameReference: []\n',
  'k8s/prod/transform.yaml': 'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: x}\n',
  'k8s/prod/replace.yaml': 'source: {kind: Deployment}\n',
  'k8s/prod/x-settings.yaml': 'a: {{ b }}\n',
  'k8s/prod/more.yaml': 'a: b\n',
  'k8s/prod/app.yaml': 'server: {port: 80}\n',
  'k8s/prod/other.yaml': '- a\n',
  'k8s/parts/Kustomization':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: part.yaml}]\n',
  'k8s/parts/part.yaml': PATCH,
  'chart/Chart.yaml': 'apiVersion: v2\nname: x\nversion: 0.1.0\n',
  'chart/values.yaml': 'image: {}\n',
  'chart/prod-values.yaml': 'image: {}\n',
  'chart/values.schema.json': '{}',
  'chart/templates/web.yaml': 'kind: {{ .Values.kind }}\n',
  'chart/charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 0.1.0\n',
  'chart/charts/sub/templates/a.yaml': '{{- if x }}\n',
  'helm/plugin.yaml': 'apiVersion: v1\ntype: postrenderer/v1\nname: sidecarctl\nruntime: subprocess\n',
  'compose.yaml': 'services: {web: {image: nginx}}\n',
  '.github/workflows/ci.yml': 'on: push\njobs: {}\n',
  '.gitlab-ci.yml': 'test: {script: [make]}\n',
  '.pre-commit-config.yaml': 'repos: []\n',
  'package.json': '{"name": "x"}',
  'sidecarctl.yaml':
    'apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n  rules: [{add: [logging]}]\n  exclude: {paths: [third-party/**]}\n',
  'third-party/broken.yaml': 'kind: Pod\na: b: c\n',
}

async function run(argv: readonly string[], cwd: string) {
  const { host, stdout, stderr } = captureHost({ cwd })
  return { code: await main(argv, host, loadEngine), stdout: stdout(), stderr: stderr() }
}

const COUNTS =
  '1 kustomization, 5 kustomize patches, 7 files that kustomize reads, 7 files of Helm charts, 1 Compose file, 2 files for CI, ' +
  '3 files with settings of other tools'

describe('a repository with more in it than manifests', () => {
  it('is injected, checked, validated and put back', async () => {
    const cwd = folder(REPOSITORY)
    const injected = await run(['inject', '-R', '.', '-w'], cwd)
    expect(injected.stderr).toContain('1 injected')
    expect(injected.code).toBe(0)
    for (const [name, text] of Object.entries(REPOSITORY)) {
      if (name !== 'k8s/base/web.yaml') expect(readFileSync(join(cwd, name), 'utf8'), name).toBe(text)
    }
    for (const command of ['check', 'status', 'validate']) {
      const { code, stdout, stderr } = await run([command, '-R', '.'], cwd)
      expect(stdout + stderr, command).not.toContain('error')
      expect({ command, code }).toEqual({ command, code: 0 })
      expect(stderr).toContain('skipped that are not manifests: ')
      expect(stderr).toContain('kustomize build k8s/prod | sidecarctl inject -\n')
      expect(stderr).toContain('helm template chart | sidecarctl inject -\n')
    }
    const removed = await run(['uninject', '-R', '.', '-w'], cwd)
    expect(removed.code).toBe(0)
    expect(readFileSync(join(cwd, 'k8s/base/web.yaml'), 'utf8')).toBe(WEB)
  })

  it('is said to hold each kind of file once', async () => {
    const { stderr } = await run(['check', '-R', '.', '--exclude', 'k8s/base'], folder(REPOSITORY))
    expect(stderr.split('\n').find((line) => line.includes('skipped that'))).toContain(COUNTS)
  })

  it('prints no file without manifests, but what the policy excludes', async () => {
    const { code, stdout } = await run(['inject', '-R', '.'], folder(REPOSITORY))
    expect(code).toBe(0)
    expect(stdout.match(/^kind: \w+/gm)).toEqual(['kind: Deployment', 'kind: Pod'])
  })

  it('takes reports of its own for no manifests, so that a run with --report can be repeated', async () => {
    const cwd = folder({ 'web.yaml': WEB })
    const first = await run(['inject', '.', '-s', 'logging', '--report', 'report.json'], cwd)
    writeFileSync(
      join(cwd, 'check.json'),
      (await run(['check', 'web.yaml', '-s', 'logging', '-o', 'json'], cwd)).stdout,
    )
    expect(readFileSync(join(cwd, 'report.json'), 'utf8')).toContain('InjectReport')
    const again = await run(['inject', '.', '-s', 'logging', '--report', 'report.json'], cwd)
    expect(again).toEqual(first)
    expect((await run(['validate', '.'], cwd)).stderr).not.toContain('Report')
    expect((await run(['check', '-v', '.', '-s', 'logging'], cwd)).stderr).toContain(
      `report.json: not a manifest: a policy, template or report`,
    )
    writeFileSync(
      join(cwd, 'two.json'),
      `${readFileSync(join(cwd, 'check.json'), 'utf8')}{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "a", "image": "a"}]}}\n`,
    )
    expect((await run(['inject', '.', '-s', 'logging'], cwd)).stdout).toContain('"kind": "Pod"')
  })

  it('starts with a policy that excludes nothing known', async () => {
    const { 'sidecarctl.yaml': _, 'third-party/broken.yaml': __, ...files } = REPOSITORY
    const cwd = folder(files)
    const { code } = await run(['init', '--no-hook'], cwd)
    expect(code).toBe(0)
    expect(readFileSync(join(cwd, 'sidecarctl.yaml'), 'utf8')).not.toMatch(/patches|chart|compose|package/)
  })

  it.each([
    [
      'k8s/prod/patches/web.yaml',
      /not a manifest, skipped: a kustomize patch of k8s\/prod\/kustomization\.yaml\n.*hint: inject the base, or pipe the output: kustomize build k8s\/prod \| sidecarctl inject -\n/,
    ],
    [
      'chart/templates/web.yaml',
      /a file of a Helm chart in chart\n.*hint: pipe the rendered chart: helm template chart \| sidecarctl/,
    ],
    ['sidecarctl.yaml', /a policy, template or report of sidecarctl/],
    ['k8s/parts/part.yaml', /a kustomize patch of k8s\/parts\/Kustomization\n.*hint: inject the base\n/],
  ])('%s, named outright, is told for what it is', async (name, said) => {
    const cwd = folder(REPOSITORY)
    for (const argv of [
      ['check', name],
      ['validate', name],
      ['inject', '-w', name],
      ['inject', name, 'k8s/base/web.yaml'],
    ]) {
      const { code, stdout, stderr } = await run(argv, cwd)
      expect(stdout + stderr).toMatch(said)
      expect({ argv, code }).toEqual({ argv, code: 0 })
    }
    const alone = await run(['inject', name], cwd)
    expect(alone).toMatchObject({ code: 2, stdout: '' })
    expect(alone.stderr).toMatch(/IO_EMPTY: no manifests among the inputs/)
  })

  it.each([
    ['a manifest with the name of a Compose file', { 'compose.yaml': WEB }],
    ['a manifest named values.yaml', { 'values.yaml': WEB }],
    ['a manifest named plugin.yaml', { 'plugin.yaml': WEB }],
    [
      'what one kustomization patches and another takes',
      {
        'a/kustomization.yaml': 'patches: [{path: ../web.yaml}]\n',
        'kustomization.yaml': 'resources: [web.yaml]\n',
        'web.yaml': WEB,
      },
    ],
    [
      'a Kustomization of Flux',
      {
        'kustomization.yaml':
          'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\npatches: [{path: web.yaml}]\n',
        'web.yaml': WEB,
      },
    ],
    ['a file beside a chart', { 'Chart.yaml': 'name: x\n', 'k8s/web.yaml': WEB }],
    ['crds of a chart', { 'Chart.yaml': 'name: x\n', 'crds/web.yaml': WEB }],
  ])('%s is a manifest', async (_, files) => {
    const { code, stderr } = await run(['inject', '-R', '.', '-s', 'logging'], folder({ '.git/HEAD': '', ...files }))
    expect(stderr).toContain('1 injected')
    expect(code).toBe(0)
  })
})

describe('a kustomization without an extension', () => {
  const POLICY = 'apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n  rules: [{add: [logging]}]\n'
  const files = { 'k8s/web.yaml': WEB, 'sidecarctl.yaml': POLICY }
  const BUILT = 'namePrefix: a-\nresources: [../k8s]\n'

  it('is an error for Argo CD, alone in its folder too, unless the policy excludes it', async () => {
    const cwd = folder({ ...files, 'prod/Kustomization': BUILT })
    expect(await run(['argocd'], cwd)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(
        './prod/Kustomization error FILE_NOT_MANIFEST: not a manifest, skipped: a kustomization\n',
      ),
    })
    writeFileSync(join(cwd, 'sidecarctl.yaml'), `${POLICY}  exclude: {paths: [prod]}\n`)
    expect(await run(['argocd'], cwd)).toMatchObject({ code: 0, stderr: '' })
  })

  it.each([
    ['of Flux', 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n'],
    ['that is none', WEB],
  ])('%s is not printed, as nobody reads it', async (_, text) => {
    const { code, stdout } = await run(['argocd'], folder({ ...files, 'k8s/Kustomization': text }))
    expect(code).toBe(0)
    expect(stdout.match(/^kind: \w+/gm)).toEqual(['kind: Deployment'])
  })
})

describe('a file without objects in a folder', () => {
  const files = {
    'web.yaml': WEB,
    'playbook.yml': '- hosts: all\n  roles: [{{ x }}]\n',
    'docs/nav.yaml': 'nav: !!python/name:a\n',
  }
  it.each(['inject', 'check', 'status', 'diff', 'uninject'])('%s counts it', async (command) => {
    const { code, stderr } = await run(
      [command, '-R', '.', ...(command === 'uninject' ? [] : ['-s', 'logging'])],
      folder(files),
    )
    expect(stderr).toContain('2 files skipped that are not manifests: 2 files without Kubernetes objects')
    expect(code).toBe(command === 'check' || command === 'diff' ? 1 : 0)
  })

  it('is an error for validate, and where it was named', async () => {
    expect((await run(['validate', '-R', '.'], folder(files))).code).toBe(1)
    for (const name of ['playbook.yml', 'docs/nav.yaml'])
      expect((await run(['inject', name], folder(files))).code, name).toBe(1)
  })

  it('with the name of a plugin is one only with its fields', async () => {
    const text = 'apiVersion: v1\nmetadata: {name: a}\n'
    expect((await run(['check', '-R', '.'], folder({ ...files, 'plugin.yaml': text }))).stderr).toContain('has no kind')
  })

  it.each(['kind: Pod\n', '{"kind": "Pod"}', '"kind" : Pod\n', 'apiVersion: v1\n', '"\\x6bind": Pod\n'])(
    '%j is not such a file',
    async (text) => {
      expect((await run(['inject', '-R', '.', '-s', 'logging'], folder({ ...files, 'a.yaml': text }))).code).toBe(1)
    },
  )
})

describe('files without objects that cannot be read', () => {
  const files = {
    '.git/HEAD': '',
    'k8s/a.yaml': WEB,
    'tools/list.yaml': 'a: [1\n',
    'tools/nest.yml': 'a: b: c\n',
    'tools/ok.yaml': 'a: b\n',
  }

  it.each(['inject', 'check', 'status'])('are named by %s, and no error', async (command) => {
    const { stderr } = await run([command, '-R', '.', '-s', 'logging'], folder(files))
    expect(stderr).toContain(
      '3 files skipped that are not manifests: 3 files without Kubernetes objects\nnote: not readable as YAML: ./tools/list.yaml, ./tools/nest.yml\n',
    )
    expect(stderr).not.toContain(' error ')
  })

  it('beyond ten are counted', async () => {
    const many = Object.fromEntries(Array.from({ length: 13 }, (_, n) => [`t/${n}.yaml`, 'a: b: c\n']))
    const { stderr } = await run(['status', '-R', '.'], folder({ ...many, 'k8s/a.yaml': WEB }))
    expect(stderr).toMatch(/^note: not readable as YAML: (?:\S+, ){9}\S+ and 3 more$/m)
  })
})

describe('what is left out', () => {
  const files = {
    '.git/HEAD': '',
    '.gitignore': '/out\n',
    'out/a.yaml': 'kind: Pod\na: b: c\n',
    'k8s/a.yaml': WEB,
    'k8s/x/b.yaml': 'kind: Pod\na: b: c\n',
  }
  it.each(['inject', 'uninject', 'diff', 'check', 'status', 'validate'])(
    '%s: --exclude, --no-ignore',
    async (command) => {
      const cwd = folder(files)
      const chosen = command === 'inject' || command === 'diff' ? ['-s', 'logging'] : []
      const code = async (...args: string[]) => (await run([command, '-R', '.', ...chosen, ...args], cwd)).code
      expect(await code('--exclude', 'k8s/x')).toBeLessThan(2)
      expect(await code('--exclude', '**/b.yaml', '--exclude', 'nothing')).toBeLessThan(2)
      const { stdout, stderr } = await run([command, '-R', '.', '--no-ignore', '--exclude', 'k8s/x', ...chosen], cwd)
      expect(stdout + stderr).toContain('out/a.yaml')
      const named = await run([command, 'k8s/x/b.yaml', 'k8s/a.yaml', '--exclude', 'k8s/x'], cwd)
      expect(named.stdout + named.stderr).not.toContain('b.yaml')
    },
  )

  it('validate leaves out what the policy excludes', async () => {
    const policy = 'apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec: {exclude: {paths: [k8s/x]}}\n'
    expect(await run(['validate', '-R', '.'], folder({ ...files, 'sidecarctl.yaml': policy }))).toMatchObject({
      code: 0,
    })
  })
})
