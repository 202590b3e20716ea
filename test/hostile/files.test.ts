/** Folders made to lead astray. The rules one by one are in test/io; here the whole program meets them. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, type Setup } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'
import { pod } from './manifests.ts'

/** The built program, since one that waits for a pipe could not be stopped in this process. */
function program(cwd: string, argv: readonly string[]) {
  return spawnSync(process.execPath, [resolve('bin/sidecarctl.js'), ...argv], {
    cwd,
    encoding: 'utf8',
    timeout: 30_000,
  })
}

const INJECT = ['inject', '-w', '-s', 'logging']
const has = (path: string) => fs.readFileSync(path, 'utf8').includes('injected.sidecarctl.dev/')

describe.skipIf(process.platform === 'win32')('a folder (skipped on Windows)', () => {
  it('with names of several lines is edited like others', async () => {
    const names = [
      'a\nb.yaml',
      '-rf.yaml',
      '--set x=y.yaml',
      '*.yaml',
      '$(id).yaml',
      'a\'b".yaml',
      ' .yaml',
      'ü\u202E.yaml',
      'a\\b.yaml',
      '[a].yaml',
      '\t\r.yaml',
    ]
    const cwd = folder(Object.fromEntries(names.map((name) => [name, pod()])))
    expect(await sidecarctl(cwd, [...INJECT, '.'])).toMatchObject({ code: 0 })
    expect(names.filter((name) => !has(join(cwd, name)))).toEqual([])
    expect(await sidecarctl(cwd, ['uninject', '-w', '--', ...names])).toMatchObject({ code: 0 })
    expect(names.filter((name) => has(join(cwd, name)))).toEqual([])
    expect(fs.readdirSync(cwd).sort()).toEqual([...names].sort())
  })

  it('that links to itself and to folders above is gone through once', async () => {
    const cwd = folder({ 'k8s/a.yaml': pod(), 'k8s/sub/b.yaml': pod() })
    fs.symlinkSync('.', join(cwd, 'k8s/self'))
    fs.symlinkSync('..', join(cwd, 'k8s/sub/up'))
    fs.symlinkSync('loop-b', join(cwd, 'k8s/loop-a'))
    fs.symlinkSync('loop-a', join(cwd, 'k8s/loop-b'))
    const { code, stderr } = await sidecarctl(cwd, [...INJECT, '-R', 'k8s'])
    expect(code).toBe(0)
    expect(stderr).toContain('(2 workloads in 2 files')
    fs.symlinkSync('loop.yaml', join(cwd, 'k8s/loop.yaml'))
    const looped = await sidecarctl(cwd, ['validate', '-R', 'k8s'])
    expect(looped.code).toBe(2)
    expect(looped.stdout).toMatch(/^k8s\/loop\.yaml error IO_/m)
  })

  it('with a link out of it changes nothing at all', async () => {
    const root = folder({ 'k8s/a.yaml': pod(), 'outside.yaml': pod(), 'k8s-other/b.yaml': pod() })
    for (const [name, target] of [
      ['link.yaml', '../outside.yaml'],
      ['beside.yaml', '../k8s-other/b.yaml'],
    ] as const) {
      fs.symlinkSync(target, join(root, 'k8s', name))
      const { code, stderr } = await sidecarctl(root, [...INJECT, 'k8s'])
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`k8s/${name} error IO_LINK_OUTSIDE`),
      })
      expect([
        has(join(root, 'k8s/a.yaml')),
        has(join(root, 'outside.yaml')),
        has(join(root, 'k8s-other/b.yaml')),
      ]).toEqual([false, false, false])
      fs.unlinkSync(join(root, 'k8s', name))
    }
  })

  it('with pipes and devices is read without waiting for them', () => {
    const cwd = folder({ 'a.yaml': pod() })
    expect(spawnSync('mkfifo', [join(cwd, 'pipe.yaml')]).status).toBe(0)
    fs.symlinkSync('/dev/zero', join(cwd, 'zero.yaml'))
    const { status, stderr } = program(cwd, [...INJECT, '.'])
    expect(stderr).toMatch(/^\.\/pipe\.yaml .*IO_SKIPPED[^]*^\.\/zero\.yaml .*IO_SKIPPED/m)
    expect([status, has(join(cwd, 'a.yaml'))]).toEqual([0, true])
  })

  it('of settings with a pipe for a policy or a template is refused without waiting', () => {
    const cwd = folder({ 'a.yaml': pod(), 'sidecars/none.txt': '' })
    expect(spawnSync('mkfifo', [join(cwd, 'sidecarctl.yaml'), join(cwd, 'sidecars/t.yaml')]).status).toBe(0)
    expect(program(cwd, ['inject', 'a.yaml'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'sidecarctl.yaml error IO_UNREADABLE: cannot be read: it is a pipe, socket or device\n',
    })
    expect(program(cwd, ['inject', 'a.yaml', '--no-config', '-t', 'sidecars', '-s', 't'])).toMatchObject({
      status: 2,
      stdout: '',
    })
  })

  it('with a file that changes while it is read, or before it is written, is left alone', async () => {
    const cwd = folder({ 'a.yaml': pod(), 'b.yaml': pod() })
    const change = () => fs.appendFileSync(join(cwd, 'b.yaml'), '# by someone else\n')
    let reads = 0
    const readSync = (fd: number, into: Buffer, offset: number, length: number): number => {
      // Of each file once for its bytes, and once at its end.
      if (++reads === 4) change()
      return fs.readSync(fd, into, offset, length, null)
    }
    expect(await sidecarctl(cwd, [...INJECT, '.'], { fs: { readSync } as Setup['fs'] & object })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('b.yaml error IO_CHANGED'),
    })
    const openSync = ((path: string, flags: string, mode?: number) => {
      if (flags === 'wx') change()
      return fs.openSync(path, flags, mode)
    }) as typeof fs.openSync
    expect(await sidecarctl(cwd, [...INJECT, '.'], { fs: { openSync } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('b.yaml error IO_CHANGED'),
    })
    expect([has(join(cwd, 'a.yaml')), has(join(cwd, 'b.yaml'))]).toEqual([false, false])
    expect(fs.readdirSync(cwd).sort()).toEqual(['a.yaml', 'b.yaml'])
  })
})
