/** Helm 3 and 4 with sidecarctl as post-renderer, on a chart with hooks, a test, a CRD and subcharts. No cluster is asked. */
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { folder } from '../cli/fake.ts'
import { program, runIn, type Done } from './programs.ts'

const CHART = fileURLToPath(new URL('../../fixtures/chart', import.meta.url))
const INJECT = ['--sidecar=conf', '--templates=chart/conf.yaml']

interface Rendered {
  kind: string
  metadata: { name: string; annotations?: Record<string, string> }
}

/** Objects by kind and name; Helm adds `# Source` comments and sorts. */
function objectsOf(text: string): Record<string, Rendered> {
  const all = parseAllDocuments(text).flatMap((doc) => (doc.toJS() as Rendered | null) ?? [])
  return Object.fromEntries(all.map((one) => [`${one.kind} ${one.metadata.name}`, one]))
}

/** Which file of the chart each object is written to. */
function sourcesOf(text: string): Record<string, string> {
  const parts = text.split(/^---\n/m).filter((part) => part.startsWith('# Source: '))
  return Object.fromEntries(
    parts.flatMap((part) =>
      Object.keys(objectsOf(part)).map((key) => [key, /^# Source: (.*)$/m.exec(part)?.[1] ?? '']),
    ),
  )
}

const HELMS: { name: string; helm: string | undefined; args: (flags: readonly string[]) => string[] }[] = [
  {
    name: 'Helm 3',
    helm: program('helm-3'),
    args: (flags) => ['inject', ...flags].map((flag) => `--post-renderer-args=${flag}`),
  },
  { name: 'Helm 4', helm: program('helm-4'), args: (flags) => flags.map((flag) => `--post-renderer-args=${flag}`) },
]

describe.each(HELMS)('$name', ({ name, helm, args }) => {
  /** A folder with the chart, and with the plugin for Helm 4. */
  function setUp(): {
    cwd: string
    run: (verb: readonly string[], flags?: readonly string[], env?: Record<string, string>) => Done
  } {
    const cwd = folder({})
    cpSync(CHART, join(cwd, 'chart'), { recursive: true })
    if (name === 'Helm 4') expect(runIn(cwd, 'sidecarctl', ['helm-plugin', 'plugins/sidecarctl']).status).toBe(0)
    const own = {
      HELM_PLUGINS: join(cwd, 'plugins'),
      HELM_CACHE_HOME: join(cwd, 'cache'),
      KUBECONFIG: join(cwd, 'none'),
    }
    const run = (verb: readonly string[], flags?: readonly string[], env = {}): Done =>
      runIn(
        cwd,
        helm as string,
        [...verb, 'x', 'chart', ...(flags === undefined ? [] : ['--post-renderer=sidecarctl', ...args(flags)])],
        { ...own, ...env },
      )
    return { cwd, run }
  }

  it.skipIf(helm === undefined)('template gives what inject makes of the same manifests (needs helm)', () => {
    const { cwd, run } = setUp()
    const plain = run(['template', '--include-crds'])
    const through = run(['template', '--include-crds'], INJECT)
    expect(through.status, through.stderr).toBe(0)
    const piped = runIn(cwd, 'bash', [
      '-c',
      `"${helm}" template --include-crds x chart | sidecarctl inject -q ${INJECT.join(' ')} -`,
    ])
    expect(objectsOf(through.stdout)).toEqual(objectsOf(piped.stdout))
    const added = Object.keys(objectsOf(through.stdout)).filter((key) => !Object.hasOwn(objectsOf(plain.stdout), key))
    expect(added.sort()).toEqual(['ConfigMap x-cache-conf', 'ConfigMap x-queue-conf', 'ConfigMap x-web-conf'])
    expect(through.stdout).toContain('# one in each zone')
  })

  it.skipIf(helm === undefined)('leaves hooks and CRDs alone, unless asked to include hooks (needs helm)', () => {
    const { run } = setUp()
    const [plain, some, all] = [
      run(['template']),
      run(['template'], INJECT),
      run(['template'], [...INJECT, '--helm-hooks']),
    ]
    for (const key of ['Job x-migrate', 'Pod x-smoke']) {
      expect(objectsOf(some.stdout)[key], key).toEqual(objectsOf(plain.stdout)[key])
      // Helm 3 does not send hooks.
      const isIn = JSON.stringify(objectsOf(all.stdout)[key]).includes('busybox')
      expect(isIn, key).toBe(name === 'Helm 4')
    }
  })

  it.skipIf(helm === undefined)('writes further objects into the file of their workload (needs helm)', () => {
    const { cwd, run } = setUp()
    const done = run(['template', '--output-dir=out'], INJECT)
    if (name === 'Helm 3') {
      // It writes the files itself, and passes nothing to the post-renderer.
      expect(done.status).toBe(1)
      return expect(done.stderr).toContain('error IO_EMPTY')
    }
    expect(done.status, done.stderr).toBe(0)
    const web = join(cwd, 'out/shop/templates/web.yaml')
    expect(Object.keys(objectsOf(readFileSync(web, 'utf8'))).sort()).toEqual([
      'ConfigMap x-web-conf',
      'Deployment x-web',
      'Service x-web',
    ])
    expect(done.stdout).not.toContain('generated-by-postrender')
    const sources = sourcesOf(run(['template'], INJECT).stdout)
    expect(sources['ConfigMap x-cache-conf']).toBe('shop/charts/cache/templates/cache.yaml')
  })

  it.skipIf(helm === undefined)('fails with the reason at hand (needs helm)', () => {
    const { cwd, run } = setUp()
    const done = run(['template'], ['--sidecar=nope'])
    expect(done).toMatchObject({ status: 1, stdout: '' })
    // Helm 4 throws the messages of plugins away.
    const told = name === 'Helm 4' ? readFileSync(join(cwd, 'cache/sidecarctl.log'), 'utf8') : done.stderr
    expect(told).toContain('unknown sidecar "nope"')
    if (name !== 'Helm 4') return
    run(['template'], ['--sidecar=nope'], { SIDECARCTL_REPORT: join(cwd, 'report.txt') })
    expect(readFileSync(join(cwd, 'report.txt'), 'utf8')).toBe(told)
    expect(run(['template'], INJECT).status).toBe(0)
    expect(readFileSync(join(cwd, 'cache/sidecarctl.log'), 'utf8')).toContain('injected conf')
  })

  it.skipIf(helm === undefined)('fails without losing anything where the log cannot be written (needs helm)', () => {
    const { run } = setUp()
    const done = run(['template'], INJECT, { SIDECARCTL_REPORT: '/proc/none/report' })
    expect(done.status, done.stderr).toBe(0)
    expect(done.stdout).toContain('busybox')
  })
})

describe('Helm 4 without a cluster', () => {
  const helm = program('helm-4')

  it.skipIf(helm === undefined).each([
    ['install', ['install', 'x', 'chart']],
    ['upgrade', ['upgrade', '--install', 'x', 'chart']],
  ])('%s --dry-run=client shows the sidecars (needs helm)', (_, verb) => {
    const cwd = folder({ 'memory.yaml': '' })
    cpSync(CHART, join(cwd, 'chart'), { recursive: true })
    runIn(cwd, 'sidecarctl', ['helm-plugin', 'plugins/sidecarctl'])
    const flags = ['--post-renderer=sidecarctl', ...INJECT.map((flag) => `--post-renderer-args=${flag}`)]
    const done = runIn(cwd, helm as string, [...verb, '--dry-run=client', ...flags], {
      HELM_PLUGINS: join(cwd, 'plugins'),
      HELM_DRIVER: 'memory',
      HELM_MEMORY_DRIVER_DATA: join(cwd, 'memory.yaml'),
      KUBECONFIG: join(cwd, 'none'),
    })
    expect(done.status, done.stderr).toBe(0)
    expect(done.stdout.match(/image: busybox:1\.37\.0/g)).toHaveLength(3)
    expect(done.stdout).toContain('name: x-cache-conf')
  })

  it.skipIf(helm === undefined)('installs the plugin that was written (needs helm)', () => {
    const cwd = folder({})
    runIn(cwd, 'sidecarctl', ['helm-plugin', 'sidecarctl-helm'])
    const env = { HELM_DATA_HOME: join(cwd, 'data'), HELM_CACHE_HOME: join(cwd, 'cache') }
    expect(runIn(cwd, helm as string, ['plugin', 'install', './sidecarctl-helm'], env)).toMatchObject({ status: 0 })
    expect(runIn(cwd, helm as string, ['plugin', 'list'], env).stdout).toMatch(/sidecarctl.*postrenderer\/v1/)
  })
})
