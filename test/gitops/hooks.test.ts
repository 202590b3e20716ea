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

  const act = (cwd: string, inputs: Record<string, string>, step = 'Run') => {
    const action = parse(readFileSync('action.yml', 'utf8')) as { runs: { steps: { name: string; run: string }[] } }
    const script = action.runs.steps.find(({ name }) => name === step)?.run ?? ''
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
    expect(summary).toContain('### sidecarctl check: 1 workload not up to date: 1 sidecar missing')
    expect(summary).toContain('\n```mermaid\n')
    const sarif = JSON.parse(readFileSync(join(cwd, 'findings.sarif'), 'utf8')) as {
      runs: [{ results: { ruleId: string }[] }]
    }
    expect(sarif.runs[0].results).toMatchObject([{ ruleId: 'SIDECAR_MISSING' }])
    expect(act(cwd, { ARGS: 'validate -R k8s', SARIF: 'none/findings.sarif' })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('none/findings.sarif'),
    })
    expect(act(cwd, { ARGS: 'inject -q -w k8s', GITHUB_ACTIONS: 'true' })).toMatchObject({ status: 0, stdout: '' })
    expect(readFileSync(join(cwd, 'summary.md'), 'utf8')).toContain('### sidecarctl inject: passed\n')
  })

  it('the action writes SARIF beside any other format, and says where it cannot', () => {
    const cwd = repository({})
    for (const ARGS of [
      'validate -R k8s -o github',
      'validate\n-o\njunit\n-R\n--\nk8s',
      'check -R k8s --output=json',
    ]) {
      expect(act(cwd, { ARGS, SARIF: 'other.sarif' }).status).toBeLessThan(2)
      expect(JSON.parse(readFileSync(join(cwd, 'other.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' })
    }
    expect(act(cwd, { ARGS: 'status -R k8s', SARIF: 'none.sarif' })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('sarif'),
    })
  })

  it('the action builds again where a source differs, also on macOS', () => {
    const cwd = folder({
      'package.json': '{}',
      'package-lock.json': '{}',
      'bin/a b.js': '1',
      'src/a.ts': '2',
      'templates/a.yaml': '3',
      'macos/sha256sum': '#!/bin/sh\nexit 127\n',
      // BSD's has no -d.
      'macos/xargs': '#!/bin/sh\ncase " $* " in *" -d"*) exit 1 ;; esac\nexec /usr/bin/xargs "$@"\n',
    })
    run(cwd, 'chmod', '+x', 'macos/sha256sum', 'macos/xargs')
    const GITHUB_OUTPUT = join(cwd, 'output')
    const hash = (): string => {
      const PATH = `${join(cwd, 'macos')}${delimiter}${env(cwd)['PATH']}`
      expect(act(cwd, { GITHUB_OUTPUT, PATH }, 'Version')).toMatchObject({ status: 0, stderr: '' })
      return readFileSync(GITHUB_OUTPUT, 'utf8').trimEnd().split('\n').at(-1) ?? ''
    }
    const first = hash()
    expect(first).toMatch(/^hash=[0-9a-f]{32}$/)
    expect(hash()).toBe(first)
    writeFileSync(join(cwd, 'src/a.ts'), 'other')
    expect(hash()).not.toBe(first)
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

  it('judges the index, as pre-commit stashes what is not staged', () => {
    const cwd = repository({ '.pre-commit-config.yaml': localHooks('sidecarctl-check') })
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'git', 'commit', '-qm', 'one')).toMatchObject({ status: 0 })
    expect(run(cwd, 'pre-commit', 'install')).toMatchObject({ status: 0 })
    writeFileSync(join(cwd, 'k8s/b.yaml'), deployment({ name: 'b' }))
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'sidecarctl', 'inject', 'k8s/b.yaml', '-w')).toMatchObject({ status: 0 })
    expect(run(cwd, 'git', 'commit', '-m', 'two')).toMatchObject({
      status: 1,
      output: expect.stringContaining('Deployment b: sleeper is missing'),
    })
    run(cwd, 'git', 'add', '-A')
    writeFileSync(join(cwd, 'k8s/b.yaml'), deployment({ name: 'b' }))
    writeFileSync(join(cwd, 'k8s/untracked.yaml'), deployment({ name: 'c' }))
    expect(run(cwd, 'git', 'commit', '-m', 'two')).toMatchObject({ status: 0 })
    expect(readFileSync(join(cwd, 'k8s/b.yaml'), 'utf8')).toBe(deployment({ name: 'b' }))
  })

  it('runs the hook that init prints, on a change of the policy too', async () => {
    const cwd = repository({ '.pre-commit-config.yaml': '' })
    const { stderr } = await sidecarctl(cwd, ['init', '--hook-only'], { env: env(cwd) })
    const [, addition = ''] = /add to \.pre-commit-config\.yaml:\n([^]*)$/.exec(stderr) ?? []
    writeFileSync(join(cwd, '.pre-commit-config.yaml'), addition.replace(/^ {2}/gm, ''))
    expect(run(cwd, 'pre-commit', 'install')).toMatchObject({ status: 0 })
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'git', 'commit', '-m', 'one')).toMatchObject({
      status: 1,
      output: expect.stringContaining('Deployment web: sleeper is missing'),
    })
    run(cwd, 'sidecarctl', 'check', '-R', '.', '--fix')
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'git', 'commit', '-m', 'one')).toMatchObject({ status: 0 })
    writeFileSync(join(cwd, 'sidecars/sleeper.yaml'), template('2.0.0'))
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'git', 'commit', '-m', 'two')).toMatchObject({
      status: 1,
      output: expect.stringContaining('sleeper 1.0.0 is outdated'),
    })
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

