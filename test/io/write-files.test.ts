import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { discoverInputs } from '../../src/io/discover.ts'
import { loadInputs } from '../../src/io/read-files.ts'
import { writeChanges } from '../../src/io/write-files.ts'
import type { FileWrite } from '../../src/io/write-step.ts'
import { captureHost, folder, type Setup } from '../cli/fake.ts'

const FILES = { 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n', 'c.yaml': 'c: 1\n' }

/** Reads all files of a folder and plans to put a line before each. */
async function planned(cwd: string, paths: string[] = ['.']): Promise<FileWrite[]> {
  const loaded = await loadInputs(captureHost({ cwd }).host, discoverInputs(fs, paths, cwd, false).files)
  return loaded.files.map((file) => ({ file, parts: [{ source: file.source, output: `new: 1\n${file.source.text}` }] }))
}

function contents(cwd: string): Record<string, string> {
  const names = fs.readdirSync(cwd).sort()
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(join(cwd, name), 'utf8')]))
}

function failing(code: string): never {
  throw Object.assign(new Error(code), { code })
}

function renameFailsAt(name: string): typeof fs.renameSync {
  return (from, to) => {
    if (String(from).endsWith('.tmp') && String(to).endsWith(name)) failing('EPERM')
    fs.renameSync(from, to)
  }
}

const renameFailsAtLastAndBack: typeof fs.renameSync = (from, to) => {
  if (String(to).endsWith('c.yaml') || String(from).endsWith('.old')) failing('EIO')
  fs.renameSync(from, to)
}

const NEW = { 'a.yaml': 'new: 1\na: 1\n', 'b.yaml': 'new: 1\nb: 1\n', 'c.yaml': 'new: 1\nc: 1\n' }

