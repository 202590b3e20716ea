/**
 * Walks through a repository as they are: a kustomize base with overlays, a chart, workflows, Compose, SOPS, placeholders
 * of Flux, and the real manifests where they are at hand. Prints each command with its exit code and summary; fails if the
 * repository is not as it was in the end: `npm run test:repository`.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { shellWord } from '../../src/core/common/shell-word.ts'
import { missing, SHARED } from '../shared.ts'
import { git } from './scratch.ts'

declare const PROJECT_ROOT: string

const deployment = (name: string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
${more}  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: app   # the app
          image: nginx:1.27
          ports: [{containerPort: 8080}]
`

const FILES: Readonly<Record<string, string>> = {
  'base/kustomization.yaml': 'resources: [web.yaml, service.yaml]\n',
  'base/web.yaml': deployment('web'),
  'base/service.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}\n',
  'overlays/prod/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../base]\npatches:\n  - path: replicas.yaml\n  - path: json6902.yaml\n    target: {kind: Deployment}\n',
  'overlays/prod/replicas.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n',
  'overlays/prod/json6902.yaml': '- {op: remove, path: /spec/replicas}\n',
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/values.yaml': 'replicas: 1\nimage: {tag: "1"}\n',
  'charts/web/templates/web.yaml': deployment('{{ .Release.Name }}', '  replicas: {{ .Values.replicas }}\n'),
  '.github/workflows/ci.yaml': 'on: push\njobs: {test: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n',
  'compose.yaml': 'services:\n  web: {image: nginx, ports: ["80:80"]}\n',
  'secrets/db.yaml': `apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {password: "ENC[AES256_GCM,data:abcd,iv:aa,tag:bb,type:str]"}
sops: {mac: "ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]", version: 3.9.0, lastmodified: "2025-01-01T00:00:00Z"}
`,
  'flux/app.yaml': deployment('api', '  replicas: ${replicas:=2}\n'),
  'package.json': '{"name": "shop", "version": "1.0.0"}\n',
  '.pre-commit-config.yaml': '',
}

/** The values of Flux and envsubst are filled in later. */
const PLACEHOLDERS = '--allow-placeholders'

/** Where each command runs, and what it prints after its exit code. */
class Walk {
  readonly repository = realpathSync(mkdtempSync(join(tmpdir(), 'sidecarctl-walk-')))
  readonly faults: string[] = []
  readonly #bin: string

  constructor(bin: string) {
    this.#bin = bin
  }

  run(program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const env = {
      ...process.env,
      PATH: `${this.#bin}${delimiter}${process.env['PATH'] ?? ''}`,
      PRE_COMMIT_HOME: join(this.repository, '.git/pre-commit-home'),
    }
    const who = program === 'git' ? ['-c', 'user.name=test', '-c', 'user.email=test@example.com'] : []
    return spawnSync(program, [...who, ...args], { cwd: this.repository, env, encoding: 'utf8', maxBuffer: 1 << 28 })
  }

  /** Runs a command, prints it with its exit code and the end of what it says, and notes an exit code that is not expected. */
  step(expected: readonly number[], program: string, ...args: string[]): string {
    const { status, stdout, stderr } = this.run(program, ...args)
    const said = `${stdout}${stderr}`
    const errors = said.match(/^\S.* error [A-Z_]+/gm)?.length ?? 0
    const summary = (stderr.trim() === '' ? stdout : stderr)
      .split('\n')
      .filter((line) => /^(?:\d+|no|up to date|found|created|sidecarctl check)[ :.]/.test(line))
      .slice(-4)
    const counted = errors === 0 ? '' : `, ${errors} ${errors === 1 ? 'error' : 'errors'}`
    process.stdout.write(
      `$ ${[program, ...args.map(shellWord)].join(' ')}\n  exit ${status}${counted}\n${summary.map((line) => `  ${line}\n`).join('')}`,
    )
    if (!expected.includes(status ?? -1)) this.fault(`exit ${status} of ${program} ${args.join(' ')}`)
    return said
  }

  /** Notes a fault if the working tree differs from a commit. */
  expectUnchanged(commit: string, when: string): void {
    const { status, stdout } = this.run('git', 'diff', '--stat', '--exit-code', commit)
    if (status !== 0) this.fault(`${when} the files differ from ${commit}:\n${stdout}`)
    else process.stdout.write(`  git diff is empty ${when}\n`)
  }

  fault(text: string): void {
    this.faults.push(text)
    process.stdout.write(`  FAULT: ${text}\n`)
  }
}