describe('the hook of init', () => {
  /** A repository with `init` run in it. */
  async function initialised(files: Record<string, string> = {}): Promise<string> {
    const cwd = folder({ 'k8s/web.yaml': deployment({ namespace: 'shop' }), ...files })
    run(cwd, 'git', 'init', '-q')
    expect(await sidecarctl(cwd, ['init'], { env: env(cwd) })).toMatchObject({ code: 0 })
    return cwd
  }

  it('keeps to the policy that init writes', async () => {
    const cwd = await initialised({ 'package.json': '{"name": "x"}', '.github/workflows/ci.yaml': 'on: push\n' })
    const policy = readFileSync(join(cwd, 'sidecarctl.yaml'), 'utf8')
    expect(policy).toContain('# Workloads found: Deployment (1).\n# Namespaces found: shop (1).\n')
    // Files of other tools are known for what they are, and need no pattern.
    expect(policy).not.toContain('ci.yaml')
    expect(policy).not.toContain('package.json')
    expect(policy).toMatch(/^ {2}# kubernetesVersion: "1\.\d+"$/m)
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
    // The working tree is in order, the index is not.
    expect(run(cwd, 'git', 'commit', '-m', 'one')).toMatchObject({ status: 1 })
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'git', 'commit', '-m', 'one')).toMatchObject({ status: 0 })
  })

  it('judges what `git commit`, `commit -a` and `commit FILE` would store', async () => {
    const cwd = await initialised()
    expect(run(cwd, 'sidecarctl', 'inject', '-R', '.', '-w')).toMatchObject({ status: 0 })
    run(cwd, 'git', 'add', '-A')
    expect(run(cwd, 'git', 'commit', '-m', 'one')).toMatchObject({ status: 0 })
    writeFileSync(join(cwd, 'untracked.yaml'), deployment({ name: 'untracked' }))
    writeFileSync(join(cwd, 'README.md'), 'text')
    run(cwd, 'git', 'add', 'README.md')
    const good = readFileSync(join(cwd, 'k8s/web.yaml'), 'utf8')
    writeFileSync(join(cwd, 'k8s/web.yaml'), deployment({ name: 'bare' }))
    expect(run(cwd, 'git', 'commit', '-m', 'two')).toMatchObject({ status: 0 })
    for (const words of [
      ['-am', 'three'],
      ['-m', 'three', 'k8s/web.yaml'],
    ]) {
      expect(run(cwd, 'git', 'commit', ...words)).toMatchObject({
        status: 1,
        output: expect.stringContaining('k8s/web.yaml:1: Deployment bare: logging is missing'),
      })
    }
    // Only a file that is in order is committed, though another one is staged.
    run(cwd, 'git', 'add', 'k8s/web.yaml')
    writeFileSync(join(cwd, 'README.md'), 'more')
    expect(run(cwd, 'git', 'commit', '-m', 'four', 'README.md')).toMatchObject({ status: 0 })
    writeFileSync(join(cwd, 'k8s/web.yaml'), `${good}# new\n`)
    expect(run(cwd, 'git', 'commit', '-am', 'five')).toMatchObject({ status: 0 })
  })

  it('works in a linked work tree, where init finds the common hooks', async () => {
    const cwd = await initialised()
    run(cwd, 'git', 'add', '-A')
    run(cwd, 'git', 'commit', '-qm', 'one', '--no-verify')
    const tree = join(cwd, '.git/elsewhere')
    run(cwd, 'git', 'worktree', 'add', '-q', tree)
    writeFileSync(join(tree, 'k8s/b.yaml'), deployment({ name: 'b' }))
    run(tree, 'git', 'add', '-A')
    expect(run(tree, 'git', 'commit', '-m', 'two')).toMatchObject({
      status: 1,
      output: expect.stringContaining('k8s/b.yaml:1: Deployment b: logging is missing'),
    })
    expect((await sidecarctl(tree, ['init', '--hook-only'], { env: env(cwd) })).stderr).toMatch(
      /^.*hooks\/pre-commit already runs sidecarctl check --staged\n$/,
    )
  })

  it('says so where the program is missing', async () => {
    const cwd = await initialised()
    run(cwd, 'git', 'add', '-A')
    const done = spawnSync('git', ['commit', '-m', 'one'], {
      cwd,
      env: { ...env(cwd), PATH: '/usr/bin:/bin' },
      encoding: 'utf8',
    })
    expect(done).toMatchObject({ status: 1, stderr: expect.stringContaining('sidecarctl: not found') })
  })
})

