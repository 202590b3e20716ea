import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from './fake.ts'
import { sidecarctl } from './gitops.ts'

const COMPOSE = 'services:\n  web:\n    image: nginx:1.29\n    ports: ["8080:80"]\n'
const POLICY = `apiVersion: sidecarctl.dev/v1
kind: Policy
spec:
  rules: [{name: all, add: [NAME]}]
`

describe('a Compose file', () => {
  it('that is named is injected, checked and cleaned', async () => {
    const cwd = folder({ 'compose.yaml': COMPOSE })
    const read = (): string => readFileSync(join(cwd, 'compose.yaml'), 'utf8')
    expect(await sidecarctl(cwd, ['check', 'compose.yaml', '-s', 'logging'])).toMatchObject({
      code: 1,
      stdout: 'compose.yaml:2: Service web: logging is missing\n',
    })
    expect(await sidecarctl(cwd, ['inject', '-w', 'compose.yaml', '-s', 'logging'])).toMatchObject({
      code: 0,
      stdout: '',
    })
    expect(read()).toContain('\n  web-logging:\n')
    expect(await sidecarctl(cwd, ['check', 'compose.yaml', '-s', 'logging'])).toMatchObject({ code: 0, stdout: '' })
    expect(await sidecarctl(cwd, ['uninject', '-w', 'compose.yaml'])).toMatchObject({ code: 0 })
    expect(read()).toBe(COMPOSE)
  })

  it('with a sidecar of a service that was renamed is not up to date, whatever else is', async () => {
    const cwd = folder({ 'compose.yaml': COMPOSE })
    const path = join(cwd, 'compose.yaml')
    const run = async (...argv: string[]) => await sidecarctl(cwd, [...argv, 'compose.yaml'])
    await run('inject', '-w', '-s', 'logging')
    writeFileSync(path, readFileSync(path, 'utf8').replace('\n  web:\n', '\n  front:\n'))
    expect((await run('inject', '-w', '-s', 'logging')).stderr).toMatch(
      /RECORD_UNPROVEN.*\n.*\n.*\n +hint: .*; --force keeps it\n/,
    )
    const kept = await run('check', '--fix', '--force', '-s', 'logging')
    expect(kept).toMatchObject({ code: 0, stderr: expect.stringContaining('what belongs to it by hand\n') })
    expect((await run('inject', '-s', 'logging', '--force', '-o', 'diff')).stdout).toBe('')
    for (const command of ['check', 'status', 'explain', 'graph']) {
      const { code, stderr } = await run(command, '-s', 'logging')
      expect(`${command} ${code} ${stderr}`).toMatch(
        new RegExp(`^${command} 1 .* error RECORD_UNPROVEN: sidecar "logging" was added to service web`),
      )
      expect(stderr).not.toContain('up to date: ')
    }
    expect(await run('uninject', '-w', '--force')).toMatchObject({ code: 0 })
    writeFileSync(path, readFileSync(path, 'utf8').replace('\n  front:\n', '\n  web:\n'))
    expect(await run('uninject')).toMatchObject({ code: 0, stdout: COMPOSE })
  })

  it('has the policy and the templates of its own folder, whatever other files have', async () => {
    const cwd = folder({
      'a/compose.yaml': COMPOSE,
      'a/sidecarctl.yaml': POLICY.replace('NAME', 'logging-fluentd'),
      'b/compose.yaml': COMPOSE,
      'b/sidecarctl.yaml': `${POLICY.replace('NAME', 'clock')}  templates: [clock.yaml]\n`,
      'b/clock.yaml': readFileSync('fixtures/example/clock.yaml', 'utf8'),
      'c/compose.yaml': COMPOSE,
    })
    const files = ['a', 'b', 'c'].map((name) => `${name}/compose.yaml`)
    const { stdout } = await sidecarctl(cwd, ['explain', ...files])
    expect(stdout.match(/^  [\w-]+ [\d.]+: selected by .*$/gm)).toEqual([
      '  logging-fluentd 1.1.0: selected by rule "all" (a/sidecarctl.yaml:4)',
      '  clock 1.0.0: selected by rule "all" (b/sidecarctl.yaml:4)',
      '  logging 1.1.0: selected by the built-in default',
    ])
  })

  it('that asks for nothing is compared with what it has', async () => {
    const cwd = folder({ 'compose.yaml': COMPOSE })
    await sidecarctl(cwd, ['inject', '-q', '-w', 'compose.yaml', '-s', 'logging'])
    const { stdout } = await sidecarctl(cwd, ['status', '-o', 'wide', 'compose.yaml'])
    expect(stdout).toMatch(/ up to date +the record of what is injected\n/)
  })

  it('is YAML with -o yaml, and not converted to JSON', async () => {
    const cwd = folder({ 'compose.yaml': COMPOSE })
    const plain = await sidecarctl(cwd, ['inject', 'compose.yaml', '-s', 'logging'])
    expect(await sidecarctl(cwd, ['inject', 'compose.yaml', '-s', 'logging', '-o', 'yaml'])).toEqual(plain)
    const { code, stdout, stderr } = await sidecarctl(cwd, ['inject', 'compose.yaml', '-s', 'logging', '-o', 'json'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('compose.yaml:1:1 error DOCUMENT_NO_KIND: a Compose file is not a Kubernetes object')
  })

  it('comes on standard input, too', async () => {
    const { code, stdout } = await sidecarctl(folder({}), ['inject', '-', '-s', 'logging'], { stdin: COMPOSE })
    expect(code).toBe(0)
    expect(stdout).toContain('\n  web-logging:\n')
    expect(await sidecarctl(folder({}), ['uninject', '-'], { stdin: stdout })).toMatchObject({ stdout: COMPOSE })
  })

  it('whose labels ask for no sidecars any more has one left over, which goes, but not with edits by hand', async () => {
    const labels = (value: string) => `${COMPOSE}    labels: {sidecarctl.dev/inject: ${value}}\n`
    const cwd = folder({ 'compose.yaml': labels('logging') })
    const path = join(cwd, 'compose.yaml')
    const run = async (...argv: string[]) => await sidecarctl(cwd, [...argv, 'compose.yaml'])
    expect(await run('inject', '-w')).toMatchObject({ code: 0 })
    const text = readFileSync(path, 'utf8').replace('inject: logging', 'inject: "false"')
    writeFileSync(path, text.replace('memory: 128M', 'memory: 512M'))
    expect(await run('check')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/: logging is left over: nothing requests it here, and it was edited by hand\n/),
      stderr: expect.stringContaining('check --fix --force compose.yaml'),
    })
    const refused = await run('inject', '-w')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('INJECTED_MODIFIED') })
    writeFileSync(path, text)
    expect(await run('check')).toMatchObject({
      code: 1,
      stdout: 'compose.yaml:2: Service web: logging is left over: nothing requests it here\n',
    })
    const { code, stderr } = await run('inject', '-w')
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/: removed logging.*\n1 removed \(1 workload in 1 file, 1 written\)\n$/),
    ])
    expect(readFileSync(path, 'utf8')).toBe(labels('"false"'))
    expect(await run('check')).toMatchObject({ code: 0, stdout: '' })
  })

  it('is explained by the lines of its labels', async () => {
    const cwd = folder({
      'compose.yaml': `${COMPOSE}    labels: {a: b,\n      sidecarctl.dev/logging.folder: /x,\n      sidecarctl.dev/inject: logging}\n`,
    })
    const { stdout } = await sidecarctl(cwd, ['explain', '-v', 'compose.yaml'])
    expect(stdout).toMatch(/^ {2}logging \S+: selected by label sidecarctl.dev\/inject \(compose.yaml:7\)\n/m)
    expect(stdout).toMatch(/^ +folder .*label sidecarctl.dev\/logging.folder \(compose.yaml:6\)/m)
    expect(stdout).not.toContain('native')
    const status = await sidecarctl(cwd, ['status', '-o', 'wide', 'compose.yaml'])
    expect(status.stdout).toMatch(/missing +label sidecarctl.dev\/inject \(compose.yaml:7\)\n/)
  })

  it('is no manifest for validate', async () => {
    const result = await sidecarctl(folder({ 'compose.yaml': COMPOSE }), ['validate', 'compose.yaml'])
    expect(result).toMatchObject({ code: 0 })
    expect(result.stdout + result.stderr).toContain('a Compose file')
  })

  it('in a folder is left alone', async () => {
    const cwd = folder({ 'compose.yaml': COMPOSE })
    const result = await sidecarctl(cwd, ['inject', '-R', '-w', '.', '-s', 'logging'])
    expect(result.stderr).toContain('1 Compose file')
    expect(readFileSync(join(cwd, 'compose.yaml'), 'utf8')).toBe(COMPOSE)
  })
})
