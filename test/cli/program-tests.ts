/** What any build of the program must do, wherever it lies: as bundled from the sources, and as installed. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from './fake.ts'

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web} # the shop\nspec:\n  containers:\n  - {name: web, image: web:1}\n'

interface How {
  cwd?: string
  input?: string | Uint8Array
  env?: Record<string, string>
  stdio?: 'ignore'
}

/** @param program the path of `sidecarctl.js`, known when the tests run */
export function describeProgram(which: string, program: () => string): void {
  const run = (argv: readonly string[], { cwd, input = '', env, stdio }: How = {}): SpawnSyncReturns<Buffer> =>
    spawnSync(process.execPath, [program(), ...argv], {
      env: { PATH: process.env['PATH'], ...env },
      maxBuffer: 1 << 28,
      ...(cwd !== undefined && { cwd }),
      ...(stdio === undefined ? { input } : { stdio: [stdio, 'pipe', 'pipe'] }),
    })
  const texts = (done: SpawnSyncReturns<Buffer>) => ({
    status: done.status,
    stdout: done.stdout.toString(),
    stderr: done.stderr.toString(),
  })

  describe(`the program: ${which}`, () => {
    it('prints its version from package.json', () => {
      const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
      expect(texts(run(['--version']))).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
    })

    it.each<[string[], number, RegExp, RegExp]>([
      [['--help'], 0, /^Usage: sidecarctl/, /^$/],
      [['help', 'diff'], 0, /^Usage: sidecarctl diff/, /^$/],
      [[], 2, /^$/, /^Usage: sidecarctl/],
      [['inject', '--nope'], 2, /^$/, /^error: unknown option '--nope'/],
      [['templates', 'list'], 0, /^logging +\d/m, /^$/],
      [['templates', 'show', 'logging'], 0, /^kind: SidecarTemplate$/m, /^$/],
      [['inject', 'no.yaml'], 2, /^$/, /^no\.yaml error IO_NOT_FOUND/],
    ])('%j ends with %i', (argv, status, stdout, stderr) => {
      expect(texts(run(argv))).toMatchObject({
        status,
        stdout: expect.stringMatching(stdout),
        stderr: expect.stringMatching(stderr),
      })
    })

    it('puts sidecars into what comes through a pipe, and takes them out again', () => {
      const done = texts(run(['inject', '-q', '-s', 'logging'], { input: POD }))
      expect(done).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('name: logging') })
      expect(texts(run(['uninject', '-q'], { input: done.stdout }))).toEqual({ status: 0, stdout: POD, stderr: '' })
    })

    it('shows help when no path is given and nothing is piped', () => {
      expect(texts(run(['inject'], { stdio: 'ignore' }))).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining('Usage'),
      })
    })

    it('passes bytes through', () => {
      const bytes = Buffer.from(`\uFEFF${POD}`, 'utf16le')
      expect(run(['uninject', '-q', 'a.yaml'], { cwd: folder({ 'a.yaml': bytes }) }).stdout.equals(bytes)).toBe(true)
    })

    it.each([
      [['validate'], POD, 0],
      [['validate'], POD.replace('image', 'imago'), 1],
      [['validate', '--kubernetes-version', '1.31'], POD, 0],
      [['validate', '--kubernetes-version', '1.30'], POD, 2],
      [['diff', '-'], POD, 1],
      [['diff', '-'], 'kind: [', 2],
      [['check', '-'], POD, 0],
      [['check', '-s', 'logging', '-'], POD, 1],
      [['inject', '-'], 'kind: [', 1],
    ])('%j of %j ends with %i', (argv, input, status) => {
      expect(run(argv, { input }).status).toBe(status)
    })

    it('edits files in place, and finds them as they should be', () => {
      const cwd = folder({ 'k8s/a.yaml': POD, 'k8s/b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n' })
      expect(texts(run(['init', '--no-hook', '-q'], { cwd }))).toMatchObject({ status: 0 })
      expect(texts(run(['inject', '-w', '-s', 'logging', 'k8s'], { cwd }))).toMatchObject({ status: 0, stdout: '' })
      expect(readFileSync(join(cwd, 'k8s/a.yaml'), 'utf8')).toContain('name: logging')
      expect(readdirSync(join(cwd, 'k8s')).sort()).toEqual(['a.yaml', 'b.yaml'])
    })

    it.each<[Record<string, string>, string[], boolean]>([
      [{}, [], false],
      [{ FORCE_COLOR: '1' }, [], true],
      [{ FORCE_COLOR: '1', NO_COLOR: '1' }, [], false],
      [{ NO_COLOR: '1' }, ['--color=always'], true],
    ])('colours with %j %j: %s', (env, flags, colored) => {
      const { stdout, stderr } = texts(run(['diff', ...flags, '-'], { input: POD, env }))
      expect([stdout.includes('\u001B['), stderr.includes('\u001B[')]).toEqual([colored, colored])
    })

    it.skipIf(!existsSync('/bin/bash'))(
      'ends quietly when the reader of its output goes away (skipped without bash)',
      () => {
        const cwd = folder({ 'a.yaml': `${POD}# ${'x'.repeat(8_000_000)}\n` })
        const line = '"$0" "$1" inject -q a.yaml | head -c 10 >/dev/null; echo "${PIPESTATUS[0]}"'
        expect(
          spawnSync('/bin/bash', ['-c', line, process.execPath, program()], { cwd, encoding: 'utf8' }),
        ).toMatchObject({ stdout: '0\n', stderr: '' })
      },
    )
  })
}
