import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deployment } from '../core/selection/support.ts'
import { captureHost, folder, type Setup } from './fake.ts'
import { sidecarctl } from './gitops.ts'
import { withProgress } from '../../src/cli/progress.ts'

const ERASE = '\r\u001B[K'
const FILES = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`k8s/${name}.yaml`, deployment({ name })]))

/** A clock that is `step` milliseconds later each time that someone looks. */
function clock(step: number): () => number {
  let time = 0
  return () => (time += step)
}

const terminal = (step: number): Setup => ({
  tty: { stderr: true, stdout: true },
  env: { NO_COLOR: '1' },
  now: clock(step),
})

/** What a terminal shows in the end: a line is what was written after it was erased last. */
function shown(stderr: string): string {
  return stderr
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf(ERASE) < 0 ? 0 : line.lastIndexOf(ERASE) + ERASE.length))
    .join('\n')
}

describe('progress on a terminal', () => {
  it.each([
    ['inject', ['reading', 'processing']],
    ['uninject', ['reading', 'processing']],
    ['check', ['reading', 'processing']],
    ['status', ['reading', 'processing']],
    ['explain', ['reading', 'processing']],
    ['validate', ['reading', 'checking']],
  ])('%s says how far it is, and takes that off', async (command, parts) => {
    const cwd = folder(FILES)
    const plain = await sidecarctl(cwd, [command, 'k8s'], { ...terminal(0), tty: {} })
    const found = await sidecarctl(cwd, [command, 'k8s'], terminal(700))
    for (const part of parts) expect(found.stderr).toContain(`${ERASE}${part} file 4 of 4: k8s/d.yaml`)
    expect(shown(found.stderr)).toBe(plain.stderr)
    expect(found).toMatchObject({ code: plain.code, stdout: plain.stdout })
  })

  it('says so while files are written', async () => {
    const { stderr } = await sidecarctl(folder(FILES), ['inject', '-w', 'k8s', '-s', 'logging'], terminal(700))
    expect(stderr).toContain(`${ERASE}writing file 4 of 4: k8s/d.yaml${ERASE}`)
    expect(shown(stderr)).not.toContain('writing')
  })

  it('is taken off before a message, and where the run ends with a bug', async () => {
    const cwd = folder({ ...FILES, 'k8s/d.yaml': 'kind: Pod\napiVersion: v1\nspec: [' })
    const { stderr } = await sidecarctl(cwd, ['inject', 'k8s', '-s', 'logging'], terminal(700))
    expect(stderr).toContain(`k8s/d.yaml${ERASE}k8s/d.yaml:3:8 error YAML_SYNTAX`)
    const readFileSync = ((...args: Parameters<typeof fs.readFileSync>) => {
      if (String(args[0]).includes('schemas')) throw new TypeError('a planted bug')
      return fs.readFileSync(...args)
    }) as typeof fs.readFileSync
    const bug = await sidecarctl(cwd, ['inject', 'k8s', '-s', 'logging'], { ...terminal(700), fs: { readFileSync } })
    expect(bug).toMatchObject({ code: 3, stderr: expect.stringContaining(`a.yaml${ERASE}sidecarctl `) })
  })

  it.each<[string, string[], Setup]>([
    ['a run shorter than a second', [], terminal(50)],
    ['no terminal', [], { ...terminal(700), tty: { stdout: true } }],
    ['-q', ['-q'], terminal(700)],
    ['a terminal that cannot erase', [], { ...terminal(700), env: { TERM: 'dumb' } }],
  ])('is not shown for %s', async (_, flags, setup) => {
    const { stderr } = await sidecarctl(folder(FILES), ['inject', 'k8s', ...flags], setup)
    expect(stderr).not.toContain('\r')
    expect(stderr).not.toContain(' of 4')
  })

  it('changes ten times a second at most', async () => {
    let time = 0
    const captured = captureHost({ tty: { stderr: true }, now: () => time })
    const { progress } = withProgress(captured.host, { verbosity: 'normal' })
    for (let n = 1; n <= 3000; n++, time++) progress.hook('reading', n, 3000, 'x.yaml')
    expect(captured.stderr().split(ERASE)).toHaveLength(1 + 20)
    await progress.clear()
    await progress.clear()
    expect(captured.stderr().endsWith(`x.yaml${ERASE}`)).toBe(true)
  })
})
