import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POLICY, sidecarctl, template } from '../cli/gitops.ts'
import { git as gitIn, LEAST, manifestsOf, scratchRepository } from './scratch.ts'

let repository = ''

const git = (...args: string[]) => gitIn(repository, ...args)

const run = async (...argv: string[]) => await sidecarctl(repository, [...argv, '--no-validate'])

const POLICY_FILE = `${POLICY}  - match: {kinds: [StatefulSet, DaemonSet, Pod]}\n    exclude: [sleeper]\n  - add: [logging]\n`

beforeAll(async () => {
  repository = await scratchRepository(sidecarctl, {
    'sidecarctl.yaml': POLICY_FILE,
    'sidecars/sleeper.yaml': template(),
  })
}, 300_000)

afterAll(() => rmSync(repository, { recursive: true, force: true }), 60_000)

interface Status {
  workloads: { file: string; line: number; sidecars: { name: string }[] }[]
}

describe('a repository of at least 500 manifests', () => {
  it('is that large', () => {
    expect(manifestsOf(repository).length).toBeGreaterThanOrEqual(LEAST)
    expect(existsSync(join(repository, '.git'))).toBe(true)
  })

  it('is up to date after inject -w', async () => {
    expect(await run('inject', '-R', '.', '-w', '-q')).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(git('diff', '--name-only').split('\n').length).toBeGreaterThan(100)
    expect(await run('check', '-R', '.')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^up to date: \d+ workloads in \d+ files(?:; \d+ workloads not compared)?$/m),
    })
  }, 300_000)

  it('names exactly the outdated workloads after a change of a template', async () => {
    const before = JSON.parse((await run('status', '-R', '.', '-o', 'json')).stdout) as Status
    const expected = before.workloads.filter(({ sidecars }) => sidecars.some(({ name }) => name === 'sleeper'))
    expect(expected.length).toBeGreaterThan(50)
    expect(expected.length).toBeLessThan(before.workloads.length)
    writeFileSync(join(repository, 'sidecars/sleeper.yaml'), template('1.1.0', 2))
    const { code, stdout } = await run('check', '-R', '.')
    expect(code).toBe(1)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => /^(.*?:\d+): /.exec(line)?.[1])).toEqual(
      expected.map(({ file, line }) => `${file}:${line}`),
    )
    expect(lines.every((line) => line.endsWith('sleeper 1.0.0 is outdated: its template is now 1.1.0'))).toBe(true)
    expect(await run('check', '-R', '.', '--fix', '-q')).toMatchObject({ code: 0 })
    expect(await run('check', '-R', '.')).toMatchObject({ code: 0, stdout: '' })
  }, 300_000)

  it('sees with --since only what changed', async () => {
    git('add', '-A')
    git('commit', '-qm', 'injected')
    writeFileSync(
      join(repository, 'new.yaml'),
      'apiVersion: v1\nkind: Pod\nmetadata: {name: new}\nspec:\n  containers:\n  - {name: a, image: b}\n',
    )
    expect((await run('check', '-R', '.', '--since', 'HEAD')).stdout).toBe(
      './new.yaml:1: Pod new: logging is missing\n',
    )
    rmSync(join(repository, 'new.yaml'))
    expect((await run('check', '-R', '.', '--since', 'HEAD')).stderr).toContain('0 files')
  }, 300_000)

  it('is as it was after uninject -w', async () => {
    expect(await sidecarctl(repository, ['uninject', '-R', '.', '-w', '-q'])).toMatchObject({ code: 0, stdout: '' })
    expect(git('diff', '--stat', 'HEAD~1', '--', 'k8s')).toBe('')
  }, 300_000)
})