describe('init', () => {
  const init = async (cwd: string, ...argv: string[]) => await sidecarctl(cwd, ['init', ...argv], { env: env(cwd) })
  const gitFolder = (files: Record<string, string> = {}) => {
    const cwd = folder(files)
    run(cwd, 'git', 'init', '-q')
    return cwd
  }

  it('says what it found, what it made, and what to do next', async () => {
    const cwd = gitFolder({
      'k8s/web.yaml': deployment({ namespace: 'shop' }),
      'k8s/job.yaml': deployment({ name: 'b' }),
      'compose.yaml': 'services: {web: {image: x}}\n',
      'bad/a.yaml': 'kind: {',
      'bad/more/b.yaml': 'kind: {',
      'k8s/c.yaml': 'kind: {',
    })
    expect(await init(cwd)).toEqual({
      code: 0,
      stdout: '',
      stderr: `found 2 workloads in 5 files: Deployment (2); namespaces: none given (1), shop (1)
3 files that kubectl could not read: excluded in the policy file
1 file skipped that is not a manifest: 1 Compose file
created sidecarctl.yaml
created .git/hooks/pre-commit
next:
  edit sidecarctl.yaml           which workloads get which sidecars; sidecarctl init --docs explains every field
  sidecarctl explain -R .        print what each workload gets, and why
  sidecarctl inject -R . -w      add the sidecars
  sidecarctl check -R .          report manifests that are not up to date, in CI
`,
    })
    const policy = readFileSync(join(cwd, 'sidecarctl.yaml'), 'utf8')
    expect(policy).toContain('    paths:\n      - bad/**\n      - k8s/c.yaml\n')
    expect(await sidecarctl(cwd, ['check', '-R', '.'])).toMatchObject({
      code: 1,
      stdout: expect.not.stringContaining('error'),
    })
  })

  it('writes the Kubernetes version that it is given', async () => {
    const cwd = gitFolder()
    expect(await init(cwd, '--kubernetes-version', '1.34')).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'sidecarctl.yaml'), 'utf8')).toContain('\n  kubernetesVersion: "1.34"\n')
  })

  const managed: [string, string, string, string][] = [
    ['pre-commit', '.pre-commit-config.yaml', '.pre-commit-config.yaml', '  repos:\n    - repo: local\n'],
    ['lefthook', 'lefthook.yml', 'lefthook.yml', '      sidecarctl:\n        run: sidecarctl check --staged\n'],
    ['lefthook', '.config/lefthook.yaml', '.config/lefthook.yaml', 'run: sidecarctl check --staged\n'],
    ['husky', '.husky/_/h', '.husky/pre-commit', ':\n  sidecarctl check --staged\n'],
  ]
  it.each(managed)('leaves the hook to %s (%s)', async (program, has, file, add) => {
    const cwd = gitFolder({ [has]: '' })
    if (program === 'husky') run(cwd, 'git', 'config', 'core.hooksPath', '.husky/_')
    const { code, stderr } = await init(cwd)
    expect(code).toBe(0)
    expect(stderr).toContain(
      `no git hook created, as ${program} manages the hooks of this repository; add to ${file}:\n`,
    )
    expect(stderr).toContain(add)
    expect(existsSync(join(cwd, '.git/hooks/pre-commit'))).toBe(false)
    expect(existsSync(join(cwd, '.husky/_/pre-commit'))).toBe(false)
  })

  it('creates the hook where core.hooksPath of the repository says', async () => {
    const cwd = gitFolder()
    run(cwd, 'git', 'config', 'core.hooksPath', '.githooks')
    expect((await init(cwd)).stderr).toContain('created .githooks/pre-commit\n')
    expect(existsSync(join(cwd, '.git/hooks/pre-commit'))).toBe(false)
  })

  it('creates no hook for all repositories of a user', async () => {
    const shared = folder()
    const cwd = gitFolder()
    run(cwd, 'git', 'config', 'core.hooksPath', shared)
    expect((await init(cwd)).stderr).toContain(
      `${shared}/pre-commit is outside of this repository, not created; add this line to it:\n  sidecarctl check --staged\n`,
    )
    expect(existsSync(join(shared, 'pre-commit'))).toBe(false)
  })

  it('never overwrites a hook', async () => {
    const cwd = gitFolder()
    writeFileSync(join(cwd, '.git/hooks/pre-commit'), '#!/bin/sh\nmake lint\n')
    for (const flags of [[], ['--force']]) {
      expect(await init(cwd, ...flags)).toMatchObject({
        code: 0,
        stderr: expect.stringContaining(
          '.git/hooks/pre-commit already exists, not overwritten; add this line to it:\n  sidecarctl check --staged\n',
        ),
      })
    }
    expect(readFileSync(join(cwd, '.git/hooks/pre-commit'), 'utf8')).toBe('#!/bin/sh\nmake lint\n')
  })

  it('creates the hook alone in a new clone', async () => {
    const cwd = gitFolder({ 'sidecarctl.yaml': '# mine\n' })
    expect(await init(cwd, '--hook-only')).toMatchObject({ code: 0, stderr: 'created .git/hooks/pre-commit\n' })
    expect(await init(cwd, '--hook-only')).toMatchObject({
      code: 0,
      stderr: '.git/hooks/pre-commit already runs sidecarctl check --staged\n',
    })
    expect(readFileSync(join(cwd, 'sidecarctl.yaml'), 'utf8')).toBe('# mine\n')
    expect(await init(folder(), '--hook-only')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not in a git repository'),
    })
    expect(await init(cwd, '--hook-only', '--no-hook')).toMatchObject({ code: 2 })
  })

  it('creates no hook below the top folder', async () => {
    const cwd = gitFolder({ 'k8s/web.yaml': deployment() })
    expect((await init(join(cwd, 'k8s'))).stderr).toContain(
      `no git hook created, as this is not the top folder of the repository; to create it, run: cd ${cwd} && sidecarctl init --hook-only\n`,
    )
    expect(existsSync(join(cwd, 'k8s/sidecarctl.yaml'))).toBe(true)
  })

  it('writes nothing over a policy, unless forced', async () => {
    const cwd = gitFolder({ 'sidecarctl.yaml': '# mine\n' })
    expect(await init(cwd)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /sidecarctl\.yaml error IO_EXISTS.*\n +hint: use --hook-only to create only the git hook/,
      ),
    })
    expect((await init(cwd, '--no-hook')).stderr).toMatch(/hint: use --force to overwrite it\n/)
    expect(existsSync(join(cwd, '.git/hooks/pre-commit'))).toBe(false)
    expect(readFileSync(join(cwd, 'sidecarctl.yaml'), 'utf8')).toBe('# mine\n')
    expect(await init(cwd, '--force', '--no-hook')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('created sidecarctl.yaml\nnext:'),
    })
    expect(existsSync(join(cwd, '.git/hooks/pre-commit'))).toBe(false)
  })
})
