/** The commands of plugin.yaml as Argo CD runs them: as user 999, in a copy of the repository that it may not write. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { folder } from '../cli/fake.ts'
import { runIn } from './programs.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const isRoot = process.getuid?.() === 0

let scratch = ''
beforeAll(() => {
  // The tree may be in a folder that user 999 cannot enter.
  scratch = mkdtempSync(join(tmpdir(), 'sidecarctl-argocd-'))
  for (const name of ['bin', 'dist', 'templates']) cpSync(join(ROOT, name), join(scratch, name), { recursive: true })
  mkdirSync(join(scratch, 'path'))
  symlinkSync(join(scratch, 'bin/sidecarctl.js'), join(scratch, 'path/sidecarctl'))
  chmodSync(scratch, 0o755)
})
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
})

const POLICY = `apiVersion: sidecarctl.dev/v1
kind: Policy
spec:
  rules: [{match: {kinds: [Deployment]}, add: [logging]}]
`
const WEB = readFileSync(join(ROOT, 'fixtures/samples/deployment.yaml'), 'utf8')

interface Plugin {
  metadata: { name: string }
  spec: {
    discover: { fileName: string }
    generate: { command: string[] }
    parameters: { static: { name: string; collectionType?: string }[] }
  }
}

function plugin(): Plugin {
  const cwd = folder({})
  expect(runIn(cwd, 'sidecarctl', ['argocd-plugin', 'cmp'])).toMatchObject({ status: 0, stdout: '' })
  return parse(readFileSync(join(cwd, 'cmp/plugin.yaml'), 'utf8')) as Plugin
}

/** Runs `generate` in a folder; without rights to write into it, and without a home. */
function generate(files: Record<string, string>, parameters?: unknown) {
  const cwd = mkdtempSync(join(tmpdir(), 'sidecarctl-app-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
  chmodSync(cwd, 0o555)
  const [command = '', ...args] = plugin().spec.generate.command
  const done = spawnSync(join(scratch, 'path', command), args, {
    cwd,
    encoding: 'utf8',
    uid: 999,
    gid: 999,
    env: {
      PATH: `${join(scratch, 'path')}:${process.env['PATH'] ?? ''}`,
      ARGOCD_APP_NAME: 'shop',
      ...(parameters !== undefined && { ARGOCD_APP_PARAMETERS: JSON.stringify(parameters) }),
    },
  })
  const left = readdirSync(cwd)
  rmSync(cwd, { recursive: true, force: true })
  return { status: done.status, stdout: done.stdout, stderr: done.stderr, left: left.sort() }
}

describe('plugin.yaml', () => {
  it('is discovered by the policy file, and announces the parameters that the program takes', () => {
    const { metadata, spec } = plugin()
    expect(metadata.name).toBe('sidecarctl')
    expect(spec.discover.fileName).toBe('./sidecarctl.yaml')
    const names = ['sidecars', 'set', 'mode', 'start', 'kubernetesVersion']
    expect(spec.parameters.static.map(({ name }) => name)).toEqual(names)
    const help = runIn(folder({}), 'sidecarctl', ['argocd', '--help']).stdout.replaceAll(/\s+/g, ' ')
    expect(help).toContain(`(${names.join(', ')})`)
  })
})

describe('generate as user 999', () => {
  const files = { 'sidecarctl.yaml': POLICY, 'k8s/web.yaml': WEB }

  it.skipIf(!isRoot)('prints the manifests with the sidecars of the policy (needs root)', () => {
    const done = generate(files)
    expect(done).toMatchObject({ status: 0, stderr: '', left: ['k8s', 'sidecarctl.yaml'] })
    const cwd = folder(files)
    expect(done.stdout).toBe(runIn(cwd, 'sidecarctl', ['inject', '-q', '-R', '.']).stdout)
    expect(done.stdout).toContain('name: logging')
  })

  it.skipIf(!isRoot)('takes the parameters of the Application (needs root)', () => {
    const done = generate(files, [
      { name: 'sidecars', array: ['logging'] },
      { name: 'set', map: { 'logging.output': 'forward', 'logging.host': 'fluentd' } },
      { name: 'mode', string: 'classic' },
      { name: 'kubernetesVersion', string: '' },
    ])
    expect(done).toMatchObject({ status: 0, stderr: '' })
    expect(done.stdout).toBe(
      runIn(folder(files), 'sidecarctl', [
        'inject',
        '-q',
        '-R',
        '.',
        '-s',
        'logging',
        '--set',
        'logging.output=forward',
        '--set',
        'logging.host=fluentd',
        '--mode',
        'classic',
      ]).stdout,
    )
  })

  it.skipIf(!isRoot)('leaves out a kustomization that the policy excludes (needs root)', () => {
    const policy = POLICY.replace('spec:', 'spec:\n  exclude: {paths: [base/**]}')
    const base = { 'base/kustomization.yaml': 'resources: [web.yaml]\n', 'base/web.yaml': WEB }
    const done = generate({ ...files, ...base, 'sidecarctl.yaml': policy })
    expect(done).toMatchObject({ status: 0, stderr: '' })
  })

  it.skipIf(!isRoot).each([
    ['no manifest', { 'sidecarctl.yaml': POLICY }, undefined, /no manifests|IO_|no objects/],
    ['an empty manifest', { 'sidecarctl.yaml': POLICY, 'a.yaml': '' }, undefined, /IO_EMPTY/],
    [
      'a kustomization',
      { ...files, 'k8s/kustomization.yaml': 'namePrefix: prod-\nresources: [web.yaml]\n' },
      undefined,
      /^\.\/k8s\/kustomization\.yaml error FILE_NOT_MANIFEST: not a manifest, skipped: a kustomization$/m,
    ],
    [
      'a kustomization without an extension, alone in its folder',
      { ...files, 'prod/Kustomization': 'namePrefix: prod-\nresources: [../k8s]\n' },
      undefined,
      /^\.\/prod\/Kustomization error FILE_NOT_MANIFEST: not a manifest, skipped: a kustomization$/m,
    ],
    [
      'a chart',
      { ...files, 'shop/Chart.yaml': 'name: shop\nversion: 1.0.0\n', 'shop/templates/a.yaml': 'a: {{ .b }}\n' },
      undefined,
      /^\.\/shop\/Chart\.yaml error FILE_NOT_MANIFEST: not a manifest, skipped: a file of a Helm chart in shop$/m,
    ],
    [
      'a wrong value',
      files,
      [{ name: 'mode', string: 'nativ' }],
      /^error FUNCTION_CONFIG: ARGOCD_APP_PARAMETERS, mode: unknown mode "nativ"$/m,
    ],
    ['an unknown parameter', files, [{ name: 'templates', array: ['/etc'] }], /unknown parameter "templates"/],
    ['an unknown sidecar', files, [{ name: 'sidecars', array: ['nope'] }], /unknown sidecar "nope"/],
    ['parameters that are none', files, {}, /not a JSON list/],
  ])('fails with nothing on standard output: %s (needs root)', (_, given, parameters, message) => {
    const done = generate(given, parameters)
    expect(done.stdout).toBe('')
    expect(done.status).not.toBe(0)
    expect(done.stderr).toMatch(message)
  })
})
