import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
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

  it('nor does the action', () => {
    const cwd = repository({ '--config=evil.yaml': deployment(), 'evil.yaml': POLICY.replace('[sleeper]', '[]') })
    const { runs } = parse(readFileSync('action.yml', 'utf8')) as { runs: { steps: { name: string; run: string }[] } }
    const script =
      runs.steps.find(({ name }) => name === 'Run')?.run.replaceAll('node "$SIDECARCTL"', 'sidecarctl') ?? ''
    const act = (paths: string, args = 'check') =>
      spawnSync('bash', ['-e', '-c', script], { cwd, env: { ...env(cwd), ARGS: args, PATHS: paths }, encoding: 'utf8' })
    expect(act('--config=evil.yaml\nk8s/web.yaml\n')).toMatchObject({
      status: 1,
      stdout:
        '--config=evil.yaml:1: Deployment web: sleeper is missing\nk8s/web.yaml:1: Deployment web: sleeper is missing\n',
    })
    expect(act('', 'check -R k8s')).toMatchObject({
      status: 1,
      stdout: 'k8s/web.yaml:1: Deployment web: sleeper is missing\n',
    })
  })

  it('the action adds a report to the summary of the job where that is asked for', () => {
    const cwd = repository()
    const { runs } = parse(readFileSync('action.yml', 'utf8')) as { runs: { steps: { name: string; run: string }[] } }
    const script =
      runs.steps.find(({ name }) => name === 'Run')?.run.replaceAll('node "$SIDECARCTL"', 'sidecarctl') ?? ''
    const summary = join(cwd, 'summary.md')
    const asked = { ARGS: 'check -R', PATHS: 'k8s', SUMMARY: 'true', GITHUB_STEP_SUMMARY: summary }
    expect(spawnSync('bash', ['-e', '-c', script], { cwd, env: { ...env(cwd), ...asked } }).status).toBe(1)
    const text = readFileSync(summary, 'utf8')
    expect(text.split('\n')[0]).toContain('### sidecarctl check: 1 workload not up to date: sidecars 1 missing')
    expect(text).toContain('```mermaid')
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
