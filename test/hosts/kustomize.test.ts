/** kustomize, kubectl kustomize and kpt with sidecarctl as their function, against what inject makes of the same manifests. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { folder } from '../cli/fake.ts'
import { binFolder, installed, program, runIn } from './programs.ts'

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # the shop
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      # the app
      - name: web
        image: nginx:1
        ports: [{containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}], selector: {app: web}}
`
const CONF = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: conf, version: 1.0.0, description: Brings a ConfigMap.}
spec:
  container:
    image: busybox:1.37.0
    command: [sh, -c, sleep 1000]
  objects:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: '\${{ workload.name }}-conf'}
    data: {letter: a}
`
const config = (exec: string): string => `apiVersion: sidecarctl.dev/v1
kind: SidecarInjection
metadata:
  name: sidecars
${exec === '' ? '' : `  annotations:\n    config.kubernetes.io/function: |\n      exec: ${exec}\n`}spec:
  sidecars: [conf, logging]
  templates: [conf.yaml]
`
/** Without arguments: kustomize up to 5.6 knows none. */
const EXEC = '{path: sidecarctl-krm}'
const files = (exec: string): Record<string, string> => ({
  'kustomization.yaml': 'resources: [web.yaml]\ntransformers: [sidecars.yaml]\n',
  'web.yaml': WEB,
  'conf.yaml': CONF,
  'sidecars.yaml': config(exec),
})

/** Objects by kind, for comparison as data: kustomize sorts keys. */
const objectsOf = (text: string): Record<string, unknown> =>
  Object.fromEntries(
    parseAllDocuments(text).map((doc) => {
      const data = doc.toJS() as { kind: string; metadata: { annotations?: Record<string, string> } }
      return [data.kind, data]
    }),
  )
const injected = (cwd: string): string =>
  runIn(cwd, join(binFolder(), 'sidecarctl'), ['inject', '-q', '-s', 'conf,logging', '-t', 'conf.yaml', 'web.yaml'])
    .stdout
const FLAGS = ['--enable-alpha-plugins', '--enable-exec']

describe.each(['kustomize-5.6', 'kustomize-5.8'])('%s', (name) => {
  const kustomize = program(name)

  it.skipIf(kustomize === undefined)('build makes the objects that inject makes (needs kustomize)', () => {
    const cwd = folder(files(EXEC))
    const built = runIn(cwd, kustomize as string, ['build', ...FLAGS, '.'])
    expect(built).toMatchObject({ status: 0 })
    expect(objectsOf(built.stdout)).toEqual(objectsOf(injected(cwd)))
    expect(Object.keys(objectsOf(built.stdout))).toContain('ConfigMap')
  })

  it.skipIf(kustomize === undefined)('build fails, and says why, when sidecarctl does (needs kustomize)', () => {
    const cwd = folder({ ...files(EXEC), 'sidecars.yaml': config(EXEC).replace('logging', 'loging') })
    const built = runIn(cwd, kustomize as string, ['build', ...FLAGS, '.'])
    expect(built).toMatchObject({ status: 1, stdout: '' })
    expect(built.stderr).toContain('unknown sidecar "loging"')
  })

  it.skipIf(kustomize === undefined)(
    'without --enable-exec skips it in silence, which check sees (needs kustomize)',
    () => {
      const cwd = folder(files(EXEC))
      const built = runIn(cwd, 'bash', ['-c', `"${kustomize}" build --enable-alpha-plugins . > all.yaml`])
      expect(built).toEqual({ status: 0, stdout: '', stderr: '' })
      expect(readFileSync(join(cwd, 'all.yaml'), 'utf8')).not.toContain('fluent-bit')
      const check = ['check', '-s', 'conf,logging', '-t', 'conf.yaml', 'all.yaml']
      expect(runIn(cwd, 'sidecarctl', check).status).toBe(1)
      runIn(cwd, 'bash', ['-c', `"${kustomize}" build ${FLAGS.join(' ')} . > all.yaml`])
      expect(runIn(cwd, 'sidecarctl', check).status).toBe(0)
    },
  )
})

