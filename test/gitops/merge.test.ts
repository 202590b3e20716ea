import { describe, expect, it } from 'vitest'
import { folder } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'
import { deployment } from '../core/selection/support.ts'
import { git } from './scratch.ts'

const DEBUG = ['-s', 'logging', '--set', 'logging.logLevel=debug']
const PATH = ['-s', 'metrics', '--set', 'metrics.metricsPath=/m', '--set', 'metrics.appPort=8080']

/** A repository in which the branch `other` has one change, and the branch that is checked out another. */
async function branches(sidecars: string, here: readonly string[], other: readonly string[]): Promise<string> {
  const cwd = folder({ 'web.yaml': deployment() })
  const inject = async (argv: readonly string[]) => {
    const done = await sidecarctl(cwd, ['inject', '-w', 'web.yaml', ...argv])
    expect(done).toMatchObject({ code: 0 })
    git(cwd, 'add', '-A')
    git(cwd, 'commit', '-qm', argv.join(' '))
  }
  git(cwd, 'init', '-q')
  await inject(['-s', sidecars, '--set', 'metrics.appPort=8080'])
  git(cwd, 'checkout', '-qb', 'other')
  await inject(other)
  git(cwd, 'checkout', '-q', '-')
  await inject(here)
  return cwd
}

/** What each branch put in is there, and goes again. */
async function expectBoth(cwd: string): Promise<void> {
  const both = ['-s', 'logging,metrics', ...DEBUG.slice(2), ...PATH.slice(2)]
  expect(await sidecarctl(cwd, ['check', 'web.yaml', ...both])).toMatchObject({ code: 0, stdout: '' })
  expect(await sidecarctl(cwd, ['uninject', 'web.yaml'])).toMatchObject({ code: 0, stdout: deployment() })
}

describe('git merges two branches that change different sidecars of a workload', () => {
  it.each([
    ['whose records are neighbours', 'logging,metrics', PATH, DEBUG],
    ['whose records are neighbours, the second one here', 'logging,metrics', DEBUG, PATH],
    ['whose records are neighbours in the other order', 'metrics,logging', PATH, DEBUG],
    ['with another one between them', 'logging,mesh-istio,metrics', PATH, DEBUG],
  ])('%s', async (_, sidecars, here, other) => {
    const cwd = await branches(sidecars, here, other)
    git(cwd, 'merge', '-q', '-m', 'both', 'other')
    expect(git(cwd, 'status', '--short')).toBe('')
    await expectBoth(cwd)
  })
})
