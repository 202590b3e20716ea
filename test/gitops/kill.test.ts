import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isTempFileName } from '../../src/io/stale-temp-files.ts'
import { sidecarctl } from '../cli/gitops.ts'
import { randomOf } from '../fuzz/mutate.ts'
import { killRuns, makeOdd } from './kill.ts'
import { bundledProgram } from './program.ts'
import { git, manifestsOf, scratchRepository, SLEEPER } from './scratch.ts'

const ARGUMENTS = ['inject', '-R', '.', '-w', '--no-validate']

const PROGRAM: string[] = []
let bin = ''
let repository = ''

beforeAll(async () => {
  bin = await bundledProgram()
  PROGRAM[0] = join(bin, 'bin/sidecarctl.js')
  repository = await scratchRepository(sidecarctl, SLEEPER, {
    fixtures: 'fixtures/cases/kinds',
    least: 60,
    corpus: false,
  })
}, 120_000)

afterAll(() => {
  for (const folder of [bin, repository]) rmSync(folder, { recursive: true, force: true })
})

function filesBeside(): string[] {
  return readdirSync(repository, { recursive: true, encoding: 'utf8' }).filter((name) =>
    isTempFileName(name.replace(/^.*\//, '')),
  )
}

/** A run in a process of its own. */
async function started(args: readonly string[], node: readonly string[] = [], signal?: NodeJS.Signals) {
  const child = spawn(process.execPath, [...node, ...PROGRAM, ...args], {
    cwd: repository,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (data) => (stderr += String(data)))
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, by) => resolve({ code, signal: by }))
  })
  if (signal !== undefined) child.kill(signal)
  return { ...(await ended), stderr }
}

/** Makes a run send itself a signal after its third new content is there. */
function signalling(signal: string): string[] {
  const script = join(bin, `${signal}.cjs`)
  writeFileSync(
    script,
    `const fs = require('node:fs')
const { fsyncSync } = fs
let count = 0
fs.fsyncSync = (fd) => {
  fsyncSync(fd)
  if (++count === 3) process.kill(process.pid, '${signal}')
}
`,
  )
  return ['--require', script]
}

describe('inject -w', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'that %s interrupts while it writes changes nothing and leaves nothing',
    async (signal) => {
      const found = await started(ARGUMENTS, signalling(signal))
      expect(found).toMatchObject({
        code: 2,
        signal: null,
        stderr: expect.stringContaining('IO_INTERRUPTED: interrupted; no file was changed'),
      })
      expect(found.stderr).not.toContain('IO_LEFTOVER')
      expect(git(repository, 'status', '--porcelain')).toBe('')
    },
  )

  it('that SIGINT ends before it writes changes nothing', async () => {
    expect(await started(ARGUMENTS, [], 'SIGINT')).toMatchObject({ signal: 'SIGINT', stderr: '' })
    expect(git(repository, 'status', '--porcelain')).toBe('')
  })

  it('twice at the same time leaves every file as one of the two makes it', async () => {
    const texts = () => manifestsOf(repository).map((path) => readFileSync(join(repository, path), 'utf8'))
    const expected = [texts()]
    const both = [
      [...ARGUMENTS, '-s', 'sleeper'],
      [...ARGUMENTS, '-s', 'metrics'],
    ]
    for (const args of both) {
      await started(args)
      expected.push(texts())
      git(repository, 'checkout', '-q', '.')
    }
    const codes = (await Promise.all(both.map((args) => started(args)))).map(({ code }) => code)
    for (const [n, text] of texts().entries()) expect(expected.map((known) => known[n])).toContain(text)
    expect(codes).toContain(0)
    expect(filesBeside()).toEqual([])
    git(repository, 'checkout', '-q', '.')
  })

  // The last one: it gives files permissions of all kinds.
  it('killed at random moments leaves every file old or new, whole', async () => {
    makeOdd(repository, manifestsOf(repository))
    const random = randomOf(Number(process.env['SIDECARCTL_SEED'] ?? 1))
    const report = await killRuns(
      { line: [process.execPath, ...PROGRAM, ...ARGUMENTS], cwd: repository },
      8,
      () => random(1e6) / 1e6,
    )
    expect(report.faults).toEqual([])
    expect(report.beside + report.part + report.all).toBeGreaterThan(0)
    expect(report.leftovers).toBeGreaterThan(0)
  }, 300_000)
})
