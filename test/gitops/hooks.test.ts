import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { deployment } from '../core/selection/support.ts'
import { POLICY, sidecarctl, template } from '../cli/gitops.ts'
import { folder } from '../cli/fake.ts'
import { bundledProgram } from './program.ts'

let bin = ''

/** The program as a command on the search path. */
beforeAll(async () => {
  bin = await bundledProgram()
})

afterAll(() => rmSync(bin, { recursive: true, force: true }))

function env(cwd: string): Record<string, string> {
  return {
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: cwd,
    PRE_COMMIT_HOME: join(cwd, '.git/pre-commit-home'),
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  }
}

function run(cwd: string, program: string, ...args: string[]): { status: number | null; output: string } {
  const done = spawnSync(program, args, { cwd, env: env(cwd), encoding: 'utf8' })
  return { status: done.status, output: `${done.stdout}${done.stderr}` }
}

function repository(files: Record<string, string> = {}): string {
  const cwd = folder({
    'sidecarctl.yaml': POLICY,
    'sidecars/sleeper.yaml': template(),
    'k8s/web.yaml': deployment(),
    ...files,
  })
  run(cwd, 'git', 'init', '-q')
  return cwd
}

const hasPreCommit = spawnSync('pre-commit', ['--version']).status === 0

/** The published hooks, run by the program on the search path: `language: node` would fetch packages. */
function localHooks(...ids: string[]): string {
  const hooks = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as { id: string }[]
  const chosen = hooks
    .filter(({ id }) => ids.includes(id))
    .map((hook) => Object.assign(hook, { language: 'system', files: '^k8s/' }))
  expect(chosen.map(({ id }) => id)).toEqual(ids)
  return stringify({ repos: [{ repo: 'local', hooks: chosen }] })
}

/** What pre-commit starts: the entry, then the arguments, then the names of files. */
function commandOf(hook: { entry: string; args?: string[] }, ...names: string[]): string[] {
  return [...hook.entry.split(' '), ...(hook.args ?? []), ...names]
}

