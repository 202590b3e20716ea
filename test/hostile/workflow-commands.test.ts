/** What a pull request says must be no command to the runner that prints it. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, type Setup } from '../cli/fake.ts'
import { POLICY, sidecarctl, template } from '../cli/gitops.ts'

const EVIL = '::error file=a::forged'

/** Evil texts where they are printed: in excerpts, in the context of a patch, in names and in values. */
const manifest = (more = '') => `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    note: |
      ${EVIL}
      ##[set-output name=x]y
spec:
  containers:
  - name: web
    # \u3000${EVIL}
    image: nginx:1.27
   ${EVIL.slice(0, 0)} # ##[error]forged
${more}`

const WRONG = manifest(`    "##[warning]x": 1
    ? "::notice::x"
    : [
      ${EVIL}: 1]
  ${EVIL}: ##[x]
`)

const FILES = {
  'sidecarctl.yaml': POLICY,
  'sidecars/sleeper.yaml': template()
    .replace('How long.', '"a ##[b] c"')
    .replace('Sleeps.', `|\n    Sleeps.\n\n    ${EVIL}`),
  'k8s/a.yaml': manifest(),
  'k8s/##[error]b.yaml': manifest(),
  'wrong/name.yaml': manifest().replace('name: web\n', 'name: "##[x]"\n'),
  '::error::c.yaml': manifest().replace('image:', '"##[imag":'),
  'wrong/w.yaml': WRONG,
}

const ACTIONS: Setup = { env: { GITHUB_ACTIONS: 'true' } }

/** Lines that the runner would take for commands, but for those between stop-commands and its token. */
function commandsIn(output: string): string[] {
  let token: string | undefined
  return output.split(/\r\n|\r|\n/).filter((line) => {
    const text = line.replace(/^[\s\u0085]+/, '')
    const stop = /^::stop-commands::(.+)$/.exec(text)?.[1]
    if (token !== undefined) {
      if (text === `::${token}::`) token = undefined
      return false
    }
    token = stop
    return stop === undefined && (text.startsWith('::') || line.includes('##['))
  })
}

describe.skipIf(process.platform === 'win32')('in a log of GitHub Actions (skipped on Windows)', () => {
  it.each<[string, string[]]>([
    ['validate', ['validate', '-v', '-R', '.']],
    ['validate, findings', ['validate', 'wrong', 'k8s', '::error::c.yaml']],
    ['JSON', ['validate', '-o', 'json', '-R', '.']],
    ['SARIF', ['validate', '-o', 'sarif', '-R', '.']],
    ['JUnit', ['validate', '-o', 'junit', '-R', '.']],
    ['check', ['check', '-v', '-R', '.']],
    ['check of what is given by name', ['check', '::error::c.yaml', 'k8s/##[error]b.yaml']],
    ['status', ['status', '-R', 'k8s']],
    ['status as JSON', ['status', '-o', 'json', '-R', 'k8s']],
    ['explain', ['explain', '-R', 'k8s']],
    ['diff', ['diff', '-R', 'k8s']],
    ['inject as JSON', ['inject', 'k8s', '-o', 'json']],
    ['inject -o name', ['inject', 'k8s', '-o', 'name', '-v']],
    ['inject, errors', ['inject', '-R', '.']],
    ['inject', ['inject', 'k8s']],
    ['inject -w', ['inject', 'k8s', '-w', '-v']],
    ['a wrong command line', ['inject', 'k8s', `\n${EVIL}`, '--on-conflict', `\n${EVIL}`, '--##[x]']],
    ['an unknown path', ['check', '::error::nowhere', '##[error]nowhere']],
    ['a list of templates', ['templates', 'list', '-t', 'sidecars']],
    ['docs of a template', ['templates', 'docs', 'sleeper', '-t', 'sidecars']],
    ['a template', ['templates', 'show', 'sleeper', '-t', 'sidecars']],
  ])('no line of %s is a command', async (_, argv) => {
    const cwd = folder(FILES)
    const { stdout, stderr } = await sidecarctl(cwd, argv, ACTIONS)
    expect(stdout + stderr).not.toBe('')
    expect(commandsIn(stdout)).toEqual([])
    expect(commandsIn(stderr)).toEqual([])
    if (argv.includes('json') || argv.includes('sarif'))
      expect(JSON.stringify(JSON.parse(stdout))).toBe(JSON.stringify(JSON.parse((await sidecarctl(cwd, argv)).stdout)))
  })

  it('a command of -o github is one of ours', async () => {
    const { stdout } = await sidecarctl(
      folder(FILES),
      ['validate', '-o', 'github', 'wrong', '::error::c.yaml'],
      ACTIONS,
    )
    expect(stdout).not.toContain('##[')
    for (const line of stdout.trimEnd().split('\n'))
      expect(line).toMatch(
        /^::(?:error|warning|notice) (?:file=[^:,]*,)?(?:(?:line|endLine|col|endColumn)=\d+,)*title=[A-Z_]+::/,
      )
  })

  it('a patch is still one', async () => {
    const cwd = folder(FILES)
    const { code, stdout } = await sidecarctl(cwd, ['diff', '-R', 'k8s'], ACTIONS)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^::stop-commands::(\S+)\n--- a\/[^]*\n::\1::\n$/)
    fs.writeFileSync(join(cwd, 'p'), stdout)
    expect(spawnSync('git', ['apply', 'p'], { cwd, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
    expect((await sidecarctl(cwd, ['check', '-R', 'k8s'])).code).toBe(0)
    expect(spawnSync('patch', ['-p1', '-R', '-s', '-i', 'p'], { cwd, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    })
    expect(fs.readFileSync(join(cwd, 'k8s/a.yaml'), 'utf8')).toBe(manifest())
  })

  it('manifests that hold commands go to a file, byte for byte, but not to the log', async () => {
    const cwd = folder(FILES)
    const plain = await sidecarctl(cwd, ['inject', 'k8s/a.yaml'])
    expect(plain.code).toBe(0)
    expect(await sidecarctl(cwd, ['inject', 'k8s/a.yaml'], { ...ACTIONS, toFile: true })).toMatchObject({
      code: 0,
      stdout: plain.stdout,
    })
    expect(await sidecarctl(cwd, ['inject', 'k8s/a.yaml'], ACTIONS)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error IO_WORKFLOW_COMMAND: /),
    })
  })

  it('what holds none is printed as it is', async () => {
    const cwd = folder({
      'a.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: "a::b"}\nspec: {containers: [{name: a, image: "a", args: ["##x", "x ::y::z"]}]}\n',
    })
    for (const argv of [
      ['inject', '-s', 'logging', 'a.yaml'],
      ['diff', '-s', 'logging', 'a.yaml'],
    ]) {
      expect(await sidecarctl(cwd, argv, ACTIONS)).toEqual(await sidecarctl(cwd, argv))
    }
  })
})
