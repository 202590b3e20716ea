/** File names that are no UTF-8, through the whole program. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { realHost } from '../../src/io/host.ts'
import { folder } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'
import { git } from '../gitops/scratch.ts'
import { pod } from '../hostile/manifests.ts'

/** `g\xFCn.yaml` in Latin-1. */
const NAME = Buffer.from([0x67, 0xfc, 0x6e, 0x2e, 0x79, 0x61, 0x6d, 0x6c])

function withName(): string {
  const cwd = folder({ 'k8s/a.yaml': pod() })
  fs.writeFileSync(Buffer.concat([Buffer.from(join(cwd, 'k8s/')), NAME]), pod())
  return cwd
}

const setup = { fs: realHost().fs }

describe.skipIf(process.platform !== 'linux')('a file name that is not UTF-8 (skipped where it is not Linux)', () => {
  it('is read, and named with an escape', async () => {
    const done = await sidecarctl(withName(), ['check', '-s', 'logging', 'k8s'], setup)
    expect(done).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^k8s\/a\.yaml:.*\nk8s\/g\\xfcn\.yaml:1: Pod .*missing\n$/),
    })
    for (const format of ['json', 'sarif', 'junit', 'github', 'text']) {
      expect(await sidecarctl(withName(), ['validate', 'k8s', '-o', format], setup)).toMatchObject({ code: 0 })
    }
  })

  it('is written', async () => {
    const cwd = withName()
    expect(await sidecarctl(cwd, ['inject', '-w', '-s', 'logging', 'k8s'], setup)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('2 written'),
    })
    const names = fs.readdirSync(join(cwd, 'k8s'), { encoding: 'buffer' })
    expect(names.map((name) => name.toString('latin1')).sort()).toEqual(['a.yaml', 'g\u00FCn.yaml'])
    expect(fs.readFileSync(Buffer.concat([Buffer.from(join(cwd, 'k8s/')), NAME]), 'utf8')).toContain(
      'injected.sidecarctl.dev/logging',
    )
  })

  it('is quoted in a patch as git has it', async () => {
    const cwd = withName()
    const { stdout } = await sidecarctl(cwd, ['diff', '-s', 'logging', 'k8s'], setup)
    expect(stdout).toContain('+++ "b/k8s/g\\374n.yaml"\n')
    fs.writeFileSync(join(cwd, 'p'), stdout)
    git(cwd, 'apply', 'p')
    expect(fs.readFileSync(Buffer.concat([Buffer.from(join(cwd, 'k8s/')), NAME]), 'utf8')).toContain(
      'injected.sidecarctl.dev/logging',
    )
  })

  it('is seen by --since', async () => {
    const cwd = withName()
    git(cwd, 'init', '-q')
    git(cwd, 'add', '-A')
    git(cwd, 'commit', '-qm', 'one')
    fs.appendFileSync(Buffer.concat([Buffer.from(join(cwd, 'k8s/')), NAME]), '# more\n')
    const { stdout } = await sidecarctl(cwd, ['check', '-s', 'logging', 'k8s', '--since', 'HEAD'], setup)
    expect(stdout).toMatch(/^k8s\/g\\xfcn\.yaml:1: Pod .*missing\n$/)
  })

  it('may be that of a folder, or of what a link leads to', async () => {
    const cwd = withName()
    const inner = Buffer.concat([Buffer.from(join(cwd, 'k8s/')), Buffer.from([0xff])])
    fs.mkdirSync(inner)
    fs.writeFileSync(Buffer.concat([inner, Buffer.from('/b.yaml')]), pod())
    fs.symlinkSync(NAME, join(cwd, 'k8s/link.yaml'))
    const { code, stdout } = await sidecarctl(cwd, ['check', '-s', 'logging', '-R', 'k8s'], setup)
    expect({ code, names: stdout.split('\n').map((line) => line.split(':')[0]) }).toEqual({
      code: 1,
      names: ['k8s/a.yaml', 'k8s/g\\xfcn.yaml', 'k8s/\\xff/b.yaml', ''],
    })
  })
})
