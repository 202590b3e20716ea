import { cpSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deployment } from '../core/selection/support.ts'
import { git } from '../gitops/scratch.ts'
import { folder } from './fake.ts'
import { POLICY, sidecarctl, template } from './gitops.ts'

const namespace = (annotations: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  annotations: {${annotations}}\n`

/** A repository with everything committed, and nothing injected. */
function repository(files: Record<string, string> = {}): string {
  const cwd = folder({
    'sidecarctl.yaml': POLICY,
    'sidecars/sleeper.yaml': template(),
    'k8s/a.yaml': deployment({ name: 'a', namespace: 'shop' }),
    'k8s/b.yaml': deployment({ name: 'b', namespace: 'shop' }),
    ...files,
  })
  git(cwd, 'init', '-q')
  git(cwd, 'add', '-A')
  git(cwd, 'commit', '-qm', 'one')
  return cwd
}

const touch = (cwd: string, path: string, text: string) => writeFileSync(join(cwd, path), text)
const check = async (cwd: string, ...argv: string[]) =>
  await sidecarctl(cwd, ['check', '-v', '-R', '.', '--since', 'HEAD', ...argv])

const [A, B] = ['a', 'b'].map((name) => `./k8s/${name}.yaml:1: Deployment shop/${name}: sleeper is missing\n`) as [
  string,
  string,
]

describe('--since', () => {
  it('looks at changed and new files only', async () => {
    const cwd = repository()
    expect((await check(cwd)).stdout).toBe('')
    touch(cwd, 'k8s/a.yaml', `${deployment({ name: 'a', namespace: 'shop' })}# changed\n`)
    touch(cwd, 'k8s/c.yaml', deployment({ name: 'c' }))
    expect((await check(cwd)).stdout).toBe(`${A}./k8s/c.yaml:1: Deployment c: sleeper is missing\n`)
  })

  it('heeds a Namespace object that did not change', async () => {
    const cwd = repository({ 'k8s/namespace.yaml': namespace('sidecarctl.dev/inject: "false"') })
    touch(cwd, 'k8s/a.yaml', `${deployment({ name: 'a', namespace: 'shop' })}# changed\n`)
    expect(await check(cwd)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('1 workload in 1 file'),
    })
    expect((await sidecarctl(cwd, ['explain', 'k8s', '--since', 'HEAD'])).stdout).toMatch(
      /^k8s\/a.yaml:1 .*opted out.* \(k8s\/namespace.yaml:5\)\n$/,
    )
    expect(await sidecarctl(cwd, ['inject', '-w', 'k8s', '--since', 'HEAD'])).toMatchObject({ code: 0 })
    expect(git(cwd, 'diff', '--name-only')).toBe('k8s/a.yaml\n')
  })

  const causes: [string, string, string][] = [
    ['the policy file', 'sidecarctl.yaml', `${POLICY}  - name: more\n`],
    ['a template', 'sidecars/sleeper.yaml', template('1.1.0')],
    [
      'a Namespace object that asks for sidecars',
      'k8s/namespace.yaml',
      namespace('sidecarctl.dev/sleeper.seconds: "2"'),
    ],
  ]
  it.each(causes)('looks at all files when %s changed', async (_, path, text) => {
    const cwd = repository({ 'k8s/namespace.yaml': namespace('') })
    touch(cwd, path, text)
    const found = await check(cwd)
    expect(found.stdout).toBe(A + B)
    expect(found.stderr).toMatch(
      /note IO_SINCE_ALL: \S+ changed since HEAD and affects other files, so all files are checked\n/,
    )
  })

  const removed: [string, Record<string, string>, string, string][] = [
    [
      'a policy file nearer to them',
      { 'k8s/sidecarctl.yaml': POLICY.replace(/ {2}rules[^]*/, '') },
      'k8s/sidecarctl.yaml',
      '',
    ],
    [
      'a template that replaced another',
      { 'sidecars/more/logging.yaml': template().replace('name: sleeper', 'name: logging') },
      'sidecars/more/logging.yaml',
      '',
    ],
    [
      'a Namespace object that asked for no sidecars',
      { 'k8s/namespace.yaml': namespace('sidecarctl.dev/inject: "false"') },
      'k8s/namespace.yaml',
      '',
    ],
    [
      'what a Namespace object asked for',
      { 'k8s/namespace.yaml': namespace('sidecarctl.dev/inject: "false"') },
      'k8s/namespace.yaml',
      namespace('a: b'),
    ],
  ]
  it.each(removed)('looks at the files that it applied to when %s was removed', async (_, files, path, text) => {
    for (const how of [
      ['-R', '.', '--since', 'HEAD'],
      ['-R', '.', '--staged'],
    ]) {
      const cwd = repository({ 'k8s/Sidecarctl.yaml': '# another name', ...files })
      if (text === '') rmSync(join(cwd, path))
      else touch(cwd, path, text)
      git(cwd, 'add', '-A')
      const found = await sidecarctl(cwd, ['check', '-v', ...how])
      expect(found).toMatchObject({ code: 1, stdout: A + B })
      expect(found.stderr).toContain(
        `note IO_SINCE_ALL: ${path} ${text === '' ? 'was removed' : 'changed'} since HEAD and affects other files, so all files`,
      )
    }
  })

  it('looks at all files when a template of -t was removed', async () => {
    const named = (name: string): string => template().replace('name: sleeper', `name: ${name}`)
    const cwd = repository({ 'more/other.yaml': named('other'), 'more/kept.yaml': named('kept') })
    rmSync(join(cwd, 'more/other.yaml'))
    expect((await check(cwd, '-t', 'more')).stdout).toBe(A + B)
    expect((await check(cwd, '-t', 'more/kept.yaml')).stdout).toBe('')
  })

  it('does not look at all files for a policy file that was removed and is not used', async () => {
    const cwd = repository({ 'other/sidecarctl.yaml': POLICY, 'other/a.txt': '' })
    rmSync(join(cwd, 'other/sidecarctl.yaml'))
    expect((await check(cwd)).stdout).toBe('')
    rmSync(join(cwd, 'sidecarctl.yaml'))
    expect((await check(cwd, '--no-config', '-t', 'sidecars', '-s', 'sleeper')).stdout).toBe('')
  })

  it('does not look at all files for a Namespace object that asks for nothing', async () => {
    const cwd = repository({ 'k8s/namespace.yaml': namespace('') })
    touch(cwd, 'k8s/namespace.yaml', namespace('a: b'))
    expect((await check(cwd)).stdout).toBe('')
  })

  it('takes a file for changed that is behind a link', async () => {
    const cwd = repository()
    symlinkSync('k8s', join(cwd, 'link'))
    touch(cwd, 'k8s/a.yaml', `${deployment({ name: 'a', namespace: 'shop' })}# changed\n`)
    const { stdout } = await sidecarctl(cwd, ['check', 'link/a.yaml', 'link/b.yaml', '--since', 'HEAD'])
    expect(stdout).toBe('link/a.yaml:1: Deployment shop/a: sleeper is missing\n')
  })

  it('takes standard input for changed', async () => {
    const { stdout } = await sidecarctl(repository(), ['check', '-', '--since', 'HEAD'], { stdin: deployment() })
    expect(stdout).toBe('<stdin>:1: Deployment web: sleeper is missing\n')
  })

  it('says what git says of a revision that is none', async () => {
    const { code, stderr } = await sidecarctl(repository(), ['check', 'k8s', '--since', 'nope'])
    expect(code).toBe(2)
    expect(stderr).toContain('IO_GIT: git cannot list what changed since nope: no such revision')
  })

  describe('in a submodule', () => {
    /** A repository with one at `lib`, of a file each for `a` and `b`. */
    function withSubmodule(): string {
      const inner = repository()
      const cwd = repository()
      git(cwd, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'lib')
      git(cwd, 'config', '-f', '.gitmodules', 'submodule.lib.ignore', 'all')
      git(cwd, 'add', '-A')
      git(cwd, 'commit', '-qm', 'two')
      return cwd
    }

    const changed = `${deployment({ name: 'a', namespace: 'shop' })}# changed\n`
    const LIB = A.replace('./k8s', './lib/k8s')

    it.each<[string, (cwd: string) => void]>([
      ['a file that is not committed', () => undefined],
      ['one that is committed there', (cwd) => git(join(cwd, 'lib'), 'commit', '-qam', 'three')],
      [
        'one that is committed in both',
        (cwd) => {
          git(join(cwd, 'lib'), 'commit', '-qam', 'three')
          git(cwd, 'add', '-A')
          git(cwd, 'update-index', '--cacheinfo', `160000,${git(join(cwd, 'lib'), 'rev-parse', 'HEAD').trim()},lib`)
          git(cwd, 'commit', '-qm', 'four')
        },
      ],
    ])('looks at %s', async (_, commit) => {
      const cwd = withSubmodule()
      const first = git(cwd, 'rev-parse', 'HEAD').trim()
      touch(cwd, 'lib/k8s/a.yaml', changed)
      commit(cwd)
      expect((await sidecarctl(cwd, ['check', '-v', '-R', '.', '--since', first])).stdout).toBe(LIB)
    })

    it('looks at new files, and at all of a submodule that is new', async () => {
      const cwd = withSubmodule()
      touch(cwd, 'lib/k8s/c.yaml', deployment({ name: 'c' }))
      expect((await check(cwd)).stdout).toBe('./lib/k8s/c.yaml:1: Deployment c: sleeper is missing\n')
      const { stdout } = await sidecarctl(cwd, ['check', '-R', 'lib', '--since', 'HEAD~1'])
      expect(stdout.match(/^lib\/k8s\/.\.yaml/gm)).toEqual(['lib/k8s/a.yaml', 'lib/k8s/b.yaml', 'lib/k8s/c.yaml'])
    })
  })

  it('looks at all files of a repository inside that is no submodule, and of one outside', async () => {
    const cwd = repository()
    const inner = repository()
    cpSync(inner, join(cwd, 'inner'), { recursive: true })
    const { stdout } = await sidecarctl(cwd, ['check', '-R', 'inner', '--since', 'HEAD'])
    expect(stdout.match(/^inner\/k8s\/.\.yaml/gm)).toEqual(['inner/k8s/a.yaml', 'inner/k8s/b.yaml'])
    const other = await sidecarctl(cwd, ['check', join(inner, 'k8s/a.yaml'), 'k8s', '--since', 'HEAD'])
    expect(other.stdout).toBe(`${inner}/k8s/a.yaml:1: Deployment shop/a: sleeper is missing\n`)
  })
})