describe('shipped hooks', () => {
  const hooks = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as {
    id: string
    entry: string
    args?: string[]
  }[]

  it.each(hooks)('$id takes no file name for an option', (hook) => {
    const cwd = repository({
      '--config=evil.yaml': deployment().replace('image:', 'imag:'),
      'evil.yaml': POLICY.replace('[sleeper]', '[]'),
    })
    const [program = '', ...args] = commandOf(hook, '--config=evil.yaml')
    expect(run(cwd, program, ...args)).toMatchObject({
      status: 1,
      output: expect.stringContaining('--config=evil.yaml:'),
    })
  })

  const act = (cwd: string, inputs: Record<string, string>) => {
    const action = parse(readFileSync('action.yml', 'utf8')) as { runs: { steps: { name: string; run: string }[] } }
    const script = action.runs.steps.find(({ name }) => name === 'Run')?.run ?? ''
    const SIDECARCTL = join(process.cwd(), 'bin/sidecarctl.js')
    return spawnSync('bash', ['-e', '-c', script], {
      cwd,
      env: { ...env(cwd), SIDECARCTL, GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'), PATHS: '', SARIF: '', ...inputs },
      encoding: 'utf8',
    })
  }

  it('nor does the action', () => {
    const cwd = repository({ '--config=evil.yaml': deployment(), 'evil.yaml': POLICY.replace('[sleeper]', '[]') })
    expect(act(cwd, { ARGS: 'check', PATHS: '--config=evil.yaml\nk8s/web.yaml\n' })).toMatchObject({
      status: 1,
      stdout:
        '--config=evil.yaml:1: Deployment web: sleeper is missing\nk8s/web.yaml:1: Deployment web: sleeper is missing\n',
    })
    expect(act(cwd, { ARGS: 'check -R k8s' })).toMatchObject({
      status: 1,
      stdout: 'k8s/web.yaml:1: Deployment web: sleeper is missing\n',
    })
  })

  it('the action takes arguments with blanks, and writes a summary and SARIF', () => {
    const cwd = repository({ 'my manifests/web.yaml': deployment() })
    const done = act(cwd, { ARGS: 'check\n-R\nmy manifests\n', SARIF: 'findings.sarif' })
    expect(done).toMatchObject({ status: 1, stdout: 'my manifests/web.yaml:1: Deployment web: sleeper is missing\n' })
    const summary = readFileSync(join(cwd, 'summary.md'), 'utf8')
    expect(summary).toContain('### sidecarctl check: failed (exit code 1)\n')
    expect(summary).toContain('my manifests/web.yaml:1: Deployment web: sleeper is missing\n')
    const sarif = JSON.parse(readFileSync(join(cwd, 'findings.sarif'), 'utf8')) as {
      runs: [{ results: { ruleId: string }[] }]
    }
    expect(sarif.runs[0].results).toMatchObject([{ ruleId: 'SIDECAR_MISSING' }])
    expect(act(cwd, { ARGS: 'inject -q -w k8s', GITHUB_ACTIONS: 'true' })).toMatchObject({ status: 0, stdout: '' })
    expect(readFileSync(join(cwd, 'summary.md'), 'utf8')).toContain('### sidecarctl inject: passed\n')
  })
})

describe.skipIf(!hasPreCommit)('pre-commit (skipped where that program is missing)', () => {
  it('finds the hooks file good', () => {
    const cwd = repository({ 'hooks.yaml': readFileSync('.pre-commit-hooks.yaml', 'utf8') })
    expect(run(cwd, 'pre-commit', 'validate-manifest', 'hooks.yaml')).toMatchObject({ status: 0 })
  })

  it('keeps an unchecked manifest from being committed', () => {
    const cwd = repository({ '.pre-commit-config.yaml': localHooks('sidecarctl-check', 'sidecarctl-validate') })
    expect(run(cwd, 'pre-commit', 'install')).toMatchObject({ status: 0 })
    run(cwd, 'git', 'add', '-A')
    const refused = run(cwd, 'git', 'commit', '-m', 'one')
    expect(refused.status).toBe(1)
    expect(refused.output).toContain('k8s/web.yaml:1: Deployment web: sleeper is missing')
    expect(run(cwd, 'sidecarctl', 'inject', '-R', 'k8s', '-w')).toMatchObject({ status: 0 })
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'git', 'commit', '-m', 'one')).toMatchObject({ status: 0 })
  })

  it('injects', () => {
    const cwd = repository({ '.pre-commit-config.yaml': localHooks('sidecarctl-inject') })
    run(cwd, 'git', 'add', '-A')
    const first = run(cwd, 'pre-commit', 'run', '--all-files')
    expect(first.status).toBe(1)
    expect(first.output).toContain('files were modified by this hook')
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'pre-commit', 'run', '--all-files')).toMatchObject({ status: 0 })
    expect(readFileSync(join(cwd, 'k8s/web.yaml'), 'utf8')).toContain('name: sleeper')
  })

  it('validates', () => {
    const cwd = repository({
      '.pre-commit-config.yaml': localHooks('sidecarctl-validate'),
      'k8s/web.yaml': deployment().replace('image:', 'imag:'),
    })
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'pre-commit', 'run', '--all-files')).toMatchObject({
      status: 1,
      output: expect.stringContaining('imag'),
    })
  })
})

/** A pre-commit of the search path, or of the folder that PRE_COMMIT names. */
const preCommit = process.env['PRE_COMMIT'] ?? 'pre-commit'
const canInstall = spawnSync(preCommit, ['--version']).status === 0

