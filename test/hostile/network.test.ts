/** The built program, every command of it, with the network refused. */
import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from '../cli/fake.ts'
import { definition, pod, policy, template } from './manifests.ts'

const GUARD = resolve('test/tools/refuse-network.cjs')
const PROGRAM = resolve('bin/sidecarctl.js')
const REFUSED = 97

function node(args: readonly string[], cwd?: string, input = '') {
  const env = {
    PATH: process.env['PATH'],
    HOME: cwd,
    HTTP_PROXY: 'http://127.0.0.1:9',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    NODE_OPTIONS: `--require ${JSON.stringify(GUARD)}`,
  }
  return spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env,
    input,
    maxBuffer: 1 << 24,
    ...(cwd !== undefined && { cwd }),
  })
}

describe('the guard ends a program that', () => {
  it.each([
    "fetch('http://127.0.0.1:9').catch(() => 0)",
    "require('net').connect(9)",
    "new (require('net').Socket)().connect(9)",
    "require('https').get('https://127.0.0.1:9')",
    "require('dns').lookup('localhost', () => 0)",
    "require('dgram').createSocket('udp4')",
    "require('http').createServer().listen(0)",
    "import('node:net').then((net) => net.connect(9))",
    "try { require('tls').connect(9) } catch {}",
  ])('says %s', (code) => {
    expect(node(['-e', code])).toMatchObject({ status: REFUSED, stderr: expect.stringMatching(/^network: /) })
  })
})

const URL = 'https://example.com/x.yaml'
const TREE = 'apiVersion: example.com/v1\nkind: Tree\nmetadata: {name: a}\n'
const FILES = {
  'in.yaml': pod(),
  'tree.yaml': TREE,
  'crd.yaml': definition(`{type: object, $schema: "${URL}", $ref: "${URL}", properties: {a: {$ref: "${URL}"}}}`),
  'sidecars/t.yaml': template('  container: {image: "registry.example.com/a:latest", args: ["https://example.com"]}\n'),
  'url.yaml': template(`  extends: ${URL}\n`),
  'policy.yaml': policy('[{add: [mine]}]').replace('spec:\n', 'spec:\n  templates: [sidecars]\n'),
  'policy-url.yaml': policy('[{add: [mine]}]').replace('spec:\n', `spec:\n  templates: ["${URL}"]\n`),
}