describe('kustomize fn run and functions with arguments', () => {
  const kustomize = program('kustomize-5.8')

  it.skipIf(kustomize === undefined)(
    'fn run keeps comments and writes the objects into the file (needs kustomize 5.8)',
    () => {
      const cwd = folder({ ...files('{path: sidecarctl, args: [krm]}'), 'k8s/web.yaml': WEB })
      const done = runIn(cwd, kustomize as string, ['fn', 'run', '--enable-exec', '--fn-path', 'sidecars.yaml', 'k8s'])
      expect(done.status, done.stderr).toBe(0)
      const text = readFileSync(join(cwd, 'k8s/web.yaml'), 'utf8')
      expect(text).toContain('# the app')
      expect(objectsOf(text)).toEqual(objectsOf(injected(cwd)))
    },
  )

  it.skipIf(kustomize === undefined)('takes a policy file as the transformer (needs kustomize 5.8)', () => {
    const policy = `apiVersion: sidecarctl.dev/v1
kind: Policy
metadata:
  name: sidecars
  annotations:
    config.kubernetes.io/function: |
      exec: {path: sidecarctl, args: [krm]}
spec:
  templates: [conf.yaml]
  rules: [{add: [conf, logging]}]
`
    const cwd = folder({ ...files(''), 'sidecars.yaml': policy })
    const built = runIn(cwd, kustomize as string, ['build', ...FLAGS, '.'])
    expect(built.status, built.stderr).toBe(0)
    expect(objectsOf(built.stdout)).toEqual(objectsOf(injected(cwd)))
  })
})

describe.each([
  ['kubectl kustomize', installed('kubectl')],
  ['kubectl 1.36 kustomize', program('kubectl-1.36')],
])('%s', (_, kubectl) => {
  it.skipIf(kubectl === undefined)('runs the plugin that kustomize-plugin writes (needs kubectl)', () => {
    const cwd = folder(files(''))
    expect(runIn(cwd, 'sidecarctl', ['kustomize-plugin', 'plugins'])).toMatchObject({ status: 0, stdout: '' })
    const home = { KUSTOMIZE_PLUGIN_HOME: join(cwd, 'plugins') }
    const built = runIn(cwd, kubectl as string, ['kustomize', '--enable-alpha-plugins', '.'], home)
    expect(built.status, built.stderr).toBe(0)
    expect(objectsOf(built.stdout)).toEqual(objectsOf(injected(cwd)))
    expect(runIn(cwd, 'sidecarctl', ['kustomize-plugin', 'plugins'])).toMatchObject({ status: 2 })
  })
})

describe('kpt', () => {
  const kpt = installed('kpt')
  const pkg = (): string =>
    folder({
      'conf.yaml': CONF,
      'pkg/web.yaml': WEB,
      'pkg/Kptfile': 'apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: pkg}\n',
    })
  // Flags changed their names: --exec alone, or with --allow-exec.
  const evaluate = (cwd: string, ...data: string[]) =>
    runIn(cwd, kpt as string, ['fn', 'eval', 'pkg', '--exec', 'sidecarctl krm -t conf.yaml', '--', ...data])

  it.skipIf(kpt === undefined)(
    'gets byte for byte what inject prints, but for the place of objects (needs kpt)',
    () => {
      const cwd = pkg()
      const done = evaluate(cwd, 'sidecars=conf,logging')
      expect(done.status, done.stderr).toBe(0)
      const text = readFileSync(join(cwd, 'pkg/web.yaml'), 'utf8')
      const [deployment, service, configMap] = text.split('---\n')
      const expected = runIn(folder({ 'web.yaml': WEB, 'conf.yaml': CONF }), 'sidecarctl', [
        'inject',
        '-q',
        '-s',
        'conf,logging',
        '-t',
        'conf.yaml',
        'web.yaml',
      ]).stdout.split('---\n')
      expect(deployment).toBe(expected[0])
      expect([configMap, service]).toEqual(expected.slice(1))
      expect(evaluate(cwd, 'sidecars=conf,logging').status).toBe(0)
      expect(readFileSync(join(cwd, 'pkg/web.yaml'), 'utf8')).toBe(text)
    },
  )

  it.skipIf(kpt === undefined)('shows findings as results (needs kpt)', () => {
    const done = evaluate(pkg(), 'sidecar=conf')
    expect(done.status).toBe(1)
    expect(done.stdout + done.stderr).toContain(
      '[error]: functionConfig data[sidecar]: unknown field (did you mean sidecars?)',
    )
  })
})