describe.skipIf(!canInstall)('pre-commit installs the hooks by itself (skipped where that program is missing)', () => {
  it('from a clone, with language: node', { timeout: 600_000 }, () => {
    const clone = folder({})
    const git = (...args: string[]) => expect(run(clone, 'git', ...args), args.join(' ')).toMatchObject({ status: 0 })
    // What is in the working folder, committed or not.
    const files = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' }).stdout.split('\n')
    for (const file of files.filter((name) => name !== '' && existsSync(name) && !name.startsWith('fixtures/cases/')))
      cpSync(file, join(clone, file), { recursive: true })
    git('init', '-q')
    git('add', '-A')
    git('commit', '-q', '-m', 'one')
    git('tag', 'v1')
    const config = { repos: [{ repo: clone, rev: 'v1', hooks: [{ id: 'sidecarctl-check', files: '^k8s/' }] }] }
    const cwd = repository({ '.pre-commit-config.yaml': stringify(config) })
    run(cwd, 'git', 'add', '-A')
    const done = spawnSync(preCommit, ['run', '--all-files'], {
      cwd,
      env: { ...process.env, ...env(cwd), HOME: process.env['HOME'] ?? cwd, PATH: process.env['PATH'] ?? '' },
      encoding: 'utf8',
    })
    expect(done.stdout).toContain('k8s/web.yaml:1: Deployment web: sleeper is missing')
    expect(done.status).toBe(1)
  })
})

describe('init', () => {
  it('writes a policy that works and a hook that keeps to it', async () => {
    const cwd = folder({
      'k8s/web.yaml': deployment({ namespace: 'shop' }),
      'package.json': '{"name": "x"}',
      '.github/workflows/ci.yaml': 'on: push\n',
    })
    run(cwd, 'git', 'init', '-q')
    const made = await sidecarctl(cwd, ['init'])
    expect(made).toEqual({ code: 0, stdout: '', stderr: 'created sidecarctl.yaml\ncreated .git/hooks/pre-commit\n' })
    const policy = readFileSync(join(cwd, 'sidecarctl.yaml'), 'utf8')
    expect(policy).toContain('# Workloads found: Deployment (1).\n# Namespaces found: shop (1).\n')
    // Files of other tools are known for what they are, and need no pattern.
    expect(policy).not.toContain('ci.yaml')
    expect(policy).not.toContain('package.json')
    expect(statSync(join(cwd, '.git/hooks/pre-commit')).mode & 0o111).toBe(0o111)
    expect(await sidecarctl(cwd, ['check', '-R', '.'])).toMatchObject({
      code: 1,
      stdout: './k8s/web.yaml:1: Deployment shop/web: logging is missing\n',
    })

    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'git', 'commit', '-m', 'one')).toMatchObject({
      status: 1,
      output: expect.stringContaining('logging is missing'),
    })
    expect(run(cwd, 'sidecarctl', 'check', '-R', '.', '--fix')).toMatchObject({ status: 0 })
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'git', 'commit', '-m', 'one')).toMatchObject({ status: 0 })
    writeFileSync(join(cwd, 'k8s/b.yaml'), deployment({ name: 'b' }))
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'git', 'commit', '-m', 'two')).toMatchObject({
      status: 1,
      output: expect.stringContaining('Deployment b: logging is missing'),
    })
  })

  it('writes nothing over what is there, unless forced', async () => {
    const cwd = folder({ 'sidecarctl.yaml': '# mine\n', '.git/HEAD': '' })
    expect(await sidecarctl(cwd, ['init'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('sidecarctl.yaml error IO_EXISTS'),
    })
    expect(existsSync(join(cwd, '.git/hooks'))).toBe(false)
    expect(readFileSync(join(cwd, 'sidecarctl.yaml'), 'utf8')).toBe('# mine\n')
    expect(await sidecarctl(cwd, ['init', '--force', '--no-hook'])).toMatchObject({
      code: 0,
      stderr: 'created sidecarctl.yaml\n',
    })
    expect(existsSync(join(cwd, '.git/hooks'))).toBe(false)
  })
})