const RUNS: readonly { argv: string[]; status: number }[] = [
  ...['as-is', 'json', 'diff', 'name', 'none'].map((o) => ({
    argv: ['inject', 'in.yaml', ...(o === 'as-is' ? [] : ['-o', o])],
    status: 0,
  })),
  {
    argv: [
      'inject',
      '-s',
      'logging,config-http',
      '--set',
      `config-http.url=${URL}`,
      '--set',
      'config-http.file=x.yaml',
      'in.yaml',
    ],
    status: 0,
  },
  { argv: ['inject', '-w', '--config', 'policy.yaml', 'in.yaml'], status: 0 },
  ...['text', 'mermaid', 'svg', 'dot'].map((o) => ({
    argv: ['graph', 'in.yaml', '-s', 'logging', '-o', o],
    status: 0,
  })),
  { argv: ['playground'], status: 0 },
  { argv: ['inject', URL], status: 2 },
  { argv: ['inject', '-t', URL, '-s', 'mine', 'in.yaml'], status: 2 },
  { argv: ['inject', '-t', 'url.yaml', '-s', 'mine', 'in.yaml'], status: 2 },
  { argv: ['inject', '--config', URL, 'in.yaml'], status: 2 },
  { argv: ['inject', '--config', 'policy-url.yaml', 'in.yaml'], status: 2 },
  { argv: ['uninject', 'in.yaml'], status: 0 },
  { argv: ['diff', 'in.yaml'], status: 1 },
  { argv: ['check', 'in.yaml'], status: 0 },
  ...['text', 'json', 'sarif', 'junit', 'github', 'markdown'].map((o) => ({
    argv: ['check', '-s', 'logging', 'in.yaml', '-o', o],
    status: 1,
  })),
  ...['kustomize', 'flux', 'flux-helm', 'argocd', 'json-patch', 'mutating-admission-policy', 'kyverno'].map((to) => ({
    argv: ['export', '--to', to, '-s', 'logging', ...(/policy|kyverno/.test(to) ? [] : ['in.yaml'])],
    status: 0,
  })),
  { argv: ['krm'], status: 2 },
  { argv: ['helm-plugin', 'helm'], status: 0 },
  { argv: ['kustomize-plugin', 'kustomize'], status: 0 },
  { argv: ['argocd-plugin', 'argocd'], status: 0 },
  { argv: ['argocd'], status: 2 },
  { argv: ['completion', 'bash'], status: 0 },
  { argv: ['version'], status: 0 },
  { argv: ['status', 'in.yaml'], status: 0 },
  { argv: ['explain', 'in.yaml'], status: 0 },
  ...['text', 'json', 'sarif', 'junit', 'github'].map((o) => ({ argv: ['validate', 'in.yaml', '-o', o], status: 0 })),
  { argv: ['validate', '--crd', URL, 'in.yaml'], status: 2 },
  { argv: ['validate', '--crd', 'crd.yaml', 'tree.yaml'], status: 0 },
  { argv: ['templates', 'list'], status: 0 },
  { argv: ['templates', 'show', 'logging'], status: 0 },
  { argv: ['templates', 'docs', 'logging'], status: 0 },
  { argv: ['templates', 'new', 'x'], status: 0 },
  { argv: ['templates', 'validate', 'sidecars'], status: 0 },
  { argv: ['templates', 'schema'], status: 0 },
  { argv: ['templates', 'images'], status: 0 },
  { argv: ['templates', 'export', 'logging'], status: 0 },
  { argv: ['init', '--no-hook'], status: 0 },
  { argv: ['--version'], status: 0 },
  { argv: ['help', 'inject'], status: 0 },
]

describe('without a network', () => {
  it.each([() => fetch('http://192.0.2.1/'), async () => connect(80, 'example.com'), async () => createSocket('udp4')])(
    'is every test',
    async (reach) => {
      const error = await reach().then(
        () => undefined,
        (error: Error) => error,
      )
      expect(`${error?.message}: ${(error?.cause as Error | undefined)?.message}`).toContain('a test would')
    },
  )

  it('are all commands tried', () => {
    const names = (text: string) =>
      [
        ...(text
          .split('Commands:')[1]
          ?.split('\n\n')[0]
          ?.matchAll(/^ {2}([a-z-]+)/gm) ?? []),
      ].map((match) => match[1] as string)
    const tried = new Set(RUNS.map(({ argv }) => argv[0]))
    const triedTemplates = new Set(RUNS.filter(({ argv }) => argv[0] === 'templates').map(({ argv }) => argv[1]))
    expect(names(node([PROGRAM, '--help']).stdout).filter((name) => !tried.has(name))).toEqual([])
    expect(
      names(node([PROGRAM, 'templates', '--help']).stdout).filter(
        (name) => name !== 'help' && !triedTemplates.has(name),
      ),
    ).toEqual([])
  })

  it.each(RUNS)('$argv ends with $status', ({ argv, status }) => {
    const done = node([PROGRAM, ...argv], folder(FILES))
    expect(done, done.stderr).toMatchObject({ status })
    expect(done.stderr).not.toMatch(/^network: /m)
  })

  it('a pipe is read and written', () => {
    expect(node([PROGRAM, 'inject', '-q'], undefined, pod())).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('name: logging'),
    })
  })

  it('hooks and the action ask for nothing, either', () => {
    const cwd = folder(FILES)
    spawnSync('git', ['init', '-q', cwd])
    expect(node([PROGRAM, 'init'], cwd)).toMatchObject({ status: 0 })
    expect(readFileSync(join(cwd, '.git/hooks/pre-commit'), 'utf8')).not.toMatch(/curl|wget|npx|npm|https?:/)
  })
})
