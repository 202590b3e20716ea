import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle, bundleProgram } from '../../src/build/bundle.mjs'
import { PARTS } from '../../src/build/parts.mjs'
import { deployment } from './fake-engine.ts'
import { folder } from './fake.ts'
import { describeProgram } from './program-tests.ts'

let built = ''

beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), 'sidecarctl-built-'))
  writeFileSync(join(built, 'package.json'), '{"type":"module"}')
  for (const part of ['bin', 'templates', 'dist/schemas', 'dist/templates'])
    cpSync(part, join(built, part), { recursive: true })
  await bundleProgram(join(built, 'dist'))
  await bundle({ fake: 'test/cli/fake-program.ts' }, join(built, 'dist'))
})

afterAll(() => rmSync(built, { recursive: true, force: true }))

interface How {
  cwd?: string
  input?: string | Uint8Array
  env?: Record<string, string>
  stdio?: 'ignore'
}

function node(script: string, argv: string[], how: How): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [join(built, script), ...argv], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...how.env },
    maxBuffer: 1 << 28,
    ...(how.cwd !== undefined && { cwd: how.cwd }),
    ...(how.stdio === undefined ? { input: how.input ?? '' } : { stdio: [how.stdio, 'pipe', 'pipe'] }),
  })
}

const fake = (argv: string[], how: How = {}) => node('dist/fake.cjs', argv, how)
const real = (argv: string[], how: How = {}) => node('bin/sidecarctl.js', argv, how)

const WEB = deployment('web')
const DONE = `${WEB}# sidecar: logging\n`

describeProgram('bundled', () => join(built, 'bin/sidecarctl.js'))

describe('the built program', () => {
  it('fails with a message in a folder that was deleted', () => {
    const script = `mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"`
    const argv = ['-c', script, process.execPath, join(built, 'bin/sidecarctl.js'), 'inject', '-']
    expect(spawnSync('sh', argv, { cwd: folder({}), encoding: 'utf8', input: WEB })).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'error: the current folder does not exist anymore\nhint: change to another folder with cd\n',
    })
  })

  it('reads a pipe when no path is given', () => {
    expect(fake(['inject'], { input: WEB })).toMatchObject({ status: 0, stdout: DONE })
  })

  it('shows help when no path is given and nothing is piped', () => {
    expect(fake(['inject'], { stdio: 'ignore' })).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage'),
    })
  })

  it('passes bytes through', () => {
    const bytes = Buffer.from(`\uFEFF${WEB}`, 'utf16le')
    const cwd = folder({ 'a.yaml': bytes })
    const done = spawnSync(process.execPath, [join(built, 'dist/fake.cjs'), 'uninject', 'a.yaml'], { cwd })
    expect(done.stdout.equals(bytes)).toBe(true)
  })

  it.each([
    [['diff', '-'], WEB, 1],
    [['diff', '-'], DONE, 0],
    [['diff', '-'], 'BROKEN', 2],
    [['inject', '-'], 'BROKEN', 1],
    [['inject', 'no.yaml'], '', 2],
    [['inject', '-', '-s', 'crash'], WEB, 3],
  ])('%j on %j ends with %i', (argv, input, status) => {
    expect(fake(argv, { input }).status).toBe(status)
  })

  it('edits files in place', () => {
    const cwd = folder({ 'a.yaml': WEB, 'b.yaml': 'kind: ConfigMap\n' })
    expect(fake(['inject', '-w', '.'], { cwd })).toMatchObject({ status: 0, stdout: '' })
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(DONE)
    expect(readdirSync(cwd).sort()).toEqual(['a.yaml', 'b.yaml'])
  })

  it.each<[Record<string, string>, string[], boolean]>([
    [{}, [], false],
    [{ FORCE_COLOR: '1' }, [], true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, [], false],
    [{ NO_COLOR: '1' }, ['--color=always'], true],
  ])('colours with %j %j: %s', (env, flags, colored) => {
    const done = fake(['diff', ...flags, '-'], { input: WEB, env })
    expect([done.stdout.includes('\u001B['), done.stderr.includes('\u001B[')]).toEqual([colored, colored])
  })

  it.skipIf(!existsSync('/bin/bash'))(
    'ends quietly when the reader of its output goes away (skipped without bash)',
    () => {
      const cwd = folder({ 'a.yaml': `${WEB}# ${'x'.repeat(8_000_000)}\n` })
      const line = '"$0" "$1" inject -q a.yaml | head -c 10 >/dev/null; echo "${PIPESTATUS[0]}"'
      const done = spawnSync('/bin/bash', ['-c', line, process.execPath, join(built, 'dist/fake.cjs')], {
        cwd,
        encoding: 'utf8',
      })
      expect(done).toMatchObject({ stdout: '0\n', stderr: '' })
    },
  )

  it.skipIf(!existsSync('/dev/full'))('says so when its output cannot be written (skipped without /dev/full)', () => {
    const done = spawnSync(
      '/bin/sh',
      ['-c', '"$0" "$1" inject - >/dev/full', process.execPath, join(built, 'dist/fake.cjs')],
      { input: WEB, encoding: 'utf8' },
    )
    expect(done).toMatchObject({ status: 2, stderr: 'error: cannot write the output: no space left on the device\n' })
  })

  it('runs with and without compiled code beside it', () => {
    const plain = real(['--version'])
    writeFileSync(join(built, `dist/main.cjs.${process.versions.v8}-${process.arch}.cache`), 'of another V8')
    expect(real(['--version'])).toEqual({ ...plain, pid: expect.any(Number) })
  })

  it('carries no part that starts other programs than git', () => {
    const text = Object.keys(PARTS)
      .map((part) => readFileSync(join(built, `dist/${part}.cjs`), 'utf8'))
      .join('')
    expect(text.match(/\bchild_process\b/g)).toHaveLength(1)
    expect(text.match(/\.execFileSync\)?\([^,]*/g)).toEqual([expect.stringMatching(/\("git"$/)])
  })
})
