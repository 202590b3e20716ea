import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { captureHost, folder } from './fake.ts'

const web = (namespace = '', name = 'web'): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}${namespace === '' ? '' : `, namespace: ${namespace}`}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx:1.27, ports: [{containerPort: 8080}]}]}
`

async function run(cwd: string, ...argv: string[]) {
  const { host, stdout, stderr } = captureHost({ cwd })
  const code = await main(['export', ...argv], host, loadEngine)
  return { code, stdout: stdout(), stderr: stderr() }
}

const NOTES = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: notes, version: 1.0.0, description: Has a ConfigMap.}
spec:
  container: {image: notes:1}
  objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: notes}, data: {a: b}}]
`

interface Patch {
  patch: string
  target: Record<string, string>
}

describe('export', () => {
  it.each([['--beta'], ['--name', 'a'], ['--namespace-selector', 'a=b'], ['--failure-policy', 'ignore']])(
    'rejects %s for patches, which have no use for it',
    async (...flag) => {
      const done = await run(folder({ 'web.yaml': web('shop') }), '--to', 'flux', '-s', 'logging', ...flag, 'web.yaml')
      expect(done).toMatchObject({ code: 2, stdout: '' })
      expect(done.stderr).toContain(`error: ${flag[0]} cannot be used with --to flux\n`)
    },
  )

  it.each([
    ['kustomize', ['patches']],
    ['flux', ['spec', 'patches']],
    ['flux-helm', ['spec', 'postRenderers', 0, 'kustomize', 'patches']],
    ['argocd', ['spec', 'source', 'kustomize', 'patches']],
  ] as const)('--to %s has the patches in their place', async (target, path) => {
    const { code, stdout, stderr } = await run(
      folder({ 'web.yaml': web('shop') }),
      '--to',
      target,
      '-s',
      'logging',
      'web.yaml',
    )
    const patches = path.reduce<unknown>(
      (value, step) => (value as Record<string | number, unknown>)[step],
      parse(stdout),
    ) as Patch[]
    expect([code, stderr]).toEqual([0, '1 patch\n'])
    expect(stdout.startsWith(`# Made by sidecarctl export --to ${target}. `)).toBe(true)
    expect(patches.map((one) => one.target)).toEqual([
      { group: 'apps', version: 'v1', kind: 'Deployment', name: 'web', namespace: 'shop' },
    ])
    const ops = parse(patches[0]!.patch) as { op: string; path: string; value?: unknown }[]
    expect(ops).toContainEqual({ op: 'test', path: '/spec/template/spec/containers/0/name', value: 'web' })
    expect(ops.filter(({ op }) => op === 'add').length).toBeGreaterThan(2)
  })

  it('--to json-patch has a document for each object, with its operations as data', async () => {
    const cwd = folder({ 'a.yaml': web('a'), 'b.yaml': web('b') })
    const { stdout } = await run(cwd, '--to', 'json-patch', '-s', 'logging', '.')
    const documents = parseAllDocuments(stdout).map(
      (one) => one.toJS() as { target: { namespace: string }; patch: object[] },
    )
    expect(documents.map(({ target }) => target.namespace)).toEqual(['a', 'b'])
    expect(documents[0]!.patch).toContainEqual({
      op: 'test',
      path: '/spec/template/spec/containers/0/name',
      value: 'web',
    })
  })

  it('distinguishes objects of the same name by namespace, and takes a dot in a name literally', async () => {
    const cwd = folder({ 'a.yaml': web('a'), 'b.yaml': web(), 'c.yaml': web('', 'web.v1') })
    const { stdout } = await run(cwd, '--to', 'kustomize', '-s', 'logging', '.')
    const { patches } = parse(stdout) as { patches: Patch[] }
    expect(patches.map(({ target }) => [target['name'], target['namespace']])).toEqual([
      ['web', 'a'],
      ['web', 'default'],
      ['web\\.v1', undefined],
    ])
  })

  it('refuses an object without a name, and prints nothing', async () => {
    const job =
      'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a:1}]}}}\n'
    const { code, stdout, stderr } = await run(
      folder({ 'job.yaml': job }),
      '--to',
      'kustomize',
      '-s',
      'logging',
      'job.yaml',
    )
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('job.yaml:1:1 error EXPORT_NO_NAME Job a-*: no patch can select this object')
  })

  it('of two objects of the same name is an error where kustomize applies the patches, and none as plain JSON patches', async () => {
    const at = folder({ 'a.yaml': web(), 'b.yaml': web() })
    const to = async (target: string): ReturnType<typeof run> =>
      await run(at, '--to', target, '-s', 'logging', 'a.yaml', 'b.yaml')
    const { code, stdout, stderr } = await to('kustomize')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /^b\.yaml:\d+:1 error EXPORT_IMPOSSIBLE Deployment \S*web: a patch for this object would also apply to another one\n[^]*a\.yaml:\d+:1: an object of the same kind/,
    )
    expect(await to('json-patch')).toMatchObject({ code: 0 })
  })

  it.each([
    [['-s', 'logging', 'web.yaml'], '--to is required'],
    [['--to', 'helm', 'web.yaml'], "--to: unknown value 'helm'"],
    [['--to', 'flux', '--check', 'a', '--output-dir', 'b', 'web.yaml'], 'cannot be used together'],
    [['--to', 'kustomize', '-t', 'notes.yml', '-s', 'notes', 'web.yaml'], 'write to a folder with --output-dir'],
  ])('%j is bad usage', async (argv, message) => {
    const { code, stdout, stderr } = await run(folder({ 'web.yaml': web(), 'notes.yml': NOTES }), ...argv)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  it('writes a component with the objects of its sidecars, again and again, and over nothing else', async () => {
    const cwd = folder({ 'notes.yml': NOTES, 'web.yaml': web(), 'own/kustomization.yaml': 'resources: []\n' })
    const argv = ['--to', 'kustomize', '-t', 'notes.yml', '-s', 'notes', 'web.yaml', '--output-dir']
    expect((await run(cwd, ...argv, 'side')).code).toBe(0)
    expect((await run(cwd, ...argv, 'side')).code).toBe(0)
    const component = parse(readFileSync(join(cwd, 'side/kustomization.yaml'), 'utf8')) as {
      kind: string
      resources: string[]
    }
    expect(component).toMatchObject({ kind: 'Component', resources: ['objects.yaml'] })
    expect(parse(readFileSync(join(cwd, 'side/objects.yaml'), 'utf8'))).toMatchObject({ kind: 'ConfigMap' })
    const { code, stderr } = await run(cwd, ...argv, 'own')
    expect([code, readFileSync(join(cwd, 'own/kustomization.yaml'), 'utf8')]).toEqual([2, 'resources: []\n'])
    expect(stderr).toContain('own/kustomization.yaml: error IO_EXISTS'.replace(': error', ' error'))
    expect(existsSync(join(cwd, 'own/objects.yaml'))).toBe(false)
  })
})

describe('export --check', () => {
  const ARGV = ['--to', 'kustomize', '-s', 'logging']

  async function exported() {
    const cwd = folder({ 'k8s/web.yaml': web('shop'), 'k8s/api.yaml': web('shop', 'api') })
    await run(cwd, ...ARGV, '--output-dir', 'side', 'k8s')
    return { cwd, check: async () => await run(cwd, ...ARGV, '--check', 'side', 'k8s') }
  }

  it('says nothing of patches that are up to date', async () => {
    const { check } = await exported()
    expect(await check()).toEqual({ code: 0, stdout: '', stderr: '2 patches: up to date\n' })
  })

  it('says which are outdated, match nothing, and are missing', async () => {
    const { cwd, check } = await exported()
    writeFileSync(join(cwd, 'k8s/web.yaml'), web('shop').replace('name: web, image', 'name: app, image'))
    writeFileSync(join(cwd, 'k8s/api.yaml'), web('shop', 'api2'))
    expect(await check()).toEqual({
      code: 1,
      stdout:
        'side/kustomization.yaml: Deployment shop/api: the patch matches no object\n' +
        'side/kustomization.yaml: Deployment shop/web: the patch is outdated\n' +
        'side/kustomization.yaml: Deployment shop/api2: the patch is missing\n',
      stderr: '2 patches: 3 not up to date\n',
    })
  })

  it('says which are left over', async () => {
    const { cwd, check } = await exported()
    writeFileSync(
      join(cwd, 'k8s/web.yaml'),
      web('shop').replace('metadata: {name', 'metadata: {annotations: {sidecarctl.dev/inject: "false"}, name'),
    )
    const { code, stdout } = await run(cwd, '--to', 'kustomize', '--check', 'side', 'k8s/web.yaml')
    expect([code, stdout]).toEqual([
      1,
      'side/kustomization.yaml: Deployment shop/api: the patch matches no object\n' +
        'side/kustomization.yaml: Deployment shop/web: the patch is left over: nothing changes this object\n',
    ])
    expect((await check()).code).toBe(0)
  })

  it('finds ours in a file of the user, and leaves his own patches out', async () => {
    const cwd = folder({ 'web.yaml': web('shop') })
    const { stdout } = await run(cwd, '--to', 'flux-helm', '-s', 'logging', 'web.yaml')
    const own =
      '      - patch: |\n          - {op: add, path: /metadata/labels/a, value: b}\n        target: {kind: Deployment, name: other}\n'
    expect(stdout).toContain('      patches:\n')
    writeFileSync(join(cwd, 'release.yaml'), stdout.replace('      patches:\n', `      patches:\n${own}`))
    const checked = await run(cwd, '--to', 'flux-helm', '-s', 'logging', '--check', 'release.yaml', 'web.yaml')
    expect(checked).toEqual({ code: 0, stdout: '', stderr: '1 patch: up to date\n' })
  })

  it('looks at the objects of sidecars, too', async () => {
    const cwd = folder({ 'web.yaml': web(), 'notes.yml': NOTES })
    const argv = ['--to', 'kustomize', '-t', 'notes.yml', '-s', 'notes', 'web.yaml']
    await run(cwd, ...argv, '--output-dir', 'side')
    const file = join(cwd, 'side/objects.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('kind: ConfigMap', 'kind: Secret'))
    const { code, stdout } = await run(cwd, ...argv, '--check', 'side')
    expect([code, stdout]).toEqual([1, 'side/objects.yaml: the objects of sidecars are outdated\n'])
  })

  it('fails where there is nothing to compare with', async () => {
    const { code, stdout } = await run(folder({ 'web.yaml': web() }), ...ARGV, '--check', 'none', 'web.yaml')
    expect([code, stdout]).toEqual([2, ''])
  })
})
