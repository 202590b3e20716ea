import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deployment } from '../core/selection/support.ts'
import { folder } from './fake.ts'
import { sidecarctl } from './gitops.ts'

const TEMPLATE = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: mine, version: "1", description: x}
spec:
  parameters:
    word: {type: string, description: x, default: default}
    list: {type: array, description: x, items: {type: string}, default: []}
  container:
    image: a:1
    args: ["\${{ params.word }}", {$spread: "\${{ params.list }}"}]
`

async function run(values: Record<string, string>, ...flags: string[]) {
  const cwd = folder({ 'web.yaml': deployment(), 'mine.yaml': TEMPLATE, ...values })
  const files = Object.keys(values).flatMap((name) => ['--values', name])
  const argv = ['inject', '--no-config', '-t', 'mine.yaml', '-s', 'mine', ...files, ...flags, 'web.yaml']
  const { code, stdout, stderr } = await sidecarctl(cwd, argv)
  const args = /args:\n((?: +- .*\n)+)/.exec(stdout)?.[1]?.match(/(?<=- ).*/g)
  return { code, stderr, stdout, args, left: readFileSync(join(cwd, 'web.yaml'), 'utf8') }
}

describe('--values', () => {
  // files of values | flags | arguments of the sidecar
  it.each<[Record<string, string>, string[], string[]]>([
    [{ 'v.yaml': 'mine: {word: w}' }, [], ['w']],
    [{ 'v.json': '{"mine": {"word": "w", "list": ["a,b", "1"]}}' }, [], ['w', 'a,b', '"1"']],
    [{ 'v.yaml': 'mine: {word: w, list: [a]}' }, ['--set', 'mine.word=flag'], ['flag', 'a']],
    [{ 'v.yaml': 'mine: {word: w, list: [a]}', 'w.yaml': 'mine: {word: later}' }, [], ['later', 'a']],
    [{ 'v.yaml': 'mine: {list: ~}' }, [], ['default']],
    [{ 'v.yaml': '# nothing' }, [], ['default']],
    [{ 'v.yaml': 'mine: {}' }, [], ['default']],
  ])('%j %j', async (values, flags, args) => {
    expect(await run(values, ...flags)).toMatchObject({ code: 0, args })
  })

  // file of values | what is said
  it.each<[string, string]>([
    ['mine: {wrod: w}', 'v.yaml:1:14 error PARAM_UNKNOWN'],
    ['mine: {word: 1}', 'v.yaml:1:14 error PARAM_INVALID'],
    ['mien: {word: w}', 'v.yaml:1:14 error SIDECAR_UNKNOWN: --values v.yaml: unknown sidecar "mien"'],
    ['- mine', 'v.yaml:1:1 error VALUES_INVALID'],
    ['mine: [word]', 'v.yaml:1:1 error VALUES_INVALID'],
    ['mine: {}\nmine: {word: w}', 'v.yaml:2:1 error VALUES_INVALID'],
    ['mine: {}\n---\nmine: {word: w}', 'v.yaml:3:1 error VALUES_INVALID'],
    ['mine: {word: "w}', 'v.yaml:1:14 error YAML_SYNTAX'],
  ])('%j is an error, and nothing is printed', async (text, said) => {
    const { code, stdout, stderr } = await run({ 'v.yaml': text })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(said)
  })

  it('is an error where there is no such file', async () => {
    const cwd = folder({ 'web.yaml': deployment() })
    const result = await sidecarctl(cwd, ['inject', '--values', 'gone.yaml', 'web.yaml'])
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('gone.yaml') })
  })
})
