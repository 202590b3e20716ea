import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

it('the walk through a repository ends where it began', { timeout: 180_000 }, () => {
  const script = ['test/tools/run-ts.mjs', 'test/gitops/scratch-repository.ts']
  const done = spawnSync(process.execPath, script, {
    encoding: 'utf8',
    env: { ...process.env, SIDECARCTL_SHARED: '/nonexistent' },
  })
  expect(done.stdout).toMatch(/git diff is empty in the end\n0 faults\n$/)
  expect(done.status).toBe(0)
})