/** The repository, everything committed; with as many real manifests as there are, 500 at most. */
function fill(repository: string): void {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(repository, name)), { recursive: true })
    writeFileSync(join(repository, name), text)
  }
  const lack = missing('corpus/manifests')
  if (lack === undefined) cpSync(`${SHARED}/corpus/manifests`, join(repository, 'corpus'), { recursive: true })
  else process.stdout.write(`without real manifests: ${lack}\n`)
  git(repository, 'init', '-q')
  git(repository, 'add', '-A')
  git(repository, 'commit', '-qm', 'as it was')
  git(repository, 'tag', 'start')
}

function useHook(walk: Walk): void {
  const said = walk.step([0], 'sidecarctl', 'init')
  const addition = /add to \.pre-commit-config\.yaml:\n((?: {2}.*\n)+)/.exec(said)?.[1]
  if (addition === undefined) walk.fault('init prints no hook for pre-commit')
  writeFileSync(join(walk.repository, '.pre-commit-config.yaml'), (addition ?? '').replace(/^ {2}/gm, ''))
  git(walk.repository, 'add', '-A')
  git(walk.repository, 'commit', '-qm', 'sidecarctl init')
  git(walk.repository, 'tag', 'initialised')
}

/** A folder for the search path, with the built program as a command. */
function commandFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sidecarctl-bin-'))
  const line = `exec "${process.execPath}" "${join(PROJECT_ROOT, 'bin/sidecarctl.js')}" "$@"`
  writeFileSync(join(folder, 'sidecarctl'), `#!/bin/sh\n${line}\n`, { mode: 0o755 })
  return folder
}

const bin = commandFolder()
const walk = new Walk(bin)
const hasPreCommit = spawnSync('pre-commit', ['--version']).status === 0
fill(walk.repository)
useHook(walk)
// All or nothing: where a file is refused, none is written.
walk.step([0, 1], 'sidecarctl', 'inject', '-R', '.', '-w', PLACEHOLDERS)
if (walk.run('sidecarctl', 'inject', '-R', '.', '-o', 'none', '-q', PLACEHOLDERS).status !== 0)
  walk.expectUnchanged('initialised', 'after a run with errors')
walk.step([0, 1], 'sidecarctl', 'inject', '-R', '.', '-w', '--keep-going', PLACEHOLDERS)
const injected = readFileSync(join(walk.repository, 'base/web.yaml'), 'utf8')
if (!injected.includes('name: logging')) walk.fault('base/web.yaml has no sidecar')
const withPlaceholder = readFileSync(join(walk.repository, 'flux/app.yaml'), 'utf8')
if (!/replicas: \$\{replicas:=2\}[^]*name: logging/.test(withPlaceholder)) walk.fault('flux/app.yaml has no sidecar')
for (const file of Object.keys(FILES).filter((name) => !/^(?:base|flux)\/\w+\.yaml$|^\.pre-commit/.test(name))) {
  if (readFileSync(join(walk.repository, file), 'utf8') !== FILES[file]) walk.fault(`${file} was changed`)
}
walk.step([0, 1], 'sidecarctl', 'check', '-R', '.', PLACEHOLDERS)
walk.step([0, 1], 'sidecarctl', 'validate', '-R', '.', PLACEHOLDERS)
walk.step([0], 'sidecarctl', 'check', '-R', 'base')
if (hasPreCommit) {
  walk.step([0], 'pre-commit', 'install')
  git(walk.repository, 'add', 'base')
  walk.step([0], 'git', 'commit', '-qm', 'sidecars')
  writeFileSync(join(walk.repository, 'base/new.yaml'), deployment('new'))
  git(walk.repository, 'add', 'base/new.yaml')
  // The working tree gets the sidecar, the index does not.
  walk.run('sidecarctl', 'inject', '-w', 'base/new.yaml')
  walk.step([1], 'git', 'commit', '-qm', 'without a sidecar')
  git(walk.repository, 'add', 'base/new.yaml')
  walk.step([0], 'git', 'commit', '-qm', 'with it')
  git(walk.repository, 'rm', '-qf', 'base/new.yaml')
} else process.stdout.write('without pre-commit, which is not on the PATH\n')
walk.step([0, 1], 'sidecarctl', 'uninject', '-R', '.', '-w', '--keep-going')
walk.expectUnchanged('initialised', 'in the end')

rmSync(walk.repository, { recursive: true, force: true })
rmSync(bin, { recursive: true, force: true })
process.stdout.write(`${walk.faults.length} faults\n`)
if (walk.faults.length > 0) process.exitCode = 1
