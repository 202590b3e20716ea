import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discoverInputs } from '../../src/io/discover.ts'
import { IgnoreRules } from '../../src/io/gitignore.ts'
import { folder } from '../cli/fake.ts'

const FILES = [
  'a.yaml',
  'b.yml',
  'out/a.yaml',
  'out/keep.yaml',
  'k8s/a.yaml',
  'k8s/out/a.yaml',
  'k8s/out/deep/b.yaml',
  'k8s/x y.yaml',
  'k8s/!odd.yaml',
  'k8s/#odd.yaml',
  'a/b/c/d.yaml',
  'a/c/d.yaml',
  'x1.yaml',
  'x2.yaml',
  'xa.yaml',
  'x-.yaml',
  'x].yaml',
  'secret.sops.yaml',
  'trail .yaml',
]

const IGNORES: string[] = [
  'out',
  'out/',
  '/out',
  '/out/',
  'k8s/out',
  '*.yml',
  '*.yaml\n!a.yaml',
  'out/*\n!out/keep.yaml',
  'out/\n!out/keep.yaml',
  '**/out',
  'k8s/**',
  'a/**/d.yaml',
  '**/c/d.yaml',
  'a/**\n!a/b/',
  'x[12].yaml',
  'x[!12].yaml',
  'x[^a].yaml',
  'x[[:digit:]].yaml',
  'x[]-].yaml',
  'x[1-2].yaml',
  'x?.yaml',
  '\\!odd.yaml',
  '\\#odd.yaml',
  '# out',
  'x y.yaml',
  'k8s/x\\ y.yaml',
  'a.yaml   ',
  'trail\\ .yaml',
  '/*\n!/k8s',
  'a.yaml\r\n',
  '*',
  '*/',
  'k8s//a.yaml',
  '***.yaml',
  'a**.yaml',
  'a/**',
  '**/*.yaml',
  '/**/a.yaml',
  '/',
  '!',
  'k8s/out/deep/',
  'deep',
  'x[1.yaml',
  '*.sops.*',
  'x\\1.yaml',
  '[!]a.yaml',
  '\uFEFFout',
]

function found(cwd: string): string[] {
  return discoverInputs(fs, ['.'], cwd, true, { gitignore: true })
    .files.flatMap((file) => (file.kind === 'file' ? [file.label.slice(2)] : []))
    .sort()
}

function byGit(cwd: string): string[] {
  const args = ['-c', 'core.excludesFile=/dev/null', 'ls-files', '--others', '--exclude-standard', '-z']
  return execFileSync('git', args, { cwd, encoding: 'utf8' })
    .split('\0')
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
}

describe('.gitignore in folders', () => {
  let repository = ''
  beforeAll(() => {
    repository = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'sidecarctl-ignore-'))
    for (const name of FILES) {
      fs.mkdirSync(join(repository, name, '..'), { recursive: true })
      fs.writeFileSync(join(repository, name), '')
    }
    execFileSync('git', ['init', '-q'], { cwd: repository })
  })
  afterAll(() => fs.rmSync(repository, { recursive: true }))

  it.each(IGNORES)('%j is read as git reads it', (text) => {
    const cwd = repository
    fs.writeFileSync(join(cwd, '.gitignore'), text)
    expect(found(cwd)).toEqual(byGit(cwd))
  })

  it.each([
    ['a file below that adds', { 'k8s/.gitignore': 'a.yaml\n' }],
    ['a file below that takes back', { '.gitignore': 'a.yaml\n', 'k8s/.gitignore': '!a.yaml\n' }],
    ['a path in a file below', { 'k8s/.gitignore': '/a.yaml\nout/deep\n' }],
    ['info/exclude', { '.git/info/exclude': 'k8s/\n' }],
    ['.gitignore over info/exclude', { '.git/info/exclude': 'a.yaml\n', '.gitignore': '!/a.yaml\n' }],
  ])('%s', (_, files) => {
    const cwd = folder(Object.fromEntries(FILES.map((name) => [name, ''])))
    execFileSync('git', ['init', '-q'], { cwd })
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(join(cwd, name, '..'), { recursive: true })
      fs.writeFileSync(join(cwd, name), text as string)
    }
    expect(found(cwd)).toEqual(byGit(cwd))
    expect(found(cwd).length).toBeLessThan(FILES.length)
  })

  it('a folder named outright is read by the rules of the folders above it, but for itself', () => {
    const cwd = folder({ '.git/HEAD': '', '.gitignore': 'out\nsecret.yaml\n', 'out/a.yaml': '', 'out/secret.yaml': '' })
    const { files } = discoverInputs(fs, ['out'], cwd, true, { gitignore: true })
    expect(files).toMatchObject([{ label: 'out/a.yaml' }])
  })

  it('outside of a repository there are no rules', () => {
    expect(IgnoreRules.for(fs, '/')).toBeUndefined()
  })

  it('takes no time for a pattern made to take for ever', () => {
    const cwd = folder({
      '.git/HEAD': '',
      '.gitignore': `${'*a'.repeat(40)}*b\n${'**/a/'.repeat(40)}b\n`,
      [`${'a'.repeat(200)}.yaml`]: '',
    })
    const start = performance.now()
    expect(found(cwd)).toHaveLength(1)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
