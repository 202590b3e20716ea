import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'
import { deployment } from '../core/selection/support.ts'
import { git } from './scratch.ts'

const DEBUG = ['-s', 'logging', '--set', 'logging.logLevel=debug']
const PATH = ['-s', 'metrics', '--set', 'metrics.metricsPath=/m', '--set', 'metrics.appPort=8080']

/** A repository in which one branch changed logging, and the branch that is checked out changed metrics. */
async function branches(sidecars: string): Promise<string> {
  const cwd = folder({ 'web.yaml': deployment() })
  const inject = async (...argv: string[]) => {
    const done = await sidecarctl(cwd, ['inject', '-w', 'web.yaml', ...argv])
    expect(done).toMatchObject({ code: 0 })
    git(cwd, 'add', '-A')
    git(cwd, 'commit', '-qm', argv.join(' '))
  }
  git(cwd, 'init', '-q')
  await inject('-s', sidecars, '--set', 'metrics.appPort=8080')
  git(cwd, 'checkout', '-qb', 'other')
  await inject(...DEBUG)
  git(cwd, 'checkout', '-q', '-')
  await inject(...PATH)
  return cwd
}

/** What each branch put in is there, and goes again. */
async function expectBoth(cwd: string): Promise<void> {
  const both = ['-s', 'logging,metrics', ...DEBUG.slice(2), ...PATH.slice(2)]
  expect(await sidecarctl(cwd, ['check', 'web.yaml', ...both])).toMatchObject({ code: 0, stdout: '' })
  expect(await sidecarctl(cwd, ['uninject', 'web.yaml'])).toMatchObject({ code: 0, stdout: deployment() })
}

describe('two branches that change different sidecars of a workload', () => {
  it('are merged by git where their records are no neighbours', async () => {
    const cwd = await branches('logging,mesh-istio,metrics')
    git(cwd, 'merge', '-q', '-m', 'both', 'other')
    expect(git(cwd, 'status', '--short')).toBe('')
    await expectBoth(cwd)
  })

  it('conflict only in the lines of their records where these are neighbours', async () => {
    const cwd = await branches('logging,metrics')
    expect(() => git(cwd, 'merge', '-q', 'other')).toThrow()
    const file = join(cwd, 'web.yaml')
    const text = readFileSync(file, 'utf8')
    const conflicts = text.match(/<{7} .*\n[^]*?>{7} .*\n/g) ?? []
    expect(conflicts).toHaveLength(1)
    const record = (name: string) => new RegExp(`^ +injected\\.sidecarctl\\.dev/${name}: .*\\n`, 'gm')
    const [[, theirs], [mine]] = ['logging', 'metrics'].map((name) => conflicts[0]?.match(record(name)) ?? []) as [
      [string, string],
      [string],
    ]
    expect(conflicts[0]?.replaceAll(record('logging'), '').replaceAll(record('metrics'), '')).toMatch(
      /^<{7} .*\n={7}\n>{7} .*\n$/,
    )
    writeFileSync(
      file,
      text.replace(conflicts[0] as string, () => theirs + mine),
    )
    await expectBoth(cwd)
  })
})
