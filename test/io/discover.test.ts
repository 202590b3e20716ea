import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { discoverInputs } from '../../src/io/discover.ts'
import { matchesName } from '../../src/io/file-pattern.ts'
import { loadInputs } from '../../src/io/read-files.ts'
import { captureHost, folder, type Setup } from '../cli/fake.ts'

const FILES = {
  'b.yaml': 'b: 1\n',
  'a.yml': 'a: 1\n',
  'c.json': '{}',
  'notes.txt': 'x: 1\n',
  'UPPER.YAML': 'x: 1\n',
  'sub/z.yaml': 'z: 1\n',
  'sub/.hidden/h.yaml': 'h: 1\n',
  'sub.yaml': 's: 1\n',
  '.git/refs/main.yaml': 'no\n',
  'node_modules/x/y.yaml': 'no\n',
  'deep/er/d.yaml': 'd: 1\n',
}

function expand(cwd: string, paths: string[], recursive = false) {
  const found = discoverInputs(fs, paths, cwd, recursive)
  return {
    labels: found.files.map((file) => (file.kind === 'stdin' ? '-' : file.label)),
    codes: found.diagnostics.map((d) => `${d.code} ${d.at?.source.label}`),
    hints: found.diagnostics.map((d) => d.hint),
  }
}

describe('expandInputs', () => {
  it.each<[string, string[], boolean, string[], string[]]>([
    ['a folder: its own manifests in byte order', ['.'], false, ['./a.yml', './b.yaml', './c.json', './sub.yaml'], []],
    [
      'a folder with -R: in the order of a walk, hidden folders too, tool folders not',
      ['.'],
      true,
      ['./a.yml', './b.yaml', './c.json', './deep/er/d.yaml', './sub/.hidden/h.yaml', './sub/z.yaml', './sub.yaml'],
      [],
    ],
    ['a trailing slash', ['sub/'], false, ['sub/z.yaml'], []],
    ['a tool folder named outright', ['.git/refs'], false, ['.git/refs/main.yaml'], []],
    ['a file of any extension', ['notes.txt'], false, ['notes.txt'], []],
    [
      'the order given, and each file once',
      ['sub.yaml', './b.yaml', 'b.yaml', '.', '-', '-'],
      false,
      ['sub.yaml', './b.yaml', './a.yml', './c.json', '-'],
      [],
    ],
    ['a pattern', ['*.y?ml'], false, ['b.yaml', 'sub.yaml'], []],
    ['a pattern for folders', ['s*/[a-z].yaml'], false, ['sub/z.yaml'], []],
    ['a pattern for nothing', ['*.toml'], false, [], ['IO_NOT_FOUND *.toml']],
    ['a missing file among others', ['no.yaml', 'a.yml'], false, ['a.yml'], ['IO_NOT_FOUND no.yaml']],
    ['below a file', ['a.yml/x'], false, [], ['IO_NOT_FOUND a.yml/x']],
    ['an empty path', [''], false, [], ["IO_NOT_FOUND ''"]],
    ['a URL', ['HTTPS://example.com/x.yaml'], false, [], ['IO_URL HTTPS://example.com/x.yaml']],
    ['manifests only deeper', ['deep'], false, [], ['IO_NO_MANIFESTS deep']],
  ])('%s', (_, paths, recursive, labels, codes) => {
    expect(expand(folder(FILES), paths, recursive)).toMatchObject({ labels, codes })
  })

  it('names -R only where it helps', () => {
    const cwd = folder({ 'deep/er/d.yaml': 'd: 1\n', 'none/x.txt': '' })
    expect(expand(cwd, ['deep']).hints).toEqual([expect.stringContaining('-R')])
    expect(expand(cwd, ['none']).hints).toEqual([undefined])
    expect(expand(cwd, ['none'], true).hints).toEqual([undefined])
  })

  it('follows links to files, does not enter links to folders, and says so of one that looks like a manifest', () => {
    const cwd = folder({ 'in/a.yaml': 'a: 1\n', 'out/b.yaml': 'b: 1\n', '.git/HEAD': '' })
    fs.symlinkSync('../out/b.yaml', join(cwd, 'in/l.yaml'))
    fs.symlinkSync('../in', join(cwd, 'in/loop'))
    fs.symlinkSync('../out', join(cwd, 'in/folder.yaml'))
    fs.symlinkSync('nowhere', join(cwd, 'in/broken.yaml'))
    expect(expand(cwd, ['in'], true)).toMatchObject({
      labels: ['in/a.yaml', 'in/l.yaml'],
      codes: ['IO_NOT_FOUND in/broken.yaml', 'IO_SKIPPED in/folder.yaml'],
    })
    expect(expand(cwd, ['in/loop']).labels).toEqual(['in/loop/a.yaml', 'in/loop/l.yaml'])
  })

  it.skipIf(process.platform === 'win32')('does not wait for a pipe in a folder (skipped on Windows)', () => {
    const cwd = folder({ 'a.yaml': 'a: 1\n' })
    expect(spawnSync('mkfifo', [join(cwd, 'pipe.yaml')]).status).toBe(0)
    expect(expand(cwd, ['.'])).toMatchObject({ labels: ['./a.yaml'], codes: ['IO_SKIPPED ./pipe.yaml'] })
  })

  it('tells of a folder that cannot be listed and goes on', () => {
    const cwd = folder({ 'a/x.yaml': 'x: 1\n', 'b/y.yaml': 'y: 1\n' })
    const readdirSync = ((path: string, options: { withFileTypes: true }) => {
      if (path.endsWith('/a')) throw Object.assign(new Error('no'), { code: 'EACCES' })
      return fs.readdirSync(path, options)
    }) as typeof fs.readdirSync
    const found = discoverInputs({ ...fs, readdirSync }, ['.'], cwd, true)
    expect(found.files).toMatchObject([{ label: './b/y.yaml' }])
    expect(found.diagnostics).toMatchObject([{ code: 'IO_UNREADABLE', message: 'cannot be read: permission denied' }])
  })
})

