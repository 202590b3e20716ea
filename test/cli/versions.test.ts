import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deployment } from '../core/selection/support.ts'
import { folder } from './fake.ts'
import { sidecarctl } from './gitops.ts'

const policy = (spec: string): string =>
  `apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n  rules: [{add: [logging]}]\n${spec}`

/** The version of the built-in template. */
async function version(name: string): Promise<string> {
  const { stdout } = await sidecarctl(folder({}), ['templates', 'show', name])
  return /^ {2}version: "?([\d.]+)/m.exec(stdout)?.[1] ?? ''
}

describe('versions of templates in the policy', () => {
  it('the version that the program has, whole or in part, changes nothing', async () => {
    const current = await version('logging')
    expect(current).toMatch(/^\d+\.\d+\.\d+$/)
    for (const pin of [current, current.split('.').slice(0, 2).join('.'), current.split('.')[0]]) {
      const cwd = folder({ 'a.yaml': deployment(), 'sidecarctl.yaml': policy(`  versions: {logging: "${pin}"}\n`) })
      expect(await sidecarctl(cwd, ['inject', 'a.yaml', '-o', 'name'])).toMatchObject({ code: 0 })
    }
  })

  it.each(['inject', 'diff', 'check', 'status', 'explain'])(
    'another one stops %s, and says what to do',
    async (command) => {
      const current = await version('logging')
      for (const pin of ['0.1', `${current}1`, current.slice(0, -2) + '.99']) {
        const files = { 'a.yaml': deployment(), 'sidecarctl.yaml': policy(`  versions: {logging: "${pin}"}\n`) }
        const cwd = folder(files)
        const { code, stderr } = await sidecarctl(cwd, [command, 'a.yaml'])
        expect(code).toBe(2)
        expect(stderr).toContain(
          `sidecarctl.yaml:5:23 error SIDECAR_VERSION: sidecar "logging" is pinned to version ${pin}, but this release of sidecarctl has ${current}`,
        )
        expect(stderr).toContain('sidecarctl templates export logging --to sidecars')
        expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(files['a.yaml'])
      }
    },
  )

  it('is not asked by uninject', async () => {
    const cwd = folder({ 'a.yaml': deployment(), 'sidecarctl.yaml': policy('') })
    await sidecarctl(cwd, ['inject', '-w', 'a.yaml'])
    writeFileSync(join(cwd, 'sidecarctl.yaml'), policy('  versions: {logging: "0.1"}\n'))
    expect(await sidecarctl(cwd, ['uninject', '-w', 'a.yaml'])).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(deployment())
  })

  it.each([
    ['versions: {loging: "1"}', 'SIDECAR_UNKNOWN', 'did you mean logging?'],
    ['versions: {logging: 1.2}', 'CONFIG_INVALID', 'spec.versions.logging'],
    ['versions: {logging: latest}', 'CONFIG_INVALID', 'spec.versions.logging'],
  ])('%s is an error', async (line, code, text) => {
    const cwd = folder({ 'a.yaml': deployment(), 'sidecarctl.yaml': policy(`  ${line}\n`) })
    const result = await sidecarctl(cwd, ['check', 'a.yaml'])
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(code) })
    expect(result.stderr).toContain(text)
  })
})

describe('templates export', () => {
  it('copies a template with those that it extends; the copy injects the same bytes', async () => {
    const cwd = folder({ 'a.yaml': deployment() })
    const { stdout } = await sidecarctl(cwd, ['inject', 'a.yaml', '-s', 'adapter'])
    const result = await sidecarctl(cwd, ['templates', 'export', 'adapter', 'logging'])
    expect(result).toEqual({
      code: 0,
      stdout: '',
      stderr: 'created sidecars/adapter.yaml\ncreated sidecars/logging.yaml\ncreated sidecars/logging-fluentd.yaml\n',
    })
    expect((await sidecarctl(cwd, ['inject', 'a.yaml', '-s', 'adapter', '-t', 'sidecars'])).stdout).toBe(stdout)
    const shown = await sidecarctl(cwd, ['templates', 'show', 'logging'])
    expect(readFileSync(join(cwd, 'sidecars/logging.yaml'), 'utf8')).toBe(shown.stdout)
  })

  it('overwrites nothing unasked, and writes all or nothing', async () => {
    const cwd = folder({})
    mkdirSync(join(cwd, 'own'))
    writeFileSync(join(cwd, 'own/proxy.yaml'), 'mine')
    const argv = ['templates', 'export', 'logging', 'proxy', '--to', 'own']
    expect(await sidecarctl(cwd, argv)).toMatchObject({ code: 2, stderr: expect.stringContaining('IO_EXISTS') })
    expect(readdirSync(join(cwd, 'own'))).toEqual(['proxy.yaml'])
    expect(readFileSync(join(cwd, 'own/proxy.yaml'), 'utf8')).toBe('mine')
    expect(await sidecarctl(cwd, [...argv, '--force'])).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'own/proxy.yaml'), 'utf8')).toContain('kind: SidecarTemplate')
  })

  it('of an unknown name is an error that suggests one', async () => {
    expect(await sidecarctl(folder({}), ['templates', 'export', 'loging'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean logging?'),
    })
  })

  it('all built-in templates can be exported', async () => {
    const cwd = folder({})
    const { stdout } = await sidecarctl(cwd, ['templates', 'list'])
    const names = [...stdout.matchAll(/^([a-z][a-z-]*) /gm)].map((match) => match[1] as string)
    expect(names.length).toBeGreaterThan(10)
    expect(await sidecarctl(cwd, ['templates', 'export', ...names])).toMatchObject({ code: 0 })
    expect(readdirSync(join(cwd, 'sidecars')).sort()).toEqual(names.map((name) => `${name}.yaml`).sort())
    expect(await sidecarctl(cwd, ['templates', 'list', '-t', 'sidecars'])).toMatchObject({ code: 0, stdout })
  })
})
