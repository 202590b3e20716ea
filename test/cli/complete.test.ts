import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { captureHost, folder } from './fake.ts'

async function run(argv: readonly string[], env: Record<string, string> = {}, files: Record<string, string> = {}) {
  const { host, stdout, stderr } = captureHost({ cwd: folder(files), env })
  return { code: await main(argv, host, loadEngine), stdout: stdout(), stderr: stderr() }
}

/** The candidates for a command line, and the directive. */
async function complete(...words: string[]): Promise<{ words: string[]; directive: number }> {
  const { stdout, stderr, code } = await run(['__complete', ...words], {}, { 'own.yaml': OWN })
  expect([code, stderr]).toEqual([0, ''])
  const lines = stdout.trimEnd().split('\n')
  return {
    words: lines.slice(0, -1).map((line) => line.split('\t')[0] as string),
    directive: Number(lines.at(-1)?.slice(1)),
  }
}

const OWN = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: own, version: 1.0.0, description: My own.}
spec:
  parameters: {loud: {type: boolean, default: false, description: Louder.}}
  container: {image: 'busybox:1.37.0', command: [sh, -c, 'echo \${{ params.loud }}']}
`

describe('completion', () => {
  it.each<[string[], string[], number]>([
    [['unin'], ['uninject'], 4],
    [['inject', '--sidec'], ['--sidecar'], 4],
    [['inject', '-s', 'logging'], ['logging', 'logging-fluentd'], 4],
    [['inject', '-s', 'logging,logging'], ['logging,logging-fluentd'], 4],
    [['inject', '--sidecar=logging-'], ['--sidecar=logging-fluentd'], 4],
    [['inject', '-t', 'own.yaml', '-s', 'ow'], ['own'], 4],
    [['inject', '-t', 'own.yaml', '--set', 'own.'], ['own.loud='], 6],
    [['inject', '-t', 'own.yaml', '--set', 'own.loud='], ['own.loud=true', 'own.loud=false'], 4],
    [['inject', '--set', 'logging.output=h'], ['logging.output=http'], 4],
    [['inject', '--mode', 'logging=n'], ['logging=native'], 4],
    [['inject', '--start', 'tail=b'], ['tail=before:'], 6],
    [['inject', '--on-conflict', ''], ['fail', 'rename', 'keep'], 4],
    [['inject', '-o', ''], ['yaml', 'json', 'diff', 'name', 'none'], 4],
    [['validate', '--output=s'], ['--output=sarif'], 4],
    [['validate', '--pod-security', 'b'], ['baseline'], 4],
    [['inject', '--kubernetes-version', '1.36'], ['1.36'], 4],
    [['inject', '--color='], ['--color=auto', '--color=always', '--color=never'], 4],
    [['export', '--to', 'ky'], ['kyverno'], 4],
    [['export', '--failure-policy', ''], ['fail', 'ignore'], 4],
    [['export', '--output-dir', ''], [], 16],
    [['templates', 'export', '--to='], [], 16],
    [['templates', 'validate', '-o', ''], ['text', 'json'], 4],
    [['templates', 'sch'], ['schema'], 4],
    [['templates', 'docs', 'logging-'], ['logging-fluentd'], 4],
    [['templates', 'new', ''], [], 4],
    [['completion', ''], ['bash', 'zsh', 'fish'], 4],
    [['kustomize-plugin', ''], [], 16],
    [['inject', 'a.yaml', ''], [], 0],
    [['inject', '-f', ''], [], 0],
    [['inject', '--', '-'], [], 0],
    [['inject', '-n', ''], [], 4],
    [['help', 'unin'], ['uninject'], 4],
    [[], [], 4],
  ])('%j gives %j, directive %i', async (words, expected, directive) => {
    const found = await complete(...words)
    expect(found.directive).toBe(directive)
    if (words.length > 0) expect(found.words).toEqual(expected)
  })

  it('knows every command and every flag of the help', async () => {
    const commands = (await complete('')).words
    const help = (await run(['--help'])).stdout.replace(/^[^]*\nCommands:|\nExit codes[^]*$/g, '')
    expect(commands).toEqual(
      [...help.matchAll(/^ {2}([a-z-]+) .*$/gm)].map((match) => match[1]).filter((name) => name !== 'help'),
    )
    for (const command of commands) {
      const text = (await run([command, '--help'])).stdout
      const flags = [...text.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1] as string)
      expect((await complete(command, '-')).words, command).toEqual(flags)
    }
  })

  it('knows no value that the program refuses', async () => {
    for (const command of ['inject', 'validate', 'status']) {
      const { words } = await complete(command, '-o', '')
      expect(words.length).toBeGreaterThan(2)
      for (const word of words) expect((await run([command, '-o', word])).stderr, word).not.toContain('unknown value')
    }
  })

  it('ends with an error, not with a crash, where nothing can be written', async () => {
    const { host, stderr } = captureHost({ cwd: folder({}) })
    const full = Object.assign(new Error(), { code: 'ENOSPC', syscall: 'write' })
    const stdout = { ...host.stdout, write: () => Promise.reject(full) }
    expect(await main(['__complete', 'unin'], { ...host, stdout }, loadEngine)).toBe(2)
    expect(stderr()).toBe('error: cannot write the output: no space left on the device\n')
  })

  it('breaks no line of the protocol', async () => {
    const { stdout } = await run(['__complete', ''])
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^(?:[a-z-]+\t[^\t\n]+|:\d+)$/)
  })
})

describe('completion and version as commands', () => {
  it('prints a script for each shell, and refuses others', async () => {
    for (const shell of ['bash', 'zsh', 'fish'])
      expect(await run(['completion', shell])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`# ${shell} completion`),
      })
    expect(await run(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('prints versions as text and JSON', async () => {
    const text = await run(['version'])
    expect(text).toMatchObject({ code: 0, stderr: '' })
    expect(text.stdout).toMatch(
      /^sidecarctl \d.*\nKubernetes schemas: 1\.31, .*\ntemplates: adapter \d+\.\d+\.\d+, .*\n$/,
    )
    const json = JSON.parse((await run(['version', '-o', 'json'])).stdout) as Record<string, unknown>
    expect(json).toMatchObject({
      version: expect.any(String),
      kubernetes: expect.arrayContaining(['1.36']),
      templates: { logging: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    })
    expect((await run(['version', '-o', 'xml'])).code).toBe(2)
  })
})

describe('as a plugin of kubectl', () => {
  const plugin = { SIDECARCTL_AS_KUBECTL_PLUGIN: '1' }

  it('says kubectl sidecar in help and hints', async () => {
    const help = await run(['inject', '--help'], plugin)
    expect(help.stdout).toMatch(/^Usage: kubectl sidecar inject/)
    expect(help.stdout).toContain('kubectl sidecar inject deploy.yaml -s logging\n')
    expect(help.stdout).not.toMatch(/\bsidecarctl (?:inject|help|templates)/)
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: web}]}\n'
    const { stderr } = await (async () => {
      const { host, stderr: errors } = captureHost({ cwd: folder({ 'a.yaml': pod }), env: plugin })
      await main(['inject', 'a.yaml'], host, loadEngine)
      return { stderr: errors() }
    })()
    expect(stderr).toContain('`kubectl sidecar templates list` lists them')
  })

  it('changes no word of manifests, nor of prose', async () => {
    expect((await run(['templates', 'show', 'logging'], plugin)).stdout).toBe(
      (await run(['templates', 'show', 'logging'])).stdout,
    )
    expect((await run(['--help'])).stdout).not.toContain('kubectl sidecar')
  })
})
