import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { discoverInputs } from '../../src/io/discover.ts'
import { tempFilePath, isTempFileName, removeStaleTempFiles } from '../../src/io/stale-temp-files.ts'
import { runIds, type RunningProcess } from '../../src/io/run-id.ts'
import { captureHost, folder } from '../cli/fake.ts'

const HOUR = 3600 * 1000

/** A process on a machine where processes 1, 7 and 100 are there. */
function process(pid: number, place = 'here'): RunningProcess {
  return { pid, place: () => place, isAlive: (other) => [1, 7, 100].includes(other) }
}

const own = runIds(process(100), 'abc')

describe('runIds', () => {
  it('never gives the same id twice', () => {
    const ids = [
      own.next(),
      own.next(),
      runIds(process(100), 'abd').next(),
      runIds(process(100, 'there'), 'abc').next(),
      runIds(process(7), 'abc').next(),
    ]
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each<[string, string, boolean]>([
    ['this run', own.next(), false],
    ['an earlier run with the same process id, as in a container', runIds(process(100), 'xyz').next(), true],
    ['a process that is there', runIds(process(7), 'xyz').next(), false],
    ['a process that is not', runIds(process(8), 'xyz').next(), true],
    ['a process of another machine', runIds(process(8, 'there'), 'xyz').next(), false],
    ['no id', 'a-b', false],
    ['process 0, which would be all of ours', own.next().replace('-2s-', '-0-'), false],
  ])('tells whether it is over: %s', (_, id, over) => {
    expect(own.isOver(id)).toBe(over)
  })
})

describe('leftovers', () => {
  const [alive, over] = ['m1-p1-r1-0', 'm1-p2-r1-1']
  const name = (of: string, id: string, ending: 'tmp' | 'old' = 'tmp') => tempFilePath(of, id, ending)

  function sweep(cwd: string, paths: string[], now = Date.now()) {
    const { host } = captureHost({ cwd, now: () => now, isOver: (id) => id === over })
    return removeStaleTempFiles(
      host,
      paths.map((path) => join(cwd, path)),
    ).map(({ at, message }) => `${at?.source.label}: ${message}`)
  }

  it('are known by their names', () => {
    expect(isTempFileName(name('web.yaml', over))).toBe(true)
    expect(isTempFileName(name(`a\nb${'é'.repeat(100)}.yaml`, over, 'old'))).toBe(true)
    expect(
      [
        '.web.yaml.tmp',
        'web.yaml.sidecarctl-m1-p1-r1-0.tmp',
        '.web.yaml.sidecarctl-1.old',
        '.web.sidecarctl-m-p-r-0.yaml',
      ].filter(isTempFileName),
    ).toEqual([])
  })

  it('are locks, too, by the id in them', () => {
    const files = {
      'a.yaml': 'a: 1\n',
      '.a.yaml.sidecarctl.lock': over,
      '.b.yaml.sidecarctl.lock': alive,
      [`.c.yaml.sidecarctl.lock.${alive}`]: over,
    }
    const cwd = folder(files)
    fs.symlinkSync(over, join(cwd, '.d.yaml.sidecarctl.lock'))
    expect(Object.keys(files).filter(isTempFileName)).toHaveLength(3)
    expect(sweep(cwd, ['a.yaml'])).toEqual(['.: removed 3 files left by a killed run of sidecarctl'])
    expect(fs.readdirSync(cwd).sort()).toEqual(['.b.yaml.sidecarctl.lock', 'a.yaml'])
  })

  it('go where the run is over, and stay where it may go on', () => {
    const files = {
      'a.yaml': 'a: 1\n',
      'sub/b.yaml': 'b: 1\n',
      'other/c.yaml': 'c: 1\n',
      '.a.yaml.tmp': '',
      '.a.yaml.swp': '',
    }
    const dead = [
      name('a.yaml', over),
      name('a.yaml', over, 'old'),
      name('sub/b.yaml', over),
      name('other/c.yaml', over),
    ]
    const cwd = folder({ ...files, ...Object.fromEntries(dead.map((path) => [path, ''])), [name('a.yaml', alive)]: '' })
    expect(sweep(cwd, ['a.yaml', 'sub/b.yaml'])).toEqual([
      '.: removed 2 files left by a killed run of sidecarctl',
      'sub: removed 1 file left by a killed run of sidecarctl',
    ])
    expect(fs.readdirSync(cwd).sort()).toEqual(
      [name('a.yaml', alive), '.a.yaml.swp', '.a.yaml.tmp', 'a.yaml', 'other', 'sub'].sort(),
    )
    expect(fs.readdirSync(join(cwd, 'other'))).toHaveLength(2)
  })

  it('go after a day, whosever they are, by the time of their making and not that of their content', () => {
    const cwd = folder({ 'a.yaml': 'a: 1\n' })
    fs.utimesSync(join(cwd, 'a.yaml'), 0, 0)
    fs.linkSync(join(cwd, 'a.yaml'), join(cwd, name('a.yaml', alive, 'old')))
    expect(sweep(cwd, ['a.yaml'], Date.now() + 23 * HOUR)).toEqual([])
    expect(sweep(cwd, ['a.yaml'], Date.now() + 25 * HOUR)).toHaveLength(1)
    expect(fs.readdirSync(cwd)).toEqual(['a.yaml'])
  })

  it('are looked for where a link leads, too', () => {
    const cwd = folder({ 'in/x.txt': '', 'out/b.yaml': 'b: 1\n', [name('out/b.yaml', over)]: '' })
    fs.symlinkSync('../out/b.yaml', join(cwd, 'in/l.yaml'))
    expect(sweep(cwd, ['in/l.yaml'])).toHaveLength(1)
    expect(fs.readdirSync(join(cwd, 'out'))).toEqual(['b.yaml'])
  })

  it('are regular files; a folder or a link of such a name is not ours', () => {
    const cwd = folder({ 'a.yaml': 'a: 1\n' })
    fs.mkdirSync(join(cwd, name('a.yaml', over)))
    fs.symlinkSync('a.yaml', join(cwd, name('a.yaml', over, 'old')))
    expect(sweep(cwd, ['a.yaml', 'gone.yaml', 'gone/x.yaml'])).toEqual([])
    expect(fs.readdirSync(cwd)).toHaveLength(3)
  })

  it('are no input, of a folder or of a pattern', () => {
    const cwd = folder({ 'a.yaml': 'a: 1\n', [name('a.yaml', over)]: 'half', [name('a.yaml', over, 'old')]: 'a: 0\n' })
    for (const typed of ['.', '*', '.*']) {
      const { files } = discoverInputs(fs, [typed], cwd, true)
      expect(
        files.map((file) => (file.kind === 'file' ? file.path : '')).filter((path) => path !== join(cwd, 'a.yaml')),
      ).toEqual([])
    }
  })
})
