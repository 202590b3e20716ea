import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { captureHost, folder } from './fake.ts'

const WEB = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a:1}]}\n'
const LONG = 'x'.repeat(300)
const BELOW = 'web.yaml/x'

async function run(argv: readonly string[], files: Record<string, string> = {}) {
  const cwd = folder({ 'web.yaml': WEB, ...files })
  execFileSync('git', ['init', '-q', cwd])
  const { host, stdout, stderr } = captureHost({ cwd })
  const code = await main(argv, host, loadEngine)
  return { code, stdout: stdout(), stderr: stderr(), cwd }
}

const EXPORT = ['export', '--to', 'kustomize', '-s', 'logging', 'web.yaml']

it.each([
  ...[LONG, BELOW, `${LONG},y`, `${BELOW},y`].map((path) => ['inject', '-s', 'logging', '-f', path]),
  ...[LONG, BELOW].flatMap((path) => [
    ['check', '--staged', path],
    [...EXPORT, '--check', path],
    [...EXPORT, '--output-dir', path],
    ['templates', 'export', 'logging', '--to', path],
    ['argocd-plugin', path],
    ['inject', 'web.yaml', '-s', 'logging', '--report', path],
  ]),
  [...EXPORT, '--output-dir', 'web.yaml'],
  ['helm-plugin', 'web.yaml'],
])('%s %s %s %s: a path that is a file, below one or too long is an error of its own', async (...argv) => {
  const { code, stdout, stderr } = await run(argv)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/ error IO_(?:NOT_FOUND|UNREADABLE|WRITE_FAILED): .*(?:not a folder|too long|no such file)/)
})

it('an export without objects removes those of an earlier one', async () => {
  const template = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: notes, version: 1.0.0, description: x}
spec:
  container: {image: "notes:1"}
  objects: [{apiVersion: v1, kind: ConfigMap, data: {a: b}}]
`
  const argv = ['export', '--to', 'kustomize', '-t', 'notes.yml', 'web.yaml', '--output-dir', 'out', '-s']
  const { cwd, code } = await run([...argv, 'notes'], { 'notes.yml': template })
  expect([code, existsSync(join(cwd, 'out/objects.yaml'))]).toEqual([0, true])
  expect(await main([...argv, 'logging'], captureHost({ cwd }).host, loadEngine)).toBe(0)
  expect(existsSync(join(cwd, 'out/objects.yaml'))).toBe(false)
  const check = [...argv, 'logging'].map((word) => (word === '--output-dir' ? '--check' : word))
  expect(await main(check, captureHost({ cwd }).host, loadEngine)).toBe(0)
})

it('manifests that are all left out are an error where they are printed', async () => {
  for (const command of ['inject', 'uninject']) {
    const { code, stdout, stderr } = await run([command, 'web.yaml', '--exclude', '*.yaml'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('error IO_EMPTY: no manifests among the inputs: --exclude leaves out all of them\n')
  }
  expect(await run(['inject', '-w', 'web.yaml', '--exclude', '*.yaml'])).toMatchObject({ code: 0, stdout: '' })
})

it('a folder of which git ignores all manifests is said to be that', async () => {
  const { code, stderr } = await run(['inject', '.', '-s', 'logging'], { '.gitignore': '*.yaml\n' })
  expect(code).toBe(2)
  expect(stderr).toBe(
    '. error IO_NO_MANIFESTS: git ignores all .yaml, .yml and .json files of the folder\n  hint: read them with --no-ignore\n',
  )
})

it.each([
  [['init', '--hook-only'], 2, 'error: git cannot open the repository: it is not installed\n'],
  [['init'], 0, 'no git hook created, as git cannot open the repository: it is not installed\n'],
  [['check', '--staged'], 2, 'git cannot read the index: it is not installed\n  hint: install git\n'],
])('%j says that git is not installed', async (argv, code, said) => {
  const { host, stderr } = captureHost({ cwd: folder({ 'web.yaml': WEB }), env: { PATH: '/nonexistent' } })
  expect(await main(argv, host, loadEngine)).toBe(code)
  expect(stderr()).toContain(said)
})

it('what git says is the same in every language', async () => {
  const bin = folder({
    git: '#!/bin/sh\n[ "$LC_ALL" = C ] || { echo Schwerwiegend: Kein Git-Repository >&2; exit 128; }\necho fatal: not a git repository >&2; exit 128\n',
  })
  chmodSync(`${bin}/git`, 0o755)
  const env = { PATH: `${bin}:${process.env['PATH']}`, LC_ALL: 'de_DE.UTF-8', LANGUAGE: 'de' }
  const { host, stderr } = captureHost({ cwd: folder({ 'web.yaml': WEB }), env })
  expect(await main(['init'], host, loadEngine)).toBe(0)
  expect(stderr()).toContain('no git hook created, as this folder is not in a git repository\n')
})
