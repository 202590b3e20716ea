/** Terminal escapes and line ends in names: shown as escapes wherever people read them. */
import { describe, expect, it } from 'vitest'
import { folder } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'
import { pod, policy, template } from './manifests.ts'

/** Colours, a window title, a C1 control, a bell, a line that was forged, and letters that turn the direction. */
const EVIL = 'a\u001B[31m\u001B]0;x\u0007\u009B2J\nerror FORGED\r\u202Eb'
/** The same as a YAML scalar. */
const QUOTED = '"a\\e[31m\\e]0;x\\a\\x9b2J\\nerror FORGED\\r\\u202eb"'

/** Control characters but line end and tab, and bidirectional controls. */
// oxlint-disable-next-line no-control-regex
const RAW = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/

/** What a terminal would act on in what the program printed, and whether it crashed. */
function faultsOf({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): string[] {
  const found = [RAW, /^error FORGED.*/m].flatMap((pattern) =>
    [pattern.exec(stdout)?.[0] ?? [], pattern.exec(stderr)?.[0] ?? []].flat(),
  )
  return code === 3 ? ['crash', ...found] : found
}

const BAD_NAME = pod({
  name: QUOTED,
  metadata: `  namespace: ${QUOTED}\n  labels: {${QUOTED}: ${QUOTED}}\n  annotations: {? ${QUOTED} : ${QUOTED}}\n`,
})
const BAD_KIND = `apiVersion: ${QUOTED}\nkind: ${QUOTED}\nmetadata: {name: ${QUOTED}}\n`
const BAD_PARTS = pod({
  container: `    - {name: ${QUOTED}, image: ${QUOTED}, env: [{name: ${QUOTED}, value: ${QUOTED}}]}\n  ${QUOTED}: ${QUOTED}\n`,
})
const BAD_REQUEST = pod({
  metadata: `  annotations: {sidecarctl.dev/inject: ${QUOTED}, ? "sidecarctl.dev/logging.${QUOTED.slice(1)} : x}\n`,
})

const REPORTS: readonly string[][] = [
  ['inject', '--no-validate', '-v', '-o', 'none'],
  ['inject', '-v', '-o', 'name', '--no-validate'],
  ['inject', '-o', 'json', '--no-validate'],
  ['inject'],
  ['inject', '-s', 'logging'],
  ['uninject', '-v', '-o', 'name'],
  ['check'],
  ['check', '--no-validate', '-v'],
  ['status'],
  ['status', '-o', 'wide', '--no-validate'],
  ['status', '-o', 'json', '--no-validate'],
  ['explain'],
  ['explain', '--no-validate', '-v'],
  ...['text', 'json', 'sarif', 'junit', 'github'].map((format) => ['validate', '-v', '-o', format]),
]

describe.each(REPORTS.map((argv) => ({ argv })))('$argv', ({ argv }) => {
  it.each([
    ['of an object', BAD_NAME],
    ['of a kind', BAD_KIND],
    ['of parts', BAD_PARTS],
    ['that is asked for', BAD_REQUEST],
    ['in broken YAML', `${pod()}  ${QUOTED}: [`],
  ])('shows a name %s as escapes', async (_, text) => {
    expect(faultsOf(await sidecarctl(folder({ 'in.yaml': text }), [...argv, 'in.yaml']))).toEqual([])
  })

  it('shows the name of a file as escapes', async () => {
    const cwd = folder({
      [`${EVIL}.yaml`]: pod({ container: '      imagePullpolicy: x\n' }),
      [`${EVIL}/ok.yaml`]: pod(),
    })
    const result = await sidecarctl(cwd, [...argv, '-R', '.'])
    expect(faultsOf(result)).toEqual([])
    expect(result.stdout + result.stderr).not.toBe('')
  })
})

describe('a name', () => {
  it('of a file is quoted in a patch, as git does', async () => {
    const cwd = folder({ [`${EVIL}.yaml`]: pod() })
    const result = await sidecarctl(cwd, ['diff', '-s', 'logging', '.'])
    expect(result.stdout).toMatch(/^--- "a\/a\\033\[31m.*\n\+\+\+ "b\//)
    expect(faultsOf({ ...result, stdout: result.stdout.split('\n').slice(0, 2).join('\n') })).toEqual([])
  })

  it('of a file that is not there, or is no text, is shown as escapes', async () => {
    const cwd = folder({ [`${EVIL}.yaml`]: 'a\u0000b' })
    for (const path of [EVIL, `${EVIL}.yaml`, `https://${EVIL}`])
      expect(faultsOf(await sidecarctl(cwd, ['inject', path]))).toEqual([])
  })

  it.each<[string, string[]]>([
    ['a command', [EVIL]],
    ['an option', ['inject', `--${EVIL}`]],
    ['a sidecar', ['inject', 'in.yaml', '-s', EVIL]],
    ['a parameter', ['inject', 'in.yaml', '--set', `logging.${EVIL}=1`]],
    ['a value', ['inject', 'in.yaml', '--set', `logging.port=${EVIL}`]],
    ['a namespace', ['inject', 'in.yaml', '-n', EVIL]],
    ['a selector', ['inject', 'in.yaml', '-l', EVIL]],
    ['a mode', ['inject', 'in.yaml', '--mode', EVIL]],
    ['an output', ['inject', 'in.yaml', '-o', EVIL]],
    ['a version', ['validate', 'in.yaml', '--kubernetes-version', EVIL]],
    ['a policy file', ['inject', 'in.yaml', '--config', EVIL]],
    ['templates', ['inject', 'in.yaml', '-t', EVIL]],
    ['a template to show', ['templates', 'show', EVIL]],
    ['a template to explain', ['templates', 'docs', EVIL]],
    ['a new template', ['templates', 'new', EVIL]],
    ['a revision', ['check', 'in.yaml', '--since', EVIL]],
  ])('given as %s is shown as escapes', async (_, argv) => {
    const result = await sidecarctl(folder({ 'in.yaml': pod() }), argv)
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(faultsOf(result)).toEqual([])
  })

  it.each(['list', 'show', 'docs', 'validate'])(
    'in a template is shown as escapes by templates %s',
    async (command) => {
      const spec = `  parameters: {p: {type: string, description: ${QUOTED}, default: ${QUOTED}, enum: [${QUOTED}]}}\n  container: {image: "a:1", args: ["\${{ params.p }}"]}\n`
      const cwd = folder({ 't.yaml': template(spec).replace('description: Mine.', `description: ${QUOTED}`) })
      const argv = {
        list: ['-t', 't.yaml'],
        show: ['mine', '-t', 't.yaml'],
        docs: ['mine', '-t', 't.yaml'],
        validate: ['t.yaml'],
      }[command] as string[]
      const result = await sidecarctl(cwd, ['templates', command, ...argv])
      expect(result.code).toBe(0)
      expect(faultsOf(result)).toEqual([])
    },
  )

  it('of a template, a rule or a field that is wrong is shown as escapes', async () => {
    const files = {
      't.yaml': template(`  ${QUOTED}: ${QUOTED}\n`, QUOTED),
      'sidecarctl.yaml': policy(`[{name: ${QUOTED}, match: {kinds: [${QUOTED}]}, add: [${QUOTED}], ${QUOTED}: 1}]`),
      'good.yaml': policy(`[{name: ${QUOTED}, match: {names: [web]}, add: [logging]}]`),
      'in.yaml': pod(),
    }
    for (const argv of [
      ['inject', 'in.yaml'],
      ['templates', 'validate', 't.yaml'],
      ['explain', 'in.yaml', '--config', 'good.yaml'],
      ['status', 'in.yaml', '-o', 'wide', '--config', 'good.yaml'],
    ]) {
      const result = await sidecarctl(folder(files), argv)
      expect(result.stdout + result.stderr).not.toBe('')
      expect(faultsOf(result)).toEqual([])
    }
  })
})