describe('writeChanges', () => {
  it('writes all files, keeps permissions, leaves nothing else behind', async () => {
    const cwd = folder(FILES)
    fs.chmodSync(join(cwd, 'a.yaml'), 0o640)
    fs.chmodSync(join(cwd, 'b.yaml'), 0o755)
    expect(await writeChanges(captureHost({ cwd }).host, await planned(cwd))).toEqual([])
    expect(contents(cwd)).toEqual(NEW)
    expect(fs.statSync(join(cwd, 'a.yaml')).mode & 0o777).toBe(0o640)
    expect(fs.statSync(join(cwd, 'b.yaml')).mode & 0o777).toBe(0o755)
  })

  it('writes the file behind a link and keeps the link', async () => {
    const cwd = folder({ 'real.yaml': 'a: 1\n' })
    fs.symlinkSync('real.yaml', join(cwd, 'link.yaml'))
    expect(await writeChanges(captureHost({ cwd }).host, await planned(cwd, ['link.yaml']))).toEqual([])
    expect(fs.readlinkSync(join(cwd, 'link.yaml'))).toBe('real.yaml')
    expect(fs.readFileSync(join(cwd, 'real.yaml'), 'utf8')).toBe('new: 1\na: 1\n')
  })

  it('keeps the encoding', async () => {
    const bytes = Buffer.from('\uFEFFa: 1\n', 'utf16le')
    const cwd = folder({ 'a.yaml': bytes })
    expect(await writeChanges(captureHost({ cwd }).host, await planned(cwd))).toEqual([])
    expect(fs.readFileSync(join(cwd, 'a.yaml')).equals(Buffer.from('\uFEFFnew: 1\na: 1\n', 'utf16le'))).toBe(true)
  })

  const troubles: [string, Setup, string, RegExp][] = [
    [
      'the disk is full',
      { fs: { writeSync: () => failing('ENOSPC') } },
      'IO_WRITE_FAILED',
      /cannot be written: no space left/,
    ],
    ['syncing fails', { fs: { fsyncSync: () => failing('EIO') } }, 'IO_WRITE_FAILED', /input\/output error$/],
    [
      'a file may not be written',
      { fs: { accessSync: () => failing('EACCES') } },
      'IO_WRITE_FAILED',
      /permission denied$/,
    ],
    ['an interrupt comes', { interrupted: true }, 'IO_INTERRUPTED', /no file was changed$/],
  ]
  it.each(troubles)('changes nothing when %s', async (_, setup, code, message) => {
    const cwd = folder(FILES)
    const found = await writeChanges(captureHost({ cwd, ...setup }).host, await planned(cwd))
    expect(found).toMatchObject([{ code, message: expect.stringMatching(message) }])
    expect(contents(cwd)).toEqual(FILES)
  })

  it('puts back what was replaced when a later file fails, with its old time', async () => {
    const cwd = folder(FILES)
    const before = fs.statSync(join(cwd, 'a.yaml'))
    const host = captureHost({ cwd, fs: { renameSync: renameFailsAt('c.yaml') } }).host
    expect(await writeChanges(host, await planned(cwd))).toMatchObject([
      {
        code: 'IO_WRITE_FAILED',
        at: { source: { label: './c.yaml' } },
        message: 'cannot be replaced: operation not permitted; the original content of 2 files was restored',
      },
    ])
    expect(contents(cwd)).toEqual(FILES)
    expect(fs.statSync(join(cwd, 'a.yaml'))).toMatchObject({ mtimeMs: before.mtimeMs, ino: before.ino })
  })

  it('puts it back without hard links too', async () => {
    const cwd = folder(FILES)
    const host = captureHost({
      cwd,
      fs: { renameSync: renameFailsAt('c.yaml'), linkSync: () => failing('EPERM') },
    }).host
    expect(await writeChanges(host, await planned(cwd))).toMatchObject([
      { message: expect.stringContaining('2 files') },
    ])
    expect(contents(cwd)).toEqual(FILES)
  })

  it('says so when putting back fails as well', async () => {
    const cwd = folder(FILES)
    const found = await writeChanges(
      captureHost({ cwd, fs: { renameSync: renameFailsAtLastAndBack } }).host,
      await planned(cwd),
    )
    expect(found.map((d) => d.message)).toEqual([
      'cannot be replaced: input/output error',
      'the original content could not be restored: input/output error',
      'the original content could not be restored: input/output error',
    ])
  })

  it.each<[string, (path: string) => void]>([
    ['written', (path) => fs.writeFileSync(path, 'b: 2222\n')],
    [
      'written with the same size and time',
      (path) => {
        const { atime, mtime } = fs.statSync(path)
        fs.writeFileSync(path, 'b: 2\n')
        fs.utimesSync(path, atime, mtime)
      },
    ],
    [
      'replaced',
      (path) => {
        fs.writeFileSync(`${path}.x`, 'b: 2\n')
        fs.renameSync(`${path}.x`, path)
      },
    ],
  ])('refuses when a file was %s since it was read', async (_, change) => {
    const cwd = folder(FILES)
    const changes = await planned(cwd)
    change(join(cwd, 'b.yaml'))
    const now = contents(cwd)
    expect(await writeChanges(captureHost({ cwd }).host, changes)).toMatchObject([
      { code: 'IO_CHANGED', at: { source: { label: './b.yaml' } } },
    ])
    expect(contents(cwd)).toEqual(now)
  })

  it('refuses when a file is gone', async () => {
    const cwd = folder(FILES)
    const changes = await planned(cwd)
    fs.unlinkSync(join(cwd, 'b.yaml'))
    expect(await writeChanges(captureHost({ cwd }).host, changes)).toMatchObject([{ code: 'IO_WRITE_FAILED' }])
    expect(fs.readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe('a: 1\n')
  })

  it('of two runs at the same time, one wins and every file is whole', async () => {
    const cwd = folder(FILES)
    const [first, second] = [await planned(cwd), await planned(cwd)]
    const results = await Promise.all([
      writeChanges(captureHost({ cwd }).host, first),
      writeChanges(captureHost({ cwd }).host, second),
    ])
    expect(results.map((found) => found.map((d) => d.code)).sort()).toEqual([[], ['IO_CHANGED']])
    expect(contents(cwd)).toEqual(NEW)
  })

  it('puts it back from memory when a second name is gone', async () => {
    const cwd = folder(FILES)
    const renameSync: typeof fs.renameSync = (from, to) => {
      if (!String(to).endsWith('c.yaml')) return fs.renameSync(from, to)
      for (const name of fs.readdirSync(cwd)) if (name.endsWith('.old')) fs.unlinkSync(join(cwd, name))
      failing('EPERM')
    }
    const found = await writeChanges(captureHost({ cwd, fs: { renameSync } }).host, await planned(cwd))
    expect(found).toMatchObject([{ message: expect.stringContaining('2 files') }])
    expect(contents(cwd)).toEqual(FILES)
  })

  it('gives a file back to someone who writes it in the moment between the look and the rename', async () => {
    const cwd = folder(FILES)
    const linkSync: typeof fs.linkSync = (from, to) => {
      fs.linkSync(from, to)
      if (String(from).endsWith('b.yaml')) fs.writeFileSync(from, 'mine: 1\n')
    }
    const found = await writeChanges(captureHost({ cwd, fs: { linkSync } }).host, await planned(cwd))
    expect(found).toMatchObject([{ code: 'IO_CHANGED', at: { source: { label: './b.yaml' } } }])
    expect(contents(cwd)).toEqual({ ...FILES, 'b.yaml': 'mine: 1\n' })
  })

  it('puts nothing back over what someone else has written since', async () => {
    const cwd = folder(FILES)
    const renameSync: typeof fs.renameSync = (from, to) => {
      if (!String(to).endsWith('c.yaml')) return fs.renameSync(from, to)
      fs.writeFileSync(join(cwd, 'a.yaml'), 'mine: 1\n')
      failing('EPERM')
    }
    const found = await writeChanges(captureHost({ cwd, fs: { renameSync } }).host, await planned(cwd))
    expect(found.map(({ code, at }) => `${code} ${at?.source.label}`)).toEqual([
      'IO_WRITE_FAILED ./c.yaml',
      'IO_CHANGED ./a.yaml',
    ])
    expect(contents(cwd)).toEqual({ ...FILES, 'a.yaml': 'mine: 1\n' })
  })

  it.each(['x'.repeat(250), 'é'.repeat(125), '桜'.repeat(83), '🌸'.repeat(62)])(
    'writes a file of the longest name: %s',
    async (name) => {
      const cwd = folder({ [name]: 'a: 1\n', 'b.yaml': 'b: 1\n' })
      expect(await writeChanges(captureHost({ cwd }).host, await planned(cwd, [name, 'b.yaml']))).toEqual([])
      expect(contents(cwd)).toEqual({ [name]: 'new: 1\na: 1\n', 'b.yaml': NEW['b.yaml'] })
    },
  )

  it.each(['written', 'replaced'])(
    'notices that a single file was %s in the moment between the look and the rename',
    async (how) => {
      const cwd = folder({ 'a.yaml': 'a: 1\n' })
      const linkSync: typeof fs.linkSync = (from, to) => {
        if (how === 'replaced') {
          fs.writeFileSync(join(cwd, 'x'), 'mine: 1\n')
          fs.renameSync(join(cwd, 'x'), from)
        } else fs.writeFileSync(from, 'mine: 1\n')
        fs.linkSync(from, to)
      }
      expect(await writeChanges(captureHost({ cwd, fs: { linkSync } }).host, await planned(cwd))).toMatchObject([
        { code: 'IO_CHANGED' },
      ])
      expect(contents(cwd)).toEqual({ 'a.yaml': 'mine: 1\n' })
    },
  )

  describe('a lock', () => {
    const LOCK = '.a.yaml.sidecarctl.lock'

    it('is held while files are compared and replaced, and gone after it', async () => {
      const cwd = folder(FILES)
      const seen: string[] = []
      const renameSync: typeof fs.renameSync = (from, to) => {
        seen.push(...fs.readdirSync(cwd).filter((name) => name.endsWith('.lock')))
        fs.renameSync(from, to)
      }
      expect(
        await writeChanges(captureHost({ cwd, fs: { renameSync } }).host, await planned(cwd, ['a.yaml', 'b.yaml'])),
      ).toEqual([])
      expect([...new Set(seen)].sort()).toEqual([LOCK, '.b.yaml.sidecarctl.lock'])
      expect(fs.readdirSync(cwd).sort()).toEqual(Object.keys(FILES))
    })

    it('of another run stops this one, and names the file', async () => {
      const cwd = folder({ ...FILES, '.b.yaml.sidecarctl.lock': 'm1-p1-r1-0' })
      const before = contents(cwd)
      expect(await writeChanges(captureHost({ cwd }).host, await planned(cwd))).toMatchObject([
        {
          code: 'IO_LOCKED',
          at: { source: { label: './b.yaml' } },
          hint: expect.stringContaining(join(cwd, '.b.yaml.sidecarctl.lock')),
        },
      ])
      expect(contents(cwd)).toEqual(before)
    })

    it('is a file where there are no links', async () => {
      const cwd = folder({ 'a.yaml': 'a: 1\n' })
      const symlinkSync = (() => failing('EPERM')) as typeof fs.symlinkSync
      expect(await writeChanges(captureHost({ cwd, fs: { symlinkSync } }).host, await planned(cwd))).toEqual([])
      expect(contents(cwd)).toEqual({ 'a.yaml': NEW['a.yaml'] })
    })

    it('that a killed run left as a link counts for nothing', async () => {
      const cwd = folder({ 'a.yaml': 'a: 1\n' })
      fs.symlinkSync('m1-p1-r1-0', join(cwd, LOCK))
      expect(await writeChanges(captureHost({ cwd }).host, await planned(cwd))).toMatchObject([{ code: 'IO_LOCKED' }])
      expect(
        await writeChanges(captureHost({ cwd, isOver: (id) => id === 'm1-p1-r1-0' }).host, await planned(cwd)),
      ).toEqual([])
      expect(contents(cwd)).toEqual({ 'a.yaml': NEW['a.yaml'] })
    })

    it('of a run that is over counts for nothing', async () => {
      const cwd = folder({ 'a.yaml': 'a: 1\n', [LOCK]: 'm1-p1-r1-0' })
      expect(
        await writeChanges(captureHost({ cwd, isOver: (id) => id === 'm1-p1-r1-0' }).host, await planned(cwd)),
      ).toEqual([])
      expect(contents(cwd)).toEqual({ 'a.yaml': NEW['a.yaml'] })
    })

    it.each(['ENOSPC', 'EPERM'])('that cannot be made (%s) stops the run and does not stay', async (code) => {
      const cwd = folder({ 'a.yaml': 'a: 1\n' })
      const symlinkSync = (() => failing(code)) as typeof fs.symlinkSync
      const writeSync = ((fd: number, bytes: Uint8Array, ...rest: number[]) =>
        Buffer.from(bytes).toString().startsWith('test-')
          ? failing('ENOSPC')
          : fs.writeSync(fd, bytes, ...rest)) as typeof fs.writeSync
      expect(
        await writeChanges(captureHost({ cwd, fs: { writeSync, symlinkSync } }).host, await planned(cwd)),
      ).toMatchObject([{ code: 'IO_WRITE_FAILED', message: 'cannot be locked: no space left on the device' }])
      expect(contents(cwd)).toEqual({ 'a.yaml': 'a: 1\n' })
    })
  })

  describe('says what is not kept:', () => {
    it('other names of the file', async () => {
      const cwd = folder({ 'a.yaml': 'a: 1\n' })
      fs.linkSync(join(cwd, 'a.yaml'), join(cwd, 'other'))
      expect(await writeChanges(captureHost({ cwd }).host, await planned(cwd))).toMatchObject([
        { code: 'IO_NOT_KEPT', severity: 'warning', message: 'it had 2 hard links, which are no longer the same file' },
      ])
      expect(contents(cwd)).toEqual({ 'a.yaml': NEW['a.yaml'], other: 'a: 1\n' })
    })

    it('the owner, where only root may give files away', async () => {
      const cwd = folder({ 'a.yaml': 'a: 1\n' })
      const fstatSync = ((fd: number) => Object.assign(fs.fstatSync(fd), { uid: 12345 })) as typeof fs.fstatSync
      const fchownSync = (() => failing('EPERM')) as typeof fs.fchownSync
      expect(
        await writeChanges(captureHost({ cwd, fs: { fstatSync, fchownSync } }).host, await planned(cwd)),
      ).toMatchObject([{ code: 'IO_NOT_KEPT', message: 'its owner could not be preserved' }])
    })
  })
})
