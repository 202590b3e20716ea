import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deployment } from '../core/selection/support.ts'
import { folder } from './fake.ts'
import { sidecarctl } from './gitops.ts'

const LEFT = '.web.yaml.sidecarctl-m1-p1-r1-0'
const NOTE = 'k8s note IO_LEFTOVER: removed 2 files left by a killed run of sidecarctl\n'

/** A folder in which a run was killed: half of a new file, and a second name of an old one. */
function killed(): string {
  return folder({
    'k8s/web.yaml': deployment(),
    [`k8s/${LEFT}.tmp`]: deployment().slice(0, 30),
    [`k8s/${LEFT}.old`]: deployment(),
  })
}

describe('what a killed run left', () => {
  it('is passed over by commands that write nothing', async () => {
    const cwd = killed()
    for (const argv of [
      ['check', '-R', '.'],
      ['inject', 'k8s', '-o', 'name'],
      ['validate', 'k8s/*'],
      ['status', '.', '-R'],
    ]) {
      const { stdout, stderr } = await sidecarctl(cwd, argv, { isOver: () => true })
      expect(`${stdout}${stderr}`).not.toContain('sidecarctl-m1')
    }
    expect(readdirSync(join(cwd, 'k8s'))).toHaveLength(3)
  })

  it.each([
    ['inject', '-w', '-slogging'],
    ['uninject', '-w'],
    ['check', '--fix'],
  ])('is removed, and named, by %s %s', async (...argv) => {
    const cwd = killed()
    const { code, stderr } = await sidecarctl(cwd, [...argv, 'k8s'], { isOver: () => true })
    expect(code).toBe(0)
    expect(stderr).toContain(NOTE)
    expect(readdirSync(join(cwd, 'k8s'))).toEqual(['web.yaml'])
  })

  it('is removed where nothing is left to be written', async () => {
    const cwd = killed()
    await sidecarctl(cwd, ['inject', '-w', 'k8s', '-s', 'logging'])
    const now = readFileSync(join(cwd, 'k8s/web.yaml'), 'utf8')
    expect(readdirSync(join(cwd, 'k8s'))).toHaveLength(3)
    expect(await sidecarctl(cwd, ['inject', '-w', 'k8s', '-s', 'logging'], { isOver: () => true })).toMatchObject({
      stderr: expect.stringContaining(NOTE),
    })
    expect(readdirSync(join(cwd, 'k8s'))).toEqual(['web.yaml'])
    expect(readFileSync(join(cwd, 'k8s/web.yaml'), 'utf8')).toBe(now)
  })

  it('stays when the run has errors, like everything else', async () => {
    const cwd = killed()
    writeFileSync(join(cwd, 'k8s/web.yaml'), 'kind: Deployment\napiVersion: apps/v1\nspec: [')
    expect(await sidecarctl(cwd, ['inject', '-w', 'k8s', '-s', 'logging'], { isOver: () => true })).toMatchObject({
      code: 1,
    })
    expect(readdirSync(join(cwd, 'k8s'))).toHaveLength(3)
  })
})
