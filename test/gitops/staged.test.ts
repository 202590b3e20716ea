import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from '../cli/fake.ts'
import { POLICY, sidecarctl, template } from '../cli/gitops.ts'
import { deployment } from '../core/selection/support.ts'
import { git } from './scratch.ts'

const FILES = { 'sidecarctl.yaml': POLICY, 'sidecars/sleeper.yaml': template() }
const missing = (path: string, name: string) => `${path}:1: Deployment ${name}: sleeper is missing\n`

/** A repository with a policy, everything committed. */
function repository(files: Record<string, string> = {}): string {
  const cwd = folder({ ...FILES, ...files })
  git(cwd, 'init', '-q')
  git(cwd, 'add', '-A')
  git(cwd, 'commit', '-qm', 'one')
  return cwd
}

const put = (cwd: string, path: string, text: string | Uint8Array) => writeFileSync(join(cwd, path), text)
const staged = async (cwd: string, ...argv: string[]) => await sidecarctl(cwd, ['check', '--staged', ...argv])

/** A Deployment as `inject` with the policy makes it. */
async function injected(name: string): Promise<string> {
  const cwd = folder({ ...FILES, 'a.yaml': deployment({ name }) })
  return (await sidecarctl(cwd, ['inject', 'a.yaml'])).stdout
}