describe('matchesName', () => {
  it.each<[string, string, boolean]>([
    ['*', 'abc', true],
    ['*', '', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abcd', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['?', 'a', true],
    ['?', '', false],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['[ab]*.yaml', 'b1.yaml', true],
    ['[ab', 'a', false],
    [`${'*a'.repeat(40)}b`, 'a'.repeat(2000), false],
  ])('%s on %s: %s', (pattern, name, expected) => {
    expect(matchesName(pattern, name)).toBe(expected)
  })
})

describe('loadInputs', () => {
  it('reads files and stdin in order, and one bad file does not hide another', async () => {
    const cwd = folder({ 'a.yaml': 'a: 1\n', 'bad.yaml': Buffer.from([0xff]), 'gone.yaml': '' })
    const { host } = captureHost({ cwd, stdin: 'in: 1\n' })
    const { files } = discoverInputs(fs, ['bad.yaml', '-', 'gone.yaml', 'a.yaml'], cwd, false)
    fs.unlinkSync(join(cwd, 'gone.yaml'))
    const loaded = await loadInputs(host, files)
    expect(loaded.files.map(({ source }) => [source.label, source.text])).toEqual([
      ['<stdin>', 'in: 1\n'],
      ['a.yaml', 'a: 1\n'],
    ])
    expect(loaded.diagnostics).toMatchObject([{ code: 'TEXT_ENCODING' }, { code: 'IO_NOT_FOUND' }])
  })

  it('refuses a file that is written while it is read', async () => {
    const cwd = folder({ 'a.yaml': 'a: 1\n' })
    const readSync = (fd: number, into: Buffer, offset: number, length: number): number => {
      const count = fs.readSync(fd, into, offset, length, null)
      fs.appendFileSync(join(cwd, 'a.yaml'), 'b: 2\n')
      return count
    }
    const { host } = captureHost({ cwd, fs: { readSync } as Setup['fs'] & object })
    const loaded = await loadInputs(host, discoverInputs(fs, ['a.yaml'], cwd, false).files)
    expect(loaded).toMatchObject({ files: [], diagnostics: [{ code: 'IO_CHANGED' }] })
  })

  it('reads a pipe that is named outright', async () => {
    const cwd = folder({ 'a.yaml': 'a: 1\n' })
    const { host } = captureHost({ cwd })
    const loaded = await loadInputs(host, [
      { kind: 'file', label: 'null', path: '/dev/null', root: '/dev', regular: false },
    ])
    expect(loaded).toMatchObject({ files: [{ source: { text: '' }, identity: undefined }], diagnostics: [] })
  })
})