describe('check --staged', () => {
  it('judges the staged content, whatever the working tree has', async () => {
    const cwd = repository()
    put(cwd, 'web.yaml', deployment({ name: 'web' }))
    git(cwd, 'add', 'web.yaml')
    put(cwd, 'web.yaml', await injected('web'))
    expect(await staged(cwd)).toMatchObject({ code: 1, stdout: missing('./web.yaml', 'web') })
    git(cwd, 'add', 'web.yaml')
    put(cwd, 'web.yaml', deployment({ name: 'web' }))
    expect(await staged(cwd)).toMatchObject({ code: 0, stdout: '' })
    rmSync(join(cwd, 'web.yaml'))
    expect(await staged(cwd)).toMatchObject({ code: 0, stdout: '' })
  })

  it('judges what `git add -p` staged of a file', async () => {
    const cwd = repository({ 'all.yaml': await injected('a') })
    // One of two new workloads is staged.
    const both = `${await injected('a')}---\n${deployment({ name: 'b' })}---\n${deployment({ name: 'c' })}`
    put(cwd, 'all.yaml', both)
    const blob = both.slice(0, both.lastIndexOf('---\n'))
    const id = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd, input: blob, encoding: 'utf8' }).trim()
    git(cwd, 'update-index', '--cacheinfo', `100644,${id},all.yaml`)
    const { code, stdout } = await staged(cwd)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^\.\/all.yaml:\d+: Deployment b: sleeper is missing\n$/)
  })

  it('does not look at files that are not part of the commit', async () => {
    const cwd = repository({ 'old.yaml': deployment({ name: 'old' }), 'broken.yaml': 'kind: {' })
    put(cwd, 'untracked.yaml', deployment({ name: 'new' }))
    put(cwd, 'old.yaml', deployment({ name: 'changed' }))
    put(cwd, 'README.md', 'text')
    git(cwd, 'add', 'README.md')
    const found = await staged(cwd)
    expect(found).toMatchObject({ code: 0, stdout: '' })
    expect(found.stderr).not.toMatch(/^up to date/m)
  })

  it('takes policy and templates from the index', async () => {
    const cwd = repository({ 'web.yaml': await injected('web') })
    put(cwd, 'sidecars/sleeper.yaml', template('2.0.0'))
    put(cwd, 'web.yaml', `${await injected('web')}# changed\n`)
    git(cwd, 'add', 'web.yaml')
    expect(await staged(cwd)).toMatchObject({ code: 0 })
    git(cwd, 'add', 'sidecars')
    expect(await staged(cwd)).toMatchObject({ code: 1, stdout: expect.stringContaining('sleeper 1.0.0 is outdated') })
    // A policy that is not committed does not count.
    git(cwd, 'rm', '-q', '--cached', 'sidecarctl.yaml')
    expect((await staged(cwd, '-s', 'sleeper')).stderr).toContain('unknown sidecar "sleeper"')
  })

  it('checks all files of the index when the policy is staged', async () => {
    const cwd = repository({ 'web.yaml': await injected('web') })
    put(cwd, 'other.yaml', deployment({ name: 'other' }))
    put(cwd, 'sidecarctl.yaml', POLICY.replace('[sleeper]', '[]'))
    git(cwd, 'add', 'sidecarctl.yaml')
    const { stdout } = await staged(cwd)
    expect(stdout).toBe('./web.yaml:1: Deployment web: sleeper is left over: nothing requests it here\n')
  })

  it('works before the first commit, and without any file', async () => {
    const cwd = folder()
    git(cwd, 'init', '-q')
    expect(await staged(cwd)).toMatchObject({ code: 0, stdout: '' })
    for (const [path, text] of Object.entries({ ...FILES, 'web.yaml': deployment({ name: 'web' }) })) {
      mkdirSync(join(cwd, 'sidecars'), { recursive: true })
      put(cwd, path, text)
    }
    git(cwd, 'add', '-A')
    expect(await staged(cwd)).toMatchObject({ code: 1, stdout: missing('./web.yaml', 'web') })
  })

  it('judges renamed files under their new name', async () => {
    const cwd = repository({ 'old.yaml': deployment({ name: 'web' }) })
    renameSync(join(cwd, 'old.yaml'), join(cwd, 'new.yaml'))
    git(cwd, 'add', '-A')
    put(cwd, 'old.yaml', deployment({ name: 'back' }))
    expect(await staged(cwd)).toMatchObject({ code: 1, stdout: missing('./new.yaml', 'web') })
  })

  it.skipIf(process.platform === 'win32')('reads links as the index has them (skipped on Windows)', async () => {
    const outside = folder({ 'outside.yaml': deployment({ name: 'out' }) })
    const cwd = repository({ 'real/web.yaml': deployment({ name: 'web' }) })
    symlinkSync('real/web.yaml', join(cwd, 'link.yaml'))
    git(cwd, 'add', '-A')
    // In the working tree the link now leads elsewhere.
    rmSync(join(cwd, 'link.yaml'))
    symlinkSync(join(outside, 'outside.yaml'), join(cwd, 'link.yaml'))
    expect(await staged(cwd)).toMatchObject({ code: 1, stdout: missing('./link.yaml', 'web') })
    git(cwd, 'add', '-A')
    expect(await staged(cwd)).toMatchObject({ code: 2, stderr: expect.stringContaining('IO_LINK_OUTSIDE') })
  })

  it('reads files with any name', async () => {
    const cwd = repository()
    const names = ['--config=x.yaml', '-.yaml', 'a b\t"c"\n.yaml', 'ä ☃.yaml', ':(top)x.yaml', '[a]*?.yaml']
    for (const name of names) put(cwd, name, deployment({ name: 'web' }))
    const bytes = Buffer.concat([Buffer.from(`${cwd}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.yaml')])
    if (process.platform === 'linux') writeFileSync(bytes, deployment({ name: 'bytes' }))
    git(cwd, 'add', '-A')
    for (const name of names) rmSync(join(cwd, name))
    const { code, stdout } = await staged(cwd)
    expect(code).toBe(1)
    expect(stdout.match(/Deployment web: sleeper is missing/g)).toHaveLength(names.length)
    if (process.platform === 'linux') expect(stdout).toContain('Deployment bytes: sleeper is missing')
  })

  it('reads submodules at the commit that is staged', async () => {
    // The search for a policy ends at the root of a submodule.
    const inner = folder({ 'in.yaml': deployment({ name: 'first' }) })
    git(inner, 'init', '-q')
    git(inner, 'add', '-A')
    git(inner, 'commit', '-qm', 'one')
    const cwd = repository()
    git(cwd, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'sub')
    expect(await staged(cwd, '--config', 'sidecarctl.yaml')).toMatchObject({
      code: 1,
      stdout: missing('./sub/in.yaml', 'first'),
    })
    git(cwd, 'commit', '-qm', 'sub')
    put(cwd, 'sub/in.yaml', await injected('second'))
    git(join(cwd, 'sub'), 'commit', '-qam', 'two')
    // The commit of the submodule is made, but not staged.
    expect(await staged(cwd, '--config', 'sidecarctl.yaml')).toMatchObject({ code: 0, stdout: '' })
    git(cwd, 'add', 'sub')
    put(cwd, 'sub/in.yaml', deployment({ name: 'third' }))
    expect(await staged(cwd, '--config', 'sidecarctl.yaml')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('1 workload in 1 file'),
    })
  })

  it('looks at PATHs only, and at none that is not in the index', async () => {
    const cwd = repository()
    for (const name of ['a', 'b']) put(cwd, `${name}.yaml`, deployment({ name }))
    git(cwd, 'add', '-A')
    put(cwd, 'c.yaml', deployment({ name: 'c' }))
    expect(await staged(cwd, 'a.yaml')).toMatchObject({ code: 1, stdout: missing('a.yaml', 'a') })
    expect(await staged(cwd, 'c.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('c.yaml is not in the git index'),
    })
    expect(await staged(cwd, '--fix')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be used together'),
    })
  })

  it('says what it needs', async () => {
    expect(await staged(folder())).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/error IO_GIT.*not a git repository/s),
    })
    const cwd = repository({ 'a.yaml': deployment({ name: 'a' }) })
    git(cwd, 'checkout', '-q', '-b', 'other')
    put(cwd, 'a.yaml', deployment({ name: 'b' }))
    git(cwd, 'commit', '-qam', 'b')
    git(cwd, 'checkout', '-q', '-')
    put(cwd, 'a.yaml', deployment({ name: 'c' }))
    git(cwd, 'commit', '-qam', 'c')
    expect(() => git(cwd, 'merge', '-q', 'other')).toThrow()
    expect(await staged(cwd)).toMatchObject({ code: 2, stderr: expect.stringContaining('unmerged files: a.yaml') })
  })
})

describe('validate --staged', () => {
  it('judges the staged content of changed files', async () => {
    const cwd = repository({ 'old.yaml': deployment({ name: 'old' }).replace('image:', 'imag:') })
    put(cwd, 'web.yaml', deployment({ name: 'web' }).replace('image:', 'imag:'))
    git(cwd, 'add', 'web.yaml')
    put(cwd, 'web.yaml', deployment({ name: 'web' }))
    const found = await sidecarctl(cwd, ['validate', '--staged'])
    expect(found).toMatchObject({ code: 1, stdout: expect.stringContaining('web.yaml:') })
    expect(found.stdout).not.toContain('old.yaml')
    git(cwd, 'add', 'web.yaml')
    expect(await sidecarctl(cwd, ['validate', '--staged'])).toMatchObject({ code: 0 })
  })
})
